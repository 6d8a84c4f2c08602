package layout

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// transform changes the case of a text as text-transform asks.
func transform(text, how string) string {
	switch how {
	case "uppercase":
		return strings.ToUpper(text)
	case "lowercase":
		return strings.ToLower(text)
	case "capitalize":
		return capitalize(text)
	}
	return text
}

func capitalize(text string) string {
	start := true
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if start {
				start = false
				return unicode.ToTitle(r)
			}
			return r
		}
		if r != '\'' && r != '’' {
			start = true
		}
		return r
	}, text)
}

func replaced(n *htmlmail.Node) bool {
	switch n.Tag {
	case "img", "svg", "input":
		return true
	}
	return false
}

// replacement makes the box of an image, a drawing or a field. An image that is
// not there is its alternative text, in a box if it says how large it is.
func (b *builder) replacement(n *htmlmail.Node, s *style.Style) *Box {
	switch n.Tag {
	case "input":
		return b.field(n, s)
	case "svg":
		return &Box{Kind: Replaced, Node: n, Style: s, Image: &Replacement{Width: 300, Height: 150}}
	}
	src, _ := n.Attr("src")
	alt, hasAlt := n.Attr("alt")
	var w, h float64
	ok := false
	if !spies(src, s) {
		w, h, ok = b.images.Size(src)
	}
	if ok {
		return &Box{Kind: Replaced, Node: n, Style: s, Image: &Replacement{Width: w, Height: h, Ref: src, Alt: alt}}
	}
	if s.Width.IsAuto() && s.Height.IsAuto() {
		return b.altText(n, s, alt, hasAlt)
	}
	return &Box{Kind: Replaced, Node: n, Style: s, Image: &Replacement{Alt: alt}}
}

// spies reports whether an image from elsewhere is of a pixel's size: all that it
// could show is that the message was read, so it is never asked for.
func spies(src string, s *style.Style) bool {
	tiny := func(l style.Len) bool { return l.IsFixed() && l.Px <= 1 }
	scheme, _, _ := strings.Cut(strings.TrimSpace(src), ":")
	switch strings.ToLower(scheme) {
	case "data", "cid":
		return false
	}
	return tiny(s.Width) || tiny(s.Height) || !s.Visible || s.Opacity == 0
}

// altText is an image without a size: the text stands for it, and nothing when
// there is none.
func (b *builder) altText(n *htmlmail.Node, s *style.Style, alt string, hasAlt bool) *Box {
	copied := *s
	box := &Box{Kind: Flow, Node: n, Style: &copied}
	if copied.Display == style.Inline {
		copied.Display = style.InlineBlock
	}
	if alt != "" {
		box.Items = []Item{{Kind: TextItem, Text: alt, Style: &copied, Node: n}}
	}
	return box
}

// field is an input: inert, with its value or placeholder in it.
func (b *builder) field(n *htmlmail.Node, s *style.Style) *Box {
	kind, _ := n.Attr("type")
	value, _ := n.Attr("value")
	copied := *s
	box := &Box{Kind: Flow, Node: n, Style: &copied}
	switch strings.ToLower(kind) {
	case "checkbox", "radio":
		return box
	case "submit", "button", "reset":
	default:
		if value == "" {
			value, _ = n.Attr("placeholder")
		}
		if copied.Width.IsAuto() {
			copied.Width = style.Len{Px: 153}
		}
	}
	if value != "" {
		box.Items = []Item{{Kind: TextItem, Text: value, Style: &copied, Node: n}}
	}
	return box
}

// marker gives a list item its bullet or number.
func (b *builder) marker(box *Box, n *htmlmail.Node) {
	s := box.Style
	text := ""
	switch {
	case s.ListText:
		text = s.ListType
	case s.ListType == "none" && s.ListImage == "":
		return
	default:
		text = bullet(s.ListType, ordinal(n))
	}
	box.Marker = &Marker{Text: text, Inside: s.ListInside}
	if s.ListInside {
		box.Items = append(box.Items, Item{Kind: TextItem, Text: text + " ", Style: s, Node: n})
	}
}

// ordinal is the number of a list item.
func ordinal(n *htmlmail.Node) int {
	i := 0
	for p := n; p != nil; p = p.PrevElement() {
		if p.Tag != "li" {
			continue
		}
		if k, ok := integer(p, "value"); ok {
			return k + i
		}
		i++
	}
	start := 1
	if n.Parent != nil {
		if k, ok := integer(n.Parent, "start"); ok {
			start = k
		}
	}
	return start + i - 1
}

// bullet writes a marker of a kind (CSS 2.1, 12.5.1).
func bullet(kind string, n int) string {
	switch kind {
	case "disc":
		return "•"
	case "circle":
		return "◦"
	case "square":
		return "▪"
	case "lower-alpha", "lower-latin":
		return letters(n, 'a') + "."
	case "upper-alpha", "upper-latin":
		return letters(n, 'A') + "."
	case "lower-roman":
		return strings.ToLower(roman(n)) + "."
	case "upper-roman":
		return roman(n) + "."
	case "decimal-leading-zero":
		if n >= 0 && n < 10 {
			return "0" + strconv.Itoa(n) + "."
		}
	}
	return strconv.Itoa(n) + "."
}

func letters(n int, first rune) string {
	if n <= 0 {
		return strconv.Itoa(n)
	}
	var out string
	for ; n > 0; n = (n - 1) / 26 {
		out = string(first+rune((n-1)%26)) + out
	}
	return out
}

func roman(n int) string {
	if n <= 0 || n >= 4000 {
		return strconv.Itoa(n)
	}
	var out strings.Builder
	for i, v := range []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1} {
		for ; n >= v; n -= v {
			out.WriteString([]string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}[i])
		}
	}
	return out.String()
}

func spans(n *htmlmail.Node) (rows, cols int) {
	rows, cols = 1, colSpan(n)
	if k, ok := integer(n, "rowspan"); ok && k >= 0 {
		rows = min(k, 1000)
	}
	return rows, cols
}

func colSpan(n *htmlmail.Node) int {
	for _, name := range []string{"colspan", "span"} {
		if k, ok := integer(n, name); ok && k > 0 {
			return min(k, 100)
		}
	}
	return 1
}

// integer reads the digits at the start of an attribute (HTML, 2.3.4.1).
func integer(n *htmlmail.Node, name string) (int, bool) {
	v, ok := n.Attr(name)
	if !ok {
		return 0, false
	}
	v = strings.TrimSpace(v)
	end := 0
	for end < len(v) && (v[end] >= '0' && v[end] <= '9' || end == 0 && (v[0] == '-' || v[0] == '+')) {
		end++
	}
	k, err := strconv.Atoi(v[:end])
	return k, err == nil
}
