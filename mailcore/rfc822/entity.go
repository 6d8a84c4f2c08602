package rfc822

import (
	"strings"
)

// entity is a node of a message's MIME tree (RFC 2046). Bodies are parts of
// the message's own bytes: nothing is copied or decoded before it is needed.
type entity struct {
	contentType string // lower-case media type, never empty
	params      map[string]string
	disposition string // lower case, "" if none
	filename    string // decoded, as sent; "" if none
	encoding    string // lower case
	cid         string // without angle brackets
	body        string // as transferred
	children    []*entity
	root        bool
}

// tree is a parsed message.
type tree struct {
	values values
	root   *entity
	leaves int
	cut    bool // a limit was reached
}

// parseTree walks the message with bounded depth and number of parts.
func parseTree(raw []byte) *tree {
	t := &tree{}
	s := lineEnds(string(raw))
	t.root = t.entity(s, "text/plain", 0)
	return t
}

// lineEnds gives a message of bare CR line feeds; all others stay as they are.
func lineEnds(s string) string {
	if strings.IndexByte(s, '\n') >= 0 || strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\r", "\n")
}

// entity reads one entity: header, then body, then its parts if it has some.
func (t *tree) entity(s, kind string, depth int) *entity {
	var f mimeFields
	body := eachField(s, depth == 0, func(name, value string) {
		if depth == 0 {
			t.values.take(name, value)
		}
		f.take(name, value)
	})
	e := f.entity(kind)
	e.body, e.root = s[body:], depth == 0
	if strings.HasPrefix(e.contentType, "multipart/") {
		t.split(e, depth)
	}
	if len(e.children) == 0 {
		t.leaves++
	}
	return e
}

// mimeFields are the raw values of RFC 2045's fields.
type mimeFields struct{ contentType, disposition, encoding, cid string }

func (f *mimeFields) take(name, value string) {
	var at *string
	switch len(name) {
	case 10:
		at = pick(name, "content-id", &f.cid, "", nil)
	case 12:
		at = pick(name, "content-type", &f.contentType, "", nil)
	case 19:
		at = pick(name, "content-disposition", &f.disposition, "", nil)
	case 25:
		at = pick(name, "content-transfer-encoding", &f.encoding, "", nil)
	}
	if at != nil && *at == "" {
		*at = unfold(value)
	}
}

// entity makes the node; kind is the media type without a Content-Type.
func (f *mimeFields) entity(kind string) *entity {
	ct, cd := parseValue(f.contentType), parseValue(f.disposition)
	e := &entity{contentType: mediaType(f.contentType), params: ct.params, encoding: encodingName(f.encoding)}
	if e.contentType == "" {
		e.contentType = kind
	}
	e.disposition, _, _ = strings.Cut(cd.value, " ")
	e.filename = strings.TrimSpace(cd.params["filename"])
	if e.filename == "" {
		e.filename = strings.TrimSpace(ct.params["name"])
	}
	e.cid = strings.Trim(clean(f.cid), "<> ")
	return e
}

// split cuts the body of a multipart at its boundary. A missing or wrong
// boundary is guessed; without any the body is text.
func (t *tree) split(e *entity, depth int) {
	if depth >= MaxDepth {
		t.cut = true
		return
	}
	kind := "text/plain"
	if e.contentType == "multipart/digest" {
		kind = "message/rfc822"
	}
	boundary := strings.TrimRight(e.params["boundary"], " \t")
	bodies := cutParts(e.body, boundary, MaxParts-t.leaves+1)
	if len(bodies) == 0 {
		if boundary = guessBoundary(e.body); boundary != "" {
			bodies = cutParts(e.body, boundary, MaxParts-t.leaves+1)
		}
	}
	for _, body := range bodies {
		if t.leaves >= MaxParts {
			t.cut = true
			return
		}
		e.children = append(e.children, t.entity(body, kind, depth+1))
	}
	if len(bodies) == 0 && !e.blank() {
		e.contentType = "text/plain"
	}
}

// blank reports whether a leaf has nothing in its body: what is left of a
// multipart whose boundary is also the one around it.
func (e *entity) blank() bool { return strings.TrimSpace(e.body) == "" }

// cutParts returns what stands between the lines of the boundary (RFC 2046
// section 5.1.1), at most most parts. The last one may lack its end.
func cutParts(body, boundary string, most int) []string {
	if boundary == "" {
		return nil
	}
	var parts []string
	start := -1
	mark := "--" + boundary
	for pos := 0; pos < len(body); {
		at := strings.Index(body[pos:], mark)
		if at < 0 {
			break
		}
		at += pos
		end, last, ok := boundaryLine(body, at, len(mark))
		if !ok {
			pos = at + len(mark)
			continue
		}
		if start >= 0 && (at > start || last) { // a doubled line delimits nothing
			parts = append(parts, body[start:beforeLine(body, start, at)])
		}
		if last || len(parts) >= most {
			return parts
		}
		start, pos = end, end
	}
	if start >= 0 && start < len(body) {
		parts = append(parts, body[start:])
	}
	return parts
}

// boundaryLine reports whether a boundary line begins at at; end is the offset
// after it.
func boundaryLine(body string, at, mark int) (end int, last, ok bool) {
	if at > 0 && body[at-1] != '\n' {
		return 0, false, false
	}
	end = lineEnd(body, at)
	rest := strings.TrimRight(body[at+mark:end], " \t\r\n")
	return end, rest == "--", rest == "" || rest == "--"
}

// beforeLine returns the offset before the line end that belongs to the
// boundary at at.
func beforeLine(body string, start, at int) int {
	if at > start && body[at-1] == '\n' {
		at--
	}
	if at > start && body[at-1] == '\r' {
		at--
	}
	return at
}

// guessBoundary finds the first line that looks like a boundary: "--" and a
// word, followed by a header or an empty line.
func guessBoundary(body string) string {
	for range 2000 {
		if body == "" {
			return ""
		}
		end := lineEnd(body, 0)
		line := strings.TrimRight(chomp(body[:end]), " \t")
		body = body[end:]
		if len(line) < 4 || !strings.HasPrefix(line, "--") || strings.ContainsAny(line, " \t") || strings.Trim(line, "-") == "" {
			continue
		}
		next := chomp(body[:lineEnd(body, 0)])
		if name, _, ok := cutField(next); ok && len(name) > 8 && strings.EqualFold(name[:8], "content-") {
			return line[2:]
		}
	}
	return ""
}

// attached reports whether a leaf is shown as a file rather than as text.
func (e *entity) attached() bool {
	return e.disposition == "attachment" || e.filename != "" || !e.isText()
}

// hollow reports whether a leaf is a multipart without parts and without text.
func (e *entity) hollow() bool {
	return len(e.children) == 0 && strings.HasPrefix(e.contentType, "multipart/") && e.blank()
}

func (e *entity) isText() bool { return strings.HasPrefix(e.contentType, "text/") }

// data undoes the transfer encoding. Text that only says that it is base64 stays
// as it is.
func (e *entity) data() []byte {
	data := []byte(e.body)
	if e.encoding == "base64" && e.isText() && wordy(data) {
		return data
	}
	return decodeTransfer(e.encoding, data)
}

// decoded returns the data of a text leaf in UTF-8, its lines as they were sent.
func (e *entity) decoded(data []byte) string {
	charset := e.params["charset"]
	if charset == "" && e.contentType == "text/html" {
		charset = metaCharset(data)
	}
	return decodeCharset(charset, data)
}

// text returns a text leaf for reading: without control characters,
// format=flowed joined.
func (e *entity) text() string {
	s := cleanText(e.decoded(e.data()))
	if e.contentType == "text/plain" && strings.EqualFold(e.params["format"], "flowed") {
		s = unflow(s, strings.EqualFold(e.params["delsp"], "yes"))
	}
	return s
}

// metaCharset finds the character set that an HTML document names itself.
func metaCharset(data []byte) string {
	head := strings.ToLower(string(data[:min(len(data), 2048)]))
	_, rest, ok := strings.Cut(head, "charset=")
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, " \"'")
	if i := strings.IndexAny(rest, " \"'>;/"); i >= 0 {
		return rest[:i]
	}
	return ""
}
