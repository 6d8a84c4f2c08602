package autodetect

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"

	"github.com/linnet-mail/linnet/accounts/trouble"
)

// Reason is why there is no answer to trust.
type Reason string

// The reasons. The first that fits counts.
const (
	Unsupported Reason = "unsupported"  // the provider has no IMAP
	NeedsBridge Reason = "needs-bridge" // only through the provider's own program
	Confirm     Reason = "confirm"      // there is an answer for the person to confirm
	Intercepted Reason = "intercepted"  // somebody in between answers: a sign-in page of a network, a filter
	Offline     Reason = "offline"      // nobody could be asked
	NoDomain    Reason = "no-domain"    // the domain is not known to DNS: probably mistyped
	NotSecure   Reason = "not-secure"   // there are servers, but without encryption
	Certificate Reason = "certificate"  // there are servers, but their certificates are not in order
	NotFound    Reason = "not-found"    // nobody knows
)

// reasonFor tells why an answer of the table cannot be used.
func reasonFor(a Answer) Reason {
	switch {
	case a.offers(NoSignIn):
		return Unsupported
	case a.offers(Bridge):
		return NeedsBridge
	}
	return ""
}

// explain looks for the reason in what was tried.
func explain(r Result) Reason {
	if best, ok := r.Best(); ok {
		return reasonFor(best)
	}
	any := func(match func(Attempt) bool) bool { return slices.ContainsFunc(r.Tried, match) }
	all := func(match func(Attempt) bool) bool {
		return len(r.Tried) > 0 && !any(func(a Attempt) bool { return !match(a) })
	}
	switch {
	// This host has a good certificate wherever the network is honest.
	case any(func(a Attempt) bool {
		return strings.HasPrefix(a.What, databaseURL) && (badCertificate(a.Err) || inTheClear(a.Err))
	}):
		return Intercepted
	case len(r.Answers) > 0 && r.Answers[0].Doubt == OtherDomain:
		return Confirm
	case all(func(a Attempt) bool { return noNetwork(a.Err) || unknownName(a.Err) }) && any(func(a Attempt) bool {
		return noNetwork(a.Err) || strings.HasPrefix(a.What, databaseURL)
	}):
		return Offline // not even the database is there
	case all(func(a Attempt) bool { return unknownName(a.Err) || strings.HasPrefix(a.What, databaseURL) }):
		return NoDomain
	case any(func(a Attempt) bool { return notSecure(a.Err) }):
		return NotSecure
	case any(func(a Attempt) bool { return isServer(a) && badCertificate(a.Err) }):
		return Certificate
	case len(r.Answers) > 0:
		return Confirm
	}
	return NotFound
}

func isServer(a Attempt) bool { return !strings.HasPrefix(a.What, "https:") }

func badCertificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &name) || errors.As(err, &invalid)
}

// inTheClear says that somebody answered without TLS where https was spoken.
func inTheClear(err error) bool {
	var notTLS tls.RecordHeaderError
	return errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &notTLS)
}

func notSecure(err error) bool {
	return errors.Is(err, errNotSecure) || errors.Is(err, trouble.ErrNoStartTLS)
}

func unknownName(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound || errors.Is(err, errNoRecords)
}

func noNetwork(err error) bool {
	var proxy *trouble.ProxyError
	if errors.As(err, &proxy) {
		return !errors.Is(err, trouble.ErrProxyTarget) && !errors.Is(err, trouble.ErrProxyRefused)
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return !dns.IsNotFound
	}
	var slow net.Error
	if errors.As(err, &slow) && slow.Timeout() {
		return true
	}
	return errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.ENETDOWN)
}
