package app

import (
	"context"

	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/proxy"
	"github.com/linnet-mail/linnet/assets"
)

// detect is the way to package autodetect, on the system's network, through its proxy if it
// names one, and with the built-in table. progress may be nil.
func detect(ctx context.Context, address string, progress func(autodetect.Step)) (autodetect.Result, error) {
	table, err := autodetect.ParseTable(assets.Providers())
	if err != nil {
		return autodetect.Result{}, err
	}
	d := &autodetect.Detector{Table: table, Dialer: &connect.Dialer{Net: &proxy.Dialer{}}}
	return d.Detect(ctx, address, progress)
}

// detectQuietly is detect for those who tell nobody meanwhile.
func detectQuietly(ctx context.Context, address string) (autodetect.Result, error) {
	return detect(ctx, address, nil)
}
