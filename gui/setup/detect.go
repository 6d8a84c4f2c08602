package setup

import (
	"context"
	"time"

	"github.com/linnet-mail/linnet/accounts/autodetect"
)

// Detect finds the servers of an address, without a password. It is called on a
// goroutine of its own and ends with its context; progress may be called from
// any goroutine.
type Detect func(ctx context.Context, address string, progress func(autodetect.Step)) (autodetect.Result, error)

// typingPause is how long nothing is typed before a complete address is looked
// up while its field still has the keyboard.
const typingPause = 900 * time.Millisecond

// detection is what is known about the address in the field.
type detection struct {
	address string // that is or was looked up, "" for none
	done    bool
	verdict verdict
	asked   map[autodetect.Source]bool // what still runs
	waiting bool                       // Continue was pressed meanwhile
	run     int                        // late answers carry an older one
	cancel  context.CancelFunc
	timer   *time.Timer
}

func (d *detection) running() bool { return d.address != "" && !d.done }

// drop forgets everything, and breaks off what runs.
func (d *detection) drop() {
	if d.cancel != nil {
		d.cancel()
	}
	if d.timer != nil {
		d.timer.Stop()
	}
	*d = detection{run: d.run + 1}
}

// addressTyped follows the address: what was found for another one is not true
// any more.
func (p *Page) addressTyped() {
	p.pins.forget() // they were accepted for another account
	address := p.email.text()
	if p.c.Detect == nil {
		p.suggest(address)
		return
	}
	if address == p.det.address {
		return
	}
	shown := p.findings.box.Visible()
	p.det.drop()
	p.findings.clear()
	p.offerBrowser()
	if p.opened && !p.servers.edited() {
		p.fold()
	}
	if p.servers.box.Visible() {
		p.prefill()
	}
	if shown {
		p.relayout()
	}
	if !validEmail(address) {
		return
	}
	run := p.det.run
	p.det.timer = time.AfterFunc(p.pause, func() {
		p.c.Post(func() {
			if run == p.det.run {
				p.look()
			}
		})
	})
}

// addressLeft begins what an address is enough for.
func (p *Page) addressLeft() {
	switch {
	case !validEmail(p.email.text()) || p.given():
	case p.c.Detect == nil:
		p.showServers()
	default:
		p.look()
	}
}

// look looks the address up, unless that was done or is going on.
func (p *Page) look() {
	address := p.email.text()
	if p.c.Detect == nil || p.busyNow() || !validEmail(address) || address == p.det.address {
		return
	}
	p.det.drop()
	ctx, cancel := context.WithCancel(context.Background())
	p.det.address, p.det.cancel, p.det.asked = address, cancel, map[autodetect.Source]bool{}
	p.findings.progress(doing(p.c.Words, nil, domainOf(address)))
	p.relayout()
	p.revealFindings()
	run := p.det.run
	current := func(f func()) {
		p.c.Post(func() {
			if run == p.det.run {
				f()
			}
		})
	}
	go func() {
		r, err := p.c.Detect(ctx, address, func(s autodetect.Step) { current(func() { p.stepped(s) }) })
		current(func() { p.looked(r, err) })
	}()
}

// lookAgain asks once more.
func (p *Page) lookAgain() {
	if p.busyNow() {
		return
	}
	p.forgetFound()
	p.look()
}

// forgetFound puts the page back to where nothing was looked up.
func (p *Page) forgetFound() {
	p.det.drop()
	p.findings.clear()
	p.offerBrowser()
	if p.opened && !p.servers.edited() {
		p.fold()
	}
	p.relayout()
}

// stepped tells the person who waits what is asked just now.
func (p *Page) stepped(s autodetect.Step) {
	if p.det.done {
		return
	}
	p.det.asked[s.Source] = !s.Done
	p.findings.progress(doing(p.c.Words, p.det.asked, domainOf(p.det.address)))
	p.relayout()
}

// looked takes the answer.
func (p *Page) looked(r autodetect.Result, err error) {
	d := &p.det
	d.cancel()
	if r.Domain == "" {
		r.Domain = domainOf(d.address)
	}
	waiting := d.waiting
	d.done, d.waiting, d.verdict = true, false, judge(p.c.Words, r, err)
	p.offerBrowser()
	p.prefill()
	if waiting {
		p.idle()
	}
	if d.verdict.byHand && !p.servers.box.Visible() {
		p.opened = true
		p.unfold()
	}
	p.showFindings()
	switch {
	case waiting && p.browser.on:
		p.focus(p.browser.first())
	case waiting && d.verdict.good:
		p.Continue()
	case waiting && d.verdict.byHand:
		p.focus(p.servers.imap.host.entry)
	case waiting:
		p.focus(p.proceed)
	}
}

// showFindings says what was found, if anything was.
func (p *Page) showFindings() {
	if p.det.done {
		imap, smtp := p.servers.values()
		v := p.det.verdict
		if p.browser.on {
			v = v.withoutPassword()
		}
		p.findings.show(v, domainOf(p.det.address), imap, smtp, p.servers.box.Visible())
	}
	p.relayout()
	p.revealFindings()
}

// prefill puts what was found into the servers' fields, and guesses where
// nothing was. What a person entered stays.
func (p *Page) prefill() {
	if p.given() {
		p.servers.tell("")
		return
	}
	if !p.det.done {
		p.servers.suggest(p.email.text())
		p.servers.tell(p.c.Words.Say("setup.suggested"))
		return
	}
	imap, smtp := p.det.verdict.servers()
	if imap.Host == "" || smtp.Host == "" {
		p.servers.suggest(p.email.text())
	}
	p.servers.found(imap, smtp, p.det.address)
	p.servers.tell(p.det.verdict.note)
}

// settled tells whether Continue may go on with what the servers' fields say:
// something good was found for this address, or a person has them in sight.
// Else it looks, waits, or shows them.
func (p *Page) settled() bool {
	seen := p.servers.box.Visible()
	switch {
	case p.c.Detect == nil:
		return true
	case seen && p.servers.edited():
		p.stopLooking()
		return true
	}
	p.look()
	switch {
	case p.det.running():
		p.det.waiting = true
		p.wait(p.c.Words.Say("setup.waiting"))
		return false
	case seen || p.det.verdict.good:
		return true
	}
	p.opened = true
	p.unfold()
	p.showFindings()
	p.focus(p.servers.imap.host.entry)
	return false
}

// stopLooking breaks off a detection that nobody needs any more.
func (p *Page) stopLooking() {
	if p.det.running() {
		p.det.drop()
		p.findings.clear()
	}
}
