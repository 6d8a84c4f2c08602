package trouble

import (
	"crypto/tls"
	"crypto/x509"
	"strings"
	"testing"
)

func TestALookAroundTellsCausesApart(t *testing.T) {
	for name, list := range sights() {
		for _, s := range list {
			if c := s.seen.Explain(s.err); c.Key != prefix+name {
				t.Errorf("%v with %+v\n got %s\nwant %s", s.err, s.seen, c.Key, prefix+name)
			}
		}
	}
}

func TestSeenSaysWhichPort(t *testing.T) {
	s := sights()["port-blocked"][0]
	c := s.seen.Explain(s.err)
	if c.Args["OtherPort"] != 143 || c.Args["OtherSecurity"] != "STARTTLS" || c.Args["Port"] != 993 {
		t.Errorf("args: %v", c.Args)
	}
}

func TestGreetingsAreToldApart(t *testing.T) {
	for greeting, want := range map[string]string{
		"* OK [CAPABILITY IMAP4rev1] ready": IMAP, "* preauth hi": IMAP, "220 mx ESMTP": SMTP, "220-mx": SMTP, "HTTP/1.1 302 Found": HTTP,
		"<html><body>": HTTP, "+OK ready": POP, "SSH-2.0-OpenSSH": "", "": "", "2": "", "* ": "",
	} {
		if got := Speaks(greeting); got != want {
			t.Errorf("%q speaks %q, want %q", greeting, got, want)
		}
	}
}

// What a certificate says of itself is anybody's text.
func TestNamesInCertificatesAreTamed(t *testing.T) {
	cert := &x509.Certificate{Raw: []byte("x"), DNSNames: []string{"evil\u202e.example\x1b[2J\r\n" + strings.Repeat("x", 500)}}
	err := at(Handshake, &tls.CertificateVerificationError{UnverifiedCertificates: []*x509.Certificate{cert}, Err: x509.HostnameError{Certificate: cert, Host: "mail.example"}})
	owner, _ := Explain(err).Args["Owner"].(string)
	if strings.ContainsAny(owner, "\u202e\x1b\r\n") || len([]rune(owner)) > longestName+1 || !strings.HasPrefix(owner, "evil.example") {
		t.Errorf("owner is %q", owner)
	}
}
