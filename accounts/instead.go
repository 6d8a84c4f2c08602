package accounts

// Instead is a way to send an account's mail in place of Account.SMTP, which the
// person has agreed to. It holds as long as SMTP is the server that it stands in
// for.
type Instead struct {
	For     string `json:"for"` // address of that server
	Server  Server `json:"server"`
	Account string `json:"account,omitempty"` // whose server and credential it is; "" for the account's own
}

// Sending returns the server that sends the account's mail now, and the ID of
// the account whose credential signs in there.
func (a Account) Sending() (s Server, owner string) {
	if !a.Detoured() {
		return a.SMTP, a.ID
	}
	if a.Instead.Account == "" {
		return a.Instead.Server, a.ID
	}
	return a.Instead.Server, a.Instead.Account
}

// Detoured says whether mail is sent in another way than by SMTP.
func (a Account) Detoured() bool {
	return a.Instead != nil && a.Instead.For == a.SMTP.Address()
}

// Files says who puts a message that is sent now into the Sent folder: another
// account's server knows nothing of it.
func (a Account) Files() SentBy {
	if _, owner := a.Sending(); owner != a.ID {
		return SentByUs
	}
	return a.Sent
}
