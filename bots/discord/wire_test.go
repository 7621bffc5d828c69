package discord

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// frame is one of a server.
func frame(kind byte, payload string) []byte {
	switch n := len(payload); {
	case n < 126:
		return append([]byte{kind, byte(n)}, payload...)
	case n < 1<<16:
		return append([]byte{kind, 126, byte(n >> 8), byte(n)}, payload...)
	default:
		return append([]byte{kind, 127, 0, 0, 0, 0, 0, byte(n >> 16), byte(n >> 8), byte(n)}, payload...)
	}
}

const accepted = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"

// heardIn is what is heard of a stream that comes in pieces, until it is over.
func heardIn(stream []byte, pieces func(left int) int) (heard []string, passed int) {
	f := frames{heard: func(message []byte, code int) bool {
		heard = append(heard, fmt.Sprint(string(message), code))
		return string(message) == "over"
	}}
	for len(stream) > 0 {
		n := pieces(len(stream))
		upTo, over := f.read(stream[:n])
		if over {
			return heard, passed + upTo
		}
		stream, passed = stream[n:], passed+n
	}
	return heard, passed
}

func TestFramesAreHeardHoweverTheyCome(t *testing.T) {
	before := bytes.Join([][]byte{
		[]byte(accepted), frame(wholeText, "hello"), frame(wholeText, ""), frame(0x82, "binary"), frame(0x89, "ping"), frame(0x01, "begun"), frame(0x80, "ended"),
		frame(wholeText, string(bytes.Repeat([]byte("x"), 70_000))), frame(wholeText, string(bytes.Repeat([]byte("y"), 200))),
		frame(wholeClose, "\x0f\xa4bye"), frame(wholeText, "a"),
	}, nil)
	stream := bytes.Join([][]byte{before, frame(wholeText, "over"), frame(wholeText, "after")}, nil)
	want := []string{"hello0", "0", string(bytes.Repeat([]byte("y"), 200)) + "0", "4004", "a0", "over0"}
	whole, passed := heardIn(stream, func(left int) int { return left })
	if diff := cmp.Diff(want, whole); diff != "" || passed != len(before) {
		t.Errorf("heard, and %d of %d bytes passed on (-want +got):\n%s", passed, len(before), diff)
	}
	for size := 1; size < 9; size++ {
		got, passed := heardIn(stream, func(left int) int { return min(left, size) })
		if diff := cmp.Diff(want, got); diff != "" || passed > len(before)+len(frame(wholeText, "over"))-1 {
			t.Errorf("in pieces of %d bytes, of which %d of %d passed on (-want +got):\n%s", size, passed, len(before), diff)
		}
	}
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte(accepted+"\x81\x05hello\x88\x02\x0f\xa4"), uint8(3))
	f.Add([]byte("\r\n\r\n\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff"), uint8(1))
	f.Fuzz(func(t *testing.T, stream []byte, size uint8) {
		whole, _ := heardIn(stream, func(left int) int { return left })
		pieces, _ := heardIn(stream, func(left int) int { return min(left, int(size)+1) })
		if diff := cmp.Diff(whole, pieces); diff != "" {
			t.Errorf("%q is heard differently in pieces of %d bytes:\n%s", stream, int(size)+1, diff)
		}
	})
}
