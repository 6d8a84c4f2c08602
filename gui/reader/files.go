package reader

import (
	"context"
	"io"

	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/mailcore"
)

// showAttachments makes a card for every attachment.
func (r *Reader) showAttachments(parts []mailcore.Part) {
	r.attached = nil
	var cards []*card
	for _, p := range parts {
		a := r.attachment(p)
		var open func()
		if r.c.OnOpen != nil && safeToOpen(p) {
			open = func() { r.c.OnOpen(a) }
		}
		c := newCard(r.c.Words, p, open, func() {
			if r.c.OnSave != nil {
				r.c.OnSave(a)
			}
		})
		generation := r.generation
		a.Saved = func(err error) {
			if generation == r.generation {
				r.saved(c, err)
			}
		}
		r.attached = append(r.attached, a)
		cards = append(cards, c)
	}
	r.page.shelf.set(cards)
}

func (r *Reader) attachment(p mailcore.Part) Attachment {
	id := r.shown.ID
	return Attachment{Message: id, Part: p, Write: func(ctx context.Context, w io.Writer) error {
		return r.c.Messages.SaveAttachment(ctx, id, p.Index, w)
	}}
}

func (r *Reader) saved(c *card, err error) {
	if err == nil {
		c.tell(r.c.Words.Say("reader.saved"), look.Label.With(look.OK))
		return
	}
	c.tell(r.c.Words.Say("reader.not_saved"), look.Label.With(look.Bad))
	r.page.notices.Add(look.NewNotice(explain(r.c.Words, err, "reader.save_trouble"), "", nil))
	r.page.notices.Show()
	r.relayout()
}

func (r *Reader) saveAll() {
	if r.c.OnAll != nil {
		r.c.OnAll(r.attached)
	}
}
