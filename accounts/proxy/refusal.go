package proxy

// refusal is a proxy's answer that is no tunnel: why is one of trouble's
// reasons.
type refusal struct {
	why error
	err error
}

func (r *refusal) Error() string { return r.why.Error() + ": " + r.err.Error() }
