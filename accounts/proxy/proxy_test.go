package proxy

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// named gives a dialer that knows these settings and no others.
func named(s Settings) *Dialer {
	return &Dialer{Read: func(context.Context) Settings { return s }}
}

// echo is a server that greets and then says everything again.
func echo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				_, _ = io.WriteString(c, "220 first word\r\n")
				_, _ = io.Copy(c, c)
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	return l.Addr().String()
}

// talk says a line over a connection to address and expects it back.
func talk(t *testing.T, d *Dialer, address string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	r := bufio.NewReader(c)
	_, _ = io.WriteString(c, "hello\r\n")
	for _, want := range []string{"220 first word\r\n", "hello\r\n"} {
		if line, err := r.ReadString('\n'); line != want {
			t.Errorf("%q, %v instead of %q", line, err, want)
		}
	}
	return nil
}

func TestThroughEveryKindOfProxy(t *testing.T) {
	server := echo(t)
	for _, c := range []struct{ kind, before, user, password string }{
		{"socks5", "socks5h://", "", ""},
		{"socks5", "socks5://", "ada", "pass word@:/"},
		{"socks5", "socks://", "", ""},
		{"http", "http://", "", ""},
		{"http", "", "", ""},
		{"http", "http://", "ada", "pass word@:/"},
	} {
		f := mailtest.NewForward(t, c.kind, func(f *mailtest.Forward) { f.User, f.Password = c.user, c.password })
		f.Lead("mail.far.example:993", server)
		f.Lead("[2001:db8::1]:993", server)
		f.Lead("192.0.2.1:993", server)
		text := c.before + f.Address()
		if c.user != "" {
			text = c.before + "ada:pass%20word%40%3A%2F@" + f.Address()
		}
		d := named(Settings{Mail: text})
		for _, address := range []string{"mail.far.example:993", "[2001:db8::1]:993", "192.0.2.1:993"} {
			if err := talk(t, d, address); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
		// The names were never looked up here: example has none of them.
		if want := []string{"mail.far.example:993", "[2001:db8::1]:993", "192.0.2.1:993"}; !slices.Equal(f.Asked(), want) {
			t.Errorf("%s was asked for %v", text, f.Asked())
		}
	}
}

func TestAProxyThatIsSpokenToOverTLS(t *testing.T) {
	ca := mailtest.NewCA(t)
	server := echo(t)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		to, err := net.Dial("tcp", server)
		if err != nil || r.Method != http.MethodConnect {
			out.WriteHeader(http.StatusBadGateway)
			return
		}
		defer to.Close()
		c, _, err := http.NewResponseController(out).Hijack()
		if err != nil {
			return
		}
		defer c.Close()
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(to, c); _ = to.Close() }()
		_, _ = io.Copy(c, to)
	}))
	s.TLS = mailtestTLS(t, ca)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.StartTLS()
	defer s.Close()
	d := named(Settings{Mail: "https://" + s.Listener.Addr().String()})
	d.Roots = ca.Pool()
	if err := talk(t, d, "mail.far.example:993"); err != nil {
		t.Error(err)
	}
	strange := named(Settings{Mail: "https://" + s.Listener.Addr().String()})
	if err := talk(t, strange, "mail.far.example:993"); !errors.Is(err, trouble.ErrProxyBroken) {
		t.Errorf("a proxy with a certificate of nobody: %v", err)
	}
}

func TestWhatAProxyRefusesHasAName(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := taken.Addr().String()
	_ = taken.Close()
	for name, c := range map[string]struct {
		kind   string
		change func(f *mailtest.Forward)
		text   string // instead of the proxy's own
		want   string
		is     error
	}{
		"nobody there":            {text: "socks5h://" + closed, want: "proxy-down", is: syscall.ECONNREFUSED},
		"nobody there, HTTP":      {text: closed, want: "proxy-down", is: syscall.ECONNREFUSED},
		"silent":                  {kind: "socks5", change: func(f *mailtest.Forward) { f.Silent = true }, want: "proxy-down"},
		"silent, HTTP":            {kind: "http", change: func(f *mailtest.Forward) { f.Silent = true }, want: "proxy-down"},
		"wants a user":            {kind: "socks5", change: func(f *mailtest.Forward) { f.User = "ada" }, want: "proxy-sign-in"},
		"407":                     {kind: "http", change: func(f *mailtest.Forward) { f.User = "ada" }, want: "proxy-sign-in"},
		"not allowed":             {kind: "socks5", change: func(f *mailtest.Forward) { f.SOCKSReply = 2 }, want: "proxy-refused"},
		"403":                     {kind: "http", change: func(f *mailtest.Forward) { f.Status = "403 Forbidden" }, want: "proxy-refused"},
		"405":                     {kind: "http", change: func(f *mailtest.Forward) { f.Status = "405 Method Not Allowed" }, want: "proxy-refused"},
		"target refuses":          {kind: "socks5", change: func(f *mailtest.Forward) { f.SOCKSReply = 5 }, want: "proxy-target", is: syscall.ECONNREFUSED},
		"target not there":        {kind: "socks5", want: "proxy-target"},
		"target not there, HTTP":  {kind: "http", want: "proxy-target"},
		"a web server":            {kind: "socks5", change: func(f *mailtest.Forward) { f.Say = "HTTP/1.1 400 Bad Request\r\n\r\n" }, want: "proxy-broken"},
		"a mail server":           {kind: "http", change: func(f *mailtest.Forward) { f.Say = "220 mail.example ESMTP\r\n" }, want: "proxy-broken"},
		"hangs up":                {kind: "http", change: func(f *mailtest.Forward) { f.Say = "HTTP/1.1 200 OK\r\nHalf: " }, want: "proxy-broken"},
		"endless answer":          {kind: "http", change: func(f *mailtest.Forward) { f.Say = "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 10000) }, want: "proxy-broken"},
		"a kind that nobody has":  {text: "socks4://127.0.0.1:1", want: "proxy-settings"},
		"an address that is none": {text: "http://canary-secret:pw@[::1", want: "proxy-settings"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := c.text
			if text == "" {
				change := c.change
				if change == nil {
					change = func(*mailtest.Forward) {}
				}
				f := mailtest.NewForward(t, c.kind, change)
				text = map[string]string{"socks5": "socks5h://", "http": "http://"}[c.kind] + f.Address()
			}
			patience := 20 * time.Second
			if strings.HasPrefix(name, "silent") {
				patience = 200 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			conn, err := named(Settings{Mail: text}).DialContext(ctx, "tcp", "mail.far.example:993")
			if err == nil {
				_ = conn.Close()
			}
			if got := trouble.Explain(err).Key; got != "trouble."+c.want || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("%v is %s, not %s", err, got, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "canary") {
				t.Errorf("a secret in %v", err)
			}
		})
	}
}

func TestCancelledWhileTheProxyIsAsked(t *testing.T) {
	f := mailtest.NewForward(t, "socks5", func(f *mailtest.Forward) { f.Silent = true })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err := named(Settings{Mail: "socks5h://" + f.Address()}).DialContext(ctx, "tcp", "mail.far.example:993"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestNoWayAround holds that a proxy that is down, refuses or cannot be used
// never leads to a direct connection, and that exceptions and this computer do.
func TestNoWayAround(t *testing.T) {
	direct := &recorded{}
	for _, text := range []string{"socks5h://127.0.0.1:1", "http://127.0.0.1:1", "socks4://127.0.0.1:1", "::"} {
		d := named(Settings{Mail: text, Web: text, Except: []string{"near.example"}})
		d.Net = direct
		for _, address := range []string{"mail.far.example:993", "www.far.example:443"} {
			if _, err := d.DialContext(t.Context(), "tcp", address); err == nil {
				t.Errorf("%s through %s", address, text)
			}
		}
		for _, address := range []string{"localhost:993", "127.0.0.1:143", "[::1]:993", "mail.near.example:993"} {
			_, _ = d.DialContext(t.Context(), "tcp", address)
		}
	}
	around := []string{"localhost:993", "127.0.0.1:143", "[::1]:993", "mail.near.example:993"}
	proxy := []string{"127.0.0.1:1", "127.0.0.1:1"}
	want := slices.Concat(proxy, around, proxy, around, around, around)
	if !slices.Equal(direct.dialled, want) {
		t.Errorf("dialled %v\nwant    %v", direct.dialled, want)
	}
}

// recorded takes no connection and remembers which were wanted.
type recorded struct{ dialled []string }

func (r *recorded) DialContext(_ context.Context, _, address string) (net.Conn, error) {
	r.dialled = append(r.dialled, address)
	return nil, syscall.ECONNREFUSED
}

func TestCredentialsStayOutOfLogsAndErrors(t *testing.T) {
	var log strings.Builder
	f := mailtest.NewForward(t, "http", func(f *mailtest.Forward) { f.User, f.Password = "ada", "other" })
	text := "http://ada:canary@" + f.Address()
	d := named(Settings{From: "environment", Mail: text, Web: text})
	d.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	_, err := d.DialContext(t.Context(), "tcp", "mail.far.example:993")
	c := trouble.Explain(err)
	if said := log.String() + err.Error() + c.Detail; strings.Contains(said, "canary") || strings.Contains(said, "YWRhOmNhbmFyeQ") {
		t.Errorf("a secret in %s", said)
	}
	if !strings.Contains(log.String(), f.Address()) || c.Args["Proxy"] != f.Address() {
		t.Errorf("the proxy is not named: %s, %v", log.String(), c.Args)
	}
}

func TestSettingsAreReadAgain(t *testing.T) {
	reads := 0
	d := &Dialer{Net: &recorded{}, Read: func(context.Context) Settings { reads++; return Settings{} }}
	for range 3 {
		_, _ = d.DialContext(t.Context(), "tcp", "mail.far.example:993")
	}
	if reads != 1 {
		t.Errorf("read %d times", reads)
	}
	d.until = time.Now().Add(-time.Second)
	_, _ = d.DialContext(t.Context(), "tcp", "mail.far.example:993")
	if reads != 2 {
		t.Errorf("read %d times after a while", reads)
	}
}

func TestHTTPSThroughTheProxy(t *testing.T) {
	ca := mailtest.NewCA(t)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(out, "found")
	}))
	s.TLS = mailtestTLS(t, ca)
	s.StartTLS()
	defer s.Close()
	for kind, scheme := range map[string]string{"socks5": "socks5h://", "http": "http://"} {
		f := mailtest.NewForward(t, kind)
		f.Lead("autoconfig.far.example:443", s.Listener.Addr().String())
		transport := named(Settings{Web: scheme + f.Address()}).Transport(ca.Pool())
		answer, err := (&http.Client{Transport: transport}).Get("https://autoconfig.far.example/mail")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		transport.CloseIdleConnections()
		if string(body) != "found" || strings.Contains(f.Heard(), "/mail") {
			t.Errorf("%s: %q; the proxy heard the request: %v", kind, body, strings.Contains(f.Heard(), "/mail"))
		}
	}
}
