package css

import (
	"strings"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
)

// Selector is one complex selector, as "td.x > a:first-child".
type Selector struct {
	parts       []compound // from the left to the right
	combine     []byte     // combine[i] stands before parts[i]: ' ', '>', '+' or '~'
	Specificity Specificity
	// Pseudo is the pseudo-element it selects: "", "before", "after",
	// "first-letter", "first-line", "marker" or another that is never made.
	Pseudo string
}

// Specificity orders selectors: ids, then classes, then types.
type Specificity uint32

func specificity(ids, classes, types int) Specificity {
	return Specificity(min(ids, 255)<<20 | min(classes, 1023)<<10 | min(types, 1023))
}

// compound is a list of simple selectors that hold of one element.
type compound struct {
	tag     string // "" for any
	id      string
	classes []string
	tests   []test
	never   bool // a state that a letter never has, as :hover
}

// test is a simple selector that is asked of an element.
type test func(n *htmlmail.Node, quirks bool) bool

// Key tells where rules with this selector are found: by the id, class or type
// of its right-most part, in this order; all are empty for a universal one.
func (s *Selector) Key() (id, class, tag string) {
	last := s.parts[len(s.parts)-1]
	switch {
	case last.id != "":
		return last.id, "", ""
	case len(last.classes) > 0:
		return "", last.classes[0], ""
	}
	return "", "", last.tag
}

// Matches reports whether the selector, leaving its pseudo-element aside,
// selects the element. In quirks mode the case of ids and classes does not
// matter.
func (s *Selector) Matches(n *htmlmail.Node, quirks bool) bool {
	return s.match(len(s.parts)-1, n, quirks) == matched
}

// outcome says how far a search that failed tells of others: without it, many
// descendant combinators would cost exponential time.
type outcome uint8

const (
	matched outcome = iota
	failed
	failedSiblings // no sibling will do either
	failedAll      // no ancestor will do either
)

func (s *Selector) match(i int, n *htmlmail.Node, quirks bool) outcome {
	if !s.parts[i].matches(n, quirks) {
		return failed
	}
	if i == 0 {
		return matched
	}
	switch s.combine[i] {
	case '>':
		if p := n.Parent; p != nil {
			return s.match(i-1, p, quirks)
		}
		return failedAll
	case '+':
		if p := n.PrevElement(); p != nil {
			return s.match(i-1, p, quirks)
		}
		return failedSiblings
	case '~':
		return s.search(i-1, n.PrevElement(), (*htmlmail.Node).PrevElement, failedSiblings, quirks)
	}
	up := func(n *htmlmail.Node) *htmlmail.Node { return n.Parent }
	return s.search(i-1, n.Parent, up, failedAll, quirks)
}

// search tries one node after the other until one matches or one failure speaks
// for all of them.
func (s *Selector) search(i int, n *htmlmail.Node, next func(*htmlmail.Node) *htmlmail.Node, none outcome, quirks bool) outcome {
	for ; n != nil; n = next(n) {
		if o := s.match(i, n, quirks); o == matched || o >= none {
			return o
		}
	}
	return none
}

func (c *compound) matches(n *htmlmail.Node, quirks bool) bool {
	if c.never || c.tag != "" && c.tag != n.Tag {
		return false
	}
	if c.id != "" && !same(c.id, n.ID, quirks) {
		return false
	}
	for _, class := range c.classes {
		if !hasClass(n, class, quirks) {
			return false
		}
	}
	for _, t := range c.tests {
		if !t(n, quirks) {
			return false
		}
	}
	return true
}

func hasClass(n *htmlmail.Node, class string, quirks bool) bool {
	for _, c := range n.Classes {
		if same(class, c, quirks) {
			return true
		}
	}
	return false
}

func same(a, b string, quirks bool) bool {
	return a == b || quirks && strings.EqualFold(a, b)
}
