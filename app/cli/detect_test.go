package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

func tls(host string, port int) accounts.Server {
	return accounts.Server{Host: host, Port: port, Security: accounts.TLS, User: "anna@firm.test"}
}

// detected are results by address.
func detected() map[string]autodetect.Result {
	firm := autodetect.Answer{
		Source: autodetect.MX, Via: "mx.firm.test", Provider: "Firm", Checked: true, Sent: accounts.SentByServer,
		IMAP: []accounts.Server{tls("imap.firm.test", 993)}, SMTP: []accounts.Server{tls("smtp.firm.test", 465), tls("smtp.firm.test", 2465)},
		SignIn: []autodetect.SignIn{autodetect.OAuth, autodetect.AppPassword}, Hints: []string{"imap-off"}, AppPasswordURL: "https://firm.test/app", HelpURL: "https://firm.test/help",
	}
	browser, doubtful, bridge := firm, firm, firm
	browser.SignIn = []autodetect.SignIn{autodetect.OAuth}
	doubtful.Doubt = autodetect.OtherDomain
	bridge.SignIn = []autodetect.SignIn{autodetect.Bridge}
	none := autodetect.Answer{Source: autodetect.Table, Provider: "Closed", SignIn: []autodetect.SignIn{autodetect.NoSignIn}}
	out := map[string]autodetect.Result{
		"anna@firm.test":     {Answers: []autodetect.Answer{firm}, Tried: []autodetect.Attempt{{Source: autodetect.Provider, What: "https://firm.test/", Err: errors.New("status 404")}}},
		"anna@browser.test":  {Answers: []autodetect.Answer{browser}},
		"anna@doubtful.test": {Answers: []autodetect.Answer{doubtful}, Reason: autodetect.Confirm},
		"anna@bridge.test":   {Answers: []autodetect.Answer{bridge}, Reason: autodetect.NeedsBridge},
		"anna@closed.test":   {Answers: []autodetect.Answer{none}, Reason: autodetect.Unsupported},
		"anna@nobody.test":   {Reason: autodetect.NoDomain},
	}
	for address, r := range out {
		r.Address, r.Domain = address, strings.TrimPrefix(address, "anna@")
		out[address] = r
	}
	return out
}

func detectProgram(t *testing.T) *Program {
	t.Helper()
	words, err := assets.NewWords()
	if err != nil {
		t.Fatal(err)
	}
	return &Program{Words: words, Detect: func(_ context.Context, address string) (autodetect.Result, error) {
		r, ok := detected()[address]
		if !ok {
			return autodetect.Result{}, fmt.Errorf("%w: %q", autodetect.ErrAddress, address)
		}
		return r, nil
	}}
}

// run runs a command that needs no engine.
func run(t *testing.T, p *Program, args ...string) (exit int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	c, err := p.Parse(args)
	if err != nil {
		return p.Report(&e, err), "", e.String()
	}
	exit = c.Run(t.Context(), Env{Stdin: strings.NewReader("secret\n"), Stdout: &o, Stderr: &e}, nil)
	return exit, o.String(), e.String()
}

func TestDetectForPeople(t *testing.T) {
	p := detectProgram(t)
	for _, c := range []struct {
		address   string
		exit      int
		out, fail []string
	}{
		{"anna@firm.test", Done, []string{"1. Firm", "receives the mail of firm.test", "Incoming mail: tls://imap.firm.test:993", "Outgoing mail: tls://smtp.firm.test:2465", "switched on", "https://firm.test/app"}, nil},
		{"anna@doubtful.test", Done, []string{"check with your provider"}, nil},
		{"anna@bridge.test", Done, []string{"provider's own program"}, nil},
		{"anna@closed.test", Failed, nil, []string{"Closed does not let mail programs in"}},
		{"anna@nobody.test", Failed, nil, []string{"Nobody knows nobody.test"}},
		{"anna", Failed, nil, []string{"“anna” is not an e-mail address"}},
	} {
		exit, out, errOut := run(t, p, "detect", c.address)
		if exit != c.exit {
			t.Errorf("%s: exit %d\n%s%s", c.address, exit, out, errOut)
		}
		for _, want := range c.out {
			if !strings.Contains(out, want) {
				t.Errorf("%s: %q is not in\n%s", c.address, want, out)
			}
		}
		for _, want := range c.fail {
			if !strings.Contains(errOut, want) || strings.Count(errOut, "\n") != 1 {
				t.Errorf("%s: want %q alone on standard error, got\n%s", c.address, want, errOut)
			}
		}
		if strings.Contains(out+errOut, "detect.") {
			t.Errorf("%s: a key was shown:\n%s%s", c.address, out, errOut)
		}
	}
}

func TestDetectJSON(t *testing.T) {
	p := detectProgram(t)
	exit, out, _ := run(t, p, "detect", "anna@firm.test", "--json")
	var d detection
	if err := json.Unmarshal([]byte(out), &d); err != nil || exit != Done {
		t.Fatalf("exit %d, %v:\n%s", exit, err, out)
	}
	a := d.Answers[0]
	if a.Source != "mx" || a.Via != "mx.firm.test" || !a.Trusted || !a.Checked || a.IMAP[0].Server != "tls://imap.firm.test:993" ||
		a.IMAP[0].User != "anna@firm.test" || len(a.SMTP) != 2 || !slices.Equal(a.SignIn, []string{"oauth", "app-password"}) || d.Tried[0].Error != "status 404" {
		t.Errorf("got %s", out)
	}
	if exit, out, _ = run(t, p, "detect", "anna@nobody.test", "--json"); exit != Failed || !json.Valid([]byte(out)) || !strings.Contains(out, `"answers": []`) {
		t.Errorf("nothing found: exit %d, %s", exit, out)
	}
}

// TestAddWithoutServers looks at what an account would be added with, or why
// not.
func TestAddWithoutServers(t *testing.T) {
	p := detectProgram(t)
	for _, c := range []struct {
		address, imap, user string
		want                string // "IMAP SMTP user sent", or a part of the sentence
	}{
		{"anna@firm.test", "", "", "imap.firm.test:993 smtp.firm.test:465 anna@firm.test server"},
		{"anna@firm.test", "", "anna", "imap.firm.test:993 smtp.firm.test:465 anna server"},
		{"anna@firm.test", "own.firm.test", "", "own.firm.test:993 smtp.firm.test:465 anna@firm.test "},
		{"anna@doubtful.test", "", "", "not sure about the servers of doubtful.test. Please name the servers"},
		{"anna@bridge.test", "", "", "own program"},
		{"anna@browser.test", "", "", "imap.firm.test:993 smtp.firm.test:465 anna@firm.test server"},
		{"anna@closed.test", "", "", "does not let mail programs in"},
		{"anna@nobody.test", "", "", "Nobody knows nobody.test."},
	} {
		r := engine.AddRequest{Email: c.address}
		if c.imap != "" {
			r.IMAP = tls(c.imap, 993)
		}
		k := &call{Env: Env{Stderr: &bytes.Buffer{}}, Command: &Command{program: p}, words: p.Words}
		err := k.complete(t.Context(), &r, c.user, &inBrowser{})
		got := fmt.Sprintf("%s %s %s %s", r.IMAP.Address(), r.SMTP.Address(), r.SMTP.User, r.Sent)
		var problem *mailcore.Problem
		if errors.As(err, &problem) {
			got = p.sentence(problem)
		} else if err != nil {
			t.Errorf("%s: %v", c.address, err)
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%s: got %q, want %q", c.address, got, c.want)
		}
	}
}

// TestEveryAnswerHasWords goes through what package autodetect can say.
func TestEveryAnswerHasWords(t *testing.T) {
	words, err := assets.NewWords()
	if err != nil {
		t.Fatal(err)
	}
	table, err := autodetect.ParseTable(assets.Providers())
	if err != nil || table == nil {
		t.Fatal(err)
	}
	keys := []string{}
	for _, r := range []autodetect.Reason{autodetect.Unsupported, autodetect.NeedsBridge, autodetect.Confirm, autodetect.Intercepted, autodetect.Offline, autodetect.NoDomain, autodetect.NotSecure, autodetect.Certificate, autodetect.NotFound} {
		keys = append(keys, "detect.reason."+string(r))
	}
	for _, d := range []autodetect.Doubt{autodetect.OtherDomain, autodetect.Unreachable, autodetect.Incomplete} {
		keys = append(keys, "detect.doubt."+string(d))
	}
	for _, s := range []autodetect.Source{autodetect.Table, autodetect.Provider, autodetect.Database, autodetect.SRV, autodetect.Parent, autodetect.MX, autodetect.Probe} {
		keys = append(keys, "detect.source."+string(s))
	}
	for _, s := range []autodetect.SignIn{autodetect.Password, autodetect.AppPassword, autodetect.OAuth, autodetect.Bridge, autodetect.NoSignIn} {
		keys = append(keys, "detect.sign-in."+string(s))
	}
	for _, h := range autodetect.Hints() {
		keys = append(keys, "detect.hint."+h)
	}
	for _, key := range keys {
		if words.Say(key) == key {
			t.Errorf("nothing is written for %s", key)
		}
	}
}
