package bench

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"paperboy/internal/exchange"
	"paperboy/internal/paper"
)

// corpus is the papers to measure with, numbered from 0: those of a file and, if
// more are asked for, others made from them. The texts are in a temporary file, so
// that memory does not grow with them.
type corpus struct {
	file *os.File
	ends []int64 // where in file the real papers end
	size int     // real ones and made ones
	bad  int     // records of the file that could not be read
}

// openCorpus reads at most n papers, all if n is 0, of a file as paperboy import
// does. If it has fewer, the rest up to n is made from them.
func openCorpus(ctx context.Context, path string, n int) (*corpus, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	head := bufio.NewReaderSize(in, 64<<10)
	peek, err := head.Peek(4 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	format := exchange.Detect(peek, path)
	if format == "" {
		return nil, fmt.Errorf("%s is neither JSON Lines, BibTeX nor RIS", path)
	}
	c := new(corpus)
	if c.file, err = os.CreateTemp("", "paperboy-bench-*.papers"); err != nil {
		return nil, err
	}
	if err := c.keep(ctx, exchange.Read(head, format), n); err != nil {
		return nil, errors.Join(err, c.close())
	}
	if len(c.ends) == 0 {
		return nil, errors.Join(fmt.Errorf("%s has no papers that can be read", path), c.close())
	}
	c.size = max(n, len(c.ends))
	return c, nil
}

// keep writes papers to the temporary file.
func (c *corpus) keep(ctx context.Context, records func(func(exchange.Record) bool), n int) error {
	out := bufio.NewWriterSize(c.file, 1<<20)
	var buf []byte
	end := int64(0)
	for r := range records {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if r.Err != nil {
			c.bad++
			continue
		}
		buf = appendPaper(buf[:0], &r.Paper)
		if _, err := out.Write(buf); err != nil {
			return err
		}
		end += int64(len(buf))
		if c.ends = append(c.ends, end); len(c.ends) == n {
			break
		}
	}
	return out.Flush()
}

func (c *corpus) close() error {
	return errors.Join(c.file.Close(), os.Remove(c.file.Name()))
}

// real is how many papers are those of the file.
func (c *corpus) real() int { return len(c.ends) }

// paper is the n-th paper. Its ID is its number.
func (c *corpus) paper(n int) (paper.Paper, error) {
	base := n % len(c.ends)
	p, err := c.read(base)
	if err == nil && n >= len(c.ends) {
		round := n / len(c.ends)
		var other paper.Paper
		other, err = c.read((base + round*7919) % len(c.ends)) // another one in every round
		p = crossed(p, other, round)
	}
	p.ID = paper.ID(fmt.Sprintf("bench:%010d", n))
	return p, err
}

// number is that of the paper with an ID.
func number(id paper.ID) (int, error) { return strconv.Atoi(strings.TrimPrefix(string(id), "bench:")) }

func (c *corpus) read(n int) (paper.Paper, error) {
	start := int64(0)
	if n > 0 {
		start = c.ends[n-1]
	}
	buf := make([]byte, c.ends[n]-start)
	if _, err := c.file.ReadAt(buf, start); err != nil {
		return paper.Paper{}, fmt.Errorf("read the papers kept aside: %w", err)
	}
	return parsePaper(string(buf)), nil
}

// crossed is a paper with the first half of a's title and the second of b's, every
// other sentence of either, a's categories, b's authors, and a date of its own. It
// has no word that neither has.
func crossed(a, b paper.Paper, round int) paper.Paper {
	first, second := strings.Fields(a.Title), strings.Fields(b.Title)
	p := a
	p.Title = strings.Join(append(first[:len(first)/2:len(first)/2], second[len(second)/2:]...), " ")
	p.Abstract = mixed(a.Abstract, b.Abstract)
	p.Authors = b.Authors
	if !a.Published.IsZero() {
		p.Published = a.Published.AddDate(0, 0, -37*round)
	}
	return p
}

// mixed takes sentences from a and b in turn, about as many as a has.
func mixed(a, b string) string {
	var out strings.Builder
	out.Grow(len(a))
	for a != "" && b != "" && out.Len() < len(a)+len(b) {
		var one string
		one, a = sentence(a)
		out.WriteString(one)
		if _, a = sentence(a); a == "" {
			break
		}
		_, b = sentence(b)
		one, b = sentence(b)
		out.WriteString(one)
	}
	return strings.TrimSpace(out.String())
}

// sentence parts the first sentence from text.
func sentence(text string) (first, rest string) {
	if i := strings.Index(text, ". "); i >= 0 {
		return text[:i+2], text[i+2:]
	}
	if text == "" {
		return "", ""
	}
	return text + " ", ""
}

// appendPaper writes down what the search reads of a paper.
func appendPaper(b []byte, p *paper.Paper) []byte {
	when := int64(0)
	if !p.Published.IsZero() {
		when = p.Published.Unix()
	}
	b = binary.AppendVarint(b, when)
	b = appendTexts(b, []string{p.Title, p.Abstract, p.Summary})
	b = appendTexts(b, p.Authors)
	b = appendTexts(b, p.Categories)
	b = appendTexts(b, p.Keywords)
	b = binary.AppendUvarint(b, uint64(len(p.Sightings)))
	for _, s := range p.Sightings {
		b = appendTexts(b, []string{s.Source})
		b = binary.AppendVarint(b, int64(s.Votes))
	}
	return b
}

func appendTexts(b []byte, texts []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(texts)))
	for _, t := range texts {
		b = binary.AppendUvarint(b, uint64(len(t)))
		b = append(b, t...)
	}
	return b
}

// parsePaper reads what appendPaper wrote.
func parsePaper(text string) (p paper.Paper) {
	r := taker{text}
	if when := r.signed(); when != 0 {
		p.Published = time.Unix(when, 0).UTC()
	}
	main := r.texts()
	p.Title, p.Abstract, p.Summary = main[0], main[1], main[2]
	p.Authors, p.Categories, p.Keywords = r.texts(), r.texts(), r.texts()
	for range r.unsigned() {
		source := r.texts()[0]
		p.Sightings = append(p.Sightings, paper.Sighting{Source: source, Votes: int(r.signed())})
	}
	return p
}

// taker takes numbers and texts off the front of a text of ours.
type taker struct{ rest string }

func (t *taker) unsigned() uint64 {
	n, size := binary.Uvarint([]byte(t.rest[:min(len(t.rest), binary.MaxVarintLen64)]))
	t.rest = t.rest[size:]
	return n
}

func (t *taker) signed() int64 {
	n, size := binary.Varint([]byte(t.rest[:min(len(t.rest), binary.MaxVarintLen64)]))
	t.rest = t.rest[size:]
	return n
}

func (t *taker) texts() []string {
	list := make([]string, t.unsigned())
	for i := range list {
		n := t.unsigned()
		list[i], t.rest = t.rest[:n], t.rest[n:]
	}
	return list
}
