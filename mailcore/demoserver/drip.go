package demoserver

import (
	"strconv"
	"time"
)

// drip lets a new message arrive now and then, each in its turn.
func (s *Server) drip(every time.Duration) {
	list := s.box.letters.drip
	if len(list) == 0 {
		return
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-s.ctx.Done():
			return
		case now := <-tick.C:
			serial := ""
			if n >= len(list) {
				serial = "-" + strconv.Itoa(n/len(list))
			}
			_ = s.Deliver(list[n%len(list)].letter(now, serial).raw) // fails only with the mailbox gone
		}
	}
}
