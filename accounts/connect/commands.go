package connect

import (
	"bytes"
	"strings"
)

// commands follows what go-imap sends, to know which answers are due: the tags
// of its commands, their names, and IDLE from its "+" to DONE.
type commands struct {
	due  []command
	line []byte // the start of the current line
	skip int64  // octets of a literal still to be sent
	mid  bool   // the line goes on after a literal
	idle string // tag of the IDLE that the server has taken
}

type command struct{ tag, name string }

const maxCommandHead = 64

// sent takes the next octets that go out.
func (c *commands) sent(p []byte) {
	for len(p) > 0 {
		if c.skip > 0 {
			n := min(c.skip, int64(len(p)))
			c.skip -= n
			p = p[n:]
			continue
		}
		end := bytes.IndexByte(p, '\n')
		if end < 0 {
			c.keep(p)
			return
		}
		c.keep(p[:end])
		c.endLine()
		p = p[end+1:]
	}
}

// keep holds the start of a line, where the tag is, and its end, where a
// literal is announced.
func (c *commands) keep(p []byte) {
	c.line = append(c.line, p...)
	if over := len(c.line) - maxCommandHead - maxTail; over > 0 {
		c.line = append(c.line[:maxCommandHead], c.line[maxCommandHead+over:]...)
	}
}

func (c *commands) endLine() {
	line := string(c.line)
	c.line = c.line[:0]
	if !c.mid {
		c.begin(strings.TrimRight(line, "\r"))
	}
	size, announced, err := literalSize([]byte(line))
	c.mid = announced && err == nil
	if c.mid {
		c.skip = size
	}
}

func (c *commands) begin(line string) {
	if line == "DONE" {
		c.idle = ""
		return
	}
	tag, rest, ok := strings.Cut(line, " ")
	if !ok || len(tag) < 2 || tag[0] != 'T' || strings.Trim(tag[1:], "0123456789") != "" {
		return // an answer inside AUTHENTICATE
	}
	name, _, _ := strings.Cut(rest, " ")
	c.due = append(c.due, command{tag: tag, name: name})
}

// answered takes the start of a complete response.
func (c *commands) answered(head string) {
	if strings.HasPrefix(head, "+") {
		if n := len(c.due); n > 0 && c.due[n-1].name == "IDLE" {
			c.idle = c.due[n-1].tag
		}
		return
	}
	tag, _, _ := strings.Cut(head, " ")
	for i, d := range c.due {
		if d.tag != tag {
			continue
		}
		c.due = append(c.due[:i], c.due[i+1:]...)
		if c.idle == tag {
			c.idle = ""
		}
		return
	}
}

// waiting returns the command whose answer is due now, "" for none.
func (c *commands) waiting() string {
	for _, d := range c.due {
		if d.tag != c.idle {
			return d.name
		}
	}
	return ""
}
