package css

import "strings"

// ValueKind is the kind of a value.
type ValueKind uint8

// The kinds of values.
const (
	Keyword ValueKind = iota // Text, in lower case
	Length                   // Num in Unit
	Percent                  // Num, 50 for half
	Num                      // Num
	Colour                   // Color
	CurrentColour
	Link     // a URL, in Text
	Text     // a string, in Text
	List     // Items
	Sum      // calc: the sum of Items
	Gradient // Grad
	Shadow   // Items: x, y, blur, spread, and the colour last; Text is "inset" or empty
	Raw      // Tokens that wait for var() to be known, Text the property they are for
)

// Unit is the unit of a length; what is absolute has become pixels.
type Unit uint8

// The units of lengths.
const (
	Px Unit = iota
	Em
	Rem
	Ex
	Ch
	Vw
	Vh
)

// Value is a value that was read.
type Value struct {
	Kind   ValueKind
	Unit   Unit
	Color  Color
	Num    float64
	Text   string
	Items  []Value
	Grad   *LinearGradient
	Tokens []Token
}

// Is reports whether the value is the keyword.
func (v Value) Is(word string) bool { return v.Kind == Keyword && v.Text == word }

// Setting is one longhand property with its value.
type Setting struct {
	Prop      Prop
	Name      string // of a Custom property
	Value     Value
	Important bool
}

// pixels are the absolute units.
var pixels = map[string]float64{
	"px": 1, "pt": 4.0 / 3, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6,
}

var relative = map[string]Unit{
	"em": Em, "rem": Rem, "ex": Ex, "ch": Ch, "vw": Vw, "vh": Vh, "dvw": Vw, "dvh": Vh, "svw": Vw, "svh": Vh, "lvw": Vw, "lvh": Vh, "vi": Vw, "vb": Vh,
}

// Pixels is a length of n CSS pixels.
func Pixels(n float64) Value { return Value{Kind: Length, Num: n} }

// Word is a keyword.
func Word(w string) Value { return Value{Kind: Keyword, Text: w} }

// reader reads the tokens of one value.
type reader struct {
	ts []Token
	// quirks lets lengths do without a unit and colours without "#" (Quirks
	// Mode, 3.1 and 3.2).
	quirks bool
}

func (r *reader) space() {
	for len(r.ts) > 0 && r.ts[0].Kind == Space {
		r.ts = r.ts[1:]
	}
}

// done reports whether nothing but space is left.
func (r *reader) done() bool {
	r.space()
	return len(r.ts) == 0
}

func (r *reader) word() (string, bool) {
	r.space()
	if len(r.ts) > 0 && r.ts[0].Kind == Ident {
		w := strings.ToLower(r.ts[0].Text)
		r.ts = r.ts[1:]
		return w, true
	}
	return "", false
}

// oneOf reads one of the words.
func (r *reader) oneOf(words string) (Value, bool) {
	save := r.ts
	if w, ok := r.word(); ok && contains(words, w) {
		return Word(w), true
	}
	r.ts = save
	return Value{}, false
}

// contains reports whether a list of words between blanks has the word.
func contains(words, w string) bool {
	for f := range strings.FieldsSeq(words) {
		if f == w {
			return true
		}
	}
	return false
}

// comma steps over a comma.
func (r *reader) comma() bool {
	r.space()
	if len(r.ts) > 0 && r.ts[0].Kind == Comma {
		r.ts = r.ts[1:]
		return true
	}
	return false
}

// slash steps over a slash.
func (r *reader) slash() bool {
	r.space()
	if len(r.ts) > 0 && r.ts[0].is("/") {
		r.ts = r.ts[1:]
		return true
	}
	return false
}

// length reads a length or percentage.
func (r *reader) length() (Value, bool) {
	r.space()
	if len(r.ts) == 0 {
		return Value{}, false
	}
	t := r.ts[0]
	switch t.Kind {
	case Number:
		if t.Num != 0 && !r.quirks {
			return Value{}, false
		}
		r.ts = r.ts[1:]
		return Pixels(t.Num), true
	case Percentage:
		r.ts = r.ts[1:]
		return Value{Kind: Percent, Num: t.Num}, true
	case Dimension:
		v, ok := measure(t)
		if ok {
			r.ts = r.ts[1:]
		}
		return v, ok
	case Function:
		if t.Text == "calc" || t.Text == "-webkit-calc" {
			return r.calc()
		}
	}
	return Value{}, false
}

func measure(t Token) (Value, bool) {
	if px, ok := pixels[t.Text]; ok {
		return Pixels(t.Num * px), true
	}
	if u, ok := relative[t.Text]; ok {
		return Value{Kind: Length, Num: t.Num, Unit: u}, true
	}
	return Value{}, false
}

func (r *reader) number() (Value, bool) {
	r.space()
	if len(r.ts) > 0 && r.ts[0].Kind == Number {
		v := Value{Kind: Num, Num: r.ts[0].Num}
		r.ts = r.ts[1:]
		return v, true
	}
	return Value{}, false
}

// arguments returns what stands within the function or parenthesis that comes
// next, and steps over it.
func (r *reader) arguments() []Token {
	end := closing(r.ts, 0)
	args := r.ts[1:end]
	r.ts = r.ts[min(end+1, len(r.ts)):]
	return args
}

// url reads url(…).
func (r *reader) url() (Value, bool) {
	r.space()
	if len(r.ts) == 0 {
		return Value{}, false
	}
	t := r.ts[0]
	if t.Kind == URL {
		r.ts = r.ts[1:]
		return Value{Kind: Link, Text: t.Text}, true
	}
	if t.Kind == Function && t.Text == "url" {
		args := trim(r.arguments())
		if len(args) > 0 && args[0].Kind == String {
			return Value{Kind: Link, Text: args[0].Text}, true
		}
	}
	return Value{}, false
}
