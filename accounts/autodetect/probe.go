package autodetect

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
)

// quietHello is the EHLO name: it tells nothing about this computer.
const quietHello = "[127.0.0.1]"

// protocol is one direction.
type protocol string

const (
	imapProto protocol = "imap"
	smtpProto protocol = "smtp"
)

var (
	errNoSignIn = errors.New("the server lets nobody sign in here")
	errNoHost   = errors.New("there is no such host")
)

// serverTry is a try at one server.
type serverTry struct {
	done  chan struct{}
	offer connect.Offer
	err   error
}

// ask tries a server once, however many ask. The try goes on when one of them
// does not wait any longer.
func (h *hunt) ask(ctx context.Context, source Source, p protocol, s accounts.Server) (connect.Offer, error) {
	name := string(p) + " " + serverName(s)
	h.mu.Lock()
	t, asked := h.servers[name]
	if !asked {
		t = &serverTry{done: make(chan struct{})}
		h.servers[name] = t
		h.running.Go(func() {
			t.offer, t.err = h.connect(p, s)
			h.note(h.ctx, source, serverName(s), t.err)
			close(t.done)
		})
	}
	h.mu.Unlock()
	select {
	case <-t.done:
		return t.offer, t.err
	case <-ctx.Done():
		return connect.Offer{}, context.Cause(ctx)
	}
}

// connect makes a verified connection, without signing in.
func (h *hunt) connect(p protocol, s accounts.Server) (connect.Offer, error) {
	s.User, s.Pin = "", ""
	ctx, cancel := context.WithTimeout(h.ctx, h.times.Server)
	defer cancel()
	if p == imapProto {
		return h.dialer.ProbeIMAP(ctx, s)
	}
	return h.dialer.ProbeSMTP(ctx, s, quietHello)
}

// serverName is tls://host:port.
func serverName(s accounts.Server) string { return string(s.Security) + "://" + s.Address() }

// pick tries servers, the starts staggered, and returns the best that answers.
func (h *hunt) pick(ctx context.Context, tries []func(ctx context.Context) (accounts.Server, error)) (accounts.Server, bool) {
	var staggered []try[accounts.Server]
	for i, do := range tries {
		staggered = append(staggered, try[accounts.Server]{
			wait: time.Duration(i) * h.times.Stagger,
			do: func(ctx context.Context) (accounts.Server, bool) {
				s, err := do(ctx)
				return s, err == nil
			},
		})
	}
	return first(race(ctx, h.times.Grace, staggered))
}

// settle tries the servers of an answer and puts those first that answer. A
// direction that has none gets one of the usual hosts.
func (h *hunt) settle(ctx context.Context, a Answer) Answer {
	type half struct {
		servers []accounts.Server
		ok      bool
	}
	side := func(p protocol, servers []accounts.Server) try[half] {
		return try[half]{do: func(ctx context.Context) (half, bool) {
			servers, ok := h.reach(ctx, a.Source, p, servers)
			return half{servers, ok}, false // both are waited for
		}}
	}
	out := race(ctx, h.times.Grace, []try[half]{side(imapProto, a.IMAP), side(smtpProto, a.SMTP)})
	for i, to := range []*[]accounts.Server{&a.IMAP, &a.SMTP} {
		if out[i].done {
			*to = out[i].value.servers
		}
	}
	a.Checked = out[0].value.ok && out[1].value.ok
	switch {
	case len(a.IMAP) == 0 || len(a.SMTP) == 0:
		a.Doubt = Incomplete
	case !a.Checked:
		a.Doubt = Unreachable
	}
	return a
}

// reach finds the best server of a direction: one that is named, or the same
// host at another usual port (networks block some), or where none is named one
// of the usual hosts.
func (h *hunt) reach(ctx context.Context, source Source, p protocol, named []accounts.Server) ([]accounts.Server, bool) {
	if len(named) == 0 {
		s, ok := h.usual(ctx, source, p)
		if !ok {
			return nil, false
		}
		return []accounts.Server{s}, true
	}
	var tries []func(context.Context) (accounts.Server, error)
	for _, s := range withUsualPorts(p, named) {
		tries = append(tries, func(ctx context.Context) (accounts.Server, error) {
			_, err := h.ask(ctx, source, p, s)
			return s, err
		})
	}
	s, ok := h.pick(ctx, tries)
	if !ok {
		return named, false
	}
	rest := slices.DeleteFunc(slices.Clone(named), func(n accounts.Server) bool { return serverName(n) == serverName(s) })
	return append([]accounts.Server{s}, rest...), true
}

// door is a port and how it is encrypted.
type door struct {
	port     int
	security accounts.Security
}

// doors are the usual ones, best first.
func doors(p protocol) []door {
	if p == imapProto {
		return []door{{accounts.PortIMAPS, accounts.TLS}, {accounts.PortIMAP, accounts.StartTLS}}
	}
	return []door{{accounts.PortSubmissions, accounts.TLS}, {accounts.PortSubmission, accounts.StartTLS}}
}

// withUsualPorts adds the usual ports of the hosts named.
func withUsualPorts(p protocol, named []accounts.Server) []accounts.Server {
	out := slices.Clone(named)
	for _, n := range named {
		for _, door := range doors(p) {
			s := n
			s.Port, s.Security = door.port, door.security
			if !slices.ContainsFunc(out, func(o accounts.Server) bool { return o.Host == s.Host && o.Port == s.Port }) {
				out = append(out, s)
			}
		}
	}
	return out
}

// guess asks the usual hosts for both directions.
func (h *hunt) guess(ctx context.Context, source Source) (Answer, error) {
	a := h.settle(ctx, Answer{Source: source})
	if len(a.IMAP) == 0 && len(a.SMTP) == 0 {
		return Answer{}, errNothing
	}
	if len(a.IMAP) > 0 {
		a.Via = serverName(a.IMAP[0])
	} else {
		a.Via = serverName(a.SMTP[0])
	}
	if h.foreign(a) && a.Doubt == NoDoubt {
		a.Doubt = OtherDomain
	}
	return a, nil
}

// usual asks the usual hosts of the domain, encrypted from the start first, and
// then the host that receives its mail.
func (h *hunt) usual(ctx context.Context, source Source, p protocol) (accounts.Server, bool) {
	var tries []func(context.Context) (accounts.Server, error)
	add := func(d door, host func(context.Context) (string, error)) {
		tries = append(tries, func(ctx context.Context) (accounts.Server, error) {
			name, err := host(ctx)
			if err != nil {
				return accounts.Server{}, err
			}
			s := accounts.Server{Host: name, Port: d.port, Security: d.security}
			offer, err := h.ask(ctx, source, p, s)
			if err == nil && len(offer.Mechanisms) == 0 {
				err = errNoSignIn
			}
			return s, err
		})
	}
	all := doors(p)
	if p == smtpProto {
		all = append(all, door{portRelay, accounts.StartTLS})
	}
	for _, d := range all {
		for _, name := range h.hosts(p) {
			add(d, func(context.Context) (string, error) { return name, nil })
		}
	}
	for _, d := range all {
		add(d, h.receiver)
	}
	return h.pick(ctx, tries)
}

// portRelay is where servers take mail from each other; some take submissions.
const portRelay = 25

// hosts are the usual names. Nothing is asked below a public suffix: that
// belongs to others.
func (h *hunt) hosts(p protocol) []string {
	domain := h.subject.domain
	if h.subject.base == "" {
		return []string{domain}
	}
	return []string{string(p) + "." + domain, "mail." + domain, domain}
}

// receiver is the host that receives the domain's mail.
func (h *hunt) receiver(ctx context.Context) (string, error) {
	hosts, err := h.exchangers(ctx)
	if err != nil {
		return "", err
	}
	if slices.Contains(slices.Concat(h.hosts(imapProto), h.hosts(smtpProto)), hosts[0]) {
		return "", errNoHost // is among the usual ones
	}
	return hosts[0], nil
}
