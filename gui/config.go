// Package gui is in charge of the main window: it lays out folders, messages
// and the reader, holds the command table from which menus, toolbar, shortcuts
// and keyboard help are made, and is the one place where the engine's events
// cross to the screen (feed.go). The views themselves live in the children,
// which report intent and decide nothing.
package gui

import (
	"context"
	"log/slog"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/setup"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// Config is what the window needs.
type Config struct {
	Engine   *engine.Engine
	Words    *assets.Words
	Settings Settings
	// Open is a mailto: URL to open a composer with at once, "" for none.
	Open string
	// Raise brings the window to the front; a value that is not empty is a
	// mailto: URL to open a composer with. Nil means that nobody asks.
	Raise <-chan string
	// Demo says that the whole profile is the built-in demo.
	Demo bool
	// LookAround opens the built-in demo mailbox beside this profile, for the
	// first-start page; nil means that it is not offered.
	LookAround func(context.Context) error
	// Detect finds the servers of an address for the first-start page; nil means
	// that the person names them.
	Detect setup.Detect
	// Examine looks for what is wrong with an account's connection; nil means
	// that this is not offered.
	Examine setup.Examine
	// Preset is an administrator's list of accounts (docs/presets.md), for a
	// profile that has none; nil means that there is no such list.
	Preset []byte
	// OpenedDir is a folder of this profile for attachments that are opened; it
	// is emptied at the start and at the end. "" means that they can only be saved.
	OpenedDir string
	// Notice is a sentence to begin with, "" for none.
	Notice string
	// Version is shown by "About".
	Version string
	// Release runs Fyne migrated (no thread checks); development and tests run
	// with the checks.
	Release bool
	Log     *slog.Logger
}

// Settings keeps what the window remembers. Save may be called from any
// goroutine.
type Settings interface {
	Load() WindowState
	Save(WindowState) error
}

// WindowState is what the window remembers from one run to the next. Sizes are
// device independent pixels, 0 means the default.
type WindowState struct {
	Theme    string   `json:"theme,omitempty"` // "light", "dark", or "" for the system's
	Width    float32  `json:"width,omitempty"`
	Height   float32  `json:"height,omitempty"`
	Sidebar  float32  `json:"sidebar,omitempty"`  // width of the folders
	List     float32  `json:"list,omitempty"`     // width of the message list
	Expanded []string `json:"expanded,omitempty"` // folders that show their children: "account/path"
}
