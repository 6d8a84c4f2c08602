package mailtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// echo starts a server that sends back what it gets.
func echo(t *testing.T) *Scripted {
	return Serve(t, ScriptOptions{}, func(c *Conn) { _, _ = io.Copy(c.Conn, c.R) })
}

func dialProxy(t *testing.T, p *Proxy) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", p.port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

func TestProxyHandsEverythingThrough(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	t.Run("", func(t *testing.T) {
		p := NewProxy(t, echo(t).Server)
		p.Set(Fault{Piece: 777, Delay: time.Microsecond})
		c := dialProxy(t, p)
		data := bytes.Repeat([]byte("linnet "), 20_000)
		go func() { _, _ = c.Write(data) }()
		got := make([]byte, len(data))
		if _, err := io.ReadFull(c, got); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("%d bytes differ: %v", len(data), err)
		}
		if down, up := p.Bytes(); down != int64(len(data)) || up != down {
			t.Errorf("counted %d down, %d up", down, up)
		}
	})
}

func TestProxyBreaksAfterExactlyNBytes(t *testing.T) {
	for _, b := range []Break{Cut, Reset} {
		p := NewProxy(t, echo(t).Server)
		p.Next(Fault{Break: b, After: 5})
		c := dialProxy(t, p)
		if _, err := c.Write([]byte("123456789")); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(c)
		if b == Cut && (string(got) != "12345" || err != nil) {
			t.Errorf("cut: %q, %v", got, err)
		}
		if b == Reset && !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("reset: %q, %v", got, err)
		}
		fine := dialProxy(t, p) // Next is for one connection
		_, _ = fine.Write([]byte("123456789"))
		if _, err := io.ReadFull(fine, make([]byte, 9)); err != nil {
			t.Errorf("the next connection: %v", err)
		}
	}
}

func TestProxyStallsUntilHealed(t *testing.T) {
	p := NewProxy(t, echo(t).Server)
	p.Set(Fault{Break: Stall, Up: true, After: 3})
	c := dialProxy(t, p)
	_, _ = c.Write([]byte("123456"))
	if _, err := io.ReadFull(c, make([]byte, 3)); err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("stalled connection: %v", err)
	}
	p.Heal()
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.ReadFull(c, make([]byte, 3)); err != nil {
		t.Fatalf("after heal: %v", err)
	}
}

func TestProxyRefusesAndTakesAgain(t *testing.T) {
	p := NewProxy(t, echo(t).Server)
	p.Refuse(t, true)
	_, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", p.port))
	if !errors.Is(err, syscall.ECONNREFUSED) {
		t.Fatalf("refused: %v", err)
	}
	p.Refuse(t, false)
	c := dialProxy(t, p)
	_, _ = c.Write([]byte("x"))
	if _, err := io.ReadFull(c, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	p.Drop(false)
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("a dropped connection is open")
	}
	if p.Connections() != 1 {
		t.Errorf("%d connections", p.Connections())
	}
}

func TestProxyInFrontOfDovecot(t *testing.T) {
	h := Start(t, Options{})
	h.Append(t, h.User(1), "INBOX", []byte("Subject: x\r\n\r\n"+strings.Repeat("y", 100_000)), nil, time.Time{})
	p := NewProxy(t, h.IMAP)
	h.IMAP = p.Server(h.IMAP)
	if got := h.Fetch(t, h.User(1), "INBOX"); len(got) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	p.Set(Fault{Break: Cut, After: 60_000})
	c, err := h.Client(h.User(1))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := fetchAll(c); err == nil {
		t.Error("fetched through a cut connection")
	}
}
