package trouble

import (
	"errors"
	"maps"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/linnet-mail/linnet/accounts"
)

func proxied(why, err error) error {
	return at(Dial, &ProxyError{Proxy: "proxy.example:1080", Why: why, Err: err})
}

func init() {
	maps.Copy(examples, map[string][]error{
		"proxy-down": {
			proxied(ErrProxyDown, &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}),
			proxied(ErrProxyDown, &net.DNSError{Name: "proxy.example", IsNotFound: true}),
			proxied(ErrProxyDown, os.ErrDeadlineExceeded),
		},
		"proxy-sign-in":  {proxied(ErrProxySignIn, errors.New("status 407"))},
		"proxy-refused":  {proxied(ErrProxyRefused, errors.New("status 403"))},
		"proxy-target":   {proxied(ErrProxyTarget, syscall.ECONNREFUSED), proxied(ErrProxyTarget, errors.New("status 504"))},
		"proxy-broken":   {proxied(ErrProxyBroken, errors.New("odd"))},
		"file-locked":    {at(Keyring, accounts.ErrFileLocked)},
		"file-chosen":    {accounts.ErrFileChosen},
		"proxy-settings": {proxied(ErrProxySettings, errors.New("socks4"))},
	})
}

func TestAProxyIsNamedInItsWords(t *testing.T) {
	c := Explain(proxied(ErrProxyDown, errors.New("x")))
	if c.Args["Proxy"] != "proxy.example:1080" || c.Args["Host"] != "mail.example" || !strings.Contains(c.Detail, "proxy.example:1080") {
		t.Errorf("%+v", c)
	}
}
