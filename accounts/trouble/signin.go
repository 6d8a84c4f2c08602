package trouble

import (
	"slices"

	"github.com/emersion/go-imap/v2"
)

// signInRows are refusals of a sign-in. The words are those that providers
// were seen to use; the codes are of RFC 5530 (IMAP) and RFC 4954 (SMTP).
var signInRows = []row{
	{name: "login-disabled", action: "use-tls", match: is(ErrLoginDisabled)},
	{name: "no-mechanism", action: "app-password", match: is(ErrNoMechanism)},
	{name: "no-auth", action: "check-smtp-port", match: is(ErrNoAuth)},
	{name: "tls-required", action: "use-tls", match: func(f facts) bool {
		return f.imap == "PRIVACYREQUIRED" || f.smtp == 538 || f.says("must issue a starttls", "encryption required", "requires starttls", "secure connection required")
	}},
	{name: "locked-out", action: "wait-hour", stages: signInStages, temporary: true, match: func(f facts) bool {
		return f.says("too many bad auth", "too many login failures", "too many failed", "too many invalid", "too many auth", "temporarily locked", "temporarily blocked")
	}},
	{name: "app-password", action: "app-password", stages: signInStages, signIn: true, match: func(f facts) bool {
		return f.status == "5.7.9" || f.says("application-specific", "app password", "app-specific", "application password", "anwendungsspezifisch", "authorization code", "client authorization", "授权码")
	}},
	{name: "password-gone", action: "use-browser", stages: signInStages, signIn: true, match: func(f facts) bool {
		return f.says("basic authentication is disabled", "basicauthblocked", "basic auth is disabled") ||
			f.status == "5.7.3" && f.says("outlook.com") // Microsoft's own servers say no more since 2024-09
	}},
	{name: "browser-needed", action: "app-password", stages: signInStages, signIn: true, match: func(f facts) bool {
		return f.says("web browser", "weblogin", "web login")
	}},
	{name: "imap-off", action: "switch-imap-on", proto: IMAP, stages: []Stage{Auth, Greeting, Folders}, signIn: true, match: func(f facts) bool {
		return f.says("imap access is disabled", "not enabled for imap", "imap is disabled", "imap access disabled", "imap access is not",
			"is not enabled", "imap service is not", "enable imap", "imap disabled", "imap4 is disabled", "imap not allowed", "service is not open", "service not open",
			"nicht freigeschaltet", "nicht aktiviert", "deaktiviert")
	}},
	// Exchange, when the protocol is off for the mailbox; but sometimes for a
	// while only, so that a new sign-in is not asked for.
	{name: "imap-off", action: "switch-imap-on", proto: IMAP, stages: []Stage{Auth, Folders, Fetch}, temporary: true, match: func(f facts) bool {
		return f.says("authenticated but not connected")
	}},
	{name: "smtp-off", action: "switch-smtp-on", stages: signInStages, proto: SMTP, signIn: true, match: func(f facts) bool {
		return f.says("smtpclientauthentication is disabled", "smtp auth disabled", "smtp auth is disabled", "smtp authentication is disabled", "smtp is disabled", "smtp access is disabled",
			"smtp service is not", "not enabled for smtp", "service is not open", "service not open", "nicht freigeschaltet", "nicht aktiviert", "deaktiviert")
	}},
	{name: "policy", action: "ask-administrator", stages: signInStages, signIn: true, match: func(f facts) bool {
		return f.says("security defaults", "conditional access", "did not meet the criteria", "organization's policy", "disabled by your administrator", "blocked by policy")
	}},
	{name: "too-many", action: "wait-minutes", temporary: true, match: func(f facts) bool {
		return f.imap == imap.ResponseCodeLimit || f.says("too many", "maximum number of connections", "rate limit", "try again later", "exceeded the limit", "concurrent connections limit", "connection limit")
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
			f.says("account disabled", "account is disabled", "account locked", "account is locked", "account has been locked", "suspended", "blocked", "unusual activity")
	}},
	{name: "wrong-password", action: "sign-in-again", stages: []Stage{Auth}, signIn: true, match: wrongPassword},
}

func wrongPassword(f facts) bool {
	return f.kind == "NO" || slices.Contains([]int{530, 534, 535, 538, 550, 553, 554}, f.smtp)
}
