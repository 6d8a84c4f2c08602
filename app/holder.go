package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"

	"github.com/gofrs/flock"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/accounts/connect"
	"github.com/linnet-mail/linnet/accounts/enrol"
	"github.com/linnet-mail/linnet/accounts/proxy"
	"github.com/linnet-mail/linnet/app/cli"
	"github.com/linnet-mail/linnet/mailcore/engine"
	"github.com/linnet-mail/linnet/mailcore/store"
)

// keyringService is the name that secrets have in the person's keyring.
const keyringService = "org.linnetmail.Linnet"

// holder is this process holding a profile, and what it opened of it.
type holder struct {
	dir      string
	lock     *flock.Flock
	out      *logWriter
	log      *slog.Logger
	cli      *cli.Program
	secrets  accounts.Secrets       // nil: the system's keyring, or the file that the person chose
	ask      func() (string, error) // for that file's passphrase; nil: nobody can be asked here
	waiting  func()                 // told when the keyring waits for the person; may be nil
	opened   func() error           // nil, or what is to be done once the engine runs
	dialer   *connect.Dialer
	accounts *accounts.File
	store    *store.Store
	engine   *engine.Engine
	recovery *store.Recovery
}

// hold takes the profile, or fails with errHeld.
func hold(dir string, level slog.Level, program *cli.Program) (*holder, error) {
	if err := makePrivate(dir); err != nil {
		return nil, err
	}
	lock, err := lockProfile(dir)
	if err != nil {
		return nil, err
	}
	h := &holder{dir: dir, lock: lock, cli: program}
	if h.out, err = openLog(filepath.Join(dir, logFile), maxLog); err != nil {
		_ = lock.Close()
		return nil, err
	}
	h.log = slog.New(slog.NewTextHandler(h.out, &slog.HandlerOptions{Level: level}))
	h.dialer = &connect.Dialer{Log: h.log, Net: &proxy.Dialer{Log: h.log}}
	own := *program
	own.Examine = newDoctor(h.dialer, program.Version.Version).Examine
	h.cli = &own
	h.log.Info("start", "version", program.Version.Version, "system", runtime.GOOS+"/"+runtime.GOARCH)
	return h, nil
}

// open opens the store and starts the engine on it, without workers if offline.
func (h *holder) open(ctx context.Context, offline bool) (*engine.Engine, error) {
	var err error
	if h.accounts, err = accounts.OpenFile(h.file(accountsFile)); err != nil {
		return nil, fmt.Errorf("open accounts: %w", err)
	}
	if h.store, h.recovery, err = store.Open(ctx, h.file(storeFile)); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if h.recovery != nil {
		h.log.Warn("damaged store set aside", "file", h.recovery.SetAside,
			"drafts", h.recovery.Drafts, "outbox", h.recovery.Outbox, "pending", h.recovery.Pending)
	}
	if h.secrets == nil {
		h.secrets = h.safe()
	}
	h.engine = engine.New(engine.Config{
		Store: h.store, Accounts: h.accounts, Secrets: h.secrets, Log: h.log, Dialer: h.dialer,
		Enrol: h.enrol, OAuth: h.signInService(), Verify: (&enrol.Enroller{Dialer: h.dialer}).Check, Offline: offline,
	})
	// The engine ends through Close, after all who use it, not with ctx.
	if err := h.engine.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	if h.opened != nil {
		if err := h.opened(); err != nil {
			return nil, err
		}
	}
	return h.engine, nil
}

// safe is the system's keyring, or the file in its place. That the keyring waits
// for the person is passed on.
func (h *holder) safe() *accounts.Safe {
	keyring := accounts.Keyring(keyringService)
	keyring.Waiting = func(on bool) {
		h.engine.KeyringWaits(on)
		if on && h.waiting != nil {
			h.waiting()
		}
	}
	s := accounts.NewSafe(h.file(secretsFile), keyring)
	s.Ask = h.ask
	return s
}

// enrol is the engine's way to package enrol, which it does not know.
func (h *holder) enrol(ctx context.Context, secrets accounts.Secrets, r engine.AddRequest) (accounts.Account, error) {
	e := enrol.Enroller{File: h.accounts, Secrets: secrets, Dialer: h.dialer}
	request := enrol.Request{
		Name: r.Name, Email: r.Email, Password: r.Password, IMAP: r.IMAP, SMTP: r.SMTP, Sent: r.Sent, Demo: r.Demo,
	}
	if r.Signed != nil {
		request.Browser = &enrol.Browser{OAuth: r.Signed.OAuth, Tokens: r.Signed.Tokens, Secret: r.Signed.Secret}
	}
	return e.Add(ctx, request)
}

// answer lets other starts of the program reach this one.
func (h *holder) answer(ctx context.Context, raise func(open string) bool) (*server, error) {
	l, err := listen(ctx, h.dir)
	if err != nil {
		return nil, err
	}
	return serve(context.WithoutCancel(ctx), l, h.command, raise), nil
}

// command runs another process's command on the open engine.
func (h *holder) command(ctx context.Context, args []string, env cli.Env) int {
	c, err := h.cli.Parse(args)
	if err != nil {
		return h.cli.Report(env.Stderr, err)
	}
	h.log.Info("command from another process", "command", args[0])
	return c.Run(ctx, env, h.engine)
}

// file is the path of one of the profile's files.
func (h *holder) file(name string) string { return filepath.Join(h.dir, name) }

// close gives the profile back.
func (h *holder) close() {
	var err error
	if h.engine != nil {
		err = h.engine.Close()
	}
	if h.store != nil {
		err = errors.Join(err, h.store.Close())
	}
	if err != nil {
		h.log.Error("close profile", "error", err)
	}
	h.log.Info("end")
	_ = h.out.Close()
	_ = h.lock.Close()
}
