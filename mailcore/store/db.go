package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// durability is how safe a commit must be against a loss of power.
type durability string

const (
	// full is for what only lives here: drafts, outbox, pending operations.
	full durability = "FULL"
	// normal may lose the last commits (never more than that), which is good
	// enough for what the server still has.
	normal durability = "NORMAL"
)

// dsn names the database for the driver. Every part of the path is escaped, so
// that a profile folder called "a?b" stays what it is.
func dsn(path string, pragmas ...string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") && runtime.GOOS == "windows" {
		p = "/" + p
	}
	u := url.URL{Path: p}
	return "file:" + u.EscapedPath() + "?" + url.Values{"_pragma": pragmas}.Encode()
}

// pragmas that every connection gets. Memory for sorting keeps mail text out
// of temporary files.
var shared = [...]string{"busy_timeout(10000)", "foreign_keys(1)", "temp_store(MEMORY)"}

// writer is the one connection that changes the database. Whoever took the
// token from free may use it.
type writer struct {
	free  chan struct{}
	db    *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	sync  durability
	bulks bulks
}

var errClosed = errors.New("the store is closed")

func openWriter(ctx context.Context, path string) (*writer, error) {
	// auto_vacuum comes first: it only counts before the file is written.
	p := append([]string{
		"auto_vacuum(INCREMENTAL)", "journal_mode(WAL)", "synchronous(FULL)",
		"cache_size(-16000)", "journal_size_limit(67108864)",
	}, shared[:]...)
	db, err := sql.Open("sqlite", dsn(path, p...))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	w := &writer{free: make(chan struct{}, 1), db: db, conn: conn, stmts: map[string]*sql.Stmt{}, sync: full, bulks: newBulks()}
	w.free <- struct{}{}
	return w, nil
}

// take waits for the writer; give it back with release.
func (w *writer) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case _, open := <-w.free:
		if !open {
			return errClosed
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) release() { w.free <- struct{}{} }

func (w *writer) close() error {
	for _, st := range w.stmts {
		st.Close()
	}
	return errors.Join(w.conn.Close(), w.db.Close())
}

func (w *writer) stmt(query string) (*sql.Stmt, error) {
	if st := w.stmts[query]; st != nil {
		return st, nil
	}
	st, err := w.conn.PrepareContext(context.Background(), query)
	if err == nil {
		w.stmts[query] = st
	}
	return st, err
}

func (w *writer) exec(query string, args ...any) (sql.Result, error) {
	st, err := w.stmt(query)
	if err != nil {
		return nil, err
	}
	return st.Exec(args...)
}

func (w *writer) query(query string, args ...any) (*sql.Rows, error) {
	st, err := w.stmt(query)
	if err != nil {
		return nil, err
	}
	return st.Query(args...)
}

// setSync must come before BEGIN: synchronous cannot change in a transaction.
func (w *writer) setSync(d durability) error {
	if w.sync == d {
		return nil
	}
	_, err := w.exec("PRAGMA synchronous=" + string(d))
	if err == nil {
		w.sync = d
	}
	return err
}

// write runs f in a transaction of the one writer. Statements inside are not
// interrupted: an interrupted connection would lose its prepared statements, and
// windows are short. ctx is asked before the transaction, by f where it loops,
// and before the commit.
func (s *Store) write(ctx context.Context, d durability, f func(*tx) error) error {
	if err := s.w.take(ctx); err != nil {
		return err
	}
	defer s.w.release()
	if err := s.w.setSync(d); err != nil {
		return err
	}
	if _, err := s.w.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	t := &tx{writer: s.w, ctx: ctx, taken: s.taken, folders: map[folderID]*folderRow{}, counts: map[folderID]*count{}}
	err := f(t)
	if err == nil {
		err = t.flush()
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		_, err = s.w.exec("COMMIT")
	}
	if err != nil {
		s.rollback()
		return err
	}
	s.r.marks.changed(t.counts)
	return nil
}

// rollback ends a failed transaction. SQLite may have ended it already (disk
// full), then there is nothing left to do and it says so.
func (s *Store) rollback() { _, _ = s.w.exec("ROLLBACK") }

// tx is a running write transaction.
type tx struct {
	*writer
	ctx     context.Context
	taken   *taken
	folders map[folderID]*folderRow
	counts  map[folderID]*count
	numbers
}

// readers are the connections that only read, each with its own snapshot.
type readers struct {
	db    *sql.DB
	marks *marks
	mu    sync.Mutex
	stmts map[string]*sql.Stmt
}

// maxReaders bounds the reading connections: a list, a search, the reader and
// a worker or two at the same time.
const maxReaders = 6

func openReaders(path string) (*readers, error) {
	p := append([]string{"query_only(1)", "cache_size(-8000)"}, shared[:]...)
	db, err := sql.Open("sqlite", dsn(path, p...))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(maxReaders)
	db.SetMaxIdleConns(maxReaders)
	return &readers{db: db, marks: newMarks(), stmts: map[string]*sql.Stmt{}}, nil
}

func (r *readers) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, st := range r.stmts {
		st.Close()
	}
	return r.db.Close()
}

func (r *readers) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if st := r.stmts[query]; st != nil {
		return st, nil
	}
	st, err := r.db.PrepareContext(ctx, query)
	if err == nil {
		r.stmts[query] = st
	}
	return st, err
}

// reader reads on behalf of one call.
type reader struct {
	*readers
	ctx context.Context
}

func (s *Store) reader(ctx context.Context) reader { return reader{s.r, ctx} }

func (r reader) query(query string, args ...any) (*sql.Rows, error) {
	st, err := r.stmt(r.ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(r.ctx, args...)
}

// source is what both a transaction and a reader can be asked.
type source interface {
	query(query string, args ...any) (*sql.Rows, error)
}

// each calls f for every row of a query.
func each(src source, f func(*sql.Rows) error, query string, args ...any) error {
	rows, err := src.query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// all collects what scan makes of every row.
func all[T any](src source, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	var list []T
	err := each(src, func(rows *sql.Rows) error {
		v, err := scan(rows)
		list = append(list, v)
		return err
	}, query, args...)
	return list, err
}

// one returns what scan makes of the first row, or ErrNotFound.
func one[T any](src source, scan func(*sql.Rows) (T, error), query string, args ...any) (T, error) {
	var v T
	rows, err := src.query(query, args...)
	if err != nil {
		return v, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return v, err
		}
		return v, ErrNotFound
	}
	if v, err = scan(rows); err != nil {
		return v, err
	}
	return v, rows.Close()
}

// discard is for queries that are asked for their effect.
func discard(*sql.Rows) error { return nil }

// value scans the only column of a row.
func value[T any](rows *sql.Rows) (T, error) {
	var v T
	err := rows.Scan(&v)
	return v, err
}
