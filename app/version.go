package app

import (
	"runtime/debug"

	"github.com/linnet-mail/linnet/app/cli"
)

// release and commit are what the build was given with -ldflags -X (see the
// Makefile); a plain "go build" has neither.
var release, commit string

// version reads what the compiler noted.
func version() cli.Version {
	v := cli.Version{Version: release, Commit: commit, Modules: []cli.Module{}}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Go = info.GoVersion
	if v.Version == "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && v.Commit == "" {
			v.Commit = s.Value
		}
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		v.Modules = append(v.Modules, cli.Module{Path: m.Path, Version: m.Version})
	}
	return v
}
