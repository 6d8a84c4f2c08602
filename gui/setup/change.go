package setup

import "github.com/linnet-mail/linnet/accounts"

// fillFrom fills in the servers of an account that is here already.
func (s *servers) fillFrom(a accounts.Account) {
	s.found(a.IMAP, a.SMTP, a.Email)
}

// changed returns the servers as they were entered for an account that had
// others. Who signs in stays the same where nobody else is named, and so does an
// accepted certificate, but only for the very server that showed it.
func (s *servers) changed(was accounts.Account) (imap, smtp accounts.Server) {
	imap, smtp = s.values()
	return inherit(imap, was.IMAP), inherit(smtp, was.SMTP)
}

func inherit(now, was accounts.Server) accounts.Server {
	if now.User == "" {
		now.User = was.User
	}
	if now.Host == was.Host && now.Port == was.Port {
		now.Pin = was.Pin
	}
	return now
}
