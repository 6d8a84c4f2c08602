package autodetect

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/linnet-mail/linnet/accounts/connect"
)

// stuck is a network in which nothing ever answers.
type stuck struct{}

func (s *stuck) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func (s *stuck) LookupMX(ctx context.Context, _ string) ([]*net.MX, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func (s *stuck) LookupSRV(ctx context.Context, _, _, _ string) (string, []*net.SRV, error) {
	<-ctx.Done()
	return "", nil, ctx.Err()
}

func (s *stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// TestBoundedInAll runs on a clock of its own: the usual times, and a network
// that swallows everything.
func TestBoundedInAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &stuck{}
		d := &Detector{Resolver: s, HTTP: s, Dialer: &connect.Dialer{Net: s}}
		begin := time.Now()
		r, err := d.Detect(t.Context(), "anna@firm.test", nil)
		if took := time.Since(begin); err != nil || took > 15*time.Second || took < 5*time.Second {
			t.Errorf("took %v: %+v, %v", took, r, err)
		}
		if len(r.Answers) != 0 || r.Reason != Offline {
			t.Errorf("found %s", said(r))
		}
	})
}

func TestGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &stuck{}
		d := &Detector{Resolver: s, HTTP: s, Dialer: &connect.Dialer{Net: s}}
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errors.New("the person went on"))
		defer cancel()
		begin := time.Now()
		_, err := d.Detect(ctx, "anna@firm.test", nil)
		if err == nil || err.Error() != "the person went on" || time.Since(begin) != time.Second {
			t.Errorf("after %v: %v", time.Since(begin), err)
		}
	})
}

// TestRace looks at starts, preference and grace on a clock of its own.
func TestRace(t *testing.T) {
	type lane struct {
		wait, takes time.Duration
		good        bool
	}
	const s = time.Second
	for _, c := range []struct {
		name  string
		lanes []lane
		want  int // the index of the winner, -1 for none
		takes time.Duration
	}{
		{"nobody", nil, -1, 0},
		{"all bad", []lane{{0, s, false}, {0, 2 * s, false}}, -1, 2 * s},
		{"the best is first", []lane{{0, s, true}, {0, 9 * s, true}}, 0, s},
		{"the best within grace", []lane{{0, 3 * s, true}, {0, s, true}}, 0, 3 * s},
		{"the best is too late", []lane{{0, 9 * s, true}, {0, s, true}}, 1, 4 * s},
		{"the best fails", []lane{{0, 2 * s, false}, {0, s, true}}, 1, 2 * s},
		{"starts at once when those before have failed", []lane{{0, s, false}, {5 * s, s, true}}, 1, 2 * s},
		{"starts in its turn", []lane{{0, 60 * s, true}, {5 * s, s, true}}, 1, 9 * s},
		{"does not start at all", []lane{{0, s, true}, {5 * s, s, true}}, 0, s},
	} {
		synctest.Test(t, func(t *testing.T) {
			var tries []try[int]
			for i, l := range c.lanes {
				tries = append(tries, try[int]{wait: l.wait, do: func(ctx context.Context) (int, bool) {
					select {
					case <-time.After(l.takes):
						return i, l.good
					case <-ctx.Done():
						return i, false
					}
				}})
			}
			begin := time.Now()
			got, ok := first(race(t.Context(), 3*time.Second, tries))
			if !ok {
				got = -1
			}
			if took := time.Since(begin); got != c.want || took != c.takes {
				t.Errorf("%s: %d after %v, want %d after %v", c.name, got, took, c.want, c.takes)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	s := &stuck{}
	var steps []Step
	d := &Detector{Resolver: s, HTTP: s, Dialer: &connect.Dialer{Net: s}, Times: Times{Total: 50 * time.Millisecond, Guess: time.Millisecond}}
	if _, err := d.Detect(t.Context(), "anna@firm.test", func(s Step) { steps = append(steps, s) }); err != nil {
		t.Fatal(err)
	}
	begun, ended := map[Source]bool{}, map[Source]bool{}
	for _, s := range steps {
		if s.Done {
			ended[s.Source] = true
		} else {
			begun[s.Source] = true
		}
	}
	if len(begun) != 5 || len(ended) != 5 {
		t.Errorf("got %v", steps)
	}
}
