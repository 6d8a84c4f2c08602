// Linnet is a desktop mail client.
package main

import (
	"os"

	"github.com/linnet-mail/linnet/app"
)

func main() { os.Exit(app.Main()) }
