package exchange

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"paperboy/internal/paper"
)

// A Writer writes papers one after another.
type Writer struct {
	buf    *bufio.Writer
	encode func(paper.Paper) error
	n      int
}

// NewWriter begins a file in format. What is written may stay in memory until
// Close.
func NewWriter(w io.Writer, format Format) (*Writer, error) {
	buf := bufio.NewWriter(w)
	wr := &Writer{buf: buf}
	switch format {
	case FormatJSONL:
		enc := json.NewEncoder(buf)
		enc.SetEscapeHTML(false) // titles hold & and <, and no browser reads this
		wr.encode = func(p paper.Paper) error { return enc.Encode(p) }
	case FormatBibTeX:
		keys := citeKeys{}
		wr.encode = wr.separated(func(p paper.Paper) string { return bibTeX(p, keys.unique(p)) })
	case FormatRIS:
		wr.encode = wr.separated(RIS)
	case FormatCSV:
		return wr, wr.csv()
	default:
		return nil, fmt.Errorf("papers cannot be written as %q, only as jsonl, bibtex, ris and csv", format)
	}
	return wr, nil
}

// Write adds p.
func (w *Writer) Write(p paper.Paper) error {
	if err := w.encode(p); err != nil {
		return fmt.Errorf("write %s: %w", p.ID, err)
	}
	w.n++
	return nil
}

// Close writes what is still in memory. It does not close the file.
func (w *Writer) Close() error { return w.buf.Flush() }

// separated puts an empty line between records.
func (w *Writer) separated(text func(paper.Paper) string) func(paper.Paper) error {
	return func(p paper.Paper) error {
		if w.n > 0 {
			w.buf.WriteByte('\n') // an error stays with the buffer, and the next write returns it
		}
		_, err := w.buf.WriteString(text(p))
		return err
	}
}
