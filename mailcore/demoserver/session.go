package demoserver

import (
	"errors"
	"strings"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

var errClosing = errors.New("demoserver: closing")

// maxMessage is the largest message taken, in octets.
const maxMessage = 64 << 20

// session is one IMAP connection. It adds to go-imap's in-memory session what
// that lacks; see mailbox.
type session struct {
	*imapmemserver.UserSession // nil before sign-in
	box                        *mailbox
	done                       func()
}

var (
	_ imapserver.SessionIMAP4rev2   = (*session)(nil)
	_ imapserver.SessionAppendLimit = (*session)(nil)
)

func (s *Server) newIMAPSession(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
	if !s.begin() {
		return nil, nil, errClosing
	}
	var once sync.Once
	return &session{box: s.box, done: func() { once.Do(s.tasks.Done) }}, &imapserver.GreetingData{}, nil
}

// Close ends the session with its connection.
func (s *session) Close() error {
	defer s.done()
	if s.UserSession == nil {
		return nil
	}
	return s.UserSession.Close()
}

// Login checks name and password.
func (s *session) Login(user, password string) error {
	if err := s.box.user.Login(strings.ToLower(user), password); err != nil {
		return err
	}
	s.UserSession = imapmemserver.NewUserSession(s.box.user)
	return nil
}

// AppendLimit is the largest message taken.
func (s *session) AppendLimit() uint32 { return maxMessage }

// List answers LIST and LIST-STATUS, with special use always (as Dovecot does).
func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, o *imap.ListOptions) error {
	if len(patterns) == 0 {
		return w.WriteList(&imap.ListData{Attrs: []imap.MailboxAttr{imap.MailboxAttrNoSelect}, Delim: '/'})
	}
	for _, name := range s.box.names() {
		if !matches(name, ref, patterns) {
			continue
		}
		attrs, f, ok := s.box.attrs(name)
		if !ok || o.SelectSubscribed && !f.subscribed || o.SelectSpecialUse && f.use == "" {
			continue
		}
		if f.subscribed && (o.ReturnSubscribed || o.SelectSubscribed) {
			attrs = append(attrs, imap.MailboxAttrSubscribed)
		}
		data := &imap.ListData{Mailbox: name, Delim: '/', Attrs: attrs}
		if o.ReturnStatus != nil {
			status, err := s.Status(name, o.ReturnStatus)
			if err != nil {
				continue // deleted meanwhile
			}
			data.Status = status
		}
		if err := w.WriteList(data); err != nil {
			return err
		}
	}
	return nil
}

func matches(name, ref string, patterns []string) bool {
	for _, p := range patterns {
		if imapserver.MatchList(name, '/', ref, p) {
			return true
		}
	}
	return false
}

// Select opens a folder.
func (s *session) Select(name string, o *imap.SelectOptions) (*imap.SelectData, error) {
	data, err := s.UserSession.Select(name, o)
	if err == nil {
		data.UIDValidity += s.box.validity
	}
	return data, err
}

// Status counts a folder.
func (s *session) Status(name string, o *imap.StatusOptions) (*imap.StatusData, error) {
	data, err := s.UserSession.Status(name, o)
	if err == nil && o.UIDValidity {
		data.UIDValidity += s.box.validity
	}
	return data, err
}

// Append stores a message.
func (s *session) Append(name string, r imap.LiteralReader, o *imap.AppendOptions) (*imap.AppendData, error) {
	if r.Size() > maxMessage {
		return nil, &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeTooBig, Text: "Message is too big"}
	}
	data, err := s.UserSession.Append(name, r, o)
	if err == nil {
		s.box.touch()
		data.UIDValidity += s.box.validity
	}
	return data, err
}

// Copy copies messages to another folder.
func (s *session) Copy(set imap.NumSet, to string) (*imap.CopyData, error) {
	s.box.moves.Lock()
	defer s.box.moves.Unlock()
	data, err := s.UserSession.Copy(set, to)
	if err == nil {
		s.box.touch()
		data.UIDValidity += s.box.validity
	}
	return data, err
}

// Move moves messages to another folder: copied and expunged in one go, so that
// COPYUID carries the right UIDVALIDITY (the embedded Move writes its own).
func (s *session) Move(w *imapserver.MoveWriter, set imap.NumSet, to string) error {
	data, err := s.Copy(set, to)
	if err != nil || len(data.SourceUIDs) == 0 {
		return err
	}
	if err := w.WriteCopyData(data); err != nil {
		return err
	}
	deleted := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
	if err := s.Store(nil, data.SourceUIDs, deleted, &imap.StoreOptions{}); err != nil {
		return err
	}
	return s.Expunge(nil, &data.SourceUIDs)
}

// Idle tells what changes as it changes. The library's own loses what happened
// between the client's IDLE and its first look, until something else happens.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	for {
		change := s.box.change() // before looking: no change falls between
		if err := s.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-change:
		case <-stop:
			return nil
		}
	}
}

// Fetch reads messages; without PEEK it marks them as read.
func (s *session) Fetch(w *imapserver.FetchWriter, set imap.NumSet, o *imap.FetchOptions) error {
	for _, section := range o.BodySection {
		if !section.Peek {
			defer s.box.touch()
			break
		}
	}
	return s.UserSession.Fetch(w, set, o)
}

// Store changes flags.
func (s *session) Store(w *imapserver.FetchWriter, set imap.NumSet, flags *imap.StoreFlags, o *imap.StoreOptions) error {
	defer s.box.touch()
	return s.UserSession.Store(w, set, flags, o)
}

// Expunge removes messages for good.
func (s *session) Expunge(w *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	defer s.box.touch()
	return s.UserSession.Expunge(w, uids)
}

// Create makes a folder, with those above it.
func (s *session) Create(name string, o *imap.CreateOptions) error {
	name = strings.TrimRight(name, delimiter)
	if _, _, ok := s.box.attrs(name); ok {
		return no(imap.ResponseCodeAlreadyExists, "Mailbox already exists")
	}
	var use imap.MailboxAttr
	if o != nil && len(o.SpecialUse) > 0 {
		use = o.SpecialUse[0]
	}
	return s.box.create(name, use)
}

// Delete deletes a folder; INBOX stays (RFC 9051 section 6.3.5).
func (s *session) Delete(name string) error {
	if name == inbox {
		return no(imap.ResponseCodeCannot, "INBOX cannot be deleted")
	}
	if err := s.UserSession.Delete(name); err != nil {
		return err
	}
	s.box.remove(name)
	return nil
}

// Rename renames a folder with what is below it.
func (s *session) Rename(from, to string, o *imap.RenameOptions) error {
	to = strings.TrimRight(to, delimiter)
	if from == inbox {
		return no(imap.ResponseCodeCannot, "INBOX cannot be renamed")
	}
	if _, _, ok := s.box.attrs(from); !ok {
		return no(imap.ResponseCodeNonExistent, "No such mailbox")
	}
	if _, _, ok := s.box.attrs(to); ok || strings.HasPrefix(to, from+delimiter) {
		return no(imap.ResponseCodeAlreadyExists, "Mailbox already exists")
	}
	if i := strings.LastIndex(to, delimiter); i > 0 {
		if err := s.box.create(to[:i], ""); err != nil {
			return err
		}
	}
	for _, pair := range s.box.rename(from, to) {
		if err := s.UserSession.Rename(pair[0], pair[1], o); err != nil {
			return err
		}
	}
	return nil
}

// Subscribe and Unsubscribe keep what LSUB says.
func (s *session) Subscribe(name string) error {
	s.box.subscribe(name, true)
	return s.UserSession.Subscribe(name)
}

// Unsubscribe ends a subscription.
func (s *session) Unsubscribe(name string) error {
	s.box.subscribe(name, false)
	return s.UserSession.Unsubscribe(name)
}

func no(code imap.ResponseCode, text string) error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: text}
}
