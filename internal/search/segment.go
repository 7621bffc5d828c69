package search

import (
	"encoding/binary"
	"iter"
	"math"
	"sort"
	"time"

	"paperboy/internal/paper"
)

// segment is an inverted index that never changes. All of it is bytes in the
// layout of the file (file.go), so that opening one costs next to nothing. Its
// papers are numbered from the newest to the oldest, those of one minute in order
// of their IDs.
type segment struct {
	dictionary
	docs       []byte // what is kept of each paper (doc)
	lengths    []byte // of each paper, see lengthByte
	priors     []byte // of each paper, see priorByte
	tops       []byte // of each strideSize papers: the most votes (4 bytes), the highest prior (1)
	ids, idEnd []byte // the papers' IDs, and where each ends
	byID       []byte // the papers in order of ID
}

// sections are all that a segment is, in the order of the file.
func (g *segment) sections() [10]*[]byte {
	return [...]*[]byte{&g.posts, &g.blocks, &g.index, &g.docs, &g.lengths, &g.priors, &g.tops, &g.ids, &g.idEnd, &g.byID}
}

// Terms that are not words of a paper start with a byte that no word has.
const (
	catTerm     = "\x01" // and a category; or what it begins with, up to a dot
	sourceTerm  = "\x02" // and the name of a source that listed the paper
	acronymTerm = "\x03" // and a short form, a zero byte and its long form, as a paper explains it
	prefixTerm  = "\xff" // and two letters or digits with which a word begins
)

// hasPlaces reports whether the places of a term are kept.
func hasPlaces(term []byte) bool { return term[0] >= ' ' && term[0] != prefixTerm[0] }

// u32 is the i-th number of an array.
func u32(a []byte, i int) uint32 { return binary.LittleEndian.Uint32(a[4*i:]) }

func (g *segment) size() int { return len(g.docs) / docSize }

func (g *segment) id(i uint32) paper.ID {
	start := uint32(0)
	if i > 0 {
		start = u32(g.idEnd, int(i-1))
	}
	return paper.ID(g.ids[start:u32(g.idEnd, int(i))])
}

// list reads the postings of an entry.
func (g *segment) list(e entry, weight float32) (*list, bool) {
	data := g.postings(e)
	if data == nil {
		return nil, false
	}
	return newList(g.lengths, data, e.count, weight), true
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

// since is the number of the first paper that is not of minute or later.
func (g *segment) since(minute uint32) uint32 {
	return uint32(sort.Search(g.size(), func(i int) bool { return g.when(uint32(i)) < minute }))
}

// doc is what is kept of a paper beside its words. The words are numbered
// through title, keywords, categories, abstract with summary, and authors; the
// last four fields say where the first four of these end.
type doc struct {
	when                    uint32 // publication, see minute; undated if unknown
	votes                   uint32
	title, keys, cats, body uint16
}

const docSize = 16

func (g *segment) when(i uint32) uint32 { return binary.LittleEndian.Uint32(g.docs[int(i)*docSize:]) }
func (g *segment) votes(i uint32) uint32 {
	return binary.LittleEndian.Uint32(g.docs[int(i)*docSize+4:])
}

func (g *segment) doc(i uint32) doc {
	b := g.docs[int(i)*docSize:][:docSize]
	return doc{
		when:  binary.LittleEndian.Uint32(b),
		votes: binary.LittleEndian.Uint32(b[4:]),
		title: binary.LittleEndian.Uint16(b[8:]),
		keys:  binary.LittleEndian.Uint16(b[10:]),
		cats:  binary.LittleEndian.Uint16(b[12:]),
		body:  binary.LittleEndian.Uint16(b[14:]),
	}
}

func (d doc) append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, d.when)
	b = binary.LittleEndian.AppendUint32(b, d.votes)
	for _, end := range [...]uint16{d.title, d.keys, d.cats, d.body} {
		b = binary.LittleEndian.AppendUint16(b, end)
	}
	return b
}

// zones are where of a paper a term stands, as far as people can ask for it.
func (d doc) zones(places []uint32) (z zones) {
	if places[0] < uint32(d.title) {
		z = inTitles
	}
	if places[len(places)-1] >= uint32(d.body) {
		z |= inNames
	}
	return z
}

// freq is how much occurrences at places count (see rank.go).
func (d doc) freq(places []uint32) uint8 {
	sum := 0
	for _, at := range places {
		switch {
		case at < uint32(d.title):
			sum += inTitle
		case at < uint32(d.keys):
			sum += inKeywords
		case at < uint32(d.cats):
			sum += inCategories
		case at < uint32(d.body):
			sum += inText
		default:
			sum += inAuthors
		}
	}
	return uint8(min(sum, maxFreq))
}

// Time is kept in minutes, from one to four thousand million. Zero is unknown.
const undated = 0

// epoch is minute 0, in the year 1.
var epoch = time.Time{}.Unix() / 60

// minute is the minute that began so many seconds after 1970.
func minute(seconds int64) uint32 {
	return uint32(min(max(floorDiv(seconds, 60)-epoch, 1), math.MaxUint32))
}

func floorDiv(a, b int64) int64 {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}

func minutesAt(year int) uint32 {
	return minute(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Unix())
}

// strideSize is how many papers share the bounds on votes and priors.
const strideSize = 1024

const topSize = 5

// topVotes and topPrior are the highest of the papers around i.
func (g *segment) topVotes(i uint32) uint32 {
	return binary.LittleEndian.Uint32(g.tops[int(i/strideSize)*topSize:])
}

func (g *segment) topPrior(i uint32) byte { return g.tops[int(i/strideSize)*topSize+4] }
