package imapsync

import (
	"fmt"
	"slices"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/mailcore"
)

// maxSet bounds the octets of a UID set in one command (RFC 7162 section 4).
const maxSet = 7900

// uidSet writes uids (ascending) as ranges.
func uidSet(uids []mailcore.UID) imap.UIDSet {
	var set imap.UIDSet
	for _, u := range uids {
		if n := len(set); n > 0 && set[n-1].Stop+1 == imap.UID(u) {
			set[n-1].Stop = imap.UID(u)
		} else {
			set = append(set, imap.UIDRange{Start: imap.UID(u), Stop: imap.UID(u)})
		}
	}
	return set
}

// uidRange is first:last.
func uidRange(first, last mailcore.UID) imap.UIDSet {
	return imap.UIDSet{{Start: imap.UID(first), Stop: imap.UID(last)}}
}

// chunks cuts uids (ascending) into pieces of at most most that fit into one
// command each.
func chunks(uids []mailcore.UID, most int) [][]mailcore.UID {
	var out [][]mailcore.UID
	for len(uids) > 0 {
		n := min(most, len(uids))
		for n > 1 && len(uidSet(uids[:n]).String()) > maxSet {
			n /= 2
		}
		out = append(out, uids[:n])
		uids = uids[n:]
	}
	return out
}

// expand lists the UIDs of a SEARCH answer, ascending. The ranges come from the
// server, so more than a folder can hold is refused before it is built.
func expand(data *imap.SearchData, most int) ([]mailcore.UID, error) {
	set, ok := data.All.(imap.UIDSet)
	if !ok || len(set) == 0 {
		return nil, nil
	}
	total := uint64(0)
	for _, r := range set {
		if r.Start == 0 || r.Stop < r.Start {
			return nil, fmt.Errorf("search answered with the set %v:%v", r.Start, r.Stop)
		}
		total += uint64(r.Stop-r.Start) + 1
	}
	if total > uint64(most)+sparePlaces {
		return nil, fmt.Errorf("search found %d messages in a folder of %d", total, most)
	}
	uids := make([]mailcore.UID, 0, total)
	for _, r := range set {
		for u := r.Start; ; u++ {
			uids = append(uids, mailcore.UID(u))
			if u == r.Stop {
				break
			}
		}
	}
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// sparePlaces is how many messages may have come between SELECT and SEARCH.
const sparePlaces = 10_000

// minus returns what of a is not in b; both ascend.
func minus(a, b []mailcore.UID) []mailcore.UID {
	var out []mailcore.UID
	for _, u := range a {
		for len(b) > 0 && b[0] < u {
			b = b[1:]
		}
		if len(b) == 0 || b[0] != u {
			out = append(out, u)
		}
	}
	return out
}

// below and from cut an ascending list at u.
func below(uids []mailcore.UID, u mailcore.UID) []mailcore.UID {
	i, _ := slices.BinarySearch(uids, u)
	return uids[:i]
}

func from(uids []mailcore.UID, u mailcore.UID) []mailcore.UID {
	i, _ := slices.BinarySearch(uids, u)
	return uids[i:]
}
