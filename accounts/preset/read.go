package preset

import (
	"io"
	"slices"
	"strings"

	"github.com/linnet-mail/linnet/accounts"
)

// Read reads a preset. Everything that is wrong with it comes back as Mistakes;
// other errors are the reader's.
func Read(r io.Reader) (Preset, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return Preset{}, err
	}
	c := &checker{}
	var p Preset
	root, line, err := parse(data)
	switch {
	case len(data) > MaxSize:
		c.wrong(1, "big", nil)
	case err != nil:
		c.wrong(line, "json", nil)
	default:
		p = c.preset(root)
	}
	if len(c.mistakes) > 0 {
		slices.SortStableFunc(c.mistakes, func(a, b Mistake) int { return a.Line - b.Line })
		return Preset{}, c.mistakes
	}
	return p, nil
}

// checker turns values into a preset and notes what is wrong.
type checker struct{ mistakes Mistakes }

func (c *checker) wrong(line int, what string, args map[string]any) {
	if args == nil {
		args = map[string]any{}
	}
	args["Line"] = line
	c.mistakes = append(c.mistakes, Mistake{Line: line, Key: "preset.wrong." + what, Args: args})
}

// object has each known field of a value read, and notes all others.
func (c *checker) object(n *node, name string, known map[string]func(*node)) {
	if !c.is(n, name, object) {
		return
	}
	seen := map[string]bool{}
	for _, f := range n.fields {
		read, ok := known[f.name]
		switch {
		case secret(f.name):
			c.wrong(f.line, "secret", map[string]any{"Field": f.name})
		case !ok:
			c.wrong(f.line, "unknown", map[string]any{"Field": f.name})
		case seen[f.name]:
			c.wrong(f.line, "twice", map[string]any{"Field": f.name})
		default:
			seen[f.name] = true
			read(f.value)
		}
	}
}

// secret reports whether a field's name is one for what must not be in the file.
func secret(name string) bool {
	name = strings.ToLower(name)
	return name == "pass" || slices.ContainsFunc([]string{"password", "passwort", "passwd", "passphrase", "secret", "token", "pwd"}, func(s string) bool {
		return strings.Contains(name, s)
	})
}

func (c *checker) is(n *node, name string, want kind) bool {
	if n.kind != want {
		c.wrong(n.line, "kind."+string(want), map[string]any{"Field": name})
	}
	return n.kind == want
}

// text reads a text into v and has it checked; "" stands for nothing.
func (c *checker) text(name string, v *string, check func(s string) (what string)) func(*node) {
	return func(n *node) {
		if !c.is(n, name, text) {
			return
		}
		*v = strings.TrimSpace(n.text)
		if *v == "" || check == nil {
			return
		}
		if what := check(*v); what != "" {
			c.wrong(n.line, what, map[string]any{"Value": *v})
		}
	}
}

func (c *checker) truth(name string, v *bool) func(*node) {
	return func(n *node) {
		if c.is(n, name, truth) {
			*v = n.truth
		}
	}
}

func (c *checker) preset(root *node) Preset {
	var p Preset
	versioned, listed := false, false
	c.object(root, "{}", map[string]func(*node){
		"version": func(n *node) {
			versioned = true
			if n.kind != number || n.text != "1" {
				c.wrong(n.line, "version", nil)
			}
		},
		"organisation": c.text("organisation", &p.Organisation, nil),
		"accounts": func(n *node) {
			listed = true
			p.Accounts = c.accounts(n)
		},
	})
	if root.kind == object && !versioned {
		c.wrong(root.line, "version", nil)
	}
	if root.kind == object && !listed {
		c.wrong(root.line, "empty", nil)
	}
	return p
}

func (c *checker) accounts(n *node) []Account {
	if !c.is(n, "accounts", list) {
		return nil
	}
	if len(n.items) == 0 {
		c.wrong(n.line, "empty", nil)
	}
	var out []Account
	seen := map[string]bool{}
	defaults := 0
	for _, item := range n.items {
		a := c.account(item)
		key := strings.ToLower(a.Email)
		if key != "" && seen[key] {
			c.wrong(item.line, "same", map[string]any{"Value": a.Email})
		}
		if a.Default {
			defaults++
		}
		if defaults == 2 && a.Default {
			c.wrong(item.line, "defaults", nil)
		}
		seen[key] = true
		out = append(out, a)
	}
	return out
}

func (c *checker) account(n *node) Account {
	var a Account
	var sent string
	c.object(n, "accounts", map[string]func(*node){
		"email": c.text("email", &a.Email, address), "domain": c.text("domain", &a.Domain, domain),
		"name": c.text("name", &a.Name, nil), "label": c.text("label", &a.Label, nil),
		"colour": c.text("colour", &a.Colour, colour), "sent": c.text("sent", &sent, sentBy),
		"shared": c.truth("shared", &a.Shared), "default": c.truth("default", &a.Default),
		"identities": func(n *node) { a.Identities = c.identities(n) },
		"imap":       func(n *node) { a.IMAP = c.server("imap", n) },
		"smtp":       func(n *node) { a.SMTP = c.server("smtp", n) },
	})
	a.Sent = accounts.SentBy(sent)
	if n.kind != object {
		return a
	}
	if (a.IMAP.Host == "") != (a.SMTP.Host == "") && !c.told(n) {
		c.wrong(n.line, "half", nil)
	}
	if a.Email != "" && a.Domain != "" && address(a.Email) == "" && !strings.EqualFold(a.Email[strings.LastIndexByte(a.Email, '@')+1:], a.Domain) {
		c.wrong(n.line, "other_domain", map[string]any{"Value": a.Email, "Domain": a.Domain})
	}
	if a.Shared && a.Email == "" {
		c.wrong(n.line, "shared", nil)
	}
	return a
}

// told reports whether a mistake in the servers of an account was noted already:
// then a missing one says nothing new.
func (c *checker) told(n *node) bool {
	for _, f := range n.fields {
		if (f.name == "imap" || f.name == "smtp") && slices.ContainsFunc(c.mistakes, func(m Mistake) bool { return m.Line >= f.line && m.Line <= last(f.value) }) {
			return true
		}
	}
	return false
}

// last is the last line of a value, as far as its parts tell.
func last(n *node) int {
	line := n.line
	for _, f := range n.fields {
		line = max(line, last(f.value))
	}
	for _, i := range n.items {
		line = max(line, last(i))
	}
	return line
}

func (c *checker) identities(n *node) []accounts.Identity {
	if !c.is(n, "identities", list) {
		return nil
	}
	var out []accounts.Identity
	for _, item := range n.items {
		var i accounts.Identity
		c.object(item, "identities", map[string]func(*node){
			"name": c.text("name", &i.Name, nil), "email": c.text("email", &i.Email, address),
		})
		if item.kind == object && i.Email == "" {
			c.wrong(item.line, "email", map[string]any{"Value": ""})
		}
		out = append(out, i)
	}
	return out
}
