package mailtest

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
)

// recorder stands in for a test that is expected to fail.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func talk(t *testing.T, s *Scripted, say string) string {
	t.Helper()
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.Server.Port))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, say); err != nil {
		t.Fatal(err)
	}
	got, _ := io.ReadAll(c)
	return string(got)
}

func TestScriptAnswersWithTheClientsTag(t *testing.T) {
	s := Script(t, ScriptOptions{}, `
		# a greeting, a sign-in, a literal both ways
		S: * OK ready
		C: {tag} LOGIN {user} ...
		S: {tag} OK hello {user}
		C: {tag} APPEND INBOX {5}
		S: + go on
		C= 5
		C: 
		S-* 1 FETCH (BODY[] {3}
		S*3 z
		S: )
		S: {tag} OK done
	`)
	got := talk(t, s, "a7 login Anna secret\r\nB8 APPEND INBOX {5}\r\nhello\r\n")
	want := "* OK ready\r\na7 OK hello Anna\r\n+ go on\r\n* 1 FETCH (BODY[] {3}zzz)\r\nB8 OK done\r\n"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestScriptFailsTheTestOnAnotherLine(t *testing.T) {
	r := &recorder{TB: t}
	s := Script(r, ScriptOptions{}, "C: DATA\nS: 354 go\nC. .\nS: 250 ok")
	talk(t, s, "QUIT\r\n")
	s.close()
	if len(r.errors) != 1 || !strings.Contains(r.errors[0], `expected "DATA", got "QUIT"`) {
		t.Errorf("errors: %q", r.errors)
	}
}

func TestScriptTakesDataUpToTheDot(t *testing.T) {
	s := Script(t, ScriptOptions{}, "C: DATA\nS: 354 go\nC. .\nS: 250 ok", "S: 421 second\n!close")
	if got := talk(t, s, "DATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\n"); got != "354 go\r\n250 ok\r\n" {
		t.Errorf("first: %q", got)
	}
	for range 2 {
		if got := talk(t, s, ""); got != "421 second\r\n" {
			t.Errorf("later: %q", got)
		}
	}
}

func TestScriptBecomesTLS(t *testing.T) {
	s := Script(t, ScriptOptions{}, "C: STARTTLS\nS: 220 go\n!tls\nC: EHLO ...\nS: 250 ok\n!stall")
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.Server.Port))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, "STARTTLS\r\n")
	if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || line != "220 go\r\n" {
		t.Fatalf("%q, %v", line, err)
	}
	secured := tls.Client(c, &tls.Config{RootCAs: s.CA.Pool(), ServerName: "localhost"})
	_, _ = io.WriteString(secured, "EHLO x\r\n")
	if line, err := bufio.NewReader(secured).ReadString('\n'); err != nil || line != "250 ok\r\n" {
		t.Fatalf("%q, %v", line, err)
	}
}

func TestScriptRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, text := range []string{"", "# only a remark", "X: what", "!explode", "S* 5", "C= many", "S"} {
		if _, err := parseScript(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}
