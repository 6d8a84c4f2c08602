package setup

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// ChoosePassphrase asks whether passwords shall be kept in a file, and for a
// passphrase, twice. keep is called on a goroutine of its own.
func ChoosePassphrase(win fyne.Window, w *assets.Words, post func(func()), keep func(ctx context.Context, passphrase string) error, closed func(done bool)) *Dialog {
	d := &Dialog{words: w, post: post, win: win, do: keep, closed: closed, busyText: w.Say("passphrase.choose.busy")}
	d.password = d.passphrase("passphrase.choose.field")
	d.again = d.passphrase("passphrase.choose.again")
	d.password.entry.OnSubmitted = func(string) { win.Canvas().Focus(d.again.entry) }
	d.yes = look.NewPrimary(w.Say("passphrase.choose.yes"), d.confirm)
	d.show(w.Say("passphrase.choose.title"), w.Say("passphrase.choose.text"))
	win.Canvas().Focus(d.password.entry)
	return d
}

// OpenPassphrase asks for the passphrase of the file of passwords. open is
// called on a goroutine of its own.
func OpenPassphrase(win fyne.Window, w *assets.Words, post func(func()), open func(ctx context.Context, passphrase string) error, closed func(done bool)) *Dialog {
	d := &Dialog{words: w, post: post, win: win, do: open, closed: closed, busyText: w.Say("passphrase.open.busy")}
	d.password = d.passphrase("passphrase.choose.field")
	d.yes = look.NewPrimary(w.Say("passphrase.open.yes"), d.confirm)
	d.show(w.Say("passphrase.open.title"), w.Say("passphrase.open.text"))
	win.Canvas().Focus(d.password.entry)
	return d
}

func (d *Dialog) passphrase(label string) *field {
	f := newField(d.words.Say(label), look.NewPassword())
	f.entry.OnSubmitted = func(string) { d.confirm() }
	f.entry.OnKey = d.key
	return f
}

// fields are what is to be filled in.
func (d *Dialog) fields() []*field {
	var out []*field
	for _, f := range []*field{d.password, d.again} {
		if f != nil {
			out = append(out, f)
		}
	}
	return out
}

// complete says below the fields what is missing, and whether nothing is.
func (d *Dialog) complete() bool {
	wrong, differ := "", ""
	switch {
	case d.password.entry.Text == "" && d.again != nil:
		wrong = d.words.Say("passphrase.choose.missing")
	case d.password.entry.Text == "":
		wrong = d.words.Say("setup.wrong.password")
	case d.again != nil && d.again.entry.Text != d.password.entry.Text:
		differ = d.words.Say("passphrase.choose.differ")
	}
	d.password.say(wrong)
	if d.again != nil {
		d.again.say(differ)
	}
	return wrong == "" && differ == ""
}
