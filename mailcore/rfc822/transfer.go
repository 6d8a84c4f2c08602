package rfc822

import (
	"bytes"
	"strings"
)

// decodeTransfer undoes a content transfer encoding (RFC 2045 section 6). It
// never fails: what is broken is taken as well as can be, what is unknown stays
// as it is.
func decodeTransfer(encoding string, data []byte) []byte {
	switch encoding {
	case "base64":
		return decodeBase64(data)
	case "quoted-printable":
		return decodeQP(data)
	case "x-uuencode", "uuencode", "x-uue", "uue":
		return decodeUU(data)
	case "x-yenc", "yenc":
		return decodeYEnc(data)
	}
	return data
}

// encodingName normalises a Content-Transfer-Encoding value.
func encodingName(v string) string {
	v = strings.ToLower(strings.Trim(unfold(v), " \t\"';"))
	if i := strings.IndexAny(v, " \t;("); i > 0 {
		v = v[:i]
	}
	switch v {
	case "base-64", "x-base64", "b":
		return "base64"
	case "quoted_printable", "quotedprintable", "qp", "q", "quoted-printeable":
		return "quoted-printable"
	}
	return v
}

func base64Value(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 26
	case c >= '0' && c <= '9':
		return int(c-'0') + 52
	case c == '+':
		return 62
	case c == '/':
		return 63
	}
	return -1
}

// wordy reports whether data is rather words than base64: blanks within its
// lines all over, and no long line without any.
func wordy(data []byte) bool {
	blanks := 0
	for line := range bytes.Lines(data) {
		line = bytes.TrimSpace(line)
		n := bytes.Count(line, []byte(" "))
		if n == 0 && len(line) >= 60 {
			return false
		}
		blanks += n
	}
	return blanks*20 > len(data)
}

// decodeBase64 skips what is not of the alphabet and ends at the padding;
// missing padding does not matter.
func decodeBase64(data []byte) []byte {
	out := make([]byte, 0, len(data)*3/4+3)
	var acc uint32
	n := 0
	for _, c := range data {
		v := base64Value(c)
		if c == '=' && n >= 2 {
			break
		}
		if v < 0 {
			continue
		}
		acc = acc<<6 | uint32(v)
		if n++; n == 4 {
			out = append(out, byte(acc>>16), byte(acc>>8), byte(acc))
			acc, n = 0, 0
		}
	}
	switch n {
	case 2:
		out = append(out, byte(acc>>4))
	case 3:
		out = append(out, byte(acc>>10), byte(acc>>2))
	}
	return out
}

// decodeQP decodes quoted-printable (RFC 2045 section 6.7); a "=" that begins
// no escape stays.
func decodeQP(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		end := bytes.IndexByte(data, '\n') + 1
		if end == 0 {
			end = len(data)
		}
		line := bytes.TrimRight(data[:end], "\r\n")
		eol := data[len(line):end]
		data = data[end:]
		line = bytes.TrimRight(line, " \t")
		if n := len(line); n > 0 && line[n-1] == '=' && (len(eol) > 0 || len(data) == 0) {
			line, eol = line[:n-1], nil
		}
		out = append(unescapeQP(out, line), eol...)
	}
	return out
}

func unescapeQP(out, line []byte) []byte {
	for i := 0; i < len(line); i++ {
		if line[i] == '=' && i+2 < len(line) {
			hi, lo := hexValue(line[i+1]), hexValue(line[i+2])
			if hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, line[i])
	}
	return out
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// decodeUU decodes the lines between "begin" and "end".
func decodeUU(data []byte) []byte {
	var out []byte
	inside := false
	for line := range bytes.Lines(data) {
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case bytes.HasPrefix(line, []byte("begin ")):
			inside = true
		case bytes.Equal(line, []byte("end")):
			return out
		case inside && len(line) > 0:
			out = append(out, uuLine(line)...)
		}
	}
	if !inside {
		return data
	}
	return out
}

func uuLine(line []byte) []byte {
	n := int((line[0] - ' ') & 0x3f)
	line = line[1:]
	out := make([]byte, 0, n+3)
	for i := 0; i < len(line) && len(out) < n; i += 4 {
		var q [4]byte
		for j := range q {
			if i+j < len(line) {
				q[j] = (line[i+j] - ' ') & 0x3f
			}
		}
		out = append(out, q[0]<<2|q[1]>>4, q[1]<<4|q[2]>>2, q[2]<<6|q[3])
	}
	return out[:min(n, len(out))]
}
