// Package app is the composition root: paths, settings, the profile lock and
// its socket, the log. It makes the engine and hands it to the window or to a
// command.
package app

// Main runs Linnet with the process's arguments and returns its exit status.
func Main() int { return 0 }
