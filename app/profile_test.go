package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/gui"
)

func environment(m map[string]string) func(string) string {
	return func(name string) string { return m[name] }
}

func TestUserDataDirFollowsTheSystem(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("paths here have slashes")
	}
	for _, c := range []struct {
		goos string
		env  map[string]string
		want string
	}{
		{"linux", map[string]string{"HOME": "/home/ada"}, "/home/ada/.local/share/linnet"},
		{"linux", map[string]string{"HOME": "/home/ada", "XDG_DATA_HOME": "/data"}, "/data/linnet"},
		{"linux", map[string]string{"HOME": "/home/ada", "XDG_DATA_HOME": "relative"}, "/home/ada/.local/share/linnet"},
		{"darwin", map[string]string{"HOME": "/Users/ada"}, "/Users/ada/Library/Application Support/Linnet"},
		{"windows", map[string]string{"LocalAppData": "/L"}, "/L/Linnet"},
		{"linux", nil, ""},
	} {
		got, err := userDataDir(c.goos, environment(c.env))
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s %v: %q, %v", c.goos, c.env, got, err)
		}
	}
}

func TestPresetPath(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("paths here have slashes")
	}
	for _, c := range []struct {
		goos string
		env  map[string]string
		want string
	}{
		{"linux", nil, "/etc/linnet/preset.json"},
		{"darwin", nil, "/Library/Application Support/Linnet/preset.json"},
		{"windows", map[string]string{"ProgramData": "/P"}, "/P/Linnet/preset.json"},
		{"windows", map[string]string{"ProgramData": "relative"}, ""},
		{"windows", nil, ""},
	} {
		if got := presetPath(c.goos, environment(c.env)); got != c.want {
			t.Errorf("%s %v: %q", c.goos, c.env, got)
		}
	}
	file := filepath.Join(t.TempDir(), presetFile)
	log := slog.New(slog.DiscardHandler)
	if got := readPreset(file, log); got != nil {
		t.Errorf("of nothing: %q", got)
	}
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := readPreset(file, log); string(got) != "{}" {
		t.Errorf("read %q", got)
	}
}

func TestProfileDirPrefersTheFlagThenTheEnvironment(t *testing.T) {
	env := environment(map[string]string{"LINNET_PROFILE": "/from/env", "HOME": "/home/ada"})
	if got, _ := profileDir("/from/flag", env); got != "/from/flag" {
		t.Errorf("flag: %q", got)
	}
	if got, _ := profileDir("", env); got != "/from/env" {
		t.Errorf("environment: %q", got)
	}
	if got, _ := profileDir("here", env); !filepath.IsAbs(got) {
		t.Errorf("relative: %q", got)
	}
}

func TestMakePrivateTakesOthersRightsAway(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no permission bits")
	}
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := makePrivate(dir); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(dir); info.Mode().Perm() != 0o700 {
		t.Errorf("mode = %v", info.Mode())
	}
}

func TestLogStaysSmallAndPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "linnet.log")
	w, err := openLog(path, 1000)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(w, nil))
	for range 200 {
		log.Info("a line of the log", "padding", strings.Repeat("x", 40))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	log.Info("after the end")
	for _, name := range []string{path, path + ".1"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() == 0 || info.Size() > 1000 {
			t.Errorf("%s: %d octets", name, info.Size())
		}
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", name, info.Mode())
		}
	}
}

func TestSettingsSurviveAndADamagedFileCountsAsEmpty(t *testing.T) {
	s := &settings{path: filepath.Join(t.TempDir(), "settings.json")}
	if got := s.Load(); got.Width != 0 {
		t.Errorf("first start: %+v", got)
	}
	want := gui.WindowState{Theme: "dark", Width: 1200, Height: 800, Sidebar: 224, List: 376}
	if err := s.Save(want); err != nil {
		t.Fatal(err)
	}
	if got := s.Load(); got.Theme != want.Theme || got.Width != want.Width || got.List != want.List {
		t.Errorf("loaded %+v", got)
	}
	if info, _ := os.Stat(s.path); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v", info.Mode())
	}
	if err := os.WriteFile(s.path, []byte(`{"window": {"wid`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := s.Load(); got.Theme != "" {
		t.Errorf("damaged: %+v", got)
	}
	left, _ := filepath.Glob(s.path + ".*")
	if len(left) != 0 {
		t.Errorf("temporary files left: %v", left)
	}
}

func TestGlobalFlagsStandAnywhere(t *testing.T) {
	g, rest, err := globals([]string{"list", "--profile", "/p", "--folder", "INBOX", "--log-level=debug", "--", "--profile"})
	if err != nil || g.profile != "/p" || g.level != slog.LevelDebug {
		t.Errorf("%+v, %v", g, err)
	}
	if got := strings.Join(rest, " "); got != "list --folder INBOX -- --profile" {
		t.Errorf("rest = %q", got)
	}
	for _, bad := range [][]string{{"list", "--profile"}, {"--log-level", "loud"}} {
		if _, _, err := globals(bad); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}
