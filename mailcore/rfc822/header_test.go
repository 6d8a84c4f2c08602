package rfc822

import (
	"bytes"
	"mime"
	"net/mail"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

const sampleHeader = "From: =?utf-8?Q?J=C3=B6rg_Weber?= <jorg.weber@druckhaus.example>\r\n" +
	"To: Anna Becker <anna@becker-print.example>,\r\n\t\"Costa, Ines\" <ines@druckhaus.example>\r\n" +
	"Cc: office@becker-print.example\r\n" +
	"Subject: =?utf-8?B?QW5nZWJvdCBmw7xyIGRlbg==?=\r\n =?utf-8?B?IEZyw7xobGluZ3NrYXRhbG9n?=\r\n" +
	"Date: Mon, 24 Nov 2025 10:01:07 +0100\r\n" +
	"Message-ID: <a1b2c3@druckhaus.example>\r\n" +
	"In-Reply-To: <9f8e7d@becker-print.example>\r\n" +
	"References: <1@becker-print.example> <2@druckhaus.example>\r\n <9f8e7d@becker-print.example>\r\n" +
	"List-Id: Offers <offers.druckhaus.example>\r\n" +
	"Content-Type: multipart/mixed; boundary=\"xyz\"\r\n\r\n"

func TestParseHeaderReadsAllFields(t *testing.T) {
	got := ParseHeader([]byte(sampleHeader))
	want := mailcore.Header{
		MessageID: "a1b2c3@druckhaus.example", InReplyTo: "9f8e7d@becker-print.example",
		References:  []string{"1@becker-print.example", "2@druckhaus.example", "9f8e7d@becker-print.example"},
		From:        []mailcore.Address{{Name: "Jörg Weber", Addr: "jorg.weber@druckhaus.example"}},
		To:          []mailcore.Address{{Name: "Anna Becker", Addr: "anna@becker-print.example"}, {Name: "Costa, Ines", Addr: "ines@druckhaus.example"}},
		Cc:          []mailcore.Address{{Addr: "office@becker-print.example"}},
		Subject:     "Angebot für den Frühlingskatalog",
		ListID:      "offers.druckhaus.example",
		ContentType: "multipart/mixed",
	}
	if when := time.Date(2025, 11, 24, 9, 1, 7, 0, time.UTC); !got.Date.Equal(when) {
		t.Errorf("date = %v, want %v", got.Date, when)
	}
	got.Date = time.Time{}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestParseHeaderSkipsWhatIsNoField(t *testing.T) {
	for name, raw := range map[string]string{
		"From line":       "From jonas Mon Nov 24 10:00:00 2025\nSubject: here\nFrom: a@b.example\n\nbody",
		"leading blanks":  "\r\n\r\nFrom: a@b.example\r\nSubject: here\r\n\r\nbody",
		"junk first":      "garbage without meaning\nSubject: here\nFrom: a@b.example\n\n",
		"broken line":     "From: a@b.example\nthis is no field\nSubject: here\n\n",
		"blank in name":   "From: a@b.example\nSubject : here\n\n",
		"no end":          "From: a@b.example\nSubject: here",
		"lower case":      "from: a@b.example\nsubject: here\n\n",
		"NUL in value":    "From: a@b.example\nSubject: he\x00re\n\n",
		"bare CR, folded": "From: a@b.example\r\nSubject:\r\n here\r\n\r\n",
	} {
		h := ParseHeader([]byte(raw))
		if h.Subject != "here" || len(h.From) != 1 || h.From[0].Addr != "a@b.example" {
			t.Errorf("%s: %+v", name, h)
		}
	}
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string][][2]string{ // name, addr-spec
		"a@b.example":                                   {{"", "a@b.example"}},
		"Doe, John <x@y.example>":                       {{"Doe, John", "x@y.example"}},
		"Doe, John <x@y.example>, b@c.example":          {{"Doe, John", "x@y.example"}, {"", "b@c.example"}},
		"john@home.example <x@y.example>":               {{"john@home.example", "x@y.example"}},
		"John <x@y.example >":                           {{"John", "x@y.example"}},
		"a@b.example; c@d.example":                      {{"", "a@b.example"}, {"", "c@d.example"}},
		"Team: a@b.example, B <b@c.example>;":           {{"", "a@b.example"}, {"B", "b@c.example"}},
		"undisclosed-recipients:;":                      nil,
		"x@y.example (John (the) Doe)":                  {{"John (the) Doe", "x@y.example"}},
		`"Doe \"JD\" John" <x@y.example>`:               {{`Doe "JD" John`, "x@y.example"}},
		`"open <x@y.example>`:                           {{"open", "x@y.example"}},
		"=?utf-8?q?Doe=2C_John?= <x@y.example>":         {{"Doe, John", "x@y.example"}},
		`"=?utf-8?q?J=C3=B6rg?=" <x@y.example>`:         {{"Jörg", "x@y.example"}},
		"J\xf6rg <x@y.example>":                         {{"Jörg", "x@y.example"}},
		"<@relay.example:x@y.example>":                  {{"", "x@y.example"}},
		"=?utf-8?q?boss=40bank.example?=@evil.example":  {{"", "=?utf-8?q?boss=40bank.example?=@evil.example"}},
		"=?utf-8?q?Boss_=3Cboss=40bank.example=3E?=":    {{"Boss <boss@bank.example>", ""}},
		`"john doe"@y.example`:                          {{"", `"john doe"@y.example`}},
		"John Doe x@y.example":                          {{"John Doe", "x@y.example"}},
		"MAILER-DAEMON":                                 {{"MAILER-DAEMON", ""}},
		"Eve\r\n\tX <e@y.example>":                      {{"Eve X", "e@y.example"}},
		"=?utf-8?q?Eve=0D=0ABcc:_z=40z?= <e@y.example>": {{"Eve Bcc: z@z", "e@y.example"}},
	} {
		var got [][2]string
		for _, a := range parseAddresses(unfold(in), "") {
			got = append(got, [2]string{a.Name, a.Addr})
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	want := time.Date(2024, 3, 5, 14, 7, 9, 0, time.UTC)
	for _, in := range []string{
		"Tue, 5 Mar 2024 15:07:09 +0100", "5 Mar 24 14:07:09 GMT", "Tue Mar  5 14:07:09 2024", "Tue Mar 5 09:07:09 2024 -0500",
		"Tue Mar  5 09:07:09 EST 2024", "2024-03-05T14:07:09Z", "2024-03-05T15:07:09+01:00", "2024-03-05 14:07:09", "05-Mar-2024 14:07:09 +0000",
		"Tue, 05 Mar 2024 07:07:09 MST", "Tue, 05 Mar 2024 10:07:09 -0400 (AST)", "Tuesday, March 5, 2024 2:07:09 PM",
		"Tue, 5 March 2024 14:07:09 UT", "Tue,5 Mar 2024 14:07:09 +0000", "Tue, 05 Mar 2024 16:07:09 GMT+2", "05 Mar 2024 14.07.09 +0000",
		"Tue, 05 Mar 2024 16:07:09 +02:00", "3/5/2024 14:07:09", "Tue, 05 Mar 2024 14:07:09.123 +0000",
	} {
		if got := parseDate(in); !got.Equal(want) {
			t.Errorf("%q = %v", in, got)
		}
	}
	for _, in := range []string{"", "yesterday", "5 Foo 2024 14:07", "99 Mar 2024 14:07:09", "Tue, 5 Mar 2024 29:07:09"} {
		if got := parseDate(in); !got.IsZero() {
			t.Errorf("%q = %v, want nothing", in, got)
		}
	}
}

func TestEncodedWords(t *testing.T) {
	for in, want := range map[string]string{
		"=?iso-8859-1?q?caf=E9?=":                         "café",
		"=?UTF-8?B?w4Q=?= =?utf-8?b?w5Y=?=":               "ÄÖ",
		"=?utf-8?b?4pw=?= =?utf-8?b?hQ==?= done":          "✅ done",
		"=?utf-8*de?q?gr=C3=BCn?=":                        "grün",
		"a =?utf-8?q?b?= c":                               "a b c",
		"=?utf-8?q?two words inside?=":                    "two words inside",
		"=?utf-8?q?broken":                                "=?utf-8?q?broken",
		"=?x-none?q?plain?=":                              "plain",
		"=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=":              "日本",
		"=?utf-8?Q??=":                                    "",
		"=?gb2312?B?1tC5+g==?=":                           "中国",
		"pre=?utf-8?q?fix?=":                              "prefix",
		"=?utf-8?q?a?= =?iso-8859-1?q?=E4?=":              "aä",
		"=?utf-8?q?x=0D=0ABcc:y=00?=":                     "x Bcc:y",
		"Gr\xc3\xbc\xc3\x9fe":                             "Grüße",
		"Gr\xfc\xdfe":                                     "Grüße",
		"=?utf-8?b?SGVsbG8?= =?utf-8?b?IHdvcmxk?=":        "Hello world",
		"=?windows-1251?B?z/Do4uXy?=":                     "Привет",
		"=?unicode-1-1-utf-7?Q?Hi_Mom_+Jjo--+ACE-?=":      "Hi Mom ☺-!",
		"=?us-ascii?q?wrong_=C3=A4?= and =?utf-8?q?=E4?=": "wrong ä and ä",
	} {
		if got := decodeWords(in, ""); got != want {
			t.Errorf("%q = %q, want %q", in, got, want)
		}
	}
}

func BenchmarkParseHeader(b *testing.B) {
	raw := []byte(sampleHeader)
	b.ReportAllocs()
	for b.Loop() {
		ParseHeader(raw)
	}
}

// BenchmarkNetMail is the yardstick: the same header through the standard
// library, which reads less of what real mail sends.
func BenchmarkNetMail(b *testing.B) {
	raw := []byte(sampleHeader)
	b.ReportAllocs()
	for b.Loop() {
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range []string{"From", "To", "Cc"} {
			if _, err := m.Header.AddressList(name); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := m.Header.Date(); err != nil {
			b.Fatal(err)
		}
		if _, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
			b.Fatal(err)
		}
		if _, _, err := mime.ParseMediaType(m.Header.Get("Content-Type")); err != nil {
			b.Fatal(err)
		}
	}
}

func TestDeliveredTo(t *testing.T) {
	raw := []byte("Delivered-To: info@example.org\r\nX-Original-To: <sales@example.org>\r\nTo: list@example.net\r\n" +
		"Subject: Delivered-To: no@example.org\r\n\r\nDelivered-To: body@example.org\r\n")
	var got []string
	for _, a := range DeliveredTo(raw) {
		got = append(got, a.Addr)
	}
	if !slices.Equal(got, []string{"info@example.org", "sales@example.org"}) {
		t.Errorf("delivered to %v", got)
	}
	if got := DeliveredTo(nil); got != nil {
		t.Errorf("of nothing: %v", got)
	}
}
