package trouble

import "errors"

// Why a proxy, on the way to a server, gave no connection.
var (
	ErrProxyDown     = errors.New("the proxy cannot be reached")
	ErrProxySignIn   = errors.New("the proxy wants another sign-in")
	ErrProxyRefused  = errors.New("the proxy does not let this through")
	ErrProxyTarget   = errors.New("the proxy could not reach the server")
	ErrProxyBroken   = errors.New("the proxy did not answer as one")
	ErrProxySettings = errors.New("the proxy settings cannot be used")
)

// ProxyError is a proxy that gave no connection. It is its Why and its Err.
type ProxyError struct {
	Proxy string // host:port, never with a credential; "" if that cannot be read
	Why   error  // one of the above
	Err   error  // how it was noticed
}

func (e *ProxyError) Error() string {
	return "proxy " + e.Proxy + ": " + e.Why.Error() + ": " + e.Err.Error()
}

// Unwrap returns both.
func (e *ProxyError) Unwrap() []error { return []error{e.Why, e.Err} }

// proxyRows stand before those of the network, whose errors they carry.
var proxyRows = []row{
	{name: "proxy-sign-in", action: "check-proxy", match: is(ErrProxySignIn)},
	{name: "proxy-refused", action: "allow-proxy", match: is(ErrProxyRefused)},
	{name: "proxy-target", action: "check-proxy-target", temporary: true, match: is(ErrProxyTarget)},
	{name: "proxy-settings", action: "check-proxy", match: is(ErrProxySettings)},
	{name: "proxy-down", action: "check-proxy", temporary: true, match: is(ErrProxyDown)},
	{name: "proxy-broken", action: "check-proxy", temporary: true, match: is(ErrProxyBroken)},
}

// proxyOf returns the proxy that an error is about, "" for none.
func proxyOf(err error) string {
	var p *ProxyError
	if errors.As(err, &p) {
		return p.Proxy
	}
	return ""
}
