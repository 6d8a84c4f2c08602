package connect

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

// bounds are what an IMAP server may send.
type bounds struct {
	depth   int   // parentheses inside one response
	line    int   // octets of one response without its literals
	literal int64 // octets of a literal inside FETCH
	buffer  int64 // octets of any other literal: these are kept in memory
	total   int64 // octets in all, 0 for no limit
}

var (
	// Before signing in there is a greeting, capabilities and a refusal.
	boundsBefore = bounds{depth: 16, line: 64 << 10, literal: 64 << 10, buffer: 64 << 10, total: 1 << 20}
	boundsAfter  = bounds{depth: 128, line: 16 << 20, literal: 256 << 20, buffer: 1 << 20}
)

// scanner follows the responses of an IMAP server octet by octet, so that none
// reaches the parser that would exhaust it. It must agree with go-imap about
// where strings and literals are: where the two could differ, it refuses.
type scanner struct {
	bounds bounds
	line   func(head string) // called at the end of each response with its start (of BYE, all)

	kind    lineKind
	head    []byte // the start of the response, enough to tell its kind
	size    int    // octets of the response without literals
	depth   int
	quoted  bool
	escaped bool
	opens   bool   // the status line has a response code
	closed  bool   // a ']' was seen in a status line
	goodbye bool   // the line is * BYE: its words are kept
	tail    []byte // the end of the line: room for " {9223372036854775807}"
	skip    int64  // octets of a literal still to come
	total   int64
}

// lineKind is what a response can hold.
type lineKind int

const (
	unknownLine lineKind = iota // not enough read yet
	textLine                    // +, tagged, or * OK …: free text, no strings
	fetchLine                   // * n FETCH: literals are streamed
	dataLine                    // everything else
)

const (
	maxHead    = 64
	maxTail    = 24
	maxGoodbye = 512
	byeHead    = "* BYE"
)

// atRest says that the server is between two responses.
func (s *scanner) atRest() bool { return s.size == 0 && s.skip == 0 && len(s.head) == 0 }

// scan takes the next octets. An error means that they must not be used.
func (s *scanner) scan(p []byte) error {
	s.total += int64(len(p))
	if s.bounds.total > 0 && s.total > s.bounds.total {
		return hostile("more than %d octets before signing in", s.bounds.total)
	}
	for len(p) > 0 {
		if s.skip > 0 {
			n := min(s.skip, int64(len(p)))
			s.skip -= n
			p = p[n:]
			continue
		}
		n, err := s.text(p)
		if err != nil {
			return err
		}
		p = p[n:]
	}
	return nil
}

// text takes octets outside literals up to the end of a line.
func (s *scanner) text(p []byte) (int, error) {
	for i, c := range p {
		s.size++
		if s.size > s.bounds.line {
			return 0, hostile("a response of more than %d octets", s.bounds.line)
		}
		if s.kind == unknownLine {
			if err := s.classify(c); err != nil {
				return 0, err
			}
		} else if s.goodbye && len(s.head) < maxGoodbye {
			s.head = append(s.head, c)
		}
		if c == '\n' && (s.kind == textLine || !s.quoted) {
			s.keepTail(p[:i])
			return i + 1, s.endLine()
		}
		if err := s.octet(c); err != nil {
			return 0, err
		}
	}
	s.keepTail(p)
	return len(p), nil
}

// octet follows quoting and nesting.
func (s *scanner) octet(c byte) error {
	if s.kind == textLine {
		s.closed = s.closed || c == ']'
		return nil
	}
	switch {
	case s.quoted && (c == '\r' || c == '\n'):
		return hostile("a quoted string over a line end")
	case s.escaped:
		s.escaped = false
	case s.quoted && c == '\\':
		s.escaped = true
	case c == '"':
		s.quoted = !s.quoted
	case s.quoted:
	case c == '(':
		if s.depth++; s.depth > s.bounds.depth {
			return hostile("more than %d nested parentheses", s.bounds.depth)
		}
	case c == ')':
		s.depth = max(0, s.depth-1)
	}
	return nil
}

func (s *scanner) keepTail(p []byte) {
	p = p[max(0, len(p)-maxTail):]
	if over := len(s.tail) + len(p) - maxTail; over > 0 {
		s.tail = append(s.tail[:0], s.tail[over:]...)
	}
	s.tail = append(s.tail, p...)
}

// endLine ends a response, or begins the literal that its last octets announce.
func (s *scanner) endLine() error {
	if s.kind == textLine {
		if s.opens && !s.closed {
			return hostile("a response code over a line end")
		}
		s.finish()
		return nil
	}
	size, announced, err := literalSize(s.tail)
	switch {
	case err != nil:
		return err
	case !announced:
		s.finish()
		return nil
	case size > s.literalBound():
		return hostile("a literal of %d octets", size)
	}
	s.skip = size
	s.tail = s.tail[:0]
	return nil
}

func (s *scanner) literalBound() int64 {
	if s.kind == fetchLine {
		return s.bounds.literal
	}
	return s.bounds.buffer
}

func (s *scanner) finish() {
	if s.line != nil {
		s.line(string(s.head))
	}
	s.head, s.tail = s.head[:0], s.tail[:0]
	s.kind, s.size, s.depth = unknownLine, 0, 0
	s.quoted, s.escaped = false, false
	s.opens, s.closed, s.goodbye = false, false, false
}

// classify collects the start of a response until its kind is known.
func (s *scanner) classify(c byte) error {
	s.head = append(s.head, c)
	s.kind = kindOf(s.head)
	if s.kind == unknownLine && len(s.head) > maxHead {
		return hostile("a response without a type")
	}
	if s.kind == textLine {
		s.opens = opensCode(string(s.head))
		s.goodbye = len(s.head) >= len(byeHead) && strings.EqualFold(string(s.head[:len(byeHead)]), byeHead)
	}
	return nil
}

// kindOf reads "+", "tag …", "* OK …", "* 1 FETCH …" the way go-imap does: an
// atom ends at the first octet that is none, and a number may come first.
func kindOf(head []byte) lineKind {
	if head[0] != '*' {
		// A tagged line or a continuation is text. Its head is kept until the
		// tag and the first octet after the status are known.
		if bytes.Count(head, []byte(" ")) >= 2 && head[len(head)-1] != ' ' || head[len(head)-1] == '\n' || head[0] == '+' {
			return textLine
		}
		return unknownLine
	}
	word, rest, ok := nextAtom(head[1:])
	if ok && word[0] >= '0' && word[0] <= '9' {
		word, rest, ok = nextAtom(rest)
	}
	if !ok {
		return lineEnded(head)
	}
	switch strings.ToUpper(word) {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		if len(rest) < 2 && rest[0] == ' ' {
			return unknownLine // one more octet tells whether a code opens
		}
		return textLine
	case "FETCH":
		return fetchLine
	}
	return dataLine
}

// lineEnded: a line that ends before its type is not IMAP; go-imap will say so.
func lineEnded(head []byte) lineKind {
	if head[len(head)-1] == '\n' {
		return textLine
	}
	return unknownLine
}

// nextAtom skips one space and reads an atom that something follows.
func nextAtom(p []byte) (atom string, rest []byte, ok bool) {
	p = bytes.TrimPrefix(p, []byte(" "))
	end := bytes.IndexFunc(p, func(r rune) bool { return r < ' ' || strings.ContainsRune("(){ %*\"\\]\x7f", r) })
	if end <= 0 {
		return "", nil, false
	}
	return string(p[:end]), p[end:], true
}

// opensCode says whether the text of a status response begins with '['.
func opensCode(head string) bool {
	head = strings.TrimRight(head, "\r\n")
	i := strings.LastIndexByte(head, ' ')
	return i >= 0 && i+1 < len(head) && head[i+1] == '['
}

// literalSize reads the "{n}" at the end of a line; go-imap takes one space and
// one CR before the LF, and any number of leading zeros: those are refused.
func literalSize(tail []byte) (size int64, announced bool, err error) {
	end := strings.TrimSuffix(strings.TrimSuffix(string(tail), "\r"), " ")
	inside, ok := strings.CutSuffix(end, "}")
	if !ok {
		return 0, false, nil
	}
	before := strings.TrimRight(strings.TrimSuffix(inside, "+"), "0123456789")
	digits := strings.TrimSuffix(inside[len(before):], "+")
	if before == "" {
		return 0, false, hostile("a literal of impossible size")
	}
	if digits == "" || !strings.HasSuffix(before, "{") {
		return 0, false, nil
	}
	size, err = strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, false, hostile("a literal of impossible size")
	}
	return size, true, nil
}

func hostile(format string, args ...any) error {
	return fmt.Errorf("%w: %s", trouble.ErrHostile, fmt.Sprintf(format, args...))
}
