package style

import (
	"strings"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
)

func (h *hinting) table() {
	h.cellSize("width", css.Width)
	h.cellSize("height", css.Height)
	h.background()
	h.borderColor()
	if width, ok := tableBorder(h.n); ok {
		h.border(width, "outset")
		if _, colored := h.n.Attr("bordercolor"); colored {
			h.border(width, "solid")
		}
	}
	if v, ok := dimension(h.attr("cellspacing")); ok && v.Kind == css.Length {
		h.set(css.BorderSpacing, css.Value{Kind: css.List, Items: []css.Value{v, v}})
	}
	h.around()
	switch a := strings.ToLower(h.attr("align")); a {
	case "center":
		h.word(css.MarginLeft, "auto")
		h.word(css.MarginRight, "auto")
	case "left", "right":
		h.word(css.Float, a)
	}
	h.frame()
}

// tableBorder reads border: without a number it is one pixel.
func tableBorder(n *htmlmail.Node) (float64, bool) {
	v, ok := n.Attr("border")
	if !ok {
		return 0, false
	}
	if w, ok := integer(v); ok {
		return float64(max(0, w)), true
	}
	return 1, true
}

// frame draws only some sides of a table's border.
func (h *hinting) frame() {
	shown := map[string][4]bool{
		"void": {}, "above": {true}, "below": {false, false, true}, "hsides": {true, false, true, false}, "vsides": {false, true, false, true},
		"lhs": {false, false, false, true}, "rhs": {false, true, false, false}, "box": {true, true, true, true}, "border": {true, true, true, true},
	}
	sides, ok := shown[strings.ToLower(h.attr("frame"))]
	if !ok {
		return
	}
	for i, on := range sides {
		style := "hidden"
		if on {
			style = "solid"
		}
		h.word(css.BorderTopStyle+css.Prop(i), style)
		h.set(css.BorderTopWidth+css.Prop(i), css.Pixels(1))
	}
}

func (h *hinting) cell() {
	h.cellSize("width", css.Width)
	h.cellSize("height", css.Height)
	h.part()
	if _, ok := h.n.Attr("nowrap"); ok {
		h.word(css.WhiteSpace, "nowrap")
	}
}

func (h *hinting) part() {
	h.background()
	h.borderColor()
	h.textAlign()
	h.verticalAlign()
	if h.n.Tag == "tr" {
		h.size("height", css.Height)
	}
}

// tableOf finds the table that a cell is of.
func tableOf(n *htmlmail.Node) *htmlmail.Node {
	for n = n.Parent; n != nil; n = n.Parent {
		if n.Tag == "table" {
			return n
		}
	}
	return nil
}

// cellOf adds what a table's attributes say of its cells. Padding is the
// table's in any case; borders come from border and rules.
func (h *hinting) cellOf(table *htmlmail.Node) {
	if table == nil {
		return
	}
	own := h.out
	h.out = nil
	if v, ok := table.Attr("cellpadding"); ok {
		if d, ok := dimension(v); ok && d.Kind == css.Length {
			for i := range css.Prop(4) {
				h.set(css.PaddingTop+i, d)
			}
		}
	}
	if w, ok := tableBorder(table); ok && w > 0 {
		style := "inset"
		if _, colored := table.Attr("bordercolor"); colored {
			style = "solid"
		}
		h.border(1, style)
		for i := range css.Prop(4) {
			h.word(css.BorderTopColor+i, "inherit")
		}
	}
	h.rules(table)
	h.out = append(h.out, own...)
}

func (h *hinting) rules(table *htmlmail.Node) {
	v, _ := table.Attr("rules")
	switch strings.ToLower(v) {
	case "all":
		h.border(1, "solid")
	case "rows":
		h.lines(css.BorderTopWidth, css.BorderTopStyle, 0, 2)
	case "cols":
		h.lines(css.BorderTopWidth, css.BorderTopStyle, 1, 3)
	case "none", "groups":
		h.border(0, "none")
	}
}

func (h *hinting) lines(width, style css.Prop, sides ...css.Prop) {
	for _, i := range sides {
		h.set(width+i, css.Pixels(1))
		h.word(style+i, "solid")
	}
}
