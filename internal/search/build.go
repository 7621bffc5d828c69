package search

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"time"

	"paperboy/internal/paper"
)

// Bounds on what is indexed of one paper; what lies beyond is not found.
const (
	lastPlace  = math.MaxUint16 - 1 // of a word before the authors
	authorStep = 8                  // places between two authors: so many words of a name count
)

const undated = math.MinInt64

// builder makes a segment of papers. It first notes the words as they come and
// sorts them by term at the end.
type builder struct {
	numbers map[string]uint32 // of terms
	names   []string          // terms by number
	counts  []uint32          // occurrences of them

	words []uint32     // the terms of all papers, as they come
	where []occurrence // and the place of each

	scan  scanner
	paper uint32 // the number of the current paper
	asIs  bool   // index words as written, not in the singular
	stop  int    // the first place that is too far

	segment
}

// newBuilder makes room for so many papers of usual length.
func newBuilder(papers int) *builder {
	const words = 250
	b := &builder{
		numbers: make(map[string]uint32, 8*papers),
		words:   make([]uint32, 0, words*papers),
		where:   make([]occurrence, 0, words*papers),
	}
	b.scan.emit = b.token
	return b
}

// add indexes p as the next paper.
func (b *builder) add(p *paper.Paper) {
	b.paper = uint32(b.size())
	d := doc{when: moment(p), votes: uint32(min(max(p.Votes(), 0), math.MaxInt32))}
	b.stop = lastPlace
	at := b.text(p.Title, 0)
	d.title = uint16(at)
	at = b.lines(p.Keywords, at)
	d.keys = uint16(at)
	at = b.lines(p.Categories, at)
	d.cats = uint16(at)
	at = b.text(p.Abstract, at)
	at = b.text(p.Summary, at)
	d.body = uint16(at)
	b.authors(p.Authors, at)
	for _, c := range p.Categories[:min(len(p.Categories), paper.MaxWords)] {
		b.mark(catTerm, strings.ToLower(c))
	}
	for _, s := range p.Sightings {
		b.mark(sourceTerm, strings.ToLower(s.Source))
	}
	for mark := range marks(p) {
		b.mark("", mark)
	}
	b.docs = d.append(b.docs)
	b.ids = append(b.ids, p.ID...)
	b.idEnd = binary.LittleEndian.AppendUint32(b.idEnd, uint32(len(b.ids)))
}

// moment is when p was published, or else first listed.
func moment(p *paper.Paper) int64 {
	switch {
	case !p.Published.IsZero():
		return p.Published.Unix()
	case !p.Day().IsZero():
		return p.Day().Start(time.UTC).Unix()
	}
	return undated
}

// text indexes a text from place at on and returns the place for the next one;
// a free place between them keeps phrases from running on.
func (b *builder) text(text string, at int) int {
	if text == "" {
		return at
	}
	return min(b.scan.scan(bounded(text), at)+1, b.stop)
}

// bounded is as much of text as is looked at.
func bounded(text string) string { return text[:min(len(text), paper.MaxAbstract)] }

func (b *builder) lines(lines []string, at int) int {
	for _, line := range lines[:min(len(lines), paper.MaxWords)] {
		at = b.text(line, at)
	}
	return at
}

// authors indexes names as written, each from a multiple of authorStep on.
func (b *builder) authors(names []string, at int) {
	b.asIs = true
	for _, name := range names[:min(len(names), paper.MaxAuthors)] {
		b.stop = at + authorStep
		b.scan.scan(bounded(name), at)
		at += authorStep
	}
	b.asIs = false
}

func (b *builder) token(t token) {
	switch {
	case t.pos >= b.stop:
	case b.asIs:
		b.occurs(t.raw, uint32(t.pos))
	default:
		b.occurs(t.term, uint32(t.pos))
	}
}

// mark gives the paper a term that is no word; such have no meaningful place.
func (b *builder) mark(kind, name string) {
	if len(name) <= paper.MaxName {
		b.occurs([]byte(kind+name), 0)
	}
}

func (b *builder) occurs(term []byte, at uint32) {
	n, ok := b.numbers[string(term)]
	if !ok {
		n = uint32(len(b.names))
		name := string(term)
		b.numbers[name] = n
		b.names = append(b.names, name)
		b.counts = append(b.counts, 0)
	}
	b.counts[n]++
	b.words = append(b.words, n)
	b.where = append(b.where, occurrence{b.paper, at})
}

// done is the segment of all papers added.
func (b *builder) done() *segment {
	inOrder := make([]uint32, len(b.names))
	for i := range inOrder {
		inOrder[i] = uint32(i)
	}
	slices.SortFunc(inOrder, func(i, j uint32) int { return cmp.Compare(b.names[i], b.names[j]) })
	ends := make([]uint32, len(b.names)) // of each term's stretch of lists
	total := uint32(0)
	for _, n := range inOrder {
		ends[n] = total
		total += b.counts[n]
	}
	lists := make([]occurrence, total)
	for i, n := range b.words {
		lists[ends[n]] = b.where[i]
		ends[n]++
	}
	w := writer{segment: b.segment}
	w.posts = make([]byte, 0, 3*len(lists)) // each takes about two bytes
	for _, n := range inOrder {
		w.add([]byte(b.names[n]), lists[ends[n]-b.counts[n]:ends[n]])
	}
	return w.done()
}

// writer completes a segment, whose papers are known, term by term in order.
type writer struct{ segment }

func (w *writer) add(term []byte, list []occurrence) {
	w.terms = append(w.terms, term...)
	w.termEnd = binary.LittleEndian.AppendUint32(w.termEnd, uint32(len(w.terms)))
	w.posts = appendPostings(w.posts, list, w.size())
	w.postEnd = binary.LittleEndian.AppendUint32(w.postEnd, uint32(len(w.posts)))
}

// done lists the papers by ID and gives back the room that growing left over.
func (w *writer) done() *segment {
	w.posts = append(w.posts, make([]byte, padding)...)
	order := make([]uint32, w.size())
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(i, j uint32) int {
		return bytes.Compare(stretch(w.ids, w.idEnd, int(i)), stretch(w.ids, w.idEnd, int(j)))
	})
	for _, n := range order {
		w.byID = binary.LittleEndian.AppendUint32(w.byID, n)
	}
	for _, data := range w.sections() {
		if spare := cap(*data) - len(*data); spare > len(*data)/64 {
			*data = bytes.Clone(*data)
		}
	}
	return &w.segment
}
