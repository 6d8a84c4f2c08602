package style

import (
	"context"
	_ "embed" // the user agent's sheets
	"slices"
	"strings"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
)

//go:embed ua.css
var uaSheet string

//go:embed quirks.css
var quirksSheet string

// MaxRules is how many rules of a message count.
const MaxRules = 20_000

// Metrics tells the font's own measures that units refer to.
type Metrics interface {
	// XHeight and ZeroWidth are in pixels, for the fonts of in.
	XHeight(in *Inherited) float64
	ZeroWidth(in *Inherited) float64
}

// Styles is the computed style of every element of a document.
type Styles struct {
	of            []*Style // by Node.Index
	before, after map[int]*Style
	letter        map[int]*Style
	// Cut is set when there were more rules than allowed.
	Cut bool
	// DarkRules is set when the message has rules of its own for dark.
	DarkRules bool
}

// Of returns an element's style.
func (s *Styles) Of(n *htmlmail.Node) *Style { return s.of[n.Index] }

// Before returns the style of generated content in front, or nil.
func (s *Styles) Before(n *htmlmail.Node) *Style { return s.before[n.Index] }

// After returns the style of generated content behind, or nil.
func (s *Styles) After(n *htmlmail.Node) *Style { return s.after[n.Index] }

// FirstLetter returns the style of the first letter, or nil.
func (s *Styles) FirstLetter(n *htmlmail.Node) *Style { return s.letter[n.Index] }

// Compute styles a document for a screen. It ends early, with the context's
// error, when that ends.
func Compute(ctx context.Context, doc *htmlmail.Document, screen css.Screen, metrics Metrics) (*Styles, error) {
	c := &cascade{
		ctx: ctx, doc: doc, screen: screen, metrics: metrics, quirks: doc.Mode == htmlmail.Quirks,
		inlined: map[string][]css.Setting{},
		out:     &Styles{before: map[int]*Style{}, after: map[int]*Style{}, letter: map[int]*Style{}},
	}
	c.ua, c.author = newIndex(c.quirks), newIndex(c.quirks)
	c.load()
	c.rootSize = 16
	c.walk(doc.Root, Initial(), nil)
	return c.out, c.err
}

type cascade struct {
	ctx      context.Context
	err      error
	doc      *htmlmail.Document
	screen   css.Screen
	metrics  Metrics
	quirks   bool
	ua       *index
	author   *index
	out      *Styles
	rootSize float64
	body     *Style
	count    int
	matches  []match
	inlined  map[string][]css.Setting // what style attributes say
	w        winners                  // of the element at hand
}

// load reads the sheets that apply to the screen.
func (c *cascade) load() {
	order := 0
	add := func(ix *index, source string, limit int) int {
		sheet := css.Parse(source, limit, c.quirks && ix == c.author)
		c.out.Cut = c.out.Cut || sheet.Cut
		for _, r := range sheet.Rules {
			c.out.DarkRules = c.out.DarkRules || c.forDark(r)
			if c.applies(r) {
				ix.add(r, order)
			}
			order++
		}
		return len(sheet.Rules)
	}
	add(c.ua, uaSheet, MaxRules)
	if c.quirks {
		add(c.ua, quirksSheet, MaxRules)
	}
	left := MaxRules
	for _, s := range c.doc.Styles {
		if left > 0 && css.ParseMedia(s.Media).Matches(c.screen) {
			left -= add(c.author, s.CSS, left)
		}
	}
}

func (c *cascade) applies(r *css.Rule) bool {
	for _, m := range r.Media {
		if !m.Matches(c.screen) {
			return false
		}
	}
	return true
}

// forDark reports whether a rule holds only on a dark screen.
func (c *cascade) forDark(r *css.Rule) bool {
	if len(r.Media) == 0 {
		return false
	}
	light, dark := c.screen, c.screen
	light.Dark, dark.Dark = false, true
	other := *c
	other.screen = dark
	if !other.applies(r) {
		return false
	}
	other.screen = light
	return !other.applies(r)
}

// walk styles an element and what is in it.
func (c *cascade) walk(n *htmlmail.Node, parent *Style, vars *variables) {
	if c.count++; c.count%256 == 0 && c.err == nil {
		c.err = c.ctx.Err()
	}
	if c.err != nil {
		return
	}
	s, vars := c.element(n, parent, vars)
	c.put(n.Index, s)
	for ch := n.First; ch != nil; ch = ch.Next {
		if ch.IsElement() {
			c.walk(ch, s, vars)
		}
	}
}

func (c *cascade) put(i int, s *Style) {
	for len(c.out.of) <= i {
		c.out.of = append(c.out.of, make([]*Style, i+64-len(c.out.of))...)
	}
	c.out.of[i] = s
}

func (c *cascade) element(n *htmlmail.Node, parent *Style, vars *variables) (*Style, *variables) {
	c.matches = c.ua.match(c.matches[:0], n)
	ua := len(c.matches)
	c.matches = c.author.match(c.matches, n)
	inline := c.inline(n)
	c.w = winners{}
	w := &c.w
	w.layer(n, c, c.matches[:ua], c.matches[ua:], inline)
	vars = w.variables(vars)
	s := c.compute(n, parent, w, vars)
	if n.Tag == "html" {
		c.rootSize = s.FontSize
	}
	c.pseudos(n, s, vars)
	return s, vars
}

func (c *cascade) inline(n *htmlmail.Node) []css.Setting {
	source, ok := n.Attr("style")
	if !ok || source == "" {
		return nil
	}
	// Newsletters repeat the same few attributes over and over.
	set, known := c.inlined[source]
	if !known {
		set = css.ParseInline(source, c.quirks)
		c.inlined[source] = set
	}
	return set
}

// pseudos styles generated content and the first letter.
func (c *cascade) pseudos(n *htmlmail.Node, s *Style, vars *variables) {
	for _, p := range []struct {
		name string
		to   map[int]*Style
	}{{"before", c.out.before}, {"after", c.out.after}, {"first-letter", c.out.letter}} {
		if !c.selectsPseudo(p.name) {
			continue
		}
		w := &winners{}
		for _, important := range []bool{false, true} {
			for _, m := range c.matches {
				if m.selector.Pseudo == p.name {
					w.set(m.rule.Settings, important)
				}
			}
		}
		ps := c.compute(nil, s, w, w.variables(vars))
		if ps.HasContent || p.name == "first-letter" {
			p.to[n.Index] = ps
		}
	}
}

// selectsPseudo reports whether a rule selects a pseudo-element of the element
// at hand.
func (c *cascade) selectsPseudo(name string) bool {
	return slices.ContainsFunc(c.matches, func(m match) bool { return m.selector.Pseudo == name })
}

// index finds the rules that may select an element.
type index struct {
	quirks         bool
	id, class, tag map[string][]match
	any            []match
}

type match struct {
	rule     *css.Rule
	selector *css.Selector
	order    int
}

func newIndex(quirks bool) *index {
	return &index{quirks: quirks, id: map[string][]match{}, class: map[string][]match{}, tag: map[string][]match{}}
}

// fold makes names of quirks mode equal in any case.
func (ix *index) fold(s string) string {
	if ix.quirks {
		return strings.ToLower(s)
	}
	return s
}

func (ix *index) add(r *css.Rule, order int) {
	for _, s := range r.Selectors {
		m := match{r, s, order}
		id, class, tag := s.Key()
		switch {
		case id != "":
			ix.id[ix.fold(id)] = append(ix.id[ix.fold(id)], m)
		case class != "":
			ix.class[ix.fold(class)] = append(ix.class[ix.fold(class)], m)
		case tag != "":
			ix.tag[tag] = append(ix.tag[tag], m)
		default:
			ix.any = append(ix.any, m)
		}
	}
}

// match appends what selects n, the weakest first.
func (ix *index) match(to []match, n *htmlmail.Node) []match {
	start := len(to)
	try := func(list []match) {
		for _, m := range list {
			if m.selector.Matches(n, ix.quirks) {
				to = append(to, m)
			}
		}
	}
	try(ix.any)
	try(ix.tag[n.Tag])
	for i, class := range n.Classes {
		if !slices.Contains(n.Classes[:i], class) {
			try(ix.class[ix.fold(class)])
		}
	}
	if n.ID != "" {
		try(ix.id[ix.fold(n.ID)])
	}
	slices.SortStableFunc(to[start:], func(a, b match) int {
		if a.selector.Specificity != b.selector.Specificity {
			return int(int64(a.selector.Specificity) - int64(b.selector.Specificity))
		}
		return a.order - b.order
	})
	return to
}
