// Big-mailbox writes a maildir with as many messages as asked for: conversations,
// several languages, HTML, attachments. The same seed writes the same mail.
//
//	go run ./dev/big-mailbox -n 100000 DIR
//	doveadm import -u USER maildir:DIR "" all
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/linnet-mail/linnet/mailcore/mailtest"
)

func main() {
	n := flag.Int("n", 100_000, "how many messages")
	seed := flag.Uint64("seed", 1, "another number writes other messages")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: big-mailbox [-n MESSAGES] [-seed N] DIR")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 || *n < 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := mailtest.WriteMaildir(flag.Arg(0), *n, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "big-mailbox:", err)
		os.Exit(1)
	}
}
