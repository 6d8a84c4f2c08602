package rfc822

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/linnet-mail/linnet/mailcore"
)

// encodeText makes a header value of text: as it is if ASCII, else encoded
// words (RFC 2047) of whole characters, joined by blanks.
func encodeText(s string) string {
	s = strings.TrimSpace(clean(strings.Map(lineToBlank, strings.ToValidUTF8(s, "\ufffd"))))
	if plain(s) && longestWord(s) < 500 {
		return s
	}
	return encodeWords(s)
}

// lineToBlank keeps the words of two lines apart when the line end goes.
func lineToBlank(r rune) rune {
	if r == '\n' || r == '\r' {
		return ' '
	}
	return r
}

func longestWord(s string) int {
	most := 0
	for w := range strings.FieldsSeq(s) {
		most = max(most, len(w))
	}
	return most
}

// encodeWords encodes all of s; 45 octets make an encoded word of 72.
func encodeWords(s string) string {
	var words []string
	for s != "" {
		n := 0
		for n < len(s) {
			_, size := utf8.DecodeRuneInString(s[n:])
			if n+size > 42 {
				break
			}
			n += size
		}
		words = append(words, "=?utf-8?B?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		s = s[n:]
	}
	return strings.Join(words, " ")
}

// encodeAddress makes "Name <local@domain>" with the domain in ASCII.
func encodeAddress(a mailcore.Address) (string, error) {
	addr, err := wireAddr(a.Addr)
	if err != nil {
		return "", err
	}
	name := strings.TrimSpace(clean(strings.Map(lineToBlank, strings.ToValidUTF8(a.Name, "\ufffd"))))
	switch {
	case name == "":
		return addr, nil
	case !plain(name) || longestWord(name) > 60:
		name = encodeWords(name)
	case strings.ContainsFunc(name, func(r rune) bool { return !atext(byte(r)) && r != ' ' }):
		name = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	}
	return name + " <" + addr + ">", nil
}

// wireAddr checks an addr-spec and brings its domain to ASCII. A local part in
// other scripts stays (it needs SMTPUTF8).
func wireAddr(addr string) (string, error) {
	at := strings.LastIndexByte(addr, '@')
	if at < 1 || len(addr) > 320 {
		return "", fmt.Errorf("%q is no address", addr)
	}
	local := addr[:at]
	if !localPart(local) {
		return "", fmt.Errorf("%q is no address", addr)
	}
	domain, err := asciiDomain(addr[at+1:])
	if err != nil {
		return "", err
	}
	return local + "@" + domain, nil
}

// localPart reports whether s may stand before the "@": dot-atoms, also in
// other scripts (RFC 6532), or a quoted string. A dot too many is tolerated,
// since such addresses exist.
func localPart(s string) bool {
	if len(s) > 1 && s[0] == '"' {
		return closeQuote(s, 0) == len(s)-1 && !strings.ContainsFunc(s, control) && utf8.ValidString(s)
	}
	if s == "" || !utf8.ValidString(s) || strings.ContainsFunc(s, control) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x80 && c != '.' && !atext(c) {
			return false
		}
	}
	return true
}

// atext is RFC 5322 section 3.2.3.
func atext(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

// encodeParam makes a parameter on lines of its own: quoted if ASCII, else and
// if long after RFC 2231.
func encodeParam(name, value string) string {
	if plain(value) && len(value) <= 60 {
		return ";\r\n " + name + "=" + quote(value)
	}
	encoded := percentEncode(value)
	if len(encoded) <= 60 {
		return ";\r\n " + name + "*=utf-8''" + encoded
	}
	var b strings.Builder
	for i, prefix := 0, "utf-8''"; encoded != ""; i, prefix = i+1, "" {
		n := min(50, len(encoded))
		for n < len(encoded) && n > 2 && (encoded[n-1] == '%' || encoded[n-2] == '%') {
			n--
		}
		b.WriteString(";\r\n " + name + "*" + strconv.Itoa(i) + "*=" + prefix + encoded[:n])
		encoded = encoded[n:]
	}
	return b.String()
}

// legacyName is the name parameter for programs that know nothing of RFC 2231:
// an encoded word, which RFC 2047 forbids here and everybody reads.
func legacyName(name string) string {
	if plain(name) && len(name) <= 60 {
		return ";\r\n name=" + quote(name)
	}
	return ";\r\n name=\"" + strings.ReplaceAll(encodeWords(name), " ", "\r\n ") + `"`
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func percentEncode(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// newBoundary makes a boundary out of the message's id that occurs in none of
// its parts. ("=_" cannot stand in quoted-printable or base64.)
func newBoundary(id string, d mailcore.Draft) string {
	for n := 0; ; n++ {
		sum := sha256.Sum256([]byte(strconv.Itoa(n) + id + d.Subject))
		boundary := "=_" + hex.EncodeToString(sum[:15])
		found := false
		for _, a := range d.Attachments {
			found = found || bytes.Contains(a.Data, []byte(boundary))
		}
		if !found {
			return boundary
		}
	}
}
