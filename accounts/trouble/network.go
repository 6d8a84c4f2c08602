package trouble

import (
	"errors"
	"io"
	"net"
	"syscall"
)

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
