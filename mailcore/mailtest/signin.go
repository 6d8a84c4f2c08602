package mailtest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// SignIn is a sign-in service (an authorisation server of OAuth 2.0) on
// loopback: it shows nobody a page, but answers a browser at once as the test
// wants it, and holds clients to the rules: PKCE, codes that count once, refresh
// tokens that change with every use. Dovecot asks it about tokens.
type SignIn struct {
	AuthURL, TokenURL string
	Issuer            string // what it calls itself (RFC 9207)

	introspectURL string
	server        *http.Server

	mu       sync.Mutex
	rules    SignInRules
	codes    map[string]issued
	access   map[string]issued // token to whom it is for
	refresh  map[string]issued
	asked    int          // requests to the token endpoint
	requests []url.Values // those that were granted
	errors   []string     // what clients did wrong
	secrets  []string     // every code and token that was ever given out
}

// SignInRules are how a SignIn behaves. The zero value gives everybody what they
// ask for, for an hour.
type SignInRules struct {
	As         string        // who signs in in the browser; "": the one whom the client hints at
	Deny       bool          // says no in the browser
	WrongState bool          // answers with another sign-in's state
	WrongIss   bool          // says that it is somebody else
	Silent     bool          // shows a page on which nobody does anything
	CodeLives  time.Duration // 0: a minute; below 0: a code has expired when it is used
	Lives      time.Duration // of an access token; 0: an hour
	KeepsOld   bool          // a refresh token stays the same
	NoRefresh  bool          // gives no refresh token
	Secret     string        // a client has to know this
	Answer     string        // the token endpoint says nothing but this, with status 500
	Hang       chan struct{} // the token endpoint waits for it
}

// issued is what a code or token is for.
type issued struct {
	user, challenge, redirect string
	until                     time.Time
}

// ClientID is the only client that a SignIn knows.
const ClientID = "linnet-test-client"

// StartSignIn starts a sign-in service that lives as long as the test.
func StartSignIn(t testing.TB) *SignIn {
	t.Helper()
	s, err := newSignIn()
	if err != nil {
		t.Fatalf("start sign-in service: %v", err)
	}
	t.Cleanup(s.stop)
	return s
}

func newSignIn() (*SignIn, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	base := "http://" + l.Addr().String()
	s := &SignIn{
		AuthURL: base + "/authorize", TokenURL: base + "/token", Issuer: base, introspectURL: base + "/introspect",
		codes: map[string]issued{}, access: map[string]issued{}, refresh: map[string]issued{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorize", s.authorize)
	mux.HandleFunc("POST /token", s.token)
	mux.HandleFunc("/introspect", s.introspect)
	s.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	s.server.SetKeepAlivesEnabled(false) // nobody waits for a second question
	go func() { _ = s.server.Serve(l) }()
	return s, nil
}

func (s *SignIn) stop() { _ = s.server.Close() }

// Rules changes how the service behaves from now on.
func (s *SignIn) Rules(r SignInRules) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = r
}

// Revoke takes back every permission of a user, "" of all: tokens that were
// given out do not count any more.
func (s *SignIn) Revoke(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range []map[string]issued{s.access, s.refresh} {
		for token, i := range m {
			if user == "" || i.user == user {
				delete(m, token)
			}
		}
	}
}

// Expire makes every access token that was given out expire; what renews them
// stays.
func (s *SignIn) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.access)
}

// Issue gives an access token to a user without asking anybody.
func (s *SignIn) Issue(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.give("access", s.access, issued{user: user, until: time.Now().Add(time.Hour)})
}

// Renewals counts how often tokens were renewed with success.
func (s *SignIn) Renewals() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.requests {
		if r.Get("grant_type") == "refresh_token" {
			n++
		}
	}
	return n
}

// Asked counts the requests for tokens, whatever came of them.
func (s *SignIn) Asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// Faults lists what clients did that they must not do.
func (s *SignIn) Faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.errors...)
}

// GivenOut lists every code and token that was ever given out: none of them may
// be seen anywhere.
func (s *SignIn) GivenOut() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.secrets...)
}

func (s *SignIn) fault(format string, args ...any) {
	s.errors = append(s.errors, fmt.Sprintf(format, args...))
}

// give makes a secret and remembers it.
func (s *SignIn) give(kind string, into map[string]issued, i issued) string {
	secret := kind + "-" + rand.Text()
	into[secret] = i
	s.secrets = append(s.secrets, secret)
	return secret
}

// authorize is the page in the browser, with somebody who knows what they want.
func (s *SignIn) authorize(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Scheme != "http" || q.Get("client_id") != ClientID {
		s.fault("authorize: redirect %q, client %q", q.Get("redirect_uri"), q.Get("client_id"))
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	if q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43 || q.Get("state") == "" {
		s.fault("authorize: %v", q)
	}
	if s.rules.Silent {
		_, _ = fmt.Fprintln(w, "a page")
		return
	}
	back.RawQuery = s.decide(q).Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// decide is what the browser takes back to the client.
func (s *SignIn) decide(q url.Values) url.Values {
	answer := url.Values{"state": {q.Get("state")}, "iss": {s.Issuer}}
	if s.rules.WrongState {
		answer.Set("state", rand.Text())
	}
	if s.rules.WrongIss {
		answer.Set("iss", "https://evil.example")
	}
	if s.rules.Deny {
		answer.Set("error", "access_denied")
		return answer
	}
	user := s.rules.As
	if user == "" {
		user = q.Get("login_hint")
	}
	lives := s.rules.CodeLives
	if lives == 0 {
		lives = time.Minute
	}
	answer.Set("code", s.give("code", s.codes, issued{
		user: user, challenge: q.Get("code_challenge"), redirect: q.Get("redirect_uri"), until: time.Now().Add(lives),
	}))
	return answer
}

// token is the token endpoint.
func (s *SignIn) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		return
	}
	s.mu.Lock()
	s.asked++
	hang := s.rules.Hang
	s.mu.Unlock()
	if hang != nil {
		select {
		case <-hang:
		case <-r.Context().Done():
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rules.Answer != "" {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = fmt.Fprint(w, s.rules.Answer)
		return
	}
	i, refused := s.grant(r.PostForm)
	if refused != "" {
		// A service that repeats what it was sent: nobody may hand that on.
		reply(w, http.StatusBadRequest, map[string]any{"error": refused, "error_description": "no: " + r.PostForm.Encode()})
		return
	}
	s.requests = append(s.requests, r.PostForm)
	reply(w, http.StatusOK, s.tokens(i, r.PostForm.Get("refresh_token")))
}

// grant checks a request; refused is the error of RFC 6749 section 5.2.
func (s *SignIn) grant(f url.Values) (i issued, refused string) {
	if f.Get("client_id") != ClientID || f.Get("client_secret") != s.rules.Secret {
		return i, "invalid_client"
	}
	if f.Get("grant_type") == "refresh_token" {
		i, ok := s.refresh[f.Get("refresh_token")]
		if !ok {
			return i, "invalid_grant"
		}
		return i, ""
	}
	i, ok := s.codes[f.Get("code")]
	delete(s.codes, f.Get("code"))
	sum := sha256.Sum256([]byte(f.Get("code_verifier")))
	switch {
	case f.Get("grant_type") != "authorization_code":
		return i, "unsupported_grant_type"
	case !ok || time.Now().After(i.until):
		return i, "invalid_grant"
	case base64.RawURLEncoding.EncodeToString(sum[:]) != i.challenge || f.Get("redirect_uri") != i.redirect:
		s.fault("token: verifier or redirect do not belong to the code")
		return i, "invalid_grant"
	}
	return i, ""
}

// tokens makes an answer; the refresh token that was used is used up.
func (s *SignIn) tokens(i issued, used string) map[string]any {
	lives := s.rules.Lives
	if lives == 0 {
		lives = time.Hour
	}
	access := i
	access.until = time.Now().Add(lives)
	answer := map[string]any{
		"access_token": s.give("access", s.access, access), "token_type": "Bearer", "expires_in": lives.Seconds(),
	}
	if s.rules.NoRefresh || used != "" && s.rules.KeepsOld {
		return answer
	}
	delete(s.refresh, used)
	answer["refresh_token"] = s.give("refresh", s.refresh, i)
	return answer
}

// introspect tells a mail server whose a token is (RFC 7662).
func (s *SignIn) introspect(w http.ResponseWriter, r *http.Request) {
	token := r.FormValue("token")
	if token == "" {
		token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.access[token]
	if !ok || time.Now().After(i.until) {
		reply(w, http.StatusOK, map[string]any{"active": false})
		return
	}
	login, _, _ := strings.Cut(i.user, "@")
	reply(w, http.StatusOK, map[string]any{"active": true, "username": login, "token_type": "Bearer"})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
