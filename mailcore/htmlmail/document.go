package htmlmail

import "strings"

// Mode is how a document asks to be laid out, after its DOCTYPE.
type Mode uint8

// The three modes of the HTML standard, 13.2.6.4.1.
const (
	Standards Mode = iota
	LimitedQuirks
	Quirks
)

// Document is an HTML message made safe: elements and attributes off a list of
// what is allowed, and nothing that could run, fetch or send by itself.
type Document struct {
	Root   *Node // the html element
	Body   *Node
	Styles []Sheet
	Mode   Mode
	// Cut names the limit that was passed: what lies beyond is missing. It is
	// empty as a rule.
	Cut Limit
}

// Sheet is a style element: its CSS and the value of its media attribute.
type Sheet struct {
	CSS, Media string
}

// Node is an element, or a text when Tag is empty.
type Node struct {
	Tag     string // in lower case; "" for a text
	Text    string // of a text
	ID      string
	Classes []string
	Attrs   []Attr
	Index   int // in document order, from 0

	Parent, First, Last, Prev, Next *Node
}

// Attr is an attribute; its name is in lower case.
type Attr struct{ Name, Value string }

// IsElement reports whether the node is an element.
func (n *Node) IsElement() bool { return n.Tag != "" }

// Attr returns an attribute's value.
func (n *Node) Attr(name string) (string, bool) {
	for i := range n.Attrs {
		if n.Attrs[i].Name == name {
			return n.Attrs[i].Value, true
		}
	}
	return "", false
}

// PrevElement returns the element before, among siblings; nil for none.
func (n *Node) PrevElement() *Node {
	for p := n.Prev; p != nil; p = p.Prev {
		if p.IsElement() {
			return p
		}
	}
	return nil
}

// NextElement returns the element after, among siblings; nil for none.
func (n *Node) NextElement() *Node {
	for p := n.Next; p != nil; p = p.Next {
		if p.IsElement() {
			return p
		}
	}
	return nil
}

// append makes c the last child of n.
func (n *Node) append(c *Node) {
	c.Parent, c.Prev = n, n.Last
	if n.Last != nil {
		n.Last.Next = c
	} else {
		n.First = c
	}
	n.Last = c
}

// setAttrs keeps the allowed attributes.
func (n *Node) setAttrs(attrs []Attr) {
	n.Attrs = attrs
	for _, a := range attrs {
		switch a.Name {
		case "id":
			n.ID = a.Value
		case "class":
			n.Classes = strings.Fields(a.Value)
		}
	}
}
