package display

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
)

// Geometry is where everything on a page is, in the form that the fidelity
// measurement reads.
type Geometry struct {
	Width  float64    `json:"width"`
	Height float64    `json:"height"`
	Runs   []RunGeom  `json:"runs"`
	Boxes  []BoxGeom  `json:"boxes"`
	Images []RectGeom `json:"images"`
}

// RectGeom is a rectangle in CSS pixels.
type RectGeom struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
	W float64 `json:"w"`
	H float64 `json:"h"`
}

// RunGeom is a word.
type RunGeom struct {
	Text string `json:"text"`
	RectGeom
	Size      float64 `json:"size"`
	Bold      bool    `json:"bold"`
	Italic    bool    `json:"italic"`
	Underline bool    `json:"underline"`
	Color     string  `json:"color"`
	Href      string  `json:"href"`
}

// BoxGeom is a painted box.
type BoxGeom struct {
	RectGeom
	Color  *string     `json:"color"`
	Image  bool        `json:"image"`
	Border *[4]float64 `json:"border"`
}

// Geometry returns the geometry of the page. Words that a possible break cuts in
// two are put together again; words of two texts never are one.
func (l *List) Geometry() Geometry {
	g := Geometry{Width: l.Width, Height: l.Height, Runs: []RunGeom{}, Boxes: []BoxGeom{}, Images: []RectGeom{}}
	var last *Text
	for _, op := range l.Ops {
		t, ok := op.(Text)
		if !ok || t.Marker || !t.Seen {
			continue
		}
		if t.Run == nil || strings.TrimFunc(t.Text, separates) == "" {
			last = nil
			continue
		}
		if last != nil && joined(last, &t) {
			grow(&g.Runs[len(g.Runs)-1], &t)
		} else {
			g.Runs = append(g.Runs, runGeom(&t))
		}
		last = &t
	}
	for _, b := range l.Boxes {
		g.Boxes = append(g.Boxes, boxGeom(b))
	}
	for _, r := range l.Images {
		g.Images = append(g.Images, rectGeom(r))
	}
	g.Runs = words(g.Runs)
	return g
}

func joined(a, b *Text) bool {
	return !b.Break && a.Node == b.Node && math.Abs(a.Y-b.Y) < 0.5 &&
		(math.Abs(a.X+a.W-b.X) < 0.5 || math.Abs(b.X+b.W-a.X) < 0.5)
}

func grow(r *RunGeom, t *Text) {
	r.Text += t.Text
	left := min(r.X, round(t.X))
	r.W = round(max(r.X+r.W, t.X+t.W) - left)
	r.X = left
}

func round(f float64) float64 { return math.Round(f*100) / 100 }

func rectGeom(r Rect) RectGeom { return RectGeom{round(r.X), round(r.Y), round(r.W), round(r.H)} }

func runGeom(t *Text) RunGeom {
	return RunGeom{
		Text: t.Text, RectGeom: rectGeom(t.Rect), Size: t.Size, Bold: t.Bold, Italic: t.Italic,
		Underline: t.Lines.Under.On, Color: hex(t.Color), Href: t.Href,
	}
}

// words cuts runs at blanks that do not break, as the measurement does.
func words(runs []RunGeom) []RunGeom {
	var out []RunGeom
	for _, r := range runs {
		parts := strings.FieldsFunc(r.Text, separates)
		if len(parts) == 1 && parts[0] == r.Text {
			out = append(out, r)
			continue
		}
		n := float64(utf8.RuneCountInString(r.Text))
		at := 0
		for _, p := range parts {
			start := strings.Index(r.Text[at:], p) + at
			w := r
			w.Text = p
			w.X = round(r.X + r.W*float64(utf8.RuneCountInString(r.Text[:start]))/n)
			w.W = round(r.W * float64(utf8.RuneCountInString(p)) / n)
			at = start + len(p)
			out = append(out, w)
		}
	}
	return out
}

func separates(r rune) bool {
	switch r {
	case 0x200b, 0x200c, 0xa0, 0x34f, 0x2007, 0xfeff, ' ', '\t', '\n', '\r', 0x2028, 0x2029, 0x3000:
		return true
	}
	return r >= 0x2000 && r <= 0x200a
}

func boxGeom(b BoxArea) BoxGeom {
	out := BoxGeom{RectGeom: rectGeom(b.Rect), Image: b.Image}
	if b.Color.A > 0 {
		c := hex(b.Color)
		out.Color = &c
	}
	if b.Border != [4]float64{} {
		out.Border = &b.Border
	}
	return out
}

func hex(c css.Color) string {
	if c.A == 255 {
		return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
	}
	return fmt.Sprintf("#%02x%02x%02x%02x", c.R, c.G, c.B, c.A)
}
