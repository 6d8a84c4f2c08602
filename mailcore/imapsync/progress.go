package imapsync

import (
	"time"

	"github.com/linnet-mail/linnet/mailcore"
)

// Progress is what the worker is doing, for the status line.
type Progress struct {
	Phase       mailcore.Phase
	Folder      string
	Done, Total int
	Checked     time.Time // when all folders were last compared
}

// Progress returns the current progress.
func (w *Worker) Progress() Progress {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.progress
}

// setProgress changes the progress and says so if it is different now.
func (w *Worker) setProgress(change func(*Progress)) {
	w.mu.Lock()
	before := w.progress
	change(&w.progress)
	changed := w.progress != before
	w.mu.Unlock()
	if changed {
		w.c.Publish(mailcore.AccountState{Account: w.id()})
	}
}

func (w *Worker) setPhase(p mailcore.Phase) {
	w.setProgress(func(g *Progress) {
		g.Phase, g.Folder, g.Done, g.Total = p, "", 0, 0
	})
}

// setChecked says that all folders were compared just now.
func (w *Worker) setChecked(now time.Time) {
	w.setProgress(func(g *Progress) {
		*g = Progress{Phase: mailcore.Watching, Checked: now}
	})
}

// setSettled ends the progress of a folder that was brought up to date between
// two comparisons of all.
func (w *Worker) setSettled() {
	w.setProgress(func(g *Progress) {
		if g.Phase == mailcore.Syncing {
			*g = Progress{Phase: mailcore.Watching, Checked: g.Checked}
		}
	})
}

// setSyncing says that done of total headers of a folder are here.
func (w *Worker) setSyncing(folder string, done, total int) {
	w.setProgress(func(g *Progress) {
		g.Phase, g.Folder, g.Done, g.Total = mailcore.Syncing, folder, done, total
	})
}
