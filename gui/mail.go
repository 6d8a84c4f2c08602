package gui

import (
	"context"
	"io"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/gui/messages"
	"github.com/linnet-mail/linnet/gui/setup"
	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/engine"
)

// mail is the engine as the window needs it; tests put fakes in. Every call may
// take time and is made off the UI goroutine.
type mail struct {
	messages  messageService
	folders   folderService
	drafts    draftService
	outbox    outboxService
	accounts  accountService
	subscribe func() eventStream
}

type messageService interface {
	messages.Source
	Open(ctx context.Context, id mailcore.ID) (mailcore.Content, error)
	SaveAttachment(ctx context.Context, id mailcore.ID, index int, w io.Writer) error
	Mark(ctx context.Context, ids []mailcore.ID, d mailcore.FlagDelta) error
	Move(ctx context.Context, ids []mailcore.ID, to mailcore.FolderID) error
	MoveTo(ctx context.Context, ids []mailcore.ID, role mailcore.Role) error
	Delete(ctx context.Context, ids []mailcore.ID) error
}

type folderService interface {
	List(ctx context.Context, account mailcore.AccountID) ([]mailcore.Folder, error)
	Visible(id mailcore.FolderID)
}

type draftService interface {
	List(ctx context.Context) ([]mailcore.Draft, error)
	Get(ctx context.Context, id mailcore.DraftID) (mailcore.Draft, error)
	Save(ctx context.Context, d mailcore.Draft) (mailcore.DraftID, error)
	Discard(ctx context.Context, id mailcore.DraftID) error
	New(account mailcore.AccountID) mailcore.Draft
	Answer(ctx context.Context, kind mailcore.DraftKind, id mailcore.ID, attribution func(mailcore.Content) string) (mailcore.Draft, error)
}

type outboxService interface {
	Send(ctx context.Context, d mailcore.Draft) (mailcore.OutboxID, error)
	List(ctx context.Context, done bool) ([]mailcore.Outgoing, error)
	Retry(ctx context.Context, id mailcore.OutboxID) error
	Cancel(ctx context.Context, id mailcore.OutboxID) (mailcore.Draft, error)
	Offers(ctx context.Context) ([]engine.Offer, error)
	Accept(ctx context.Context, offer engine.Offer) error
	AsBefore(id mailcore.AccountID) error
	Detour(a accounts.Account) (key string, args map[string]any)
}

type accountService interface {
	Status(ctx context.Context, id mailcore.AccountID) (mailcore.Status, error)
	Add(ctx context.Context, r engine.AddRequest) (accounts.Account, error)
	setup.AccountService
	SignIn(ctx context.Context, id mailcore.AccountID, password string) error
	SignInBrowser(ctx context.Context, id mailcore.AccountID, b engine.Browser) error
	Refresh(id mailcore.AccountID)
	Certificates(ctx context.Context, id mailcore.AccountID) ([]accounts.Certificate, error)
	Trust(id mailcore.AccountID, c accounts.Certificate) error
	KeepInFile(ctx context.Context, passphrase string) error
	OpenFile(ctx context.Context, passphrase string) error
}

type eventStream interface {
	Next(ctx context.Context) (mailcore.Event, error)
	Close()
}

func mailOf(e *engine.Engine) mail {
	return mail{
		messages: e.Messages(), folders: e.Folders(), drafts: e.Drafts(), outbox: e.Outbox(), accounts: e.Accounts(),
		subscribe: func() eventStream { return e.Subscribe() },
	}
}
