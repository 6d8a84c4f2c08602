package imapsync

import (
	"context"
	"time"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
)

// Another device that fetches with POP, and is not set to leave messages on the
// server, takes new mail away within minutes, unread. A person who sees mail come
// and go like that should hear of it once.
const (
	vanishWithin = 10 * time.Minute // between coming and going
	vanishHint   = 3                // so many messages make the hint
)

// vanishing is what came into an inbox of late, and what of it went by no doing
// of ours. The session that has the worker's turn uses it.
type vanishing struct {
	arrived map[mailcore.UID]time.Time
	gone    []string // Message-IDs, unread when they went
	told    bool
}

// came notes new mail.
func (v *vanishing) came(rows []mailcore.Message, now time.Time) {
	if v.arrived == nil {
		v.arrived = map[mailcore.UID]time.Time{}
	}
	for uid, at := range v.arrived {
		if now.Sub(at) > vanishWithin {
			delete(v.arrived, uid)
		}
	}
	for _, m := range rows {
		v.arrived[m.UID] = now
	}
}

// went notes the messages among uids that came a short while ago. It must be
// called while their rows are here still.
func (l *look) went(ctx context.Context, uids []mailcore.UID) {
	v := &l.mem.vanishing
	if l.f.Role != mailcore.RoleInbox || v.told {
		return
	}
	for _, uid := range uids {
		at, recent := v.arrived[uid]
		if !recent || time.Since(at) > vanishWithin {
			continue
		}
		delete(v.arrived, uid)
		m, err := l.s.w.c.Store.ByUID(ctx, l.f.ID, uid)
		if err == nil && !m.Flags.Has(mailcore.Seen) && !m.Waiting && m.MessageID != "" {
			v.gone = append(v.gone, m.MessageID)
		}
	}
}

// hint is called when all folders were compared: what went and is in no other
// folder was taken away.
func (s *session) hint(ctx context.Context) error {
	for _, f := range s.folders {
		if f.Role != mailcore.RoleInbox {
			continue
		}
		v := s.w.memory.vanishing(f.ID)
		if v == nil || v.told || len(v.gone) < vanishHint {
			continue
		}
		taken := v.gone[:0]
		for _, id := range v.gone {
			here, err := s.w.c.Store.HasMessageID(ctx, s.w.id(), id)
			if err != nil {
				return s.w.at(trouble.Storage, "look for a message", err)
			}
			if !here {
				taken = append(taken, id)
			}
		}
		if v.gone = taken; len(taken) < vanishHint {
			continue
		}
		v.told = true
		s.w.c.Problem(ctx, &mailcore.Problem{
			Key: "engine.taken-away", Action: "engine.taken-away.action", Args: map[string]any{"Number": len(taken)}, When: time.Now(),
		}, nil)
	}
	return nil
}
