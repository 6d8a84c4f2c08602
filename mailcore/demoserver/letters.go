package demoserver

import (
	"bytes"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// letter is one message as it lies in a folder.
type letter struct {
	folder string
	flags  []imap.Flag
	date   time.Time
	raw    []byte
}

// template is a message as it is written for the demo: an .eml file in UTF-8
// with three fields of its own, which are taken out:
//
//	Demo-Folder: Projects/Spring catalogue   (INBOX without)
//	Demo-When: -2h30m | -3d 17:20            (before now, or days ago at a time)
//	Demo-Flags: \Seen \Flagged
//
// Header fields in other scripts are encoded; {{day +9}} in the text becomes a
// date such as "2 December".
type template struct {
	name   string
	folder string
	flags  []imap.Flag
	when   string
	header []string // fields, folded lines and all
	body   string
}

// letters is all mail that was written for the demo.
type letters struct {
	mail   []template
	drip   []template // arrives later, one by one
	answer string     // what people write back
}

// readLetters reads *.eml, drip/*.eml and answer.txt.
func readLetters(files fs.FS) (*letters, error) {
	l := &letters{}
	var err error
	if l.mail, err = readTemplates(files, "*.eml"); err != nil {
		return nil, err
	}
	if l.drip, err = readTemplates(files, "drip/*.eml"); err != nil {
		return nil, err
	}
	answer, err := fs.ReadFile(files, "answer.txt")
	if err != nil {
		return nil, fmt.Errorf("read demo mail: %w", err)
	}
	l.answer = string(answer)
	return l, nil
}

func readTemplates(files fs.FS, pattern string) ([]template, error) {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, fmt.Errorf("list demo mail: %w", err)
	}
	var out []template
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read demo mail: %w", err)
		}
		t, err := readTemplate(name, strings.ReplaceAll(string(data), "\r\n", "\n"))
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func readTemplate(name, text string) (template, error) {
	head, body, ok := strings.Cut(text, "\n\n")
	if !ok {
		return template{}, fmt.Errorf("demo mail %s has no text", name)
	}
	t := template{name: strings.TrimSuffix(path.Base(name), ".eml"), folder: inbox, when: "-0s", body: body}
	for line := range strings.SplitSeq(head, "\n") {
		field, value, ok := strings.Cut(line, ": ")
		switch {
		case strings.HasPrefix(line, " ") && len(t.header) > 0:
			t.header[len(t.header)-1] += "\r\n" + line
		case !ok:
			return template{}, fmt.Errorf("demo mail %s: bad line %q", name, line)
		case field == "Demo-Folder":
			t.folder = value
		case field == "Demo-When":
			t.when = value
		case field == "Demo-Flags":
			for f := range strings.FieldsSeq(value) {
				t.flags = append(t.flags, imap.Flag(f))
			}
		default:
			t.header = append(t.header, encodeField(field, value))
		}
	}
	if _, err := moment(t.when, time.Now()); err != nil {
		return template{}, fmt.Errorf("demo mail %s: %w", name, err)
	}
	return t, nil
}

// encodeField encodes names and subjects that are not ASCII (RFC 2047).
func encodeField(field, value string) string {
	switch field {
	case "From", "To", "Cc", "Reply-To":
		parts := strings.Split(value, ", ")
		for i, part := range parts {
			if name, addr, ok := strings.Cut(part, " <"); ok {
				parts[i] = encodeWord(name) + " <" + addr
			}
		}
		return field + ": " + strings.Join(parts, ",\r\n ")
	}
	return field + ": " + encodeWord(value)
}

func encodeWord(s string) string {
	return strings.ReplaceAll(mime.BEncoding.Encode("utf-8", s), "?= =?", "?=\r\n =?")
}

// written returns all mail as of now.
func (l *letters) written(now time.Time) []letter {
	out := make([]letter, 0, len(l.mail))
	for _, t := range l.mail {
		out = append(out, t.letter(now, ""))
	}
	return out
}

// letter fills a template in. A serial makes another message of the same
// template, with an id of its own.
func (t template) letter(now time.Time, serial string) letter {
	date, err := moment(t.when, now)
	if err != nil {
		date = now // readTemplate has checked it
	}
	var b bytes.Buffer
	b.WriteString("Date: " + date.Format(time.RFC1123Z) + "\r\n")
	id := false
	for _, field := range t.header {
		b.WriteString(field + "\r\n")
		id = id || strings.HasPrefix(field, "Message-ID: ")
	}
	if !id {
		b.WriteString("Message-ID: <" + t.name + serial + "@demo.linnet.example>\r\n")
	}
	b.WriteString("MIME-Version: 1.0\r\n\r\n")
	b.WriteString(strings.ReplaceAll(fillDays(t.body, now), "\n", "\r\n"))
	return letter{folder: t.folder, flags: t.flags, date: date, raw: b.Bytes()}
}

// moment understands "-2h30m" and "-3d 17:20".
func moment(when string, now time.Time) (time.Time, error) {
	days, clock, ok := strings.Cut(when, "d ")
	if !ok {
		d, err := time.ParseDuration(when)
		if err != nil {
			return time.Time{}, fmt.Errorf("date %q: %w", when, err)
		}
		return now.Add(d), nil
	}
	n, err := strconv.Atoi(days)
	if err != nil {
		return time.Time{}, fmt.Errorf("date %q: %w", when, err)
	}
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return time.Time{}, fmt.Errorf("date %q: %w", when, err)
	}
	y, m, d := now.AddDate(0, 0, n).Date()
	return time.Date(y, m, d, at.Hour(), at.Minute(), 17, 0, now.Location()), nil
}

// fillDays writes the dates of a text.
func fillDays(text string, now time.Time) string {
	for {
		before, rest, ok := strings.Cut(text, "{{day ")
		if !ok {
			return text
		}
		number, after, _ := strings.Cut(rest, "}}")
		n, _ := strconv.Atoi(number)
		text = before + now.AddDate(0, 0, n).Format("2 January") + after
	}
}
