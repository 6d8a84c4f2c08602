package compose

import (
	"strings"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// hindrance says why the message cannot be sent yet, "" if it can.
func (m *Composer) hindrance() string {
	w := m.c.Words
	for _, r := range []*recipients{m.to, m.cc, m.bcc} {
		// What is being typed right now is not called wrong yet.
		for i, ok := range r.good {
			if !ok {
				return w.Say("compose.bad_address", assets.Args{"Address": r.list[i].Addr})
			}
		}
	}
	switch {
	case m.to.empty() && m.cc.empty() && m.bcc.empty():
		return w.Say("compose.no_recipient")
	case m.reading > 0:
		return w.Say("compose.reading")
	}
	return ""
}

// refreshState shows whether the message can be sent, and if not why.
func (m *Composer) refreshState() {
	why := m.hindrance()
	style := look.Label
	switch {
	case m.sending:
		why = m.c.Words.Say("compose.sending")
	case why != "" && !m.onlyEmpty():
		style = look.Label.With(look.Bad)
	case why == "" && m.totalSize() > usualSize:
		why = m.c.Words.Say("compose.heavy", assets.Args{"Size": size(m.c.Words, m.totalSize())})
	case why == "" && len(m.files) > 1:
		why = m.c.Words.Count("compose.files", len(m.files), assets.Args{"Size": size(m.c.Words, m.totalSize())})
	}
	if m.sending || m.hindrance() != "" {
		m.send.Disable()
	} else {
		m.send.Enable()
	}
	m.footnote.SetStyle(style)
	m.footnote.Set(why)
	m.root.Objects[5].Refresh() // the note at the right has another width now
}

func (m *Composer) onlyEmpty() bool { return m.to.empty() && m.cc.empty() && m.bcc.empty() }

// Send sends the message, after asking where something looks forgotten.
func (m *Composer) Send() {
	if m.sending || m.closed {
		return
	}
	m.to.finish()
	m.cc.finish()
	m.bcc.finish()
	if why := m.hindrance(); why != "" {
		m.tell(why, "", nil)
		return
	}
	if ask := m.forgotten(); ask != "" && !(m.notice.Visible() && m.notice.Text() == ask) {
		m.tell(ask, m.c.Words.Say("compose.send_anyway"), m.sendNow)
		return
	}
	m.sendNow()
}

// forgotten asks about what people forget, "" if nothing.
func (m *Composer) forgotten() string {
	w := m.c.Words
	var ask []string
	if strings.TrimSpace(m.subject.Text) == "" {
		ask = append(ask, w.Say("compose.no_subject"))
	}
	if len(m.files) == 0 && promisesFile(m.subjectAndText(), w.Say("compose.attach_words")) {
		ask = append(ask, w.Say("compose.no_file"))
	}
	return strings.Join(ask, " ")
}

// subjectAndText is what the person wrote: an answer's subject is another's.
func (m *Composer) subjectAndText() string {
	own := m.body.Text
	if at := replyQuote(own); at >= 0 {
		own = own[:at]
	}
	if m.draft.Kind == mailcore.NewMessage || m.draft.Kind == "" {
		return m.subject.Text + "\n" + own
	}
	return own
}

// sendNow hands the message to the outbox. The window closes when it is stored
// there, and stays with everything in it when it could not be.
func (m *Composer) sendNow() {
	if m.sending || m.closed {
		return
	}
	if m.timer != nil {
		m.timer.Stop()
	}
	m.hush()
	m.freeze(true)
	m.keeper.send(m.collect(), func(id mailcore.OutboxID, err error) {
		m.freeze(false)
		if err != nil {
			m.dirty = true
			m.draft.ID = m.keeper.known()
			m.tell(explain(m.c.Words, err, "compose.send_trouble"), m.c.Words.Say("compose.again"), m.Send)
			return
		}
		m.shut()
		if m.c.OnSent != nil {
			m.c.OnSent(id)
		}
	})
}

// freeze keeps the fields as they are while the message is handed over.
func (m *Composer) freeze(on bool) {
	m.sending = on
	for _, e := range []*entry{m.to.entry, m.cc.entry, m.bcc.entry, m.subject, m.body} {
		if on {
			e.Disable()
		} else {
			e.Enable()
		}
	}
	m.refreshState()
}
