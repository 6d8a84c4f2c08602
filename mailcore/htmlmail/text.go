// Package htmlmail makes HTML mail safe and readable. So far: text from HTML.
package htmlmail

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits of what Text reads and makes.
const (
	maxInput  = 2 << 20 // octets of HTML
	maxOutput = 1 << 20 // octets of text
	maxDepth  = 100     // lists and quotes within each other
)

// Text returns the readable text of an HTML part: paragraphs, lists, links with
// their targets where the text differs, tables line by line; no script, style
// or hidden preheader. Bounded (2 MiB read, 1 MiB made, one pass over the
// tokens, no tree); it never fetches anything.
func Text(document string) string {
	document = document[:min(len(document), maxInput)]
	w := &writer{hidden: hiddenRules(document)}
	z := html.NewTokenizer(strings.NewReader(document))
	for w.out.Len() < maxOutput {
		switch z.Next() {
		case html.ErrorToken:
			return w.finish()
		case html.TextToken:
			if w.skip == "" {
				text := z.Text()
				w.text(string(text[:min(len(text), maxOutput-w.out.Len())]))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			w.start(z.Token())
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(string(name))
		}
	}
	return w.finish()
}

// writer turns tags and text into lines.
type writer struct {
	out    strings.Builder
	breaks int  // line feeds due before the next word
	blank  bool // a blank is due before the next word
	line   bool // the line holds something
	quote  int  // depth of blockquote
	above  int  // the same of the last line written
	pre    int  // depth of pre
	bullet string
	lists  []list
	links  []link
	rows   []bool // per open table row: a cell is already in the line

	hidden rules
	skip   string // element whose content is left out
	nested int    // elements of that name within it
}

type list struct {
	ordered bool
	n       int
}

// link is an open <a>; from is where its text begins in the output.
type link struct {
	href string
	from int
}

func (w *writer) start(t html.Token) {
	name := t.Data
	if w.skip != "" && !w.skipStart(name, t.Type) {
		return
	}
	if w.drops(t) {
		if !void(t.DataAtom) && t.Type != html.SelfClosingTagToken {
			w.skip, w.nested = name, 1
		}
		return
	}
	switch t.DataAtom {
	case atom.Br:
		w.newline()
	case atom.Hr:
		w.rule()
	case atom.Img:
		w.image(t)
	case atom.A:
		w.closeLink()
		w.links = append(w.links, link{attr(t, "href"), w.out.Len()})
	case atom.Td, atom.Th:
		w.cell()
	default:
		w.block(t)
	}
}

// block opens a block element.
func (w *writer) block(t html.Token) {
	switch t.DataAtom {
	case atom.Ul, atom.Ol, atom.Menu:
		w.gap(w.listGap())
		if len(w.lists) < maxDepth {
			n, _ := strconv.Atoi(attr(t, "start"))
			w.lists = append(w.lists, list{t.DataAtom == atom.Ol, max(n-1, 0)})
		}
	case atom.Li:
		w.item()
	case atom.Blockquote:
		w.gap(2)
		w.quote = min(w.quote+1, maxDepth)
	case atom.Pre:
		w.gap(2)
		w.pre++
	case atom.Tr:
		w.gap(1)
		if len(w.rows) < maxDepth {
			w.rows = append(w.rows, false)
		}
	default:
		w.gap(gapOf(t.DataAtom))
	}
}

func (w *writer) end(name string) {
	if w.skip != "" {
		w.skipEnd(name)
		return
	}
	switch a := atom.Lookup([]byte(name)); a {
	case atom.A:
		w.closeLink()
	case atom.Ul, atom.Ol, atom.Menu:
		if len(w.lists) > 0 {
			w.lists = w.lists[:len(w.lists)-1]
		}
		w.bullet = ""
		w.gap(w.listGap())
	case atom.Blockquote:
		w.gap(2)
		w.quote = max(w.quote-1, 0)
	case atom.Pre:
		w.pre = max(w.pre-1, 0)
		w.gap(2)
	case atom.Tr:
		w.gap(1)
		if len(w.rows) > 0 {
			w.rows = w.rows[:len(w.rows)-1]
		}
	default:
		w.gap(gapOf(a))
	}
}

// gapOf returns how many line feeds stand before and after an element.
func gapOf(a atom.Atom) int {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Dl, atom.Figure:
		return 2
	case atom.Div, atom.Table, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Nav, atom.Aside,
		atom.Address, atom.Center, atom.Dt, atom.Dd, atom.Form, atom.Fieldset, atom.Figcaption, atom.Caption, atom.Li, atom.Body:
		return 1
	}
	return 0
}

// listGap: an outermost list stands apart.
func (w *writer) listGap() int {
	if len(w.lists) == 0 {
		return 2
	}
	return 1
}

func (w *writer) item() {
	w.gap(1)
	if len(w.lists) == 0 {
		w.bullet = "• "
		return
	}
	l := &w.lists[len(w.lists)-1]
	indent := strings.Repeat("  ", min(len(w.lists)-1, 10))
	if l.n++; l.ordered {
		w.bullet = indent + strconv.Itoa(l.n) + ". "
	} else {
		w.bullet = indent + "• "
	}
}

// cell sets the cells of a row apart as long as they stand in one line.
func (w *writer) cell() {
	if n := len(w.rows); n > 0 {
		if w.rows[n-1] && w.line && w.breaks == 0 {
			w.emit("  ")
			w.blank = false
		}
		w.rows[n-1] = true
	}
}

func (w *writer) rule() {
	w.gap(1)
	w.word("———")
	w.gap(1)
}

// image says an image by its alternative text; without one it is decoration.
func (w *writer) image(t html.Token) {
	alt := strings.Join(strings.Fields(attr(t, "alt")), " ")
	if alt == "" || tiny(attr(t, "width")) || tiny(attr(t, "height")) {
		return
	}
	w.blank = true
	w.text(alt)
	w.blank = true
}

func tiny(size string) bool {
	size = strings.TrimSuffix(strings.TrimSpace(size), "px")
	return size == "0" || size == "1"
}

func attr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func void(a atom.Atom) bool {
	switch a {
	case atom.Img, atom.Br, atom.Hr, atom.Input, atom.Meta, atom.Link, atom.Base, atom.Col, atom.Wbr, atom.Area,
		atom.Embed, atom.Source, atom.Track, atom.Param:
		return true
	}
	return false
}
