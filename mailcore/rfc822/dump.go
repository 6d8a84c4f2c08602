package rfc822

import (
	"errors"
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// Parsed is a message as "linnet parse --json" prints it: decoded, but as sent.
// Nothing in it is made safe to be shown.
type Parsed struct {
	File    string             `json:"file"`
	Error   *string            `json:"error"` // why nothing at all could be shown
	Subject string             `json:"subject"`
	From    []mailcore.Address `json:"from"`
	To      []mailcore.Address `json:"to"`
	Date    *int64             `json:"date"` // seconds since 1970 UTC, null if missing
	Parts   []ParsedPart       `json:"parts"`
}

// ParsedPart is one leaf of the MIME tree, in order; an attached message is not
// opened.
type ParsedPart struct {
	ContentType string `json:"content_type"`
	Disposition string `json:"disposition"`
	Filename    string `json:"filename"` // decoded, as sent
	Size        int    `json:"size"`     // octets after transfer decoding
	Text        string `json:"text"`     // of text that is no attachment, UTF-8, as sent
}

// Dump reads a message down to its leaves, for support and for measuring.
func Dump(file string, raw []byte) Parsed {
	p := Parsed{File: file, From: []mailcore.Address{}, To: []mailcore.Address{}, Parts: []ParsedPart{}}
	c, t, err := open(raw)
	if err != nil {
		text := err.Error()
		if errors.Is(err, ErrUnreadable) {
			text = ErrUnreadable.Error()
		}
		p.Error = &text
		return p
	}
	p.Subject = strings.TrimSpace(rawWords(t.values.subject, t.values.hint()))
	p.From = append(p.From, c.From...)
	p.To = append(p.To, c.To...)
	if !c.Date.IsZero() {
		unix := c.Date.Unix()
		p.Date = &unix
	}
	p.leaves(t.root)
	return p
}

func (p *Parsed) leaves(e *entity) {
	for _, child := range e.children {
		p.leaves(child)
	}
	if len(e.children) > 0 {
		return
	}
	part := ParsedPart{ContentType: e.contentType, Disposition: e.disposition, Filename: e.filename, Size: len(e.data())}
	if !e.attached() {
		part.Text = strings.TrimPrefix(e.decoded(), "\ufeff")
	}
	p.Parts = append(p.Parts, part)
}
