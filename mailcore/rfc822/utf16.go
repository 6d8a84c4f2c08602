package rfc822

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

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
		b.WriteString(guess(data[:i]))
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
