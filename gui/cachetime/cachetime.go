// Package cachetime bounds what Fyne remembers of drawn text. Every distinct
// string becomes a texture that Fyne keeps for a minute: scrolling through a long
// list doubles the memory. Fyne reads FYNE_CACHE when it is initialised, so this
// package imports nothing but os, and is initialised earlier.
package cachetime

import "os"

// Kept is how long a texture is kept after it was last drawn.
const Kept = "10s"

func init() {
	if os.Getenv("FYNE_CACHE") == "" {
		_ = os.Setenv("FYNE_CACHE", Kept) // fails only for names that are not names
	}
}
