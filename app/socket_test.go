package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/linnet-mail/linnet/app/cli"
)

func TestMain(m *testing.M) {
	code := host.Run(m)
	if wasBuilt.Load() {
		program, _ := built()
		_ = os.RemoveAll(filepath.Dir(program))
	}
	os.Exit(code)
}

// leakless fails the test if it leaves goroutines behind.
func leakless(t *testing.T) {
	t.Helper()
	already := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, already) })
}

// held serves a profile as its holder would.
func held(t *testing.T, dir string, run func(context.Context, []string, cli.Env) int, raise func(string) bool) *server {
	t.Helper()
	l, err := listen(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	s := serve(context.Background(), l, run, raise)
	t.Cleanup(func() { s.finish(true) })
	return s
}

func TestACommandIsForwardedWhole(t *testing.T) {
	leakless(t)
	dir := t.TempDir()
	input := strings.Repeat("a line of input\n", 20000)
	held(t, dir, func(_ context.Context, args []string, env cli.Env) int {
		got, err := io.ReadAll(env.Stdin)
		secret, askErr := env.Ask("Password: ")
		fmt.Fprintf(env.Stdout, "%v %s %v %d %v %s %v", args, env.Dir, env.Terminal, len(got), err, secret, askErr)
		fmt.Fprint(env.Stderr, "to stderr")
		return 7
	}, nil)
	var out, errOut bytes.Buffer
	exit, err := forward(t.Context(), dir, []string{"mark", "1"}, cli.Env{
		Stdin: strings.NewReader(input), Stdout: &out, Stderr: &errOut, Dir: "/there", Terminal: true,
		Ask: func(prompt string) (string, error) { return prompt + "pw", nil },
	})
	want := fmt.Sprintf("[mark 1] /there true %d <nil> Password: pw <nil>", len(input))
	if exit != 7 || err != nil || out.String() != want || errOut.String() != "to stderr" {
		t.Errorf("exit %d, %v\n out %s\nwant %s\n err %s", exit, err, out.String(), want, errOut.String())
	}
}

func TestACallerThatGivesUpStopsItsCommand(t *testing.T) {
	leakless(t)
	dir := t.TempDir()
	started := make(chan struct{})
	held(t, dir, func(ctx context.Context, _ []string, _ cli.Env) int {
		close(started)
		<-ctx.Done()
		return cli.Failed
	}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-started; cancel() }()
	exit, err := forward(ctx, dir, nil, cli.Env{Stdout: io.Discard, Stderr: io.Discard})
	if exit != cli.Failed || err != nil {
		t.Errorf("exit %d, %v", exit, err)
	}
}

func TestAHolderThatDiesIsNoticed(t *testing.T) {
	leakless(t)
	dir := t.TempDir()
	l, err := listen(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		w := newWire(conn)
		var r request
		_ = w.receive(&r)
		_ = w.send(step{Out: []byte("begun")})
		_ = conn.Close()
	}()
	var out bytes.Buffer
	_, err = forward(t.Context(), dir, nil, cli.Env{Stdout: &out, Stderr: io.Discard})
	if !errors.Is(err, errLost) || out.String() != "begun" {
		t.Errorf("err = %v, out = %q", err, out.String())
	}
}

// A holder that ends after it began must not make the caller do the same again:
// the message would be sent twice.
func TestACommandThatBeganIsNotRunAgain(t *testing.T) {
	leakless(t)
	dir := t.TempDir()
	l, err := listen(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conns := make(chan net.Conn, 1)
	s := &server{run: func(context.Context, []string, cli.Env) int {
		_ = (<-conns).Close() // killed in the midst of it
		return cli.Done
	}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if conn, err := l.Accept(); err == nil {
			conns <- conn
			s.answer(t.Context(), conn)
		}
	}()
	_, err = forward(t.Context(), dir, []string{"send"}, cli.Env{Stdout: io.Discard, Stderr: io.Discard})
	if !errors.Is(err, errLost) {
		t.Errorf("err = %v", err)
	}
	<-done
}

// Ctrl+C ends a command that waits for what nobody types.
func TestInputDoesNotOutlastItsContext(t *testing.T) {
	in, typed := io.Pipe()
	defer typed.Close()
	ctx, cancel := context.WithCancel(t.Context())
	r := &interruptible{ctx: ctx, in: in}
	go func() { _, _ = typed.Write([]byte("half a line")) }()
	got := make([]byte, len("half a line"))
	if _, err := io.ReadFull(r, got); err != nil || string(got) != "half a line" {
		t.Errorf("read %q, %v", got, err)
	}
	stop := time.AfterFunc(10*time.Millisecond, cancel)
	defer stop.Stop()
	if n, err := r.Read(got); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("read %d, %v", n, err)
	}
}

func TestInputThatFailsIsToldToTheCommand(t *testing.T) {
	leakless(t)
	dir := t.TempDir()
	held(t, dir, func(_ context.Context, _ []string, env cli.Env) int {
		_, err := io.ReadAll(env.Stdin)
		fmt.Fprint(env.Stdout, err)
		return cli.Failed
	}, nil)
	var out bytes.Buffer
	exit, err := forward(t.Context(), dir, nil, cli.Env{Stdout: &out, Stderr: io.Discard, Stdin: brokenInput{}})
	if exit != cli.Failed || err != nil || out.String() != "broken pipe" {
		t.Errorf("exit %d, %v, %q", exit, err, out.String())
	}
}

type brokenInput struct{}

func (brokenInput) Read([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestASecondStartRaisesTheWindow(t *testing.T) {
	leakless(t)
	dir := t.TempDir()
	var opened []string
	held(t, dir, nil, func(open string) bool { opened = append(opened, open); return len(opened) < 3 })
	for i, want := range []bool{true, true, false} {
		got, err := raise(t.Context(), dir, []string{"", "mailto:ada@example.org", ""}[i])
		if got != want || err != nil {
			t.Errorf("start %d: %v, %v", i, got, err)
		}
	}
	if fmt.Sprint(opened) != "[ mailto:ada@example.org ]" {
		t.Errorf("opened %q", opened)
	}
}

func TestAStaleSocketIsReplacedAndNobodyIsTold(t *testing.T) {
	leakless(t)
	dir := t.TempDir()
	if _, err := raise(t.Context(), dir, ""); !errors.Is(err, errNobody) {
		t.Errorf("no socket: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, socketFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := raise(t.Context(), dir, ""); !errors.Is(err, errNobody) {
		t.Errorf("stale socket: %v", err)
	}
	held(t, dir, nil, func(string) bool { return true })
	if ok, err := raise(t.Context(), dir, ""); !ok || err != nil {
		t.Errorf("after it was replaced: %v, %v", ok, err)
	}
	if info, err := os.Stat(filepath.Join(dir, socketFile)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("socket: %v, %v", info, err)
	}
}

func TestALongProfileNameHasItsSocketElsewhere(t *testing.T) {
	leakless(t)
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 40))
	if err := makePrivate(dir); err != nil {
		t.Fatal(err)
	}
	held(t, dir, nil, func(string) bool { return true })
	if ok, err := raise(t.Context(), dir, ""); !ok || err != nil {
		t.Errorf("raise: %v, %v", ok, err)
	}
}

func TestOnlyOneProcessHoldsAProfile(t *testing.T) {
	leakless(t)
	dir := t.TempDir()
	l, err := lockProfile(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockProfile(dir); !errors.Is(err, errHeld) {
		t.Errorf("second lock: %v", err)
	}
	_ = l.Close()
	l, err = lockProfile(dir)
	if err != nil {
		t.Fatalf("after the first is gone: %v", err)
	}
	_ = l.Close()
}
