package app

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"

	"github.com/linnet-mail/linnet/accounts/preset"
)

// readPreset returns what an administrator left for a first start, nil if there
// is nothing. What it holds is the window's business.
func readPreset(path string, log *slog.Logger) []byte {
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			log.Warn("read preset", "error", err)
		}
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, preset.MaxSize+1))
	if err != nil {
		log.Warn("read preset", "error", err)
		return nil
	}
	return data
}
