package htmlpage_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"sync"
	"testing"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/fonts"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/raster"
)

// library is read once for all tests.
var library = sync.OnceValue(func() *fonts.Library { return fonts.NewLibrary(nil) })

func options() htmlpage.Options {
	return htmlpage.Options{Width: 640, Scale: 1, Library: library()}
}

// TestBombs draws documents that are built to exhaust their reader: each ends in
// a page, with the notice where something is missing.
func TestBombs(t *testing.T) {
	rules := func() string {
		var b strings.Builder
		for i := range 100_000 {
			fmt.Fprintf(&b, ".c%d > a ~ b:not(.x) { color: red }\n", i)
		}
		return "<style>" + b.String() + "</style><p class=c1>x"
	}
	vars := "--a0:x;"
	for i := range 40 {
		vars += fmt.Sprintf("--a%d:var(--a%d) var(--a%d);", i+1, i, i)
	}
	for name, c := range map[string]struct {
		html   string
		notice htmlpage.Notice
	}{
		"deep blocks":       {strings.Repeat("<div>", 100_000) + "x", htmlpage.NoticeRaw},
		"deep tables":       {strings.Repeat("<table><tr><td>", 200) + "x", htmlpage.NoticeCut},
		"deep inline":       {strings.Repeat("<b><i>", 240) + "x", htmlpage.NoticeCut},
		"many nodes":        {strings.Repeat("<p>x</p>", 60_000), htmlpage.NoticeCut},
		"too long":          {"<p>" + strings.Repeat("words of a letter ", 200_000), htmlpage.NoticeCut},
		"many rules":        {rules(), htmlpage.NoticeCut},
		"wide spans":        {"<table>" + strings.Repeat("<tr><td colspan=99999 rowspan=99999>x", 50), htmlpage.NoNotice},
		"many columns":      {"<table><tr>" + strings.Repeat("<td>x", 5_000), htmlpage.NoNotice},
		"floats":            {strings.Repeat("<div style='float:left;width:3px;height:3px'></div>", 3_000), htmlpage.NoNotice},
		"variables":         {"<style>p{" + vars + "color:var(--a40)}</style><p>x", htmlpage.NoNotice},
		"selector":          {"<style>" + strings.Repeat("div ", 60) + "p{color:red}</style>" + strings.Repeat("<div>", 200) + "<p>x", htmlpage.NoNotice},
		"one long word":     {"<p style='word-wrap:break-word'>" + strings.Repeat("x", 50_000), htmlpage.NoNotice},
		"huge numbers":      {"<div style='width:1e300px;height:9e99em;margin:-1e200px;font-size:1e40px;border-radius:1e99px;box-shadow:0 0 1e9px 1e9px red'>x", htmlpage.NoNotice},
		"unclosed sheet":    {"<style>@media screen{" + strings.Repeat("a{", 5_000), htmlpage.NoNotice},
		"calc":              {"<p style='width:calc(" + strings.Repeat("(", 5_000) + "1px'>x", htmlpage.NoNotice},
		"nested functions":  {"<p style='background:" + strings.Repeat("linear-gradient(", 5_000) + "'>x", htmlpage.NoNotice},
		"image of lies":     {"<img src='data:image/png;base64,iVBORw0KGgoAAAANSUhEUgB/////f////wgGAAAA'>x", htmlpage.NoNotice},
		"nothing":           {"", htmlpage.NoNotice},
		"zeros":             {strings.Repeat("\x00", 1000), htmlpage.NoNotice},
		"no text, all tags": {strings.Repeat("</p></td><tr><", 2_000), htmlpage.NoNotice},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := htmlpage.Make(context.Background(), c.html, options())
			if err != nil {
				t.Fatal(err)
			}
			// A slow machine may fall back on the text: that is a notice as well.
			if p.Notice != c.notice && p.Notice != htmlpage.NoticeRaw {
				t.Errorf("notice %q, want %q", p.Notice, c.notice)
			}
			raster.NewPainter(p.List, p.Images, 1).Area(image.Rect(0, 0, 640, 256))
		})
	}
}

func TestMakeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := htmlpage.Make(ctx, strings.Repeat("<p>x</p>", 5000), options()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestFallbackShowsTheText(t *testing.T) {
	p, err := htmlpage.Make(context.Background(), strings.Repeat("<div>", htmlmail.MaxDepth*300)+"All the <b>words</b>", options())
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, r := range p.List.Geometry().Runs {
		words = append(words, r.Text)
	}
	if got := strings.Join(words, " "); got != "All the words" {
		t.Errorf("text %q", got)
	}
}
