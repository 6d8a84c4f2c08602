package cli

import (
	"context"
	"errors"
	"flag"

	"github.com/linnet-mail/linnet/mailcore/rfc822"
)

func parse(*flag.FlagSet) runner {
	return func(_ context.Context, c *call) error {
		var failed error
		for _, name := range c.args {
			raw, err := c.file(name)
			if err != nil {
				failed = errors.Join(failed, err)
				continue
			}
			if err := c.line(rfc822.Dump(name, raw)); err != nil {
				return err
			}
		}
		return failed
	}
}
