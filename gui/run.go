package gui

import "errors"

// Run opens the window and returns when it is closed. It must be called from
// the process's main goroutine. The engine has been started, and is closed by
// the caller.
func Run(c Config) error { return errors.New("gui: not built yet") }
