// Package doctor finds out, step by step, why mail does not come or go: from
// this computer's network over names, ports and certificates to the sign-in,
// the folders and the way out. Each step that fails names its likely cause and
// one next step (package trouble has the table); to tell causes apart the
// doctor looks further, at other ports of the same host, what answers there,
// and whose clock is right.
//
// It never sends mail: the last it says to a submission server is MAIL FROM,
// taken back with RSET. It asks nobody but the account's own servers and the
// name service. A password goes only through package connect, which verifies
// TLS first, and at most once to each server.
package doctor

import (
	"context"
	"net"
	"runtime"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// Name is what a step looks at; its title is the translation "doctor.step."
// with it.
type Name string

// The steps, in their order.
const (
	Network Name = "network"

	IMAPName     Name = "imap-name"     // DNS
	IMAPReach    Name = "imap-reach"    // TCP
	IMAPSecure   Name = "imap-secure"   // TLS and certificate
	IMAPGreeting Name = "imap-greeting" // greeting and capabilities
	IMAPSignIn   Name = "imap-sign-in"
	IMAPOn       Name = "imap-on" // mail programs are let in to the mailbox
	IMAPFolders  Name = "imap-folders"
	IMAPSpace    Name = "imap-space" // RFC 9208 quota

	Clock Name = "clock"

	SMTPName     Name = "smtp-name"
	SMTPReach    Name = "smtp-reach"
	SMTPSecure   Name = "smtp-secure"
	SMTPGreeting Name = "smtp-greeting"
	SMTPSignIn   Name = "smtp-sign-in"
	SMTPSender   Name = "smtp-sender" // MAIL FROM
	SMTPSize     Name = "smtp-size"   // RFC 1870
)

// Names lists the steps in their order.
func Names() []Name {
	return []Name{
		Network, IMAPName, IMAPReach, IMAPSecure, IMAPGreeting, IMAPSignIn, IMAPOn, IMAPFolders, IMAPSpace, Clock,
		SMTPName, SMTPReach, SMTPSecure, SMTPGreeting, SMTPSignIn, SMTPSender, SMTPSize,
	}
}

// State is how a step stands.
type State string

// The states.
const (
	Running State = "running"
	Fine    State = "ok"
	Failed  State = "failed"
	Skipped State = "skipped"
)

// Step is one step of an examination.
type Step struct {
	Name   Name
	State  State
	Took   time.Duration
	Server string         // host:port it was about, "" for this computer
	Note   string         // translation key: what was found, or why it was skipped; may be ""
	Args   map[string]any // for Note
	Cause  trouble.Cause  // of a failure
	Page   string         // https page of the provider that helps with the cause, may be ""
}

// Patient is the account to look at.
type Patient struct {
	Email      string
	From       string // sender address to ask for, "" means Email
	IMAP, SMTP accounts.Server
	// Credential gives what signs in to a server; nil looks only as far as can be
	// seen without.
	Credential func(s accounts.Server) connect.CredentialFunc
}

// OfAccount is the patient for an account.
func OfAccount(a accounts.Account, credential func(s accounts.Server) connect.CredentialFunc) Patient {
	p := Patient{Email: a.Email, IMAP: a.IMAP, SMTP: a.SMTP, Credential: credential}
	if len(a.Identities) > 0 {
		p.From = a.Identities[0].Email
	}
	return p
}

// Resolver looks up names; *net.Resolver is one. It must return when its
// context ends.
type Resolver interface {
	LookupHost(ctx context.Context, host string) ([]string, error)
}

// Times bound an examination. Zero fields mean the defaults.
type Times struct {
	Total  time.Duration // all of it: 90 s
	Lookup time.Duration // of a name: 5 s
	Answer time.Duration // to connect, and each answer of a server: 12 s
	Look   time.Duration // looking further after a failure: 6 s
	Quiet  time.Duration // after which a port that says nothing is asked for a web page: 1500 ms
}

func (t Times) orDefault() Times {
	set := func(d *time.Duration, usual time.Duration) {
		if *d <= 0 {
			*d = usual
		}
	}
	set(&t.Total, 90*time.Second)
	set(&t.Lookup, 5*time.Second)
	set(&t.Answer, 12*time.Second)
	set(&t.Look, 6*time.Second)
	set(&t.Quiet, 1500*time.Millisecond)
	return t
}

// Doctor examines accounts. It may be used by several goroutines. Nil fields
// mean the system's.
type Doctor struct {
	Dialer    *connect.Dialer
	Resolver  Resolver
	Addresses func() ([]net.Addr, error) // of this computer
	Providers *autodetect.Providers      // what is known about providers; nil: nothing
	Now       func() time.Time           // for comparing clocks
	Built     time.Time                  // when this program was made: no clock is earlier
	Times     Times
	Version   string // of this program, for the report
}

// Diagnosis is what an examination has shown.
type Diagnosis struct {
	Email   string
	Servers [2]string // IMAP and SMTP, tls://host:port
	Steps   []Step    // that ended, in their order
	Stopped bool      // broken off by the caller
	Version string
	System  string
	When    time.Time
}

// OK says that nothing failed and all was looked at.
func (d Diagnosis) OK() bool {
	_, failed := d.First()
	return !failed && !d.Stopped
}

// First returns the failure to begin with.
func (d Diagnosis) First() (Step, bool) {
	for _, s := range d.Steps {
		if s.State == Failed {
			return s, true
		}
	}
	return Step{}, false
}

// Examine looks at everything, one step after the other, within Times.Total.
// tell hears of each step twice, when it begins and when it ended; its calls do
// not overlap and must not block.
func (d *Doctor) Examine(ctx context.Context, p Patient, tell func(Step)) Diagnosis {
	v := d.visit(p, tell)
	bounded, cancel := context.WithTimeout(ctx, v.times.Total)
	defer cancel()
	if v.online() {
		v.receive(bounded)
		v.send(bounded)
	}
	v.skipRest(NotReached)
	v.found.Stopped = ctx.Err() != nil
	return v.found
}

func (d *Doctor) visit(p Patient, tell func(Step)) *visit {
	v := &visit{
		doctor: d, patient: p, tell: tell, times: d.Times.orDefault(), now: d.Now,
		found: Diagnosis{Email: p.Email, Servers: [2]string{url(p.IMAP), url(p.SMTP)}, Version: d.Version, System: runtime.GOOS + "/" + runtime.GOARCH},
	}
	if tell == nil {
		v.tell = func(Step) {}
	}
	if v.now == nil {
		v.now = time.Now
	}
	v.found.When = v.now()
	v.known, _ = d.Providers.Known(p.Email, p.IMAP.Host)
	v.dialer = connect.Dialer{}
	if d.Dialer != nil {
		v.dialer = *d.Dialer
	}
	v.dialer.Limits = v.times.limits()
	return v
}

// limits are those of a person who waits.
func (t Times) limits() connect.Limits {
	return connect.Limits{
		Dial: t.Answer, Handshake: t.Answer, First: t.Answer, Progress: t.Answer,
		Greeting: t.Answer, Reply: t.Answer, Quit: time.Second,
	}
}

func url(s accounts.Server) string { return string(s.Security) + "://" + s.Address() }
