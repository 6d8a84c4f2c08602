package autodetect

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"slices"

	"github.com/linnet-mail/linnet/accounts"
)

// maxRecords bounds the records of one kind that are looked at.
const maxRecords = 5

// records asks DNS for SRV records (RFC 6186, RFC 8314). TLS from the start is
// preferred to STARTTLS whatever the priorities say.
func (h *hunt) records(ctx context.Context, source Source, domain string) (Answer, error) {
	a := Answer{Source: source, Via: "_imaps._tcp." + domain}
	type lookup struct {
		service  string
		security accounts.Security
		to       *[]accounts.Server
	}
	lookups := []lookup{
		{"imaps", accounts.TLS, &a.IMAP},
		{"imap", accounts.StartTLS, &a.IMAP},
		{"submissions", accounts.TLS, &a.SMTP},
		{"submission", accounts.StartTLS, &a.SMTP},
	}
	var tries []try[[]accounts.Server]
	for _, l := range lookups {
		tries = append(tries, try[[]accounts.Server]{do: func(ctx context.Context) ([]accounts.Server, bool) {
			return h.lookupSRV(ctx, source, l.service, domain, l.security), false // all four are waited for
		}})
	}
	for i, o := range race(ctx, h.times.Grace, tries) {
		*lookups[i].to = append(*lookups[i].to, o.value...)
	}
	if len(a.IMAP) == 0 && len(a.SMTP) == 0 {
		return Answer{}, errNoRecords
	}
	if len(a.IMAP) == 0 || a.IMAP[0].Security == accounts.StartTLS {
		a.Via = "_imap._tcp." + domain
	}
	if a = h.settle(ctx, a); h.foreign(a) {
		a.Doubt = OtherDomain
	}
	return a, nil
}

// foreign says whether DNS alone names another domain, one that we do not know
// (RFC 6186 section 6).
func (h *hunt) foreign(a Answer) bool {
	return slices.ContainsFunc(slices.Concat(a.IMAP, a.SMTP), func(s accounts.Server) bool {
		return !h.subject.owns(s.Host) && !h.table.knows(s.Host)
	})
}

// lookupSRV returns the servers of one service, best first. A target of "."
// says that there is none.
func (h *hunt) lookupSRV(ctx context.Context, source Source, service, domain string, security accounts.Security) []accounts.Server {
	lookup, cancel := context.WithTimeout(ctx, h.times.Lookup)
	defer cancel()
	_, records, err := h.resolver.LookupSRV(lookup, service, "tcp", domain+".")
	slices.SortStableFunc(records, func(a, b *net.SRV) int { return cmp.Compare(a.Priority, b.Priority) }) // weights are the resolver's
	var out []accounts.Server
	for _, r := range records { // err may speak of some only
		host, ok := publicName(r.Target)
		if server := (accounts.Server{Host: host, Port: int(r.Port), Security: security}); ok && server.Check() == nil && len(out) < maxRecords {
			out = append(out, server)
		}
	}
	switch {
	case len(out) > 0:
		err = nil
	case err == nil:
		err = errNoRecords
	}
	h.note(ctx, source, "_"+service+"._tcp."+domain, err)
	return out
}

// exchangers returns the hosts that receive the domain's mail, best first. They
// are looked up once, whoever asks.
func (h *hunt) exchangers(ctx context.Context) ([]string, error) {
	h.mu.Lock()
	if h.mxDone == nil {
		h.mxDone = make(chan struct{})
		h.running.Go(func() {
			h.mx, h.mxErr = h.lookupMX()
			h.note(h.ctx, MX, "MX "+h.subject.domain, h.mxErr)
			close(h.mxDone)
		})
	}
	h.mu.Unlock()
	select {
	case <-h.mxDone:
		return h.mx, h.mxErr
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (h *hunt) lookupMX() ([]string, error) {
	ctx, cancel := context.WithTimeout(h.ctx, h.times.Lookup)
	defer cancel()
	records, err := h.resolver.LookupMX(ctx, h.subject.domain+".")
	slices.SortStableFunc(records, func(a, b *net.MX) int { return cmp.Compare(a.Pref, b.Pref) })
	var hosts []string
	for _, r := range records {
		if host, ok := publicName(r.Host); ok && len(hosts) < maxRecords { // "." is none (RFC 7505)
			hosts = append(hosts, host)
		}
	}
	switch {
	case len(hosts) > 0:
		return hosts, nil
	case err == nil:
		err = errNoRecords
	}
	return nil, err
}

// exchanger asks the table, and what is published, about the provider that
// receives the domain's mail.
func (h *hunt) exchanger(ctx context.Context, source Source) (Answer, error) {
	hosts, err := h.exchangers(ctx)
	if err != nil {
		return Answer{}, fmt.Errorf("look up who receives mail: %w", err)
	}
	for _, host := range hosts {
		if a, ok := h.table.forExchanger(h.subject, host); ok {
			return a, nil
		}
	}
	base := registered(hosts[0])
	if base == "" || base == h.subject.base {
		return Answer{}, errNothing // asked already
	}
	// The database is a list that people check. Otherwise DNS, which is not
	// signed, is the only witness that this provider has to do with the domain.
	return h.best(ctx, source, base, h.database, func(ctx context.Context, source Source, domain string) (Answer, error) {
		a, err := h.provider(ctx, source, domain)
		if err == nil && (a.Doubt == NoDoubt || a.Doubt == Unreachable) {
			a.Doubt = OtherDomain
		}
		return a, err
	})
}
