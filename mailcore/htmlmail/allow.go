package htmlmail

import "strings"

// treatment is what becomes of an element.
type treatment uint8

const (
	keep   treatment = iota
	unwrap           // its children stay
	drop             // nothing of it stays
)

// Elements with a look of their own, which keep their names. Others that may
// hold text become plain inline elements under their own names: only selectors
// see these.
var dropped = set("script style title template iframe frame frameset noframes object embed applet param math " +
	"head meta link base basefont bgsound select datalist audio video source track canvas map area dialog portal " +
	"textarea progress meter xmp plaintext noembed image xml")

// allowedAttrs are the attributes that layout, selectors or the reader look at.
var allowedAttrs = set("id class style align valign width height bgcolor background border bordercolor cellpadding " +
	"cellspacing color face size href src alt title dir lang colspan rowspan span nowrap hspace vspace start type " +
	"value hidden name media rules frame noshade clear text link vlink alink topmargin leftmargin marginheight " +
	"marginwidth bottommargin rightmargin role summary reversed open compact char scope headers abbr cite datetime " +
	"itemprop itemscope itemtype label target rel checked disabled cols rows placeholder")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

func treat(tag string) treatment {
	switch {
	case dropped[tag]:
		return drop
	case tag == "picture" || tag == "noscript":
		return unwrap
	case len(tag) > 40:
		return unwrap
	}
	return keep
}

// allowAttr reports whether an attribute is kept. Those of data, of ARIA and of
// clients ("x-", "owa") only serve selectors.
func allowAttr(tag, name, value string) bool {
	switch {
	case len(value) > 1<<20 && name != "src" && name != "style", strings.HasPrefix(name, "on"):
		return false
	case name == "href":
		return tag == "a" && (AllowedLink(value) || inert(value))
	case name == "src":
		return tag == "img"
	case allowedAttrs[name]:
		return true
	}
	return strings.HasPrefix(name, "data-") || strings.HasPrefix(name, "aria-") || strings.HasPrefix(name, "x-") || name == "owa"
}

// AllowedLink reports whether a link may be followed: to the web, to a mail
// address, to a telephone number, or within the message.
func AllowedLink(href string) bool {
	href = strings.TrimSpace(href)
	if strings.HasPrefix(href, "#") {
		return true
	}
	scheme, _, ok := strings.Cut(clean(href), ":")
	if !ok {
		return false
	}
	switch strings.ToLower(scheme) {
	case "http", "https", "mailto", "tel":
		return true
	}
	return false
}

// inert reports whether a link names no scheme: it leads nowhere from a message,
// but it looks like a link, and shows what it would be.
func inert(href string) bool {
	scheme, _, ok := strings.Cut(clean(strings.TrimSpace(href)), ":")
	return !ok || strings.ContainsAny(scheme, "/?#{}[]%|*<>$& ")
}

// clean takes out what browsers ignore within a scheme (URL Standard, 4.4).
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}
