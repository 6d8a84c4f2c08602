package assets

import (
	_ "embed"
	"io"
	"strings"
)

//go:embed providers/providers.tsv
var providers string

// Providers returns what is known about mail providers. Package autodetect says
// how it is read.
func Providers() io.Reader { return strings.NewReader(providers) }
