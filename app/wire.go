package app

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net"
	"sync"
)

// The protocol of the profile's socket: one JSON object a line, both ways. The
// caller begins with a request; the holder says that it began and answers with
// steps until one has an Exit, or says what became of a window; the caller answers Read and Ask.

// request is what a caller wants done.
type request struct {
	Window   bool     `json:"window,omitempty"` // raise the window
	Open     string   `json:"open,omitempty"`   // and open a composer with this mailto: URL
	Args     []string `json:"args,omitempty"`   // or run this command
	Dir      string   `json:"dir,omitempty"`
	Terminal bool     `json:"terminal,omitempty"`
	CanAsk   bool     `json:"can_ask,omitempty"`
}

// step is what the holder says.
type step struct {
	Began  bool   `json:"began,omitempty"` // comes first: the command runs, and must not be run again
	Out    []byte `json:"out,omitempty"`
	Err    []byte `json:"err,omitempty"`
	Read   int    `json:"read,omitempty"` // wants so many octets of standard input
	Ask    string `json:"ask,omitempty"`  // wants a password
	Exit   *int   `json:"exit,omitempty"`
	Raised *bool  `json:"raised,omitempty"` // answer to Window: false when there is none
}

// reply answers Read and Ask, or gives up.
type reply struct {
	Data   []byte `json:"data,omitempty"`
	EOF    bool   `json:"eof,omitempty"`
	Answer string `json:"answer,omitempty"`
	Failed string `json:"failed,omitempty"`
	Cancel bool   `json:"cancel,omitempty"`
}

// wire is one connection.
type wire struct {
	conn net.Conn
	in   *bufio.Reader

	mu  sync.Mutex
	out *json.Encoder
}

func newWire(c net.Conn) *wire {
	return &wire{conn: c, in: bufio.NewReader(c), out: json.NewEncoder(c)}
}

func (w *wire) send(v any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Encode(v)
}

// receive reads one line. A peer that is gone is io.EOF.
func (w *wire) receive(v any) error {
	line, err := w.in.ReadBytes('\n')
	if err != nil {
		if errors.Is(err, net.ErrClosed) || len(line) == 0 {
			return io.EOF
		}
		return err
	}
	return json.Unmarshal(line, v)
}
