// Package css reads style sheets: tokens, rules, selectors, media queries and
// values. It knows nothing of boxes. What it does not understand it leaves out,
// as CSS asks for, and it never fetches anything.
package css

import (
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2"
	lex "github.com/tdewolff/parse/v2/css"
)

// Kind is the kind of a token.
type Kind uint8

// The kinds of tokens.
const (
	Ident    Kind = iota
	Function      // its name without the parenthesis
	At
	Hash
	String
	URL
	Bad
	Delim // one character, or a match operator such as "~="
	Number
	Percentage
	Dimension
	Space
	Colon
	Semicolon
	Comma
	Open  // ( [ {
	Close // ) ] }
)

// Token is one token of CSS. Text holds names without escapes and in their own
// case; numbers are in Num, a dimension's unit in Text, in lower case.
type Token struct {
	Kind Kind
	Text string
	Num  float64
}

// is reports whether the token is the given mark.
func (t Token) is(mark string) bool {
	return t.Text == mark && (t.Kind == Delim || t.Kind == Open || t.Kind == Close)
}

// tokens reads all tokens of s, without comments.
func tokens(s string) []Token {
	lexer := lex.NewLexer(parse.NewInputString(s))
	out := make([]Token, 0, len(s)/4+4)
	for {
		kind, data := lexer.Next()
		switch kind {
		case lex.ErrorToken:
			return out
		case lex.CommentToken, lex.CDOToken, lex.CDCToken:
		default:
			out = append(out, token(kind, data))
		}
	}
}

func token(kind lex.TokenType, data []byte) Token {
	text := string(data)
	switch kind {
	case lex.IdentToken, lex.CustomPropertyNameToken:
		return Token{Kind: Ident, Text: unescape(text)}
	case lex.FunctionToken:
		return Token{Kind: Function, Text: strings.ToLower(unescape(text[:len(text)-1]))}
	case lex.AtKeywordToken:
		return Token{Kind: At, Text: strings.ToLower(unescape(text[1:]))}
	case lex.HashToken:
		return Token{Kind: Hash, Text: unescape(text[1:])}
	case lex.StringToken:
		return Token{Kind: String, Text: unquote(text)}
	case lex.URLToken:
		return Token{Kind: URL, Text: address(text)}
	case lex.BadStringToken, lex.BadURLToken:
		return Token{Kind: Bad}
	case lex.NumberToken:
		return Token{Kind: Number, Num: number(text), Text: text}
	case lex.PercentageToken:
		return Token{Kind: Percentage, Num: number(text[:len(text)-1])}
	case lex.DimensionToken:
		return dimension(text)
	case lex.WhitespaceToken:
		return Token{Kind: Space, Text: " "}
	}
	return mark(kind, text)
}

func mark(kind lex.TokenType, text string) Token {
	switch kind {
	case lex.ColonToken:
		return Token{Kind: Colon, Text: ":"}
	case lex.SemicolonToken:
		return Token{Kind: Semicolon, Text: ";"}
	case lex.CommaToken:
		return Token{Kind: Comma, Text: ","}
	case lex.LeftBracketToken, lex.LeftParenthesisToken, lex.LeftBraceToken:
		return Token{Kind: Open, Text: text}
	case lex.RightBracketToken, lex.RightParenthesisToken, lex.RightBraceToken:
		return Token{Kind: Close, Text: text}
	}
	return Token{Kind: Delim, Text: text}
}

func dimension(text string) Token {
	n := len(text)
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= '0' && c <= '9' || c == '.' || c == '+' || c == '-' {
			continue
		}
		// An exponent belongs to the number: 1e3px.
		if (c == 'e' || c == 'E') && i+1 < len(text) && (digit(text[i+1]) || i+2 < len(text) && (text[i+1] == '-' || text[i+1] == '+') && digit(text[i+2])) {
			continue
		}
		n = i
		break
	}
	return Token{Kind: Dimension, Num: number(text[:n]), Text: strings.ToLower(unescape(text[n:]))}
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// number reads a number; one that is out of all bounds is held within them.
func number(s string) float64 {
	f, err := strconv.ParseFloat(strings.TrimPrefix(s, "+"), 64)
	if err != nil && f == 0 {
		return 0
	}
	return max(-1e7, min(1e7, f))
}

// unescape resolves backslashes (CSS Syntax, 4.3.7).
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		r, n := escaped(s[i+1:])
		if r != 0 {
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

// escaped reads what follows a backslash and says how long it is. An escaped
// line feed is nothing.
func escaped(s string) (r rune, n int) {
	for n < len(s) && n < 6 && hexDigit(s[n]) {
		n++
	}
	if n > 0 {
		v, _ := strconv.ParseUint(s[:n], 16, 32)
		if n < len(s) && (s[n] == ' ' || s[n] == '\n' || s[n] == '\t') {
			n++
		}
		if v == 0 || v > 0x10ffff || v >= 0xd800 && v < 0xe000 {
			v = 0xfffd
		}
		return rune(v), n
	}
	for i, c := range s {
		if i == 0 {
			r = c
			continue
		}
		return visibleEscape(r), i
	}
	return visibleEscape(r), len(s)
}

func visibleEscape(r rune) rune {
	if r == '\n' || r == '\r' || r == '\f' {
		return 0
	}
	return r
}

func hexDigit(c byte) bool {
	return digit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// unquote takes the quotes off a string.
func unquote(s string) string {
	if s == "" {
		return ""
	}
	quote := s[0]
	s = s[1:]
	if len(s) > 0 && s[len(s)-1] == quote {
		s = s[:len(s)-1]
	}
	return unescape(s)
}

// address takes url( and ) and the quotes off.
func address(s string) string {
	if i := strings.IndexByte(s, '('); i >= 0 {
		s = s[i+1:]
	}
	s = strings.TrimSpace(strings.TrimSuffix(s, ")"))
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		return unquote(s)
	}
	return unescape(s)
}

// trim takes spaces off both ends.
func trim(ts []Token) []Token {
	for len(ts) > 0 && ts[0].Kind == Space {
		ts = ts[1:]
	}
	for len(ts) > 0 && ts[len(ts)-1].Kind == Space {
		ts = ts[:len(ts)-1]
	}
	return ts
}

// split cuts at a kind of token that stands outside of parentheses.
func split(ts []Token, at Kind) [][]Token {
	var out [][]Token
	depth, start := 0, 0
	for i, t := range ts {
		switch {
		case t.Kind == Function || t.Kind == Open:
			depth++
		case t.Kind == Close:
			depth--
		case t.Kind == at && depth == 0:
			out = append(out, ts[start:i])
			start = i + 1
		}
	}
	return append(out, ts[start:])
}
