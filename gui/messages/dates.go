package messages

import (
	"time"

	"github.com/linnet-mail/linnet/assets"
)

// Dates says dates shortly and relative to now, as a list needs them.
type Dates struct {
	words *assets.Words
	now   func() time.Time
}

// NewDates returns dates in words; now is the clock.
func NewDates(words *assets.Words, now func() time.Time) *Dates {
	return &Dates{words: words, now: now}
}

// Short returns "10:01" for today, "Sun" within the last week, "19 Nov" within
// the year, and the whole date before that; "" for no date.
func (d *Dates) Short(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	now := d.now()
	t = t.In(now.Location())
	days := int(midnight(now).Sub(midnight(t)).Hours()/24 + 0.5)
	switch {
	case days == 0:
		return t.Format("15:04")
	case days > 0 && days < 7:
		return d.words.Say("date." + weekdays[t.Weekday()])
	case t.Year() == now.Year() || days > 0 && days < 120:
		return d.words.Say("date.day", assets.Args{"Day": t.Day(), "Month": d.words.Say("date." + months[t.Month()-1])})
	}
	return d.words.Say("date.full", assets.Args{"Day": t.Day(), "Month": d.words.Say("date." + months[t.Month()-1]), "Year": t.Year()})
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

var (
	weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	months   = [...]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
)
