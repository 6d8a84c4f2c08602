package trouble

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"slices"
	"syscall"

	"github.com/emersion/go-imap/v2"

	"github.com/linnet-mail/linnet/accounts"
)

// row is one known failure. name is the translation key after "trouble.",
// action the one after "trouble.do.". The first row that fits counts, so the
// special ones stand before the general ones.
type row struct {
	name, action string
	stages       []Stage // none: any
	proto        string  // "": any
	temporary    bool
	signIn       bool
	match        func(f facts) bool
}

func (r row) fits(f facts) bool {
	return (len(r.stages) == 0 || slices.Contains(r.stages, f.stage)) &&
		(r.proto == "" || r.proto == f.proto) && r.match(f)
}

// signInStages are where a refusal is about the account, not about a message.
var signInStages = []Stage{Auth, Greeting}

// table is every failure that we have words for.
var table = slices.Concat(own, fileRows, keyringRows, storageRows, proxyRows, networkRows, tlsRows, authRows, serverRows, submitRows, imapRows, lostRows)

// own are the failures of the person's own doing.
var own = []row{
	{name: "cancelled", match: is(context.Canceled)},
	{name: "settings", action: "check-settings", match: is(accounts.ErrSettings)},
}

var keyringRows = []row{
	{name: "keyring-none", action: "type-password", signIn: true, match: is(accounts.ErrNoKeyring)},
	{name: "keyring-locked", action: "unlock-keyring", signIn: true, match: is(accounts.ErrKeyringLocked)},
	{name: "no-secret", action: "type-password", signIn: true, match: is(accounts.ErrNoSecret)},
	{name: "passphrase", action: "type-passphrase", signIn: true, match: is(accounts.ErrPassphrase)},
}

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

var networkRows = []row{
	{name: "plain-refused", action: "use-tls", match: is(ErrPlain)},
	{name: "unknown-host", action: "check-host", match: func(f facts) bool {
		var dns *net.DNSError
		return errors.As(f.err, &dns) && dns.IsNotFound
	}},
	{name: "no-network", action: "check-network", temporary: true, match: func(f facts) bool {
		var dns *net.DNSError
		return errors.As(f.err, &dns) || anyOf(f.err, syscall.ENETUNREACH, syscall.ENETDOWN) ||
			f.stage == Dial && f.has("network is unreachable", "unreachable network")
	}},
	{name: "port-refused", action: "check-port", temporary: true, match: func(f facts) bool {
		return errors.Is(f.err, syscall.ECONNREFUSED) || f.stage == Dial && f.has("connection refused", "actively refused")
	}},
	{name: "unreachable", action: "check-network", temporary: true, match: func(f facts) bool {
		return anyOf(f.err, syscall.EHOSTUNREACH, syscall.EHOSTDOWN)
	}},
	{name: "stalled", action: "wait", temporary: true, match: is(ErrStalled)},
	{name: "dial-timeout", action: "check-port", stages: []Stage{Dial}, temporary: true, match: timedOut},
	{name: "timeout", action: "wait", temporary: true, match: timedOut},
}

var tlsRows = []row{
	{name: "pin-changed", action: "ask-provider-certificate", match: is(ErrPin)},
	{name: "certificate-expired", action: "check-clock", match: func(f facts) bool {
		var invalid x509.CertificateInvalidError
		return errors.As(f.err, &invalid) && invalid.Reason == x509.Expired
	}},
	{name: "certificate-name", action: "check-host", match: func(f facts) bool {
		return asA[x509.HostnameError](f.err)
	}},
	{name: "certificate-self-signed", action: "ask-provider-certificate", match: func(f facts) bool {
		return asA[x509.UnknownAuthorityError](f.err) && selfSigned(f.err)
	}},
	{name: "certificate-unknown", action: "ask-provider-certificate", match: func(f facts) bool {
		return asA[x509.UnknownAuthorityError](f.err)
	}},
	{name: "certificate-bad", action: "ask-provider-certificate", match: func(f facts) bool {
		return asA[*tls.CertificateVerificationError](f.err) || asA[x509.CertificateInvalidError](f.err)
	}},
	{name: "no-starttls", action: "use-tls", match: is(ErrNoStartTLS)},
	{name: "tampered", action: "other-network", match: is(ErrTampered)},
	{name: "preauth", action: "use-tls", match: is(ErrPreAuth)},
	{name: "not-tls", action: "check-port", stages: []Stage{Handshake}, match: func(f facts) bool {
		return asA[tls.RecordHeaderError](f.err)
	}},
	{name: "tls-old", action: "ask-provider-old", stages: []Stage{Handshake}, match: func(f facts) bool {
		return f.has("protocol version", "handshake failure", "insufficient security")
	}},
}

var authRows = []row{
	{name: "login-disabled", action: "use-tls", match: is(ErrLoginDisabled)},
	{name: "no-mechanism", action: "app-password", match: is(ErrNoMechanism)},
	{name: "no-auth", action: "check-smtp-port", match: is(ErrNoAuth)},
	{name: "app-password", action: "app-password", stages: signInStages, signIn: true, match: func(f facts) bool {
		return f.status == "5.7.9" || f.says("application-specific", "app password", "app-specific", "application password")
	}},
	{name: "browser-needed", action: "app-password", stages: signInStages, signIn: true, match: func(f facts) bool {
		return f.says("web browser", "weblogin", "web login", "basic authentication is disabled", "basicauthblocked")
	}},
	{name: "imap-off", action: "switch-imap-on", stages: signInStages, signIn: true, match: func(f facts) bool {
		return f.says("imap access is disabled", "not enabled for imap", "imap is disabled", "imap access disabled",
			"is not enabled", "imap service is not", "enable imap", "imap disabled")
	}},
	{name: "smtp-off", action: "switch-smtp-on", stages: signInStages, proto: "smtp", signIn: true, match: func(f facts) bool {
		return f.status == "5.7.139" || f.says("smtpclientauthentication is disabled", "smtp auth disabled")
	}},
	{name: "too-many", action: "wait-minutes", temporary: true, match: func(f facts) bool {
		return f.imap == imap.ResponseCodeLimit || f.says("too many", "maximum number of connections", "rate limit", "try again later", "exceeded the limit")
	}},
	{name: "unavailable", action: "wait-minutes", temporary: true, match: func(f facts) bool {
		return slices.Contains([]imap.ResponseCode{
			imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeServerBug,
		}, f.imap) || f.smtp == 454 && f.stage == Auth
	}},
	{name: "password-expired", action: "provider-page", stages: []Stage{Auth}, signIn: true, match: func(f facts) bool {
		return f.imap == imap.ResponseCodeExpired || f.status == "5.7.10" || f.says("password expired", "password has expired")
	}},
	{name: "account-blocked", action: "provider-page", stages: []Stage{Auth}, signIn: true, match: func(f facts) bool {
		return f.imap == imap.ResponseCodeContactAdmin || f.imap == imap.ResponseCodeAuthorizationFailed ||
			f.says("account disabled", "account is disabled", "account locked", "account is locked", "suspended", "blocked")
	}},
	{name: "wrong-password", action: "sign-in-again", stages: []Stage{Auth}, signIn: true, match: func(f facts) bool {
		return f.kind == "NO" || slices.Contains([]int{530, 534, 535, 538, 550, 553, 554}, f.smtp)
	}},
}

var serverRows = []row{
	{name: "refused", action: "wait-minutes", stages: []Stage{Greeting, Handshake}, temporary: true, match: func(f facts) bool {
		return errors.Is(f.err, ErrRefused) || f.kind != "" || f.smtp >= 400
	}},
	{name: "hostile", action: "ask-provider", temporary: true, match: is(ErrHostile)},
}

var submitRows = []row{
	{name: "sign-in-needed", action: "check-smtp-sign-in", stages: []Stage{Submit}, signIn: true, match: func(f facts) bool {
		return f.smtp == 530 || f.smtp == 535 || f.says("authentication required")
	}},
	{name: "greylisted", action: "wait-resend", stages: []Stage{Submit}, temporary: true, match: func(f facts) bool {
		return f.smtp/100 == 4 && f.says("greylist", "graylist", "grey list")
	}},
	{name: "recipient-full", action: "tell-recipient", stages: []Stage{Submit}, match: func(f facts) bool {
		return f.smtp == 552 && f.status == "5.2.2" || f.smtp/100 == 5 && f.says("mailbox full", "over quota", "mailbox is full")
	}},
	{name: "server-full", action: "wait-resend", stages: []Stage{Submit}, temporary: true, match: smtpCode(452, 422)},
	{name: "too-big", action: "smaller", stages: []Stage{Submit}, match: func(f facts) bool {
		return f.smtp == 552 || f.status == "5.3.4" || f.smtp == 523 || f.smtp/100 == 5 && f.says("message size", "too large", "too big")
	}},
	{name: "spam", action: "check-text", stages: []Stage{Submit}, match: func(f facts) bool {
		return f.smtp/100 == 5 && f.says("spam", "blacklist", "blocklist", "blocked", "reputation", "listed at", "virus", "content reject")
	}},
	{name: "sender-refused", action: "check-identity", stages: []Stage{Submit}, match: func(f facts) bool {
		return f.status == "5.7.60" || f.status == "5.1.8" || f.smtp/100 == 5 && f.says("sender address", "send as", "not owned by", "mail from")
	}},
	{name: "no-such-user", action: "check-recipient", stages: []Stage{Submit}, match: func(f facts) bool {
		return slices.Contains([]string{"5.1.1", "5.1.2", "5.1.3", "5.1.10", "5.4.4"}, f.status) ||
			f.smtp/100 == 5 && f.says("no such user", "user unknown", "unknown user", "does not exist", "mailbox unavailable", "recipient address rejected", "recipient rejected", "invalid recipient")
	}},
	{name: "relay-denied", action: "check-smtp-sign-in", stages: []Stage{Submit}, match: func(f facts) bool {
		return f.smtp/100 == 5 && f.says("relay")
	}},
	{name: "closing", action: "wait-resend", stages: []Stage{Submit}, temporary: true, match: smtpCode(421)},
	{name: "busy", action: "wait-resend", stages: []Stage{Submit}, temporary: true, match: smtpCode(450, 451)},
	{name: "try-later", action: "wait-resend", stages: []Stage{Submit}, temporary: true, match: func(f facts) bool { return f.smtp/100 == 4 }},
	{name: "send-refused", action: "check-message", stages: []Stage{Submit}, match: func(f facts) bool { return f.smtp/100 == 5 }},
}

var imapRows = []row{
	{name: "mailbox-full", action: "make-room", match: func(f facts) bool {
		return f.imap == imap.ResponseCodeOverQuota || f.kind == "NO" && f.says("quota")
	}},
	{name: "folder-gone", action: "refresh", match: func(f facts) bool {
		return f.imap == imap.ResponseCodeNonExistent || f.imap == imap.ResponseCodeTryCreate
	}},
	{name: "folder-exists", action: "other-name", match: imapCode(imap.ResponseCodeAlreadyExists)},
	{name: "not-allowed", action: "ask-provider", match: imapCode(imap.ResponseCodeNoPerm, imap.ResponseCodeCannot)},
	{name: "append-too-big", action: "smaller", match: imapCode(imap.ResponseCodeTooBig)},
	{name: "bye", action: "wait", temporary: true, match: func(f facts) bool { return f.kind == "BYE" }},
	{name: "change-refused", action: "refresh", stages: []Stage{Change}, match: func(f facts) bool { return f.kind != "" }},
	{name: "server-refused", action: "ask-provider", stages: []Stage{Folders, Fetch, Auth}, match: func(f facts) bool { return f.kind != "" }},
}

var lostRows = []row{
	{name: "lost", action: "wait", temporary: true, match: func(f facts) bool {
		return anyOf(f.err, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED) ||
			f.has("connection reset", "broken pipe", "use of closed network connection", "forcibly closed", "unexpected eof")
	}},
	{name: "tls-failed", action: "ask-provider", stages: []Stage{Handshake}, match: func(facts) bool { return true }},
}

// fallback answers for a stage that has no row for what happened.
func fallback(f facts) row {
	r := row{name: "other", action: "wait", temporary: true}
	switch f.stage {
	case Resolve, Dial:
		r.name, r.action = "other-connect", "check-network"
	case Greeting, Auth:
		r.name, r.action = "other-sign-in", "check-settings"
	case Submit:
		r.name, r.action = "other-send", "wait-resend"
	case Keyring:
		r = row{name: "other-keyring", action: "type-password", signIn: true}
	case Storage:
		r.name, r.action = "other-storage", "restart"
	case Folders, Fetch, Change, Handshake:
		r.name = "other-sync"
	}
	return r
}

func is(target error) func(facts) bool {
	return func(f facts) bool { return errors.Is(f.err, target) }
}

func anyOf(err error, targets ...error) bool {
	return slices.ContainsFunc(targets, func(t error) bool { return errors.Is(err, t) })
}

func asA[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

func smtpCode(codes ...int) func(facts) bool {
	return func(f facts) bool { return slices.Contains(codes, f.smtp) }
}

func imapCode(codes ...imap.ResponseCode) func(facts) bool {
	return func(f facts) bool { return slices.Contains(codes, f.imap) }
}

func timedOut(f facts) bool {
	var timeout net.Error
	return errors.Is(f.err, context.DeadlineExceeded) || errors.Is(f.err, os.ErrDeadlineExceeded) ||
		errors.As(f.err, &timeout) && timeout.Timeout()
}

// presented returns the certificate that was not accepted.
func presented(err error) *x509.Certificate {
	var failed *tls.CertificateVerificationError
	if errors.As(err, &failed) && len(failed.UnverifiedCertificates) > 0 {
		return failed.UnverifiedCertificates[0]
	}
	return nil
}

func selfSigned(err error) bool {
	cert := presented(err)
	return cert != nil && cert.CheckSignatureFrom(cert) == nil
}

// fingerprint returns the SHA-256 of the certificate that was not accepted.
func fingerprint(err error) string {
	var pin *PinError
	if errors.As(err, &pin) {
		return pin.Got
	}
	if cert := presented(err); cert != nil {
		sum := sha256.Sum256(cert.Raw)
		return hex.EncodeToString(sum[:])
	}
	return ""
}
