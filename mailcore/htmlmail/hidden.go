package htmlmail

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// drops reports whether an element and what is in it are not shown.
func (w *writer) drops(t html.Token) bool {
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Title, atom.Noscript, atom.Template, atom.Iframe, atom.Object, atom.Applet,
		atom.Svg, atom.Math, atom.Select, atom.Textarea, atom.Audio, atom.Video, atom.Canvas, atom.Noframes, atom.Xmp:
		return true
	case atom.Html, atom.Head, atom.Body:
		return false
	}
	for _, a := range t.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			if hiddenStyle(a.Val) {
				return true
			}
		case "class":
			if w.hidden.class(a.Val) && !strings.Contains(strings.ToLower(attr(t, "style")), "display") {
				return true
			}
		case "id":
			if w.hidden["#"+a.Val] {
				return true
			}
		}
	}
	return false
}

// hiddenStyle reports whether declarations hide an element, in the ways that
// newsletters hide their preview line.
func hiddenStyle(style string) bool {
	style = strings.ToLower(style)
	if !strings.ContainsAny(style, ":") {
		return false
	}
	height, clipped := false, false
	for decl := range strings.SplitSeq(style, ";") {
		name, value, _ := strings.Cut(decl, ":")
		name = strings.TrimSpace(name)
		value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		switch name {
		case "display":
			if value == "none" {
				return true
			}
		case "visibility":
			if value == "hidden" {
				return true
			}
		case "mso-hide":
			if value == "all" {
				return true
			}
		case "opacity":
			if value == "0" || value == "0.0" {
				return true
			}
		case "max-height", "height":
			height = height || zero(value)
		case "overflow":
			clipped = value == "hidden"
		}
	}
	return height && clipped
}

func zero(value string) bool {
	return value == "0" || value == "0px" || value == "0pt" || value == "0em"
}

// rules are the classes (".name") and ids ("#name") that the document's own
// style sheet hides.
type rules map[string]bool

// class reports whether one of the classes of an attribute is hidden.
func (r rules) class(value string) bool {
	if len(r) == 0 {
		return false
	}
	for c := range strings.FieldsSeq(value) {
		if r["."+c] {
			return true
		}
	}
	return false
}

// hiddenRules reads the style sheets for simple selectors with "display:none".
// Rules within @media depend on the screen and do not count.
func hiddenRules(document string) rules {
	r := rules{}
	for range 20 {
		i := indexFold(document, "<style")
		if i < 0 {
			break
		}
		document = document[i:]
		end := indexFold(document, "</style")
		if end < 0 {
			end = len(document)
		}
		r.sheet(document[:end])
		document = document[end:]
	}
	return r
}

func (r rules) sheet(css string) {
	depth, start := 0, strings.IndexByte(css, '>')+1
	selector, at := "", false
	for i := start; i < len(css); i++ {
		switch css[i] {
		case '{':
			if depth == 0 {
				selector = strings.TrimSpace(css[start:i])
				at = strings.HasPrefix(selector, "@")
			}
			depth++
			start = i + 1
		case '}':
			if depth == 1 && !at && hiddenStyle(css[start:i]) {
				r.add(selector)
			}
			depth = max(depth-1, 0)
			start = i + 1
		}
	}
}

func (r rules) add(selector string) {
	for s := range strings.SplitSeq(selector, ",") {
		s = strings.TrimSpace(s)
		if i := strings.IndexAny(s, ".#"); i >= 0 && i+1 < len(s) && !strings.ContainsAny(s[i+1:], " .#:>[+~*") && !strings.ContainsAny(s[:i], " >:[") {
			if len(r) < 1000 {
				r[s[i:]] = true
			}
		}
	}
}

// indexFold finds an ASCII needle in any case.
func indexFold(s, needle string) int {
	for i := 0; ; i++ {
		j := strings.IndexByte(s[i:], needle[0])
		if j < 0 {
			return -1
		}
		i += j
		if len(s)-i < len(needle) {
			return -1
		}
		if strings.EqualFold(s[i:i+len(needle)], needle) {
			return i
		}
	}
}

// skipStart counts elements of the skipped name. It reports whether the skipped
// element has ended, because one that never contains itself (a paragraph, an
// item, a cell) begins anew.
func (w *writer) skipStart(name string, kind html.TokenType) (ended bool) {
	if name != w.skip || kind == html.SelfClosingTagToken {
		return false
	}
	switch name {
	case "p", "li", "td", "th", "tr", "dt", "dd":
		w.skip, w.nested = "", 0
		return true
	}
	w.nested++
	return false
}

func (w *writer) skipEnd(name string) {
	if name == w.skip {
		if w.nested--; w.nested <= 0 {
			w.skip = ""
		}
		return
	}
	switch w.skip {
	case "td", "th":
		if name == "tr" || name == "table" {
			w.skip = ""
			w.end(name)
		}
	case "li", "p", "dt", "dd":
		if name == "ul" || name == "ol" || name == "dl" || name == "body" {
			w.skip = ""
			w.end(name)
		}
	}
}
