package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// The files of a profile.
const (
	storeFile    = "mail.db"
	accountsFile = "accounts.json"
	secretsFile  = "passwords.json" // only where a person has chosen it
	settingsFile = "settings.json"
	lockFile     = "lock"
	socketFile   = "socket"
	logFile      = "linnet.log"
	presetFile   = "preset.json"
	openedDir    = "opened" // attachments that were opened with other programs
)

// profileDir is where the person's mail is kept: what was asked for, else
// LINNET_PROFILE, else the system's place for user data.
func profileDir(asked string, env func(string) string) (string, error) {
	for _, dir := range []string{asked, env("LINNET_PROFILE")} {
		if dir != "" {
			return filepath.Abs(dir)
		}
	}
	return userDataDir(runtime.GOOS, env)
}

// userDataDir follows the XDG base directory specification on Linux, and the
// custom of the system elsewhere.
func userDataDir(goos string, env func(string) string) (string, error) {
	var base, name string
	switch goos {
	case "windows":
		base, name = env("LocalAppData"), "Linnet"
	case "darwin":
		base, name = homeDir(env, "Library", "Application Support"), "Linnet"
	default:
		base, name = env("XDG_DATA_HOME"), "linnet"
		if !filepath.IsAbs(base) { // relative paths are to be ignored
			base = homeDir(env, ".local", "share")
		}
	}
	if base == "" {
		return "", errors.New("no home directory is known")
	}
	return filepath.Join(base, name), nil
}

// presetPath is where an administrator leaves a list of accounts for all who use
// the computer (docs/presets.md); "" if there is no such place.
func presetPath(goos string, env func(string) string) string {
	switch goos {
	case "windows":
		if base := env("ProgramData"); filepath.IsAbs(base) {
			return filepath.Join(base, "Linnet", presetFile)
		}
		return ""
	case "darwin":
		return filepath.Join("/Library", "Application Support", "Linnet", presetFile)
	}
	return filepath.Join("/etc", "linnet", presetFile)
}

func homeDir(env func(string) string, below ...string) string {
	home := env("HOME")
	if home == "" {
		return ""
	}
	return filepath.Join(append([]string{home}, below...)...)
}

// makePrivate makes a directory that only its owner can enter, and takes others'
// rights away from one that is there.
func makePrivate(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("look at %s: %w", dir, err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		if err := os.Chmod(dir, 0o700); err != nil {
			return fmt.Errorf("protect %s: %w", dir, err)
		}
	}
	return nil
}

// replaceFile writes a file so that it is either the old or the new one,
// whatever happens meanwhile.
func replaceFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
