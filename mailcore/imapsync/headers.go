package imapsync

import (
	"io"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/rfc822"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// maxHeader bounds what is kept of one header block, octets.
const maxHeader = 1 << 20

// headerFields are fetched as one opaque literal: a malformed header cannot
// break the reader, as ENVELOPE can, and References are among them.
var headerFields = &imap.FetchItemBodySection{
	Specifier: imap.PartSpecifierHeader,
	HeaderFields: []string{
		"From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To",
		"References", "List-Id", "Content-Type", "Reply-To",
	},
	Peek: true,
}

// headerItems asks for rows; bare leaves out what a server may fail to read out
// of a broken message.
func headerItems(bare bool) *imap.FetchOptions {
	o := &imap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: true}
	if !bare {
		o.BodySection = []*imap.FetchItemBodySection{headerFields}
	}
	return o
}

// window is one FETCH of headers in flight. Its consumer is a goroutine of its
// own: the library's reader stands still until somebody reads what it found.
type window struct {
	uids    []mailcore.UID // what was asked for, ascending; nil if by sequence number
	arrived []store.Arrival
	err     error
	done    chan struct{}
}

// fetchHeaders starts a FETCH. The caller must wait for done.
func (c *conn) fetchHeaders(set imap.NumSet, uids []mailcore.UID, bare bool) *window {
	w := &window{uids: uids, done: make(chan struct{})}
	w.arrived = make([]store.Arrival, 0, len(uids))
	cmd := c.Fetch(set, headerItems(bare))
	go w.consume(c, cmd, bare)
	return w
}

func (w *window) consume(c *conn, cmd *imapclient.FetchCommand, bare bool) {
	defer close(w.done)
	r := rowReader{c: c}
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		if r.read(m) && (bare || r.whole) {
			w.arrived = append(w.arrived, r.arrival())
		}
	}
	w.err = cmd.Close()
}

// rowReader reads one FETCH answer after the other, with one buffer.
type rowReader struct {
	c     *conn
	a     store.Arrival
	raw   []byte
	whole bool // the header literal came in full
	items int  // of FLAGS, INTERNALDATE and RFC822.SIZE
}

// read takes an answer in, and reports whether it describes a message: an unasked
// FETCH has less, and so has one in which the library stopped reading.
func (r *rowReader) read(m *imapclient.FetchMessageData) bool {
	r.a, r.raw, r.whole, r.items = store.Arrival{}, r.raw[:0], false, 0
	for item := m.Next(); item != nil; item = m.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			r.a.UID = mailcore.UID(item.UID)
		case imapclient.FetchItemDataFlags:
			r.a.Flags = flagsFrom(item.Flags)
			r.items++
		case imapclient.FetchItemDataInternalDate:
			r.a.Received = item.Time
			r.items++
		case imapclient.FetchItemDataRFC822Size:
			r.a.Size = item.Size
			r.items++
		case imapclient.FetchItemDataBodySection:
			r.whole = r.literal(item.Literal)
		}
	}
	return r.a.UID != 0 && r.items == 3
}

// literal reads a header block, and reports whether it is as long as announced:
// one that was cut short ends like any other.
func (r *rowReader) literal(l imap.LiteralReader) bool {
	if l == nil {
		return true // NIL: there is no header
	}
	size := l.Size()
	keep := int(min(size, maxHeader))
	if cap(r.raw) < keep {
		r.raw = make([]byte, keep, keep+keep/2)
	}
	r.raw = r.raw[:keep]
	_, err := io.ReadFull(l, r.raw)
	if err == nil {
		var rest int64
		rest, err = io.Copy(io.Discard, l) // also tells the library's reader to go on
		if err == nil && int64(keep)+rest == size {
			return true
		}
	}
	r.c.cutShort()
	return false
}

// cutShort is called after a literal that ended too soon, before anything else
// is asked of its FETCH: the library goes on reading the connection, and reads
// the rest of the literal a second time, from here. Once its reader has ended,
// that is harmless.
func (c *conn) cutShort() { c.IMAPConn.Close() }

func (r *rowReader) arrival() store.Arrival {
	r.a.Header = rfc822.ParseHeader(r.raw)
	if r.a.Received.IsZero() {
		r.a.Received = time.Unix(0, 0).UTC()
	}
	return r.a
}
