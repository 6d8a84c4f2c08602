package trouble

import (
	"errors"
	"net"
	"time"

	"github.com/linnet-mail/linnet/accounts"
)

// Seen is what a look around has shown besides an error: it tells causes apart
// that look the same from one connection. The zero value is no look at all.
type Seen struct {
	// Open is another usual port of the same host, or the same port with another
	// encryption, that answered with a verified certificate. Zero: none did.
	Open accounts.Server
	// Closed says that no usual port of the host takes connections.
	Closed bool
	// Network says that this computer is connected to one.
	Network bool
	// Portal says that a web page answers in the place of the mail server.
	Portal bool
	// Clock says whether the time of this computer could be compared with that
	// of somebody else; Drift is then how far it is ahead (or behind, below 0).
	Clock bool
	Drift time.Duration
	// AppPassword and OffAtFirst are what is known about the provider: it wants
	// an app password, or IMAP is off until a person switches it on.
	AppPassword, OffAtFirst bool
}

// SteadyClock is how wrong a clock may be before it is blamed.
const SteadyClock = time.Hour

// Explain is like the function Explain, with what was seen.
func (s Seen) Explain(err error) Cause { return explain(err, s) }

// wrong says that the clock is known to be wrong, right that it is known to be
// right.
func (s Seen) wrong() bool { return s.Clock && (s.Drift > SteadyClock || s.Drift < -SteadyClock) }
func (s Seen) right() bool { return s.Clock && !s.wrong() }

const relayPort = 25

// seenRows fit only where a look around has shown something.
var seenRows = []row{
	{name: "dns-failed", action: "check-dns", temporary: true, match: func(f facts) bool {
		var dns *net.DNSError
		return f.seen.Network && errors.As(f.err, &dns) && !dns.IsNotFound
	}},
	{name: "captive-portal", action: "open-browser", temporary: true, match: func(f facts) bool { return f.seen.Portal }},
	{name: "clock-wrong", action: "set-clock", match: func(f facts) bool {
		_, old := outdated(f.err)
		return old && f.seen.wrong()
	}},
	{name: "clock-behind", action: "set-clock", match: is(ErrClock)},
	{name: "certificate-over", action: "tell-provider", match: func(f facts) bool {
		_, old := outdated(f.err)
		return old && f.seen.right()
	}},
	{name: "port-25-blocked", action: "use-other-port", proto: SMTP, stages: []Stage{Dial}, match: func(f facts) bool {
		return f.port == relayPort && f.seen.Open.Port != 0
	}},
	{name: "port-blocked", action: "use-other-port", stages: []Stage{Dial}, match: func(f facts) bool { return f.seen.Open.Port != 0 }},
	{name: "wants-tls", action: "choose-tls", stages: []Stage{Handshake}, match: func(f facts) bool {
		return f.security == accounts.StartTLS && f.seen.Open.Port == f.port && f.seen.Open.Security == accounts.TLS
	}},
	{name: "no-mail-server", action: "check-host", stages: []Stage{Dial}, match: func(f facts) bool { return f.seen.Closed && refusedPort(f) }},
	{name: "firewall", action: "try-network", stages: []Stage{Dial}, temporary: true, match: func(f facts) bool { return f.seen.Closed && timedOut(f) }},
	{name: "app-password-likely", action: "app-password", stages: []Stage{Auth}, signIn: true, match: func(f facts) bool {
		return f.seen.AppPassword && f.plainlyRefused()
	}},
	{name: "password-or-imap-off", action: "try-web-and-switch", stages: []Stage{Auth}, signIn: true, match: func(f facts) bool {
		return f.seen.OffAtFirst && f.plainlyRefused()
	}},
}

// plainlyRefused says that without a look around it would be a wrong password.
func (f facts) plainlyRefused() bool {
	for _, r := range signInRows {
		if r.fits(f) {
			return r.name == "wrong-password"
		}
	}
	return false
}
