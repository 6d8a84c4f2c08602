package htmlpage_test

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/mailcore/htmlpage"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/display"
)

// floors are the scores that mails may not fall below, where that is less than
// 98: what is known to be drawn in another way than Chromium does.
var floors = map[string]float64{
	// The Liberation fonts that the browser had lack Hebrew, so the words are wider
	// here; TestRightToLeft looks at their order.
	"rtl-hebrew": 29, "rtl-table": 29, "mixed-directions": 45,
}

// TestFidelity compares the page with what Chromium made of each test mail
// (make fidelity asks it anew): words by their places, colours and sizes, boxes
// by their areas, and the height of the page.
func TestFidelity(t *testing.T) {
	mails, err := filepath.Glob("testdata/mails/*.html")
	if err != nil || len(mails) < 40 {
		t.Fatalf("%d mails, %v", len(mails), err)
	}
	sum := 0.0
	for _, mail := range mails {
		name := strings.TrimSuffix(filepath.Base(mail), ".html")
		source, err := os.ReadFile(mail)
		if err != nil {
			t.Fatal(err)
		}
		want := reference(t, strings.TrimSuffix(mail, ".html")+".json")
		page, err := htmlpage.Make(context.Background(), string(source), options())
		if err != nil {
			t.Fatal(err)
		}
		got := score(want, page.List.Geometry())
		sum += got
		floor, known := floors[name]
		if !known {
			floor = 98
		}
		if got < floor {
			t.Errorf("%s: %.1f, below %.1f", name, got, floor)
		}
	}
	t.Logf("mean %.2f of %d mails", sum/float64(len(mails)), len(mails))
}

func reference(t *testing.T, name string) display.Geometry {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var g display.Geometry
	// Chromium gives colours as strings, none as "".
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return g
}

// score is 100 for a page like Chromium's: 70 for the words, 20 for the boxes,
// 10 for the height.
func score(want, got display.Geometry) float64 {
	for _, r := range got.Images {
		got.Boxes = append(got.Boxes, display.BoxGeom{RectGeom: r})
	}
	words, boxes := share(want.Runs, got.Runs, sameWord), share(want.Boxes, got.Boxes, sameBox)
	height := max(0, 1-10*math.Abs(1-got.Height/want.Height))
	return 70*words + 20*boxes + 10*height
}

// share is the part of what is wanted that is there, each thing counted once.
func share[T any](want, got []T, same func(a, b T) bool) float64 {
	if len(want) == 0 {
		return 1
	}
	used := make([]bool, len(got))
	hits := 0
	for _, w := range want {
		for i, g := range got {
			if !used[i] && same(w, g) {
				used[i] = true
				hits++
				break
			}
		}
	}
	return float64(hits) / float64(len(want))
}

func sameWord(a, b display.RunGeom) bool {
	return strings.EqualFold(a.Text, b.Text) && a.Color == b.Color && a.Bold == b.Bold && near(a.Size, b.Size, 0.1) &&
		near(a.X, b.X, 2) && near(a.Y+a.H/2, b.Y+b.H/2, 2)
}

func sameBox(a, b display.BoxGeom) bool {
	if b.Color != nil && a.Color != nil && *a.Color != "" && *a.Color != *b.Color {
		return false
	}
	return near(a.X, b.X, 2) && near(a.Y, b.Y, 2) && near(a.W, b.W, 3) && near(a.H, b.H, 3)
}

func near(a, b, by float64) bool { return math.Abs(a-b) <= by }

// TestScoreTellsWrongPages makes sure that the comparison can fail.
func TestScoreTellsWrongPages(t *testing.T) {
	want := reference(t, "testdata/mails/receipt.json")
	page, err := htmlpage.Make(context.Background(), "<p>another message", options())
	if err != nil {
		t.Fatal(err)
	}
	if got := score(want, page.List.Geometry()); got > 30 {
		t.Errorf("another page scores %.1f", got)
	}
}

// TestRightToLeft looks at the order of words from the left.
func TestRightToLeft(t *testing.T) {
	for name, c := range map[string]struct{ html, want string }{
		"hebrew":         {"<p dir=rtl>אב גד הו", "הו גד אב"},
		"number":         {"<p dir=rtl>אב 12 הו", "הו 12 אב"},
		"latin within":   {"<p dir=rtl>אב abc def הו", "הו abc def אב"},
		"hebrew within":  {"<p>abc אב גד def", "abc גד אב def"},
		"arabic":         {"<p dir=rtl>سلام عليكم", "عليكم سلام"},
		"columns":        {"<table dir=rtl><tr><td>אב<td>גד</table>", "גד אב"},
		"left to right":  {"<p>abc 12 def", "abc 12 def"},
		"aligned right":  {"<p dir=rtl>abc", "abc"},
		"isolated lines": {"<div dir=rtl>אב<br>גד</div>", "אב גד"},
	} {
		page, err := htmlpage.Make(context.Background(), c.html, options())
		if err != nil {
			t.Fatal(err)
		}
		runs := page.List.Geometry().Runs
		slices.SortStableFunc(runs, func(a, b display.RunGeom) int {
			if near(a.Y, b.Y, 4) {
				return cmp.Compare(a.X, b.X)
			}
			return cmp.Compare(a.Y, b.Y)
		})
		var words []string
		for _, r := range runs {
			words = append(words, r.Text)
		}
		if got := strings.Join(words, " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
