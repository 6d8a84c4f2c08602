package rfc822

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzParse(f *testing.F) {
	f.Add(crlf(richMail))
	f.Add([]byte("Content-Type: multipart/mixed\n\n--x\nContent-Type: text/html\n\n<p>\n--x\n\n=?"))
	f.Add([]byte("Content-Type: text/plain; charset=utf-7; format=flowed; delsp=yes\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n#86)C\nend\n"))
	f.Add([]byte("Subject: x\n\nsee\n" + uuencode("cat.txt", []byte("Cat")) + yencode("dog.txt", []byte("Dog\x00="))))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\nContent-Type: multipart/related; boundary=x; start=a\n\n\n--x\nContent-Type: message/rfc822\nContent-Disposition: attachment filename*0*=utf-8''%C3; filename*1*=%A4\n\n\n"))
	f.Add([]byte("\xef\xbb\xbf>From x\r\r\nContent-Type: text/html; charset=viscii\rContent-Transfer-Encoding: base64\r\rPGI+\x02"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := Parse(raw)
		if err != nil {
			return
		}
		if !utf8.ValidString(c.Text) || strings.ContainsAny(c.Text, "\x00\r") || !utf8.ValidString(c.HTML) {
			t.Fatalf("text %q", c.Text)
		}
		if len(c.Parts) > MaxParts {
			t.Fatalf("%d parts", len(c.Parts))
		}
		for i, p := range c.Parts {
			data, err := AttachmentData(raw, i)
			if err != nil || int64(len(data)) != p.Size || p.Name == "" || p.Name != SafeName(p.Name) {
				t.Fatalf("part %+v: %d octets, %v", p, len(data), err)
			}
		}
		if n := len(ForwardAttachments(raw)); n > len(c.Parts) {
			t.Fatalf("%d files of %d are forwarded", n, len(c.Parts))
		}
		Dump("x", raw)
	})
}

func FuzzParseHeader(f *testing.F) {
	f.Add([]byte(sampleHeader))
	f.Add([]byte("From: \"a <b\nSubject: =?utf-8?q?=\nTo: (((<,;:\nDate: +-:.\n\n"))
	f.Add([]byte("From: Doe, J. <j @ x.example > , \"a@b\" <>\nTo: x\nTo: y@z\nDate: 5 Mar 24 3:07 PM +9999\nSubject: =?iso-2022-kr?b?GyQpQw5=?=\n\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		h := ParseHeader(raw)
		if strings.ContainsAny(h.Subject, "\x00\r\n") || !utf8.ValidString(h.Subject) {
			t.Fatalf("subject %q", h.Subject)
		}
		for _, a := range append(h.From, h.To...) {
			if strings.ContainsAny(a.Addr+a.Name, "\x00\r\n") || !utf8.ValidString(a.Addr+a.Name) {
				t.Fatalf("address %q", a)
			}
		}
		if h.MessageID != ParseHeader(raw).MessageID {
			t.Fatal("two readings of one header")
		}
	})
}

// FuzzCharset holds every decoder to UTF-8, whatever the name and the bytes.
func FuzzCharset(f *testing.F) {
	for _, name := range []string{"utf-7", "utf-16", "viscii", "iso-2022-kr", "iso-2022-jp", "hz", "big5", "gb18030", "koi8-r", "x-foo", "replacement"} {
		f.Add(name, []byte("Gr+APwA3w-e \x1b$)C\x0eGQ\x0f \xe4\xf6 ~{VP~}"))
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if s := clean(decodeCharset(name, data)); !utf8.ValidString(s) {
			t.Fatalf("%q in %q is %q", data, name, s)
		}
	})
}

// FuzzTransfer holds the transfer encodings to what they can give at most.
func FuzzTransfer(f *testing.F) {
	f.Add([]byte("SGVs*bG8\n gV29ybGQ\n"))
	f.Add([]byte("100=25 =ZZ =\nsure=3d="))
	f.Add([]byte(uuencode("x", []byte("Cat"))))
	f.Add([]byte(yencode("x", []byte("Cat\x00"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, encoding := range []string{"base64", "quoted-printable", "x-uuencode", "x-yenc", ""} {
			if out := decodeTransfer(encoding, data); len(out) > len(data) {
				t.Fatalf("%s makes %d of %d octets", encoding, len(out), len(data))
			}
		}
		if got := decodeBase64(sentAsFile(t, data)); string(got) != string(data) {
			t.Fatalf("base64 of %q came back as %q", data, got)
		}
	})
}
