package trouble

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/textproto"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
)

var server = accounts.Server{Host: "mail.example", Port: 993, Security: accounts.TLS, User: "ada@example.org"}

func at(s Stage, err error) error { return At(s, "imap", server, fmt.Errorf("doing it: %w", err)) }

func sending(code int, msg string) error {
	return At(Submit, "smtp", server, &textproto.Error{Code: code, Msg: msg})
}

func signing(code int, msg string) error {
	return At(Auth, "smtp", server, &textproto.Error{Code: code, Msg: msg})
}

func no(s Stage, code imap.ResponseCode, text string) error {
	return at(s, &imap.Error{Type: imap.StatusResponseTypeNo, Code: code, Text: text})
}

func token(err error) error {
	return At(Token, "https", accounts.Server{Host: "login.example", Port: 443}, fmt.Errorf("doing it: %w", err))
}

func dial(err error) error {
	return at(Dial, &net.OpError{Op: "dial", Net: "tcp", Err: err})
}

func badCertificate(err error) error {
	return at(Handshake, &tls.CertificateVerificationError{UnverifiedCertificates: []*x509.Certificate{{Raw: []byte("x")}}, Err: err})
}

// examples are errors as they really come, by the row that they must find.
var examples = map[string][]error{
	"cancelled":      {at(Auth, context.Canceled)},
	"settings":       {at(Dial, accounts.Server{}.Check())},
	"keyring-none":   {at(Keyring, accounts.ErrNoKeyring)},
	"keyring-locked": {at(Keyring, accounts.ErrKeyringLocked)},
	"no-secret":      {at(Keyring, accounts.ErrNoSecret)},
	"passphrase":     {accounts.ErrPassphrase},
	"disk-full": {
		at(Storage, &fs.PathError{Op: "write", Path: "x", Err: fullDisk}),
		errors.New("store: disk full"), errors.New("database or disk is full (13)"),
	},
	"read-only": {
		at(Storage, &fs.PathError{Op: "open", Path: "x", Err: readOnly}),
		errors.New("store: profile is read-only"), errors.New("attempt to write a readonly database (8)"),
	},
	"newer":         {accounts.ErrNewer, errors.New("store: written by a newer version of Linnet")},
	"damaged":       {accounts.ErrDamaged, errors.New("database disk image is malformed (11)"), errors.New("file is not a database (26)")},
	"no-permission": {at(Storage, &fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission})},
	"plain-refused": {at(Dial, ErrPlain)},
	"unknown-host":  {at(Resolve, &net.DNSError{Err: "no such host", Name: "mail.example", IsNotFound: true})},
	"no-network": {
		at(Resolve, &net.DNSError{Err: "server misbehaving", Name: "mail.example", IsTemporary: true}),
		dial(os.NewSyscallError("connect", syscall.ENETUNREACH)),
	},
	"port-refused": {
		dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)),
		dial(errors.New("connectex: no connection could be made because the target machine actively refused it")),
	},
	"unreachable":  {dial(os.NewSyscallError("connect", syscall.EHOSTUNREACH))},
	"stalled":      {at(Fetch, &StallError{Waiting: "FETCH", For: 30})},
	"dial-timeout": {dial(os.ErrDeadlineExceeded), at(Dial, context.DeadlineExceeded)},
	"timeout":      {at(Auth, context.DeadlineExceeded)},
	"pin-changed":  {at(Handshake, &PinError{Want: "aa", Got: "bb"})},
	"certificate-expired": {badCertificate(x509.CertificateInvalidError{
		Cert: &x509.Certificate{}, Reason: x509.Expired,
	})},
	"certificate-name":    {badCertificate(x509.HostnameError{Certificate: &x509.Certificate{}, Host: "x"})},
	"certificate-unknown": {badCertificate(x509.UnknownAuthorityError{Cert: &x509.Certificate{}})},
	"certificate-bad": {badCertificate(x509.CertificateInvalidError{
		Cert: &x509.Certificate{}, Reason: x509.IncompatibleUsage,
	})},
	"no-starttls":     {at(Handshake, ErrNoStartTLS)},
	"tampered":        {at(Handshake, fmt.Errorf("%w: 12 octets", ErrTampered))},
	"preauth":         {at(Handshake, ErrPreAuth)},
	"not-tls":         {at(Handshake, tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"})},
	"tls-old":         {at(Handshake, errors.New("remote error: tls: protocol version not supported"))},
	"tls-failed":      {at(Handshake, errors.New("tls: odd"))},
	"browser-denied":  {token(ErrDenied)},
	"browser-time":    {token(ErrBrowserTime)},
	"browser-none":    {token(fmt.Errorf("%w: exec: no xdg-open", ErrNoBrowser))},
	"browser-state":   {token(ErrState)},
	"browser-code":    {token(fmt.Errorf("%w: invalid_grant", ErrCode))},
	"client-none":     {token(ErrNoClient)},
	"client-refused":  {token(ErrClient)},
	"token-revoked":   {token(ErrRevoked), at(Auth, token(ErrRevoked))},
	"token-missing":   {token(ErrNoGrant)},
	"token-short":     {token(ErrNotLasting)},
	"token-endpoint":  {token(ErrEndpoint)},
	"token-host":      {token(ErrTokenHost)},
	"token-service":   {token(ErrTokenService), token(io.ErrUnexpectedEOF)},
	"token-mechanism": {at(Auth, fmt.Errorf("%w: %w", ErrToken, ErrNoMechanism))},
	"token-refused": {
		at(Auth, fmt.Errorf("%w: %w", ErrToken, &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeAuthenticationFailed})),
		At(Auth, "smtp", server, fmt.Errorf("%w: %w", ErrToken, &textproto.Error{Code: 535, Msg: "5.7.8 no"})),
	},
	"login-disabled": {at(Auth, ErrLoginDisabled)},
	"no-mechanism":   {at(Auth, ErrNoMechanism)},
	"no-auth":        {at(Auth, ErrNoAuth)},
	"app-password": {
		no(Auth, imap.ResponseCodeAlert, "Application-specific password required: https://support.google.com/"),
		signing(534, "5.7.9 Application-specific password required"),
	},
	"browser-needed": {
		no(Auth, "", "[ALERT] Please log in via your web browser"),
	},
	"imap-off": {
		no(Auth, imap.ResponseCodeAlert, "Your account is not enabled for IMAP use."),
		no(Auth, "", "LOGIN failed: IMAP access is disabled for your domain"),
		at(Auth, fmt.Errorf("%w: %w", ErrToken, &imap.Error{Type: imap.StatusResponseTypeNo, Text: "IMAP access is disabled"})),
	},
	"smtp-off": {signing(535, "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant")},
	"too-many": {
		no(Auth, imap.ResponseCodeLimit, "slow down"),
		no(Auth, imap.ResponseCodeAlert, "Too many simultaneous connections. (Failure)"),
		no(Auth, imap.ResponseCodeUnavailable, "Maximum number of connections from user+IP exceeded"),
	},
	"unavailable": {
		no(Auth, imap.ResponseCodeUnavailable, "Temporary authentication failure."),
		no(Folders, imap.ResponseCodeInUse, "locked"),
		signing(454, "4.7.0 Temporary authentication failure"),
	},
	"password-expired": {no(Auth, imap.ResponseCodeExpired, "change it")},
	"account-blocked":  {no(Auth, imap.ResponseCodeContactAdmin, "call us"), signing(535, "5.7.1 account is locked")},
	"wrong-password": {
		no(Auth, imap.ResponseCodeAuthenticationFailed, "Authentication failed."),
		no(Auth, imap.ResponseCodeAlert, "Invalid credentials (Failure)"),
		signing(535, "5.7.8 Error: authentication failed: (reason unavailable)"),
	},
	"refused": {
		At(Greeting, "smtp", server, &textproto.Error{Code: 554, Msg: "no service"}), at(Handshake, ErrRefused),
		at(Greeting, &imap.Error{Type: imap.StatusResponseTypeBye, Text: "go away"}),
	},
	"hostile":        {at(Fetch, fmt.Errorf("%w: deep", ErrHostile))},
	"sign-in-needed": {sending(530, "5.7.0 Authentication required")},
	"greylisted":     {sending(450, "4.2.0 <x@y>: Recipient address rejected: Greylisted, see http://x")},
	"recipient-full": {sending(552, "5.2.2 Mailbox full"), sending(550, "over quota")},
	"server-full":    {sending(452, "4.3.1 Insufficient system storage")},
	"too-big":        {sending(552, "5.3.4 Message size exceeds fixed limit")},
	"spam":           {sending(550, "5.7.1 Message rejected as spam")},
	"sender-refused": {sending(553, "5.7.1 <a@b>: Sender address rejected: not owned by user ada")},
	"no-such-user":   {sending(550, "5.1.1 <x@y>: Recipient address rejected: User unknown in virtual mailbox table"), sending(550, "No such user here")},
	"relay-denied":   {sending(554, "5.7.1 <x@y>: Relay access denied")},
	"closing":        {sending(421, "4.3.0 shutting down")},
	"busy":           {sending(451, "4.3.0 local error")},
	"try-later":      {sending(432, "4.7.12 transition")},
	"send-refused":   {sending(554, "5.6.0 no")},
	"mailbox-full":   {no(Change, imap.ResponseCodeOverQuota, "Quota exceeded")},
	"folder-gone":    {no(Folders, imap.ResponseCodeNonExistent, "no mailbox"), no(Change, imap.ResponseCodeTryCreate, "no mailbox")},
	"folder-exists":  {no(Change, imap.ResponseCodeAlreadyExists, "exists")},
	"not-allowed":    {no(Change, imap.ResponseCodeNoPerm, "no")},
	"append-too-big": {no(Change, imap.ResponseCodeTooBig, "no")},
	"bye":            {at(Fetch, &imap.Error{Type: imap.StatusResponseTypeBye, Text: "idle for too long"})},
	"change-refused": {no(Change, "", "no")},
	"server-refused": {no(Fetch, "", "no")},
	"lost":           {at(Fetch, io.ErrUnexpectedEOF), at(Fetch, os.NewSyscallError("read", syscall.ECONNRESET)), at(Submit, net.ErrClosed)},
	"other":          {errors.New("odd")},
	"other-connect":  {at(Dial, errors.New("odd"))},
	"other-sign-in":  {at(Auth, errors.New("odd"))},
	"other-send":     {At(Submit, "smtp", server, errors.New("odd"))},
	"other-keyring":  {at(Keyring, errors.New("odd"))},
	"other-storage":  {at(Storage, errors.New("odd"))},
	"other-sync":     {at(Fetch, errors.New("odd"))},
}

func TestEveryExampleFindsItsRow(t *testing.T) {
	for name, errs := range examples {
		for _, err := range append(errs, answers()[name]...) {
			c := Explain(err)
			if c.Key != prefix+name {
				t.Errorf("%v\n got %s\nwant %s", err, c.Key, prefix+name)
			}
			if c.Detail == "" {
				t.Errorf("%v: no detail", err)
			}
		}
	}
}

func TestEveryRowHasAnExampleAndWords(t *testing.T) {
	words, err := assets.NewWords("en")
	if err != nil {
		t.Fatal(err)
	}
	rows := table
	for _, stage := range []Stage{"", Resolve, Token, Auth, Sender, Submit, Keyring, Storage, Fetch} {
		rows = append(rows, fallback(facts{stage: stage}))
	}
	args := map[string]any{"Host": "H", "Port": 1, "Address": "A", "Fingerprint": "F", "Proxy": "P", "Owner": "O", "Issuer": "I", "OtherPort": 2, "OtherSecurity": "TLS"}
	for _, r := range rows {
		// A self-signed certificate needs a real one: package connect tests it.
		if len(examples[r.name])+len(answers()[r.name])+len(sights()[r.name]) == 0 && r.name != "certificate-self-signed" {
			t.Errorf("row %s has no example", r.name)
		}
		for _, key := range []string{prefix + r.name, action(r.action)} {
			if got := words.Say(key, args); key != "" && (got == key || strings.Contains(got, "{{")) {
				t.Errorf("no words for %s: %q", key, got)
			}
		}
	}
}

func TestExplainSaysWhoCanHelp(t *testing.T) {
	wrong := Explain(no(Auth, imap.ResponseCodeAuthenticationFailed, "no"))
	if !wrong.SignIn || wrong.Temporary || wrong.Key != WrongPassword {
		t.Errorf("wrong password: %+v", wrong)
	}
	lost := Explain(at(Fetch, io.EOF))
	if lost.SignIn || !lost.Temporary {
		t.Errorf("lost: %+v", lost)
	}
	if lost.Args["Host"] != "mail.example" || lost.Args["Port"] != 993 || lost.Args["Address"] != "ada@example.org" {
		t.Errorf("args: %v", lost.Args)
	}
	if c := Explain(nil); c.Key != "" {
		t.Errorf("nil: %+v", c)
	}
}

func TestDetailHidesSecrets(t *testing.T) {
	for _, leak := range []string{
		"BAD AUTHENTICATE PLAIN AGFkYQBjYW5hcnk=", `BAD a LOGIN ada "canary \" x"`, "BAD a LOGIN ada canary",
		"password=canary", `{"token": "canary"}`, "x " + strings.Repeat("canary", 8),
	} {
		d := Explain(at(Auth, errors.New(leak))).Detail
		if strings.Contains(d, "canary") || strings.Contains(d, "AGFkYQ") {
			t.Errorf("%q became %q", leak, d)
		}
	}
}

func TestAtKeepsTheFirstStage(t *testing.T) {
	inner := At(Dial, "imap", server, io.EOF)
	if got := At(Auth, "imap", server, fmt.Errorf("later: %w", inner)); !strings.Contains(got.Error(), "dial mail.example:993") {
		t.Errorf("%v", got)
	}
	if At(Dial, "", server, nil) != nil {
		t.Error("nil became an error")
	}
}
