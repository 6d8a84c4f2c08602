package engine

import (
	"context"
	"time"
)

const (
	indexBatch = 1000
	// indexRest leaves the one writer to sync and to the person between batches.
	indexRest = 5 * time.Millisecond
	// indexPause is how long to wait after the store failed.
	indexPause = 30 * time.Second
)

func (e *Engine) pokeIndex() { token(e.index) }

// indexLoop adds what is new to the full-text index, in small steps behind
// everything else.
func (e *Engine) indexLoop(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := e.c.Store.IndexNext(ctx, indexBatch)
		switch {
		case err != nil:
			if ctx.Err() == nil {
				e.log.Error("index text", "error", err)
			}
			sleep(ctx, indexPause)
		case n > 0:
			sleep(ctx, indexRest)
		default:
			select {
			case <-e.index:
			case <-ctx.Done():
			}
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
