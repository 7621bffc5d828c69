package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxRecord bounds one record, in bytes. The longest real ones, with thousands
// of authors, are a tenth of it.
const maxRecord = 4 << 20

var errTooLong = fmt.Errorf("is longer than %d MiB", maxRecord>>20)

// lines reads text line by line and knows where it is.
type lines struct {
	r      *bufio.Reader
	buf    []byte // a line that did not fit into r's own buffer
	number int    // of the line that next returned last, from 1
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, 64<<10)} }

// next is the next line without its ending, valid until the call after. A line
// over maxRecord is passed over without being held: its error is errTooLong, and
// the line after it can be read. Every other error is final, and what was left
// of a line before an error other than io.EOF is not trusted.
func (l *lines) next() ([]byte, error) {
	l.number++
	l.buf = l.buf[:0]
	tooLong := false
	for {
		part, err := l.r.ReadSlice('\n')
		if len(l.buf)+len(part) > maxRecord {
			tooLong, l.buf = true, l.buf[:0]
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			if !tooLong {
				l.buf = append(l.buf, part...)
			}
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case tooLong:
			return nil, errTooLong
		case err != nil && len(l.buf)+len(part) == 0:
			return nil, io.EOF
		}
		if len(l.buf) > 0 {
			l.buf = append(l.buf, part...)
			part = l.buf
		}
		if l.number == 1 {
			part = bytes.TrimPrefix(part, byteOrder)
		}
		return bytes.TrimSuffix(bytes.TrimSuffix(part, []byte("\n")), []byte("\r")), nil
	}
}

// stopped is the last record of a stream that broke off.
func (l *lines) stopped(err error) Record {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("the file is cut off: %w", err)
	}
	return Record{Line: l.number, Err: fmt.Errorf("%w in line %d: %w", ErrStopped, l.number, err)}
}
