package trouble

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"
)

// certificateRows are about who the server can prove to be.
var certificateRows = []row{
	{name: "pin-changed", action: "ask-provider-certificate", match: is(ErrPin)},
	{name: "certificate-early", action: "set-clock", match: func(f facts) bool {
		invalid, ok := outdated(f.err)
		return ok && strings.Contains(invalid.Detail, "is before")
	}},
	{name: "certificate-expired", action: "check-clock", match: func(f facts) bool {
		_, ok := outdated(f.err)
		return ok
	}},
	{name: "certificate-name", action: "check-host-name", match: func(f facts) bool {
		return asA[x509.HostnameError](f.err)
	}},
	{name: "certificate-self-signed", action: "ask-provider-certificate", match: func(f facts) bool {
		return asA[x509.UnknownAuthorityError](f.err) && selfSigned(f.err)
	}},
	{name: "certificate-inspected", action: "stop-inspecting", match: func(f facts) bool {
		return asA[x509.UnknownAuthorityError](f.err) && inspector(f.err) != ""
	}},
	{name: "certificate-unknown", action: "ask-provider-certificate", match: func(f facts) bool {
		return asA[x509.UnknownAuthorityError](f.err)
	}},
	{name: "certificate-bad", action: "ask-provider-certificate", match: func(f facts) bool {
		return asA[*tls.CertificateVerificationError](f.err) || asA[x509.CertificateInvalidError](f.err)
	}},
}

// tlsRows are about the encryption itself.
var tlsRows = []row{
	{name: "no-starttls", action: "use-tls", match: is(ErrNoStartTLS)},
	{name: "tampered", action: "other-network", match: is(ErrTampered)},
	{name: "preauth", action: "use-tls", match: is(ErrPreAuth)},
	{name: "not-tls", action: "check-port", stages: []Stage{Handshake}, match: func(f facts) bool {
		return asA[tls.RecordHeaderError](f.err)
	}},
	{name: "tls-old", action: "ask-provider-old", stages: []Stage{Handshake}, match: func(f facts) bool {
		return f.has("protocol version", "handshake failure", "insufficient security")
	}},
}

// outdated is a certificate outside its time.
func outdated(err error) (x509.CertificateInvalidError, bool) {
	var invalid x509.CertificateInvalidError
	return invalid, errors.As(err, &invalid) && invalid.Reason == x509.Expired
}

// selfSigned holds also for a certificate that may sign no others.
func selfSigned(err error) bool {
	cert := presented(err)
	return cert != nil && bytes.Equal(cert.RawIssuer, cert.RawSubject) &&
		cert.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) == nil
}

// inspectors are programs and devices that open encrypted connections, by what
// stands in the certificates that they make.
var inspectors = []string{
	"avast", "avg web", "bitdefender", "eset ssl", "kaspersky", "norton", "mcafee", "sophos", "fortinet", "fortigate", "zscaler",
	"palo alto", "blue coat", "netskope", "cisco umbrella", "mail shield", "web/mail", "adguard", "sonicwall", "watchguard", "untangle", "barracuda",
}

// inspector returns the issuer of a certificate that such a program made.
func inspector(err error) string {
	cert := presented(err)
	if cert == nil {
		return ""
	}
	issuer := cert.Issuer.String()
	for _, name := range inspectors {
		if strings.Contains(strings.ToLower(issuer), name) {
			return cert.Issuer.CommonName
		}
	}
	return ""
}

// owner returns a name that the certificate which was not accepted is for.
func owner(err error) string {
	cert := presented(err)
	var name x509.HostnameError
	if cert == nil && errors.As(err, &name) {
		cert = name.Certificate
	}
	switch {
	case cert == nil:
		return ""
	case len(cert.DNSNames) > 0:
		return cert.DNSNames[0]
	}
	return cert.Subject.CommonName
}
