package rfc822

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// uuencode is the encoder that the tests need; Linnet sends MIME.
func uuencode(name string, data []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "begin 644 %s\n", name)
	char := func(v byte) byte {
		if v &= 0x3f; v != 0 {
			return v + ' '
		}
		return '`'
	}
	for len(data) > 0 {
		n := min(45, len(data))
		line := append(bytes.Clone(data[:n]), 0, 0)
		data = data[n:]
		b.WriteByte(char(byte(n)))
		for i := 0; i < n; i += 3 {
			x, y, z := line[i], line[i+1], line[i+2]
			b.Write([]byte{char(x >> 2), char(x<<4 | y>>4), char(y<<2 | z>>6), char(z)})
		}
		b.WriteByte('\n')
	}
	b.WriteString("`\nend\n")
	return b.String()
}

func yencode(name string, data []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "=ybegin line=128 size=%d name=%s\r\n", len(data), name)
	for i, c := range data {
		c += 42
		if c == 0 || c == '\r' || c == '\n' || c == '=' {
			b.WriteByte('=')
			c += 64
		}
		b.WriteByte(c)
		if i%128 == 127 {
			b.WriteString("\r\n")
		}
	}
	fmt.Fprintf(&b, "\r\n=yend size=%d\r\n", len(data))
	return b.String()
}

func TestFilesInText(t *testing.T) {
	data := make([]byte, 1000)
	for i := range data {
		data[i] = byte(i * 7)
	}
	uu := uuencode("price list.pdf", data)
	for name, c := range map[string]struct {
		body, text string
		files      int
	}{
		"uuencode between words": {"Here it is:\n" + uu + "Jonas\n", "Here it is:\nJonas", 1},
		"uuencode alone":         {uu, "", 1},
		"two files":              {"both\n" + uu + "\n" + uu, "both", 2},
		"no end line":            {"cut off\n" + strings.TrimSuffix(uu, "`\nend\n"), "cut off", 1},
		"blanks for backquotes":  {"x\n" + strings.ReplaceAll(uu, "`", " "), "x", 1},
		"yEnc":                   {"Here:\r\n" + yencode("price list.pdf", data) + "bye\r\n", "Here:\nbye", 1},
		"yEnc alone":             {yencode("price list.pdf", data), "", 1},
		"two yEnc":               {yencode("price list.pdf", data) + yencode("price list.pdf", data), "", 2},
		"begin in a sentence":    {"begin 644 miles away\nfrom here\n", "begin 644 miles away\nfrom here", 0},
		"begin at work":          {"begin at once\n\nend\n", "begin at once\n\nend", 0},
		"yEnc without end":       {"=ybegin line=128 size=3 name=x\nabc\n", "=ybegin line=128 size=3 name=x\nabc", 0},
	} {
		raw := []byte("Subject: x\n\n" + c.body)
		got, err := Parse(raw)
		if err != nil || strings.Trim(got.Text, "\n") != c.text || len(got.Parts) != c.files {
			t.Errorf("%s: %d files, %q, %v; want %d, %q", name, len(got.Parts), got.Text, err, c.files, c.text)
			continue
		}
		for i, p := range got.Parts {
			file, err := AttachmentData(raw, i)
			if err != nil || !bytes.Equal(file, data) || p.Name != "price list.pdf" || p.Type != "application/pdf" || p.Size != 1000 {
				t.Errorf("%s: %+v, %d octets, %v", name, p, len(file), err)
			}
		}
	}
}
