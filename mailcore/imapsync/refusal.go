package imapsync

import (
	"context"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// failed decides what an error means for a group: a lost connection keeps it;
// a refusal of several is tried one by one, and of one is final unless the
// server says that it is for now.
func (s *session) failed(ctx context.Context, g []store.Op, err error, again func(context.Context, []store.Op) error) error {
	no := refusal(err)
	switch {
	case no == nil:
		return s.w.at(trouble.Change, "change messages", err)
	case len(g) > 1:
		for _, op := range g {
			if err := again(ctx, []store.Op{op}); err != nil {
				return err
			}
		}
		return nil
	case temporary(no):
		return s.notNow(ctx, g, err)
	}
	return s.refuse(ctx, g, err)
}

func temporary(no *imap.Error) bool {
	switch no.Code {
	case imap.ResponseCodeInUse, imap.ResponseCodeUnavailable, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
		return true
	}
	return false
}

// retryLadder is how long an operation waits after the server said "not now";
// after the last step it is refused.
var retryLadder = [...]time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// notNow puts operations off.
func (s *session) notNow(ctx context.Context, g []store.Op, why error) error {
	for _, op := range g {
		if op.Attempts >= len(retryLadder) {
			if err := s.refuse(ctx, []store.Op{op}, why); err != nil {
				return err
			}
			continue
		}
		if err := s.retryAt(ctx, op, time.Now().Add(retryLadder[op.Attempts])); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) retryAt(ctx context.Context, op store.Op, when time.Time) error {
	if s.nextTry.IsZero() || when.Before(s.nextTry) {
		s.nextTry = when
	}
	return s.w.at(trouble.Storage, "put a change off", s.w.c.Store.OpRetry(ctx, op.ID, when))
}

// refuse takes operations back here, fetches what is true, and tells the person.
func (s *session) refuse(ctx context.Context, g []store.Op, why error) error {
	for _, op := range g {
		if err := s.w.c.Store.OpRefused(ctx, op.ID); err != nil {
			return s.w.at(trouble.Storage, "take a change back", err)
		}
		op := op
		s.w.c.Problem(ctx, s.w.at(trouble.Change, string(op.Kind), why), &op)
	}
	s.w.c.Publish(mailcore.MessagesChanged{Account: s.w.id(), Folders: touched(g)})
	s.w.c.Publish(mailcore.FolderChanged{Account: s.w.id()})
	if s.c.selected == g[0].Folder && g[0].UID != 0 {
		return s.truth(ctx, g)
	}
	return nil
}

// truth fetches the flags of messages as the server has them.
func (s *session) truth(ctx context.Context, g []store.Op) error {
	msgs, err := s.c.Fetch(uidSet(uidsOf(g)), &imap.FetchOptions{UID: true, Flags: true}).Collect()
	if err != nil {
		if refusal(err) != nil {
			return nil // the next look finds out
		}
		return s.w.at(trouble.Change, "fetch flags", err)
	}
	b := store.Batch{Folder: g[0].Folder}
	for _, m := range msgs {
		b.Flags = append(b.Flags, store.FlagState{UID: mailcore.UID(m.UID), Flags: flagsFrom(m.Flags)})
	}
	_, err = s.w.c.Store.Apply(ctx, b)
	return s.w.at(trouble.Storage, "store flags", err)
}
