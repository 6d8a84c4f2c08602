package rfc822

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
)

// decodeCharset converts data in the named character set to UTF-8. It never
// fails: an unknown or wrong name falls back to what the bytes look like. The
// names are those of mail; for Latin-1 and its like the Windows superset is
// meant, as browsers do it.
func decodeCharset(name string, data []byte) string {
	name = charsetName(name)
	switch name {
	case "", "us-ascii", "unknown-8bit", "8bit", "binary", "default", "x-unknown", "unknown":
		return guess(data)
	case "utf-8":
		return decodeUTF8(data)
	case "iso-8859-1", "windows-1252":
		return decodeLatin1(data)
	case "utf-7":
		return decodeUTF7(data)
	case "utf-16", "utf-16le", "utf-16be":
		return decodeUTF16(name, data)
	case "iso-2022-kr":
		return decodeISO2022KR(data)
	case "viscii":
		return decodeVISCII(data)
	}
	if s, ok := decodeNamed(name, data); ok {
		return s
	}
	return guess(data)
}

// decodeNamed decodes the character sets that golang.org/x/text knows, by their
// names of MIME, by IANA's others and by those of HTML.
func decodeNamed(name string, data []byte) (string, bool) {
	enc, _ := ianaindex.MIME.Encoding(name)
	if enc == nil {
		enc, _ = ianaindex.MIME.Encoding("cs" + name)
	}
	if enc == nil {
		enc, _ = htmlindex.Get(name)
	}
	if enc == nil {
		return "", false
	}
	out, err := enc.NewDecoder().Bytes(data)
	return string(out), err == nil
}

// guess decodes bytes of which nothing certain is known: UTF-8 if they are
// valid, ISO-2022-JP if its escapes are there, else windows-1252.
func guess(data []byte) string {
	if bytes.Contains(data, []byte("\x1b$")) && ascii(data) {
		if s, ok := decodeNamed("iso-2022-jp", data); ok {
			return s
		}
	}
	if utf8.Valid(data) {
		return string(data)
	}
	return windows1252(data)
}

// decodeLatin1 takes bytes that are said to be Latin-1. Valid UTF-8 is taken for
// what it is: its bytes hardly ever stand side by side otherwise. A single such
// character proves nothing.
func decodeLatin1(data []byte) string {
	if !utf8.Valid(data) {
		return windows1252(data)
	}
	many := 0
	for _, c := range data {
		if c >= 0xc0 {
			many++
		}
	}
	if many == 1 {
		return windows1252(data)
	}
	return string(data)
}

// decodeUTF8 takes bytes that are said to be UTF-8. A few broken characters
// are replaced; bytes that are none at all are windows-1252.
func decodeUTF8(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	good, bad := 0, 0
	for rest := data; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 {
			if len(rest) > 1 && !utf8.FullRune(rest) { // cut off within its last character
				good++
				break
			}
			bad++
		} else if n > 1 {
			good++
		}
		rest = rest[n:]
	}
	if good >= bad || good > 20 {
		return strings.ToValidUTF8(string(data), "\ufffd")
	}
	return windows1252(data)
}

func windows1252(data []byte) string {
	out, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\ufffd")
	}
	return string(out)
}

func ascii(data []byte) bool {
	for _, c := range data {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
