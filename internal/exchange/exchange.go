// Package exchange reads and writes papers in the formats that other programs
// use: JSON Lines, BibTeX and RIS, and CSV to write only. Files come from
// strangers and may be of any size, so reading holds little more than one record
// at a time, and a bad record costs nobody the good ones after it.
package exchange

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"regexp"
	"strings"

	"paperboy/internal/paper"
)

// Format is a way of writing papers down. Its text is what people type.
type Format string

// The formats. CSV is for spreadsheets and is not read back.
const (
	FormatJSONL  Format = "jsonl"
	FormatBibTeX Format = "bibtex"
	FormatRIS    Format = "ris"
	FormatCSV    Format = "csv"
)

// Record is a paper that was read or, when Err is set, the reason why there is
// none.
type Record struct {
	Line  int // where the record begins, from 1; of what was unpacked, if it was compressed
	Paper paper.Paper
	Err   error
}

// ErrStopped is in the last Record of a stream that could not be read to its
// end, such as a compressed file that was cut off.
var ErrStopped = errors.New("reading stopped")

// Read yields the papers in r, which may be compressed with gzip, and a Record
// with an error for each one it could not make out. Breaking out of the loop
// ends it; no goroutine outlives it, and r is read by the caller's only.
func Read(r io.Reader, format Format) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		text, err := unpack(r)
		if err != nil {
			yield(Record{Line: 1, Err: fmt.Errorf("%w at the very beginning: %w", ErrStopped, err)})
			return
		}
		l := newLines(text)
		switch format {
		case FormatJSONL:
			readJSONL(l, yield)
		case FormatBibTeX:
			readBibTeX(l, yield)
		case FormatRIS:
			readRIS(l, yield)
		default:
			yield(Record{Line: 1, Err: fmt.Errorf("papers cannot be read from the format %q, only from jsonl, bibtex and ris", format)})
		}
	}
}

var (
	gzipMagic = []byte{0x1f, 0x8b}
	byteOrder = []byte("\xef\xbb\xbf")
)

// unpack undoes gzip where its first bytes show it.
func unpack(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	if magic, _ := b.Peek(len(gzipMagic)); !bytes.Equal(magic, gzipMagic) {
		return b, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return z, nil
}

var (
	risStart    = regexp.MustCompile(`(?m)^TY {1,2}- ?`)
	bibtexStart = regexp.MustCompile(`(?m)^[ \t]*@[A-Za-z]+[ \t]*[{(]`)
)

// Detect tells the format of a file from its first few hundred bytes or more,
// compressed or not, and failing that from its name; "" if neither tells.
func Detect(peek []byte, filename string) Format {
	if bytes.HasPrefix(peek, gzipMagic) {
		peek = unpackSome(peek)
	}
	peek = bytes.TrimSpace(bytes.TrimPrefix(peek, byteOrder))
	switch {
	case bytes.HasPrefix(peek, []byte("{")):
		return FormatJSONL
	case risStart.Match(peek):
		return FormatRIS
	case bibtexStart.Match(peek), bytes.HasPrefix(peek, []byte("%")):
		return FormatBibTeX
	}
	switch path.Ext(strings.TrimSuffix(strings.ToLower(filename), ".gz")) {
	case ".jsonl", ".ndjson":
		return FormatJSONL
	case ".bib", ".bibtex":
		return FormatBibTeX
	case ".ris":
		return FormatRIS
	}
	return ""
}

// unpackSome is the beginning of what the beginning of a compressed file holds.
func unpackSome(peek []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(peek))
	if err != nil {
		return nil
	}
	some := make([]byte, 4096)
	n, _ := io.ReadFull(z, some) // it ends early, being cut off
	return some[:n]
}
