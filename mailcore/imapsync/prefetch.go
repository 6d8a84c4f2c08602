package imapsync

import (
	"context"
	"errors"
	"slices"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

func sorted(uids []mailcore.UID) []mailcore.UID {
	slices.Sort(uids)
	return uids
}

// mostTries is how often a body is fetched ahead before it is left until
// somebody opens the message.
const mostTries = 2

// fetchAhead fetches a few bodies of recent mail. It reports false if there is
// nothing to fetch; more is fetched after everything more urgent.
func (s *session) fetchAhead(ctx context.Context) (bool, error) {
	if s.w.c.Prefetch.Newest <= 0 {
		return false, nil
	}
	for _, f := range s.folders {
		if !s.prefetch[f.ID] {
			continue
		}
		rows, err := s.w.c.Store.Page(ctx, mailcore.Query{Folder: f.ID}, s.w.c.Prefetch.Newest, 0)
		if err != nil {
			return false, s.w.at(trouble.Storage, "list messages", err)
		}
		rows = slices.DeleteFunc(rows, func(m mailcore.Message) bool { return m.Size > s.w.c.Prefetch.MaxSize })
		ids, err := s.fetchSome(ctx, f, rows)
		if err != nil {
			return false, s.asFolderTrouble(f, err)
		}
		if len(ids) > 0 {
			return true, nil
		}
		delete(s.prefetch, f.ID)
	}
	return false, nil
}

// asFolderTrouble leaves a folder alone whose bodies the server refuses.
func (s *session) asFolderTrouble(f mailcore.Folder, err error) error {
	if refusal(err) == nil {
		return err
	}
	s.w.c.Log.Warn("imapsync: bodies are refused", "folder", f.Path, "error", err)
	delete(s.prefetch, f.ID)
	return nil
}

// fetchSome fetches the bodies of the first of rows that have none, one FETCH
// for all, and returns those that were stored.
func (s *session) fetchSome(ctx context.Context, f mailcore.Folder, rows []mailcore.Message) ([]mailcore.ID, error) {
	at, err := s.bodiless(ctx, f, rows)
	if err != nil || len(at) == 0 {
		return nil, err
	}
	if err := s.reopen(f); err != nil {
		return nil, err
	}
	if cur, err := s.w.c.Store.Cursor(ctx, f.ID); err != nil || cur.UIDValidity != s.c.selection.UIDValidity {
		s.due[f.ID] = true // renumbered: these UIDs are other messages now
		notify(s.w.todo.wake)
		return nil, s.w.at(trouble.Storage, "read cursor", err)
	}
	ids, err := s.w.fetchBodies(ctx, s.c, at)
	s.w.memory.got(ids)
	s.w.saidBodies(f.ID, ids)
	if err == nil && len(ids) == 0 {
		return s.fetchSome(ctx, f, rows) // none of these can be had: the next ones
	}
	return ids, err
}

// bodiless chooses messages to fetch. Each counts as tried until it is here, so
// that one which ends the connection is not asked for again and again; tried
// once, it is asked for alone.
func (s *session) bodiless(ctx context.Context, f mailcore.Folder, rows []mailcore.Message) (map[mailcore.UID]mailcore.ID, error) {
	at := map[mailcore.UID]mailcore.ID{}
	var octets int64
	for _, m := range rows {
		if m.BodyHere || len(at) == bodiesAtOnce || len(at) > 0 && octets+m.Size > octetsAtOnce {
			continue
		}
		tries := s.w.memory.tries(m.ID)
		if tries >= mostTries || tries > 0 && len(at) > 0 {
			continue
		}
		folder, uid, _, err := s.w.c.Store.Location(ctx, m.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, s.w.at(trouble.Storage, "locate message", err)
		}
		if err != nil || folder != f.ID || uid == 0 {
			continue
		}
		at[uid] = m.ID
		octets += m.Size
		s.w.memory.try(m.ID)
		if tries > 0 {
			break
		}
	}
	return at, nil
}
