package style

import "github.com/linnet-mail/linnet/mailcore/htmlpage/css"

func (k *computing) box(p css.Prop, v css.Value) {
	s := k.Style
	switch p {
	case css.Display:
		s.Display = displays[v.Text]
	case css.Float:
		s.Float = flow(v.Text, k.RTL)
	case css.Clear:
		s.Clear = flow(v.Text, k.RTL)
	case css.Position:
		s.Position = v.Text
		if v.Text == "sticky" || v.Text == "-webkit-sticky" {
			s.Position = "relative"
			s.Inset = [4]Len{{Kind: Auto}, {Kind: Auto}, {Kind: Auto}, {Kind: Auto}}
		}
	case css.Top, css.Right, css.Bottom, css.Left:
		s.Inset[p-css.Top] = k.length(v)
	case css.ZIndex:
		s.ZAuto, s.ZIndex = v.Kind == css.Keyword, int(v.Num)
	case css.BoxSizing:
		s.BorderBox = v.Is("border-box")
	default:
		*s.size(p) = k.length(v)
	}
}

func flow(word string, rtl bool) string {
	switch word {
	case "none":
		return ""
	case "inline-start", "inline-end":
		if (word == "inline-start") != rtl {
			return "left"
		}
		return "right"
	}
	return word
}

func (s *Style) size(p css.Prop) *Len {
	switch p {
	case css.Width:
		return &s.Width
	case css.Height:
		return &s.Height
	case css.MinWidth:
		return &s.MinWidth
	case css.MinHeight:
		return &s.MinHeight
	case css.MaxWidth:
		return &s.MaxWidth
	}
	return &s.MaxHeight
}

func (k *computing) edges(p css.Prop, v css.Value) {
	s := k.Style
	switch {
	case p <= css.MarginLeft:
		s.Margin[p-css.MarginTop] = k.length(v)
	case p <= css.PaddingLeft:
		s.Padding[p-css.PaddingTop] = k.length(v)
	case p <= css.BorderLeftWidth:
		s.Border[p-css.BorderTopWidth].Width = k.stroke(v)
	case p <= css.BorderLeftStyle:
		e := &s.Border[p-css.BorderTopStyle]
		e.Style = v.Text
		if k.w.value[css.BorderTopWidth+(p-css.BorderTopStyle)] == nil {
			e.Width = 3
		}
		if k.w.value[css.BorderTopColor+(p-css.BorderTopStyle)] == nil {
			e.Color = k.Color
		}
	case p <= css.BorderLeftColor:
		s.Border[p-css.BorderTopColor].Color = k.color(v)
	default:
		s.Radius[p-css.RadiusTopLeft] = [2]Len{k.length(v.Items[0]), k.length(v.Items[1])}
	}
}

// stroke is a border's width: whole pixels, but never thinner than one.
func (k *computing) stroke(v css.Value) float64 {
	if v.Kind == css.Keyword {
		return map[string]float64{"thin": 1, "medium": 3, "thick": 5}[v.Text]
	}
	px := k.pixels(v, 0)
	if px > 0 && px < 1 {
		return 1
	}
	return float64(int(px))
}

func (k *computing) rest(p css.Prop, v css.Value) {
	s := k.Style
	switch p {
	case css.BackgroundColor:
		s.Background = k.color(v)
	case css.BackgroundImage, css.BackgroundRepeat, css.BackgroundPosition, css.BackgroundSize, css.BackgroundClip:
		k.background(p, v)
	case css.BoxShadow:
		k.shadows(v)
	case css.OverflowX:
		s.OverflowX = v.Text
	case css.OverflowY:
		s.OverflowY = v.Text
	case css.Opacity:
		s.Opacity = v.Num
	case css.TableLayout:
		s.FixedTable = v.Is("fixed")
	case css.Content:
		s.HasContent, s.Content = v.Kind == css.Text, v.Text
	case css.ObjectFit:
		s.ObjectFit = v.Text
	case css.AspectRatio:
		s.Ratio = v.Num
	case css.ColorScheme:
		s.Dark = v.Is("dark")
	default:
		k.flex(p, v)
	}
}

func (k *computing) flex(p css.Prop, v css.Value) {
	f := &k.Flex
	switch p {
	case css.FlexDirection:
		f.Direction = v.Text
	case css.FlexWrap:
		f.Wrap = v.Text
	case css.FlexGrow:
		f.Grow = v.Num
	case css.FlexShrink:
		f.Shrink = v.Num
	case css.FlexBasis:
		f.Basis = k.length(v)
	case css.JustifyContent:
		f.Justify = v.Text
	case css.AlignItems:
		f.Items = v.Text
	case css.AlignSelf:
		f.Self = v.Text
	case css.AlignContent:
		f.Content = v.Text
	case css.Order:
		f.Order = int(v.Num)
	case css.RowGap:
		f.RowGap = k.gap(v)
	case css.ColumnGap:
		f.ColumnGap = k.gap(v)
	}
}

func (k *computing) gap(v css.Value) Len {
	if v.Kind == css.Keyword {
		return Len{}
	}
	return k.length(v)
}

func (k *computing) shadows(v css.Value) {
	k.Shadows = nil
	for _, it := range v.Items {
		px := func(i int) float64 { return k.pixels(it.Items[i], 0) }
		k.Shadows = append(k.Shadows, Shadow{X: px(0), Y: px(1), Blur: px(2), Spread: px(3), Color: k.color(it.Items[4]), Inset: it.Text == "inset"})
	}
}

// background sets one aspect of the layers. Images come first in the order of
// properties and say how many there are; the others repeat to fit.
func (k *computing) background(p css.Prop, v css.Value) {
	items := v.Items
	if len(items) == 0 {
		return
	}
	if p == css.BackgroundImage {
		k.Layers = nil
		for _, it := range items {
			l := Layer{Repeat: "repeat", W: Len{Kind: Auto}, H: Len{Kind: Auto}, Clip: "border-box"}
			switch it.Kind {
			case css.Link:
				l.URL = it.Text
			case css.Gradient:
				l.Gradient = k.gradient(it.Grad)
			}
			k.Layers = append(k.Layers, l)
		}
		return
	}
	for i := range k.Layers {
		k.aspect(&k.Layers[i], p, items[i%len(items)])
	}
}

func (k *computing) aspect(l *Layer, p css.Prop, v css.Value) {
	switch p {
	case css.BackgroundRepeat:
		l.Repeat = v.Text
	case css.BackgroundPosition:
		l.X, l.Y = k.length(v.Items[0]), k.length(v.Items[1])
	case css.BackgroundSize:
		l.Size = ""
		if v.Kind == css.Keyword {
			if v.Text != "auto" {
				l.Size = v.Text
			}
			return
		}
		l.W, l.H = k.length(v.Items[0]), k.length(v.Items[1])
	case css.BackgroundClip:
		l.Clip = v.Text
	}
}

func (k *computing) gradient(g *css.LinearGradient) *Gradient {
	out := &Gradient{Angle: g.Angle, Corner: g.Corner, Radial: g.Radial}
	for _, s := range g.Stops {
		out.Stops = append(out.Stops, GradientStop{k.color(s.Color), k.length(s.At)})
	}
	return out
}
