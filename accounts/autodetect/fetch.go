package autodetect

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/linnet-mail/linnet/accounts/connect"
)

// database is where Thunderbird's ISP database is served.
const databaseURL = "https://autoconfig.thunderbird.net/v1.1/"

const maxRedirects = 3

var errRedirect = errors.New("it leads away from https")

// statusError is an https answer other than 200.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("status %d", int(e)) }

// newTransport makes https connections as the dialer makes others.
func newTransport(d connect.Dialer) *http.Transport {
	t := &http.Transport{
		TLSClientConfig:        &tls.Config{RootCAs: d.Roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: 64 << 10,
	}
	if d.Net != nil {
		t.DialContext = d.Net.DialContext
	}
	return t
}

// newClient keeps no cookies and follows redirects to https only.
func newClient(transport http.RoundTripper) *http.Client {
	return &http.Client{Transport: transport, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if r.URL.Scheme != "https" || r.URL.User != nil || len(via) > maxRedirects {
			return errRedirect
		}
		r.Header.Del("Referer") // it may have the address in it
		return nil
	}}
}

// provider asks the two places where a domain publishes its servers.
func (h *hunt) provider(ctx context.Context, source Source, domain string) (Answer, error) {
	var ways []find
	// What is below a public suffix belongs to whoever registered it.
	if registered(domain) != "" {
		ways = append(ways, func(ctx context.Context, source Source, domain string) (Answer, error) {
			return h.fetch(ctx, source, "https://autoconfig."+domain+"/mail/config-v1.1.xml?emailaddress="+url.QueryEscape(h.subject.address))
		})
	}
	ways = append(ways, func(ctx context.Context, source Source, domain string) (Answer, error) {
		return h.fetch(ctx, source, "https://"+domain+"/.well-known/autoconfig/mail/config-v1.1.xml")
	})
	return h.best(ctx, source, domain, ways...)
}

// database asks the public ISP database, which learns the domain and nothing
// else.
func (h *hunt) database(ctx context.Context, source Source, domain string) (Answer, error) {
	return h.fetch(ctx, source, databaseURL+url.PathEscape(domain))
}

// fetch gets a configuration and tries its servers.
func (h *hunt) fetch(ctx context.Context, source Source, address string) (Answer, error) {
	config, err := h.download(ctx, address)
	var a Answer
	if err == nil {
		a, err = config.answer(h.subject, source, address)
	}
	h.note(ctx, source, withoutQuery(address), err)
	if err != nil {
		return Answer{}, err
	}
	return h.settle(ctx, a), nil
}

// withoutQuery keeps the e-mail address out of reports.
func withoutQuery(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.RawQuery = ""
	return u.String()
}

func (h *hunt) download(ctx context.Context, address string) (published, error) {
	ctx, cancel := context.WithTimeout(ctx, h.times.Fetch)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return published{}, fmt.Errorf("ask: %w", err)
	}
	request.Header.Set("User-Agent", "Linnet")
	request.Header.Set("Accept", "application/xml, text/xml")
	response, err := h.client.Do(request)
	if err != nil {
		var u *url.Error // would name the address with its query
		if errors.As(err, &u) {
			err = u.Err
		}
		return published{}, fmt.Errorf("ask: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return published{}, statusError(response.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxConfig+1))
	if err != nil {
		return published{}, fmt.Errorf("read: %w", err)
	}
	return parseConfig(data)
}
