package trouble

import (
	"errors"
	"slices"
)

// Token is the stage before Auth of an account that signs in with tokens: the
// browser, and the provider's sign-in service.
const Token Stage = "token"

// What package oauth refuses or notices, and what package connect says of
// tokens, told apart with errors.Is.
var (
	// ErrDenied: the person, or the provider, said no in the browser.
	ErrDenied = errors.New("the sign-in was refused in the browser")
	// ErrBrowserTime: nothing came back from the browser in time. It may have
	// been closed.
	ErrBrowserTime = errors.New("nobody signed in in the browser in time")
	// ErrNoBrowser: no browser could be opened.
	ErrNoBrowser = errors.New("the browser could not be opened")
	// ErrState: what came back from the browser was not asked for by this
	// sign-in (RFC 6749 section 10.12), or by another service (RFC 9207).
	ErrState = errors.New("the browser's answer does not belong to this sign-in")
	// ErrCode: the code that the browser brought is not valid any more.
	ErrCode = errors.New("the sign-in took too long or was used already")
	// ErrNoClient: there is no client id for this provider.
	ErrNoClient = errors.New("no client id for this provider")
	// ErrClient: the provider does not take this client id, or its settings.
	ErrClient = errors.New("the sign-in service does not accept the client id")
	// ErrRevoked: the permission to read and send mail has ended.
	ErrRevoked = errors.New("the permission was taken back or has expired")
	// ErrNoGrant: the permission is not on this computer.
	ErrNoGrant = errors.New("no permission is stored")
	// ErrNotLasting: the provider gave no permission that lasts.
	ErrNotLasting = errors.New("the sign-in service gave no lasting permission")
	// ErrEndpoint: a sign-in address that is not https.
	ErrEndpoint = errors.New("the address of the sign-in service is not usable")
	// ErrTokenService: the sign-in service gave an answer that helps nobody.
	ErrTokenService = errors.New("the sign-in service did not answer properly")
	// ErrTokenHost: a token of a provider was about to go to somebody else.
	ErrTokenHost = errors.New("the server does not belong to the provider of the token")
	// ErrToken marks what a mail server said to a token.
	ErrToken = errors.New("signing in with a token")
)

// oauthRows are the failures of signing in through the browser and with tokens.
var oauthRows = []row{
	{name: "browser-denied", action: "browser-again", signIn: true, match: is(ErrDenied)},
	{name: "browser-time", action: "browser-again", signIn: true, match: is(ErrBrowserTime)},
	{name: "browser-none", action: "browser-default", signIn: true, match: is(ErrNoBrowser)},
	{name: "browser-state", action: "browser-again", signIn: true, match: is(ErrState)},
	{name: "browser-code", action: "browser-again", signIn: true, match: is(ErrCode)},
	{name: "client-none", action: "client-other", signIn: true, match: is(ErrNoClient)},
	{name: "client-refused", action: "client-check", signIn: true, match: is(ErrClient)},
	{name: "token-revoked", action: "browser-sign-in", signIn: true, match: is(ErrRevoked)},
	{name: "token-missing", action: "browser-sign-in", signIn: true, match: is(ErrNoGrant)},
	{name: "token-short", action: "client-scopes", signIn: true, match: is(ErrNotLasting)},
	{name: "token-endpoint", action: "check-settings", signIn: true, match: is(ErrEndpoint)},
	{name: "token-host", action: "check-settings", signIn: true, match: is(ErrTokenHost)},
	{name: "token-refused", action: "browser-same-address", stages: []Stage{Auth}, signIn: true, match: tokenRefused},
	{name: "token-mechanism", action: "ask-provider", stages: []Stage{Auth}, signIn: true, match: func(f facts) bool {
		return errors.Is(f.err, ErrToken) && errors.Is(f.err, ErrNoMechanism)
	}},
	{name: "token-service", action: "wait", stages: []Stage{Token}, temporary: true, match: func(facts) bool { return true }},
}

// tokenRefused is a refusal that would be about the password if there were one,
// and not about something that has words of its own.
func tokenRefused(f facts) bool {
	if !errors.Is(f.err, ErrToken) {
		return false
	}
	i := slices.IndexFunc(signInRows, func(r row) bool { return r.fits(f) })
	return i >= 0 && prefix+signInRows[i].name == WrongPassword
}
