package gui

import (
	"context"
	"fmt"
	"slices"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/setup"
	"github.com/linnet-mail/linnet/mailcore"
)

// certificateKeys are the problems that a person may end by accepting a
// certificate.
var certificateKeys = []string{
	"trouble.pin-changed", "trouble.certificate-expired", "trouble.certificate-name",
	"trouble.certificate-self-signed", "trouble.certificate-unknown", "trouble.certificate-bad",
}

func aboutCertificate(p *mailcore.Problem) bool {
	return p != nil && slices.Contains(certificateKeys, p.Key)
}

// certificateTrouble finds an account that cannot go on because of a certificate,
// be it that of incoming or of outgoing mail.
func (o *overview) certificateTrouble() (accounts.Account, *mailcore.Problem) {
	for _, a := range o.accounts {
		id := mailcore.AccountID(a.ID)
		if p := o.status[id].Problem; aboutCertificate(p) {
			return a, p
		}
		for _, m := range o.outgoing {
			if m.Account == id && aboutCertificate(m.Problem) {
				return a, m.Problem
			}
		}
	}
	return accounts.Account{}, nil
}

// warnOfCertificate shows the bar when a server's certificate cannot be trusted,
// once for each certificate.
func (w *Window) warnOfCertificate() {
	a, p := w.overview.certificateTrouble()
	if p == nil {
		return
	}
	about := fmt.Sprint(a.ID, p.Key, p.Args["Host"], p.Args["Fingerprint"])
	if about != w.warned {
		w.warned = about
		w.tellOfCertificate(a, p)
	}
}

func (w *Window) tellOfCertificate(a accounts.Account, p *mailcore.Problem) {
	w.tell(p.Sentence(w.words.Say), w.words.Say("certificate.look"), func() { w.lookAtCertificates(a) })
}

// lookAtCertificates asks the account's servers for their certificates now, and
// the person about those that cannot be verified.
func (w *Window) lookAtCertificates(a accounts.Account) {
	w.tell(w.words.Say("certificate.busy"), "", nil)
	var list []accounts.Certificate
	w.work(func(ctx context.Context) (err error) {
		list, err = w.mail.accounts.Certificates(ctx, mailcore.AccountID(a.ID))
		return err
	}, func(err error) {
		w.hush()
		switch {
		case err != nil:
			w.tellError(err)
		case len(list) == 0:
			w.tell(w.words.Say("certificate.fine", assets.Args{"Account": a.Title()}), "", nil)
		default:
			w.askCertificates(a, list)
		}
	})
}

// askCertificates asks about one after the other.
func (w *Window) askCertificates(a accounts.Account, list []accounts.Certificate) {
	if len(list) == 0 {
		w.warned = "" // a change from now on is news
		w.loading.again()
		return
	}
	c := list[0]
	setup.AskCertificate(w.win.Canvas(), w.words, c, func() {
		w.work(func(context.Context) error { return w.mail.accounts.Trust(mailcore.AccountID(a.ID), c) }, func(err error) {
			if err != nil {
				w.tellError(err)
				return
			}
			w.askCertificates(a, list[1:])
		})
	}, w.focusList)
}
