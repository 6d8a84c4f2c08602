package display

import (
	"math"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/fonts"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/layout"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// Options are what building a list needs besides the boxes.
type Options struct {
	Width  float64 // of the page
	Height float64 // the least height of the page
	Fonts  *fonts.Set
	Images layout.Images
}

// Build makes the display list of a page.
func Build(root *layout.Box, o Options) *List {
	b := &builder{Options: o, list: &List{Width: o.Width, Canvas: css.Color{R: 255, G: 255, B: 255, A: 255}, Anchors: map[string]float64{}}, hrefs: map[*htmlmail.Node]string{}}
	b.clip = Rect{-1e9, -1e9, 2e9, 2e9}
	b.opacity = 1
	b.canvas(root)
	b.box(root, 0, 0)
	b.list.Height = max(o.Height, math.Ceil(b.bottom(root)-1e-3))
	b.list.Wide = max(o.Width, b.right)
	return b.list
}

type builder struct {
	Options
	list    *List
	clip    Rect
	opacity float64
	hrefs   map[*htmlmail.Node]string
	canvasN *htmlmail.Node // whose background fills the page
	low     float64
	right   float64
	broken  bool
}

func (b *builder) bottom(root *layout.Box) float64 {
	end := root.Y + root.H + root.Style.Margin[style.Bottom].Px
	return max(end, b.low)
}

// canvas takes the page's background from html, or from body (CSS 2.1, 14.2).
func (b *builder) canvas(root *layout.Box) {
	for _, box := range []*layout.Box{root, bodyOf(root)} {
		if box == nil {
			continue
		}
		if s := box.Style; s.Background.A > 0 || len(s.Layers) > 0 {
			b.canvasN = box.Node
			b.list.Canvas = over(s.Background, b.list.Canvas)
			return
		}
	}
}

func bodyOf(root *layout.Box) *layout.Box {
	for _, c := range root.Children {
		if c.Node != nil && c.Node.Tag == "body" {
			return c
		}
	}
	return nil
}

// over is a colour painted over an opaque one.
func over(c, below css.Color) css.Color {
	mix := func(a, b uint8) uint8 {
		return uint8((int(a)*int(c.A) + int(b)*(255-int(c.A)) + 127) / 255)
	}
	return css.Color{R: mix(c.R, below.R), G: mix(c.G, below.G), B: mix(c.B, below.B), A: 255}
}

func (b *builder) push(op Op) { b.list.Ops = append(b.list.Ops, op) }

// box paints a box at its place; x and y are its parent's.
func (b *builder) box(box *layout.Box, x, y float64) {
	x += box.X
	y += box.Y
	s := box.Style
	b.anchor(box.Node, y)
	rect := Rect{x, y, box.W, box.H}
	fade := s.Opacity < 1
	if fade {
		b.push(Fade{Rect: rect, Opacity: s.Opacity})
	}
	before := b.opacity
	b.opacity *= s.Opacity
	if s.Visible {
		b.decorate(box, rect)
	}
	clipped, restore := b.enter(box, rect)
	b.extent(rect)
	b.inside(box, x, y)
	if clipped {
		b.push(Pop{})
		b.clip = restore
	}
	b.opacity = before
	if fade {
		b.push(Pop{})
	}
}

// extent notes how far the page reaches.
func (b *builder) extent(r Rect) {
	seen := r.Intersect(b.clip)
	if r.W > 0 && r.H > 0 && (seen.W <= 0 || seen.H <= 0) {
		return
	}
	b.low = max(b.low, seen.Y+seen.H)
	b.right = max(b.right, seen.X+seen.W)
}

// enter clips to the padding box of a box that cuts off what sticks out.
func (b *builder) enter(box *layout.Box, r Rect) (bool, Rect) {
	s := box.Style
	if !s.Clips() || box.Parent == nil || box.Kind == layout.TableGrid || box.Node != nil && box.Node.Tag == "body" {
		return false, b.clip
	}
	e := box.Border()
	radii := radiiOf(s, r)
	inner := Rect{r.X + e[3], r.Y + e[0], max(0, r.W-e[1]-e[3]), max(0, r.H-e[0]-e[2])}
	restore := b.clip
	b.clip = b.clip.Intersect(r)
	b.push(Clip{Rect: inner, Radii: radii.shrink(e)})
	return true, restore
}

// shrink makes the corners of the inner edge of a border.
func (r Radii) shrink(e [4]float64) Radii {
	sides := [4][2]float64{{e[3], e[0]}, {e[1], e[0]}, {e[1], e[2]}, {e[3], e[2]}}
	for i := range r {
		r[i][0] = max(0, r[i][0]-sides[i][0])
		r[i][1] = max(0, r[i][1]-sides[i][1])
	}
	return r
}

// inside paints what is in a box: blocks, then floats, then lines, and what is
// positioned last (CSS 2.1, E.2, without z-index).
func (b *builder) inside(box *layout.Box, x, y float64) {
	var floats, positioned []*layout.Box
	if len(box.Items) == 0 {
		for _, c := range box.Children {
			switch {
			case c.Style.Position != "static":
				positioned = append(positioned, c)
			case c.Style.Float != "":
				floats = append(floats, c)
			default:
				b.box(c, x, y)
			}
		}
	} else {
		for _, c := range box.Children {
			switch {
			case c.Style.Position == "absolute" || c.Style.Position == "fixed":
				positioned = append(positioned, c)
			case c.Style.Float != "":
				floats = append(floats, c)
			}
		}
	}
	for _, c := range floats {
		b.box(c, x, y)
	}
	b.lines(box, x, y)
	if box.Image != nil && box.Kind == layout.Replaced && box.Style.Visible {
		b.picture(box, Rect{x, y, box.W, box.H})
	}
	for _, c := range positioned {
		b.box(c, x, y)
	}
}

func (b *builder) anchor(n *htmlmail.Node, y float64) {
	if n == nil {
		return
	}
	if n.ID != "" {
		b.note(n.ID, y)
	}
	if n.Tag == "a" {
		if name, ok := n.Attr("name"); ok {
			b.note(name, y)
		}
	}
}

func (b *builder) note(name string, y float64) {
	if _, ok := b.list.Anchors[name]; !ok {
		b.list.Anchors[name] = y
	}
}

// href is the link that a node stands in.
func (b *builder) href(n *htmlmail.Node) string {
	if n == nil {
		return ""
	}
	if h, ok := b.hrefs[n]; ok {
		return h
	}
	h := ""
	if v, ok := n.Attr("href"); ok && n.Tag == "a" {
		h = v
	} else {
		h = b.href(n.Parent)
	}
	b.hrefs[n] = h
	return h
}
