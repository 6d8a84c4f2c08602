package htmlmail

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// Limit names a bound that a document passed.
type Limit string

// The bounds of a document.
const (
	TooLong  Limit = "length"
	TooMany  Limit = "nodes"
	TooDeep  Limit = "depth"
	noLimit  Limit = ""
	MaxBytes       = 2 << 20 // of HTML
	MaxNodes       = 50_000
	MaxDepth       = 400 // elements within each other
)

// ErrUnreadable is HTML that no tree can be made of; its text may still be read.
var ErrUnreadable = errors.New("the HTML cannot be read")

// Parse makes the safe document of a message's HTML. Anything is HTML; an error
// comes only of documents that are built to exhaust their reader.
func Parse(source string) (*Document, error) {
	d := &Document{}
	if len(source) > MaxBytes {
		source, d.Cut = source[:MaxBytes], TooLong
	}
	root, err := html.ParseWithOptions(strings.NewReader(source), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	s := &sanitiser{doc: d}
	d.Mode = mode(root)
	for n := root.FirstChild; n != nil; n = n.NextSibling {
		if n.Type == html.ElementNode {
			s.root(n)
		}
	}
	return d, nil
}

type sanitiser struct {
	doc   *Document
	count int
}

func (s *sanitiser) root(n *html.Node) {
	d := s.doc
	d.Root = s.element(n, nil)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.ElementNode && c.Data == "head":
			s.styles(c, 0)
		case c.Type == html.ElementNode && c.Data == "body":
			d.Body = s.element(c, d.Root)
			s.children(c, d.Body, 2)
		}
	}
	if d.Body == nil {
		d.Body = &Node{Tag: "body", Index: s.next()}
		d.Root.append(d.Body)
	}
}

func (s *sanitiser) next() int {
	s.count++
	return s.count - 1
}

func (s *sanitiser) element(n *html.Node, parent *Node) *Node {
	e := &Node{Tag: n.Data, Index: s.next()}
	var attrs []Attr
	for _, a := range n.Attr {
		if a.Namespace == "" && allowAttr(n.Data, a.Key, a.Val) {
			attrs = append(attrs, Attr{a.Key, a.Val})
		}
	}
	e.setAttrs(attrs)
	if parent != nil {
		parent.append(e)
	}
	return e
}

// styles collects the style elements of the head.
func (s *sanitiser) styles(head *html.Node, depth int) {
	for c := head.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if c.Data == "style" {
			s.style(c)
		} else if depth < 8 {
			s.styles(c, depth+1)
		}
	}
}

func (s *sanitiser) style(n *html.Node) {
	sheet := Sheet{}
	for _, a := range n.Attr {
		switch {
		case a.Key == "media":
			sheet.Media = a.Val
		case a.Key == "type" && a.Val != "" && !strings.EqualFold(a.Val, "text/css"):
			return
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		sheet.CSS += c.Data
	}
	s.doc.Styles = append(s.doc.Styles, sheet)
}

func (s *sanitiser) children(from *html.Node, to *Node, depth int) {
	for c := from.FirstChild; c != nil; c = c.NextSibling {
		if s.count >= MaxNodes {
			s.doc.Cut = TooMany
			return
		}
		switch c.Type {
		case html.TextNode:
			s.text(c.Data, to)
		case html.ElementNode:
			s.child(c, to, depth)
		}
	}
}

// text adds a text. Texts that a comment parts stay apart, as in a browser.
func (s *sanitiser) text(data string, to *Node) {
	to.append(&Node{Text: data, Index: s.next()})
}

func (s *sanitiser) child(c *html.Node, to *Node, depth int) {
	if c.Data == "style" {
		s.style(c)
		return
	}
	if depth >= MaxDepth {
		s.doc.Cut = TooDeep
		return
	}
	switch {
	case c.Namespace != "":
		// A drawing keeps its place, empty.
		if c.Data == "svg" {
			s.element(c, to)
		}
	case treat(c.Data) == drop:
	case treat(c.Data) == unwrap:
		s.children(c, to, depth+1)
	default:
		s.children(c, s.element(c, to), depth+1)
	}
}
