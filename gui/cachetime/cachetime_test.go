package cachetime_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	_ "fyne.io/fyne/v2/widget" // brings Fyne's cache

	_ "github.com/linnet-mail/linnet/gui/cachetime"
)

// TestItComesBeforeFynesCache starts this test program once more and reads the
// order in which its packages were initialised.
func TestItComesBeforeFynesCache(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, "-test.run=^$")
	c.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ours := strings.Index(string(out), "gui/cachetime @")
	theirs := strings.Index(string(out), "fyne/v2/internal/cache @")
	if ours < 0 || theirs < 0 || ours > theirs {
		t.Errorf("ours at %d, Fyne's at %d of:\n%s", ours, theirs, out)
	}
}
