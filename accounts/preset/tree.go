package preset

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// node is a JSON value that knows its line.
type node struct {
	line   int
	kind   kind
	text   string // of a string or a number
	truth  bool
	fields []member
	items  []*node
}

type member struct {
	name  string
	line  int
	value *node
}

// kind is what a value is; it is also the end of a translation key.
type kind string

const (
	object kind = "object"
	list   kind = "list"
	text   kind = "text"
	number kind = "number"
	truth  kind = "truth"
	null   kind = "null"
)

// mostDeep bounds nesting: a preset needs four levels.
const mostDeep = 16

var errDeep = errors.New("too deeply nested")

// parser reads values with their lines.
type parser struct {
	data []byte
	dec  *json.Decoder
}

// line is where the decoder stands.
func (p *parser) line() int {
	return 1 + bytes.Count(p.data[:min(int(p.dec.InputOffset()), len(p.data))], []byte("\n"))
}

// parse reads a whole file. On failure line is where.
func parse(data []byte) (n *node, line int, err error) {
	p := &parser{data: data, dec: json.NewDecoder(bytes.NewReader(data))}
	p.dec.UseNumber()
	n, err = p.value(0)
	if err == nil {
		if _, more := p.dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows")
		}
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return nil, 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n")), err
	}
	return n, p.line(), err
}

func (p *parser) value(depth int) (*node, error) {
	t, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	if depth > mostDeep {
		return nil, errDeep
	}
	n := &node{line: p.line()}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			n.kind = object
			return n, p.members(n, depth)
		}
		n.kind = list
		return n, p.elements(n, depth)
	case string:
		n.kind, n.text = text, t
	case json.Number:
		n.kind, n.text = number, t.String()
	case bool:
		n.kind, n.truth = truth, t
	default:
		n.kind = null
	}
	return n, nil
}

func (p *parser) members(n *node, depth int) error {
	for p.dec.More() {
		t, err := p.dec.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		line := p.line()
		v, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.fields = append(n.fields, member{name, line, v})
	}
	_, err := p.dec.Token()
	return err
}

func (p *parser) elements(n *node, depth int) error {
	for p.dec.More() {
		v, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.items = append(n.items, v)
	}
	_, err := p.dec.Token()
	return err
}
