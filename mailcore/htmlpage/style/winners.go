package style

import (
	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
)

// winners holds the value of each property that won the cascade.
type winners struct {
	value  [css.PropCount]*css.Value
	custom []css.Setting
	// own marks margins of the user agent's sheet: top and bottom.
	ownTop, ownBottom bool
}

// layer puts the origins over each other, the weakest first.
func (w *winners) layer(n *htmlmail.Node, c *cascade, ua, author []match, inline []css.Setting) {
	w.matched(ua, false)
	w.ownTop, w.ownBottom = w.value[css.MarginTop] != nil, w.value[css.MarginBottom] != nil
	top, bottom := w.value[css.MarginTop], w.value[css.MarginBottom]
	w.set(c.hints(n), false)
	w.matched(author, false)
	w.set(inline, false)
	w.matched(author, true)
	w.set(inline, true)
	w.ownTop = w.ownTop && w.value[css.MarginTop] == top && quirkyMargin(n, true)
	w.ownBottom = w.ownBottom && w.value[css.MarginBottom] == bottom && quirkyMargin(n, false)
}

// quirkyMargin reports whether Chromium gives an element a margin that quirks
// mode drops at the edge of a cell: paragraphs have two, others one, in front.
func quirkyMargin(n *htmlmail.Node, top bool) bool {
	switch n.Tag {
	case "p":
		return true
	case "blockquote", "dl", "ul", "ol", "menu", "dir", "pre", "listing", "h1", "h2", "h3", "h4", "h5", "h6":
		return top
	}
	return false
}

func (w *winners) matched(list []match, important bool) {
	for _, m := range list {
		if m.selector.Pseudo == "" {
			w.set(m.rule.Settings, important)
		}
	}
}

func (w *winners) set(list []css.Setting, important bool) {
	for i := range list {
		s := &list[i]
		if s.Important != important {
			continue
		}
		if s.Prop == css.Custom {
			w.custom = append(w.custom, *s)
			continue
		}
		w.value[s.Prop] = &s.Value
	}
}

// variables are custom properties, those of the ancestors behind them.
type variables struct {
	values map[string][]css.Token
	above  *variables
}

func (v *variables) lookup(name string) ([]css.Token, bool) {
	for ; v != nil; v = v.above {
		if ts, ok := v.values[name]; ok {
			return ts, true
		}
	}
	return nil, false
}

// variables adds the custom properties of an element to those above.
func (w *winners) variables(above *variables) *variables {
	if len(w.custom) == 0 {
		return above
	}
	v := &variables{values: map[string][]css.Token{}, above: above}
	for _, s := range w.custom {
		v.values[s.Name] = s.Value.Tokens
	}
	return v
}
