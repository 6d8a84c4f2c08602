package gui

import (
	"strconv"
	"strings"
	"time"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore"
)

// statusText is the status line: the truth in at most a line for each account
// that is not simply up to date.
func (w *Window) statusText() string {
	var lines []string
	fine := mailcore.Status{}
	working := w.overview.working()
	fineCount, all := 0, len(working)
	for _, a := range working {
		s := w.overview.status[mailcore.AccountID(a.ID)]
		if upToDate(s) {
			fineCount++
			fine.Here += s.Here
			if fine.Checked.IsZero() || s.Checked.Before(fine.Checked) {
				fine.Checked = s.Checked
			}
			fine.Waiting += s.Waiting
			continue
		}
		line := w.statusOf(s)
		if all > 1 {
			line = w.words.Say("status.account", assets.Args{"Account": a.Title(), "State": line})
		}
		lines = append(lines, line)
	}
	if fineCount > 0 {
		lines = append([]string{w.statusOf(fineStatus(fine))}, lines...)
	}
	return strings.Join(lines, "\n")
}

func fineStatus(s mailcore.Status) mailcore.Status {
	s.Phase = mailcore.Watching
	return s
}

// upToDate reports whether everything the server had is here.
func upToDate(s mailcore.Status) bool {
	return s.Phase == mailcore.Watching && s.Missing == 0 && s.Problem == nil && !s.Checked.IsZero()
}

// statusOf says one account's state.
func (w *Window) statusOf(s mailcore.Status) string {
	say := func(key string, args assets.Args) string {
		parts := []string{w.words.Say(key, args)}
		if s.Waiting > 0 {
			parts = append(parts, w.words.Count("status.changes", s.Waiting, assets.Args{"Number": w.number(s.Waiting)}))
		}
		return strings.Join(parts, " · ")
	}
	total := s.Here + s.Missing
	switch s.Phase {
	case mailcore.SignIn:
		return say("status.signin", nil)
	case mailcore.Connecting:
		return say("status.connecting", nil)
	case mailcore.Syncing:
		if s.Missing > 0 {
			return say("status.fetching", assets.Args{"Done": w.number(s.Here), "Total": w.number(total)})
		}
		return say("status.checking", assets.Args{"Total": w.number(s.Here)})
	case mailcore.Watching:
		if s.Missing > 0 {
			return say("status.fetching", assets.Args{"Done": w.number(s.Here), "Total": w.number(total)})
		}
		if s.Checked.IsZero() {
			return say("status.checking", assets.Args{"Total": w.number(s.Here)})
		}
		return say("status.all", assets.Args{"Total": w.number(s.Here), "Time": w.clock(s.Checked)})
	}
	if s.Checked.IsZero() {
		return say("status.offline", nil)
	}
	return say("status.offline.since", assets.Args{"Time": w.clock(s.Checked)})
}

// clock says when, shortly: the time today, the day before that.
func (w *Window) clock(t time.Time) string {
	now := w.now()
	t = t.In(now.Location())
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04")
	}
	return t.Format("2006-01-02 15:04")
}

// number writes n with the language's separator of thousands.
func (w *Window) number(n int) string {
	digits := strconv.Itoa(n)
	separator := w.words.Say("number.separator")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + separator + digits[i:]
	}
	return digits
}

// shortTrouble says in a few words what is wrong with an account, "" if nothing.
func (w *Window) shortTrouble(s mailcore.Status) string {
	switch {
	case keptBy(s.Problem) == locked:
		return w.words.Say("passphrase.short")
	case s.Problem != nil && s.Problem.Key == "engine.keyring-waits":
		return w.words.Say("passphrase.waits")
	case s.Phase == mailcore.SignIn:
		return w.words.Say("trouble.short.signin")
	case s.Problem != nil && s.Phase == mailcore.Offline:
		return w.words.Say("trouble.short.offline")
	case s.Problem != nil && strings.Contains(s.Problem.Key, "keyring"):
		return w.words.Say("trouble.short.keyring")
	case s.Problem != nil:
		return w.words.Say("trouble.short.other")
	}
	return ""
}
