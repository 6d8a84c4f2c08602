package store

import (
	"context"
	"fmt"
)

// How many pages of 4 KiB are given back at most, so that nobody has to wait:
// each may be the place of another page that is moved there.
const (
	closing = 8192 // a fifth of a second or so
	quiet   = 1024 // between other work
)

// spare is how many free pages are not worth giving back: mail that comes soon
// takes them again.
const spare = 1024

// giveBack returns free pages beyond spare to the file system, up to most.
func (w *writer) giveBack(most int) error {
	free, err := one(w, value[int], "PRAGMA freelist_count")
	if err != nil || free <= spare {
		return err
	}
	return w.vacuum(min(most, free-spare))
}

// vacuum returns up to pages free pages to the file system, 0 for all.
func (w *writer) vacuum(pages int) error {
	// Not kept as a prepared statement: the number is another every time.
	rows, err := w.conn.QueryContext(context.Background(), fmt.Sprintf("PRAGMA incremental_vacuum(%d)", pages))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() { // each row read frees one page
		continue
	}
	return rows.Err()
}

// shrink returns all free pages to the file system.
func (s *Store) shrink(ctx context.Context) error {
	if err := s.w.take(ctx); err != nil {
		return err
	}
	defer s.w.release()
	return s.w.vacuum(0)
}

// tidy returns some free pages to the file system, if there are many.
func (s *Store) tidy(ctx context.Context) error {
	if err := s.w.take(ctx); err != nil {
		return err
	}
	defer s.w.release()
	return s.w.giveBack(quiet)
}
