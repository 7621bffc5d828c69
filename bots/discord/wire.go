package discord

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"strings"
	"sync"
	"time"
)

// wire is the connection below a websocket. The library leaves to it what it does
// not do itself: it takes no notice of whether a session that has become invalid
// can be resumed, hangs where it is told to reconnect before it is ready, looks
// for a dead connection after five missed heartbeats, resumes at the wrong
// address, and keeps to itself with which code Discord closed.
type wire struct {
	mu       sync.Mutex // guards what follows
	conn     net.Conn
	code     int           // with which Discord closed
	ending   ending        // what Discord said before it ended
	interval time.Duration // of heartbeats
	answered time.Time     // when Discord answered one last
	url      string        // where the next connection leads
	resumeAt string        // where the session wants to be resumed; "" for the usual address
	refuse   bool          // the next connection is not made

	leastSilence time.Duration
}

// ending is how Discord ends a connection in words.
type ending int

const (
	noEnding    ending = iota
	reconnect          // another connection goes on with the session
	invalidated        // the session is over
)

// The gateway's operations that the wire listens for
// (https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway).
const (
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opAnswered  = 11
)

const (
	// leastSilence is how soon a connection may be taken for dead, however often
	// Discord wants heartbeats.
	leastSilence = 2 * time.Second
	// mostSilence is likewise where it is not known how often: Discord answers a
	// heartbeat every 41 seconds.
	mostSilence = 90 * time.Second
)

var errNotNow = errors.New("the connection is not to be made")

// dial makes a connection. Where it leads to a proxy, what is said on it is
// encrypted, and the library is left alone with it.
func (w *wire) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	d := net.Dialer{Timeout: openWithin / 2}
	f := frames{heard: w.heard, deaf: strings.HasPrefix(w.address(), "wss:")}
	return w.watched(f, func() (net.Conn, error) { return d.DialContext(ctx, network, addr) })
}

func (w *wire) dialTLS(ctx context.Context, network, addr string) (net.Conn, error) {
	d := tls.Dialer{Config: &tls.Config{NextProtos: []string{"http/1.1"}}}
	return w.watched(frames{heard: w.heard}, func() (net.Conn, error) { return d.DialContext(ctx, network, addr) })
}

func (w *wire) watched(f frames, dial func() (net.Conn, error)) (net.Conn, error) {
	w.mu.Lock()
	refuse := w.refuse
	w.refuse = false
	w.mu.Unlock()
	if refuse {
		return nil, errNotNow
	}
	conn, err := dial()
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conn = conn
	return &watched{Conn: conn, wire: w, frames: f}, nil
}

// reset begins with a connection, which leads to the address that the session
// wants to be resumed at or else to the usual one. It reports whether that is
// another than before.
func (w *wire) reset(usual string, resumes bool) (elsewhere bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conn, w.code, w.ending, w.interval = nil, 0, noEnding, 0
	before := w.url
	w.url = usual
	if resumes && w.resumeAt != "" {
		w.url = w.resumeAt
	}
	w.refuse = before != "" && before != w.url
	return w.refuse
}

// resume says where the session wants to be resumed; "" is the usual address.
func (w *wire) resume(at string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.resumeAt = at
}

func (w *wire) address() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.url
}

// said is how the connection ended: with which code, 0 if Discord gave none, and
// in which words. connected reports whether there was one.
func (w *wire) said() (code int, in ending, connected bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.code, w.ending, w.conn != nil
}

// hangUp cuts the connection.
func (w *wire) hangUp() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn != nil {
		w.conn.Close()
	}
}

// heard takes in a short message of the gateway's, or the code with which it
// closes, and reports whether that ends the connection.
func (w *wire) heard(message []byte, code int) (over bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if code != 0 {
		w.code = code
		return false // the library has to see it
	}
	var m struct {
		Op int
		D  json.RawMessage
	}
	if json.Unmarshal(message, &m) != nil {
		return false
	}
	switch m.Op {
	case opHello:
		var hello struct {
			Interval int64 `json:"heartbeat_interval"` // milliseconds
		}
		_ = json.Unmarshal(m.D, &hello) // without an interval, none is expected
		w.interval, w.answered = time.Duration(hello.Interval)*time.Millisecond, time.Now()
	case opAnswered:
		w.answered = time.Now()
	case opReconnect:
		w.ending = reconnect
	case opInvalid:
		w.ending = invalidated
		if string(m.D) == "true" {
			w.ending = reconnect
		}
	}
	return w.ending != noEnding
}

// deadline is when a connection that says nothing is dead: when the next
// heartbeat is due and the one before was not answered.
func (w *wire) deadline() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.interval <= 0 {
		return time.Now().Add(mostSilence)
	}
	return w.answered.Add(max(2*w.interval, w.leastSilence))
}

// watched is a connection that reads along.
type watched struct {
	net.Conn
	wire   *wire
	frames frames // of the only goroutine that reads
}

// Read gives up when nothing comes, and hangs up where Discord says so, before
// the library hears of it: without a code, which would end the session.
func (c *watched) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(c.wire.deadline()); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	upTo, over := c.frames.read(p[:n])
	if !over {
		return n, err
	}
	if err := c.Conn.Close(); upTo == 0 {
		return 0, errors.Join(net.ErrClosed, err)
	}
	return upTo, nil
}
