package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/imapsync"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// SyncRequest says what SyncOnce brings up to date.
type SyncRequest struct {
	Account mailcore.AccountID // "" for all
	Folders []string           // paths; none means all
	Bodies  bool
}

// FolderReport is what one folder's sync did.
type FolderReport struct {
	Account  string `json:"account"` // e-mail address
	Folder   string `json:"folder"`
	New      int    `json:"new"`
	Changed  int    `json:"changed"`
	Removed  int    `json:"removed"`
	Total    int    `json:"total"`
	BytesIn  int64  `json:"imap_bytes_in"`
	BytesOut int64  `json:"imap_bytes_out"`
}

// SyncReport is what "linnet sync" prints. Times are in seconds; over several
// accounts, which sync one after the other, they count from the first's start.
type SyncReport struct {
	Folders     []FolderReport `json:"folders"`
	Bodies      int            `json:"bodies"`
	FirstScreen float64        `json:"first_screen_s"` // until the first 100 rows were stored
	Listable    float64        `json:"listable_s"`
	Searchable  float64        `json:"searchable_s"`
	BytesIn     int64          `json:"imap_bytes_in"`
	BytesOut    int64          `json:"imap_bytes_out"`

	Ledger   []LedgerLine `json:"ledger"`     // of all folders of the accounts, asked for or not
	Waiting  int          `json:"waiting"`    // changes made here that the server has not confirmed
	UpToDate bool         `json:"up_to_date"` // all folders were compared, all is here, and nothing waits
}

// LedgerLine is what is known of one folder after a sync.
type LedgerLine struct {
	Account  string `json:"account"` // e-mail address
	Folder   string `json:"folder"`
	Server   int    `json:"server"`     // messages there when last compared
	Here     int    `json:"here"`       // of those
	Checked  int64  `json:"checked"`    // when last compared, unix seconds; 0 for never
	UpToDate bool   `json:"up_to_date"` // compared just now, and all is here
}

// SyncOnce brings everything up to date once, pending operations first. What
// one account's failure leaves undone does not stop the others.
func (a *Accounts) SyncOnce(ctx context.Context, r SyncRequest) (SyncReport, error) {
	report := SyncReport{Folders: []FolderReport{}, Ledger: []LedgerLine{}, UpToDate: true}
	started := a.e.now()
	var failed error
	for _, account := range a.chosen(r.Account) {
		before := a.e.now().Sub(started).Seconds()
		one, err := a.syncAccount(ctx, account, r)
		report.add(account, one, before)
		err = errors.Join(err, a.entries(ctx, &report, account, started))
		if err != nil {
			report.UpToDate = false
			failed = errors.Join(failed, fmt.Errorf("sync %s: %w", account.Email, err))
		}
	}
	if len(a.chosen(r.Account)) == 0 {
		return report, problemf("engine.no-account", "engine.no-account.action", nil)
	}
	return report, a.e.problem(failed)
}

// chosen lists the account of an id, or all that have a server.
func (a *Accounts) chosen(id mailcore.AccountID) []accounts.Account {
	return slices.DeleteFunc(a.List(), func(x accounts.Account) bool { return id != "" && x.ID != string(id) || id == "" && x.Kept })
}

func (a *Accounts) syncAccount(ctx context.Context, account accounts.Account, r SyncRequest) (imapsync.Report, error) {
	run, err := a.e.run(mailcore.AccountID(account.ID))
	if err != nil {
		return imapsync.Report{}, err
	}
	ctx, done := run.during(ctx)
	defer done()
	report, err := run.worker.SyncOnce(ctx, r.Folders, r.Bodies)
	if errors.Is(err, store.ErrNotFound) && len(r.Folders) > 0 {
		err = problemf("engine.no-such-folder", "", map[string]any{
			"Folder": strings.Join(r.Folders, ", "), "Email": account.Email,
		})
	}
	return report, err
}

// entries adds what the ledger says of an account to a report begun at started.
func (a *Accounts) entries(ctx context.Context, report *SyncReport, account accounts.Account, started time.Time) error {
	id := mailcore.AccountID(account.ID)
	waiting, err := a.e.c.Store.Waiting(ctx, id)
	if err != nil {
		return err
	}
	ledger, err := a.Ledger(ctx, id)
	if err != nil {
		return err
	}
	report.Waiting += waiting
	report.UpToDate = report.UpToDate && waiting == 0 && len(ledger) > 0
	for _, e := range ledger {
		line := LedgerLine{Account: account.Email, Folder: e.Folder.Path, Server: e.Server, Here: e.Here, UpToDate: e.UpToDate()}
		if !e.Folder.Checked.IsZero() {
			line.Checked = e.Folder.Checked.Unix()
		}
		line.UpToDate = line.UpToDate && line.Checked >= started.Unix()
		report.UpToDate = report.UpToDate && line.UpToDate
		report.Ledger = append(report.Ledger, line)
	}
	return nil
}

func (s *SyncReport) add(account accounts.Account, r imapsync.Report, before float64) {
	if len(s.Folders) == 0 {
		s.FirstScreen = before + r.FirstScreen.Seconds()
	}
	for _, f := range r.Folders {
		s.Folders = append(s.Folders, FolderReport{
			Account: account.Email, Folder: f.Folder.Path, New: f.New, Changed: f.Changed, Removed: f.Removed,
			Total: f.Folder.Total, BytesIn: f.BytesIn, BytesOut: f.BytesOut,
		})
	}
	s.Bodies += r.Bodies
	s.Listable = before + r.Listable.Seconds()
	s.Searchable = before + r.Searchable.Seconds()
	s.BytesIn += r.BytesIn
	s.BytesOut += r.BytesOut
}
