package htmlpage_test

import (
	"context"
	"image"
	"math"
	"testing"

	"github.com/linnet-mail/linnet/mailcore/htmlpage"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/raster"
)

// FuzzPage draws anything: it must end in a page whose places are numbers, and
// never ask the network.
func FuzzPage(f *testing.F) {
	for _, s := range []string{
		"<p>text <b>bold", "<table width=100%><tr><td width=50%>a<td rowspan=3 colspan=2>b<tr><td>c</table>",
		"<div style='float:left;width:30%'>a</div><div style='clear:both;margin:-9px auto'>b</div>",
		"<ul><li>a<ol start=-3 type=i><li>b</ol></ul>", "<p dir=rtl>\u05e9\u05dc\u05d5\u05dd abc 12",
		"<style>*{display:flex;margin:1em;border:1px solid;overflow:hidden}</style><div><span>a</span><i>b</i></div>",
		"<div style='display:inline-block;position:absolute;top:1px;min-width:50%'>x</div>",
		"<style>p{--a:1px;margin:var(--a);width:calc(100% - 1em)}</style><p>x", "<table style='border-collapse:collapse' border=2><caption>c</caption><tr><td>a",
		"<center><font size=7 color=red face=arial>x</font><hr size=9 noshade></center>", "<p style='font-size:0;line-height:0;letter-spacing:-99px'>zero",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, html string) {
		c := &canary{}
		o := options()
		o.Fetcher = c
		p, err := htmlpage.Make(context.Background(), html, o)
		if err != nil {
			t.Fatal(err)
		}
		if p.Broken != nil {
			t.Fatalf("drawing broke down: %v", p.Broken)
		}
		g := p.List.Geometry()
		for _, r := range g.Runs {
			if bad(r.X) || bad(r.Y) || bad(r.W) || bad(r.H) {
				t.Fatalf("%q lies at %v", r.Text, r.RectGeom)
			}
		}
		if bad(g.Height) {
			t.Fatalf("the page is %v high", g.Height)
		}
		raster.NewPainter(p.List, p.Images, 1).Area(image.Rect(0, 0, 640, 128))
		if len(c.asked) > 0 {
			t.Fatalf("asked for %q", c.asked)
		}
	})
}

func bad(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }
