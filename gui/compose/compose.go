// Package compose is in charge of writing a message: a window of its own with
// sender, recipients, subject, text and attachments. It keeps the draft while
// the person types, asks before something is sent that looks forgotten, and
// closes only when the message is safely in the outbox.
//
// Everything here belongs to the UI goroutine; the engine is called on others.
package compose

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// Drafts is what a composer needs of the engine to keep what is written.
type Drafts interface {
	Save(ctx context.Context, d mailcore.Draft) (mailcore.DraftID, error)
	Discard(ctx context.Context, id mailcore.DraftID) error
}

// Outbox is what it needs to send. Send returns after commit, and removes the
// draft with it.
type Outbox interface {
	Send(ctx context.Context, d mailcore.Draft) (mailcore.OutboxID, error)
}

// Sender is an identity that mail can be sent as.
type Sender struct {
	Account mailcore.AccountID
	Address mailcore.Address
	Label   string // the account's, shown where it is not the address
}

// Config is what a composer needs. Callbacks run on the UI goroutine and may be
// nil.
type Config struct {
	App     fyne.App
	Words   *assets.Words
	Drafts  Drafts
	Outbox  Outbox
	Senders []Sender     // at least one
	Post    func(func()) // runs a function on the UI goroutine
	Now     func() time.Time
	// Choose asks for a file to attach; desktop.ChooseOpen does it.
	Choose   func(win fyne.Window, chosen func(path string), failed func(error))
	OnSent   func(mailcore.OutboxID)
	OnClosed func(*Composer)
}

// Composer is the window of one message being written.
type Composer struct {
	c      Config
	win    fyne.Window
	draft  mailcore.Draft // as it began; what can be edited is in the fields
	keeper *keeper

	from           *widget.Select
	to, cc, bcc    *recipients
	subject        *entry
	body           *entry
	quote          string
	files          []mailcore.Attachment
	rows           map[string]*row
	send           *look.Button
	quoteLine      *quoteLine
	shelf          *shelf
	notice         *look.Notice
	foot, footnote *look.Text
	root           *fyne.Container
	asking         *look.Question // the last one that was asked

	dirty   bool // something is not saved yet
	touched bool // something was changed since the window opened
	filling bool // fields are being set by us
	reading int  // files being read
	sending bool
	closed  bool
	timer   *time.Timer
}

// Open shows a window to write d in. Focus is in To for a new message, else at
// the top of the text.
func Open(c Config, d mailcore.Draft) *Composer {
	if c.Now == nil {
		c.Now = time.Now
	}
	m := &Composer{c: c, draft: d, win: c.App.NewWindow(c.Words.Say("compose.title")), rows: map[string]*row{}}
	m.keeper = newKeeper(c, d.ID)
	m.build()
	m.fill(d)
	m.win.SetPadded(false)
	m.win.SetContent(m.root)
	m.win.Resize(fyne.NewSize(860, 680))
	m.win.SetCloseIntercept(func() { m.Close(nil) })
	m.win.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) { m.dropped(uris) })
	m.shortcuts()
	m.win.Show()
	m.focusFirst()
	return m
}

// Window returns the composer's window.
func (m *Composer) Window() fyne.Window { return m.win }

// Draft returns the id under which the draft is kept, 0 if it never was. It is
// the id as of the last call that was finished.
func (m *Composer) Draft() mailcore.DraftID { return m.draft.ID }

// Account returns the account that the message will be sent from.
func (m *Composer) Account() mailcore.AccountID { return m.sender().Account }

func (m *Composer) focusFirst() {
	switch {
	case m.draft.Kind != mailcore.NewMessage && m.draft.Kind != "" && !m.to.empty():
		m.win.Canvas().Focus(m.body)
	case m.to.empty() || m.draft.Kind == mailcore.Forward:
		m.win.Canvas().Focus(m.to.entry)
	case m.subject.Text == "":
		m.win.Canvas().Focus(m.subject)
	default:
		m.win.Canvas().Focus(m.body)
	}
}

// fill puts a draft into the fields.
func (m *Composer) fill(d mailcore.Draft) {
	m.filling = true
	m.to.set(d.To)
	m.cc.set(d.Cc)
	m.bcc.set(d.Bcc)
	m.subject.SetText(d.Subject)
	own, quote := splitQuote(d.Kind, d.Text)
	m.quote = quote
	m.body.SetText(own)
	m.files = append([]mailcore.Attachment(nil), d.Attachments...)
	m.from.SetSelectedIndex(m.senderOf(d))
	m.filling = false
	if len(d.Cc)+len(d.Bcc) > 0 {
		m.unfold()
	}
	m.showQuote()
	m.showFiles()
	m.showTitle()
}

// collect makes a draft of the fields.
func (m *Composer) collect() mailcore.Draft {
	d := m.draft
	s := m.sender()
	d.Account, d.From = s.Account, s.Address
	d.To, _ = m.to.addresses()
	d.Cc, _ = m.cc.addresses()
	d.Bcc, _ = m.bcc.addresses()
	d.Subject = oneLine(m.subject.Text)
	d.Text = joinQuote(m.body.Text, m.quote)
	d.Attachments = append([]mailcore.Attachment(nil), m.files...)
	return d
}

// senderOf finds the identity that a draft is from, by name where an address has
// several; the account's first where the address is not one of them.
func (m *Composer) senderOf(d mailcore.Draft) int {
	mine := func(s Sender) bool { return s.Account == d.Account }
	for _, fits := range []func(Sender) bool{
		func(s Sender) bool { return mine(s) && s.Address == d.From },
		func(s Sender) bool { return mine(s) && strings.EqualFold(s.Address.Addr, d.From.Addr) },
		mine,
	} {
		if i := slices.IndexFunc(m.c.Senders, fits); i >= 0 {
			return i
		}
	}
	return 0
}

func (m *Composer) sender() Sender {
	if i := m.from.SelectedIndex(); i >= 0 && i < len(m.c.Senders) {
		return m.c.Senders[i]
	}
	if len(m.c.Senders) > 0 {
		return m.c.Senders[0]
	}
	return Sender{Account: m.draft.Account, Address: m.draft.From}
}

// blank reports whether nothing would be lost with the message.
func (m *Composer) blank() bool {
	return m.to.empty() && m.cc.empty() && m.bcc.empty() && m.subject.Text == "" && len(m.files) == 0 && m.ownBlank() && m.quote == ""
}
