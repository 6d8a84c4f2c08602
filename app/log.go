package app

import (
	"fmt"
	"log/slog"
	"os"
	"sync"
)

// maxLog is the size in octets at which the log begins anew; one older file is
// kept beside it.
const maxLog = 2 << 20

// logWriter is a file of bounded size, 0600.
type logWriter struct {
	path string
	max  int64

	mu   sync.Mutex
	file *os.File
	size int64
}

func openLog(path string, maxSize int64) (*logWriter, error) {
	w := &logWriter{path: path, max: maxSize}
	return w, w.open()
}

func (w *logWriter) open() error {
	f, err := os.OpenFile(w.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open log: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return fmt.Errorf("open log: %w", err)
	}
	w.file, w.size = f, info.Size()
	return nil
}

// Write appends a line. A log that cannot be written is no reason to stop.
func (w *logWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.file == nil {
		return len(p), nil
	}
	if w.size+int64(len(p)) > w.max {
		w.rotate()
	}
	if w.file == nil {
		return len(p), nil
	}
	n, err := w.file.Write(p)
	w.size += int64(n)
	return n, err
}

func (w *logWriter) rotate() {
	_ = w.file.Close()
	w.file = nil
	_ = os.Rename(w.path, w.path+".1")
	_ = w.open()
}

// Close ends the log; what is written later is dropped.
func (w *logWriter) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.file == nil {
		return nil
	}
	err := w.file.Close()
	w.file = nil
	return err
}

// logLevel reads --log-level.
func logLevel(name string) (slog.Level, error) {
	if name == "" {
		return slog.LevelInfo, nil
	}
	var l slog.Level
	err := l.UnmarshalText([]byte(name))
	return l, err
}
