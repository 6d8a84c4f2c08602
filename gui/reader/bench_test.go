package reader

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// longText is about 5 MB in 50,000 lines.
func longText() string {
	var b strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&b, "%d: The quick brown fox jumps over the lazy dog, and https://example.org/%d is where it goes next.\n", i, i)
	}
	return b.String()
}

func benchView(b *testing.B) *textView {
	app := test.NewTempApp(b)
	app.Settings().SetTheme(look.New(look.Light))
	words, err := assets.NewWords("en")
	if err != nil {
		b.Fatal(err)
	}
	r := New(Config{Words: words, Post: func(f func()) { f() }})
	v := r.page.text
	test.WidgetRenderer(v)
	v.Resize(fyne.NewSize(700, 600))
	v.setVisible(0, 600)
	return v
}

func BenchmarkOpenLongText(b *testing.B) {
	v, text := benchView(b), longText()
	for b.Loop() {
		v.setDocument(newDocument(text))
	}
}

func BenchmarkNewWidthOfLongText(b *testing.B) {
	v := benchView(b)
	v.setDocument(newDocument(longText()))
	width := float32(600)
	for b.Loop() {
		width = 1260 - width
		v.Resize(fyne.NewSize(width, 600))
	}
}

func BenchmarkScrollLongText(b *testing.B) {
	v := benchView(b)
	v.setDocument(newDocument(longText()))
	top := float32(0)
	for b.Loop() {
		top += 40
		if top > v.doc.height-600 {
			top = 0
		}
		v.setVisible(top, top+600)
	}
}
