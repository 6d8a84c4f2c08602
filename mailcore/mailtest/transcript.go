package mailtest

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// step is one line of a transcript.
type step struct {
	line int
	op   string // "S:", "S-", "S*", "C:", "C.", "C=" or "!…"
	text string
	n    int // of S* and C=
}

func parseScript(text string) ([]step, error) {
	var steps []step
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimLeft(strings.TrimRight(line, "\r\n"), "\t ")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s, err := parseStep(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		s.line = n
		steps = append(steps, s)
	}
	if len(steps) == 0 {
		return nil, errors.New("it has no steps")
	}
	return steps, nil
}

func parseStep(line string) (step, error) {
	if strings.HasPrefix(line, "!") {
		switch line {
		case "!tls", "!close", "!reset", "!stall":
			return step{op: line}, nil
		}
		return step{}, fmt.Errorf("what is %q?", line)
	}
	if len(line) < 2 {
		return step{}, fmt.Errorf("what is %q?", line)
	}
	s := step{op: line[:2], text: line[2:]}
	switch s.op {
	case "S-":
		return s, nil
	case "S:", "C:", "C.":
		s.text = strings.TrimPrefix(s.text, " ")
		return s, nil
	case "C=":
		var err error
		s.n, err = strconv.Atoi(strings.TrimSpace(s.text))
		return s, err
	case "S*":
		count, what, ok := strings.Cut(strings.TrimSpace(s.text), " ")
		if !ok {
			return s, fmt.Errorf("%q names no text to repeat", line)
		}
		var err error
		s.n, err = strconv.Atoi(count)
		s.text = what
		return s, err
	}
	return step{}, fmt.Errorf("what is %q?", line)
}

// play runs steps. A client that goes away early is an error only where
// the transcript still expects it to say something.
func (c *Conn) play(steps []step) error {
	for _, s := range steps {
		over, err := c.do(s)
		if err != nil {
			return fmt.Errorf("line %d: %w", s.line, err)
		}
		if over {
			return nil
		}
	}
	return nil
}

func (c *Conn) do(s step) (over bool, err error) {
	switch s.op {
	case "S:":
		return gone(c.Send(c.fill(s.text) + "\r\n"))
	case "S-":
		return gone(c.Send(c.fill(s.text)))
	case "S*":
		return gone(c.Send(strings.Repeat(s.text, s.n)))
	case "C:":
		return false, c.expect(s.text)
	case "C.":
		return false, c.dot()
	case "C=":
		_, err := io.CopyN(io.Discard, c.R, int64(s.n))
		return false, err
	case "!tls":
		return false, c.StartTLS()
	case "!reset":
		c.Reset()
		return true, nil
	case "!stall":
		c.Stall()
		return true, nil
	}
	return true, nil // !close
}

// gone takes a failed write for the client's leave.
func gone(err error) (bool, error) { return err != nil, nil }

func (c *Conn) expect(want string) error {
	got, err := c.Line()
	if err != nil {
		return fmt.Errorf("expected %q: %w (%v)", want, errGone, err)
	}
	if !c.match(want, got) {
		return fmt.Errorf("expected %q, got %q", c.fill(want), got)
	}
	return nil
}

func (c *Conn) dot() error {
	for {
		line, err := c.Line()
		if err != nil {
			return fmt.Errorf("expected a final dot: %w (%v)", errGone, err)
		}
		if line == "." {
			return nil
		}
	}
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// fill puts the words taken before into text.
func (c *Conn) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		if w, ok := c.words[name]; ok {
			return w
		}
		return name
	})
}

// match compares a line with a pattern and keeps the words that it takes. IMAP
// and SMTP do not tell capitals from small letters in commands, nor do we. A
// {tag} is a new word with each "C:" line that begins with it.
func (c *Conn) match(pattern, line string) bool {
	if strings.HasPrefix(pattern, "{tag}") {
		delete(c.words, "{tag}")
	}
	pattern, rest := strings.CutSuffix(c.fill(pattern), "...")
	expr := regexp.QuoteMeta(pattern)
	names := placeholder.FindAllString(pattern, -1)
	for _, name := range names {
		expr = strings.Replace(expr, regexp.QuoteMeta(name), `(\S+)`, 1)
	}
	end := "$"
	if rest {
		end = ""
	}
	found := regexp.MustCompile(`(?i)^` + expr + end).FindStringSubmatch(line)
	if found == nil {
		return false
	}
	for i, name := range names {
		c.words[name] = found[i+1]
	}
	return true
}
