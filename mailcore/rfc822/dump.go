package rfc822

import (
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
	t, err := open(raw)
	if err != nil {
		text := err.Error()
		p.Error = &text
		return p
	}
	h := t.values.header()
	p.Subject = strings.TrimSpace(rawWords(t.values.subject, t.values.hint()))
	p.From = append(p.From, h.From...)
	p.To = append(p.To, h.To...)
	if !h.Date.IsZero() {
		unix := h.Date.Unix()
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
	data := e.data()
	part := ParsedPart{ContentType: e.contentType, Disposition: e.disposition, Filename: e.filename, Size: len(data)}
	if !e.attached() {
		part.Text = strings.TrimPrefix(e.decoded(data), "\ufeff")
	}
	p.Parts = append(p.Parts, part)
}
