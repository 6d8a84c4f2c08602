package css

// calc reads calc(): sums of lengths and percentages, multiplied and divided by
// numbers.
func (r *reader) calc() (Value, bool) {
	save := r.ts
	c := &calculator{ts: r.arguments()}
	v, ok := c.sum(0)
	if !ok || len(trim(c.ts)) > 0 || v.scalar {
		r.ts = save
		return Value{}, false
	}
	return Value{Kind: Sum, Items: v.terms}, true
}

// quantity is a number or a sum of lengths.
type quantity struct {
	scalar bool
	num    float64
	terms  []Value
}

func (q quantity) times(n float64) quantity {
	q.num *= n
	terms := make([]Value, len(q.terms))
	for i, t := range q.terms {
		t.Num *= n
		terms[i] = t
	}
	q.terms = terms
	return q
}

type calculator struct{ ts []Token }

func (c *calculator) peek() (Token, bool) {
	c.ts = trim(c.ts)
	if len(c.ts) == 0 {
		return Token{}, false
	}
	return c.ts[0], true
}

func (c *calculator) sum(depth int) (quantity, bool) {
	left, ok := c.product(depth)
	for ok {
		t, more := c.peek()
		sign := 1.0
		switch {
		case !more:
			return left, true
		case t.is("+"):
		case t.is("-"):
			sign = -1
		default:
			return left, true
		}
		c.ts = c.ts[1:]
		var right quantity
		if right, ok = c.product(depth); !ok || right.scalar != left.scalar {
			return left, false
		}
		right = right.times(sign)
		left.num += right.num
		left.terms = append(left.terms, right.terms...)
	}
	return left, false
}

func (c *calculator) product(depth int) (quantity, bool) {
	left, ok := c.operand(depth)
	for ok {
		t, more := c.peek()
		if !more || !t.is("*") && !t.is("/") {
			return left, true
		}
		c.ts = c.ts[1:]
		right, valid := c.operand(depth)
		switch {
		case !valid:
			return left, false
		case t.is("/"):
			if !right.scalar || right.num == 0 {
				return left, false
			}
			left = left.times(1 / right.num)
		case right.scalar:
			left = left.times(right.num)
		case left.scalar:
			left = right.times(left.num)
		default:
			return left, false
		}
	}
	return left, false
}

func (c *calculator) operand(depth int) (quantity, bool) {
	t, ok := c.peek()
	if !ok || depth > 16 {
		return quantity{}, false
	}
	switch {
	case t.Kind == Number:
		c.ts = c.ts[1:]
		return quantity{scalar: true, num: t.Num}, true
	case t.Kind == Percentage:
		c.ts = c.ts[1:]
		return quantity{terms: []Value{{Kind: Percent, Num: t.Num}}}, true
	case t.Kind == Dimension:
		v, ok := measure(t)
		c.ts = c.ts[1:]
		return quantity{terms: []Value{v}}, ok
	case t.is("("), t.Kind == Function && t.Text == "calc":
		end := closing(c.ts, 0)
		inner := &calculator{ts: c.ts[1:end]}
		c.ts = c.ts[min(end+1, len(c.ts)):]
		v, ok := inner.sum(depth + 1)
		return v, ok && len(trim(inner.ts)) == 0
	}
	return quantity{}, false
}
