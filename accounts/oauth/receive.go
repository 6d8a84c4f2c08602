package oauth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

// What a browser may send us, and how long it may take.
const (
	maxHeader   = 32 << 10
	maxCode     = 8 << 10
	headerLimit = 10 * time.Second
	lastWords   = time.Second // for the page to reach the browser
)

// receiver waits on loopback for the browser to come back (RFC 8252 section
// 7.3).
type receiver struct {
	attempt  attempt
	redirect string // our address, without a path
	host     string // of it, with the port
	page     func(Outcome) Page
	server   *http.Server
	answers  chan answer
	done     chan struct{}
	strays   atomic.Bool // something came that does not belong to this sign-in
}

// answer is what came back from the browser.
type answer struct {
	code string
	err  error
}

// receive begins to wait, on a port that the system chooses.
func (s *Service) receive(ctx context.Context, a attempt) (*receiver, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	name := a.c.Provider.Redirect
	if name == "" {
		name = "127.0.0.1"
	}
	r := &receiver{attempt: a, page: s.Page, answers: make(chan answer, 1), done: make(chan struct{})}
	r.host = net.JoinHostPort(name, strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	r.redirect = "http://" + r.host
	r.server = &http.Server{
		Handler: r, ReadHeaderTimeout: headerLimit, ReadTimeout: headerLimit, WriteTimeout: headerLimit, MaxHeaderBytes: maxHeader,
		ErrorLog: log.New(io.Discard, "", 0),
	}
	r.server.SetKeepAlivesEnabled(false)
	go func() {
		defer close(r.done)
		_ = r.server.Serve(l) // ends with close
	}()
	return r, nil
}

// close stops waiting, after the page that the browser is just being shown.
func (r *receiver) close() {
	ctx, cancel := context.WithTimeout(context.Background(), lastWords)
	defer cancel()
	_ = r.server.Shutdown(ctx) // what is open then is of no use to anybody
	_ = r.server.Close()
	<-r.done
}

// code waits for the browser. What does not belong to this sign-in does not end
// it: anybody on this computer can send such a thing.
func (r *receiver) code(ctx context.Context, limit time.Duration) (string, error) {
	t := time.NewTimer(limit)
	defer t.Stop()
	select {
	case a := <-r.answers:
		return a.code, a.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	case <-t.C:
	}
	if r.strays.Load() {
		return "", trouble.ErrState
	}
	return "", trouble.ErrBrowserTime
}

// ServeHTTP takes the browser's answer.
func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if q.Host != r.host || q.URL.Path != "/" || q.Method != http.MethodGet {
		http.Error(w, "", http.StatusNotFound) // an icon, or a name that was pointed here
		return
	}
	a, belongs := r.attempt.read(q.URL.Query())
	if !belongs {
		r.strays.Store(true)
		r.show(w, http.StatusBadRequest, Stray)
		return
	}
	select {
	case r.answers <- a:
	default: // the first one counted
	}
	switch {
	case a.err == nil:
		r.show(w, http.StatusOK, Done)
	case errors.Is(a.err, trouble.ErrDenied):
		r.show(w, http.StatusOK, Denied)
	default:
		r.show(w, http.StatusBadRequest, Failed)
	}
}

// read understands the answer (RFC 6749 section 4.1.2); belongs is false for one
// that another sign-in, or nobody, asked for.
func (a attempt) read(q url.Values) (_ answer, belongs bool) {
	if len(q["state"]) != 1 || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(a.state)) != 1 {
		return answer{}, false
	}
	if iss := q.Get("iss"); iss != "" && a.c.Provider.Issuer != "" && iss != a.c.Provider.Issuer {
		return answer{err: fmt.Errorf("%w: it comes from another sign-in service", trouble.ErrState)}, true
	}
	if q.Has("error") {
		return answer{err: browserError(q.Get("error"))}, true
	}
	code := q.Get("code")
	if len(q["code"]) != 1 || code == "" || len(code) > maxCode {
		return answer{err: fmt.Errorf("%w: it sent no code", trouble.ErrTokenService)}, true
	}
	return answer{code: code}, true
}

// browserError is what a sign-in service says through the browser (RFC 6749
// section 4.1.2.1).
func browserError(code string) error {
	switch code {
	case "access_denied", "consent_required", "interaction_required", "login_required":
		return trouble.ErrDenied
	case "unauthorized_client", "invalid_client", "invalid_scope", "invalid_request", "unsupported_response_type":
		return fmt.Errorf("%w (%s)", trouble.ErrClient, code)
	}
	return trouble.ErrTokenService
}
