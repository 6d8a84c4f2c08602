package layout

import (
	"strings"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// Images tells what is known of images before they are drawn.
type Images interface {
	// Size returns an image's own size in pixels. ok is false where there is no
	// image to show.
	Size(ref string) (width, height float64, ok bool)
}

// builder makes boxes of a styled document.
type builder struct {
	styles *style.Styles
	images Images
	quirks bool
}

// build makes the root box.
func (b *builder) build(doc *htmlmail.Document) *Box {
	root := &Box{Kind: Flow, Node: doc.Root, Style: b.styles.Of(doc.Root)}
	b.fill(root, doc.Root)
	return root
}

// fill puts what is in an element into its box.
func (b *builder) fill(box *Box, n *htmlmail.Node) {
	f := &filler{builder: b, box: box}
	if box.Style.Display == style.ListItem {
		b.marker(box, n)
	}
	f.pseudo(b.styles.Before(n), n)
	f.children(n)
	f.pseudo(b.styles.After(n), n)
	f.close()
}

// filler collects the content of one box: runs of inline items become anonymous
// blocks as soon as there is a block beside them.
type filler struct {
	*builder
	box   *Box
	items []Item
	spans []*Span // that are open
	table *Box    // an anonymous table that still grows
}

func (f *filler) children(n *htmlmail.Node) {
	for c := n.First; c != nil; c = c.Next {
		if c.IsElement() {
			f.element(c)
		} else {
			f.text(c, n)
		}
	}
}

func (f *filler) text(c, parent *htmlmail.Node) {
	s := f.styles.Of(parent)
	if f.box.Kind == FlexRow && blank(c.Text) {
		return
	}
	if f.table != nil {
		if blank(c.Text) {
			return
		}
		f.table = nil
	}
	f.items = append(f.items, Item{Kind: TextItem, Text: transform(c.Text, s.Transform), Style: s, Node: c})
}

func (f *filler) pseudo(s *style.Style, n *htmlmail.Node) {
	if s == nil || s.Display == style.None {
		return
	}
	text := Item{Kind: TextItem, Text: transform(s.Content, s.Transform), Style: s, Node: n}
	if s.Display == style.Inline && s.Float == "" && !(&Box{Style: s}).outOfFlow() {
		span := &Span{Style: s, First: true, Last: true}
		f.items = append(f.items, Item{Kind: OpenItem, Style: s, Span: span}, text, Item{Kind: CloseItem, Style: s, Span: span})
		return
	}
	box := &Box{Kind: Flow, Node: n, Style: s}
	if s.Content != "" {
		box.Items = []Item{text}
	}
	f.place(box)
}

func (f *filler) element(n *htmlmail.Node) {
	s := f.styles.Of(n)
	switch s.Display {
	case style.None:
		return
	case style.Contents:
		f.children(n)
		return
	}
	switch n.Tag {
	case "br":
		f.items = append(f.items, Item{Kind: BreakItem, Style: s, Node: n})
		return
	case "wbr":
		f.items = append(f.items, Item{Kind: WordBreakItem, Style: s, Node: n})
		return
	}
	if replaced(n) {
		f.place(f.replacement(n, s))
		return
	}
	if s.Display == style.Inline && s.Float == "" && s.Position != "absolute" && s.Position != "fixed" {
		f.inline(n, s)
		return
	}
	f.place(f.boxOf(n, s))
}

// inline puts an inline element's content in line with what is around it.
func (f *filler) inline(n *htmlmail.Node, s *style.Style) {
	if f.table != nil {
		f.table = nil
	}
	span := &Span{Node: n, Style: s, First: true}
	f.open(span)
	depth := len(f.spans)
	f.pseudo(f.styles.Before(n), n)
	f.children(n)
	f.pseudo(f.styles.After(n), n)
	last := f.spans[depth-1]
	last.Last = true
	f.spans = f.spans[:depth-1]
	f.items = append(f.items, Item{Kind: CloseItem, Style: s, Span: last, Node: n})
}

func (f *filler) open(s *Span) {
	f.spans = append(f.spans, s)
	f.items = append(f.items, Item{Kind: OpenItem, Style: s.Style, Span: s, Node: s.Node})
}

// boxOf makes an element's box, content and all.
func (b *builder) boxOf(n *htmlmail.Node, s *style.Style) *Box {
	box := &Box{Kind: Flow, Node: n, Style: s}
	switch s.Display {
	case style.Table, style.InlineTable:
		return b.tableOf(n, s)
	case style.FlexBox, style.InlineFlex:
		box.Kind = FlexRow
	case style.Cell:
		box.Kind = TableCell
		box.RowSpan, box.ColSpan = spans(n)
	case style.Row, style.RowGroup, style.HeaderGroup, style.FooterGroup, style.Column, style.ColumnGroup:
		box.Kind = TablePart
		box.ColSpan = colSpan(n)
		b.fillPart(box, n)
		return box
	}
	b.fill(box, n)
	return box
}

// place puts a box where it belongs: into the line, beside it, or between lines.
func (f *filler) place(box *Box) {
	s := box.Style
	switch {
	case box.outOfFlow():
		f.items = append(f.items, Item{Kind: OutItem, Box: box, Style: s})
		return
	case box.floats():
		f.items = append(f.items, Item{Kind: FloatItem, Box: box, Style: s})
		return
	case f.part(box):
		return
	}
	f.table = nil
	switch s.Display {
	case style.Inline, style.InlineBlock, style.InlineTable, style.InlineFlex:
		box.Inline = true
		f.items = append(f.items, Item{Kind: BoxItem, Box: box, Style: s})
		return
	}
	f.block(box)
}

// part wraps parts of tables that stand without one.
func (f *filler) part(box *Box) bool {
	switch box.Style.Display {
	case style.Row, style.Cell, style.RowGroup, style.HeaderGroup, style.FooterGroup, style.Column, style.ColumnGroup, style.Caption:
	default:
		return false
	}
	if box.Kind == Replaced {
		return false
	}
	if f.table == nil {
		if onlyBlank(f.items) && len(f.spans) == 0 {
			f.items = nil
		}
		s := anonymous(f.box.Style)
		s.Display = style.Table
		f.table = &Box{Kind: TableWrap, Style: s}
		grid := &Box{Kind: TableGrid, Style: s}
		f.table.add(grid)
		if f.box.Inline || len(f.items) > 0 {
			s.Display = style.InlineTable
			f.table.Inline = true
			f.items = append(f.items, Item{Kind: BoxItem, Box: f.table, Style: s})
		} else {
			f.block(f.table)
		}
	}
	grid := f.table.Children[len(f.table.Children)-1]
	table := f.table
	addPart(table, grid, box)
	f.table = table
	return true
}

// block ends the lines before a block: inline elements that are open go on
// behind it.
func (f *filler) block(box *Box) {
	open := f.spans
	for i := len(open) - 1; i >= 0; i-- {
		f.items = append(f.items, Item{Kind: CloseItem, Style: open[i].Style, Span: open[i]})
	}
	f.flush()
	f.box.add(box)
	f.spans = nil
	for _, s := range open {
		f.open(&Span{Node: s.Node, Style: s.Style})
	}
}

// flush makes an anonymous block of the items so far. Blanks alone make none;
// floats among them stand by themselves.
func (f *filler) flush() {
	items := f.items
	f.items = nil
	if onlyBlank(items) {
		for _, it := range items {
			if it.Kind == FloatItem || it.Kind == OutItem {
				f.box.add(it.Box)
			}
		}
		return
	}
	f.box.add(f.lines(items))
}

func (f *filler) lines(items []Item) *Box {
	box := &Box{Kind: Flow, Style: anonymous(f.box.Style)}
	adopt(box, items)
	return box
}

// adopt makes the items the inline content of a box.
func adopt(box *Box, items []Item) {
	box.Items = items
	for _, it := range items {
		if it.Box != nil {
			box.add(it.Box)
		}
	}
}

// close ends the box: with blocks in it, what is left makes one more; else the
// items are its lines.
func (f *filler) close() {
	if len(f.box.Children) > 0 || f.box.Kind == FlexRow {
		f.flush()
		return
	}
	adopt(f.box, f.items)
}

// onlyBlank reports whether items would make no line. Inline elements with
// something of their own count as content.
func onlyBlank(items []Item) bool {
	for _, it := range items {
		switch it.Kind {
		case TextItem:
			if !it.Style.Collapses() && it.Text != "" || !blank(it.Text) {
				return false
			}
			if it.Style.WhiteSpace == "pre-line" && strings.Contains(it.Text, "\n") {
				return false
			}
		case BoxItem, BreakItem:
			return false
		case OpenItem:
			if it.Span.First && hasEdges(it.Style) {
				return false
			}
		}
	}
	return true
}

// hasEdges reports whether an inline element has a margin, border or padding in
// the direction of the line.
func hasEdges(s *style.Style) bool {
	for _, i := range []int{style.Left, style.Right} {
		if s.Border[i].Width != 0 || s.Padding[i] != (style.Len{}) || s.Margin[i] != (style.Len{}) {
			return true
		}
	}
	return false
}

func blank(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ' ', '\t', '\n', '\r', '\f':
		default:
			return false
		}
	}
	return true
}

// anonymous is the style of a box that no element has.
func anonymous(parent *style.Style) *style.Style {
	s := *style.Initial()
	s.Inherited = parent.Inherited
	s.Display = style.Block
	s.Decorations = parent.Decorations
	return &s
}
