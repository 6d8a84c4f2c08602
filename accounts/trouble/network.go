package trouble

import (
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
)

// proxyRows are about a proxy between here and the server. A SOCKS proxy's
// failures are net.OpErrors of golang.org/x/net/proxy.
var proxyRows = []row{
	{name: "proxy-sign-in", action: "check-proxy", match: func(f facts) bool {
		return f.proxied() && f.has("407", "authentication", "username/password", "no acceptable auth")
	}},
	{name: "proxy-refused", action: "ask-proxy", match: func(f facts) bool {
		return f.proxied() && f.has("403", "405", "forbidden", "not allowed by ruleset", "refused to connect")
	}},
	{name: "proxy-failed", action: "check-proxy", temporary: true, match: facts.proxied},
}

// proxied says that the error comes from the way through a proxy, or from the
// proxy itself.
func (f facts) proxied() bool {
	if f.stage != Dial && f.stage != Resolve {
		return false
	}
	var op *net.OpError
	return errors.As(f.err, &op) && (strings.HasPrefix(op.Op, "socks") || strings.HasPrefix(op.Op, "proxy")) ||
		f.has("proxy:", "proxyconnect")
}

// networkRows are about the way to the server.
var networkRows = []row{
	{name: "unknown-host", action: "check-host", match: func(f facts) bool {
		var dns *net.DNSError
		return errors.As(f.err, &dns) && dns.IsNotFound
	}},
	{name: "no-network", action: "check-network", temporary: true, match: func(f facts) bool {
		var dns *net.DNSError
		return errors.As(f.err, &dns) || anyOf(f.err, syscall.ENETUNREACH, syscall.ENETDOWN, ErrNoNetwork) ||
			f.stage == Dial && f.has("network is unreachable", "unreachable network")
	}},
	{name: "port-refused", action: "check-port", temporary: true, match: refusedPort},
	{name: "unreachable", action: "check-network", temporary: true, match: func(f facts) bool {
		return anyOf(f.err, syscall.EHOSTUNREACH, syscall.EHOSTDOWN)
	}},
	{name: "stalled", action: "wait", temporary: true, match: is(ErrStalled)},
	{name: "dial-timeout", action: "check-port", stages: []Stage{Dial}, temporary: true, match: timedOut},
	{name: "timeout", action: "wait", temporary: true, match: timedOut},
}

func refusedPort(f facts) bool {
	return errors.Is(f.err, syscall.ECONNREFUSED) || f.stage == Dial && f.has("connection refused", "actively refused")
}

// lostRows are connections that ended without a word.
var lostRows = []row{
	{name: "lost", action: "wait", temporary: true, match: func(f facts) bool {
		return anyOf(f.err, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED) ||
			f.has("connection reset", "broken pipe", "use of closed network connection", "forcibly closed", "unexpected eof")
	}},
	{name: "tls-failed", action: "ask-provider", stages: []Stage{Handshake}, match: func(facts) bool { return true }},
}
