package imapsync

import (
	"strings"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/mailcore"
)

// flagNames are the flags that Linnet understands; servers may write them in
// any case (RFC 9051 section 2.3.2, and the IANA keyword registry).
var flagNames = [...]struct {
	bit  mailcore.Flags
	name imap.Flag
}{
	{mailcore.Seen, imap.FlagSeen},
	{mailcore.Answered, imap.FlagAnswered},
	{mailcore.Flagged, imap.FlagFlagged},
	{mailcore.Deleted, imap.FlagDeleted},
	{mailcore.DraftFlag, imap.FlagDraft},
	{mailcore.Forwarded, imap.FlagForwarded},
	{mailcore.Junk, imap.FlagJunk},
	{mailcore.NotJunk, imap.FlagNotJunk},
}

func flagsFrom(list []imap.Flag) mailcore.Flags {
	var f mailcore.Flags
	for _, l := range list {
		for _, n := range flagNames {
			if l == n.name || strings.EqualFold(string(l), string(n.name)) {
				f |= n.bit
				break
			}
		}
	}
	return f
}

// flagList names the flags of f that the folder can keep (PERMANENTFLAGS, RFC
// 9051 section 7.1; an empty list means the server did not say).
func flagList(f mailcore.Flags, permanent []imap.Flag) []imap.Flag {
	var list []imap.Flag
	for _, n := range flagNames {
		if f.Has(n.bit) && keeps(permanent, n.name) {
			list = append(list, n.name)
		}
	}
	return list
}

func keeps(permanent []imap.Flag, flag imap.Flag) bool {
	for _, p := range permanent {
		if p == imap.FlagWildcard || strings.EqualFold(string(p), string(flag)) {
			return true
		}
	}
	return len(permanent) == 0
}
