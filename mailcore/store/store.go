// Package store keeps one profile's mail in one SQLite file: folders, messages,
// bodies, conversations, pending operations, drafts, the outbox and the
// full-text index. It is the only package that speaks SQL.
//
// What the server still has is committed with synchronous NORMAL (a loss of
// power may cost the last windows, which are fetched again); what only lives
// here — drafts, outbox, pending operations — with synchronous FULL.
package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Store is an open profile database. One writer, several readers; safe for
// concurrent use.
type Store struct {
	path  string
	w     *writer
	r     *readers
	taken *taken
}

// Open opens or creates the database at path (0600, its directory 0700). A
// damaged file is set aside and what only lives here is salvaged into a new
// one: then Recovery is not nil. The caller holds the profile's lock: nobody
// else has the file open.
func Open(ctx context.Context, path string) (*Store, *Recovery, error) {
	if err := finishRecovery(path); err != nil {
		return nil, nil, classify("open", err)
	}
	if err := makePrivate(path); err != nil {
		return nil, nil, classify("open", err)
	}
	err := examine(ctx, path)
	if isDamage(err) {
		return recoverStore(ctx, path)
	}
	if err != nil {
		return nil, nil, classify("open", err)
	}
	s, err := open(ctx, path)
	if isDamage(err) {
		return recoverStore(ctx, path)
	}
	if err != nil {
		return nil, nil, classify("open", err)
	}
	return s, nil, nil
}

// open opens a file that passed its examination.
func open(ctx context.Context, path string) (*Store, error) {
	w, err := openWriter(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, w.conn); err != nil {
		return nil, errors.Join(err, w.close())
	}
	r, err := openReaders(path)
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	s := &Store{path: path, w: w, r: r, taken: &taken{by: map[accountID]OpID{}}}
	// Operations of an earlier process may be on the server already.
	last, err := one(w, value[int64], `SELECT ifnull(max(id), 0) FROM pending`)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.taken.all = OpID(last)
	return s, nil
}

// makePrivate creates what is missing and closes what is too open. SQLite gives
// its -wal and -shm the mode of the database file, which it would create 0644.
func makePrivate(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := restrict(dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	for _, p := range [...]string{path, path + "-wal", path + "-shm"} {
		if err := restrict(p, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// restrict takes permissions away that go beyond mode.
func restrict(path string, mode os.FileMode) error {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil || info.Mode().Perm()&^mode == 0 {
		return err
	}
	return os.Chmod(path, mode)
}

// Close gives back what space it can in a moment, checkpoints, and closes the
// database.
func (s *Store) Close() error {
	// Wait for the transaction under way; what comes later gets errClosed.
	if err := s.w.take(context.Background()); err != nil {
		return classify("close", err)
	}
	close(s.w.free)
	err := s.r.close()
	// That the file stays larger than it need be is no reason to fail.
	_ = s.fail("give space back", s.w.giveBack(closing))
	rows, cerr := s.w.conn.QueryContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	if cerr == nil {
		cerr = rows.Close()
	}
	return classify("close", errors.Join(err, cerr, s.w.close()))
}

// Check looks at the whole file (seconds for a big one) and returns ErrDamaged
// with the first finding if something is wrong.
func (s *Store) Check(ctx context.Context) error {
	return s.fail("check", checkWith(s.reader(ctx), "integrity_check"))
}

// checkWith runs integrity_check or quick_check.
func checkWith(src source, pragma string) error {
	finding, err := one(src, value[string], "PRAGMA "+pragma+"(1)")
	if err != nil {
		return err
	}
	if finding != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, finding)
	}
	return nil
}
