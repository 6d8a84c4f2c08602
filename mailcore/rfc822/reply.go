package rfc822

import (
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// keptReferences bounds the References of what is sent: the first id, which
// names the conversation, and the newest.
const keptReferences = 40

// ReplyDraft begins a reply, reply to all or forward of a message: recipients
// without own addresses, subject prefix once, threading fields, quoted text
// under the given attribution line. The caller sets account and From, and adds
// ForwardAttachments to a forward.
func ReplyDraft(kind mailcore.DraftKind, id mailcore.ID, c mailcore.Content, own []string, attribution string) mailcore.Draft {
	d := mailcore.Draft{Kind: kind, Original: id}
	if kind == mailcore.Forward {
		d.Subject = prefixed("Fwd: ", c.Subject, forwardPrefix)
		d.Text = forwardText(c, attribution)
		return d
	}
	d.To, d.Cc = recipients(kind, c.Header, own)
	d.Subject = prefixed("Re: ", c.Subject, replyPrefix)
	d.Text = replyText(c.Text, attribution)
	d.InReplyTo = c.MessageID
	d.References = threadOf(c.Header)
	return d
}

// threadOf returns the References of an answer (RFC 5322 section 3.6.4).
func threadOf(h mailcore.Header) []string {
	refs := append([]string(nil), h.References...)
	if len(refs) == 0 && h.InReplyTo != "" {
		refs = append(refs, h.InReplyTo)
	}
	if h.MessageID != "" {
		refs = append(refs, h.MessageID)
	}
	return boundReferences(refs)
}

func boundReferences(refs []string) []string {
	if len(refs) <= keptReferences {
		return refs
	}
	out := append([]string(nil), refs[0])
	return append(out, refs[len(refs)-keptReferences+1:]...)
}

// recipients says whom an answer goes to. An answer to one's own message goes
// to those it went to. Mailing lists that set Reply-To to themselves are taken
// at their word; reply to all then keeps the author too.
func recipients(kind mailcore.DraftKind, h mailcore.Header, own []string) (to, cc []mailcore.Address) {
	mine := map[string]bool{}
	for _, a := range own {
		mine[addrKey(a)] = true
	}
	seen := map[string]bool{}
	if len(h.From) > 0 && mine[addrKey(h.From[0].Addr)] {
		to = others(h.To, mine, seen)
		if kind == mailcore.ReplyAll || len(to) == 0 {
			cc = others(h.Cc, mine, seen)
		}
		if len(to) == 0 && len(cc) > 0 {
			to, cc = cc, nil
		}
		return orSelf(to, h), cc
	}
	author := h.ReplyTo
	if len(author) == 0 {
		author = h.From
	}
	to = others(author, mine, seen)
	if kind == mailcore.ReplyAll {
		if h.ListID != "" || len(to) == 0 {
			to = append(to, others(h.From, mine, seen)...)
		}
		to = append(to, others(h.To, mine, seen)...)
		cc = others(h.Cc, mine, seen)
	}
	if len(to) == 0 {
		to = others(h.From, mine, seen)
	}
	return orSelf(to, h), cc
}

// orSelf: a note to oneself is answered to oneself.
func orSelf(to []mailcore.Address, h mailcore.Header) []mailcore.Address {
	if len(to) == 0 && len(h.From) > 0 && h.From[0].Addr != "" {
		return h.From[:1:1]
	}
	return to
}

// others returns the addresses that are neither mine nor seen before.
func others(list []mailcore.Address, mine, seen map[string]bool) []mailcore.Address {
	var out []mailcore.Address
	for _, a := range list {
		key := addrKey(a.Addr)
		if _, err := wireAddr(a.Addr); err != nil || mine[key] || seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, a)
	}
	return out
}

// addrKey compares addresses: the domain in ASCII, all in lower case, as every
// server that matters treats local parts.
func addrKey(addr string) string {
	if wire, err := wireAddr(addr); err == nil {
		addr = wire
	}
	return strings.ToLower(addr)
}

// ForwardAttachments returns the attachments of a message for a forward of it,
// byte-exact. Signatures are left out: they hold for the original only.
func ForwardAttachments(raw []byte) []mailcore.Attachment {
	var out []mailcore.Attachment
	for i, a := range parseTree(raw).body().attachments {
		switch a.contentType {
		case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature":
			continue
		}
		out = append(out, mailcore.Attachment{Name: a.partName(i), Type: a.contentType, Data: a.data()})
	}
	return out
}
