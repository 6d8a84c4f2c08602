package compose

import (
	"errors"
	"time"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// Saving waits for a moment without typing; longer where a save is heavy.
const (
	saveAfter      = time.Second
	saveHeavyAfter = 8 * time.Second
	heavy          = 2 << 20 // octets of attachments
)

// changed is called by the fields: what was asked about may be answered now.
func (m *Composer) changed() {
	if !m.filling && !m.closed {
		m.hush()
		m.note()
	}
}

// note remembers that the draft differs from what is kept, and keeps it soon.
func (m *Composer) note() {
	m.dirty, m.touched = true, true
	m.refreshState()
	if m.timer != nil {
		m.timer.Stop()
	}
	wait := saveAfter
	if m.totalSize() > heavy {
		wait = saveHeavyAfter
	}
	m.timer = time.AfterFunc(wait, func() { m.c.Post(func() { m.save(nil) }) })
}

// save keeps the draft now; then, if any, is told how it went.
func (m *Composer) save(then func(error)) {
	if m.timer != nil {
		m.timer.Stop()
	}
	if m.closed || m.sending || !m.dirty {
		if then != nil {
			then(nil)
		}
		return
	}
	m.dirty = false
	m.keeper.save(m.collect(), func(err error) {
		m.saved(err)
		if then != nil {
			then(err)
		}
	})
}

func (m *Composer) saved(err error) {
	if m.closed {
		return
	}
	if err != nil {
		m.dirty = true
		m.foot.Set(m.c.Words.Say("compose.not_saved", assets.Args{"Why": explain(m.c.Words, err, "compose.trouble")}))
		return
	}
	m.draft.ID = m.keeper.known()
	m.foot.Set(m.c.Words.Say("compose.saved", assets.Args{"Time": m.c.Now().Format("15:04")}))
}

// Close closes the window and keeps the draft. Where it cannot be kept the
// window stays and says why. done, if any, is told whether the window is gone.
func (m *Composer) Close(done func(closed bool)) {
	tell := func(closed bool) {
		if done != nil {
			done(closed)
		}
	}
	switch {
	case m.closed:
		tell(true)
	case m.sending:
		tell(false) // it closes by itself, or says why it could not send
	case m.blank():
		m.drop(func(err error) { tell(m.gone(err)) })
	default:
		m.to.finish()
		m.cc.finish()
		m.bcc.finish()
		m.save(func(err error) { tell(m.gone(err)) })
	}
}

// gone closes the window unless something went wrong.
func (m *Composer) gone(err error) bool {
	if err != nil {
		m.tell(explain(m.c.Words, err, "compose.trouble"), m.c.Words.Say("compose.close_anyway"), m.shut)
		return false
	}
	m.shut()
	return true
}

// Discard throws the message away. It asks where something would be lost.
func (m *Composer) Discard() {
	if m.sending || m.closed {
		return
	}
	if m.ownBlank() && len(m.files) == len(m.draft.Attachments) && (!m.touched || m.blank()) {
		m.drop(func(err error) { m.gone(err) })
		return
	}
	m.asking = look.Ask(m.win, look.Asked{
		Title: m.c.Words.Say("compose.discard_title"), Text: m.c.Words.Say("compose.discard_text"),
		Yes: m.c.Words.Say("compose.discard"), No: m.c.Words.Say("compose.keep"), Harm: true,
	}, func() { m.drop(func(err error) { m.gone(err) }) })
}

// drop removes the draft that is kept.
func (m *Composer) drop(then func(error)) {
	if m.timer != nil {
		m.timer.Stop()
	}
	m.dirty = false
	m.keeper.discard(then)
}

// shut closes the window for good.
func (m *Composer) shut() {
	if m.closed {
		return
	}
	m.closed = true
	if m.timer != nil {
		m.timer.Stop()
	}
	m.win.SetCloseIntercept(nil)
	m.win.Close()
	if m.c.OnClosed != nil {
		m.c.OnClosed(m)
	}
}

// explain says an error in words: what happened and what to do.
func explain(w *assets.Words, err error, otherwise string) string {
	var p *mailcore.Problem
	if !errors.As(err, &p) {
		return w.Say(otherwise)
	}
	return p.Sentence(w.Say)
}
