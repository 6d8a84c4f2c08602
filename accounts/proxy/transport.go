package proxy

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
)

// Transport makes https connections as d makes others. Roots nil are the
// system's. Whoever takes it closes idle connections.
func (d *Dialer) Transport(roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		DialContext:            d.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: 64 << 10,
	}
}
