package layout

import (
	"strings"
	"unicode/utf8"

	"github.com/go-text/typesetting/segmenter"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/fonts"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// pieceKind is the kind of a piece.
type pieceKind uint8

const (
	wordPiece pieceKind = iota
	spacePiece
	openPiece
	closePiece
	boxPiece
	floatPiece
	outPiece
	breakPiece
)

// piece is what a line is made of: a word or part of one, a blank, an edge of an
// inline element, a box. Where a line may break before it, soft is set.
type piece struct {
	kind  pieceKind
	soft  bool
	hang  bool // a blank that vanishes at the end of a line
	level uint8
	style *style.Style
	node  *htmlmail.Node
	span  *Span
	box   *Box
	text  string
	run   *fonts.Run
	width float64 // of words and blanks
	clear string  // of a break
}

// content is the pieces of a box's lines, ready to be put into lines of any
// width.
type content struct {
	pieces []piece
	rtl    bool // the paragraph's direction
	mixed  bool // some of it runs against that
}

// preparer turns items into pieces.
type preparer struct {
	*layouter
	out      []piece
	space    bool // the last thing was a blank that collapses; also at the start
	last     rune // the last character, 0 for none, U+FFFC for a box
	before   rune // the one before it
	nowrap   bool // the last character's line does not break
	broken   bool // a line may break before the next character in any case
	hasRight bool // there is text from the right to the left
}

func (l *layouter) content(b *Box) *content {
	if b.prepared != nil {
		return b.prepared
	}
	p := &preparer{layouter: l, space: true}
	size := len(b.Items)
	for i := range b.Items {
		size += len(b.Items[i].Text) / 3 // a word and a blank for six letters
	}
	p.out = make([]piece, 0, size)
	for i := range b.Items {
		p.item(&b.Items[i])
	}
	p.blanks()
	c := &content{pieces: p.out, rtl: b.Style.RTL}
	if p.hasRight || c.rtl {
		c.mixed = true
		p.levels(c)
	}
	b.prepared = c
	return c
}

func (p *preparer) item(it *Item) {
	p.step()
	s := it.Style
	switch it.Kind {
	case TextItem:
		p.text(it)
	case OpenItem:
		p.out = append(p.out, piece{kind: openPiece, span: it.Span, style: s})
	case CloseItem:
		p.out = append(p.out, piece{kind: closePiece, span: it.Span, style: s})
	case BoxItem:
		p.box(it)
	case FloatItem:
		p.out = append(p.out, piece{kind: floatPiece, box: it.Box, style: s})
	case OutItem:
		p.out = append(p.out, piece{kind: outPiece, box: it.Box, style: s})
	case BreakItem:
		p.out = append(p.out, piece{kind: breakPiece, style: s, node: it.Node, clear: s.Clear})
		p.space, p.last = true, 0
	case WordBreakItem:
		p.broken = true
	}
}

func (p *preparer) box(it *Item) {
	wraps := it.Box.Parent.Style.Wraps()
	if n := len(it.Box.Parent.Items); n > 0 && it.Style != nil {
		wraps = p.wrapsAround(it)
	}
	soft := wraps && (p.last != 0 && p.last != 0xa0 && p.last != 0x2060 || p.broken)
	p.add(piece{kind: boxPiece, box: it.Box, style: it.Style, soft: soft})
	p.space, p.before, p.last, p.nowrap, p.broken = false, p.last, 0xfffc, !wraps, false
}

// wrapsAround reports whether lines break around a box: the element that the box
// stands in says so.
func (p *preparer) wrapsAround(it *Item) bool {
	for i := len(p.out) - 1; i >= 0; i-- {
		switch p.out[i].kind {
		case openPiece:
			return p.out[i].style.Wraps()
		case closePiece:
			depth := 1
			for i--; i >= 0 && depth > 0; i-- {
				switch p.out[i].kind {
				case closePiece:
					depth++
				case openPiece:
					depth--
				}
			}
			i++
		}
	}
	return it.Box.Parent.Style.Wraps()
}

// add appends a piece; where the line may break before it, it may break before
// the edges of elements that open right there.
func (p *preparer) add(pc piece) {
	if pc.soft {
		i := len(p.out)
		for i > 0 && (p.out[i-1].kind == openPiece || p.out[i-1].kind == floatPiece || p.out[i-1].kind == outPiece) {
			i--
		}
		if i < len(p.out) {
			p.out[i].soft, pc.soft = true, false
		}
	}
	p.out = append(p.out, pc)
}

// text cuts a text into words and blanks.
func (p *preparer) text(it *Item) {
	text := it.Text
	s := it.Style
	collapses := s.Collapses()
	for len(text) > 0 {
		c := text[0]
		switch {
		case c == '\n' && (!collapses || s.WhiteSpace == "pre-line"):
			p.out = append(p.out, piece{kind: breakPiece, style: s, node: it.Node})
			p.space, p.last = true, 0
			text = text[1:]
		case c == '\r' && !collapses:
			text = text[1:]
		case isBlank(c) && collapses:
			text = p.blank(text, it)
		case c == ' ' || c == '\t':
			p.preserved(c, it)
			text = text[1:]
		default:
			n := wordEnd(text)
			p.word(text[:n], it)
			text = text[n:]
		}
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

func wordEnd(text string) int {
	for i := 0; i < len(text); i++ {
		if isBlank(text[i]) {
			return i
		}
	}
	return len(text)
}

// blank makes one blank of those in front of text, or none after another.
func (p *preparer) blank(text string, it *Item) string {
	n := 0
	for n < len(text) && isBlank(text[n]) && (text[n] != '\n' || it.Style.WhiteSpace != "pre-line") {
		n++
	}
	if !p.space {
		p.out = append(p.out, piece{kind: spacePiece, style: it.Style, node: it.Node, hang: true, text: " "})
		p.before, p.last, p.nowrap = p.last, ' ', !it.Style.Wraps()
	} else if p.last == ' ' && p.nowrap && it.Style.Wraps() {
		p.nowrap = false
	}
	p.space = true
	return text[n:]
}

// preserved is a blank that stays as it is.
func (p *preparer) preserved(c byte, it *Item) {
	text := " "
	if c == '\t' {
		text = "        "
	}
	p.out = append(p.out, piece{kind: spacePiece, style: it.Style, node: it.Node, text: text, hang: it.Style.WhiteSpace == "pre-wrap"})
	p.space = false
	p.before, p.last, p.nowrap = p.last, ' ', !it.Style.Wraps()
}

// canBreakBefore reports whether a line may break between the last character and
// the next one, at the start of a text.
func (p *preparer) canBreakBefore(next rune, s *style.Style) bool {
	if p.broken {
		return true
	}
	if p.last == 0 || p.nowrap && !s.Wraps() {
		return false
	}
	if p.nowrap || !s.Wraps() {
		// The line breaks where the element around both lets it: at a blank.
		return p.last == ' ' && !p.nowrap
	}
	switch p.last {
	case ' ':
		return true
	case 0xfffc:
		return !strings.ContainsRune("!),.:;?]}’”»…\u00a0\u2060", next)
	}
	return betweenChars(p.before, p.last, next)
}

// word appends a word, in as many pieces as a line may break it into.
func (p *preparer) word(text string, it *Item) {
	s := it.Style
	first, _ := utf8.DecodeRuneInString(text)
	soft := p.canBreakBefore(first, s)
	p.broken = false
	start := 0
	for _, end := range p.breaks(text, s) {
		p.wordPiece(text[start:end], it, soft)
		start, soft = end, true
	}
	p.wordPiece(text[start:], it, soft)
	last, n := utf8.DecodeLastRuneInString(text)
	p.before, _ = utf8.DecodeLastRuneInString(text[:len(text)-n])
	p.last, p.space, p.nowrap = last, false, !s.Wraps()
}

func (p *preparer) wordPiece(text string, it *Item, soft bool) {
	p.step()
	if text == "" {
		return
	}
	p.hasRight = p.hasRight || hasRightToLeft(text)
	// Blanks that do not break stand by themselves, for selection and find.
	for text != "" {
		n := glued(text)
		p.add(piece{kind: wordPiece, style: it.Style, node: it.Node, text: text[:n], soft: soft})
		text, soft = text[n:], false
	}
}

// glued is the length of what is in front of or of blanks that do not break.
func glued(text string) int {
	const nbsp = "\u00a0"
	if !strings.HasPrefix(text, nbsp) {
		if i := strings.Index(text, nbsp); i > 0 {
			return i
		}
		return len(text)
	}
	n := 0
	for strings.HasPrefix(text[n:], nbsp) {
		n += len(nbsp)
	}
	return n
}

// breaks finds where a line may break within a word.
func (p *preparer) breaks(text string, s *style.Style) []int {
	if !s.Wraps() {
		return nil
	}
	if s.WordBreak == "break-all" {
		return everyRune(text)
	}
	var out []int
	if ascii(text) {
		for i := 1; i < len(text); i++ {
			before := rune(0)
			if i > 1 {
				before = rune(text[i-2])
			}
			if betweenChars(before, rune(text[i-1]), rune(text[i])) {
				out = append(out, i)
			}
		}
		return out
	}
	return p.segments(text)
}

func everyRune(text string) []int {
	var out []int
	for i := range text {
		if i > 0 {
			out = append(out, i)
		}
	}
	return out
}

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// segments asks the Unicode rules, for words with other than ASCII characters.
func (p *preparer) segments(text string) []int {
	runes := []rune(text)
	offsets := make([]int, 0, len(runes)+1)
	for i := range text {
		offsets = append(offsets, i)
	}
	offsets = append(offsets, len(text))
	var seg segmenter.Segmenter
	seg.Init(runes)
	var out []int
	for it := seg.LineIterator(); it.Next(); {
		line := it.Line()
		end := line.Offset + len(line.Text)
		if end < len(runes) && end > 0 {
			a, b := runes[end-1], runes[end]
			if a < 0x80 && b < 0x80 {
				before := rune(0)
				if end > 1 {
					before = runes[end-2]
				}
				if !betweenChars(before, a, b) {
					continue
				}
			}
			out = append(out, offsets[end])
		}
	}
	return out
}

// betweenChars reports whether a line may break between two characters that no
// blank parts, as Chromium has it for ASCII: behind hyphens and question marks,
// and not within paths.
func betweenChars(before, a, b rune) bool {
	switch {
	case a == '-':
		if b >= '0' && b <= '9' {
			return alphanumeric(before)
		}
		return alphanumeric(b) || b >= 0x80 && b != 0xa0 && b != 0x2060 || b == '(' || b == '[' || b == '{' || b == '<' || b == '$'
	case a == '?':
		return alphanumeric(b) || b == '(' || b == '[' || b == '{' || b == '<' || b == '$'
	case a == 0x200b, a == 0xad:
		return true
	case a == 0x2010, a == 0x2013, a == 0x2014:
		return b != 0xa0 && b != 0x2060 && (alphanumeric(b) || b >= 0x80)
	}
	return ideographic(a) && ideographic(b) || ideographic(a) && alphanumeric(b) || alphanumeric(a) && ideographic(b)
}

func ideographic(r rune) bool {
	return r >= 0x2e80 && r <= 0x9fff && !(r >= 0x3000 && r <= 0x3020) || r >= 0xac00 && r <= 0xd7af || r >= 0xf900 && r <= 0xfaff || r >= 0x20000 && r <= 0x3ffff
}

func alphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xc0 && r < 0x250
}

// blanks measures everything, now that it is known what follows what.
func (p *preparer) blanks() {
	for i := range p.out {
		p.step()
		pc := &p.out[i]
		switch pc.kind {
		case wordPiece:
			pc.run = p.fonts.Word(&pc.style.Inherited, pc.text, false, p.beforeBlank(i))
			pc.width = p.advance(pc)
		case spacePiece:
			in := &pc.style.Inherited
			a := p.fonts.Space(in, p.after(i))*in.FontSize + in.LetterSpacing + in.WordSpacing
			pc.width = a * float64(len(pc.text))
		}
	}
}

// advance is the width of a word.
func (p *preparer) advance(pc *piece) float64 {
	in := &pc.style.Inherited
	return pc.run.Advance*in.FontSize + in.LetterSpacing*float64(visibleRunes(pc.text, pc.run.Runes))
}

// visibleRunes counts the characters that letter-spacing counts.
func visibleRunes(text string, runes int) int {
	if len(text) == runes {
		return runes
	}
	n := 0
	for _, r := range text {
		if r != 0x200b && r != 0x200c && r != 0x200d && r != 0xfeff && r != 0x34f {
			n++
		}
	}
	return n
}

// beforeBlank reports whether a blank of the same font follows.
func (p *preparer) beforeBlank(i int) bool {
	return i+1 < len(p.out) && p.out[i+1].kind == spacePiece && p.out[i+1].style == p.out[i].style
}

// after is the character that follows a blank in the same font, or 0.
func (p *preparer) after(i int) rune {
	if i+1 < len(p.out) && p.out[i+1].kind == wordPiece && p.out[i+1].style == p.out[i].style {
		r, _ := utf8.DecodeRuneInString(p.out[i+1].text)
		if r < 0x250 {
			return r
		}
	}
	return 0
}
