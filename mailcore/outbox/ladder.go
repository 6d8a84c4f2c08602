package outbox

import "time"

// giveUp is how long a temporary failure is retried before it counts as
// refused, from the moment the message was queued.
const giveUp = 48 * time.Hour

// delay returns the pause after the nth failed attempt (n from 1): 1, 2, 5, 15
// and 60 minutes, then hourly.
func delay(n int) time.Duration {
	ladder := [...]time.Duration{1, 2, 5, 15}
	if n-1 < len(ladder) {
		return ladder[max(n-1, 0)] * time.Minute
	}
	return time.Hour
}
