package store

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// openDamaged opens a damaged file for salvage. done ends that.
//
// The first pages hold the header and the schema, which says where each table
// begins; where they are lost, SQLite finds nothing, though all rows may be well.
// But the tables that are salvaged are made by the first migration, in an empty
// file, so they begin on the same pages in every file: the first pages of a new
// one do as well.
func openDamaged(ctx context.Context, path string) (src plain, done func(), err error) {
	src, err = openReadOnly(ctx, path)
	if err != nil {
		return src, nil, err
	}
	if src.hasTables() || ctx.Err() != nil {
		return src, func() { src.db.Close() }, ctx.Err()
	}
	src.db.Close()
	copied := path + "-graft"
	remove := func() { _ = removeStore(copied) }
	if err := graft(ctx, path, copied); err != nil {
		remove()
		return src, nil, err
	}
	src, err = openReadOnly(ctx, copied)
	return src, func() { src.db.Close(); remove() }, err
}

// hasTables reports whether the tables to salvage are where they can be found.
func (q plain) hasTables() bool {
	n, err := one(q, value[int], `SELECT count(*) FROM sqlite_schema
		WHERE type = 'table' AND name IN ('draft', 'outbox', 'pending', 'attachment') AND rootpage > 1`)
	if err != nil || n != 4 {
		return false
	}
	for _, look := range [...]string{
		`SELECT id, account, changed, content FROM draft LIMIT 0`,
		`SELECT raw, ` + outgoingColumns + ` FROM outbox LIMIT 0`,
		`SELECT path, target_path, msgid, size, received, ` + opColumns + ` FROM pending LIMIT 0`,
		`SELECT draft, outbox, place, hash, data FROM attachment LIMIT 0`,
	} {
		if each(q, discard, look) != nil {
			return false
		}
	}
	return true
}

// pageSize is SQLite's default; the store never changes it.
const pageSize = 4096

// graft copies a damaged file with its WAL, and gives the copy the header and
// the schema of a new file.
func graft(ctx context.Context, path, copied string) error {
	pages, err := schemaPages(ctx, filepath.Dir(path))
	if err != nil {
		return err
	}
	if err := copyFile(path+"-wal", copied+"-wal"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := copyFile(path, copied); err != nil {
		return err
	}
	f, err := os.OpenFile(copied, os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(putPages(f, pages), f.Close())
}

func putPages(f *os.File, pages map[int64][]byte) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	for number, page := range pages {
		if number == 1 {
			// The header's count of pages, so that none is taken to lie beyond the end.
			binary.BigEndian.PutUint32(page[28:], uint32(max(1, info.Size()/pageSize)))
		}
		if _, err := f.WriteAt(page, (number-1)*pageSize); err != nil {
			return err
		}
	}
	return nil
}

// schemaPages makes a store of this version in dir and returns the pages that
// hold its header and schema.
func schemaPages(ctx context.Context, dir string) (pages map[int64][]byte, err error) {
	tmp, err := os.MkdirTemp(dir, "graft-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	path := filepath.Join(tmp, "new.db")
	if err := makePrivate(path); err != nil {
		return nil, err
	}
	s, err := open(ctx, path)
	if err != nil {
		return nil, err
	}
	numbers, err := all(s.w, value[int64], `SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'`)
	if err := errors.Join(err, s.Close()); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	pages = map[int64][]byte{}
	for _, n := range numbers {
		pages[n] = make([]byte, pageSize)
		if _, err := f.ReadAt(pages[n], (n-1)*pageSize); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

func copyFile(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	return errors.Join(err, dst.Close())
}
