package rfc822

import (
	"bytes"
	"encoding/base64"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
	"golang.org/x/text/encoding/charmap"
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
		return guess(data)
	case "utf-7":
		return decodeUTF7(data)
	case "utf-16", "utf-16le", "utf-16be", "unicode", "ucs-2", "iso-10646-ucs-2":
		return decodeUTF16(name, data)
	}
	r, err := charset.Reader(name, bytes.NewReader(data))
	if err != nil {
		return guess(data)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		return guess(data)
	}
	return string(out)
}

// charsetName brings the names that mail uses to the one that is known.
func charsetName(name string) string {
	name = strings.ToLower(strings.Trim(name, " \t\"'"))
	switch name {
	case "utf8", "utf-8mb4", "unicode-1-1-utf-8", "utf_8", "cp65001", "x-utf-8":
		return "utf-8"
	case "ascii", "ansi_x3.4-1968", "iso646-us", "us_ascii", "646":
		return "us-ascii"
	case "latin1", "latin-1", "iso8859-1", "iso_8859-1", "iso8859_1", "cp1252", "ansi", "x-ansi", "cp-1252", "windows1252":
		return "windows-1252"
	case "gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "euc-cn", "hz":
		if name == "hz" {
			return "hz-gb-2312"
		}
		return "gb18030"
	case "cp932", "ms932", "windows-31j", "x-sjis", "sjis", "shift-jis", "ms_kanji":
		return "shift_jis"
	case "ks_c_5601-1987", "ks_c_5601", "ksc5601", "cp949", "ms949", "windows-949", "uhc":
		return "euc-kr"
	case "unicode-1-1-utf-7", "utf7", "x-unicode-2-0-utf-7":
		return "utf-7"
	case "cp-850":
		return "ibm850"
	case "iso-8859-8-i", "iso-8859-8-e":
		return "iso-8859-8"
	case "big5-hkscs", "cp950", "x-x-big5":
		return "big5"
	}
	return unnumbered(name)
}

// unnumbered mends names such as cp1251, win-1251 and iso8859-2.
func unnumbered(name string) string {
	for _, prefix := range []string{"cp125", "win-125", "win125", "windows125", "x-cp125", "cp-125"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return "windows-125" + rest
		}
	}
	for _, prefix := range []string{"iso8859-", "iso_8859-", "iso8859_", "latin-iso-8859-", "8859-"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return "iso-8859-" + rest
		}
	}
	return name
}

// guess decodes bytes of which nothing certain is known: UTF-8 if they are
// valid, ISO-2022-JP if its escapes are there, else windows-1252.
func guess(data []byte) string {
	if bytes.Contains(data, []byte("\x1b$")) && ascii(data) {
		if r, err := charset.Reader("iso-2022-jp", bytes.NewReader(data)); err == nil {
			if out, err := io.ReadAll(r); err == nil {
				return string(out)
			}
		}
	}
	if utf8.Valid(data) {
		return string(data)
	}
	return windows1252(data)
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

// decodeUTF16 takes UTF-16 whose byte order is said by a mark, by the name, or
// else by where the zeros are.
func decodeUTF16(name string, data []byte) string {
	little := name == "utf-16le"
	switch {
	case len(data) >= 2 && data[0] == 0xff && data[1] == 0xfe:
		little, data = true, data[2:]
	case len(data) >= 2 && data[0] == 0xfe && data[1] == 0xff:
		little, data = false, data[2:]
	case name != "utf-16le" && name != "utf-16be":
		odd := 0
		for i, c := range data {
			if c == 0 {
				odd += i%2*2 - 1
			}
		}
		little = odd >= 0 // without any, as browsers do it
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i+1 < len(data); i += 2 {
		u := uint16(data[i])<<8 | uint16(data[i+1])
		if little {
			u = u<<8 | u>>8
		}
		units = append(units, u)
	}
	return string(utf16.Decode(units))
}

// decodeUTF7 decodes RFC 2152, which no library here does.
func decodeUTF7(data []byte) string {
	var b strings.Builder
	for len(data) > 0 {
		i := bytes.IndexByte(data, '+')
		if i < 0 {
			break
		}
		b.Write(data[:i])
		data = data[i+1:]
		n := 0
		for n < len(data) && base64Value(data[n]) >= 0 {
			n++
		}
		b.WriteString(utf7Run(data[:n]))
		data = data[n:]
		if len(data) > 0 && data[0] == '-' {
			data = data[1:]
		}
	}
	b.WriteString(guess(data))
	return b.String()
}

func utf7Run(run []byte) string {
	if len(run) == 0 {
		return "+"
	}
	for len(run)%4 == 1 {
		run = run[:len(run)-1]
	}
	raw := make([]byte, base64.RawStdEncoding.DecodedLen(len(run)))
	n, err := base64.RawStdEncoding.Decode(raw, run)
	if err != nil {
		return ""
	}
	units := make([]uint16, 0, n/2)
	for i := 0; i+1 < n; i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}
