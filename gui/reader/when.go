package reader

import (
	"fmt"
	"time"

	"github.com/linnet-mail/linnet/assets"
)

// when says a date in words, as seen from now: "Today 10:01", "Sunday 10:01",
// "19 November 10:01", "19 November 2024".
func when(w *assets.Words, t, now time.Time) string {
	if t.IsZero() {
		return w.Say("reader.date.none")
	}
	t = t.In(now.Location())
	args := assets.Args{
		"Time": t.Format("15:04"), "Day": t.Day(), "Year": t.Year(),
		"Month": w.Say(fmt.Sprintf("reader.month.%d", t.Month())), "Weekday": w.Say(fmt.Sprintf("reader.weekday.%d", t.Weekday())),
	}
	switch days := daysBetween(t, now); {
	case days == 0:
		return w.Say("reader.date.today", args)
	case days == 1:
		return w.Say("reader.date.yesterday", args)
	case days > 1 && days < 7:
		return w.Say("reader.date.week", args)
	case t.Year() == now.Year():
		return w.Say("reader.date.year", args)
	}
	return w.Say("reader.date.old", args)
}

// daysBetween counts midnights from a to b.
func daysBetween(a, b time.Time) int {
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
	return int(day(b).Sub(day(a)).Hours() / 24)
}
