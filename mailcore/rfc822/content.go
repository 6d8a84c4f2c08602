package rfc822

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/htmlmail"
)

// Parse opens a whole message for reading. It never panics; ErrUnreadable means
// that not even readable text was found.
func Parse(raw []byte) (mailcore.Content, error) {
	t, err := open(raw)
	if err != nil {
		return mailcore.Content{}, err
	}
	b := t.body()
	c := mailcore.Content{Header: t.values.header(), Text: b.text(), HTML: b.htmlText()}
	for i, a := range b.attachments {
		c.Parts = append(c.Parts, a.part(i))
	}
	if t.cut {
		c.Notices = append(c.Notices, mailcore.Notice{Key: "message.cut"})
	}
	return c, nil
}

// open reads the tree of a message that is not blank.
func open(raw []byte) (*tree, error) {
	if len(raw) <= 4096 && len(bytes.TrimSpace(raw)) == 0 {
		return nil, ErrUnreadable
	}
	return parseTree(raw), nil
}

// AttachmentData returns the transfer-decoded bytes of attachment index, exactly
// as sent, or ErrNoAttachment.
func AttachmentData(raw []byte, index int) ([]byte, error) {
	list := parseTree(raw).body().attachments
	if index < 0 || index >= len(list) {
		return nil, fmt.Errorf("attachment %d of %d: %w", index, len(list), ErrNoAttachment)
	}
	return list[index].data(), nil
}

// attachment is a leaf that is shown as a file.
type attachment struct {
	*entity
	inline bool
}

func (a attachment) part(index int) mailcore.Part {
	return mailcore.Part{
		Index: index, Name: a.partName(index), Type: a.contentType, Size: int64(len(a.data())),
		CID: a.cid, Inline: a.inline, Encoding: a.encoding,
	}
}

// body is what the leaves of a message are for.
type body struct {
	plain       *entity   // the text, nil if none
	html        *entity   // the HTML, nil if none
	more        []*entity // further texts, below
	attachments []attachment
}

// body sorts the leaves. If there is no text at all, the first text that came
// with a file name is taken for it.
func (t *tree) body() *body {
	b := &body{}
	b.add(t.root, false)
	if b.plain != nil || b.html != nil {
		return b
	}
	for i, a := range b.attachments {
		if a.isText() && a.disposition != "attachment" && a.contentType != "text/calendar" {
			b.take(a.entity)
			b.attachments = append(b.attachments[:i:i], b.attachments[i+1:]...)
			break
		}
	}
	return b
}

// add sorts one entity; related says that it stands beside the root of a
// multipart/related.
func (b *body) add(e *entity, related bool) {
	switch {
	case e.contentType == "multipart/alternative" && len(e.children) > 0:
		b.alternative(e)
	case e.contentType == "multipart/related" && len(e.children) > 0:
		b.related(e)
	case len(e.children) > 0:
		for _, child := range e.children {
			b.add(child, related)
		}
	case e.bodyText() && !related:
		b.take(e)
	case !e.hollow():
		b.attach(e, related)
	}
}

// bodyText reports whether a leaf is text to be read in the message.
func (e *entity) bodyText() bool {
	return !e.attached() && e.contentType != "text/calendar"
}

func (b *body) take(e *entity) {
	e, files := e.inlined(MaxParts - len(b.attachments))
	for _, file := range files {
		b.attach(file, false)
	}
	switch {
	case b.plain == nil && b.html == nil && e.contentType == "text/html":
		b.html = e
	case b.plain == nil && b.html == nil:
		b.plain = e
	default:
		b.more = append(b.more, e)
	}
}

func (b *body) attach(e *entity, related bool) {
	inline := e.disposition == "inline" || related && e.disposition != "attachment" || e.cid != "" && e.disposition == ""
	b.attachments = append(b.attachments, attachment{e, inline})
}

// alternative takes the last text and the last HTML (RFC 2046 section 5.1.4:
// the richest comes last); everything else in it is a file.
func (b *body) alternative(e *entity) {
	inner := &body{}
	for _, child := range e.children {
		if len(child.children) == 0 && child.bodyText() {
			if child.contentType == "text/html" {
				inner.html = child
			} else if inner.plain == nil || child.contentType == "text/plain" {
				inner.plain = child
			}
			continue
		}
		nested := &body{}
		nested.add(child, false)
		if nested.plain != nil && inner.plain == nil {
			inner.plain = nested.plain
		}
		if nested.html != nil {
			inner.html = nested.html
		}
		inner.more = append(inner.more, nested.more...)
		inner.attachments = append(inner.attachments, nested.attachments...)
	}
	b.attachments = append(b.attachments, inner.attachments...)
	if b.plain != nil || b.html != nil {
		if best := firstEntity(inner.plain, inner.html); best != nil {
			b.more = append(b.more, best)
		}
	} else {
		b.plain, b.html = inner.plain, inner.html
	}
	b.more = append(b.more, inner.more...)
}

func firstEntity(list ...*entity) *entity {
	for _, e := range list {
		if e != nil {
			return e
		}
	}
	return nil
}

// related takes the root (RFC 2387 "start", else the first) as the document
// and the others as what it shows inside.
func (b *body) related(e *entity) {
	root := 0
	start := strings.Trim(e.params["start"], "<> ")
	for i, child := range e.children {
		if start != "" && child.cid == start {
			root = i
			break
		}
	}
	b.add(e.children[root], false)
	for i, child := range e.children {
		if i != root {
			b.add(child, true)
		}
	}
}

// text returns what can be read: the text part unless it is empty, else the
// HTML's text; further texts follow.
func (b *body) text() string {
	s := ""
	if b.plain != nil {
		s = readable(b.plain)
	}
	if b.html != nil && strings.TrimSpace(s) == "" {
		s = readable(b.html)
	}
	for _, e := range b.more {
		if more := strings.Trim(readable(e), "\n"); strings.TrimSpace(more) != "" {
			s = strings.TrimRight(s, "\n") + "\n\n" + more
		}
	}
	return strings.TrimLeft(s, "\n")
}

func readable(e *entity) string {
	if e.contentType == "text/html" {
		return htmlmail.Text(e.text())
	}
	return e.text()
}

func (b *body) htmlText() string {
	if b.html == nil {
		return ""
	}
	return b.html.text()
}
