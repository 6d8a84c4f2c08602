package oauth

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

const (
	maxAnswer = 256 << 10
	maxWords  = 200         // of what a service says about an error
	earliest  = time.Minute // before it expires a token is renewed, at most
)

// errInvalidGrant: the code or the refresh token does not count (RFC 6749
// section 5.2).
var errInvalidGrant = errors.New("invalid_grant")

// ask sends a request to the token endpoint (RFC 6749 section 3.2). Redirects
// are not followed: what is sent is for this address alone.
func (s *Service) ask(ctx context.Context, c Config, form url.Values) (Tokens, error) {
	form.Set("client_id", c.Client.ID)
	if c.Client.Secret != "" {
		form.Set("client_secret", c.Client.Secret)
	}
	ctx, cancel := context.WithTimeout(ctx, s.Times.orDefault().Request)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Provider.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return Tokens{}, fmt.Errorf("ask for a token: %w", trouble.ErrEndpoint)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "Linnet")
	response, err := s.client().Do(request)
	if err != nil {
		var u *url.Error // would name the whole address
		if errors.As(err, &u) {
			err = u.Err
		}
		return Tokens{}, fmt.Errorf("ask for a token: %w", err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return Tokens{}, fmt.Errorf("read the token: %w", err)
	}
	if len(data) > maxAnswer {
		return Tokens{}, fmt.Errorf("%w: it said too much", trouble.ErrTokenService)
	}
	if response.StatusCode != http.StatusOK {
		return Tokens{}, refusal(response.StatusCode, data)
	}
	return parseTokens(data, time.Now())
}

// client makes one request, as connections to mail servers are made.
func (s *Service) client() *http.Client {
	t := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		TLSClientConfig:        &tls.Config{RootCAs: s.Roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: 64 << 10,
	}
	if s.Net != nil {
		t.Proxy, t.DialContext = nil, s.Net.DialContext
	}
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// tokenAnswer is RFC 6749 section 5.1. Some services write the time as a string.
type tokenAnswer struct {
	Access  string          `json:"access_token"`
	Type    string          `json:"token_type"`
	Expires json.RawMessage `json:"expires_in"`
	Refresh string          `json:"refresh_token"`
}

func parseTokens(data []byte, now time.Time) (Tokens, error) {
	var a tokenAnswer
	if json.Unmarshal(data, &a) != nil { // its error would quote the answer
		return Tokens{}, fmt.Errorf("%w: it sent no JSON", trouble.ErrTokenService)
	}
	if !strings.EqualFold(a.Type, "bearer") || !printable(a.Access) || a.Refresh != "" && !printable(a.Refresh) {
		return Tokens{}, fmt.Errorf("%w: it sent no usable token", trouble.ErrTokenService)
	}
	t := Tokens{Access: a.Access, Refresh: a.Refresh}
	seconds, err := strconv.ParseFloat(strings.Trim(string(a.Expires), `"`), 64)
	if err == nil && seconds > 0 && seconds < 1e9 {
		lives := time.Duration(seconds * float64(time.Second))
		// The wall clock: the other one stands still while a computer sleeps.
		t.Renew = now.Add(lives - min(lives/10, earliest)).Round(0)
	}
	return t, nil
}

// printable reports whether s can be a token (RFC 6749 appendix A.12): nothing
// that would end a line or a field of SASL.
func printable(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r > 0x7e })
}

// refusal understands RFC 6749 section 5.2.
func refusal(status int, data []byte) error {
	var a struct {
		Error string `json:"error"`
		Words string `json:"error_description"`
	}
	_ = json.Unmarshal(data, &a) // without JSON the status has to do
	said := fmt.Sprintf("status %d", status)
	if words := describe(a.Words); words != "" {
		said += ": " + words
	}
	switch a.Error {
	case "invalid_grant", "interaction_required", "consent_required", "login_required":
		return fmt.Errorf("%w (%s)", errInvalidGrant, said)
	case "invalid_client", "unauthorized_client", "invalid_scope", "unsupported_grant_type", "invalid_request":
		return fmt.Errorf("%w (%s, %s)", trouble.ErrClient, a.Error, said)
	}
	return fmt.Errorf("%w (%s)", trouble.ErrTokenService, said)
}

// long is what may be a token, or a part of one.
var long = regexp.MustCompile(`[A-Za-z0-9._~+/=%-]{16,}`)

// describe makes a service's words fit for a report: one short line without
// anything that could be a secret.
func describe(words string) string {
	words = long.ReplaceAllString(strings.ToValidUTF8(words, ""), "(hidden)")
	words = strings.Join(strings.FieldsFunc(words, func(r rune) bool { return r <= 0x20 || r == 0x7f }), " ")
	if r := []rune(words); len(r) > maxWords {
		words = string(r[:maxWords]) + "…"
	}
	return words
}
