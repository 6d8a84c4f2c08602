package mailtest

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/smtp"
	"strings"
	"testing"
)

// submit sends one message the way net/smtp does, which shares no code with ours.
func submit(h *Host, u User, to string, raw []byte) error {
	addr := fmt.Sprintf("localhost:%d", h.SMTP.Port)
	conn, err := tls.Dial("tcp", addr, &tls.Config{RootCAs: h.Roots, ServerName: "localhost"})
	if err != nil {
		return err
	}
	c, err := smtp.NewClient(conn, "localhost")
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Auth(smtp.PlainAuth("", u.Login, u.Password, "localhost")); err != nil {
		return err
	}
	if err := c.Mail(u.Email); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(raw); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

func TestPostfixDeliversToDovecot(t *testing.T) {
	h := Start(t, Options{Users: 2, Postfix: true})
	if err := submit(h, h.User(1), h.User(2).Email, simple("first")); err != nil {
		t.Fatal(err)
	}
	h.StopPostfix(t)
	if _, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", h.SMTP.Port)); err == nil {
		t.Fatal("a stopped Postfix answered")
	}
	h.StartPostfix(t)
	if err := submit(h, h.User(1), h.User(2).Email, simple("second")); err != nil {
		t.Fatal(err)
	}
	h.Await(t, h.User(2), "INBOX", func(got []Stored) bool { return len(got) == 2 })

	for to, want := range map[string]string{
		Busy: `450 "4.2.1`, Full: `452 "4.2.2`, Unwanted: `554 "5.7.1`, "nobody@" + Domain: `550 "5.1.1`,
	} {
		err := submit(h, h.User(1), to, simple("x"))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("to %s: %v, want %s", to, err, want)
		}
	}
	wrong := h.User(1)
	wrong.Password = "wrong"
	if err := submit(h, wrong, h.User(2).Email, simple("x")); err == nil || !strings.HasPrefix(err.Error(), "535") {
		t.Errorf("wrong password: %v", err)
	}
}

func TestPostfixOffersNoSignInBeforeTLS(t *testing.T) {
	h := Start(t, Options{Postfix: true})
	c, err := smtp.Dial(fmt.Sprintf("localhost:%d", h.SMTPStartTLS.Port))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if ok, _ := c.Extension("AUTH"); ok {
		t.Error("AUTH offered in clear")
	}
	if err := c.StartTLS(&tls.Config{RootCAs: h.Roots, ServerName: "localhost"}); err != nil {
		t.Fatal(err)
	}
	if ok, _ := c.Extension("AUTH"); !ok {
		t.Error("AUTH not offered after TLS")
	}
}
