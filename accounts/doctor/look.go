package doctor

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/mail"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// look looks further after a failure, to tell causes apart that look the same
// from one connection. Nothing secret is used for that.
func (v *visit) look(ctx context.Context, proto string, s accounts.Server, err error) trouble.Seen {
	seen := v.seen()
	ctx, cancel := context.WithTimeout(ctx, v.times.Look)
	defer cancel()
	var staged *trouble.Error
	stage := trouble.Stage("")
	if errors.As(err, &staged) {
		stage = staged.Stage
	}
	switch {
	case stage == trouble.Dial:
		seen.Open, seen.Closed = v.firstOpen(ctx, proto, otherPorts(proto, s))
	case badCertificate(err):
		v.compare(&seen, v.greetings(ctx, proto, s.Host))
	case stage == trouble.Handshake && errors.Is(err, trouble.ErrStalled):
		// TLS first: who waits for it on this port says nothing to STARTTLS.
		seen.Open, _ = v.firstOpen(ctx, proto, []accounts.Server{with(s, door{s.Port, accounts.TLS})})
	}
	return seen
}

// seen is what is known without looking.
func (v *visit) seen() trouble.Seen {
	s := trouble.Seen{Network: v.network, AppPassword: v.wantsAppPassword(), OffAtFirst: v.offAtFirst()}
	if built := v.doctor.Built; !built.IsZero() && v.now().Before(built) {
		s.Clock, s.Drift = true, v.now().Sub(built)
	}
	return s
}

func badCertificate(err error) bool {
	var failed *tls.CertificateVerificationError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &failed) || errors.As(err, &invalid)
}

// door is a port and how it is encrypted.
type door struct {
	port     int
	security accounts.Security
}

// relayPort is where servers take mail from each other; some take submissions.
const relayPort = 25

// doors are the usual ones of a protocol, best first.
func doors(proto string) []door {
	if proto == trouble.IMAP {
		return []door{{accounts.PortIMAPS, accounts.TLS}, {accounts.PortIMAP, accounts.StartTLS}}
	}
	return []door{{accounts.PortSubmissions, accounts.TLS}, {accounts.PortSubmission, accounts.StartTLS}, {relayPort, accounts.StartTLS}}
}

// otherPorts are the other usual ports of a host.
func otherPorts(proto string, s accounts.Server) []accounts.Server {
	var out []accounts.Server
	for _, d := range doors(proto) {
		if d.port != s.Port {
			out = append(out, with(s, d))
		}
	}
	return out
}

// firstOpen tries servers, with verified TLS and without signing in, and
// returns the first in order that works; closed says that none even takes a
// connection.
func (v *visit) firstOpen(ctx context.Context, proto string, tries []accounts.Server) (open accounts.Server, closed bool) {
	errs := make([]error, len(tries))
	var wg sync.WaitGroup
	for i, try := range tries {
		wg.Go(func() { errs[i] = v.probe(ctx, proto, try) })
	}
	wg.Wait()
	closed = true
	for i, err := range errs {
		if err == nil && open.Port == 0 {
			open = tries[i]
		}
		var staged *trouble.Error
		closed = closed && errors.As(err, &staged) && staged.Stage == trouble.Dial
	}
	return open, closed
}

func with(s accounts.Server, d door) accounts.Server {
	s.Port, s.Security, s.User = d.port, d.security, ""
	return s
}

func (v *visit) probe(ctx context.Context, proto string, s accounts.Server) error {
	d := v.dialer
	d.Limits.Dial, d.Limits.Handshake = v.times.Look, v.times.Look/2
	if proto == trouble.IMAP {
		_, err := d.ProbeIMAP(ctx, s)
		return err
	}
	_, err := d.ProbeSMTP(ctx, s, quietHello)
	return err
}

// greetings are what the ports of a host that begin in clear say by themselves.
// A port that stays silent is asked for a web page: the sign-in pages of
// networks answer so on every port.
func (v *visit) greetings(ctx context.Context, proto, host string) []string {
	var clear []int
	for _, d := range doors(proto) {
		if d.security == accounts.StartTLS {
			clear = append(clear, d.port)
		}
	}
	said := make([]string, len(clear))
	var wg sync.WaitGroup
	for i, port := range clear {
		wg.Go(func() { said[i], _ = v.greeting(ctx, host, port) })
	}
	wg.Wait()
	return said
}

// maxGreeting is how much of a greeting is read, in octets.
const maxGreeting = 1 << 10

func (v *visit) greeting(ctx context.Context, host string, port int) (string, error) {
	conn, err := v.dial(ctx, net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return "", err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	line := func() string {
		_ = conn.SetReadDeadline(time.Now().Add(v.times.Quiet))
		text, _ := bufio.NewReader(io.LimitReader(conn, maxGreeting)).ReadString('\n')
		return text
	}
	if text := line(); text != "" {
		return text, nil
	}
	if _, err := io.WriteString(conn, "GET / HTTP/1.0\r\n\r\n"); err != nil {
		return "", err
	}
	return line(), nil
}

func (v *visit) dial(ctx context.Context, address string) (net.Conn, error) {
	if v.dialer.Net != nil {
		return v.dialer.Net.DialContext(ctx, "tcp", address)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", address)
}

func (v *visit) resolver() Resolver {
	if v.doctor.Resolver != nil {
		return v.doctor.Resolver
	}
	return net.DefaultResolver
}

// compare draws from greetings what they tell about who answers and what time
// it is. They are not proven, so nothing but words to the person follows.
func (v *visit) compare(seen *trouble.Seen, greetings []string) {
	for _, g := range greetings {
		if trouble.Speaks(g) == trouble.HTTP {
			seen.Portal = true
		}
		if when, ok := dateIn(g); ok && !seen.Clock {
			seen.Clock, seen.Drift = true, v.now().Sub(when)
		}
	}
}

// date is one of RFC 5322 section 3.3, as some servers put into their greeting.
var date = regexp.MustCompile(`(?:[A-Z][a-z]{2}, +)?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:[+-]\d{4}|GMT|UTC|UT)`)

func dateIn(greeting string) (time.Time, bool) {
	when, err := mail.ParseDate(date.FindString(greeting))
	return when, err == nil
}
