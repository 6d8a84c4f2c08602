package imapsync

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/rfc822"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// sentName is what the folder is called if the account has none.
const sentName = "Sent"

// file puts the copy of an accepted message into Sent, unless it is there: an
// attempt before this one, or the server itself, may have put it there.
func (s *session) file(ctx context.Context, op store.Op) error {
	out, err := s.w.c.Store.Outgoing(ctx, op.Outbox)
	if errors.Is(err, store.ErrNotFound) {
		return s.done(ctx, []store.Op{op}) // taken out of the outbox: nothing to file
	}
	if err != nil {
		return s.w.at(trouble.Storage, "read outbox", err)
	}
	if out.State == mailcore.Done {
		return s.done(ctx, []store.Op{op}) // found in Sent by an earlier operation
	}
	f, err := s.sentFolder(ctx, op)
	if err != nil {
		return s.later(ctx, op, err)
	}
	found, validity, err := s.byMessageID(f, out.MessageID)
	if err != nil {
		return s.later(ctx, op, err)
	}
	if len(found) > 0 {
		return s.filed(ctx, op, f, found[len(found)-1], validity)
	}
	data, err := s.appendCopy(ctx, f, out)
	if err != nil {
		return s.later(ctx, op, err)
	}
	return s.filed(ctx, op, f, mailcore.UID(data.UID), data.UIDValidity)
}

// filed ends the operation; the row appears with the look at the folder.
func (s *session) filed(ctx context.Context, op store.Op, f mailcore.Folder, uid mailcore.UID, validity uint32) error {
	if err := s.w.c.Store.OpDone(ctx, op.ID, uid, validity); err != nil {
		return s.w.at(trouble.Storage, "record a sent copy", err)
	}
	s.due[f.ID] = true
	s.w.c.Publish(mailcore.SendChanged{Outbox: op.Outbox})
	return nil
}

func (s *session) appendCopy(ctx context.Context, f mailcore.Folder, out mailcore.Outgoing) (*imap.AppendData, error) {
	raw, err := s.w.c.Store.OutgoingRaw(ctx, out.ID)
	if err != nil {
		return nil, s.w.at(trouble.Storage, "read outbox", err)
	}
	if len(out.Draft.Bcc) > 0 {
		raw = rfc822.WithBcc(raw, out.Draft.Bcc)
	}
	cmd := s.c.Append(f.Path, int64(len(raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}, Time: out.Created})
	_, writeErr := io.Copy(cmd, bytes.NewReader(raw))
	closeErr := cmd.Close()
	data, err := cmd.Wait()
	if err == nil {
		err = errors.Join(writeErr, closeErr)
	}
	return data, s.w.at(trouble.Change, "file in "+f.Path, err)
}

// later keeps an operation whose message was sent already: it must not be lost,
// so it is tried for as long as it takes. The person hears of it once.
func (s *session) later(ctx context.Context, op store.Op, err error) error {
	if refusal(err) == nil && !errors.Is(err, errNotListed) {
		return err
	}
	if op.Attempts == 0 || op.Kind == store.OpFind && op.Attempts == len(s.w.pace.find) {
		s.w.c.Problem(ctx, s.w.at(trouble.Change, "file in Sent", err), &op)
	}
	s.relist = true
	return s.retryAt(ctx, op, time.Now().Add(retryLadder[min(op.Attempts, len(retryLadder)-1)]))
}

// sentFolder is the folder an operation names, else the account's Sent folder,
// which is made if there is none.
func (s *session) sentFolder(ctx context.Context, op store.Op) (mailcore.Folder, error) {
	if op.Folder != 0 {
		if f, err := s.w.c.Store.Folder(ctx, op.Folder); err == nil && s.listed(f) {
			return f, nil
		}
	}
	if f, ok := s.byRole(mailcore.RoleSent); ok {
		return f, nil
	}
	path := personalPrefix(s.folders) + sentName
	if err := s.w.makeFolder(s.c, path, imap.MailboxAttrSent); err != nil {
		return mailcore.Folder{}, s.w.at(trouble.Change, "create folder "+path, err)
	}
	if _, err := s.w.listFolders(ctx, s.c); err != nil {
		return mailcore.Folder{}, err
	}
	if err := s.readFolders(ctx); err != nil {
		return mailcore.Folder{}, err
	}
	if f, ok := s.byRole(mailcore.RoleSent); ok {
		return f, nil
	}
	for _, f := range s.folders {
		if f.Path == path {
			return f, nil
		}
	}
	return mailcore.Folder{}, s.w.at(trouble.Change, "create folder "+path, errNotListed)
}

var errNotListed = errors.New("the folder is not in the list")

func (s *session) listed(f mailcore.Folder) bool {
	for _, l := range s.folders {
		if l.ID == f.ID {
			return l.Selectable
		}
	}
	return false
}

func (s *session) byRole(r mailcore.Role) (mailcore.Folder, bool) {
	for _, f := range s.folders {
		if f.Role == r && f.Selectable {
			return f, true
		}
	}
	return mailcore.Folder{}, false
}

// personalPrefix is "INBOX." or the like where the server wants all folders
// below the inbox.
func personalPrefix(folders []mailcore.Folder) string {
	prefix, others := "", 0
	for _, f := range folders {
		if f.Role == mailcore.RoleInbox {
			prefix = f.Path + f.Delimiter
			continue
		}
		others++
	}
	if others == 0 || !allBelow(folders, prefix) {
		return ""
	}
	return prefix
}

func allBelow(folders []mailcore.Folder, prefix string) bool {
	for _, f := range folders {
		if f.Role != mailcore.RoleInbox && !strings.HasPrefix(f.Path, prefix) {
			return false
		}
	}
	return true
}

// find looks for a sent message whose outcome is unknown, or that the server
// files itself: now, after one and after five minutes. Not found, it stays
// unknown, and the person is asked.
func (s *session) find(ctx context.Context, op store.Op) error {
	out, err := s.w.c.Store.Outgoing(ctx, op.Outbox)
	if errors.Is(err, store.ErrNotFound) {
		return s.done(ctx, []store.Op{op})
	}
	if err != nil {
		return s.w.at(trouble.Storage, "read outbox", err)
	}
	found, f, validity, err := s.searchSent(ctx, op, out.MessageID)
	switch {
	case err != nil && refusal(err) == nil:
		return err
	case err == nil && len(found) > 0:
		return s.filed(ctx, op, f, found[len(found)-1], validity)
	case op.Attempts < len(s.w.pace.find):
		return s.retryAt(ctx, op, time.Now().Add(s.w.pace.find[op.Attempts]))
	case out.State == mailcore.ToFile:
		return s.file(ctx, op) // it was accepted, and the server does not file it after all
	}
	if err := s.w.c.Store.OpRefused(ctx, op.ID); err != nil {
		return s.w.at(trouble.Storage, "give up a search", err)
	}
	s.w.c.Publish(mailcore.SendChanged{Outbox: op.Outbox})
	return nil
}

// searchSent never makes a folder: what is not there has no message in it.
func (s *session) searchSent(ctx context.Context, op store.Op, messageID string) ([]mailcore.UID, mailcore.Folder, uint32, error) {
	f, err := s.w.c.Store.Folder(ctx, op.Folder)
	if err != nil || !s.listed(f) {
		var ok bool
		if f, ok = s.byRole(mailcore.RoleSent); !ok {
			return nil, f, 0, nil
		}
	}
	// A SELECT of its own: what the folder held when it was selected before may
	// be old.
	if _, err := s.w.selectFolder(s.c, f); err != nil {
		return nil, f, 0, err
	}
	uids, validity, err := s.byMessageID(f, messageID)
	return uids, f, validity, err
}
