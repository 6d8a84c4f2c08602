package app

import (
	"context"

	"github.com/linnet-mail/linnet/app/cli"
)

func (p *program) demo(ctx context.Context, args []string, env cli.Env) int { return cli.Failed }
