package gui

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

func TestSorrySaysWhyAndIsClosedByTheKeyboard(t *testing.T) {
	words, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	win := sorry(test.NewTempApp(t), words, "This mail was stored by a newer version of Linnet.")
	defer win.Close()
	if _, ok := win.Canvas().Focused().(*look.Button); !ok {
		t.Errorf("the keyboard is on %T", win.Canvas().Focused())
	}
	said := false
	for _, o := range test.LaidOutObjects(win.Content()) {
		if p, ok := o.(*look.Paragraph); ok && p.Text() == "This mail was stored by a newer version of Linnet." {
			said = true
		}
	}
	if !said {
		t.Error("the reason is not there")
	}
}
