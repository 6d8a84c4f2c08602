package assets

import (
	"embed"
	"io/fs"
)

//go:embed demo
var demo embed.FS

// Demo returns the mail written for the demo account: *.eml, drip/*.eml (what
// arrives later) and answer.txt. Package demoserver says how they are read.
func Demo() fs.FS {
	sub, err := fs.Sub(demo, "demo")
	if err != nil {
		return demo // cannot be: the name is valid
	}
	return sub
}
