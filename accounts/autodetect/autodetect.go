// Package autodetect finds the servers of an e-mail address: in a table of
// providers, in what the provider or the public ISP database publishes, in DNS,
// and by asking the hosts that usually have mail.
//
// It never has a password, uses nothing that came over an unencrypted
// connection but DNS, and never looks above the registered domain of the
// address. Every answer says where it came from and whether it can be trusted:
// DNS is not signed, so servers of another domain that only DNS names are for
// the person to confirm. Apart from what the table knows, servers are tried
// (greeting, TLS with a verified certificate, capabilities) before they are
// said to be good.
package autodetect

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
)

// Source is where an answer comes from.
type Source string

// The sources, best first.
const (
	Table    Source = "table"    // what we know; no network
	Provider Source = "provider" // published over https by the domain of the address
	Database Source = "database" // the public ISP database
	SRV      Source = "srv"      // DNS SRV records (RFC 6186, RFC 8314)
	Parent   Source = "parent"   // the first three for the registered domain above a subdomain
	MX       Source = "mx"       // the provider whose servers receive the domain's mail
	Probe    Source = "probe"    // the usual host names were asked
)

// SignIn is a way to sign in.
type SignIn string

// The ways.
const (
	Password    SignIn = "password"
	AppPassword SignIn = "app-password" // made at the provider for one program
	OAuth       SignIn = "oauth"        // in the browser
	Bridge      SignIn = "bridge"       // only through a program of the provider on this computer
	NoSignIn    SignIn = "none"         // the provider has no IMAP at all
)

// Doubt is why an answer is not to be used without asking.
type Doubt string

// The doubts. The gravest counts.
const (
	NoDoubt     Doubt = ""
	OtherDomain Doubt = "other-domain" // only unsigned DNS says that this other domain is in charge
	Unreachable Doubt = "unreachable"  // the servers could not be tried
	Incomplete  Doubt = "incomplete"   // there is no server for one of the directions
)

// Answer is one set of servers. The first of each list is the one to use, the
// others are for when it cannot be reached. Users are filled in where the source
// knows them.
type Answer struct {
	Source   Source
	Via      string // the address asked, the record or the table's row
	Provider string // display name, "" if unknown
	IMAP     []accounts.Server
	SMTP     []accounts.Server
	SignIn   []SignIn // best first; none: not known
	Checked  bool     // the first servers answered with a verified certificate, or the table knows them
	Doubt    Doubt

	Sent           accounts.SentBy
	OAuthIssuer    string   // host name, "" if unknown
	AppPasswordURL string   // the provider's page about app passwords, https, may be ""
	HelpURL        string   // the provider's page about setting up, https, may be ""
	Hints          []string // what a person has to know: "imap-off", "paid-plan" …, see Hints
}

// Trusted says that the answer may be used without asking.
func (a Answer) Trusted() bool { return a.Doubt == NoDoubt }

// Servers returns what to use, and whether there is something for both
// directions that Linnet can use by itself.
func (a Answer) Servers() (imap, smtp accounts.Server, ok bool) {
	if len(a.IMAP) == 0 || len(a.SMTP) == 0 || a.offers(Bridge) {
		return accounts.Server{}, accounts.Server{}, false
	}
	return a.IMAP[0], a.SMTP[0], true
}

func (a Answer) offers(s SignIn) bool {
	for _, w := range a.SignIn {
		if w == s {
			return true
		}
	}
	return false
}

// TakesPassword says whether a password of some kind may do. Where nothing is
// known it may.
func (a Answer) TakesPassword() bool {
	return len(a.SignIn) == 0 || a.offers(Password) || a.offers(AppPassword)
}

// Result is what came of a detection.
type Result struct {
	Address string
	Domain  string   // as DNS knows it
	Answers []Answer // best first
	Reason  Reason   // why there is no trusted answer, "" if there is one
	Tried   []Attempt
}

// Best returns the answer to use without asking; ok is false if there is none.
func (r Result) Best() (a Answer, ok bool) {
	if len(r.Answers) == 0 || !r.Answers[0].Trusted() {
		return Answer{}, false
	}
	return r.Answers[0], true
}

// Attempt is one thing that was asked.
type Attempt struct {
	Source Source
	What   string // an https address, a DNS record, or a server like tls://imap.example.org:993
	Found  bool
	Err    error // nil if Found
}

// Step is news for somebody who waits.
type Step struct {
	Source Source
	Done   bool // it has ended
	Found  bool // with an answer
}

// Resolver looks up DNS records; *net.Resolver is one. It must return when its
// context ends.
type Resolver interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error)
}

// Times bound a detection. Zero fields mean the defaults.
type Times struct {
	Total   time.Duration // all of it: 15 s
	Fetch   time.Duration // one https request with its redirects: 5 s
	Lookup  time.Duration // one DNS record: 4 s
	Server  time.Duration // trying one mail server: 5 s
	Stagger time.Duration // between the starts of tries at mail servers: 100 ms
	Guess   time.Duration // head start of the other sources before the usual hosts are asked: 500 ms
	Grace   time.Duration // for better sources once there is a good answer, and for better servers: 1500 ms
}

func (t Times) orDefault() Times {
	set := func(d *time.Duration, usual time.Duration) {
		if *d <= 0 {
			*d = usual
		}
	}
	set(&t.Total, 15*time.Second)
	set(&t.Fetch, 5*time.Second)
	set(&t.Lookup, 4*time.Second)
	set(&t.Server, 5*time.Second)
	set(&t.Stagger, 100*time.Millisecond)
	set(&t.Guess, 500*time.Millisecond)
	set(&t.Grace, 1500*time.Millisecond)
	return t
}

// Detector detects. It may be used by several goroutines. Nil fields mean the
// system's; without a table the table knows nobody.
type Detector struct {
	Table    *Providers
	Resolver Resolver
	Dialer   *connect.Dialer   // for mail servers; its network and roots also serve https
	HTTP     http.RoundTripper // instead of that for https
	Times    Times
}

// ErrAddress is what cannot be the address of a mailbox.
var ErrAddress = errors.New("autodetect: not an e-mail address")

// Detect finds the servers of an address within Times.Total. progress may be
// nil; its calls do not overlap, and it must not block. The error is ErrAddress
// or that of ctx; that nothing was found is no error but Result.Reason.
func (d *Detector) Detect(ctx context.Context, address string, progress func(Step)) (Result, error) {
	subject, err := parseAddress(address)
	if err != nil {
		return Result{}, err
	}
	result := Result{Address: subject.address, Domain: subject.domain}
	if a, ok := d.Table.forDomain(subject, subject.domain); ok {
		result.Answers, result.Reason = []Answer{a}, reasonFor(a)
		return result, nil
	}
	bounded, cancel := context.WithTimeout(ctx, d.Times.orDefault().Total)
	h := d.hunt(bounded, subject, progress)
	result.Answers = rank(race(bounded, h.times.Grace, h.sources()))
	cancel()
	h.running.Wait()
	h.idle()
	if ctx.Err() != nil {
		return Result{}, context.Cause(ctx)
	}
	result.Tried = h.attempts()
	result.Reason = explain(result)
	return result, nil
}
