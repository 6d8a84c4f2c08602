package style

import (
	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
)

// computing is the work on one element's style.
type computing struct {
	*cascade
	*Style
	parent *Style
	vars   *variables
	w      *winners
}

// compute makes the style of an element, or of generated content when n is nil.
func (c *cascade) compute(n *htmlmail.Node, parent *Style, w *winners, vars *variables) *Style {
	s := &Style{Inherited: parent.Inherited}
	s.reset()
	k := &computing{cascade: c, Style: s, parent: parent, vars: vars, w: w}
	for p := css.ColorProp; p < css.PropCount; p++ {
		if v := w.value[p]; v != nil {
			k.take(p, *v)
		}
	}
	s.QuirkTop, s.QuirkBottom = w.ownTop && c.quirks, w.ownBottom && c.quirks
	k.finish(n)
	return s
}

// take sets one property.
func (k *computing) take(p css.Prop, v css.Value) {
	if v.Kind == css.Raw && p != css.Transform {
		var ok bool
		if v, ok = css.Resolve(v, p, k.vars.lookup, k.quirks); !ok {
			v = css.Word("unset") // invalid at computed-value time
		}
	}
	if v.Kind == css.Keyword {
		switch v.Text {
		case "inherit":
			k.copy(p, k.parent)
			return
		case "unset", "revert", "revert-layer":
			if p.Inherited() {
				k.copy(p, k.parent)
				return
			}
			k.copy(p, Initial())
			return
		case "initial":
			k.copy(p, Initial())
			return
		}
	}
	switch {
	case p <= css.FontVariant:
		k.font(p, v)
	case p <= css.Quotes:
		k.text(p, v)
	case p <= css.BoxSizing:
		k.box(p, v)
	case p <= css.RadiusBottomLeft:
		k.edges(p, v)
	default:
		k.rest(p, v)
	}
}

// finish settles what depends on several properties.
func (k *computing) finish(n *htmlmail.Node) {
	s := k.Style
	for i := range s.Border {
		if e := &s.Border[i]; e.Style == "" || e.Style == "none" || e.Style == "hidden" {
			e.Width = 0
		}
	}
	if s.OverflowX == "visible" && s.OverflowY != "visible" {
		s.OverflowX = "auto"
	}
	if s.OverflowY == "visible" && s.OverflowX != "visible" {
		s.OverflowY = "auto"
	}
	k.display(n)
	k.decorate()
	if n != nil {
		k.byElement(n)
	}
}

// display follows CSS 2.1, 9.7.
func (k *computing) display(n *htmlmail.Node) {
	s := k.Style
	out := s.Position == "absolute" || s.Position == "fixed"
	if out {
		s.Float = ""
	}
	item := (k.parent.Display == FlexBox || k.parent.Display == InlineFlex) && s.Display != None
	if item {
		s.Float = ""
	}
	if s.Float != "" || out || item || n != nil && n.Tag == "html" {
		s.Display = s.Display.blockified()
	}
}

// byElement adjusts what Chromium adjusts for some elements.
func (k *computing) byElement(n *htmlmail.Node) {
	s := k.Style
	switch n.Tag {
	case "table":
		// Tables do not take -webkit-center and the like over.
		switch s.TextAlign {
		case "-webkit-center", "-webkit-left", "-webkit-right":
			s.TextAlign = "start"
		}
		if k.quirks && k.w.value[css.ColorProp] == nil {
			k.quirkColor()
		}
	case "th":
		if k.w.value[css.TextAlign] == nil && k.parent.TextAlign == "start" {
			s.TextAlign = "center"
		}
	case "td":
		// A cell's white-space does not apply beside a width given by attribute in
		// quirks mode (Quirks Mode, 3.8).
		if k.quirks {
			if _, nowrap := n.Attr("nowrap"); nowrap && s.Width.IsFixed() && s.WhiteSpace == "nowrap" {
				s.WhiteSpace = "normal"
			}
		}
	case "body":
		k.body = s
	case "br", "wbr":
		s.Display, s.Float = Inline, ""
		if s.Position != "static" {
			s.Position = "static"
		}
	}
}

// quirkColor gives a table the colour of the body.
func (k *computing) quirkColor() {
	if k.body != nil {
		k.Color = k.body.Color
	}
}

// decorate adds the ancestors' lines, which pass on to what is in the flow.
func (k *computing) decorate() {
	s := k.Style
	if s.Float != "" || s.Position == "absolute" || s.Position == "fixed" {
		return
	}
	switch s.Display {
	case InlineBlock, InlineTable, InlineFlex, Table, Cell:
		return
	}
	from := k.parent.Decorations
	merge := func(to *Line, from Line) {
		if !to.On {
			*to = from
		}
	}
	merge(&s.Decorations.Under, from.Under)
	merge(&s.Decorations.Over, from.Over)
	merge(&s.Decorations.Through, from.Through)
}

// pixels is a length in pixels; percentages are of base.
func (k *computing) pixels(v css.Value, base float64) float64 {
	l := k.length(v)
	return l.Of(base)
}

// length computes a length. Keywords are told apart by len.
func (k *computing) length(v css.Value) Len { return k.lengthIn(v, &k.Inherited) }

func (k *computing) lengthIn(v css.Value, in *Inherited) Len {
	switch v.Kind {
	case css.Percent:
		return Len{Pct: v.Num}
	case css.Sum:
		var sum Len
		for _, item := range v.Items {
			l := k.lengthIn(item, in)
			sum.Px += l.Px
			sum.Pct += l.Pct
		}
		return sum
	case css.Length:
		return Len{Px: v.Num * k.unit(v.Unit, in)}
	case css.Keyword:
		return keywordLen(v.Text)
	}
	return Len{Px: v.Num}
}

func keywordLen(word string) Len {
	switch word {
	case "min-content":
		return Len{Kind: MinContent}
	case "max-content":
		return Len{Kind: MaxContent}
	case "fit-content", "-webkit-fit-content":
		return Len{Kind: FitContent}
	case "-webkit-fill-available", "-moz-available":
		return Len{Kind: Fill}
	}
	return Len{Kind: Auto}
}

func (k *computing) unit(u css.Unit, in *Inherited) float64 {
	switch u {
	case css.Em:
		return in.FontSize
	case css.Rem:
		return k.rootSize
	case css.Ex:
		return k.metrics.XHeight(in)
	case css.Ch:
		return k.metrics.ZeroWidth(in)
	case css.Vw:
		return k.screen.Width / 100
	case css.Vh:
		return k.screen.Height / 100
	}
	return 1
}

// color computes a colour.
func (k *computing) color(v css.Value) css.Color {
	if v.Kind == css.CurrentColour {
		return k.Color
	}
	return v.Color
}
