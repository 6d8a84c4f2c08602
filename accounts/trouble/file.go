package trouble

import "github.com/linnet-mail/linnet/accounts"

// fileRows are about the file that a person keeps passwords in.
var fileRows = []row{
	{name: "file-locked", action: "type-passphrase", signIn: true, match: is(accounts.ErrFileLocked)},
	{name: "file-chosen", match: is(accounts.ErrFileChosen)},
}
