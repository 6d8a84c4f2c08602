package demoserver

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/mailcore/rfc822"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func dialTLS(t *testing.T, s *Server, at Addr) net.Conn {
	t.Helper()
	d := &tls.Dialer{Config: &tls.Config{RootCAs: s.Roots(), ServerName: at.Host}}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, err := d.DialContext(ctx, "tcp", at.String())
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func login(t *testing.T, s *Server, h *imapclient.UnilateralDataHandler) *imapclient.Client {
	t.Helper()
	c := imapclient.New(dialTLS(t, s, s.IMAP()), &imapclient.Options{UnilateralDataHandler: h})
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Login(s.User, s.Password).Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFoldersWithSpecialUse(t *testing.T) {
	s := start(t, Options{})
	c := login(t, s, nil)
	list, err := c.List("", "*", &imap.ListOptions{
		ReturnSpecialUse: true, ReturnChildren: true, ReturnSubscribed: true,
		ReturnStatus: &imap.StatusOptions{NumMessages: true, UIDNext: true, UIDValidity: true, NumUnseen: true},
	}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, l := range list {
		got[l.Mailbox] = fmt.Sprint(l.Attrs)
		if l.Status == nil || l.Status.UIDValidity < 1<<24 || l.Delim != '/' {
			t.Errorf("%s: %+v", l.Mailbox, l)
		} else if *l.Status.NumMessages == 0 && l.Mailbox != "Projects" {
			t.Errorf("%s is empty", l.Mailbox)
		}
	}
	for name, attr := range map[string]string{
		"INBOX": `\HasNoChildren`, "Drafts": `\Drafts`, "Sent": `\Sent`, "Archive": `\Archive`, "Junk": `\Junk`, "Trash": `\Trash`,
		"Projects": `\HasChildren`, "Projects/Spring catalogue": `\HasNoChildren`, "Projects/Wedding cards": `\Subscribed`, "Receipts": "",
	} {
		if attrs, ok := got[name]; !ok || !strings.Contains(attrs, attr) {
			t.Errorf("%s: %q, want %s", name, attrs, attr)
		}
	}
}

func TestWrongPasswordIsRefused(t *testing.T) {
	s := start(t, Options{})
	c := imapclient.New(dialTLS(t, s, s.IMAP()), nil)
	defer c.Close()
	if err := c.Login(s.User, s.Password+"x").Wait(); err == nil {
		t.Error("IMAP took a wrong password")
	}
	m := smtp.NewClient(dialTLS(t, s, s.SMTP()))
	defer m.Close()
	if err := m.Auth(sasl.NewPlainClient("", s.User, "wrong")); err == nil {
		t.Error("SMTP took a wrong password")
	}
	if err := m.Mail(s.Address, nil); err == nil {
		t.Error("SMTP took a sender without sign-in")
	}
}

func TestCertificateIsVerified(t *testing.T) {
	s := start(t, Options{})
	if conn, err := tls.Dial("tcp", s.IMAP().String(), &tls.Config{RootCAs: x509.NewCertPool()}); err == nil {
		_ = conn.Close()
		t.Error("connected without knowing the authority")
	}
	name, err := s.CAFile(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	pem, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatal("no certificate in the file")
	}
	for _, host := range []string{"127.0.0.1", "localhost"} {
		conn, err := tls.Dial("tcp", s.SMTP().String(), &tls.Config{RootCAs: pool, ServerName: host})
		if err != nil {
			t.Fatalf("%s: %v", host, err)
		}
		_ = conn.Close()
	}
}

// TestCloseAtOnce closes before, while and after the servers begin to serve.
func TestCloseAtOnce(t *testing.T) {
	for range 20 {
		s, err := Start(t.Context(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		closed := make(chan struct{})
		go func() {
			defer close(closed)
			_ = s.Close()
		}()
		select {
		case <-closed:
		case <-time.After(patience):
			t.Fatal("Close hangs")
		}
	}
}

func TestOnlyLoopback(t *testing.T) {
	for _, host := range []string{"0.0.0.0", "192.0.2.1", "::", "mail.example"} {
		if s, err := Start(t.Context(), Options{Host: host}); err == nil {
			_ = s.Close()
			t.Errorf("%s was taken", host)
		}
	}
}

// watch selects the inbox and idles; counts gets every number of messages.
func watch(t *testing.T, s *Server) (counts chan uint32, stop func()) {
	t.Helper()
	counts = make(chan uint32, 100)
	c := login(t, s, &imapclient.UnilateralDataHandler{Mailbox: func(d *imapclient.UnilateralDataMailbox) {
		if d.NumMessages != nil {
			counts <- *d.NumMessages
		}
	}})
	data, err := c.Select("INBOX", nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	counts <- data.NumMessages
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	return counts, func() {
		if err := idle.Close(); err != nil {
			t.Error(err)
		}
		if err := idle.Wait(); err != nil {
			t.Error(err)
		}
	}
}

// await waits until the inbox holds n messages.
func await(t *testing.T, counts chan uint32, n uint32) {
	t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case got := <-counts:
			if got >= n {
				return
			}
		case <-deadline:
			t.Fatalf("never saw %d messages", n)
		}
	}
}

func send(t *testing.T, s *Server, raw string, to ...string) {
	t.Helper()
	m := smtp.NewClient(dialTLS(t, s, s.SMTP()))
	defer m.Close()
	if err := m.Auth(sasl.NewPlainClient("", s.User, s.Password)); err != nil {
		t.Fatal(err)
	}
	if err := m.SendMail(s.Address, to, strings.NewReader(raw)); err != nil {
		t.Fatal(err)
	}
	if err := m.Quit(); err != nil {
		t.Fatal(err)
	}
}

// newest returns the last message of a folder.
func newest(t *testing.T, s *Server, name string) string {
	t.Helper()
	c := login(t, s, nil)
	data, err := c.Select(name, nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	section := &imap.FetchItemBodySection{Peek: true}
	list, err := c.Fetch(imap.SeqSetNum(data.NumMessages), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil || len(list) != 1 {
		t.Fatalf("%d messages, %v", len(list), err)
	}
	return string(list[0].FindBodySection(section))
}

func TestMailToOneselfArrivesWhileIdle(t *testing.T) {
	s := start(t, Options{})
	counts, stop := watch(t, s)
	n := <-counts
	send(t, s, "From: anna@becker-print.example\r\nTo: anna@becker-print.example\r\nSubject: note\r\n\r\nhello\r\n.dot\r\n", s.Address, "office@becker-print.example")
	await(t, counts, n+1)
	stop()
	raw := newest(t, s, "INBOX")
	if !strings.HasPrefix(raw, "Return-Path: <anna@becker-print.example>\r\nReceived: ") || !strings.HasSuffix(raw, "\r\n\r\nhello\r\n.dot\r\n") {
		t.Errorf("arrived as %q", raw)
	}
}

// TestIdleLosesNothing delivers at the very moment that a client begins to
// idle, again and again.
func TestIdleLosesNothing(t *testing.T) {
	s := start(t, Options{})
	for range 30 {
		delivered := make(chan error, 1)
		go func() { delivered <- s.Deliver([]byte("Subject: now\r\n\r\nx\r\n")) }()
		counts, stop := watch(t, s)
		n := <-counts
		if err := <-delivered; err != nil {
			t.Fatal(err)
		}
		c := login(t, s, nil)
		status, err := c.Status("INBOX", &imap.StatusOptions{NumMessages: true}).Wait()
		if err != nil {
			t.Fatal(err)
		}
		if *status.NumMessages > n {
			await(t, counts, *status.NumMessages)
		}
		stop()
	}
}

func TestOthersAnswerKindlyAndNothingLeaves(t *testing.T) {
	s := start(t, Options{})
	counts, stop := watch(t, s)
	n := <-counts
	send(t, s, "From: anna@becker-print.example\r\nTo: \"Weber, Jonas\" <jonas@druckhaus.example>\r\nSubject: Offer\r\nMessage-ID: <q@x.example>\r\n\r\nhello\r\n", "jonas@druckhaus.example")
	await(t, counts, n+1)
	stop()
	h := rfc822.ParseHeader([]byte(newest(t, s, "INBOX")))
	if h.Subject != "Re: Offer" || h.InReplyTo != "q@x.example" || h.From[0].Addr != "jonas@druckhaus.example" || h.To[0].Addr != Address {
		t.Errorf("%+v", h)
	}
}

func TestDripDelivers(t *testing.T) {
	s := start(t, Options{Drip: 20 * time.Millisecond})
	counts, stop := watch(t, s)
	await(t, counts, <-counts+9) // more than are written: they begin again
	stop()
	c := login(t, s, nil)
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	list, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{Envelope: true}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, m := range list {
		if seen[m.Envelope.MessageID] {
			t.Errorf("%s came twice", m.Envelope.MessageID)
		}
		seen[m.Envelope.MessageID] = true
	}
}

func TestMoveCopyAppendRename(t *testing.T) {
	s := start(t, Options{})
	c := login(t, s, nil)
	inboxData, err := c.Select("INBOX", nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	archive, err := c.Status("Archive", &imap.StatusOptions{UIDValidity: true, NumMessages: true}).Wait()
	if err != nil {
		t.Fatal(err)
	}
	moved, err := c.Move(imap.UIDSetNum(1, 2), "Archive").Wait()
	if err != nil || moved.UIDValidity != archive.UIDValidity || fmt.Sprint(moved.SourceUIDs) != "1:2" {
		t.Fatalf("%+v, %v", moved, err)
	}
	if n := c.Mailbox().NumMessages; n != inboxData.NumMessages-2 {
		t.Errorf("%d messages after the move, %d before", n, inboxData.NumMessages)
	}
	raw := "Subject: appended\r\n\r\nx\r\n"
	cmd := c.Append("Sent", int64(len(raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}})
	if _, err := io.WriteString(cmd, raw); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := cmd.Wait()
	if err != nil || data.UID == 0 || data.UIDValidity == 0 {
		t.Fatalf("%+v, %v", data, err)
	}
	if newest(t, s, "Sent") != raw {
		t.Error("appended message changed")
	}
	for _, step := range []func() error{
		func() error { return c.Create("Customers/Roth/2025", nil).Wait() },
		func() error { return c.Rename("Customers", "People", nil).Wait() },
		func() error {
			_, err := c.Status("People/Roth/2025", &imap.StatusOptions{NumMessages: true}).Wait()
			return err
		},
		func() error { return c.Delete("People/Roth/2025").Wait() },
	} {
		if err := step(); err != nil {
			t.Error(err)
		}
	}
	if err := c.Delete("INBOX").Wait(); err == nil {
		t.Error("INBOX was deleted")
	}
	if err := c.Rename("Sent", "Archive", nil).Wait(); err == nil {
		t.Error("renamed onto another folder")
	}
}

func TestBigMailbox(t *testing.T) {
	s := start(t, Options{Messages: 3000})
	c := login(t, s, nil)
	list, err := c.List("", "*", &imap.ListOptions{ReturnStatus: &imap.StatusOptions{NumMessages: true}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	total := uint32(0)
	for _, l := range list {
		total += *l.Status.NumMessages
	}
	if total != 3000 {
		t.Errorf("%d messages", total)
	}
}

// TestLettersAreInOrder reads everything written for the demo as a reader would.
func TestLettersAreInOrder(t *testing.T) {
	l, err := readLetters(assets.Demo())
	if err != nil {
		t.Fatal(err)
	}
	if len(l.mail) < 30 || len(l.drip) < 5 || l.answer == "" {
		t.Errorf("%d letters, %d later", len(l.mail), len(l.drip))
	}
	now := time.Now()
	all := l.written(now)
	for _, d := range l.drip {
		all = append(all, d.letter(now, ""))
	}
	ids := map[string]bool{}
	for _, m := range all {
		c, err := rfc822.Parse(m.raw)
		if err != nil || c.Subject == "" || c.Text == "" || len(c.From) == 0 || len(c.To) == 0 || len(c.Notices) > 0 {
			t.Errorf("%q: %+v, %v", m.raw[:80], c.Header, err)
			continue
		}
		if ids[c.MessageID] || c.MessageID == "" {
			t.Errorf("%s: id %q is there already", c.Subject, c.MessageID)
		}
		ids[c.MessageID] = true
		if c.Date.After(now) || !c.Date.Truncate(time.Second).Equal(m.date.Truncate(time.Second)) {
			t.Errorf("%s: dated %v", c.Subject, c.Date)
		}
		for _, ref := range c.References {
			if !ids[ref] {
				t.Errorf("%s refers to %s, which is not there", c.Subject, ref)
			}
		}
		for _, a := range append(append(c.From, c.To...), c.Cc...) {
			if !strings.HasSuffix(a.Addr, ".example") {
				t.Errorf("%s: %s is no example", c.Subject, a.Addr)
			}
		}
		if strings.Contains(string(m.raw), "{{") || strings.ContainsRune(c.Text, '\ufffd') {
			t.Errorf("%s: something was not filled in", c.Subject)
		}
		head, _, _ := strings.Cut(string(m.raw), "\r\n\r\n")
		for _, r := range head {
			if r > 126 {
				t.Errorf("%s: raw %q in the header", c.Subject, r)
				break
			}
		}
	}
}

func TestMoment(t *testing.T) {
	now := time.Date(2025, 3, 1, 9, 0, 0, 0, time.UTC)
	for in, want := range map[string]time.Time{
		"-2h30m": now.Add(-150 * time.Minute), "-1d 17:20": time.Date(2025, 2, 28, 17, 20, 17, 0, time.UTC),
	} {
		if got, err := moment(in, now); err != nil || !got.Equal(want) {
			t.Errorf("%s = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "xd 10:00", "-1d 25:00"} {
		if _, err := moment(in, now); err == nil {
			t.Errorf("%q was taken", in)
		}
	}
	if got := fillDays("from {{day +1}} to {{day -1}}.", now); got != "from 2 March to 28 February." {
		t.Error(got)
	}
}

// BenchmarkStart20000 is the time until a big mailbox can be connected to.
func BenchmarkStart20000(b *testing.B) {
	for b.Loop() {
		s, err := Start(b.Context(), Options{Messages: 20000})
		if err != nil {
			b.Fatal(err)
		}
		_ = s.Close()
	}
}
