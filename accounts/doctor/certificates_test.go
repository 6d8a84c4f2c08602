package doctor

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"
)

// made is a certificate for both hosts that mailtest has no need for: signed by
// an issuer of this name that nobody knows, or by itself with "".
func made(t *testing.T, issuer string) tls.Certificate {
	t.Helper()
	key, template := newKey(t), template("mail")
	template.DNSNames = []string{imapHost, smtpHost}
	parent, signer := template, key
	if issuer != "" {
		parent, signer = authority(issuer), newKey(t)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// early is a certificate for both hosts that is valid from tomorrow on, and the
// authority that signed it.
func early(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, ca, caKey := newKey(t), authority("Test CA"), newKey(t)
	root, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(root)
	if err != nil {
		t.Fatal(err)
	}
	leaf := template("mail")
	leaf.DNSNames, leaf.NotBefore = []string{imapHost, smtpHost}, time.Now().Add(24*time.Hour)
	der, err := x509.CreateCertificate(rand.Reader, leaf, cert, key.Public(), caKey)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func authority(name string) *x509.Certificate {
	c := template(name)
	c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign
	return c
}

func template(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(48 * time.Hour),
	}
}
