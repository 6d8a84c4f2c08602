package layout

import (
	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// tableOf makes a table: a wrapper with captions around a grid (CSS 2.1, 17.4).
func (b *builder) tableOf(n *htmlmail.Node, s *style.Style) *Box {
	wrap := &Box{Kind: TableWrap, Node: n, Style: s}
	grid := &Box{Kind: TableGrid, Node: n, Style: s}
	wrap.add(grid)
	p := &parts{builder: b, wrap: wrap, grid: grid}
	p.children(n)
	p.flush()
	return wrap
}

// fillPart puts rows into a group, or cells into a row.
func (b *builder) fillPart(box *Box, n *htmlmail.Node) {
	if box.Style.Display == style.Column {
		return
	}
	p := &parts{builder: b, part: box}
	p.children(n)
	p.flush()
}

// parts collects what is in a table, a group or a row. What does not belong
// there is wrapped in a cell.
type parts struct {
	*builder
	wrap, grid *Box // of a table
	part       *Box // of a group or row
	stray      *filler
}

func (p *parts) children(n *htmlmail.Node) {
	for c := n.First; c != nil; c = c.Next {
		if !c.IsElement() {
			if !blank(c.Text) {
				p.wrapped(n).text(c, n)
			}
			continue
		}
		s := p.styles.Of(c)
		switch {
		case s.Display == style.None:
		case s.Display == style.Contents:
			p.children(c)
		case p.belongs(s) && !replaced(c):
			p.flush()
			p.take(p.boxOf(c, s))
		default:
			p.wrapped(n).element(c)
		}
	}
}

// belongs reports whether a part may stand where these are collected.
func (p *parts) belongs(s *style.Style) bool {
	if s.Float != "" || s.Position == "absolute" || s.Position == "fixed" {
		return false
	}
	switch s.Display {
	case style.Cell:
		return true
	case style.Row:
		return p.part == nil || p.part.Style.Display != style.Row
	case style.Column:
		return p.part == nil || p.part.Style.Display == style.ColumnGroup
	case style.RowGroup, style.HeaderGroup, style.FooterGroup, style.ColumnGroup, style.Caption:
		return p.part == nil
	}
	return false
}

// wrapped is the filler of an anonymous cell for what does not belong here.
func (p *parts) wrapped(n *htmlmail.Node) *filler {
	if p.stray == nil {
		s := anonymous(p.styles.Of(n))
		s.Display = style.Cell
		p.stray = &filler{builder: p.builder, box: &Box{Kind: TableCell, Style: s, RowSpan: 1, ColSpan: 1}}
	}
	return p.stray
}

func (p *parts) flush() {
	if p.stray == nil {
		return
	}
	f := p.stray
	p.stray = nil
	f.close()
	p.take(f.box)
}

func (p *parts) take(box *Box) {
	if p.part == nil {
		addPart(p.wrap, p.grid, box)
		return
	}
	if box.Style.Display == style.Cell && p.part.Style.Display != style.Row {
		rowOf(p.part).add(box)
		return
	}
	p.part.add(box)
}

// addPart puts a part into a table, making the group and the row that it needs.
func addPart(wrap, grid, box *Box) {
	switch box.Style.Display {
	case style.Caption:
		box.Kind = Flow
		wrap.Children = append([]*Box{box}, wrap.Children...)
		box.Parent = wrap
	case style.Row:
		groupOf(grid).add(box)
	case style.Cell:
		rowOf(groupOf(grid)).add(box)
	default:
		grid.add(box)
	}
}

// groupOf is the anonymous group at the end of a grid.
func groupOf(grid *Box) *Box {
	if n := len(grid.Children); n > 0 {
		if last := grid.Children[n-1]; last.Node == nil && last.Style.Display == style.RowGroup {
			return last
		}
	}
	return wrapIn(grid, style.RowGroup)
}

// rowOf is the anonymous row at the end of a group.
func rowOf(group *Box) *Box {
	if n := len(group.Children); n > 0 {
		if last := group.Children[n-1]; last.Node == nil && last.Style.Display == style.Row {
			return last
		}
	}
	return wrapIn(group, style.Row)
}

func wrapIn(parent *Box, d style.Display) *Box {
	s := anonymous(parent.Style)
	s.Display = d
	s.VerticalAlign = "middle"
	box := &Box{Kind: TablePart, Style: s}
	parent.add(box)
	return box
}
