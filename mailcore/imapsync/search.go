package imapsync

import (
	"context"
	"errors"
	"slices"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts/trouble"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// mostFound bounds what a search of one folder brings: the newest.
const mostFound = 1000

// errUnknownFolder: what the server has under this name is not what is here of it.
var errUnknownFolder = errors.New("the folder was not compared with the server yet")

// Search has the server look in a folder, over the interactive connection. It
// returns the newest 1,000 messages at most. Headers that are not here yet are
// fetched; new mail is left to the next look. Whether a message has attachments
// cannot be asked.
func (w *Worker) Search(ctx context.Context, f mailcore.Folder, want store.Wanted) ([]mailcore.ID, error) {
	var ids []mailcore.ID
	err := w.lane.do(ctx, w, &job{run: func(ctx context.Context, c *conn) (err error) {
		ids, err = w.search(ctx, c, f, want)
		return err
	}})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

func (w *Worker) search(ctx context.Context, c *conn, f mailcore.Folder, want store.Wanted) ([]mailcore.ID, error) {
	data, err := w.selectFolder(c, f)
	if err != nil {
		return nil, err
	}
	cur, err := w.c.Store.Cursor(ctx, f.ID)
	if err != nil {
		return nil, w.at(trouble.Storage, "read cursor", err)
	}
	if cur.UIDValidity != data.UIDValidity {
		return nil, w.at(trouble.Fetch, "search in "+f.Path, errUnknownFolder)
	}
	uids, err := w.askSearch(c, f, want, int(data.NumMessages))
	if err != nil {
		return nil, err
	}
	uids = below(uids, cur.UIDNext)
	uids = uids[max(0, len(uids)-mostFound):]
	if err := w.fetchFound(ctx, c, f, cur.UIDValidity, below(uids, cur.Backfilled)); err != nil {
		return nil, err
	}
	found, err := w.c.Store.ByUIDs(ctx, f.ID, uids)
	if err != nil {
		return nil, w.at(trouble.Storage, "read messages", err)
	}
	var ids []mailcore.ID
	for _, u := range uids {
		if id, here := found[u]; here {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (w *Worker) askSearch(c *conn, f mailcore.Folder, want store.Wanted, exists int) ([]mailcore.UID, error) {
	if exists == 0 {
		return nil, nil
	}
	var options *imap.SearchOptions
	if c.caps.Has(imap.CapESearch) {
		options = &imap.SearchOptions{ReturnAll: true}
	}
	data, err := c.UIDSearch(criteria(want), options).Wait()
	if err == nil {
		var uids []mailcore.UID
		if uids, err = expand(data, exists); err == nil {
			return uids, nil
		}
	}
	return nil, w.at(trouble.Fetch, "search in "+f.Path, err)
}

// criteria is RFC 9051 section 6.4.4.
func criteria(want store.Wanted) *imap.SearchCriteria {
	c := &imap.SearchCriteria{SentSince: want.After, SentBefore: want.Before, Flag: flagList(want.Flags, nil)}
	if want.Unread {
		c.NotFlag = []imap.Flag{imap.FlagSeen}
	}
	field := func(name, text string) imap.SearchCriteria {
		return imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: name, Value: text}}}
	}
	for _, word := range want.Words {
		switch word.Field {
		case "":
			c.Text = append(c.Text, word.Text)
		case "to":
			c.Or = append(c.Or, [2]imap.SearchCriteria{field("To", word.Text), field("Cc", word.Text)})
		case "from":
			c.Header = append(c.Header, field("From", word.Text).Header...)
		case "subject":
			c.Header = append(c.Header, field("Subject", word.Text).Header...)
		}
	}
	return c
}

// fetchFound brings the headers of messages that backfill has not reached. The
// ledger stays: backfill passes them by later.
func (w *Worker) fetchFound(ctx context.Context, c *conn, f mailcore.Folder, uidValidity uint32, uids []mailcore.UID) error {
	here, err := w.c.Store.ByUIDs(ctx, f.ID, uids)
	if err != nil {
		return w.at(trouble.Storage, "read messages", err)
	}
	uids = slices.DeleteFunc(slices.Clone(uids), func(u mailcore.UID) bool { return here[u] != 0 })
	for _, part := range chunks(uids, largestWindow) {
		win := c.fetchHeaders(uidSet(part), part, false)
		<-win.done
		arrived := slices.DeleteFunc(win.arrived, func(a store.Arrival) bool {
			return a.Flags.Has(mailcore.Deleted) && !c.caps.Has(imap.CapUIDPlus) || !slices.Contains(part, a.UID)
		})
		if _, err := w.c.Store.Apply(ctx, store.Batch{Folder: f.ID, Arrived: arrived, UIDValidity: uidValidity}); err != nil {
			return w.at(trouble.Storage, "store "+f.Path, err)
		}
		w.c.Publish(mailcore.MessagesChanged{Account: w.id(), Folders: []mailcore.FolderID{f.ID}})
		if win.err != nil && refusal(win.err) == nil {
			return w.at(trouble.Fetch, "fetch headers of "+f.Path, win.err)
		}
	}
	return nil
}
