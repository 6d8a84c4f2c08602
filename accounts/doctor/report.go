package doctor

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Say puts a translation key into words; assets.Words.Say is one.
type Say func(key string, args ...map[string]any) string

// Title is what a step looks at, in words.
func (s Step) Title(say Say) string { return say("doctor.step." + string(s.Name)) }

// Words say what happened in a step and what to do, "" where there is nothing
// to say.
func (s Step) Words(say Say) (what, todo string) {
	switch {
	case s.State == Failed:
		what = say(s.Cause.Key, s.Cause.Args)
		if s.Cause.Action != "" {
			todo = say(s.Cause.Action, s.Cause.Args)
		}
	case s.Note != "":
		what = say(s.Note, s.Args)
	}
	return what, todo
}

// Report is the diagnosis as text to copy to others. It holds no secret, and of
// addresses no more than a letter and the domain.
func (d Diagnosis) Report(say Say) string {
	var b strings.Builder
	fmt.Fprintln(&b, say("doctor.report.title", map[string]any{"Address": d.redact(d.Email)}))
	fmt.Fprintln(&b, say("doctor.report.program", map[string]any{"Version": d.Version, "System": d.System, "Time": d.When.UTC().Format("2006-01-02 15:04 UTC")}))
	fmt.Fprintf(&b, "IMAP %s\nSMTP %s\n\n", d.Servers[0], d.Servers[1])
	for _, s := range d.Steps {
		fmt.Fprintf(&b, "[%s] %s%s\n", s.State, s.Title(say), took(s))
		what, todo := s.Words(say)
		for _, text := range []string{what, todo, s.Page, s.Cause.Detail} {
			if text != "" {
				fmt.Fprintf(&b, "      %s\n", d.redact(strings.Join(strings.Fields(text), " ")))
			}
		}
	}
	if d.Stopped {
		fmt.Fprintln(&b, say("doctor.report.stopped"))
	}
	return b.String()
}

func took(s Step) string {
	if s.Took <= 0 {
		return ""
	}
	return fmt.Sprintf(" (%d ms)", s.Took.Round(time.Millisecond).Milliseconds())
}

// anyAddress is what looks like an e-mail address.
var anyAddress = regexp.MustCompile(`([\pL\pN!#$%&'*+/=?^_{|}~-])[\pL\pN.!#$%&'*+/=?^_{|}~-]*@([\pL\pN.-]+)`)

// redact takes the local parts of addresses out, also where a server names the
// user without the domain.
func (d Diagnosis) redact(text string) string {
	text = anyAddress.ReplaceAllString(text, "${1}…@${2}")
	local, _, _ := strings.Cut(d.Email, "@")
	if utf8.RuneCountInString(local) < 2 {
		return text
	}
	first, _ := utf8.DecodeRuneInString(local)
	var b strings.Builder
	last := 0
	for _, at := range regexp.MustCompile(`(?i)`+regexp.QuoteMeta(local)).FindAllStringIndex(text, -1) {
		if !within(text, at[0], at[1]) {
			b.WriteString(text[last:at[0]] + string(first) + "…")
			last = at[1]
		}
	}
	return b.String() + text[last:]
}

// within says that text[from:to] is part of a longer word, or of a host's name.
func within(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, n := utf8.DecodeRuneInString(text[to:])
	beyond, _ := utf8.DecodeRuneInString(text[to+n:])
	return letter(before) || letter(after) || before == '.' || after == '.' && letter(beyond)
}

func letter(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
