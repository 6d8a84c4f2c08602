package gui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// fake is an engine in memory: what it is told happens at once, and is published.
type fake struct {
	mu       sync.Mutex
	now      time.Time
	people   []accounts.Account
	boxes    []mailcore.Folder
	mails    []mailcore.Message // newest first
	texts    map[mailcore.ID]string
	state    map[mailcore.AccountID]mailcore.Status
	out      []mailcore.Outgoing
	written  []mailcore.Draft
	calls    []string
	fail     error // of the next change
	events   chan mailcore.Event
	searched []string
	certs    []accounts.Certificate // that cannot be verified
	offers   []engine.Offer
}

const (
	inbox mailcore.FolderID = iota + 1
	drafts
	sent
	archive
	projects
	catalogue
	secondInbox
	secondSent
	secondJunk
	secondTrash
	trash
)

func newFake(now time.Time) *fake {
	f := &fake{now: now, texts: map[mailcore.ID]string{}, events: make(chan mailcore.Event, 1000)}
	f.people = []accounts.Account{
		{ID: "a", Label: "Anna Becker · work", Email: "anna@becker-print.example", Colour: "#2F6FDE", Identities: []accounts.Identity{{Name: "Anna Becker", Email: "anna@becker-print.example"}}},
		{ID: "b", Email: "anna@becker.example", Colour: "#3A9A6B", Identities: []accounts.Identity{{Name: "Anna", Email: "anna@becker.example"}}},
	}
	folder := func(id mailcore.FolderID, account mailcore.AccountID, path string, role mailcore.Role) {
		f.boxes = append(f.boxes, mailcore.Folder{ID: id, Account: account, Path: path, Delimiter: "/", Role: role, Selectable: true, Complete: true, Checked: now})
	}
	folder(inbox, "a", "INBOX", mailcore.RoleInbox)
	folder(drafts, "a", "Drafts", mailcore.RoleDrafts)
	folder(sent, "a", "Sent", mailcore.RoleSent)
	folder(archive, "a", "Archive", mailcore.RoleArchive)
	folder(projects, "a", "Projects", mailcore.RoleNone)
	folder(catalogue, "a", "Projects/Catalogue", mailcore.RoleNone)
	folder(trash, "a", "Trash", mailcore.RoleTrash)
	folder(secondInbox, "b", "INBOX", mailcore.RoleInbox)
	folder(secondSent, "b", "Sent", mailcore.RoleSent)
	folder(secondJunk, "b", "Junk", mailcore.RoleJunk)
	folder(secondTrash, "b", "Trash", mailcore.RoleTrash)
	f.state = map[mailcore.AccountID]mailcore.Status{
		"a": {Account: "a", Phase: mailcore.Watching, Here: 8412, Checked: now.Add(time.Minute)},
		"b": {Account: "b", Phase: mailcore.Connecting},
	}
	return f
}

// add puts a message on top.
func (f *fake) add(folder mailcore.FolderID, from, subject, text string, ago time.Duration, flags mailcore.Flags, files bool) mailcore.ID {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := mailcore.Message{ID: mailcore.ID(len(f.texts) + 1), Folder: folder, Flags: flags, Attachments: files, BodyHere: true}
	m.Account = f.box(folder).Account
	name, addr, _ := strings.Cut(from, "|")
	m.From = []mailcore.Address{{Name: name, Addr: addr}}
	m.To = []mailcore.Address{{Name: "Anna Becker", Addr: "anna@becker-print.example"}, {Name: "Ines Costa", Addr: "ines@druckhaus.example"}}
	m.Subject, m.Date, m.Sorted = subject, f.now.Add(-ago), f.now.Add(-ago)
	m.Snippet, _, _ = strings.Cut(text, "\n")
	f.texts[m.ID] = text
	f.mails = append([]mailcore.Message{m}, f.mails...)
	slices.SortStableFunc(f.mails, func(a, b mailcore.Message) int { return b.Sorted.Compare(a.Sorted) })
	return m.ID
}

func (f *fake) box(id mailcore.FolderID) mailcore.Folder {
	for _, b := range f.boxes {
		if b.ID == id {
			return b
		}
	}
	return mailcore.Folder{}
}

func (f *fake) mail() mail {
	return mail{
		messages: fakeMessages{f}, folders: fakeFolders{f}, drafts: fakeDrafts{f}, outbox: fakeOutbox{f}, accounts: fakeAccounts{f},
		subscribe: func() eventStream { return &stream{events: f.events} },
	}
}

func (f *fake) called(s string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Contains(f.calls, s)
}

func (f *fake) note(call string) error {
	f.calls = append(f.calls, call)
	err := f.fail
	f.fail = nil
	return err
}

type fakeMessages struct{ f *fake }

func (s fakeMessages) List(_ context.Context, q mailcore.Query) ([]mailcore.ID, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	if q.Text != "" {
		s.f.searched = append(s.f.searched, q.Text)
	}
	var out []mailcore.ID
	for _, m := range s.f.mails {
		b := s.f.box(m.Folder)
		hay := strings.ToLower(m.Subject + " " + m.From[0].Name + " " + s.f.texts[m.ID])
		switch {
		case q.Folder != 0 && m.Folder != q.Folder, q.Role != "" && b.Role != q.Role, !m.Flags.Has(q.Flags),
			q.Folder == 0 && (b.Role == mailcore.RoleTrash || b.Role == mailcore.RoleJunk), !strings.Contains(hay, strings.ToLower(q.Text)):
		default:
			out = append(out, m.ID)
		}
	}
	return out, nil
}

func (s fakeMessages) Rows(_ context.Context, ids []mailcore.ID) ([]mailcore.Message, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	var out []mailcore.Message
	for _, id := range ids {
		for _, m := range s.f.mails {
			if m.ID == id {
				out = append(out, m)
			}
		}
	}
	return out, nil
}

func (s fakeMessages) Open(_ context.Context, id mailcore.ID) (mailcore.Content, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	for _, m := range s.f.mails {
		if m.ID == id {
			c := mailcore.Content{Header: m.Header, Text: s.f.texts[id]}
			if m.Attachments {
				c.Parts = []mailcore.Part{
					{Index: 0, Name: "Offer-signed.pdf", Type: "application/pdf", Size: 1_200_000},
					{Index: 1, Name: "cover-draft.png", Type: "image/png", Size: 840_000},
				}
			}
			return c, nil
		}
	}
	return mailcore.Content{}, &mailcore.Problem{Key: "engine.gone"}
}

func (s fakeMessages) SaveAttachment(_ context.Context, _ mailcore.ID, _ int, w io.Writer) error {
	_, err := io.WriteString(w, "%PDF-")
	return err
}

func (s fakeMessages) each(ids []mailcore.ID, call string, change func(*mailcore.Message)) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	if err := s.f.note(call); err != nil {
		return err
	}
	for i := range s.f.mails {
		if slices.Contains(ids, s.f.mails[i].ID) {
			change(&s.f.mails[i])
		}
	}
	s.f.events <- mailcore.MessagesChanged{IDs: ids}
	return nil
}

func (s fakeMessages) Mark(_ context.Context, ids []mailcore.ID, d mailcore.FlagDelta) error {
	return s.each(ids, "mark", func(m *mailcore.Message) { m.Flags = d.Apply(m.Flags) })
}

func (s fakeMessages) Move(_ context.Context, ids []mailcore.ID, to mailcore.FolderID) error {
	return s.each(ids, "move", func(m *mailcore.Message) { m.Folder = to })
}

func (s fakeMessages) MoveTo(_ context.Context, ids []mailcore.ID, role mailcore.Role) error {
	return s.each(ids, "move to "+string(role), func(m *mailcore.Message) {
		for _, b := range s.f.boxes {
			if b.Role == role && b.Account == m.Account {
				m.Folder = b.ID
			}
		}
	})
}

func (s fakeMessages) Delete(_ context.Context, ids []mailcore.ID) error {
	return s.each(ids, "delete", func(m *mailcore.Message) { m.Folder = trash })
}

type fakeFolders struct{ f *fake }

func (s fakeFolders) List(context.Context, mailcore.AccountID) ([]mailcore.Folder, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	out := slices.Clone(s.f.boxes)
	for i := range out {
		for _, m := range s.f.mails {
			if m.Folder == out[i].ID {
				out[i].Total++
				if !m.Flags.Has(mailcore.Seen) {
					out[i].Unread++
				}
			}
		}
	}
	return out, nil
}

func (s fakeFolders) Visible(mailcore.FolderID) {}

type fakeDrafts struct{ f *fake }

func (s fakeDrafts) List(context.Context) ([]mailcore.Draft, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return slices.Clone(s.f.written), nil
}

func (s fakeDrafts) Get(_ context.Context, id mailcore.DraftID) (mailcore.Draft, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	for _, d := range s.f.written {
		if d.ID == id {
			return d, nil
		}
	}
	return mailcore.Draft{}, &mailcore.Problem{Key: "engine.gone"}
}

func (s fakeDrafts) Save(_ context.Context, d mailcore.Draft) (mailcore.DraftID, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	if d.ID == 0 {
		d.ID = mailcore.DraftID(len(s.f.written) + 1)
	}
	s.f.written = append(slices.DeleteFunc(s.f.written, func(o mailcore.Draft) bool { return o.ID == d.ID }), d)
	s.f.events <- mailcore.DraftsChanged{}
	return d.ID, nil
}

func (s fakeDrafts) Discard(_ context.Context, id mailcore.DraftID) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	s.f.written = slices.DeleteFunc(s.f.written, func(o mailcore.Draft) bool { return o.ID == id })
	s.f.events <- mailcore.DraftsChanged{}
	return s.f.note("discard")
}

func (s fakeDrafts) New(account mailcore.AccountID) mailcore.Draft {
	if account == "" {
		account = "a"
	}
	return mailcore.Draft{Account: account, Kind: mailcore.NewMessage, From: mailcore.Address{Name: "Anna Becker", Addr: "anna@becker-print.example"}}
}

func (s fakeDrafts) Answer(ctx context.Context, kind mailcore.DraftKind, id mailcore.ID, attribution func(mailcore.Content) string) (mailcore.Draft, error) {
	c, err := fakeMessages(s).Open(ctx, id)
	d := s.New("a")
	d.Kind, d.Original, d.To, d.Subject, d.Text = kind, id, c.From, "Re: "+c.Subject, "\n\n"+attribution(c)+"\n> "+c.Text
	return d, err
}

type fakeOutbox struct{ f *fake }

func (s fakeOutbox) Send(_ context.Context, d mailcore.Draft) (mailcore.OutboxID, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	s.f.out = append(s.f.out, mailcore.Outgoing{ID: mailcore.OutboxID(len(s.f.out) + 1), State: mailcore.Queued, To: d.To, Subject: d.Subject, Draft: d})
	s.f.events <- mailcore.SendChanged{}
	return 1, s.f.note("send")
}

func (s fakeOutbox) List(context.Context, bool) ([]mailcore.Outgoing, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return slices.Clone(s.f.out), nil
}

func (s fakeOutbox) Offers(context.Context) ([]engine.Offer, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return slices.Clone(s.f.offers), nil
}

func (s fakeOutbox) Accept(_ context.Context, o engine.Offer) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	s.f.offers = nil
	s.f.people[0].Instead = &accounts.Instead{}
	return s.f.note("send through " + o.Way)
}

func (s fakeOutbox) AsBefore(mailcore.AccountID) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	s.f.people[0].Instead = nil
	return s.f.note("send as before")
}

func (s fakeOutbox) Detour(a accounts.Account) (string, map[string]any) {
	if a.Instead == nil {
		return "", nil
	}
	return "instead.now.port", map[string]any{"Email": a.Email, "Host": "smtp.firm.example", "Port": 587, "Usual": 465}
}

func (s fakeOutbox) Retry(context.Context, mailcore.OutboxID) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return s.f.note("retry")
}

func (s fakeOutbox) Cancel(_ context.Context, id mailcore.OutboxID) (mailcore.Draft, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	var d mailcore.Draft
	s.f.out = slices.DeleteFunc(s.f.out, func(o mailcore.Outgoing) bool {
		if o.ID == id {
			d = o.Draft
			d.ID = 99
		}
		return o.ID == id
	})
	return d, s.f.note("cancel")
}

type fakeAccounts struct{ f *fake }

func (s fakeAccounts) List() []accounts.Account {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return slices.Clone(s.f.people)
}

func (s fakeAccounts) Status(_ context.Context, id mailcore.AccountID) (mailcore.Status, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return s.f.state[id], nil
}

func (s fakeAccounts) Add(context.Context, engine.AddRequest) (accounts.Account, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return accounts.Account{}, s.f.note("add")
}

func (s fakeAccounts) Remove(_ context.Context, id mailcore.AccountID) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	s.f.people = slices.DeleteFunc(s.f.people, func(a accounts.Account) bool { return a.ID == string(id) })
	s.f.events <- mailcore.AccountState{Account: id}
	return s.f.note("remove")
}

func (s fakeAccounts) SignIn(_ context.Context, _ mailcore.AccountID, password string) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return s.f.note("sign in with " + password)
}

func (s fakeAccounts) SignInBrowser(ctx context.Context, id mailcore.AccountID, b engine.Browser) error {
	if b.Open == nil || b.Back == nil {
		return errors.New("no way to the browser and back")
	}
	b.Back()
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return s.f.note("sign in in the browser: " + string(id))
}

func (s fakeAccounts) KeepInFile(_ context.Context, passphrase string) error {
	return s.f.keeps("keep in file " + passphrase)
}

func (s fakeAccounts) OpenFile(_ context.Context, passphrase string) error {
	return s.f.keeps("open file " + passphrase)
}

// keeps ends all accounts' problems, as a file of passwords that is open does.
func (f *fake) keeps(call string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, s := range f.state {
		s.Problem, s.Phase = nil, mailcore.Watching
		f.state[id] = s
	}
	return f.note(call)
}

func (s fakeAccounts) Refresh(id mailcore.AccountID) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	s.f.calls = append(s.f.calls, "refresh "+string(id))
}

func (s fakeAccounts) Certificates(context.Context, mailcore.AccountID) ([]accounts.Certificate, error) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return slices.Clone(s.f.certs), s.f.note("certificates")
}

func (s fakeAccounts) Trust(id mailcore.AccountID, c accounts.Certificate) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	s.f.events <- mailcore.AccountState{Account: id}
	return s.f.note("trust " + c.Fingerprint)
}

func (s fakeAccounts) Default() (accounts.Account, bool) {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return s.f.people[0], true
}

func (s fakeAccounts) SetDefault(id mailcore.AccountID) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return s.f.note("default " + string(id))
}

func (s fakeAccounts) Reorder(ids []mailcore.AccountID) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	var people []accounts.Account
	for _, id := range ids {
		for _, a := range s.f.people {
			if a.ID == string(id) {
				people = append(people, a)
			}
		}
	}
	s.f.people = people
	return s.f.note("reorder")
}

func (s fakeAccounts) Update(_ context.Context, edited accounts.Account, password string) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	for i, a := range s.f.people {
		if a.ID == edited.ID {
			s.f.people[i] = edited
		}
	}
	s.f.events <- mailcore.AccountState{Account: mailcore.AccountID(edited.ID)}
	return s.f.note("update with " + password)
}

func (s fakeAccounts) Keep(_ context.Context, id mailcore.AccountID, whole bool) error {
	s.f.mu.Lock()
	defer s.f.mu.Unlock()
	return s.f.note(fmt.Sprint("keep ", id, whole))
}

// fill puts in the mail of the design's picture.
func (f *fake) fill() *fake {
	day := 24 * time.Hour
	seen := mailcore.Seen
	f.add(secondInbox, "Garden Club|news@garden.example", "Newsletter: bulbs, frost and a cake", "In this issue: how to bring dahlias through the winter, the swap of seeds and a cake for the first frost", 4*day, seen, false)
	f.add(inbox, "Αλέξης Παπάς|alexis@papas.example", "Πρακτικά της συνάντησης", "Καλημέρα, σας στέλνω τα πρακτικά από την Πέμπτη, με τις διορθώσεις που ζητήσατε.", day+3*time.Hour, seen, false)
	f.add(inbox, "Tomas Novak|tomas@novak.example", "Invoice 2026-118", "Hello, attached is the invoice for November. Payment within 30 days, as always. Regards, Tomas", day+2*time.Hour, seen, true)
	f.add(inbox, "Rail Europe|tickets@rail.example", "Your tickets Vienna – Venice", "Booking 7KQ2M4. Please have this message ready when the conductor asks for it, or print it.", day+time.Hour, 0, true)
	f.add(secondInbox, "Grace Okafor|grace@okafor.example", "Re: Photos from Saturday", "They are lovely! Could you send me the one with the boat once more, in full size?", 107*time.Minute, seen, true)
	f.add(inbox, "City Library|desk@library.example", "Two books are due on Friday", "Dear reader, this is a friendly reminder that the following books are due on Friday: …", 20*time.Minute, 0, false)
	f.add(inbox, "Jonas Weber|jonas.weber@druckhaus.example", "Offer for the spring catalogue", "Thank you Anna, the second version is exactly what we had in mind.\n\nPlease find the signed offer attached. We can print from 2 December; if you send the final PDF by Thursday, the first pallet leaves on the 9th.\n\nKind regards,\nJonas\n\nhttps://druckhaus.example/offer", time.Minute, mailcore.Flagged, true)
	return f
}
