package style

import (
	"strconv"
	"strings"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
)

// hinting collects the presentational attributes of one element as settings
// (HTML, 15.3), as Chromium reads them.
type hinting struct {
	n   *htmlmail.Node
	out []css.Setting
}

func (c *cascade) hints(n *htmlmail.Node) []css.Setting {
	if len(n.Attrs) == 0 && n.Tag != "td" && n.Tag != "th" {
		return nil
	}
	h := &hinting{n: n}
	if dir, ok := n.Attr("dir"); ok {
		h.direction(strings.ToLower(dir))
	}
	switch n.Tag {
	case "table":
		h.table()
	case "td", "th":
		h.cell()
		h.cellOf(tableOf(n))
	case "tr", "tbody", "thead", "tfoot":
		h.part()
	case "col", "colgroup":
		h.size("width", css.Width)
	case "img":
		h.image()
	case "body":
		h.body()
	case "a":
		c.link(h)
	case "font":
		h.font()
	case "hr":
		h.rule()
	default:
		h.other()
	}
	return h.out
}

func (h *hinting) set(p css.Prop, v css.Value) {
	h.out = append(h.out, css.Setting{Prop: p, Value: v})
}

func (h *hinting) word(p css.Prop, w string) { h.set(p, css.Word(w)) }

func (h *hinting) attr(name string) string {
	v, _ := h.n.Attr(name)
	return strings.TrimSpace(v)
}

func (h *hinting) direction(dir string) {
	if dir == "ltr" || dir == "rtl" {
		h.word(css.Direction, dir)
		if h.n.Tag != "bdo" {
			h.word(css.UnicodeBidi, "isolate")
		}
	}
}

// dimension reads "600", "600px", "50%" (HTML, 2.3.4.4).
func dimension(s string) (css.Value, bool) {
	s = strings.TrimSpace(s)
	s = strings.TrimPrefix(s, "+")
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.' && end > 0) {
		end++
	}
	n, err := strconv.ParseFloat(strings.TrimSuffix(s[:end], "."), 64)
	if err != nil || n > 1e6 {
		return css.Value{}, false
	}
	if end < len(s) && s[end] == '%' {
		return css.Value{Kind: css.Percent, Num: n}, true
	}
	return css.Pixels(n), true
}

func integer(s string) (int, bool) {
	s = strings.TrimSpace(s)
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || end == 0 && (s[0] == '-' || s[0] == '+')) {
		end++
	}
	n, err := strconv.Atoi(s[:end])
	return n, err == nil
}

func (h *hinting) size(name string, p css.Prop) {
	if v, ok := dimension(h.attr(name)); ok {
		h.set(p, v)
	}
}

// cellSize is a size that counts only above zero.
func (h *hinting) cellSize(name string, p css.Prop) {
	if v, ok := dimension(h.attr(name)); ok && v.Num > 0 {
		h.set(p, v)
	}
}

func (h *hinting) color(name string, props ...css.Prop) {
	if c, ok := css.LegacyColor(h.attr(name)); ok {
		for _, p := range props {
			h.set(p, css.Value{Kind: css.Colour, Color: c})
		}
	}
}

func (h *hinting) background() {
	h.color("bgcolor", css.BackgroundColor)
	if url := h.attr("background"); url != "" {
		h.set(css.BackgroundImage, css.Value{Kind: css.List, Items: []css.Value{{Kind: css.Link, Text: url}}})
	}
}

func (h *hinting) borderColor() {
	h.color("bordercolor", css.BorderTopColor, css.BorderRightColor, css.BorderBottomColor, css.BorderLeftColor)
}

func (h *hinting) border(width float64, style string) {
	for i := range css.Prop(4) {
		h.set(css.BorderTopWidth+i, css.Pixels(width))
		h.word(css.BorderTopStyle+i, style)
	}
}

// textAlign is how blocks and cells take align: it moves blocks too.
func (h *hinting) textAlign() {
	switch a := strings.ToLower(h.attr("align")); a {
	case "center", "middle", "absmiddle":
		h.word(css.TextAlign, "-webkit-center")
	case "left", "right":
		h.word(css.TextAlign, "-webkit-"+a)
	case "justify":
		h.word(css.TextAlign, a)
	}
}

func (h *hinting) verticalAlign() {
	switch v := strings.ToLower(h.attr("valign")); v {
	case "top", "middle", "bottom", "baseline":
		h.word(css.VerticalAlign, v)
	case "center":
		h.word(css.VerticalAlign, "middle")
	}
}

func (h *hinting) other() {
	switch h.n.Tag {
	case "div", "p", "caption", "legend":
		h.textAlign()
	case "h1", "h2", "h3", "h4", "h5", "h6":
		switch a := strings.ToLower(h.attr("align")); a {
		case "middle":
			h.word(css.TextAlign, "center")
		case "left", "right", "center", "justify":
			h.word(css.TextAlign, a)
		}
	case "br":
		switch a := strings.ToLower(h.attr("clear")); a {
		case "all", "both":
			h.word(css.Clear, "both")
		case "left", "right":
			h.word(css.Clear, a)
		}
	case "ul", "ol", "li":
		h.list()
	case "input", "svg":
		h.size("width", css.Width)
		h.size("height", css.Height)
	case "pre":
		if _, wrap := h.n.Attr("wrap"); wrap {
			h.word(css.WhiteSpace, "pre-wrap")
		}
	}
}

func (h *hinting) list() {
	switch t := h.attr("type"); t {
	case "1":
		h.word(css.ListStyleType, "decimal")
	case "a":
		h.word(css.ListStyleType, "lower-alpha")
	case "A":
		h.word(css.ListStyleType, "upper-alpha")
	case "i":
		h.word(css.ListStyleType, "lower-roman")
	case "I":
		h.word(css.ListStyleType, "upper-roman")
	case "":
	default:
		h.word(css.ListStyleType, strings.ToLower(t))
	}
}

// fontSizes are those of <font size>.
var fontSizes = [...]string{"x-small", "small", "medium", "large", "x-large", "xx-large", "xxx-large"}

func (h *hinting) font() {
	h.color("color", css.ColorProp)
	if face := h.attr("face"); face != "" {
		h.out = append(h.out, css.ParseInline("font-family:"+face, false)...)
	}
	size := h.attr("size")
	n, ok := integer(size)
	if !ok {
		return
	}
	if size[0] == '+' || size[0] == '-' {
		n += 3
	}
	h.word(css.FontSize, fontSizes[max(1, min(7, n))-1])
}

func (h *hinting) body() {
	h.background()
	h.color("text", css.ColorProp)
	for _, m := range []struct {
		names []string
		props []css.Prop
	}{
		{[]string{"marginwidth", "leftmargin"}, []css.Prop{css.MarginLeft, css.MarginRight}},
		{[]string{"marginheight", "topmargin"}, []css.Prop{css.MarginTop, css.MarginBottom}},
	} {
		for _, name := range m.names {
			if v, ok := dimension(h.attr(name)); ok && v.Kind == css.Length {
				for _, p := range m.props {
					h.set(p, v)
				}
				break
			}
		}
	}
}

// link takes the colour that the body gives to links.
func (c *cascade) link(h *hinting) {
	if _, ok := h.n.Attr("href"); !ok || c.doc.Body == nil {
		return
	}
	if v, ok := c.doc.Body.Attr("link"); ok {
		if color, ok := css.LegacyColor(v); ok {
			h.set(css.ColorProp, css.Value{Kind: css.Colour, Color: color})
		}
	}
}

func (h *hinting) rule() {
	h.size("width", css.Width)
	switch strings.ToLower(h.attr("align")) {
	case "left":
		h.set(css.MarginLeft, css.Pixels(0))
		h.word(css.MarginRight, "auto")
	case "right":
		h.word(css.MarginLeft, "auto")
		h.set(css.MarginRight, css.Pixels(0))
	}
	_, flat := h.n.Attr("noshade")
	if c, ok := css.LegacyColor(h.attr("color")); ok {
		flat = true
		v := css.Value{Kind: css.Colour, Color: c}
		for i := range css.Prop(4) {
			h.set(css.BorderTopColor+i, v)
		}
		h.set(css.BackgroundColor, v)
	} else if flat {
		v := css.Value{Kind: css.Colour, Color: css.Color{R: 128, G: 128, B: 128, A: 255}}
		h.set(css.BackgroundColor, v)
	}
	if flat {
		for i := range css.Prop(4) {
			h.word(css.BorderTopStyle+i, "solid")
		}
	}
	if n, ok := integer(h.attr("size")); ok {
		if n <= 1 {
			h.set(css.BorderBottomWidth, css.Pixels(0))
		} else {
			h.set(css.Height, css.Pixels(float64(n)))
		}
	}
}

func (h *hinting) image() {
	h.size("width", css.Width)
	h.size("height", css.Height)
	if n, ok := integer(h.attr("border")); ok && n >= 0 {
		h.border(float64(n), "solid")
		for i := range css.Prop(4) {
			h.set(css.BorderTopColor+i, css.Value{Kind: css.CurrentColour})
		}
	}
	h.around()
	switch strings.ToLower(h.attr("align")) {
	case "left":
		h.word(css.Float, "left")
		h.word(css.VerticalAlign, "top")
	case "right":
		h.word(css.Float, "right")
		h.word(css.VerticalAlign, "top")
	case "top":
		h.word(css.VerticalAlign, "top")
	case "texttop":
		h.word(css.VerticalAlign, "text-top")
	case "absmiddle", "abscenter", "center":
		h.word(css.VerticalAlign, "middle")
	case "middle":
		h.word(css.VerticalAlign, "-webkit-baseline-middle")
	case "absbottom":
		h.word(css.VerticalAlign, "bottom")
	case "bottom", "baseline":
		h.word(css.VerticalAlign, "baseline")
	}
}

// around reads hspace and vspace.
func (h *hinting) around() {
	h.size("hspace", css.MarginLeft)
	h.size("hspace", css.MarginRight)
	h.size("vspace", css.MarginTop)
	h.size("vspace", css.MarginBottom)
}
