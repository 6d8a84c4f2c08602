package compose

import (
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// editable is up to which size a quoted original is put into the text field,
// in octets: a text field lays out all its text at every key.
const editable = 15 << 10

// splitQuote parts a draft's text into what the person writes and the original
// below it, "" if there is none.
func splitQuote(kind mailcore.DraftKind, text string) (own, quote string) {
	var at int
	switch kind {
	case mailcore.Reply, mailcore.ReplyAll:
		at = replyQuote(text)
	case mailcore.Forward:
		at = forwardQuote(text)
	default:
		return text, ""
	}
	if at < 0 {
		return text, ""
	}
	return strings.TrimRight(text[:at], "\n"), strings.TrimRight(text[at:], "\n")
}

// joinQuote puts both together again.
func joinQuote(own, quote string) string {
	if quote == "" {
		return own
	}
	return strings.TrimRight(own, "\n") + "\n\n" + quote + "\n"
}

// replyQuote finds the line above the quoted lines that the text ends with, -1
// if it does not end so.
func replyQuote(text string) int {
	lines := strings.SplitAfter(strings.TrimRight(text, "\n"), "\n")
	i, at := len(lines), len(strings.TrimRight(text, "\n"))
	for i > 0 && strings.HasPrefix(lines[i-1], ">") {
		i--
		at -= len(lines[i])
	}
	if i == len(lines) {
		return -1
	}
	for n := 0; n < 2 && i > 0 && strings.TrimSpace(lines[i-1]) != ""; n++ {
		i--
		at -= len(lines[i])
	}
	return at
}

// forwardQuote finds the line above the copied header fields, -1 if none.
func forwardQuote(text string) int {
	at := 0
	above := -1
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "From: ") && above >= 0 {
			return above
		}
		above = -1
		if strings.TrimSpace(line) != "" {
			above = at
		}
		at += len(line)
	}
	return -1
}

// beginning is the quote in one line, for showing it folded.
func beginning(quote string) string {
	var words []string
	for line := range strings.Lines(quote) {
		words = append(words, strings.Fields(strings.TrimLeft(line, "> "))...)
		if len(words) > 60 {
			break
		}
	}
	s := strings.Join(words, " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200])
	}
	return s
}

// promisesFile reports whether the person's own text speaks of an attachment;
// words is a list from the translation, with commas between.
func promisesFile(own, words string) bool {
	own = strings.ToLower(own)
	for _, w := range strings.Split(words, ",") {
		if w = strings.ToLower(strings.TrimSpace(w)); w != "" && hasWord(own, w) {
			return true
		}
	}
	return false
}

// hasWord finds w in s where no letter stands right before it.
func hasWord(s, w string) bool {
	for at := 0; ; {
		i := strings.Index(s[at:], w)
		if i < 0 {
			return false
		}
		at += i
		if at == 0 || !isLetter(s[at-1]) {
			return true
		}
		at += len(w)
	}
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 0x80 }
