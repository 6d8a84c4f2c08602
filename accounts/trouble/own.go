package trouble

import (
	"context"
	"errors"
	"io/fs"

	"github.com/linnet-mail/linnet/accounts"
)

// ownRows are the failures of the person's own doing.
var ownRows = []row{
	{name: "cancelled", match: is(context.Canceled)},
	{name: "settings", action: "check-settings", match: is(accounts.ErrSettings)},
	{name: "plain-refused", action: "use-tls", match: is(ErrPlain)},
}

// keyringRows are about the secrets on this computer.
var keyringRows = []row{
	{name: "keyring-none", action: "type-password", signIn: true, match: is(accounts.ErrNoKeyring)},
	{name: "keyring-locked", action: "unlock-keyring", signIn: true, match: is(accounts.ErrKeyringLocked)},
	{name: "no-secret", action: "type-password", signIn: true, match: is(accounts.ErrNoSecret)},
	{name: "passphrase", action: "type-passphrase", signIn: true, match: is(accounts.ErrPassphrase)},
}

// storageRows are about the files of the profile.
var storageRows = []row{
	{name: "disk-full", action: "free-space", temporary: true, match: func(f facts) bool {
		return diskFull(f.err) || f.local() && f.has("disk full", "disk is full", "no space left")
	}},
	{name: "read-only", action: "make-writable", match: func(f facts) bool {
		return readOnlyDisk(f.err) || f.local() && f.has("read-only", "readonly")
	}},
	{name: "newer", action: "update-linnet", match: func(f facts) bool {
		return errors.Is(f.err, accounts.ErrNewer) || f.local() && f.has("newer version")
	}},
	{name: "damaged", action: "keep-copy", match: func(f facts) bool {
		return errors.Is(f.err, accounts.ErrDamaged) || f.local() && f.has("malformed", "not a database", "damaged", "corrupt")
	}},
	{name: "no-permission", action: "make-writable", stages: []Stage{Storage}, match: is(fs.ErrPermission)},
}

// local says that no server had a part in it.
func (f facts) local() bool { return f.stage == Storage || f.stage == "" }
