package trouble

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/linnet-mail/linnet/accounts"
)

// Certificate returns the certificate of an error that is about one which could
// not be verified: a person may accept it. false for every other error.
func Certificate(err error) (accounts.Certificate, bool) {
	var staged *Error
	cert := presented(err)
	if cert == nil || !errors.As(err, &staged) {
		return accounts.Certificate{}, false
	}
	c := accounts.Certificate{
		Proto: staged.Proto, Host: staged.Server.Host, Port: staged.Server.Port, Reason: Explain(err).Key,
		Fingerprint: sha256Of(cert), Names: namesOf(cert), Issuer: called(cert.Issuer.CommonName, cert.Issuer.Organization),
		From: cert.NotBefore, Until: cert.NotAfter,
	}
	var pin *PinError
	if errors.As(err, &pin) {
		c.Accepted = pin.Want
	}
	return c, true
}

// presented returns the certificate that was not accepted.
func presented(err error) *x509.Certificate {
	var pin *PinError
	if errors.As(err, &pin) {
		return pin.Cert
	}
	var failed *tls.CertificateVerificationError
	if errors.As(err, &failed) && len(failed.UnverifiedCertificates) > 0 {
		return failed.UnverifiedCertificates[0]
	}
	return nil
}

func sha256Of(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.Raw)
	return hex.EncodeToString(sum[:])
}

// namesOf lists whom a certificate was made for (RFC 9525: the subject's common
// name counts for nothing, but says something to people where there is no other).
func namesOf(cert *x509.Certificate) []string {
	names := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		names = append(names, called(cert.Subject.CommonName, cert.Subject.Organization))
	}
	names = names[:min(len(names), mostNames)]
	for i := range names {
		names[i] = tame(names[i])
	}
	return names
}

// called is what a certificate says of who it is about: the name, or the
// organisation.
func called(name string, organisation []string) string {
	switch {
	case len(organisation) == 0:
		return tame(name)
	case name == "":
		return tame(organisation[0])
	}
	return tame(name) + " (" + tame(organisation[0]) + ")"
}

// What a certificate says of itself is anybody's text.
const (
	mostNames = 6
	longest   = 80 // letters of one
)

// tame takes out what is not seen or turns the direction of writing.
func tame(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}

// fingerprint returns the SHA-256 of the certificate that was not accepted, as
// people compare it.
func fingerprint(err error) string {
	var pin *PinError
	if errors.As(err, &pin) {
		return accounts.GroupFingerprint(pin.Got)
	}
	if cert := presented(err); cert != nil {
		return accounts.GroupFingerprint(sha256Of(cert))
	}
	return ""
}
