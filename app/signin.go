package app

import (
	"github.com/linnet-mail/linnet/accounts/oauth"
)

// clients is what a build was given with -ldflags -X: the registrations of this
// program with providers, as oauth.ParseClients reads them (see the Makefile).
var clients string

// signInService asks providers for tokens, as connections to mail servers are
// made.
func (h *holder) signInService() *oauth.Service {
	return &oauth.Service{
		Clients: oauth.ParseClients(clients), Roots: h.dialer.Roots, Net: h.dialer.Net, Page: h.landing, Log: h.log,
	}
}

// landing is what the browser shows when it is done.
func (h *holder) landing(o oauth.Outcome) oauth.Page {
	say := h.cli.Words.Say
	return oauth.Page{Language: say("browser.language"), Title: say("browser." + string(o) + ".title"), Text: say("browser." + string(o) + ".text")}
}
