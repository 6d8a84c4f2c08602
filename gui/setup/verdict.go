package setup

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/assets"
)

// verdict is what a detection means for the page.
type verdict struct {
	answer   autodetect.Answer // without servers if nothing was found
	good     bool              // Continue may use it as it is
	byHand   bool              // the servers are to be looked at
	retry    bool              // asking once more may help
	says     []string          // sentences
	password []string          // sentences about the password that is wanted
	note     string            // above the servers by hand: what they are
	link     string            // the provider's page about that, "" for none
	proof    map[string]bool   // servers that answered, with a verified certificate: tls://host:port
	steps    []string          // to an app password, where the provider makes them
}

// judge puts the result of a detection in words.
func judge(w *assets.Words, r autodetect.Result, err error) verdict {
	if err != nil || len(r.Answers) == 0 {
		return nothing(w, r)
	}
	v := verdict{answer: r.Answers[0], proof: map[string]bool{}}
	for _, t := range r.Tried {
		v.proof[t.What] = v.proof[t.What] || t.Found
	}
	args := assets.Args{"Domain": r.Domain, "Provider": r.Domain}
	if v.answer.Provider != "" {
		args["Provider"] = v.answer.Provider
	}
	switch {
	case !v.answer.Trusted():
		v.doubtful(w, r, args)
	case r.Reason == autodetect.Unsupported || r.Reason == autodetect.NeedsBridge:
		v.says = []string{w.Say("detect.reason."+string(r.Reason), args)}
		v.link, v.note = v.answer.HelpURL, w.Say("setup.suggested")
		if r.Reason == autodetect.NeedsBridge {
			v.byHand, v.note = true, w.Say("setup.note.bridge")
		}
	case !v.answer.TakesPassword():
		v.onlyBrowser(w, args)
	default:
		imap, smtp := v.servers()
		v.good = imap.Host != "" && smtp.Host != ""
		v.byHand, v.note = !v.good, w.Say("setup.note.found")
		v.advise(w, args)
	}
	return v
}

// nothing is the verdict where there is no answer.
func nothing(w *assets.Words, r autodetect.Result) verdict {
	reason := r.Reason
	if reason == "" || reason == autodetect.Confirm {
		reason = autodetect.NotFound
	}
	args := assets.Args{"Domain": r.Domain, "Provider": r.Domain}
	return verdict{byHand: true, retry: true, says: []string{w.Say("detect.reason."+string(reason), args)}, note: w.Say("setup.suggested")}
}

// doubtful is for servers that a person has to look at first.
func (v *verdict) doubtful(w *assets.Words, r autodetect.Result, args assets.Args) {
	v.byHand, v.retry = true, true
	v.note = w.Say("setup.note.doubtful")
	if r.Reason == "" || r.Reason == autodetect.Confirm {
		v.says = []string{w.Say("detect.doubt."+string(v.answer.Doubt), args)}
		return
	}
	v.says = []string{w.Say("detect.reason."+string(r.Reason), args)}
	if v.answer.Doubt == autodetect.OtherDomain {
		v.says = append(v.says, w.Say("detect.doubt.other-domain"))
	}
}

// advise says what has to be known before signing in.
func (v *verdict) advise(w *assets.Words, args assets.Args) {
	if slices.Contains(v.answer.SignIn, autodetect.AppPassword) && !slices.Contains(v.answer.SignIn, autodetect.Password) {
		v.link = v.answer.AppPasswordURL
		if v.link == "" {
			v.link = v.answer.HelpURL
		}
		v.password = append(v.password, w.Say("setup.app_password", args))
	}
	v.steps = steps(w, v.answer, args)
	for _, h := range v.answer.Hints {
		if h == twoStep { // one of the steps
			continue
		}
		v.says = append(v.says, w.Say("detect.hint."+h))
	}
	if v.link == "" && len(v.says)+len(v.password) > 0 {
		v.link = v.answer.HelpURL
	}
}

// servers returns what is known for each direction; an empty host means
// nothing. What does not encrypt is not offered.
func (v verdict) servers() (imap, smtp accounts.Server) {
	first := func(list []accounts.Server) accounts.Server {
		if len(list) == 0 || list[0].Check() != nil || list[0].Security == accounts.Plain {
			return accounts.Server{}
		}
		return list[0]
	}
	return first(v.answer.IMAP), first(v.answer.SMTP)
}

// proven says that a server answered just now and that its certificate was
// checked.
func (v verdict) proven(s accounts.Server) bool {
	return s.Security != accounts.Plain && v.proof[string(s.Security)+"://"+s.Address()]
}

// who says whose servers they are: the name in our own table, else the domain
// that the server for incoming mail belongs to. A name that an answer gives
// itself proves nothing.
func (v verdict) who() string {
	if v.answer.Source == autodetect.Table && v.answer.Provider != "" {
		return v.answer.Provider
	}
	imap, _ := v.servers()
	if base, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(imap.Host)); err == nil {
		return base
	}
	return imap.Host
}
