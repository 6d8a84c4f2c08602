package connect

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

// scanned feeds text in pieces of a size and returns the responses' starts.
func scanned(text string, piece int, b bounds) (heads []string, err error) {
	s := scanner{bounds: b, line: func(head string) { heads = append(heads, head) }}
	for i := 0; i < len(text); i += piece {
		if err := s.scan([]byte(text[i:min(len(text), i+piece)])); err != nil {
			return heads, err
		}
	}
	if !s.atRest() {
		err = errors.New("not at rest")
	}
	return heads, err
}

func TestScannerFollowsWhatServersReallySend(t *testing.T) {
	text := strings.Join([]string{
		`* OK [CAPABILITY IMAP4rev1 IDLE] ready (((( {10}`,
		`* LIST (\HasNoChildren) "/" "a \"(quoted\\ folder"`,
		"* LIST () \"/\" {5}\r\nab\"((",
		`* 1 FETCH (UID 1 ENVELOPE ("date" "a {3}" (("x" NIL "y" "z"))) BODY[] {12}` + "\r\n((((\"\r\n* OK) FLAGS (\\Seen))",
		`* 2 FETCH (BODY[HEADER.FIELDS ("From")] {0}` + "\r\n)",
		`* 2 FETCH (BODY[] {2} ` + "\r\nab)",
		`* SEARCH`, `* 12 EXISTS`, `+ idling "`, `+`,
		`T1 OK [APPENDUID 1 2] it's "done`, `T2 NO (odd) text "`, `T3 OK`,
		`* BYE [UNAVAILABLE] going "down`,
	}, "\r\n") + "\r\n"
	for _, piece := range []int{1, 2, 7, 64, len(text)} {
		heads, err := scanned(text, piece, boundsAfter)
		if err != nil || len(heads) != 14 {
			t.Fatalf("pieces of %d: %d responses %q, %v", piece, len(heads), heads, err)
		}
		if got := heads[13]; got != "* BYE [UNAVAILABLE] going \"down\r\n" {
			t.Errorf("BYE = %q", got)
		}
	}
}

func TestScannerRefusesWhatWouldExhaustOrConfuse(t *testing.T) {
	nest := strings.Repeat("(", 129)
	cases := map[string]string{
		"bomb":                        "* 1 FETCH (BODYSTRUCTURE " + nest,
		"bomb over literals":          "* 1 FETCH " + strings.Repeat("({1}\r\nx", 129),
		"bomb after quoted":           `* 1 FETCH ("a\\" "` + `" ` + nest,
		"bomb in a bare-LF line":      "* OK x\n* 1 FETCH " + nest,
		"bomb after a fake literal":   "* OK x {100000}\r\n* 1 FETCH " + nest,
		"bomb after a tagged fake":    "T1 OK x {100000}\r\n* 1 FETCH " + nest,
		"bomb after a numbered fake":  "* 00000000000000005 OK x {100000}\r\n* 1 FETCH " + nest,
		"bomb after a continued fake": "+ x {100000}\r\n* 1 FETCH " + nest,
		"4 GB literal":                "* 1 FETCH (BODY[] {4294967296}\r\n",
		"literal kept in memory":      "* LIST () \"/\" {2000000}\r\n",
		"literal beyond numbers":      "* 1 FETCH (BODY[] {99999999999999999999}\r\n",
		"literal hidden by zeros":     "* 1 FETCH (BODY[] {" + strings.Repeat("0", 40) + "5}\r\n",
		"quoted over a line end":      "* 1 FETCH (ENVELOPE (\"a {10}\r\n",
		"code over a line end":        "* OK [ODD {10}\r\n",
		"tagged code over a line end": "T1 OK [ODD x\r\n",
		"no type":                     "* " + strings.Repeat("1", 100),
		"no tag":                      strings.Repeat("x", 100),
		"endless line":                "* SEARCH " + strings.Repeat("1 ", 1<<16),
	}
	narrow := boundsAfter
	narrow.line = 1 << 17
	for name, text := range cases {
		for _, piece := range []int{1, 4096} {
			if _, err := scanned(text, piece, narrow); !errors.Is(err, trouble.ErrHostile) {
				t.Errorf("%s, pieces of %d: %v", name, piece, err)
			}
		}
	}
}

func TestScannerIsNarrowBeforeSigningIn(t *testing.T) {
	for name, text := range map[string]string{
		"literal": "* LIST () \"/\" {70000}\r\n",
		"line":    "* OK " + strings.Repeat("x", 70000),
		"total":   strings.Repeat("* OK x\r\n", 200_000),
		"nesting": "* LIST " + strings.Repeat("(", 17),
	} {
		if _, err := scanned(text, 4096, boundsBefore); !errors.Is(err, trouble.ErrHostile) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCommandsAreFollowedThroughLiteralsAndIdle(t *testing.T) {
	c := &commands{}
	step := func(sent, answered, want string) {
		t.Helper()
		for i := range len(sent) {
			c.sent([]byte(sent[i : i+1]))
		}
		if answered != "" {
			c.answered(answered)
		}
		if got := c.waiting(); got != want {
			t.Errorf("after %q / %q: waiting for %q, want %q", sent, answered, got, want)
		}
	}
	step("T1 CAPABILITY\r\n", "* CAPABILITY", "CAPABILITY")
	step("", "T1 OK", "")
	step("T2 APPEND Sent () {14}\r\n", "+", "APPEND")
	step("T9 NOOP\r\nT8 X\r\n", "", "APPEND")
	step("", "T2 OK", "")
	step("T3 LOGIN \"a\" {3+}\r\nabc\r\n", "T3 OK", "")
	step("T4 AUTHENTICATE PLAIN\r\n", "+", "AUTHENTICATE")
	step("AGFkYQ==\r\n", "T4 OK", "")
	step("T5 IDLE\r\n", "", "IDLE")
	step("", "+", "")
	step("", "* 5 EXISTS", "")
	step("DONE\r\n", "", "IDLE")
	step("", "T5 OK", "")
	step("T6 UID FETCH 1\r\nT7 NOOP\r\n", "T6 OK", "NOOP")
	step("", "T7 OK", "")
	if len(c.due) != 0 {
		t.Errorf("still due: %v", c.due)
	}
}

// The scanner stands in the way of every octet that is received.
func BenchmarkScanner(b *testing.B) {
	header := strings.Repeat("x", 600)
	var text strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&text, "* %d FETCH (UID %d FLAGS (\\Seen) INTERNALDATE \"01-Jan-2026 00:00:00 +0000\" RFC822.SIZE 5000 BODY[HEADER.FIELDS (From To)] {%d}\r\n%s)\r\n", i, i, len(header), header)
	}
	data := []byte(text.String())
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		s := scanner{bounds: boundsAfter}
		for i := 0; i < len(data); i += 4096 {
			if err := s.scan(data[i:min(len(data), i+4096)]); err != nil {
				b.Fatal(err)
			}
		}
	}
}
