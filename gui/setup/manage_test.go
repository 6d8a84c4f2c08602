package setup

import (
	"context"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// people is a list of accounts in memory.
type people struct {
	keeper
	all      []accounts.Account
	first    string
	password string
}

func (p *people) List() []accounts.Account {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.all)
}

func (p *people) Default() (accounts.Account, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return accounts.Account{ID: p.first}, true
}

func (p *people) SetDefault(id mailcore.AccountID) error {
	p.mu.Lock()
	p.first = string(id)
	p.mu.Unlock()
	return p.note("default " + string(id))
}

func (p *people) Reorder(ids []mailcore.AccountID) error {
	p.mu.Lock()
	slices.SortFunc(p.all, func(a, b accounts.Account) int {
		return slices.Index(ids, mailcore.AccountID(a.ID)) - slices.Index(ids, mailcore.AccountID(b.ID))
	})
	p.mu.Unlock()
	return p.note("reorder")
}

func (p *people) Update(_ context.Context, edited accounts.Account, password string) error {
	if err := p.note("update"); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.password = password
	for i, a := range p.all {
		if a.ID == edited.ID {
			p.all[i] = edited
		}
	}
	return nil
}

func (p *people) get(id string) accounts.Account {
	for _, a := range p.List() {
		if a.ID == id {
			return a
		}
	}
	return accounts.Account{}
}

func (p *people) refuse(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fail = err
}

func household() *people {
	server := func(host string, port int, s accounts.Security) accounts.Server {
		return accounts.Server{Host: host, Port: port, Security: s, User: "anna"}
	}
	work := accounts.Account{
		ID: "1", Label: "Work", Email: "anna@becker-print.example", Colour: "#2F6FDE",
		Identities: []accounts.Identity{{Name: "Anna Becker", Email: "anna@becker-print.example"}, {Name: "Becker Print", Email: "info@becker-print.example"}},
		IMAP:       server("imap.becker.example", 993, accounts.TLS), SMTP: server("smtp.becker.example", 587, accounts.StartTLS),
	}
	work.IMAP.Pin = "aa"
	private := accounts.Account{
		ID: "2", Email: "anna@becker.example", Colour: "#123456", Identities: []accounts.Identity{{Name: "Anna", Email: "anna@becker.example"}},
		IMAP: server("imap.becker.example", 993, accounts.TLS), SMTP: server("smtp.becker.example", 465, accounts.TLS),
	}
	private.SMTP.User = "" // takes no sign-in
	kept := accounts.Account{ID: "3", Email: "old@becker.example", Colour: "#8A7A2F", Kept: true}
	return &people{all: []accounts.Account{work, private, kept}, first: "1"}
}

// office is the account settings in a test window.
type office struct {
	*desk
	m       *Manager
	p       *people
	changed int
	closed  int
}

func manage(t *testing.T, edit string) *office {
	t.Helper()
	d := open(t)
	o := &office{desk: d, p: household()}
	w := test.NewTempWindow(t, nil)
	o.m = NewManager(ManagerConfig{
		Words: d.words, Post: d.post, Window: w, Accounts: o.p, Add: func() {}, Check: func(accounts.Account) {},
		Export: func() {}, Import: func() {}, Changed: func() { o.changed++ }, Closed: func() { o.closed++ },
	}, edit)
	w.SetContent(o.m)
	w.Canvas().SetOnTypedKey(o.m.TypedKey)
	w.Resize(fyne.NewSize(640, 720))
	d.w = w
	t.Cleanup(o.m.Close)
	o.drain("the accounts", func() bool { return len(o.m.list.all) == 3 })
	w.Canvas().Focus(o.m.First())
	return o
}

func (o *office) press(keys ...fyne.KeyName) {
	for _, k := range keys {
		o.w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func (o *office) order() string {
	var ids []string
	for _, a := range o.m.list.all {
		ids = append(ids, a.ID)
	}
	return strings.Join(ids, "")
}

func TestTheListIsOrderedByKeyboard(t *testing.T) {
	o := manage(t, "")
	o.press(fyne.KeyDown)
	if o.m.list.chosen != "2" || !o.m.actions["up"].Visible() || o.m.actions["make_default"].Disabled() {
		t.Errorf("chosen is %s", o.m.list.chosen)
	}
	o.m.list.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyUp, Modifier: fyne.KeyModifierAlt})
	o.drain("the new order", func() bool { return o.order() == "213" })
	if !o.m.actions["up"].Disabled() {
		t.Error("the first can be moved up")
	}
	test.Tap(o.m.actions["make_default"])
	o.drain("the default", func() bool { return o.m.list.first == "2" })
	if got := o.m.list.rows[0].face.state; got != "Default" {
		t.Errorf("the row says %q", got)
	}
	o.w.Canvas().Focus(o.m.list)
	o.press(fyne.KeyEnd)
	if !o.m.actions["make_default"].Disabled() || !o.m.actions["down"].Disabled() || o.m.list.rows[2].face.state != "Only its mail is kept" {
		t.Error("what is only kept can be the default")
	}
	o.p.refuse(&mailcore.Problem{Key: "engine.disk-full"})
	test.Tap(o.m.actions["up"])
	o.drain("the bar", func() bool { return o.m.notice.Visible() })
	o.w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if o.closed != 1 || o.changed == 0 {
		t.Errorf("closed %d times, told of %d changes", o.closed, o.changed)
	}
}

func TestAnAccountIsEdited(t *testing.T) {
	o := manage(t, "1")
	e := o.m.edit
	if e == nil || o.w.Canvas().Focused() != fyne.Focusable(e.label.entry) {
		t.Fatal("the account that was asked for is not edited")
	}
	o.w.Canvas().Focus(e.colour)
	o.press(fyne.KeyRight, fyne.KeyRight, fyne.KeyRight)
	e.label.entry.SetText("Print shop")
	test.Tap(e.writeAs.rows[1].first)
	test.Tap(e.writeAs.add)
	if o.w.Canvas().Focused() != fyne.Focusable(e.writeAs.rows[2].email.entry) {
		t.Error("the new address has not the keyboard")
	}
	e.Save()
	if !e.writeAs.rows[2].email.wrong.Visible() || o.p.said() != "" {
		t.Fatal("an empty address was taken")
	}
	e.writeAs.rows[2].email.entry.SetText("sales@becker-print.example")
	test.Tap(e.save)
	o.drain("the list", func() bool { return o.m.edit == nil && o.m.list.all[0].Label == "Print shop" })
	a := o.p.get("1")
	var addresses []string
	for _, i := range a.Identities {
		addresses = append(addresses, i.Email)
	}
	if a.Colour != accounts.Colours()[3] || strings.Join(addresses, " ") != "info@becker-print.example anna@becker-print.example sales@becker-print.example" {
		t.Errorf("%s, %v", a.Colour, addresses)
	}
	if was := household().all[0]; !a.SameServers(was) || o.p.password != "" {
		t.Errorf("servers or password changed: %+v, %q", a, o.p.password)
	}
}

func TestServersAreChangedAndNothingIsLostOnFailure(t *testing.T) {
	o := manage(t, "2")
	e := o.m.edit
	if e.servers.box.Visible() {
		t.Error("servers are shown at once")
	}
	test.Tap(e.byHand)
	if e.servers.imap.host.text() != "imap.becker.example" || len(e.servers.imap.kind.Options) != 2 {
		t.Errorf("shown are %+v, to choose %v", e.servers.imap.value(), e.servers.imap.kind.Options)
	}
	e.servers.imap.host.entry.SetText("mail.becker.example")
	e.servers.smtp.port.SetText("587")
	e.password.entry.SetText("new one")
	o.p.refuse(&mailcore.Problem{Key: "trouble.wrong-password", Args: map[string]any{"Host": "mail.becker.example"}})
	test.Tap(e.save)
	o.drain("the reason", func() bool { return e.notice.Visible() })
	if !strings.Contains(e.notice.Text(), "mail.becker.example did not accept") || e.password.entry.Text != "new one" || e.password.entry.Disabled() || e.busy {
		t.Errorf("says %q", e.notice.Text())
	}
	o.p.refuse(nil)
	e.Save()
	o.drain("the list", func() bool { return o.m.edit == nil })
	a := o.p.get("2")
	want := household().all[1]
	want.IMAP.Host = "mail.becker.example"
	want.SMTP.Port, want.SMTP.Security = 587, accounts.StartTLS
	if !a.SameServers(want) || o.p.password != "new one" || a.Colour != "#123456" {
		t.Errorf("%+v with %q", a, o.p.password)
	}
}

// The pin stays for the server that it was given for, and goes with it.
func TestAPinBelongsToItsServer(t *testing.T) {
	o := manage(t, "1")
	e := o.m.edit
	e.label.entry.SetText("x")
	if e.value().IMAP.Pin != "aa" {
		t.Error("the accepted certificate is forgotten")
	}
	e.servers.imap.host.entry.SetText("other.becker.example")
	if e.value().IMAP.Pin != "" {
		t.Error("another server inherits the accepted certificate")
	}
}

func TestACertificateIsAskedAboutWhileEditing(t *testing.T) {
	o := manage(t, "2")
	e := o.m.edit
	cert := mailcertificate(t)
	o.p.refuse(trouble.At(trouble.Handshake, "imap", e.was.IMAP, &trouble.PinError{Want: "aa", Got: "bb", Cert: cert}))
	e.password.entry.SetText("x")
	e.Save()
	o.drain("the question", func() bool { return e.doubt != nil })
	if e.value().IMAP.Pin != "" {
		t.Fatal("trusted before it was accepted")
	}
	o.p.refuse(nil)
	e.doubt.compared.SetChecked(true)
	test.Tap(e.doubt.trust)
	o.drain("the list", func() bool { return o.m.edit == nil })
	if a := o.p.get("2"); len(a.IMAP.Pin) != 64 || a.SMTP.Pin != "" {
		t.Errorf("%+v", a)
	}
}

func TestWhatIsKeptOnlyHasLittleToEdit(t *testing.T) {
	o := manage(t, "3")
	e := o.m.edit
	if slices.Contains(o.m.body.Objects, fyne.CanvasObject(e.servers.box)) || slices.Contains(o.m.body.Objects, fyne.CanvasObject(e.writeAs.box)) {
		t.Error("servers or addresses of an account without server are shown")
	}
	e.label.entry.SetText("Old mail")
	o.w.Canvas().Focus(e.label.entry)
	o.press(fyne.KeyReturn)
	o.drain("the list", func() bool { return o.m.edit == nil })
	if a := o.p.get("3"); a.Label != "Old mail" || !a.Kept {
		t.Errorf("%+v", a)
	}
}

func TestAnAccountOnTokensHasNoPasswordToChange(t *testing.T) {
	o := manage(t, "2")
	e := o.m.edit
	asked := func() bool {
		return slices.Contains(test.LaidOutObjects(o.m.body), fyne.CanvasObject(e.password.entry))
	}
	if !asked() {
		t.Error("an account with a password has no place to change it")
	}
	e.was.OAuth = &accounts.OAuth{Provider: "google"}
	e.show()
	if asked() {
		t.Error("a password is asked for that nobody has")
	}
}

func TestAnAccountIsRemovedFromItsSettings(t *testing.T) {
	o := manage(t, "2")
	var remove *look.Button
	for _, b := range o.m.edit.others {
		if b.Text == o.words.Say("accounts.remove") {
			remove = b
		}
	}
	test.Tap(remove)
	if o.w.Canvas().Focused() != fyne.Focusable(o.m.question.no) {
		t.Error("Return would remove it")
	}
	test.Tap(o.m.question.yes)
	o.drain("removed", func() bool { return o.m.edit == nil })
	if o.p.said() != "remove 2" || o.changed == 0 {
		t.Errorf("did %s", o.p.said())
	}
}
