package doctor

import (
	"context"
	"errors"
	"net"
	"slices"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/trouble"
)

// Why steps are skipped, and what others have found: translation keys.
const (
	NotReached    = "doctor.skip.not-reached"
	NoPassword    = "doctor.skip.no-password"
	NoSignIn      = "doctor.skip.no-sign-in"
	RefusedBefore = "doctor.skip.refused-before"
	NotOffered    = "doctor.skip.not-offered"
	NotSeen       = "doctor.skip.not-seen"
	HereOnly      = "doctor.skip.here-only"
)

// visit is one examination under way.
type visit struct {
	doctor  *Doctor
	patient Patient
	known   autodetect.Answer // the provider, empty if it is not known
	dialer  connect.Dialer
	times   Times
	now     func() time.Time
	tell    func(Step)

	found   Diagnosis
	network bool // this computer is connected to one
	refused bool // the credential was refused by a server
	keyless bool // there was no credential to be had
	free    int64
	quota   bool // free is known
}

// end notes a step that is over.
func (v *visit) end(s Step) {
	v.found.Steps = append(v.found.Steps, s)
	v.tell(s)
}

func (v *visit) done(n Name) bool {
	return slices.ContainsFunc(v.found.Steps, func(s Step) bool { return s.Name == n })
}

// skipRest skips every step that was not looked at.
func (v *visit) skipRest(why string) {
	for _, n := range Names() {
		if !v.done(n) {
			v.end(Step{Name: n, State: Skipped, Note: why})
		}
	}
	slices.SortStableFunc(v.found.Steps, func(a, b Step) int {
		return slices.Index(Names(), a.Name) - slices.Index(Names(), b.Name)
	})
}

// online looks whether this computer has an address in some network.
func (v *visit) online() bool {
	if v.patient.IMAP.Loopback() && v.patient.SMTP.Loopback() {
		v.end(Step{Name: Network, State: Skipped, Note: HereOnly})
		return true
	}
	began := time.Now()
	v.tell(Step{Name: Network, State: Running})
	addresses := v.doctor.Addresses
	if addresses == nil {
		addresses = net.InterfaceAddrs
	}
	all, err := addresses()
	v.network = err != nil || slices.ContainsFunc(all, elsewhere) // who cannot look does not judge
	step := Step{Name: Network, State: Fine, Took: time.Since(began)}
	if !v.network {
		step.State = Failed
		step.Cause = trouble.Explain(trouble.At(trouble.Dial, "", accounts.Server{}, trouble.ErrNoNetwork))
	}
	v.end(step)
	return v.network
}

// elsewhere is an address that leads out of this computer.
func elsewhere(a net.Addr) bool {
	ip, ok := a.(*net.IPNet)
	return ok && !ip.IP.IsLoopback() && !ip.IP.IsLinkLocalUnicast() && !ip.IP.IsUnspecified()
}

// track follows one connection through its steps.
type track struct {
	v      *visit
	server accounts.Server
	proto  string
	steps  []Name
	began  time.Time
}

// The stages of a connection, one for each of a track's first steps.
var stages = []trouble.Stage{trouble.Resolve, trouble.Dial, trouble.Handshake, trouble.Greeting, trouble.Auth}

func (v *visit) track(proto string, s accounts.Server, steps ...Name) *track {
	t := &track{v: v, server: s, proto: proto, steps: steps}
	t.begin()
	return t
}

// begin tells that the next step runs.
func (t *track) begin() {
	t.began = time.Now()
	if len(t.steps) > 0 {
		t.v.tell(Step{Name: t.steps[0], State: Running, Server: t.server.Address()})
	}
}

// over ends the running step.
func (t *track) over(s Step) {
	s.Name, s.Server = t.steps[0], t.server.Address()
	if s.State != Skipped {
		s.Took = time.Since(t.began)
	}
	t.steps = t.steps[1:]
	t.v.end(s)
	t.begin()
}

// passed ends the steps up to that of a stage.
func (t *track) passed(stage trouble.Stage) {
	done := len(t.all()) - len(t.steps)
	for range slices.Index(stages, stage) + 1 - done {
		t.over(Step{State: Fine})
	}
}

// all are the steps of the track's protocol.
func (t *track) all() []Name {
	if t.proto == trouble.IMAP {
		return imapSteps
	}
	return smtpSteps
}

var (
	imapSteps = []Name{IMAPName, IMAPReach, IMAPSecure, IMAPGreeting, IMAPSignIn, IMAPOn, IMAPFolders, IMAPSpace, Clock}
	smtpSteps = []Name{SMTPName, SMTPReach, SMTPSecure, SMTPGreeting, SMTPSignIn, SMTPSender, SMTPSize}
)

// failed ends the step that an error is about, and skips the others. Before the
// cause is named, the doctor looks further.
func (t *track) failed(ctx context.Context, err error) {
	if canceled(ctx) {
		t.steps = nil
		return
	}
	var staged *trouble.Error
	if errors.As(err, &staged) {
		if i := slices.Index(stages, staged.Stage); i > 0 {
			t.passed(stages[i-1])
		}
	}
	cause := t.v.look(ctx, t.proto, t.server, err).Explain(err)
	off := cause.Key == trouble.IMAPOff
	if off && t.steps[0] == IMAPSignIn {
		t.over(Step{State: Skipped, Note: NotSeen})
	}
	t.v.refused = t.v.refused || connect.Refused(err) && !off
	t.over(Step{State: Failed, Cause: cause, Page: t.v.page(cause)})
	t.skip(NotReached)
}

// skip skips what is left of the track.
func (t *track) skip(why string) {
	for len(t.steps) > 0 {
		t.over(Step{State: Skipped, Note: why})
	}
}

// canceled says that the caller has given up, as against time running out.
func canceled(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }
