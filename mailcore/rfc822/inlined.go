package rfc822

import (
	"bytes"
	"strings"
)

// inlined takes the files out of a plain text that were put into it without
// MIME: uuencoded ("begin 644 name" … "end") and yEnc ("=ybegin" … "=yend").
// It returns the text without them; both are e itself and nil for all others.
func (e *entity) inlined(most int) (*entity, []*entity) {
	if e.contentType != "text/plain" || !strings.Contains(e.body, "begin ") {
		return e, nil
	}
	data := e.data()
	var files []*entity
	var rest []byte
	lastEnd := bytes.LastIndex(data, []byte("\n=yend"))
	for start := 0; start < len(data); {
		line := lineAt(data, start)
		if file, size := inlinedFile(data[start:], start <= lastEnd); file != nil && len(files) < most {
			files = append(files, file)
			start += size
			continue
		}
		rest = append(rest, line...)
		start += len(line)
	}
	if len(files) == 0 {
		return e, nil
	}
	text := *e
	text.encoding, text.body = "", string(rest)
	return &text, files
}

// lineAt returns the line that begins at start, with its end.
func lineAt(data []byte, start int) []byte {
	if i := bytes.IndexByte(data[start:], '\n'); i >= 0 {
		return data[start : start+i+1]
	}
	return data[start:]
}

// inlinedFile returns the file that data begins with, nil if with none, and how
// many octets of data it takes; ends says that a "=yend" follows.
func inlinedFile(data []byte, ends bool) (*entity, int) {
	switch {
	case bytes.HasPrefix(data, []byte("begin ")):
		return uuFile(data)
	case ends && bytes.HasPrefix(data, []byte("=ybegin ")):
		return yencFile(data)
	}
	return nil, 0
}

func uuFile(data []byte) (*entity, int) {
	first := lineAt(data, 0)
	mode, name, _ := strings.Cut(strings.TrimSpace(string(first[len("begin "):])), " ")
	if len(mode) < 3 || len(mode) > 4 || strings.Trim(mode, "01234567") != "" || strings.TrimSpace(name) == "" {
		return nil, 0
	}
	size, full := len(first), false
	for size < len(data) {
		line := lineAt(data, size)
		bare := bytes.TrimRight(line, "\r\n")
		if string(bare) == "end" {
			size += len(line)
			break
		}
		if !uuShape(bare) {
			break
		}
		size += len(line)
		full = full || len(bare) > 1
	}
	if !full {
		return nil, 0
	}
	return fileEntity(name, "x-uuencode", data[:size]), size
}

// uuShape reports whether a line is as long as its first character says, give or
// take blanks at its end that were lost and a check character.
func uuShape(line []byte) bool {
	if len(line) == 0 {
		return true
	}
	if line[0] < ' ' || line[0] > '`' {
		return false
	}
	want := (int(line[0]-' ')&0x3f + 2) / 3 * 4
	return len(line)-1 <= want+2 && (len(line)-1 >= want || want <= 4*len(line))
}

func yencFile(data []byte) (*entity, int) {
	first := lineAt(data, 0)
	_, name, ok := strings.Cut(strings.TrimSpace(string(first)), " name=")
	end := bytes.Index(data, []byte("\n=yend"))
	if !ok || end < 0 {
		return nil, 0
	}
	size := end + 1 + len(lineAt(data, end+1))
	return fileEntity(name, "x-yenc", data[:size]), size
}

func fileEntity(name, encoding string, body []byte) *entity {
	return &entity{
		contentType: TypeByName(name), params: map[string]string{}, disposition: "attachment",
		filename: strings.TrimSpace(decodeWords(name, "")), encoding: encoding, body: string(body),
	}
}

// decodeYEnc decodes the lines between "=ybegin" (or "=ypart") and "=yend".
func decodeYEnc(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for line := range bytes.Lines(data) {
		line = bytes.TrimRight(line, "\r\n")
		if bytes.HasPrefix(line, []byte("=y")) {
			continue
		}
		for i := 0; i < len(line); i++ {
			c := line[i]
			if c == '=' && i+1 < len(line) {
				i++
				c = line[i] - 64
			}
			out = append(out, c-42)
		}
	}
	return out
}
