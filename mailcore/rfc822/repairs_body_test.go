package rfc822

import (
	"strings"
	"testing"
)

const head = "From: a@b.example\nSubject: s\n"

// typed is a message of one part with a Content-Type.
func typed(contentType, body, text string) variant {
	return variant{head + "Content-Type: " + contentType + "\n\n" + body, view{subject: "s", text: text}}
}

func coded(encoding, body, text string) variant {
	return variant{head + "Content-Transfer-Encoding: " + encoding + "\n\n" + body, view{subject: "s", text: text}}
}

// named is a message with text and a file with a Content-Disposition.
func named(disposition, name string) variant {
	return variant{
		head + "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhi\n--x\nContent-Type: application/pdf\nContent-Disposition: " + disposition + "\n\ndata\n--x--\n",
		view{text: "hi", files: name + " application/pdf \"data\""},
	}
}

func TestRepairsOfHeaders(t *testing.T) {
	good := view{subject: "s", from: "<a@b.example>", text: "hello"}
	repairs(t, map[string][]variant{
		"mailbox line first": {
			{"From a@b.example Tue Mar  5 15:07:09 2024\n" + head + "\nhello\n", good},
			{">From a@b.example Tue Mar  5 15:07:09 2024\n" + head + "\nhello\n", good},
			{"From a@b.example Tue Mar  5 15:07:09 2024\n>From c@d.example Tue Mar  5 15:07:09 2024\n" + head + "\nhello\n", good},
		},
		"junk first": {
			{"+OK 1234 octets\n" + head + "\nhello\n", good},
			{"\n\n" + head + "\nhello\n", good},
			{"\xef\xbb\xbf" + head + "\nhello\n", view{subject: "s", text: "hello"}},
		},
		"text that only looks like a header": {
			{"\nhttps://x.example\nis a link\n", view{subject: "-", text: "https://x.example\nis a link"}},
			{"\n\nNote: call me\n\nJonas\n", view{subject: "-", text: "Note: call me\n\nJonas"}},
			{"Hello Anna,\nsee you: today\n", view{subject: "-", text: "Hello Anna,\nsee you: today"}},
		},
		"a line without colon": {
			{"From: a@b.example\nthis is no field\nSubject: s\n\nhello\n", good},
			{"From: a@b.example\nX Bad Header: yes\nSubject: s\n\nhello\n", good},
			{"From: a@b.example\n=20\n--junk\nSubject: s\n\nhello\n", good},
		},
		"blank before the colon": {
			{"From : a@b.example\nSubject : s\n\nhello\n", good},
			{"From\t: a@b.example\nSubject:s\n\nhello\n", good},
			{"FROM  :a@b.example\nsubject: s\n\nhello\n", good},
		},
		"odd folding": {
			{"From: a@b.example\nSubject:\n s\n\nhello\n", good},
			{"From: a@b.example\nSubject: \n \n\ts\n\nhello\n", good},
			{"From:\n a@b.example\nSubject:\n\n s\n\nhello\n", view{from: "<a@b.example>"}},
		},
		"no empty line": {
			{head + "hello\n", good},
			{head + "hello", good},
			{head + "hello\n\nand more\n", view{subject: "s", text: "hello\n\nand more"}},
		},
		"only a header": {
			{head, view{subject: "s", text: "-"}},
			{head + "\n", view{subject: "s", text: "-"}},
			{strings.TrimSpace(head), view{subject: "s", text: "-"}},
		},
		"line ends": {
			{strings.ReplaceAll(head+"\nhello\n", "\n", "\r"), good},
			{"From: a@b.example\r\nSubject: s\n\r\nhello\r\n", good},
			{strings.ReplaceAll(head+"\nhello\n", "\n", "\r\r\n"), good},
		},
		"twice": {
			{head + "Subject: other\nFrom: x@y.example\n\nhello\n", good},
			{"Subject:\n" + head + "\nhello\n", good},
			{"From: \n" + head + "\nhello\n", good},
		},
	})
}

func TestRepairsOfParts(t *testing.T) {
	two := "--x\n\none\n--x\n\ntwo\n--x--\n"
	both := "one\n\ntwo"
	report := "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\nnot delivered\n--x\nContent-Type: message/delivery-status\n\nAction: failed\n"
	repairs(t, map[string][]variant{
		"boundary missing": {
			typed("multipart/mixed", "--xyz\nContent-Type: text/plain\n\none\n--xyz--\n", "one"),
			typed("multipart/mixed; boundary=", "--xyz\nContent-Type: text/plain\n\none\n--xyz--\n", "one"),
			typed("multipart/mixed; boundary=\"\"", "just text\n", "just text"),
		},
		"boundary of another name": {
			typed("multipart/mixed; boundary=y", "--xyz\nContent-Type: text/plain\n\none\n--xyz--\n", "one"),
			typed("multipart/mixed; boundary=\"x y\"", "--xyz\nContent-type: text/plain\n\none\n--xyz--\n", "one"),
			typed("multipart/alternative; boundary=nope", "no parts at all\n", "no parts at all"),
		},
		"boundary written oddly": {
			typed("multipart/mixed; boundary=x", "--x  \n\none\n--x\t\n\ntwo\n--x-- \n", both),
			typed("multipart/mixed; boundary=\"x ", two, both),
			typed("multipart/mixed; boundary = x; foo", two, both),
		},
		"boundary line twice": {
			typed("multipart/mixed; boundary=x", "--x\n--x\n\none\n--x\n\ntwo\n--x--\n", both),
			typed("multipart/mixed; boundary=x", "--x\n\none\n--x\n--x\n--x\n\ntwo\n--x--\n", both),
			typed("multipart/mixed; boundary=x", "--x\r\n--x\r\n\r\none\r\n--x\r\n\r\ntwo\r\n--x--", both),
		},
		"no end": {
			typed("multipart/mixed; boundary=x", "--x\n\none\n--x\n\ntwo", both),
			typed("multipart/mixed; boundary=x", "--x\n\none\n--x\n\ntwo\n--x", both),
			typed("multipart/mixed; boundary=x", "--x\n\none\n--x\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\ntwo\n--x--\n", both),
		},
		"the same boundary inside": {
			typed("multipart/mixed; boundary=x", "--x\nContent-Type: multipart/alternative; boundary=x\n\n\n--x\n\none\n--x--\n", "one"),
			typed("multipart/mixed; boundary=x", "--x\nContent-Type: multipart/related; boundary=x\n\n--x\n\none\n--x\n\ntwo\n--x--\n", both),
			typed("multipart/alternative; boundary=x", "--x\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x--\n", "one"),
		},
		"one boundary begins another": {
			typed("multipart/mixed; boundary=x", "--x\nContent-Type: multipart/mixed; boundary=xx\n\n--xx\n\none\n--xx--\n--x\n\ntwo\n--x--\n", both),
			typed("multipart/mixed; boundary=xx", "--xx\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\none\n--x--\n--xx\n\ntwo\n--xx--\n", both),
			typed("multipart/mixed; boundary=x", "--xyz\n--x\n\none\n--x\n\ntwo\n--x--\n", both),
		},
		"part without header": {
			typed("multipart/mixed; boundary=x", "--x\none\n--x\n\ntwo\n--x--\n", both),
			typed("multipart/mixed; boundary=x", "--x\n\n\none\n--x--\n", "one"),
			typed("multipart/mixed; boundary=x", "--x\n\nX: one\n--x--\n", "X: one"),
		},
		"type that is none": {
			typed("text", "one\n", "one"), typed("text/plain charset=utf-8", "gr\xc3\xbcn\n", "grün"), typed("", "one\n", "one"),
		},
		"parameters": {
			typed("text/plain;; charset=koi8-r", "\xf0\xd2", "Пр"), typed("text/plain; charset = \"koi8-r", "\xf0\xd2", "Пр"),
			typed("text/plain; (x) charset='koi8-r' (y)", "\xf0\xd2", "Пр"),
		},
		"format=flowed": {
			typed("text/plain; format=flowed", "one \ntwo\n", "one two"), typed("text/plain; format=Flowed; delsp=yes", "on \ne\n", "one"),
			typed("text/plain; format=flowed", "> one \n> two\n>> three \nfour\n", "> one two\n>> three \nfour"),
		},
		"alternatives": {
			{head + "Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/html\n\n<b>rich</b>\n--x\n\nplain\n--x--\n", view{text: "plain", html: "<b>rich</b>"}},
			{head + "Content-Type: multipart/alternative; boundary=x\n\n--x\n\nplain\n--x\nContent-Type: multipart/related; boundary=y\n\n--y\nContent-Type: text/html\n\n<b>rich</b>\n--y\nContent-Type: image/png\nContent-ID: <i>\n\ndata\n--y--\n--x--\n", view{text: "plain", html: "<b>rich</b>", files: "attachment-1.png image/png \"data\""}},
			{head + "Content-Type: multipart/alternative; boundary=x\n\n--x\n\nplain\n--x\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n--x--\n", view{text: "plain", files: "attachment-1.ics text/calendar \"BEGIN:VCALENDAR\""}},
		},
		"related": {
			{head + "Content-Type: multipart/related; boundary=x; start=\"<r>\"\n\n--x\nContent-Type: image/gif\n\nG\n--x\nContent-Type: text/html\nContent-ID: <r>\n\n<p>r\n--x--\n", view{html: "<p>r", files: "attachment-1.gif image/gif \"G\""}},
			{head + "Content-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>r\n--x\nContent-Type: text/css\n\np{}\n--x--\n", view{html: "<p>r", files: "attachment-1.txt text/css \"p{}\""}},
			{head + "Content-Type: multipart/related; boundary=x; start=gone\n\n--x\nContent-Type: text/html\n\n<p>r\n--x--\n", view{html: "<p>r", files: "-"}},
		},
		"reports": {
			{head + report + "--x--\n", view{text: "not delivered", files: "attachment-1.txt message/delivery-status \"Action: failed\""}},
			{head + report + "--x\nContent-Type: text/rfc822-headers\n\nSubject: mine\n--x--\n", view{files: "attachment-1.txt message/delivery-status \"Action: failed\"", text: "not delivered\n\nSubject: mine"}},
			{head + report + "--x\nContent-Type: message/rfc822\n\nSubject: mine\n\nlost\n--x--\n", view{text: "not delivered", files: "attachment-1.txt message/delivery-status \"Action: failed\", mine.eml message/rfc822 \"Subject: mine\\n\\nlost\""}},
		},
		"messages inside": {
			{head + "Content-Type: message/rfc822\n\nSubject: inner\n\nlost\n", view{text: "-", files: "inner.eml message/rfc822 \"Subject: inner\\n\\nlost\\n\""}},
			{head + "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogaW5uZXIKCmxvc3QK\n", view{files: "inner.eml message/rfc822 \"Subject: inner\\n\\nlost\\n\""}},
			{head + "Content-Type: multipart/digest; boundary=x\n\n--x\n\nSubject: inner\n\nlost\n--x--\n", view{files: "inner.eml message/rfc822 \"Subject: inner\\n\\nlost\""}},
		},
	})
}

func TestRepairsOfEncodings(t *testing.T) {
	repairs(t, map[string][]variant{
		"noise in base64": {
			coded("base64", "SGVs*bG8\n gV29ybGQ\n", "Hello World"), coded("base64", "SGVsbG8gV29ybGQ\n", "Hello World"), coded("BASE64;", "SGVs\r\n\r\nbG8gV29y\xa0bGQ=", "Hello World"),
		},
		"what only says base64": {
			coded("base64", "Hello, this is plain text.\n", "Hello, this is plain text."), coded("base64", "Dear Anna,\n\nas we said on Monday\n", "Dear Anna,\n\nas we said on Monday"),
			coded("\"base64\"", "It is not, is it?\n", "It is not, is it?"),
		},
		"quoted-printable": {
			coded("quoted-printable", "100=25 =ZZ =\nsure=3d=\n", "100% =ZZ sure="), coded("Quoted_Printable", "gr=c3=bcn=  \n!\n", "grün!"), coded("quoted-printable; x", "a=\r\nb =3D\r\n", "ab ="),
		},
		"unknown encoding": {
			coded("x-foo", "here\n", "here"), coded("8 bit", "gr\xfcn\n", "grün"), coded("none", "a=3D\n", "a=3D"),
		},
		"name in RFC 2231": {
			named("attachment; filename*=utf-8''%C3%A4.pdf", "ä.pdf"), named("attachment; filename*0*=utf-8''%C3; filename*1*=%A4.pdf", "ä.pdf"),
			named("attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
		},
		"name nearly in RFC 2231": {
			named("attachment; filename*=%C3%A4.pdf", "ä.pdf"), named("attachment; filename*=\"utf8''%C3%A4.pdf\"", "ä.pdf"), named("attachment; filename*0*=iso-8859-1''%E4; filename*1=.pdf", "ä.pdf"),
		},
		"name in encoded words": {
			named("attachment; filename=\"=?utf-8?q?=C3=A4.pdf?=\"", "ä.pdf"), named("attachment; filename==?utf-8?b?w6QucGRm?=", "ä.pdf"),
			named("attachment; filename=\"=?utf-8?q?=C3?=\n =?utf-8?q?=A4.pdf?=\"", "ä.pdf"),
		},
		"name with anything in it": {
			named("attachment; filename=price list.pdf", "price list.pdf"), named("attachment; filename=\"a;b.pdf\"; size=4", "a;b.pdf"), named("attachment; filename=\"\xe4.pdf", "ä.pdf"),
		},
		"name without semicolon": {
			named("attachment filename=a.pdf", "a.pdf"), named("filename=a.pdf", "a.pdf"), named("; filename=\"a b.pdf\"", "a b.pdf"),
		},
		"name of a path": {
			named("attachment; filename=\"C:\\dir\\a.pdf\"", "a.pdf"), named("attachment; filename=../../a.pdf", "a.pdf"), named("attachment; filename=\"/etc/a.pdf\"", "a.pdf"),
		},
	})
}
