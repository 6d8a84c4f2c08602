package htmlmail

import "strings"

// closeLink writes the target after the text where it says more.
func (w *writer) closeLink() {
	if len(w.links) == 0 {
		return
	}
	l := w.links[len(w.links)-1]
	w.links = w.links[:len(w.links)-1]
	target := strings.Join(strings.Fields(l.href), "")
	if strings.Contains(target, "\x00") || !worthShowing(target) {
		return
	}
	shown := strings.TrimSpace(w.out.String()[min(l.from, w.out.Len()):])
	if shown == "" || sameTarget(shown, target) {
		return
	}
	if rest, ok := cutFold(target, "mailto:"); ok {
		target, _, _ = strings.Cut(rest, "?")
	}
	w.breaks, w.blank = min(w.breaks, 0), true
	w.word("<" + target + ">")
}

// worthShowing keeps the targets that can be followed.
func worthShowing(target string) bool {
	for _, scheme := range []string{"http://", "https://", "mailto:", "tel:"} {
		if _, ok := cutFold(target, scheme); ok {
			return true
		}
	}
	return false
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// sameTarget reports whether the text already is the target.
func sameTarget(shown, target string) bool {
	bare := func(s string) string {
		s = strings.ToLower(strings.TrimSpace(s))
		for _, prefix := range []string{"https://", "http://", "mailto:", "tel:", "www."} {
			s = strings.TrimPrefix(s, prefix)
		}
		return strings.TrimSuffix(s, "/")
	}
	if _, ok := cutFold(target, "tel:"); ok {
		return digitsOf(shown) == digitsOf(target)
	}
	return bare(shown) == bare(target)
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
