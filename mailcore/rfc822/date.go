package rfc822

import (
	"strings"
	"time"
)

// parseDate reads a Date value (RFC 5322 section 3.3 and 4.3) and the forms
// that real mail uses instead; zero if there is no date in it. Without a zone
// UTC is taken.
func parseDate(v string) time.Time {
	d := dateParts{month: -1, day: -1, year: -1, hour: -1}
	if strings.IndexByte(v, '(') >= 0 {
		v, _ = cutComments(v)
	}
	for len(v) > 0 {
		n := 0
		for n < len(v) && !dateBlank(v[n]) {
			n++
		}
		if n > 0 && n < 100 {
			d.token(v[:n])
		}
		for n < len(v) && dateBlank(v[n]) {
			n++
		}
		v = v[n:]
	}
	return d.time()
}

func dateBlank(c byte) bool { return c <= ' ' || c == ',' }

// dateParts is what was understood so far; -1 is missing.
type dateParts struct {
	year, month, day  int
	hour, minute, sec int
	zone              int // seconds east of UTC
	zoned             bool
}

// token takes one word of the date.
func (d *dateParts) token(w string) {
	switch c := w[0]; {
	case c == '+' || c == '-' && d.hour >= 0:
		d.offset(w)
	case c >= '0' && c <= '9':
		d.number(w)
	default:
		d.word(w)
	}
}

// number takes a day, a year, a time, or a whole date of numbers.
func (d *dateParts) number(w string) {
	if i := strings.IndexAny(w, "Tt"); i > 4 && strings.Count(w[:i], "-") == 2 { // ISO 8601
		d.dashed(w[:i], '-')
		w = w[i+1:]
	}
	known := d.day >= 0 && d.month >= 0 && d.year >= 0
	switch {
	case known && d.hour < 0 && strings.Count(w, "-") == 2:
		d.clock(w, '-')
	case strings.IndexByte(w, ':') > 0:
		d.clock(w, ':')
	case strings.Count(w, ".") == 2 && d.day >= 0:
		d.clock(w, '.')
	case known && d.hour < 0 && strings.IndexByte(w, 'h') > 0: // 15h07
		d.clock(w, 'h')
	case known && d.hour < 0 && len(w) == 4: // 1507
		d.hour, d.minute, d.sec = digits(w[:2]), digits(w[2:]), 0
	case known:
	case strings.IndexByte(w, '-') > 0:
		d.dashed(w, '-')
	case strings.IndexByte(w, '/') > 0:
		d.dashed(w, '/')
	case strings.IndexByte(w, '.') > 0:
		d.dashed(w, '.')
	default:
		n := digits(w)
		switch {
		case d.day < 0 && n <= 31 && (len(w) <= 2 || len(w) == 3 && w[0] == '0'):
			d.day = n
		case d.year < 0:
			d.year = fullYear(n, len(w))
		}
	}
}

// dashed takes 2006-01-02, 02-Jan-2006, 01/02/2006 (or 13/02/2006).
func (d *dateParts) dashed(w string, sep byte) {
	a, rest, _ := strings.Cut(w, string(sep))
	b, c, ok := strings.Cut(rest, string(sep))
	if !ok {
		return
	}
	if len(a) == 4 {
		a, c = c, a
	} else if sep == '/' && digits(b) > 12 {
		a, b = b, a
	} else if sep == '/' && digits(a) <= 12 {
		a, b = b, a // month first, as in the United States
	}
	d.day, d.year = digits(a), fullYear(digits(c), len(c))
	if d.month = month(b); d.month < 0 {
		d.month = digits(b)
	}
}

// clock takes 15:04 or 15:04:05, with what may hang on it: Z, an offset, AM.
func (d *dateParts) clock(w string, sep byte) {
	if d.hour >= 0 {
		return
	}
	end := len(w)
	for i := 0; i < len(w); i++ {
		if c := w[i]; (c < '0' || c > '9') && c != sep && c != '.' {
			end = i
			break
		}
	}
	rest := w[end:]
	h, ms, _ := strings.Cut(w[:end], string(sep))
	m, s, _ := strings.Cut(ms, string(sep))
	s, _, _ = strings.Cut(s, ".")
	d.hour, d.minute, d.sec = digits(h), digits(m), digits(s)
	if rest != "" {
		d.token(rest)
	}
}

// word takes a month, a zone name, AM or PM; the day of the week does not count.
func (d *dateParts) word(w string) {
	if m := month(w); m > 0 && d.month < 0 {
		d.month = m
		return
	}
	if d.hour < 0 && len(w) > 4 { // Mon,2 or Jan-02-2006
		if i := strings.IndexAny(w, "-/."); i == 3 {
			if m := month(w[:3]); m > 0 {
				d.month = m
				d.token(w[4:])
			}
		}
		return
	}
	switch w = strings.ToUpper(strings.Trim(w, ".\"'")); w {
	case "AM", "PM":
		if d.hour >= 0 && d.hour <= 12 {
			d.hour %= 12
			if w == "PM" {
				d.hour += 12
			}
		}
		return
	}
	if d.hour >= 0 && !d.zoned {
		d.named(w)
	}
}

// named takes a zone name (RFC 5322 section 4.3, and others that are used), or
// GMT+2.
func (d *dateParts) named(w string) {
	for _, base := range []string{"GMT", "UTC", "UT"} {
		if rest, ok := strings.CutPrefix(w, base); ok {
			d.zoned = true
			if len(rest) > 1 && (rest[0] == '+' || rest[0] == '-') {
				d.offset(rest)
			}
			return
		}
	}
	if hours := zoneHours(w); hours != 0 {
		d.zone, d.zoned = hours*3600, true
	}
}

// offset takes +0200, +02:00, +2. What no clock shows (+9999) is taken as it is:
// the sender's time was reckoned with it.
func (d *dateParts) offset(w string) {
	sign := 1
	if w[0] == '-' {
		sign = -1
	}
	h, m, colon := strings.Cut(w[1:], ":")
	hours, minutes := digits(h), digits(m)
	if !colon && len(h) > 2 {
		hours, minutes = hours/100, hours%100
	}
	if d.zoned && d.zone != 0 || hours > 99 {
		return
	}
	d.zone, d.zoned = sign*(hours*60+minutes)*60, true
}

func (d *dateParts) time() time.Time {
	if d.year < 1 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31 {
		return time.Time{}
	}
	if d.hour < 0 || d.hour > 24 || d.minute > 59 || d.sec > 60 {
		if d.hour >= 0 {
			return time.Time{}
		}
		d.hour = 0
	}
	zone := time.UTC
	if d.zone != 0 {
		zone = time.FixedZone("", d.zone)
	}
	return time.Date(d.year, time.Month(d.month), d.day, d.hour, d.minute, d.sec, 0, zone)
}

// digits reads the leading number of s, at most six digits of it.
func digits(s string) int {
	n := 0
	for i := 0; i < len(s) && i < 6 && s[i] >= '0' && s[i] <= '9'; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// fullYear completes years of two and three digits (RFC 5322 section 4.3).
func fullYear(n, width int) int {
	switch {
	case width > 4:
		return -1
	case n < 50 && (width <= 2 || width == 4): // 0024 too
		return n + 2000
	case n < 100 && width == 4 || n < 1000 && width <= 3:
		return n + 1900
	}
	return n
}

// month returns the number of an English month name or abbreviation, -1 if w
// is none.
func month(w string) int {
	if len(w) < 3 {
		return -1
	}
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	key := [3]byte{w[0] | 0x20, w[1] | 0x20, w[2] | 0x20}
	for i := 0; i < len(names); i += 3 {
		if names[i] == key[0] && names[i+1] == key[1] && names[i+2] == key[2] {
			return i/3 + 1
		}
	}
	return -1
}

// zoneHours returns the offset of a zone name in hours east of UTC. Only the
// names of RFC 5322 section 4.3 have a meaning; of all others, among them IST,
// BST and CST for three zones each, it says that they are to be read as -0000.
func zoneHours(w string) int {
	switch w {
	case "EDT", "AST":
		return -4
	case "EST", "CDT":
		return -5
	case "CST", "MDT":
		return -6
	case "MST", "PDT":
		return -7
	case "PST":
		return -8
	case "ADT":
		return -3
	}
	return 0
}
