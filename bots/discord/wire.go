package discord

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"time"
)

// wire is the connection below a websocket. It knows two things that the library
// keeps to itself: that nothing has come for too long, and with which code Discord
// closed.
type wire struct {
	mu   sync.Mutex // guards what follows
	conn net.Conn
	code int
}

func (w *wire) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	d := net.Dialer{Timeout: openWithin / 2}
	conn, err := d.DialContext(ctx, network, addr)
	return w.watched(conn, err)
}

func (w *wire) dialTLS(ctx context.Context, network, addr string) (net.Conn, error) {
	d := tls.Dialer{Config: &tls.Config{NextProtos: []string{"http/1.1"}}}
	conn, err := d.DialContext(ctx, network, addr)
	return w.watched(conn, err)
}

func (w *wire) watched(conn net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conn = conn
	return &watched{Conn: conn, wire: w}, nil
}

func (w *wire) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conn, w.code = nil, 0
}

// closeCode is Discord's; 0 if it gave none.
func (w *wire) closeCode() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.code
}

// hangUp cuts the connection.
func (w *wire) hangUp() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn != nil {
		w.conn.Close()
	}
}

// watched is a connection that reads along.
type watched struct {
	net.Conn
	wire   *wire
	frames frames // of the only goroutine that reads
}

// Read gives up when nothing comes.
func (c *watched) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(silence)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	if code := c.frames.read(p[:n]); code != 0 {
		c.wire.mu.Lock()
		c.wire.code = code
		c.wire.mu.Unlock()
	}
	return n, err
}

// frames follows a server's websocket frames
// (https://www.rfc-editor.org/rfc/rfc6455#section-5.2) up to the code of the one
// that closes.
type frames struct {
	open bool   // the HTTP answer before them is over
	head []byte // of the frame, as far as it has come
	left uint64 // of its payload
}

// read returns the code if it is in b.
func (f *frames) read(b []byte) (code int) {
	for len(b) > 0 {
		if f.left > 0 {
			n := min(f.left, uint64(len(b)))
			f.left -= n
			b = b[n:]
			continue
		}
		f.head = append(f.head, b[0])
		b = b[1:]
		if !f.open {
			f.greeting()
			continue
		}
		if c := f.header(); c != 0 {
			code = c
		}
	}
	return code
}

// greeting waits for the empty line that ends the HTTP answer.
func (f *frames) greeting() {
	const end = "\r\n\r\n"
	if n := len(f.head) - len(end); n >= 0 && string(f.head[n:]) == end {
		f.open, f.head = true, f.head[:0]
	} else if n > 0 {
		f.head = append(f.head[:0], f.head[n+1:]...)
	}
}

// header looks at what has come of a frame's header and, if it closes, of its code.
func (f *frames) header() (code int) {
	h := f.head
	if len(h) < 2 {
		return 0
	}
	size, length := 2, uint64(h[1]&0x7f)
	switch length {
	case 126:
		size = 4
	case 127:
		size = 10
	}
	if len(h) < size {
		return 0
	}
	if size > 2 {
		length = 0
		for _, b := range h[2:size] {
			length = length<<8 | uint64(b)
		}
	}
	const closes = 8
	if h[0]&0x0f == closes && length >= 2 {
		if len(h) < size+2 {
			return 0
		}
		code = int(h[size])<<8 | int(h[size+1])
		length -= 2
	}
	f.left, f.head = length, f.head[:0]
	return code
}
