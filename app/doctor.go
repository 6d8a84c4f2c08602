package app

import (
	"context"
	"runtime/debug"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/autodetect"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/doctor"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore"
)

// newDoctor is package doctor on the system's network, with what we know about
// providers.
func newDoctor(dialer *connect.Dialer, version string) *doctor.Doctor {
	table, _ := autodetect.ParseTable(assets.Providers()) // without it less is said
	return &doctor.Doctor{Dialer: dialer, Providers: table, Built: committed(), Version: version}
}

// examine looks at an account of this profile, or at the servers of one that is
// not added yet.
func (h *holder) examine(ctx context.Context, a accounts.Account, tell func(doctor.Step)) doctor.Diagnosis {
	p := doctor.OfAccount(a, h.engine.Accounts().Credential(mailcore.AccountID(a.ID)))
	return newDoctor(h.dialer, h.cli.Version.Version).Examine(ctx, p, tell)
}

// committed is when what this program was made from was committed; no clock that is
// right shows an earlier time. Zero if it is not known.
func committed() time.Time {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return time.Time{}
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			when, _ := time.Parse(time.RFC3339, s.Value) // zero if it is no time
			return when
		}
	}
	return time.Time{}
}
