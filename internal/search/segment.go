package search

import (
	"bytes"
	"encoding/binary"
	"iter"
	"sort"

	"paperboy/internal/paper"
)

// segment is an inverted index that never changes. All of it is bytes in the
// layout of the file (file.go), so that opening one costs nothing.
type segment struct {
	terms, termEnd []byte // all terms in byte order, and where each ends
	posts, postEnd []byte // their postings (postings.go), and where each list ends
	docs           []byte // what is kept of each paper (doc)
	ids, idEnd     []byte // the papers' IDs
	byID           []byte // the papers in order of ID
}

// sections are all that a segment is, in the order of the file.
func (g *segment) sections() [8]*[]byte {
	return [...]*[]byte{&g.terms, &g.termEnd, &g.posts, &g.postEnd, &g.docs, &g.ids, &g.idEnd, &g.byID}
}

// Terms that are not words start with a byte that no word has.
const (
	catTerm     = "\x01" // and the category
	sourceTerm  = "\x02" // and the name of a source that listed the paper
	acronymTerm = "\x03" // and a short form, a zero byte and its long form, as a paper explains it
)

// u32 is the i-th number of an array.
func u32(a []byte, i int) uint32 { return binary.LittleEndian.Uint32(a[4*i:]) }

// stretch is the i-th piece of data, given where the pieces end.
func stretch(data, ends []byte, i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = u32(ends, i-1)
	}
	return data[start:u32(ends, i)]
}

func (g *segment) size() int            { return len(g.docs) / docSize }
func (g *segment) vocabulary() int      { return len(g.termEnd) / 4 }
func (g *segment) term(i int) []byte    { return stretch(g.terms, g.termEnd, i) }
func (g *segment) id(i uint32) paper.ID { return paper.ID(stretch(g.ids, g.idEnd, int(i))) }

// seek is the number of the first term that is not less than t.
func (g *segment) seek(t string) int {
	return sort.Search(g.vocabulary(), func(i int) bool { return string(g.term(i)) >= t })
}

// postingsOf returns the postings of a term, none if there is no such term.
func (g *segment) postingsOf(t string) cursor {
	if i := g.seek(t); i < g.vocabulary() && string(g.term(i)) == t {
		return g.postings(i)
	}
	return cursor{}
}

// starting yields the terms that begin with prefix, with their postings.
func (g *segment) starting(prefix string) iter.Seq2[[]byte, cursor] {
	return func(yield func([]byte, cursor) bool) {
		for i := g.seek(prefix); i < g.vocabulary(); i++ {
			t := g.term(i)
			if !bytes.HasPrefix(t, []byte(prefix)) || !yield(t, g.postings(i)) {
				return
			}
		}
	}
}

// lookup finds a paper.
func (g *segment) lookup(id paper.ID) (uint32, bool) {
	i := sort.Search(g.size(), func(i int) bool { return g.id(u32(g.byID, i)) >= id })
	if i == g.size() || g.id(u32(g.byID, i)) != id {
		return 0, false
	}
	return u32(g.byID, i), true
}

// common yields the papers of g that other has too.
func (g *segment) common(other *segment) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		from := 0
		for i := range other.size() {
			id := other.id(u32(other.byID, i))
			before := func(k int) bool { return k < g.size() && g.id(u32(g.byID, k)) < id }
			stride := 1
			for before(from + stride) {
				from, stride = from+stride, 2*stride
			}
			from += sort.Search(stride, func(k int) bool { return !before(from + k) })
			if from < g.size() && g.id(u32(g.byID, from)) == id && !yield(u32(g.byID, from)) {
				return
			}
		}
	}
}

// doc is what is kept of a paper beside its words. The words are numbered
// through title, keywords, categories, abstract with summary, and authors; the
// last four fields say where the first four of these end.
type doc struct {
	when                    int64 // publication, seconds since 1970; undated if unknown
	votes                   uint32
	title, keys, cats, body uint16
}

const docSize = 20

func (g *segment) doc(i uint32) doc {
	b := g.docs[int(i)*docSize:][:docSize]
	return doc{
		when:  int64(binary.LittleEndian.Uint64(b)),
		votes: binary.LittleEndian.Uint32(b[8:]),
		title: binary.LittleEndian.Uint16(b[12:]),
		keys:  binary.LittleEndian.Uint16(b[14:]),
		cats:  binary.LittleEndian.Uint16(b[16:]),
		body:  binary.LittleEndian.Uint16(b[18:]),
	}
}

func (d doc) append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, uint64(d.when))
	b = binary.LittleEndian.AppendUint32(b, d.votes)
	for _, end := range [...]uint16{d.title, d.keys, d.cats, d.body} {
		b = binary.LittleEndian.AppendUint16(b, end)
	}
	return b
}
