package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// browser plays the person's browser: it goes where it is sent, and keeps what
// it is shown in the end.
type browser struct {
	mu     sync.Mutex
	wg     sync.WaitGroup
	shown  string
	status int
	header http.Header
	went   *url.URL
}

// open is what SignIn gets: like a real one it returns before anything is shown.
func (b *browser) open(u *url.URL) error {
	b.wg.Go(func() {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}
		r, err := client.Get(u.String())
		if err != nil {
			return
		}
		defer r.Body.Close()
		page, _ := io.ReadAll(r.Body)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.shown, b.status, b.header, b.went = string(page), r.StatusCode, r.Header, r.Request.URL
	})
	return nil
}

func (b *browser) saw() string {
	b.wg.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.shown
}

// service is a Service that knows one provider, the test's.
func service(s *mailtest.SignIn) *Service {
	return &Service{
		Providers: []Provider{{
			Key: "test", Name: "Test", AuthURL: s.AuthURL, TokenURL: s.TokenURL, Issuer: s.Issuer,
			Scopes: []string{"mail"}, Hosts: []string{"localhost"},
		}},
		Clients: map[string]Client{"test": {ID: mailtest.ClientID}},
		Page:    func(o Outcome) Page { return Page{Language: "en", Title: "It is " + string(o), Text: "<close> & go"} },
		Times:   Times{Browser: 20 * time.Second, Request: 20 * time.Second, Parting: 100 * time.Millisecond},
	}
}

func config(t *testing.T, s *Service) Config {
	t.Helper()
	c, err := s.Config(accounts.OAuth{Provider: "test"}, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func key(err error) string { return strings.TrimPrefix(trouble.Explain(err).Key, "trouble.") }

func TestSignIn(t *testing.T) {
	server := mailtest.StartSignIn(t)
	s := service(server)
	var b browser
	tokens, err := s.SignIn(bounded(t), config(t, s), "ada@example.org", b.open)
	if err != nil {
		t.Fatal(err)
	}
	left := time.Until(tokens.Renew)
	if tokens.Access == "" || tokens.Refresh == "" || left < 58*time.Minute || left > time.Hour {
		t.Errorf("renewed in %v", left)
	}
	if page := b.saw(); !strings.Contains(page, "It is done") || !strings.Contains(page, "&lt;close&gt; &amp; go") {
		t.Errorf("the browser shows %s", page)
	}
	for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"} {
		if b.header.Get(name) != want {
			t.Errorf("%s: %q", name, b.header.Get(name))
		}
	}
	if b.went.Hostname() != "127.0.0.1" || !strings.Contains(b.header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%v %v", b.went, b.header)
	}
	if faults := server.Faults(); len(faults) > 0 {
		t.Errorf("faults: %v", faults)
	}
	if text := fmt.Sprintf("%v %+v %#v", tokens, tokens, tokens); strings.Contains(text, tokens.Access) || strings.Contains(text, tokens.Refresh) {
		t.Error("tokens print themselves")
	}
	if conn, err := http.Get("http://" + b.went.Host); err == nil {
		_ = conn.Body.Close()
		t.Error("something still listens")
	}
}

func TestWhatGoesWrongInTheBrowser(t *testing.T) {
	impatient := Times{Browser: 300 * time.Millisecond}
	for name, c := range map[string]struct {
		rules mailtest.SignInRules
		times Times
		want  error
		key   string
		shown string
	}{
		"denied":        {mailtest.SignInRules{Deny: true}, Times{}, trouble.ErrDenied, "browser-denied", "It is denied"},
		"wrong state":   {mailtest.SignInRules{WrongState: true}, impatient, trouble.ErrState, "browser-state", "It is stray"},
		"wrong issuer":  {mailtest.SignInRules{WrongIss: true}, Times{}, trouble.ErrState, "browser-state", "It is failed"},
		"closed":        {mailtest.SignInRules{Silent: true}, impatient, trouble.ErrBrowserTime, "browser-time", "a page"},
		"expired code":  {mailtest.SignInRules{CodeLives: -time.Second}, Times{}, trouble.ErrCode, "browser-code", "It is done"},
		"wrong secret":  {mailtest.SignInRules{Secret: "x"}, Times{}, trouble.ErrClient, "client-refused", "It is done"},
		"no refresh":    {mailtest.SignInRules{NoRefresh: true}, Times{}, trouble.ErrNotLasting, "token-short", "It is done"},
		"broken answer": {mailtest.SignInRules{Answer: "<html>" + strings.Repeat("x", maxAnswer)}, Times{}, trouble.ErrTokenService, "token-service", "It is done"},
		"odd answer":    {mailtest.SignInRules{Answer: `{"error": "server_error"}`}, Times{}, trouble.ErrTokenService, "token-service", "It is done"},
	} {
		t.Run(name, func(t *testing.T) {
			server := mailtest.StartSignIn(t)
			server.Rules(c.rules)
			s := service(server)
			if c.times.Browser > 0 {
				s.Times.Browser = c.times.Browser
			}
			var b browser
			_, err := s.SignIn(bounded(t), config(t, s), "ada@example.org", b.open)
			if !errors.Is(err, c.want) || key(err) != c.key {
				t.Errorf("%v: %s", err, key(err))
			}
			if page := b.saw(); !strings.Contains(page, c.shown) {
				t.Errorf("the browser shows %s", page)
			}
			for _, secret := range server.GivenOut() {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("a secret is in %v", err)
				}
			}
		})
	}
}

func TestNobodyWaitsForAClosedBrowser(t *testing.T) {
	server := mailtest.StartSignIn(t)
	s := service(server)
	ctx, cancel := context.WithCancel(bounded(t))
	_, err := s.SignIn(ctx, config(t, s), "", func(*url.URL) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) || key(err) != "cancelled" {
		t.Errorf("cancelled: %v", err)
	}
	_, err = s.SignIn(bounded(t), config(t, s), "", func(*url.URL) error { return errors.New("no display") })
	if !errors.Is(err, trouble.ErrNoBrowser) || key(err) != "browser-none" {
		t.Errorf("no browser: %v", err)
	}
}

// Anybody on this computer can send something to the port: it changes nothing.
func TestStrangersDoNotEndASignIn(t *testing.T) {
	server := mailtest.StartSignIn(t)
	s := service(server)
	var b browser
	_, err := s.SignIn(bounded(t), config(t, s), "ada@example.org", func(u *url.URL) error {
		home := u.Query().Get("redirect_uri")
		for _, stranger := range []string{"/?code=x", "/?state=x&code=y", "/?error=access_denied", "/favicon.ico", "/?state=&code=z"} {
			r, err := http.Get(home + stranger)
			if err != nil {
				return err
			}
			_ = r.Body.Close()
			if r.StatusCode < 400 {
				t.Errorf("%s is welcome", stranger)
			}
		}
		// A name of the attacker's that was pointed at this computer.
		q, _ := http.NewRequest(http.MethodGet, home+"/?state="+u.Query().Get("state")+"&error=access_denied", nil)
		q.Host = "evil.example"
		r, err := http.DefaultClient.Do(q)
		if err != nil {
			return err
		}
		_ = r.Body.Close()
		return b.open(u)
	})
	if err != nil {
		t.Errorf("%v", err)
	}
	http.DefaultClient.CloseIdleConnections()
	b.saw()
}

func TestTwoSignInsAtOnce(t *testing.T) {
	server := mailtest.StartSignIn(t)
	s := service(server)
	var outer, inner browser
	var second Tokens
	first, err := s.SignIn(bounded(t), config(t, s), "u1@example.org", func(u *url.URL) error {
		var err error
		second, err = s.SignIn(bounded(t), config(t, s), "u2@example.org", func(v *url.URL) error {
			if u.Query().Get("state") == v.Query().Get("state") || u.Query().Get("redirect_uri") == v.Query().Get("redirect_uri") {
				t.Error("two sign-ins share state or port")
			}
			return inner.open(v)
		})
		if err != nil {
			return err
		}
		return outer.open(u)
	})
	if err != nil || first.Access == second.Access || first.Access == "" || second.Access == "" {
		t.Errorf("%v", err)
	}
	outer.saw()
	inner.saw()
}

func TestOnlyHTTPS(t *testing.T) {
	s := &Service{}
	for _, bad := range []string{
		"", "http://login.example/token", "ftp://login.example/", "https://", "https://a:b@login.example/", "http://localhost/", "javascript:x",
	} {
		_, err := s.Config(accounts.OAuth{ClientID: "x", AuthURL: "https://login.example/a", TokenURL: bad}, "")
		_, err2 := s.Config(accounts.OAuth{ClientID: "x", AuthURL: bad, TokenURL: "https://login.example/t"}, "")
		if !errors.Is(err, trouble.ErrEndpoint) || !errors.Is(err2, trouble.ErrEndpoint) {
			t.Errorf("%q: %v, %v", bad, err, err2)
		}
	}
	for _, p := range Builtin() {
		if _, err := (&Service{}).Config(accounts.OAuth{Provider: p.Key}, ""); !errors.Is(err, trouble.ErrNoClient) || key(err) != "client-none" {
			t.Errorf("%s without a client id: %v", p.Key, err)
		}
		if c, err := (&Service{}).Config(accounts.OAuth{Provider: p.Key, ClientID: "mine"}, "s"); err != nil || c.Client != (Client{"mine", "s"}) {
			t.Errorf("%s: %v, %v", p.Key, c, err)
		}
		if p.Name == "" || len(p.Scopes) == 0 || len(p.Hosts) == 0 {
			t.Errorf("%s is incomplete", p.Key)
		}
	}
}

func TestProvidersByServer(t *testing.T) {
	s := &Service{}
	for host, want := range map[string]string{
		"imap.gmail.com": "google", "IMAP.GMAIL.COM.": "google", "outlook.office365.com": "microsoft", "smtp-mail.outlook.com": "microsoft",
		"imap.mail.yahoo.com": "yahoo", "imap.aol.com": "aol", "imap.fastmail.com": "fastmail", "imap.notgmail.com": "", "gmail.com.evil.example": "", "": "",
	} {
		if p, _ := s.ForServer(host); p.Key != want {
			t.Errorf("%s: %q", host, p.Key)
		}
	}
}

// A token endpoint whose certificate is not in order is told nothing, and one
// that leads elsewhere is not followed.
func TestTheTokenEndpointIsVerified(t *testing.T) {
	asked := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer elsewhere.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	}))
	defer secure.Close()
	c := Config{Provider: Provider{AuthURL: secure.URL, TokenURL: secure.URL}, Client: Client{ID: "x"}}
	s := &Service{}
	if _, err := s.ask(bounded(t), c, url.Values{}); err == nil || asked != 0 || key(c.at(err)) != "certificate-self-signed" {
		t.Errorf("%v: %s, asked %d", err, key(c.at(err)), asked)
	}
	s.Roots = secure.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	if _, err := s.ask(bounded(t), c, url.Values{}); !errors.Is(err, trouble.ErrTokenService) || asked != 1 {
		t.Errorf("%v, asked %d", err, asked)
	}
}

func TestTokensThatCannotBe(t *testing.T) {
	now := time.Now()
	for _, bad := range []string{
		``, `[]`, `{}`, `{"access_token":"a"}`, `{"access_token":"a","token_type":"mac"}`, `{"access_token":"","token_type":"bearer"}`,
		`{"access_token":"a\r\nb","token_type":"bearer"}`, `{"access_token":"a\u0001b","token_type":"bearer"}`, `{"access_token":"a","token_type":"bearer","refresh_token":"é"}`,
	} {
		if tokens, err := parseTokens([]byte(bad), now); err == nil {
			t.Errorf("%s: %#v", bad, tokens.Access)
		}
	}
	for text, want := range map[string]time.Duration{"3600": 59 * time.Minute, `"100"`: 90 * time.Second, "0": 0, "null": 0, "-5": 0, "1e300": 0, `"soon"`: 0} {
		tokens, err := parseTokens([]byte(`{"access_token":"a","token_type":"BEARER","expires_in":`+text+`}`), now)
		var got time.Duration
		if !tokens.Renew.IsZero() {
			got = tokens.Renew.Sub(now.Round(0))
		}
		if err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

func TestGrants(t *testing.T) {
	g := Grant{Refresh: "r\"1", Secret: "s"}
	if back, ok := ParseGrant(g.Encode()); !ok || back != g {
		t.Errorf("%v", back)
	}
	if text := fmt.Sprintf("%v %+v %#v", g, g, g); strings.Contains(text, "r\"1") {
		t.Error(text)
	}
	for _, not := range []string{"", "password", "linnet-oauth:", "linnet-oauth:{}", `{"refresh_token":"x"}`} {
		if _, ok := ParseGrant(not); ok {
			t.Errorf("%q is a grant", not)
		}
	}
	clients := ParseClients("google=id.apps:GOCSPX-s, microsoft=1-2 ,yahoo=,=x,:")
	if len(clients) != 2 || clients["google"] != (Client{"id.apps", "GOCSPX-s"}) || clients["microsoft"] != (Client{ID: "1-2"}) {
		t.Errorf("%#v", clients)
	}
}
