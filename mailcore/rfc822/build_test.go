package rfc822

import (
	"bytes"
	"net/mail"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

var built = Options{MessageID: "id1@becker-print.example", Date: time.Date(2025, 11, 24, 10, 1, 0, 0, time.FixedZone("", 3600)), UserAgent: "Linnet/1.0"}

func draft() mailcore.Draft {
	return mailcore.Draft{
		From:    mailcore.Address{Name: "Anna Becker", Addr: "anna@becker-print.example"},
		To:      []mailcore.Address{{Name: "Jörg \"J\" Weber, Drucker", Addr: "jorg@druckhaus.example"}, {Name: "Weber, Ines", Addr: "ines@bücher.example"}},
		Cc:      []mailcore.Address{{Addr: "office@becker-print.example"}},
		Bcc:     []mailcore.Address{{Addr: "secret@becker-print.example"}},
		Subject: "Frühling 🌷 " + strings.Repeat("sehr ", 40) + "lang",
		Text:    "Grüße\n\n.\nFrom here\n" + strings.Repeat("x", 5000) + "\ntrailing  \nend",
		Attachments: []mailcore.Attachment{
			{Name: "Übersicht für das ganze Jahr und noch viel mehr, was in einen Namen passt.pdf", Type: "application/pdf", Data: []byte("%PDF\x00\xff\r\n\n\r")},
			{Name: "../evil\r\nX: y.txt", Data: []byte("text")},
			{Name: "orig.eml", Type: "message/rfc822", Data: []byte("Subject: x\r\n\r\nbody\r\n")},
			{Name: "8bit.eml", Type: "message/rfc822", Data: []byte("Subject: ü\n\nbody")},
		},
		InReplyTo: "q@druckhaus.example", References: []string{"p@druckhaus.example", "q@druckhaus.example"},
	}
}

func build(t *testing.T, d mailcore.Draft) []byte {
	t.Helper()
	raw, err := Build(d, built)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestBuildComesBackAsWritten(t *testing.T) {
	d := draft()
	raw := build(t, d)
	if !bytes.Equal(raw, build(t, d)) {
		t.Error("two builds differ")
	}
	c, err := Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	d.To[1].Addr = "ines@xn--bcher-kva.example"
	if !reflect.DeepEqual(c.To, d.To) || !reflect.DeepEqual(c.Cc, d.Cc) || c.Bcc != nil {
		t.Errorf("to %q cc %q bcc %q", c.To, c.Cc, c.Bcc)
	}
	if c.Subject != d.Subject || c.MessageID != built.MessageID || c.InReplyTo != d.InReplyTo || !reflect.DeepEqual(c.References, d.References) {
		t.Errorf("header %+v", c.Header)
	}
	if _, offset := c.Date.Zone(); !c.Date.Equal(built.Date) || offset != 3600 {
		t.Errorf("date %v", c.Date)
	}
	if c.Text != d.Text+"\n" {
		t.Errorf("text %q", c.Text)
	}
	names := []string{d.Attachments[0].Name, "evilX_ y.txt", "orig.eml", "8bit.eml"}
	for i, a := range d.Attachments {
		got, err := AttachmentData(raw, i)
		if err != nil || !bytes.Equal(got, a.Data) || c.Parts[i].Name != names[i] {
			t.Errorf("%q: %q, %v", c.Parts[i].Name, got, err)
		}
	}
}

func TestBuildIsStrict(t *testing.T) {
	raw := build(t, draft())
	if _, err := mail.ReadMessage(bytes.NewReader(raw)); err != nil {
		t.Errorf("net/mail: %v", err)
	}
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n\x00") {
			t.Errorf("bad line %.100q", line)
		}
	}
	if strings.Contains(string(raw), "secret@") {
		t.Error("Bcc is in the message")
	}
	for i := range raw {
		if raw[i] >= 0x80 {
			t.Fatalf("8-bit octet at %d", i)
		}
	}
}

func TestBuildLetsNothingBeInjected(t *testing.T) {
	evil := "x\r\nBcc: evil@evil.example\r\n\r\nbody"
	d := draft()
	d.From.Name, d.To[0].Name, d.Subject, d.InReplyTo = evil, evil, evil, "a\r\nBcc: evil@evil.example"
	d.References = []string{evil, "<x>\r\nBcc: evil@evil.example"}
	d.Attachments[0].Name, d.Attachments[0].Type = evil, "text/plain\r\nBcc: evil@evil.example"
	o := built
	o.MessageID, o.UserAgent = "a@b\r\nBcc: evil@evil.example", evil
	raw, err := Build(d, o)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), "\nBcc:") {
		t.Errorf("injected:\n%.2000s", raw)
	}
	if c, err := Parse(raw); err != nil || c.Bcc != nil || len(c.Parts) != 4 {
		t.Errorf("%+v, %v", c, err)
	}
	for _, addr := range []string{"a@b.example\r\nBcc: x@y.example", "a b@c.example", "a@", "@b.example", "a@b.example>,<x@y.example", "a", ""} {
		d := draft()
		d.To = []mailcore.Address{{Addr: addr}}
		if _, err := Build(d, built); err == nil {
			t.Errorf("%q was taken", addr)
		}
	}
}

func TestBuildBoundsReferencesAndLongWords(t *testing.T) {
	d := draft()
	d.References = nil
	for i := range 500 {
		d.References = append(d.References, strings.Repeat("r", 200)+string(rune('a'+i%26))+"@x.example")
	}
	d.Subject = strings.Repeat("x", 5000)
	raw := build(t, d)
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		if len(line) > 998 {
			t.Errorf("line of %d octets", len(line))
		}
	}
	h := ParseHeader(raw)
	if len(h.References) != keptReferences || h.References[0] != d.References[0] || h.References[keptReferences-1] != d.References[499] {
		t.Errorf("%d references", len(h.References))
	}
	if h.Subject != d.Subject {
		t.Errorf("subject of %d", len(h.Subject))
	}
}

func TestWithBcc(t *testing.T) {
	raw := build(t, draft())
	out := WithBcc(raw, draft().Bcc)
	if h := ParseHeader(out); len(h.Bcc) != 1 || h.Bcc[0].Addr != "secret@becker-print.example" || h.Subject != draft().Subject {
		t.Errorf("%+v", h)
	}
	if !bytes.HasSuffix(out, raw[bytes.Index(raw, []byte("\r\n\r\n")):]) {
		t.Error("the body changed")
	}
	if got := WithBcc(raw, nil); !bytes.Equal(got, raw) {
		t.Error("changed without Bcc")
	}
}

func TestNewMessageID(t *testing.T) {
	a, b := NewMessageID("anna@becker-print.example"), NewMessageID("anna@becker-print.example")
	if a == b || !strings.HasSuffix(a, "@becker-print.example") || len(a) < 40 {
		t.Errorf("%q, %q", a, b)
	}
	if id := NewMessageID("nonsense"); !strings.HasSuffix(id, "@mail.invalid") {
		t.Errorf("%q", id)
	}
	if id := NewMessageID("x@bücher.example"); !strings.HasSuffix(id, "@xn--bcher-kva.example") {
		t.Errorf("%q", id)
	}
}
