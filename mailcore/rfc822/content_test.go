package rfc822

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/linnet-mail/linnet/mailcore"
)

// crlf makes wire line ends of a message written with plain ones.
func crlf(s string) []byte { return []byte(strings.ReplaceAll(s, "\n", "\r\n")) }

func parse(t *testing.T, s string) mailcore.Content {
	t.Helper()
	c, err := Parse(crlf(s))
	if err != nil {
		t.Fatalf("%v in %.80q", err, s)
	}
	return c
}

const richMail = `From: Jonas Weber <jonas@druckhaus.example>
To: anna@becker-print.example
Subject: Offer
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

preamble
--outer
Content-Type: multipart/related; boundary=rel

--rel
Content-Type: multipart/alternative; boundary=alt

--alt
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe, the plain text.

--alt
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<p>Gr=FC=DFe, the <b>HTML</b>.</p>
--alt--
--rel
Content-Type: image/png
Content-ID: <logo@druckhaus.example>
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--rel--
--outer
Content-Type: application/pdf; name="=?utf-8?q?Angebot_f=C3=BCr_Anna.pdf?="
Content-Disposition: attachment; filename*0*=utf-8''Angebot%20f%C3%BCr; filename*1="
 Anna.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQKAP8=
--outer
Content-Type: message/rfc822

Subject: The original / question
From: anna@becker-print.example

inner text
--outer--
epilogue
`

func TestParseSortsTheParts(t *testing.T) {
	c := parse(t, richMail)
	if got := strings.TrimSpace(c.Text); got != "Grüße, the plain text." {
		t.Errorf("text = %q", got)
	}
	if c.HTML != "<p>Grüße, the <b>HTML</b>.</p>" {
		t.Errorf("html = %q", c.HTML)
	}
	want := []mailcore.Part{
		{Index: 0, Name: "attachment-1.png", Type: "image/png", Size: 8, CID: "logo@druckhaus.example", Inline: true, Encoding: "base64"},
		{Index: 1, Name: "Angebot für Anna.pdf", Type: "application/pdf", Size: 11, Encoding: "base64"},
		{Index: 2, Name: "The original - question.eml", Type: "message/rfc822", Size: 79},
	}
	if len(c.Parts) != len(want) {
		t.Fatalf("parts = %+v", c.Parts)
	}
	for i := range want {
		if c.Parts[i] != want[i] {
			t.Errorf("part %d\n got %+v\nwant %+v", i, c.Parts[i], want[i])
		}
	}
	pdf, err := AttachmentData(crlf(richMail), 1)
	if err != nil || string(pdf) != "%PDF-1.4\n\x00\xff" {
		t.Errorf("pdf = %q, %v", pdf, err)
	}
	eml, err := AttachmentData(crlf(richMail), 2)
	if err != nil || !bytes.HasSuffix(eml, []byte("\r\n\r\ninner text")) {
		t.Errorf("eml = %q, %v", eml, err)
	}
	if _, err := AttachmentData(crlf(richMail), 3); !errors.Is(err, ErrNoAttachment) {
		t.Errorf("attachment 3: %v", err)
	}
}

func TestParseBrokenMessages(t *testing.T) {
	for name, c := range map[string]struct{ raw, want string }{
		"no header":          {"Hello Anna,\nsee you.\n", "Hello Anna,\nsee you."},
		"only header":        {"Subject: x\nFrom: a@b.example\n", ""},
		"no blank line":      {"Subject: x\nFrom: a@b.example\nHello there\nand more\n", "Hello there\nand more"},
		"no boundary param":  {"Content-Type: multipart/mixed\n\n--xx\nContent-Type: text/plain\n\nhere\n--xx--\n", "here"},
		"wrong boundary":     {"Content-Type: multipart/mixed; boundary=yy\n\n--xx\nContent-Type: text/plain\n\nhere\n--xx--\n", "here"},
		"unused boundary":    {"Content-Type: multipart/mixed; boundary=yy\n\njust text\n", "just text"},
		"no end":             {"Content-Type: multipart/mixed; boundary=xx\n\n--xx\n\nhere\n", "here"},
		"part without head":  {"Content-Type: multipart/mixed; boundary=xx\n\n--xx\n\nHi\n\nFrom: x\nbye\n--xx--\n", "Hi\n\nFrom: x\nbye"},
		"bad type":           {"Content-Type: text\n\nhere\n", "here"},
		"utf-8 said ascii":   {"Content-Type: text/plain; charset=us-ascii\n\nGrüße\n", "Grüße"},
		"latin-1 unsaid":     {"Subject: x\n\nGr\xfc\xdfe \x80\n", "Grüße €"},
		"latin-1 said utf-8": {"Content-Type: text/plain; charset=utf-8\n\nGr\xfc\xdfe\n", "Grüße"},
		"unknown charset":    {"Content-Type: text/plain; charset=x-foo\n\nGrüße\n", "Grüße"},
		"bad base64":         {"Content-Transfer-Encoding: base64\n\nSGVs*bG8\n gV29ybGQ\n", "Hello World"},
		"bad qp":             {"Content-Transfer-Encoding: quoted-printable\n\n100=25 =ZZ =\nsure=3d=\n", "100% =ZZ sure="},
		"unknown encoding":   {"Content-Transfer-Encoding: x-foo\n\nhere\n", "here"},
		"html only":          {"Content-Type: text/html\n\n<style>x</style><p>One<p>Two", "One\n\nTwo"},
		"html, empty plain": {
			"Content-Type: multipart/alternative; boundary=x\n\n--x\n\n \n--x\nContent-Type: text/html\n\n<b>rich</b>\n--x--\n", "rich",
		},
		"html names charset": {"Content-Type: text/html\n\n<meta charset=iso-8859-5>\xbf\xe0\xd8", "При"},
		"footer":             {"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nbody\n--x\n\n-- \nlist footer\n--x--\n", "body\n\n-- \nlist footer"},
		"named text":         {"Content-Type: text/plain; name=x.txt\n\nhere\n", "here"},
		"flowed":             {"Content-Type: text/plain; format=flowed\n\none \ntwo\n\n> quoted \n> on\n>> deeper\n-- \nme\n", "one two\n\n> quoted on\n>> deeper\n-- \nme"},
		"controls":           {"Subject: x\n\na\x00b\x07c\td\n", "abc\td"},
		"bare CR":            {"Subject: x\r\rone\rtwo\r", "one\ntwo"},
	} {
		got, err := Parse([]byte(c.raw))
		if err != nil || strings.TrimRight(got.Text, "\n") != c.want {
			t.Errorf("%s: %q, %v; want %q", name, got.Text, err, c.want)
		}
	}
	for _, raw := range []string{"", " \r\n\r\n"} {
		if _, err := Parse([]byte(raw)); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func TestSafeName(t *testing.T) {
	for in, want := range map[string]string{
		"report.pdf":                       "report.pdf",
		"../../etc/passwd":                 "passwd",
		`C:\Users\anna\price list.xls`:     "price list.xls",
		"invoice\u202efdp.exe":             "invoicefdp.exe",
		"a\u2066b\u200f.txt":               "ab.txt",
		"nul":                              "_nul",
		"COM1.txt":                         "_COM1.txt",
		"name. . ":                         "name",
		"a:b?.txt":                         "a_b_.txt",
		".bashrc":                          "_bashrc",
		"..":                               "",
		"":                                 "",
		"line\r\nbreak.txt":                "linebreak.txt",
		"Ωmega αβγ.pdf":                    "Ωmega αβγ.pdf",
		"x\uff0fy.txt":                     "x_y.txt",
		strings.Repeat("ä", 200) + ".jpeg": strings.Repeat("ä", 72) + ".jpeg",
	} {
		if got := SafeName(in); got != want {
			t.Errorf("%q = %q, want %q", in, got, want)
		}
	}
}

func TestSnippet(t *testing.T) {
	if got := Snippet("\n\n> quoted\n\nThank you,\u200b Anna!\r\n  See\tyou.\n-- \nJonas"); got != "Thank you, Anna! See you." {
		t.Errorf("snippet = %q", got)
	}
	if got := Snippet("Our shop <https://x.example/very?long=1> is open, see <https://y.example>."); got != "Our shop is open, see." {
		t.Errorf("snippet = %q", got)
	}
	if got := Snippet("> only quoted"); got != "> only quoted" {
		t.Errorf("snippet = %q", got)
	}
	if n := utf8.RuneCountInString(Snippet(strings.Repeat("wörd ", 100))); n > 200 || n < 190 {
		t.Errorf("%d runes", n)
	}
}

func TestDump(t *testing.T) {
	p := Dump("a/b.eml", crlf(richMail))
	if p.Error != nil || p.Date != nil || len(p.From) != 1 || len(p.Parts) != 5 {
		t.Fatalf("%+v", p)
	}
	if q := p.Parts[3]; q.Filename != "Angebot für Anna.pdf" || q.Size != 11 || q.Disposition != "attachment" || q.Text != "" {
		t.Errorf("%+v", q)
	}
	if p := Dump("x", nil); p.Error == nil {
		t.Error("no error for nothing")
	}
}

func TestUUEncode(t *testing.T) {
	if got := decodeUU([]byte("begin 644 cat.txt\n#0V%T\n`\nend\n")); string(got) != "Cat" {
		t.Errorf("%q", got)
	}
}

func TestBase64IsByteExact(t *testing.T) {
	for n := range 300 {
		data := bytes.Repeat([]byte{0xfe, 0, 0x0d, 0x0a, byte(n)}, n)[:n]
		sent := sentAsFile(t, data)
		if got := decodeBase64(sent); !bytes.Equal(got, data) {
			t.Fatalf("%d octets came back as %d", n, len(got))
		}
		if want, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(string(sent), "\r\n", "")); err != nil || !bytes.Equal(want, data) {
			t.Fatalf("%d octets: %v", n, err)
		}
	}
}

// sentAsFile is what a built message has between the header of its only
// attachment and the last boundary.
func sentAsFile(t *testing.T, data []byte) []byte {
	t.Helper()
	raw, err := Build(mailcore.Draft{
		From: mailcore.Address{Addr: "a@b.test"}, Attachments: []mailcore.Attachment{{Name: "x.bin", Data: data}},
	}, Options{MessageID: "1@b.test", Date: time.Unix(1, 0)})
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(raw, []byte("Content-Transfer-Encoding: base64\r\n\r\n"))
	at := bytes.LastIndex(rest, []byte("\r\n--"))
	if at < 0 {
		t.Fatalf("no attachment in\n%s", raw)
	}
	return rest[:at]
}
