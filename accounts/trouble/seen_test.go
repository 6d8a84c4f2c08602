package trouble

import "testing"

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
