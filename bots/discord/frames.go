package discord

import "encoding/binary"

// longestHeard is how long a message of the gateway's may be for the wire to look
// at it, in bytes. Those it looks for are shorter, if they are not compressed.
const longestHeard = 1024

// frames follows a server's websocket frames
// (https://www.rfc-editor.org/rfc/rfc6455#section-5.2).
type frames struct {
	// heard is told each short message, or the code of a frame that closes, and
	// says whether the connection is over.
	heard func(message []byte, code int) (over bool)

	deaf    bool   // what comes is not understood
	open    bool   // the HTTP answer before them is over
	head    []byte // of the frame, as far as it has come
	kind    byte
	left    uint64 // of its payload
	keeps   bool   // the payload is short
	payload []byte
}

// Kinds of frames. The highest bit says that a message ends with it.
const (
	wholeText  = 0x81
	wholeClose = 0x88
)

// read follows b. If the connection is over, upTo is where the frame begins that
// says so.
func (f *frames) read(b []byte) (upTo int, over bool) {
	for i := 0; i < len(b) && !f.deaf; {
		if !f.open {
			f.greeting(b[i])
			i++
			continue
		}
		if f.left == 0 {
			if len(f.head) == 0 {
				upTo = i
			}
			f.head = append(f.head, b[i])
			i++
			if !f.header() {
				continue
			}
		}
		n := min(f.left, uint64(len(b)-i))
		if f.keeps {
			f.payload = append(f.payload, b[i:i+int(n)]...)
		}
		f.left -= n
		i += int(n)
		if f.left == 0 && f.keeps && f.end() {
			return upTo, true
		}
	}
	return 0, false
}

// greeting waits for the empty line that ends the HTTP answer.
func (f *frames) greeting(c byte) {
	const end = "\r\n\r\n"
	f.head = append(f.head, c)
	if n := len(f.head) - len(end); n >= 0 && string(f.head[n:]) == end {
		f.open, f.head = true, f.head[:0]
	} else if n > 0 {
		f.head = append(f.head[:0], f.head[n+1:]...)
	}
}

// header reports whether a frame's header is there, and reads it.
func (f *frames) header() bool {
	h := f.head
	if len(h) < 2 {
		return false
	}
	size, length := 2, uint64(h[1]&0x7f)
	switch length {
	case 126:
		size = 4
	case 127:
		size = 10
	}
	if len(h) < size {
		return false
	}
	switch size {
	case 4:
		length = uint64(binary.BigEndian.Uint16(h[2:]))
	case 10:
		length = binary.BigEndian.Uint64(h[2:])
	}
	f.kind, f.left, f.head = h[0], length, f.head[:0]
	f.keeps = (f.kind == wholeText || f.kind == wholeClose) && length <= longestHeard
	f.payload = f.payload[:0]
	return true
}

// end hands over a payload that is complete.
func (f *frames) end() (over bool) {
	switch {
	case f.kind == wholeText:
		return f.heard(f.payload, 0)
	case len(f.payload) >= 2:
		return f.heard(nil, int(binary.BigEndian.Uint16(f.payload)))
	}
	return false
}
