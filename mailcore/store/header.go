package store

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// The head column holds the header fields that no query asks for, as length-
// prefixed strings behind a version byte: a third of the size of JSON, and read
// for every visible row.
const headVersion = 1

var errHead = errors.New("header column is malformed")

func packHeader(h mailcore.Header) []byte {
	b := make([]byte, 0, 256)
	b = append(b, headVersion)
	for _, list := range [][]mailcore.Address{h.From, h.ReplyTo, h.To, h.Cc, h.Bcc} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, a := range list {
			b = packString(packString(b, a.Name), a.Addr)
		}
	}
	b = packString(b, h.InReplyTo)
	b = binary.AppendUvarint(b, uint64(len(h.References)))
	for _, r := range h.References {
		b = packString(b, r)
	}
	b = packString(packString(b, h.ListID), h.ContentType)
	return packTime(b, h.Date)
}

func packString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// packTime keeps seconds and the offset from UTC: the sender's own clock is
// worth showing.
func packTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	_, offset := t.Zone()
	b = append(b, 1)
	return binary.AppendVarint(binary.AppendVarint(b, t.Unix()), int64(offset))
}

func unpackHeader(b []byte) (mailcore.Header, error) {
	var h mailcore.Header
	if len(b) == 0 { // a stub
		return h, nil
	}
	if b[0] != headVersion {
		return h, errHead
	}
	// One string for all fields: they are slices of it, not copies.
	u := unpacker{all: string(b), rest: b[1:]}
	for _, list := range []*[]mailcore.Address{&h.From, &h.ReplyTo, &h.To, &h.Cc, &h.Bcc} {
		*list = u.addresses()
	}
	h.InReplyTo = u.text()
	if n := u.count(); n > 0 {
		h.References = make([]string, n)
		for i := range h.References {
			h.References[i] = u.text()
		}
	}
	h.ListID, h.ContentType = u.text(), u.text()
	h.Date = u.time()
	if u.bad {
		return mailcore.Header{}, errHead
	}
	return h, nil
}

// unpacker reads a packed header; after anything malformed it is bad and gives
// nothing more.
type unpacker struct {
	all  string
	rest []byte
	bad  bool
}

// count reads a length; every element takes at least one byte, so a greater one
// is malformed.
func (u *unpacker) count() int {
	n, w := binary.Uvarint(u.rest)
	if w <= 0 || n > uint64(len(u.rest)-w) {
		u.bad, u.rest = true, nil
		return 0
	}
	u.rest = u.rest[w:]
	return int(n)
}

func (u *unpacker) text() string {
	n := u.count()
	at := len(u.all) - len(u.rest)
	u.rest = u.rest[n:]
	return u.all[at : at+n]
}

func (u *unpacker) addresses() []mailcore.Address {
	n := u.count()
	if n == 0 {
		return nil
	}
	list := make([]mailcore.Address, n)
	for i := range list {
		list[i] = mailcore.Address{Name: u.text(), Addr: u.text()}
	}
	return list
}

func (u *unpacker) varint() int64 {
	n, w := binary.Varint(u.rest)
	if w <= 0 {
		u.bad, u.rest = true, nil
		return 0
	}
	u.rest = u.rest[w:]
	return n
}

func (u *unpacker) time() time.Time {
	if u.count() == 0 {
		return time.Time{}
	}
	sec, offset := u.varint(), int(u.varint())
	if offset == 0 {
		return time.Unix(sec, 0).UTC()
	}
	return time.Unix(sec, 0).In(time.FixedZone("", offset))
}

// seconds is how times are stored: 0 for the zero time.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func fromSeconds(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// earliest is before the first e-mail; a Date older than that is a wrong clock.
const earliest = 10 * 365 * 24 * 3600

// sortKey is Header.Date if it is sane, else INTERNALDATE: a message cannot
// have been written long after it arrived, nor before there was e-mail. The
// search row's number has 34 bits for it.
func sortKey(date, received, now time.Time) int64 {
	limit := now
	if !received.IsZero() {
		limit = received
	}
	key := seconds(date)
	if key < earliest || date.After(limit.Add(24*time.Hour)) {
		key = seconds(received)
	}
	return min(max(key, 0), 1<<34-1)
}

// likelyAttachments guesses from the content type alone, until the body is here.
func likelyAttachments(contentType string) bool {
	switch contentType {
	case "multipart/mixed":
		return true
	case "":
		return false
	}
	for _, prefix := range []string{"text/", "multipart/", "message/"} {
		if len(contentType) >= len(prefix) && contentType[:len(prefix)] == prefix {
			return false
		}
	}
	return true
}
