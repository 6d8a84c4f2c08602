package assets

import (
	_ "embed"
	"slices"
)

//go:embed icons/linnet.png
var icon []byte

// Icon returns the program's icon, a PNG of 512 by 512.
func Icon() []byte { return slices.Clone(icon) }
