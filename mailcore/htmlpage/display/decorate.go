package display

import (
	"github.com/linnet-mail/linnet/mailcore/htmlpage/layout"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// decorate paints shadow, background and border of a box.
func (b *builder) decorate(box *layout.Box, r Rect) {
	switch box.Kind {
	case layout.TableWrap:
		return // its grid has them
	}
	s := box.Style
	edges := box.BorderEdges()
	if s.HideEmpty && box.Kind == layout.TableCell && len(box.Children) == 0 && len(box.Lines) == 0 {
		return
	}
	b.surface(box, s, edges, r, true, true)
}

// surface paints a box's own look on a rectangle. first and last tell which ends
// of an inline element it has.
func (b *builder) surface(box *layout.Box, s *style.Style, edges [4]style.Edge, r Rect, first, last bool) {
	if !first {
		edges[style.Left].Width = 0
	}
	if !last {
		edges[style.Right].Width = 0
	}
	radii := radiiOf(s, r)
	b.shadows(s, r, radii, false)
	area := BoxArea{Rect: r, Color: s.Background}
	isCanvas := box != nil && box.Node != nil && box.Node == b.canvasN
	if s.Background.A > 0 {
		if !isCanvas {
			b.push(Fill{Rect: r, Radii: radii, Color: s.Background})
		}
	}
	area.Image = b.layers(s, edges, r, radii, isCanvas)
	b.shadows(s, r, radii, true)
	hasBorder := b.border(box, edges, r, radii)
	if hasBorder {
		for i := range edges {
			area.Border[i] = edges[i].Width
		}
	}
	if (s.Background.A > 0 || area.Image || hasBorder) && b.opacity >= 0.05 && visible(r, b.clip) >= 0.4 {
		b.list.Boxes = append(b.list.Boxes, area)
	}
}

// visible is the share of a rectangle that a clip lets through.
func visible(r, clip Rect) float64 {
	if r.W <= 0 || r.H <= 0 {
		return 0
	}
	in := r.Intersect(clip)
	return in.W * in.H / (r.W * r.H)
}

// radiiOf computes the corners; where they would overlap they shrink together
// (CSS Backgrounds 3, 4.5).
func radiiOf(s *style.Style, r Rect) Radii {
	var out Radii
	for i, c := range s.Radius {
		out[i] = [2]float64{c[0].Of(r.W), c[1].Of(r.H)}
	}
	if !out.Round() {
		return out
	}
	f := 1.0
	limit := func(sum, side float64) {
		if sum > side && sum > 0 {
			f = min(f, side/sum)
		}
	}
	limit(out[0][0]+out[1][0], r.W)
	limit(out[3][0]+out[2][0], r.W)
	limit(out[0][1]+out[3][1], r.H)
	limit(out[1][1]+out[2][1], r.H)
	if f < 1 {
		for i := range out {
			out[i][0] *= f
			out[i][1] *= f
		}
	}
	return out
}

func (b *builder) shadows(s *style.Style, r Rect, radii Radii, inset bool) {
	for i := len(s.Shadows) - 1; i >= 0; i-- {
		sh := s.Shadows[i]
		if sh.Inset != inset || sh.Color.A == 0 {
			continue
		}
		area := r
		if !inset {
			grow := sh.Blur + sh.Spread
			area = Rect{r.X + sh.X - grow, r.Y + sh.Y - grow, r.W + 2*grow, r.H + 2*grow}
		}
		b.push(Shadow{Rect: area, Box: r, Radii: radii, Shadow: sh})
	}
}

// border paints the border and reports whether there is one.
func (b *builder) border(box *layout.Box, edges [4]style.Edge, r Rect, radii Radii) bool {
	any := false
	for i, e := range edges {
		if e.Style == "hidden" || e.Style == "none" || e.Style == "" {
			edges[i].Width = 0
		}
		any = any || edges[i].Width > 0 && e.Color.A > 0
	}
	if !any {
		return false
	}
	area := r
	if box != nil && box.Kind == layout.TableCell && box.Edges != nil {
		// Collapsed borders lie half on either side of the edge.
		area = Rect{r.X - edges[3].Width, r.Y - edges[0].Width, r.W + edges[1].Width + edges[3].Width, r.H + edges[0].Width + edges[2].Width}
		for i := range edges {
			edges[i].Width *= 2
		}
	}
	b.push(Border{Rect: area, Radii: radii, Edges: edges})
	return true
}

// layers paints background images, the last one first, and reports whether there
// are any.
func (b *builder) layers(s *style.Style, edges [4]style.Edge, r Rect, radii Radii, canvas bool) bool {
	any := false
	for i := len(s.Layers) - 1; i >= 0; i-- {
		l := &s.Layers[i]
		area := r
		if canvas {
			area = Rect{0, 0, b.Width, max(b.Height, r.Y+r.H)}
		}
		switch {
		case l.Clip == "text":
		case l.Gradient != nil:
			any = true
			b.push(Gradient{Rect: area, Radii: radii, Gradient: l.Gradient})
		case l.URL != "":
			any = true
			b.tile(l, edges, area, radii)
		}
	}
	return any
}

// tile paints a background image.
func (b *builder) tile(l *style.Layer, edges [4]style.Edge, r Rect, radii Radii) {
	w, h, ok := b.Images.Size(l.URL)
	if !ok || w <= 0 || h <= 0 {
		return
	}
	box := Rect{r.X + edges[3].Width, r.Y + edges[0].Width, r.W - edges[1].Width - edges[3].Width, r.H - edges[0].Width - edges[2].Width}
	w, h = tileSize(l, box, w, h)
	if w <= 0 || h <= 0 {
		return
	}
	// A percentage of the position is of the space that the image leaves.
	cell := Rect{box.X + l.X.Of(box.W-w), box.Y + l.Y.Of(box.H-h), w, h}
	t := Tile{Rect: r, Radii: radii, Ref: l.URL, Cell: cell}
	t.RepeatX = l.Repeat == "repeat" || l.Repeat == "repeat-x" || l.Repeat == "round" || l.Repeat == "space"
	t.RepeatY = l.Repeat == "repeat" || l.Repeat == "repeat-y" || l.Repeat == "round" || l.Repeat == "space"
	b.push(t)
}

// tileSize is the size of one copy of a background image.
func tileSize(l *style.Layer, box Rect, w, h float64) (float64, float64) {
	switch l.Size {
	case "cover":
		f := max(box.W/w, box.H/h)
		return w * f, h * f
	case "contain":
		f := min(box.W/w, box.H/h)
		return w * f, h * f
	}
	switch {
	case l.W.IsAuto() && l.H.IsAuto():
		return w, h
	case l.W.IsAuto():
		height := l.H.Of(box.H)
		return w * height / h, height
	case l.H.IsAuto():
		width := l.W.Of(box.W)
		return width, h * width / w
	}
	return l.W.Of(box.W), l.H.Of(box.H)
}
