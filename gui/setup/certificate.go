package setup

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// Doubt is the question whether a certificate that could not be verified shall
// be accepted. The keyboard is on "Go back"; accepting takes a tick first.
type Doubt struct {
	words       *assets.Words
	canvas      fyne.Canvas
	pop         *widget.PopUp
	print       *widget.Label
	compared    *widget.Check
	back, trust *look.Button
	accept      func()
	closed      func()
}

// AskCertificate shows a certificate with what is wrong with it. accept runs when
// a person has compared it and trusts it, closed in every case.
func AskCertificate(canvas fyne.Canvas, w *assets.Words, c accounts.Certificate, accept, closed func()) *Doubt {
	d := &Doubt{words: w, canvas: canvas, accept: accept, closed: closed}
	d.back = look.NewWord(w.Say("certificate.back"), func() { d.end(false) })
	d.trust = look.NewDanger(w.Say("certificate.trust"), func() { d.end(true) })
	d.trust.Disable()
	d.back.OnEscape, d.trust.OnEscape = d.back.OnTapped, d.back.OnTapped
	d.compared = widget.NewCheck(w.Say("certificate.compared"), func(on bool) {
		if on {
			d.trust.Enable()
		} else {
			d.trust.Disable()
		}
	})
	d.print = widget.NewLabelWithStyle(inLines(accounts.GroupFingerprint(c.Fingerprint)), fyne.TextAlignLeading, fyne.TextStyle{Monospace: true})
	d.print.Selectable = true
	d.show(c)
	return d
}

const doubtWidth = 120 * look.Unit

func (d *Doubt) show(c accounts.Certificate) {
	w := d.words
	title := w.Say("certificate.title")
	if c.Accepted != "" {
		title = w.Say("certificate.title_changed")
	}
	body := look.Pad(look.Column(3*look.Unit,
		look.NewParagraph(title, look.Style{Size: 16, Bold: true}),
		look.NewParagraph(w.Say(c.Reason, assets.Args{"Host": c.Host}), look.Plain),
		look.NewParagraph(w.Say("certificate.text", assets.Args{"Host": c.Host}), look.Plain),
		d.facts(c),
		d.compared,
		look.Row(2*look.Unit, layout.NewSpacer(), d.back, d.trust),
	), 5*look.Unit, 5*look.Unit, 4*look.Unit, 5*look.Unit)
	d.pop = showModal(d.canvas, body, doubtWidth)
	d.canvas.Focus(d.back)
}

// facts lists what the certificate says of itself.
func (d *Doubt) facts(c accounts.Certificate) fyne.CanvasObject {
	w := d.words
	issuer := c.Issuer
	if issuer == "" {
		issuer = w.Say("certificate.nobody")
	}
	const day = "2006-01-02"
	server := accounts.Server{Host: c.Host, Port: c.Port}
	return look.Column(look.Unit,
		fact(w.Say("certificate.server"), look.NewParagraph(server.Address(), look.Plain)),
		fact(w.Say("certificate.names"), look.NewParagraph(strings.Join(c.Names, ", "), look.Plain)),
		fact(w.Say("certificate.issuer"), look.NewParagraph(issuer, look.Plain)),
		fact(w.Say("certificate.valid"), look.NewParagraph(w.Say("certificate.span", assets.Args{"From": c.From.Format(day), "Until": c.Until.Format(day)}), look.Plain)),
		look.NewParagraph(w.Say("certificate.fingerprint"), look.Label),
		d.print,
	)
}

const factWidth = 24 * look.Unit

// fact is a value beside its label.
func fact(label string, value fyne.CanvasObject) fyne.CanvasObject {
	return container.NewBorder(nil, nil, look.Fixed(look.NewText(label, look.Label), fyne.NewSize(factWidth, 0)), nil, value)
}

// inLines breaks a grouped fingerprint into four lines that can be compared.
func inLines(print string) string {
	const line = 8 * len("AB:")
	var out []string
	for len(print) > line {
		out, print = append(out, print[:line-1]), print[line:]
	}
	return strings.Join(append(out, print), "\n")
}

func (d *Doubt) end(accepted bool) {
	d.pop.Hide()
	if d.closed != nil {
		d.closed()
	}
	if accepted {
		d.accept()
	}
}
