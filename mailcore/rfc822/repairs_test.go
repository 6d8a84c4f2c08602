package rfc822

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// view is what a reader sees of a message; what a test leaves empty is not
// looked at, "-" means that nothing may be there.
type view struct{ subject, from, date, text, html, files string }

func viewOf(t *testing.T, raw string) view {
	t.Helper()
	c, err := Parse([]byte(raw))
	if err != nil {
		t.Errorf("%v in %.100q", err, raw)
		return view{}
	}
	v := view{subject: c.Subject, text: strings.TrimSpace(c.Text), html: strings.TrimSpace(c.HTML)}
	if !c.Date.IsZero() {
		v.date = c.Date.UTC().Format(time.RFC3339)
	}
	var from, files []string
	for _, a := range c.From {
		from = append(from, strings.TrimSpace(a.Name+" <"+a.Addr+">"))
	}
	for i, p := range c.Parts {
		data, err := AttachmentData([]byte(raw), i)
		if err != nil || int64(len(data)) != p.Size {
			t.Errorf("file %d: %d octets of %d, %v", i, len(data), p.Size, err)
		}
		files = append(files, fmt.Sprintf("%s %s %q", p.Name, p.Type, data))
	}
	v.from, v.files = strings.Join(from, ", "), strings.Join(files, ", ")
	return v
}

func (v view) check(t *testing.T, class, raw string, want view) {
	t.Helper()
	for _, f := range [][3]string{
		{"subject", v.subject, want.subject},
		{"from", v.from, want.from},
		{"date", v.date, want.date},
		{"text", v.text, want.text},
		{"html", v.html, want.html},
		{"files", v.files, want.files},
	} {
		if f[2] == "-" && f[1] != "" || f[2] != "-" && f[2] != "" && f[1] != f[2] {
			t.Errorf("%s: %s is %q, want %q, in\n%.300s", class, f[0], f[1], f[2], raw)
		}
	}
}

type variant struct {
	raw  string
	want view
}

func repairs(t *testing.T, classes map[string][]variant) {
	t.Helper()
	for class, variants := range classes {
		if len(variants) < 3 {
			t.Errorf("%s has %d variants", class, len(variants))
		}
		for _, v := range variants {
			viewOf(t, v.raw).check(t, class, v.raw, v.want)
		}
	}
}

func from(value, want string) variant {
	return variant{"From: " + value + "\r\nSubject: s\r\n\r\nhello\r\n", view{from: want, subject: "s", text: "hello"}}
}

func date(value, want string) variant {
	return variant{"From: a@b.example\nDate: " + value + "\n\nhello\n", view{date: want, text: "hello"}}
}

func subject(value, want string) variant {
	return variant{"Subject: " + value + "\r\nFrom: a@b.example\r\n\r\nhello\r\n", view{subject: want, from: "<a@b.example>"}}
}

func TestRepairsOfAddresses(t *testing.T) {
	repairs(t, map[string][]variant{
		"unquoted comma in a name": {
			from("Doe, John <john@x.example>", "Doe, John <john@x.example>"),
			from("Müller, Dr. Jörg <j@x.example>, Ann <a@x.example>", "Müller, Dr. Jörg <j@x.example>, Ann <a@x.example>"),
			from("ACME, Inc., Support <help@x.example>", "ACME, Inc., Support <help@x.example>"),
		},
		"unquoted @ in a name": {
			from("john@home.example <john@x.example>", "john@home.example <john@x.example>"),
			from("Ann @ Work <ann@x.example>", "Ann @ Work <ann@x.example>"),
			from("ann@x.example via List <list@y.example>", "ann@x.example via List <list@y.example>"),
		},
		"blanks in angle brackets": {
			from("John <john@x.example >", "John <john@x.example>"),
			from("John < john@x.example\r\n >", "John <john@x.example>"),
			from("John <john @ x . example>", "John <john@x.example>"),
		},
		"words in angle brackets are not put together": {
			from("<the host postmaster@x.example>", "<the host postmaster@x.example>"),
			from("John <john smith@x.example>", "John <john smith@x.example>"),
			from("<x.example\r\n\tpostmaster@x.example>", "<x.example postmaster@x.example>"),
		},
		"raw 8-bit name": {
			from("J\xf6rg <j@x.example>", "Jörg <j@x.example>"),
			from("\"J\xc3\xb6rg, \xc3\x84.\" <j@x.example>", "Jörg, Ä. <j@x.example>"),
			{"From: \xd0\xcf\xd3\xd4 <j@x.example>\nContent-Type: text/plain; charset=koi8-r\n\nx", view{from: "пост <j@x.example>"}},
		},
		"empty brackets": {
			from("a@b.example <>", "<a@b.example>"),
			from("a@b.example via List <>", "via List <a@b.example>"),
			from("Ann a@b.example < >", "Ann <a@b.example>"),
		},
		"no brackets": {
			from("Ann Doe ann@x.example", "Ann Doe <ann@x.example>"),
			from("ann@x.example (Ann Doe)", "Ann Doe <ann@x.example>"),
			from("\"Doe, Ann\" \"ann@x.example\"", "Doe, Ann <ann@x.example>"),
		},
		"several addresses, nothing between": {
			from("ann@x.example bob@y.example", "bob@y.example <ann@x.example>"),
			from("ann@x.example\r\n bob@y.example", "bob@y.example <ann@x.example>"),
			from("\"ann@x.example\" bob@y.example", "bob@y.example <ann@x.example>"),
		},
		"unclosed": {
			from("John <john@x.example", "John <john@x.example>"),
			from("\"John <john@x.example>", "John <john@x.example>"),
			from("John (the man <john@x.example>", "John (the man <john@x.example>"),
		},
		"brackets in a name": {
			from("<John> <john@x.example>", "<John> <john@x.example>"),
			from("<<john@x.example>>", "<john@x.example>"),
			from("John [Sales] <john@x.example>", "John [Sales] <john@x.example>"),
		},
		"other separators": {
			from("a@x.example; b@x.example", "<a@x.example>, <b@x.example>"),
			from("a@x.example,, ,b@x.example,", "<a@x.example>, <b@x.example>"),
			from("Team: a@x.example, b@x.example;", "<a@x.example>, <b@x.example>"),
		},
		"more than an address": {
			from("<mailto:john@x.example>", "<john@x.example>"),
			from("John <'john@x.example'>", "John <john@x.example>"),
			from("<@relay.example,@b.example:john@x.example>", "<john@x.example>"),
		},
	})
}

func TestRepairsOfDates(t *testing.T) {
	const noon, past = "2024-03-05T15:07:09Z", "2024-03-05T14:07:09Z"
	repairs(t, map[string][]variant{
		"zone names of RFC 5322": {
			date("Tue, 05 Mar 2024 10:07:09 EST", noon), date("Tue, 05 Mar 2024 08:07:09 pdt", noon), date("Tue, 05 Mar 2024 15:07:09 Z", noon),
		},
		"other zone names are -0000": {
			date("Tue, 05 Mar 2024 15:07:09 JST", noon), date("Tue, 05 Mar 2024 15:07:09 MET DST", noon), date("Tue, 05 Mar 2024 15:07:09 A", noon),
		},
		"no zone": {
			date("Tue, 05 Mar 2024 15:07:09", noon), date("5 Mar 24 15:07:09", noon), date("Tue, 05 Mar 2024", "2024-03-05T00:00:00Z"),
		},
		"a zone written otherwise": {
			date("Tue, 5 Mar 2024 15:07:09 +01:00", past), date("Tue, 5 Mar 2024 15:07:09 GMT+1", past), date("Tue, 5 Mar 2024 15:07:09+0100", past),
		},
		"a zone that no clock shows": {
			date("Tue, 5 Mar 2024 15:07:09 -2400", "2024-03-06T15:07:09Z"), date("Tue, 5 Mar 2024 15:07:09 +0090", "2024-03-05T13:37:09Z"),
			date("Tue, 5 Mar 2024 15:07:09 +9999", "2024-03-01T10:28:09Z"),
		},
		"years": {
			date("5 Mar 24 15:07:09 GMT", noon), date("Tue, 5 Mar 124 15:07:09 +0000", noon), date("Tue, 5 Mar 0024 15:07:09 +0000", noon),
		},
		"12 hours": {
			date("Tue, 5 Mar 2024 3:07:09 PM", noon), date("03/05/2024 03:07:09 PM", noon), date("Tue, 5 Mar 2024 12:07:09 AM", "2024-03-05T00:07:09Z"),
		},
		"asctime, RFC 850, ISO 8601": {
			date("Tue Mar  5 15:07:09 2024", noon), date("Tuesday, 05-Mar-24 15:07:09 GMT", noon), date("2024-03-05T16:07:09+01:00", noon),
		},
		"a time without colons": {
			date("Tue, 5 Mar 2024 15.07.09 +0000", noon), date("Tue, 5 Mar 2024 15-07-09 +0000", noon), date("Tue, 5 Mar 2024 1507 +0000", "2024-03-05T15:07:00Z"),
		},
		"no or a wrong day of the week": {
			date("5 Mar 2024 15:07:09 +0000", noon), date("Xyz, 5 Mar 2024 15:07:09 +0000", noon), date(", 5 Mar 2024 15:07:09 +0000", noon),
		},
		"comments and commas": {
			date("Tue, 5 Mar 2024 16:07:09 +0100 (CET", noon), date("Tue, (day) 5 Mar 2024, 15:07:09 +0000", noon), date("Tue, 5 Mar 2024 15:07:09 -0000 (GMT;)", noon),
		},
		"far from now": {
			date("Tue, 5 Mar 2124 15:07:09 +0000", "2124-03-05T15:07:09Z"), date("Thu, 1 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00Z"),
			date("Mon, 1 Jan 1900 00:00:00 +0000", "1900-01-01T00:00:00Z"),
		},
		"none": {
			date("", "-"), date("yesterday", "-"), date("Tue, 5 Foo 2024 15:07:09", "-"),
		},
	})
}

func TestRepairsOfWords(t *testing.T) {
	repairs(t, map[string][]variant{
		"character cut apart": {
			subject("=?utf-8?q?=C3?= =?utf-8?q?=A4?=", "ä"),
			subject("=?utf-8?b?4pw=?=\r\n =?utf-8?b?hQ==?=", "✅"),
			subject("=?iso-2022-jp?B?GyRCRnw=?= =?iso-2022-jp?B?S1wbKEI=?=", "日本"),
		},
		"blanks inside": {
			subject("=?utf-8?q?two words?=", "two words"),
			subject("=?utf-8?Q?=C3=A4 and\r\n =C3=B6?=", "ä and ö"),
			subject("=?utf-8?B?w6TD\r\n tg==?=", "äö"),
		},
		"no blank around": {
			subject("x=?utf-8?q?=C3=A4?=y", "xäy"),
			subject("=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
			subject("(=?utf-8?q?=C3=A4?=)", "(ä)"),
		},
		"never closed": {
			subject("=?utf-8?q?abc", "=?utf-8?q?abc"),
			subject("=?utf-8?q?abc =?cp1252?q?=e4?=", "=?utf-8?q?abc ä"),
			subject("=?utf-8?q?abc?", "=?utf-8?q?abc?"),
		},
		"in quotes": {
			subject("\"=?utf-8?q?=C3=A4?=\"", "\"ä\""),
			from("\"=?utf-8?q?J=C3=B6rg?=\" <j@x.example>", "Jörg <j@x.example>"),
			from("'=?utf-8?q?J=C3=B6rg?=' <j@x.example>", "Jörg <j@x.example>"),
		},
		"wrong base64": {
			subject("=?utf-8?b?w6Q?=", "ä"),
			subject("=?utf-8?b?w6Q===?=", "ä"),
			subject("=?utf-8?b?w 6Q=?=", "ä"),
		},
		"wrong quoted-printable": {
			subject("=?utf-8?q?a=ZZ?=", "a=ZZ"),
			subject("=?utf-8?q?caf=c3=a9?=", "café"),
			subject("=?utf-8?Q?100=?=", "100="),
		},
		"unknown character set": {
			subject("=?x-foo?q?=C3=A4?=", "ä"),
			subject("=?unknown-8bit?q?=E4?=", "ä"),
			subject("=?utf-8*de?q?=C3=A4?=", "ä"),
		},
		"not a word": {
			subject("=??q?abc?=", "=??q?abc?="),
			subject("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
			subject("a =? b ?= c", "a =? b ?= c"),
		},
		"control characters": {
			subject("=?utf-8?q?a=0D=0Ab?=", "a b"),
			subject("a\x00b\x07c", "abc"),
			subject("a\tb=?utf-8?q?=09c?=", "a b c"),
		},
		"raw 8-bit": {
			subject("Gr\xfc\xdfe", "Grüße"),
			subject("raw \xe4 and =?utf-8?q?=C3=A4?=", "raw ä and ä"),
			subject("\x1b$BF|K\\\x1b(B", "日本"),
		},
	})
}
