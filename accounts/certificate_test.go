package accounts

import (
	"errors"
	"strings"
	"testing"
)

func TestFingerprintsAreReadAsPeopleWriteThem(t *testing.T) {
	pin := strings.Repeat("0a", 31) + "ff"
	grouped := GroupFingerprint(pin)
	if !strings.HasPrefix(grouped, "0A:0A:") || !strings.HasSuffix(grouped, ":FF") || len(grouped) != 95 {
		t.Errorf("grouped %s", grouped)
	}
	for _, s := range []string{pin, strings.ToUpper(pin), grouped, strings.ReplaceAll(grouped, ":", " ")} {
		if got, err := ParseFingerprint(s); err != nil || got != pin {
			t.Errorf("%q: %q, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "0a", pin + "00", strings.Repeat("zz", 32), grouped[:94]} {
		if _, err := ParseFingerprint(s); !errors.Is(err, ErrFingerprint) {
			t.Errorf("%q: %v", s, err)
		}
	}
	if got := GroupFingerprint("no hex"); got != "no hex" {
		t.Errorf("%q", got)
	}
}

func TestACertificateIsTrustedForItsServerOnly(t *testing.T) {
	a := ada()
	c := Certificate{Proto: "smtp", Host: a.SMTP.Host, Port: a.SMTP.Port, Fingerprint: "bb"}
	got, ok := a.Trusting(c)
	if !ok || got.SMTP.Pin != "bb" || got.IMAP.Pin != "aa" || a.SMTP.Pin != "" {
		t.Errorf("%v: %+v", ok, got)
	}
	for _, other := range []Certificate{
		{Proto: "imap", Host: a.SMTP.Host, Port: a.SMTP.Port, Fingerprint: "bb"},
		{Proto: "smtp", Host: "elsewhere.example.org", Port: a.SMTP.Port, Fingerprint: "bb"},
		{Proto: "smtp", Host: a.SMTP.Host, Port: 1, Fingerprint: "bb"},
	} {
		if got, ok := a.Trusting(other); ok || !got.SameServers(a) {
			t.Errorf("%+v was trusted", other)
		}
	}
}
