package desktop

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Save writes a file that came from a message. It appears under its name only
// when it is whole, is readable for its owner only, cannot be run, and bears the
// system's mark for files from the internet.
func Save(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".linnet-*.part") // made with 0600
	if err != nil {
		return fmt.Errorf("save %s: %w", filepath.Base(path), err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("save %s: %w", filepath.Base(path), errors.Join(err, os.Remove(f.Name())))
		}
	}()
	// The mark is written first, so that no program ever sees content without it.
	// File systems that cannot hold one (a stick with FAT) do not stop the saving.
	_ = mark(f.Name())
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Opened is a folder for attachments that are opened with another program. Its
// content is gone at the end of the program, and at the latest at the next start.
type Opened struct{ dir string }

// NewOpened empties dir and keeps it for opened attachments.
func NewOpened(dir string) (*Opened, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("empty the folder of opened files: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of opened files: %w", err)
	}
	return &Opened{dir: dir}, nil
}

// Put saves a file in a new folder with a random name and returns its path. The
// name must be safe already (mailcore.Part.Name is).
func (o *Opened) Put(name string, write func(io.Writer) error) (string, error) {
	dir, err := os.MkdirTemp(o.dir, "") // made with 0700
	if err != nil {
		return "", fmt.Errorf("make a folder for %s: %w", name, err)
	}
	path := filepath.Join(dir, filepath.Base(name))
	return path, Save(path, write)
}

// Close removes everything that was opened.
func (o *Opened) Close() error { return os.RemoveAll(o.dir) }

// FreeName returns dir/name, or with a number before the ending where there is
// such a file already.
func FreeName(dir, name string) string {
	name = filepath.Base(name)
	ext := filepath.Ext(name)
	path := filepath.Join(dir, name)
	for n := 2; ; n++ {
		if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
			return path
		}
		path = filepath.Join(dir, fmt.Sprintf("%s (%d)%s", name[:len(name)-len(ext)], n, ext))
	}
}
