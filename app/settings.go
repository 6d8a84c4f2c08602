package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/linnet-mail/linnet/gui"
)

// settings is the file of what the window remembers. It holds nothing that
// would be missed: one that cannot be read counts as empty.
type settings struct {
	path string
	mu   sync.Mutex
}

// settingsDocument is the file's JSON.
type settingsDocument struct {
	Window gui.WindowState `json:"window"`
}

// Load returns what was saved last.
func (s *settings) Load() gui.WindowState {
	s.mu.Lock()
	defer s.mu.Unlock()
	doc, _ := s.read()
	return doc.Window
}

// Save replaces the file.
func (s *settings) Save(w gui.WindowState) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, err := json.MarshalIndent(settingsDocument{Window: w}, "", "  ")
	if err != nil {
		return fmt.Errorf("save settings: %w", err)
	}
	return replaceFile(s.path, append(data, '\n'))
}

func (s *settings) read() (settingsDocument, error) {
	var doc settingsDocument
	data, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return doc, nil
	}
	if err != nil {
		return doc, fmt.Errorf("read settings: %w", err)
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		return settingsDocument{}, fmt.Errorf("read settings: %w", err)
	}
	return doc, nil
}
