package gui

import (
	"github.com/linnet-mail/linnet/gui/setup"
	"github.com/linnet-mail/linnet/mailcore"
)

// kept says what a problem is about, if that is where passwords are kept.
type kept int

const (
	elsewhere kept = iota
	forRun         // they last until the program ends
	locked         // they are in a file that is to be opened
)

func keptBy(p *mailcore.Problem) kept {
	if p == nil {
		return elsewhere
	}
	switch p.Key {
	case "engine.no-keyring", "engine.keyring-locked":
		return forRun
	case "engine.file-locked", "trouble.file-locked":
		return locked
	}
	return elsewhere
}

// askKeeping offers what helps where passwords cannot be kept or opened; false
// if the problem is another one.
func (w *Window) askKeeping(p *mailcore.Problem) bool {
	switch keptBy(p) {
	case forRun:
		w.tell(p.Sentence(w.words.Say), w.words.Say("passphrase.offer"), func() { w.hush(); w.choosePassphrase() })
	case locked:
		w.openPassphrase()
	default:
		return false
	}
	return true
}

// mindKeeping says once in a run that passwords are not kept, or asks once for
// the passphrase of the file that they are in.
func (w *Window) mindKeeping() {
	for _, a := range w.overview.accounts {
		p := w.overview.status[mailcore.AccountID(a.ID)].Problem
		if now := keptBy(p); now != elsewhere && now != w.minded && !w.setupOn {
			w.minded = now
			w.askKeeping(p)
			return
		}
	}
}

func (w *Window) choosePassphrase() {
	setup.ChoosePassphrase(w.win, w.words, w.post, w.mail.accounts.KeepInFile, func(bool) { w.loading.again() })
}

func (w *Window) openPassphrase() {
	setup.OpenPassphrase(w.win, w.words, w.post, w.mail.accounts.OpenFile, func(bool) { w.loading.again() })
}
