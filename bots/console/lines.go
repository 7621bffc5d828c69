package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// maxLine is the longest line that is taken, in bytes; nobody types that much.
const maxLine = 64 << 10

// errTooLong says that a line was longer than maxLine; it has been skipped.
var errTooLong = fmt.Errorf("line longer than %d bytes", maxLine)

// lines reads one line at a time, and only when it is asked to.
//
// A blocked Read can be broken off only where the reader has deadlines (sockets,
// pipes, some terminals). Standard input often has none; then the goroutine that
// reads stays behind, blocked, until the input goes on or the process ends. It
// holds on to at most one line, and the next call of next receives that line.
type lines struct {
	in      io.Reader
	buf     *bufio.Reader // used by the one goroutine that reads
	reading chan line     // where it will put its line; nil while there is none
}

type line struct {
	text string
	err  error
}

// next is the next line, cleaned, without its end. The error is errTooLong,
// io.EOF, the cause that ended ctx, or what went wrong with the reader.
func (l *lines) next(ctx context.Context) (string, error) {
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if l.reading == nil {
		reading := make(chan line, 1)
		l.reading = reading
		go func() { reading <- readLine(l.buf) }()
	}
	select {
	case got := <-l.reading:
		l.reading = nil
		return escape(strings.TrimRight(got.text, "\r\n")), got.err
	case <-ctx.Done():
		l.interrupt()
		return "", ctx.Err()
	}
}

// interrupt ends the reading goroutine if the reader allows it. A line that got
// in at the same moment is kept.
func (l *lines) interrupt() {
	in, ok := l.in.(interface{ SetReadDeadline(time.Time) error })
	if !ok || in.SetReadDeadline(time.Unix(1, 0)) != nil {
		return
	}
	got := <-l.reading
	if errors.Is(got.err, os.ErrDeadlineExceeded) {
		l.reading = nil
	} else {
		l.reading <- got
	}
	// The reader had deadlines a moment ago; should it have lost them, the next
	// read reports why.
	_ = in.SetReadDeadline(time.Time{})
}

// readLine reads up to a newline or the end. It skips a line that does not fit
// r's buffer.
func readLine(r *bufio.Reader) line {
	b, err := r.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return line{err: skipLine(r)}
	case err == io.EOF && len(b) > 0:
		return line{text: string(b)}
	}
	return line{text: string(b), err: err}
}

func skipLine(r *bufio.Reader) error {
	for {
		switch _, err := r.ReadSlice('\n'); {
		case errors.Is(err, bufio.ErrBufferFull):
		case err == nil, err == io.EOF:
			return errTooLong
		default:
			return err
		}
	}
}
