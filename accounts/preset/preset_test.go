package preset

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
)

const office = `{
  "version": 1,
  "organisation": "Becker Print",
  "accounts": [
    {
      "domain": "becker.example",
      "label": "Work",
      "imap": {"server": "tls://imap.becker.example", "user": "{local}"},
      "smtp": {"server": "starttls://smtp.becker.example:587", "user": "{address}"},
      "sent": "server", "default": true
    },
    {
      "email": "info@becker.example", "label": "Reception", "shared": true, "colour": "#8A5BC7",
      "identities": [{"name": "Becker Print", "email": "info@becker.example"}, {"email": "sales@becker.example"}],
      "imap": {"server": "tls://imap.becker.example:1993", "user": "info", "pin": "AB:CD:` + "" + `"},
      "smtp": {"server": "tls://[2001:db8::1]:465"}
    },
    {"email": "me@example.org"}
  ]
}`

func read(t *testing.T, s string) Preset {
	t.Helper()
	p, err := Read(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAnOfficeIsRead(t *testing.T) {
	print := strings.Repeat("AB:", 31) + "AB"
	p := read(t, strings.Replace(office, "AB:CD:", print, 1))
	if p.Organisation != "Becker Print" || len(p.Accounts) != 3 {
		t.Fatalf("%+v", p)
	}
	own, shared, found := p.Accounts[0], p.Accounts[1], p.Accounts[2]
	imap, smtp := own.Servers("anna@becker.example")
	if imap != (accounts.Server{Host: "imap.becker.example", Port: 993, Security: accounts.TLS, User: "anna"}) ||
		smtp != (accounts.Server{Host: "smtp.becker.example", Port: 587, Security: accounts.StartTLS, User: "anna@becker.example"}) {
		t.Errorf("%+v, %+v", imap, smtp)
	}
	if !own.Default || own.Sent != accounts.SentByServer || !own.Allows("x@BECKER.example") || own.Allows("x@example.org") {
		t.Errorf("%+v", own)
	}
	if !shared.Shared || shared.IMAP.Pin != strings.Repeat("ab", 32) || shared.IMAP.Port != 1993 || shared.SMTP.Host != "2001:db8::1" || shared.Sender("") != "Reception" {
		t.Errorf("%+v", shared)
	}
	if found.HasServers() || !found.Allows("ME@example.org") || found.Allows("you@example.org") {
		t.Errorf("%+v", found)
	}
	done := shared.Finish(accounts.Account{ID: "1", Label: "x", Colour: "#000000", Identities: []accounts.Identity{{Email: "x"}}})
	if done.Label != "Reception" || done.Colour != "#8A5BC7" || len(done.Identities) != 2 || done.ID != "1" {
		t.Errorf("%+v", done)
	}
}

// TestMistakesAreNamedWithTheirLine has one file for each mistake; every word of
// "preset.wrong." must be said by one of them.
func TestMistakesAreNamedWithTheirLine(t *testing.T) {
	words, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	with := func(fields string) string {
		return "{\"version\": 1,\n\"accounts\": [\n{" + fields + "}\n]}"
	}
	servers := func(imap string) string {
		return with("\"imap\": {" + imap + "}, \"smtp\": {\"server\": \"tls://a.example\"}")
	}
	for _, c := range []struct{ file, want string }{
		{"", "1 json"},
		{"{\"version\": 1,\n\"accounts\": [}", "2 json"},
		{"{\"version\": 1, \"accounts\": [{}]}\n{}", "2 json"},
		{strings.Repeat("[", 100_000), "1 json"},
		{"[]", "1 kind.object"},
		{"{\"accounts\": [{}]}", "1 version"},
		{"{\n\"version\": 2, \"accounts\": [{}]}", "2 version"},
		{"{\"version\": 1}", "1 empty"},
		{"{\"version\": 1,\n\"accounts\": []}", "2 empty"},
		{"{\"version\": 1,\n\"accounts\": {}}", "2 kind.list"},
		{with(`"email": 5`), "3 kind.text"},
		{with(`"shared": "yes"`), "3 kind.truth"},
		{with("\n\n\"password\": \"correct horse\""), "5 secret"},
		{with(`"IMAP_Password": ""`), "3 secret"},
		{with(`"imap": {"server": "tls://a.example", "accessToken": "x"}, "smtp": {"server": "tls://a.example"}`), "3 secret"},
		{servers(`"server": "tls://anna:horse@a.example"`), "3 secret"},
		{with(`"mail": "x"`), "3 unknown"},
		{with(`"email": "a@b.example", "email": "c@d.example"`), "3 twice"},
		{with(`"email": "anna"`), "3 email"},
		{with(`"email": "Anna <a@b.example>"`), "3 email"},
		{with(`"domain": "@b.example"`), "3 domain"},
		{with(`"email": "a@b.example", "domain": "c.example"`), "3 other_domain"},
		{with(`"colour": "blue"`), "3 colour"},
		{with(`"sent": "me"`), "3 sent"},
		{with(`"shared": true`), "3 shared"},
		{with(`"identities": [{"name": "x"}]`), "3 email"},
		{servers(`"server": "a.example:993"`), "3 server"},
		{servers(`"server": "tls://a.example:99999"`), "3 server"},
		{servers(`"server": "ssl://a.example"`), "3 server"},
		{servers(`"user": "x"`), "3 server"},
		{servers(`"server": "plain://a.example:143"`), "3 plain"},
		{servers(`"server": "tls://a.example", "user": "{name}"`), "3 user"},
		{servers(`"server": "tls://a.example", "pin": "ab"`), "3 pin"},
		{with(`"imap": {"server": "tls://a.example"}`), "3 half"},
		{"{\"version\": 1, \"accounts\": [{\"email\": \"a@b.example\"},\n{\"email\": \"A@B.example\"}]}", "2 same"},
		{"{\"version\": 1, \"accounts\": [{\"email\": \"a@b.example\", \"default\": true},\n{\"email\": \"c@b.example\", \"default\": true}]}", "2 defaults"},
		{"{\"version\": 1, \"accounts\": [{}]}" + strings.Repeat(" ", MaxSize), "1 big"},
	} {
		_, err := Read(strings.NewReader(c.file))
		var m Mistakes
		if !errors.As(err, &m) || len(m) != 1 {
			t.Errorf("%.80q: %v", c.file, err)
			continue
		}
		if got := fmt.Sprintf("%d %s", m[0].Line, strings.TrimPrefix(m[0].Key, "preset.wrong.")); got != c.want {
			t.Errorf("%.80q: %s, want %s", c.file, got, c.want)
		}
		said := words.Say(m[0].Key, m[0].Args)
		if said == m[0].Key || !strings.Contains(said, fmt.Sprintf("ine %d", m[0].Line)) || strings.Contains(said, "<no value>") || strings.Contains(said, "horse") {
			t.Errorf("%s is said as %q", m[0].Key, said)
		}
	}
}

func TestAllMistakesAreNamedAtOnce(t *testing.T) {
	_, err := Read(strings.NewReader("{\n\"version\": 3,\n\"accounts\": [{\"email\": \"x\",\n\"password\": \"y\"}, {\"colour\": \"red\"}]}"))
	var m Mistakes
	if !errors.As(err, &m) || len(m) != 4 || m[0].Line != 2 || m[1].Line != 3 || m[2].Line != 4 {
		t.Errorf("%v: %+v", err, m)
	}
}

func TestWhatIsExportedIsReadAgain(t *testing.T) {
	server := accounts.Server{Host: "::1", Port: 993, Security: accounts.TLS, User: "anna", Pin: strings.Repeat("ab", 32)}
	a := accounts.Account{
		ID: "1", Label: "Work", Email: "anna@becker.example", Colour: "#8A5BC7", Sent: accounts.SentByServer, IMAP: server, SMTP: server,
		Identities: []accounts.Identity{{Name: "Anna \"A.\" Becker", Email: "anna@becker.example"}, {Name: "Info", Email: "info@becker.example"}},
	}
	kept, demo := a, a
	kept.Kept, demo.Demo = true, true
	p := Of([]accounts.Account{kept, a, demo}, "1")
	data, err := p.Marshal()
	if err != nil || len(p.Accounts) != 1 {
		t.Fatalf("%v: %+v", err, p)
	}
	again := read(t, string(data))
	if !reflect.DeepEqual(again, p) {
		t.Errorf("written %s\nread %+v", data, again)
	}
	imap, _ := again.Accounts[0].Servers(a.Email)
	if got := again.Accounts[0].Finish(accounts.Account{ID: "2"}); imap != server || got.Colour != a.Colour || !reflect.DeepEqual(got.Identities, a.Identities) {
		t.Errorf("%+v, %+v", imap, got)
	}
	if strings.Contains(string(data), "null") {
		t.Errorf("written %s", data)
	}
}

func TestAPersonsServersKeepWhatWasPrepared(t *testing.T) {
	a := Account{
		IMAP: accounts.Server{Host: "i.example", Port: 993, Security: accounts.TLS, User: "{local}", Pin: "ab"},
		SMTP: accounts.Server{Host: "s.example", Port: 465, Security: accounts.TLS},
	}
	seen, other := a.IMAP, a.SMTP
	seen.Pin, seen.User = "", ""
	other.Host, other.User = "elsewhere.example", "{local}"
	imap, smtp := a.Complete(seen, other, "anna@becker.example")
	if imap.User != "anna" || imap.Pin != "ab" || smtp.User != "" || smtp.Pin != "" || smtp.Host != "elsewhere.example" {
		t.Errorf("%+v, %+v", imap, smtp)
	}
}
