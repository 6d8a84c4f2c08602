package rfc822

import "strings"

// decodeWords decodes a header value for showing: encoded words (RFC 2047),
// also where they are not allowed or badly formed, and raw 8-bit characters.
// hint is the message's own character set, "" if unknown.
func decodeWords(v, hint string) string {
	if plain(v) {
		return v
	}
	return clean(rawWords(v, hint))
}

// rawWords is decodeWords before control characters are taken out.
func rawWords(v, hint string) string {
	if !strings.Contains(v, "=?") {
		return decode8bit(v, hint)
	}
	var b strings.Builder
	d := wordRun{out: &b}
	for v != "" {
		i := strings.Index(v, "=?")
		if i < 0 {
			break
		}
		w, n := cutWord(v[i:])
		if n == 0 {
			d.text(decode8bit(v[:i+2], hint))
			v = v[i+2:]
			continue
		}
		d.text(decode8bit(v[:i], hint))
		d.word(w)
		v = v[i+n:]
	}
	d.text(decode8bit(v, hint))
	d.flush()
	return b.String()
}

// decode8bit converts raw bytes above ASCII, which a header must not hold.
func decode8bit(v, hint string) string {
	if !eightBit(v) && strings.IndexByte(v, 0x1b) < 0 {
		return v
	}
	data := []byte(v)
	switch hint = charsetName(hint); hint {
	case "", "utf-8", "us-ascii":
		return guess(data)
	}
	if s := guess(data); s == v { // valid UTF-8
		return s
	}
	return decodeCharset(hint, data)
}

// encodedWord is one =?charset?encoding?text?=, its text undone.
type encodedWord struct {
	charset string
	data    []byte
}

// cutWord reads an encoded word at the beginning of s; n is 0 if there is none.
func cutWord(s string) (w encodedWord, n int) {
	const most = 4096
	head := s[2:min(len(s), most)]
	cs, rest, ok := strings.Cut(head, "?")
	if !ok || cs == "" || len(cs) > 60 || strings.IndexByte(cs, ' ') >= 0 || len(rest) < 2 || rest[1] != '?' {
		return w, 0
	}
	encoding, text := rest[0], rest[2:]
	end := strings.Index(text, "?=")
	if end < 0 || strings.Contains(text[:end], "=?") { // never closed, another one follows
		return w, 0
	}
	n = 2 + len(cs) + 1 + 2 + end + 2
	text = text[:end]
	if i := strings.IndexByte(cs, '*'); i > 0 { // RFC 2231 section 5: language
		cs = cs[:i]
	}
	switch encoding {
	case 'q', 'Q':
		return encodedWord{cs, unescapeQ(text)}, n
	case 'b', 'B':
		return encodedWord{cs, decodeBase64([]byte(text))}, n
	}
	return w, 0
}

// unescapeQ undoes the "Q" encoding (RFC 2047 section 4.2).
func unescapeQ(text string) []byte {
	data := []byte(text)
	for i, c := range data {
		if c == '_' {
			data[i] = ' '
		}
	}
	return unescapeQP(data[:0], data)
}

// wordRun writes text and encoded words. Neighbours of the same character set
// are joined before they are decoded, since many senders cut characters apart.
type wordRun struct {
	out     *strings.Builder
	charset string
	data    []byte
	open    bool
	blank   string
}

func (d *wordRun) word(w encodedWord) {
	if d.open && !strings.EqualFold(d.charset, w.charset) {
		d.flush()
	}
	d.blank = ""
	d.charset, d.open = w.charset, true
	d.data = append(d.data, w.data...)
}

// text takes what stands between words; blanks between two words do not count.
func (d *wordRun) text(s string) {
	if s == "" {
		return
	}
	if d.open && strings.Trim(s, " \t") == "" {
		d.blank += s
		return
	}
	blank := d.blank
	d.flush()
	d.out.WriteString(blank)
	d.out.WriteString(s)
}

func (d *wordRun) flush() {
	if d.open {
		d.out.WriteString(decodeCharset(d.charset, d.data))
	}
	d.data, d.open, d.blank = d.data[:0], false, ""
}
