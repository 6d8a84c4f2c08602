package autodetect

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"

	"github.com/linnet-mail/linnet/accounts/connect"
)

// hunt is one detection under way.
type hunt struct {
	subject  subject
	table    *Providers
	resolver Resolver
	dialer   connect.Dialer
	client   *http.Client
	times    Times
	idle     func() // closes what is left of https connections

	mu       sync.Mutex
	tried    []Attempt
	progress func(Step)

	mxDone chan struct{} // nil: not looked up yet; closed: mx and mxErr are there
	mx     []string
	mxErr  error

	// Each server is tried once, whoever names it. ctx is that of the hunt.
	ctx     context.Context
	servers map[string]*serverTry
	running sync.WaitGroup
}

// hunt prepares a detection that lives in ctx.
func (d *Detector) hunt(ctx context.Context, s subject, progress func(Step)) *hunt {
	h := &hunt{
		subject: s, table: d.Table, resolver: d.Resolver, times: d.Times.orDefault(), progress: progress,
		idle: func() {}, ctx: ctx, servers: map[string]*serverTry{},
	}
	if d.Dialer != nil {
		h.dialer = *d.Dialer
	}
	h.dialer.Limits = connect.Limits{
		Dial: h.times.Server, Handshake: h.times.Server, First: h.times.Server, Progress: h.times.Server,
		Greeting: h.times.Server, Reply: h.times.Server, Quit: h.times.Stagger,
	}
	if h.resolver == nil {
		h.resolver = net.DefaultResolver
	}
	transport := d.HTTP
	if transport == nil {
		t := newTransport(h.dialer)
		transport, h.idle = t, t.CloseIdleConnections
	}
	h.client = newClient(transport)
	return h
}

var (
	errNothing   = errors.New("it has none")
	errNoRecords = errors.New("there is no such record")
)

// sources lists the ways to an answer, best first.
func (h *hunt) sources() []try[Answer] {
	s := h.subject
	var out []try[Answer]
	add := func(source Source, find func(ctx context.Context, source Source) (Answer, error)) {
		out = append(out, try[Answer]{do: func(ctx context.Context) (Answer, bool) {
			h.tell(Step{Source: source})
			a, err := find(ctx, source)
			if err != nil {
				h.tell(Step{Source: source, Done: true})
				return Answer{}, false
			}
			h.tell(Step{Source: source, Done: true, Found: true})
			return a, a.Trusted() && a.Checked
		}})
	}
	add(Provider, func(ctx context.Context, source Source) (Answer, error) { return h.provider(ctx, source, s.domain) })
	if s.base != "" {
		add(Database, func(ctx context.Context, source Source) (Answer, error) { return h.database(ctx, source, s.domain) })
		add(SRV, func(ctx context.Context, source Source) (Answer, error) { return h.records(ctx, source, s.domain) })
	}
	if s.base != "" && s.base != s.domain {
		add(Parent, h.parent)
	}
	add(MX, h.exchanger)
	add(Probe, h.guess)
	out[len(out)-1].wait = h.times.Guess
	return out
}

// parent asks about the registered domain above a subdomain.
func (h *hunt) parent(ctx context.Context, source Source) (Answer, error) {
	if a, ok := h.table.forDomain(h.subject, h.subject.base); ok {
		a.Source = source
		return a, nil
	}
	return h.best(ctx, source, h.subject.base, h.provider, h.database, h.records)
}

// find is a way to an answer about a domain.
type find func(ctx context.Context, source Source, domain string) (Answer, error)

// best asks in several ways at once, and takes the answer of the first that has
// one.
func (h *hunt) best(ctx context.Context, source Source, domain string, ways ...find) (Answer, error) {
	var tries []try[Answer]
	for _, way := range ways {
		tries = append(tries, try[Answer]{do: func(ctx context.Context) (Answer, bool) {
			a, err := way(ctx, source, domain)
			return a, err == nil
		}})
	}
	out := race(ctx, h.times.Grace, tries)
	slices.SortStableFunc(out, func(a, b outcome[Answer]) int { return cmp.Compare(worth(a.value), worth(b.value)) })
	if a, ok := first(out); ok {
		return a, nil
	}
	return Answer{}, errNothing
}

// tell passes news on, one at a time.
func (h *hunt) tell(s Step) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.progress != nil {
		h.progress(s)
	}
}

// note keeps what came of asking. What was broken off because something better
// was found says nothing.
func (h *hunt) note(ctx context.Context, source Source, what string, err error) {
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tried = append(h.tried, Attempt{Source: source, What: what, Found: err == nil, Err: err})
}

// attempts lists what was asked, in the order of the sources.
func (h *hunt) attempts() []Attempt {
	order := []Source{Provider, Database, SRV, Parent, MX, Probe}
	out := slices.Clone(h.tried)
	slices.SortStableFunc(out, func(a, b Attempt) int {
		return cmp.Compare(slices.Index(order, a.Source), slices.Index(order, b.Source))
	})
	return out
}

// rank puts the answers that there are into order: those to trust first, then
// as their sources stand.
func rank(out []outcome[Answer]) []Answer {
	var answers []Answer
	for _, o := range out {
		if o.done && o.value.Source != "" {
			answers = append(answers, o.value)
		}
	}
	slices.SortStableFunc(answers, func(a, b Answer) int { return cmp.Compare(worth(a), worth(b)) })
	return answers
}

// worth is low for a good answer.
func worth(a Answer) int {
	return slices.Index([]Doubt{NoDoubt, OtherDomain, Unreachable, Incomplete}, a.Doubt)
}
