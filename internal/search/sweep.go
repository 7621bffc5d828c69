package search

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"sync"
)

// Several conditions with many papers each are swept: of window after window, each
// marks its papers, and only those that all have are scored. That is several
// times faster than to go from paper to paper.

const (
	windowSize  = 4096 // papers that are looked at together
	windowWords = windowSize / 64
)

// sieve marks papers of a window.
type sieve [windowWords]uint64

// set and has are for numbers below windowSize, which spares them a test.
func (m *sieve) set(i uint32)      { m[i/64%windowWords] |= 1 << (i % 64) }
func (m *sieve) has(i uint32) bool { return m[i/64%windowWords]&(1<<(i%64)) != 0 }

// and leaves the papers that other has too, and reports whether there are any.
func (m *sieve) and(other *sieve) (any bool) {
	all := uint64(0)
	for i := range m {
		m[i] &= other[i]
		all |= m[i]
	}
	return all != 0
}

func (m *sieve) any() bool { return *m != sieve{} }

// count is how many papers are marked.
func (m *sieve) count() (n int) {
	for _, word := range m {
		n += bits.OnesCount64(word)
	}
	return n
}

// or adds the papers of other.
func (m *sieve) or(other *sieve) {
	for i := range m {
		m[i] |= other[i]
	}
}

// orBoth adds the papers that a and b both have.
func (m *sieve) orBoth(a, b *sieve) {
	for i := range m {
		m[i] |= a[i] & b[i]
	}
}

// next is the first marked paper of the window from i on.
func (m *sieve) next(i uint32) (next uint32, ok bool) {
	for k := i / 64; k < uint32(len(m)); k++ {
		word := m[k]
		if k == i/64 {
			word &= ^uint64(0) << (i % 64)
		}
		if word != 0 {
			return k*64 + uint32(bits.TrailingZeros64(word)), true
		}
	}
	return 0, false
}

// scores are those of the papers of a window.
type scores [windowSize]uint32

// meeting is the papers of a window that all markers have.
type meeting struct {
	lo, hi uint32 // the window
	sieve
	list []uint32 // the same papers, counted from lo
}

// marker looks at what is still to come of a stream window by window, without
// moving it.
type marker interface {
	// most is a score that no paper from lo to hi exceeds.
	most(lo, hi uint32) uint32
	// mark marks the papers from lo to hi in m, besides what is marked there.
	mark(lo, hi uint32, m *sieve)
	// exact reports whether all papers marked satisfy the condition; else the
	// stream has to decide.
	exact() bool
	// score gives the papers of a meeting their scores, or if it is not exact ones
	// that they do not exceed, where into is 0. The window is the one marked last.
	score(met *meeting, into *scores)
	// release gives free what score has used.
	release()
}

// markerOf is a marker of s, nil if there is none.
func markerOf(s stream) marker {
	switch s := s.(type) {
	case nothing:
		return nothingMarker{}
	case scoreless:
		if k := markerOf(s.stream); k != nil {
			return scorelessMarker{k}
		}
	case *list:
		return &listMarker{list: s}
	case *zoned:
		return inexact{&listMarker{list: s.list}}
	case *tableStream:
		return &tableMarker{table: s, from: s.i}
	case *either:
		if kids := markersOf(s.kids); kids != nil {
			return &eitherMarker{kidMarkers{kids: kids}, s.best}
		}
	case *both:
		if kids := markersOf(s.kids); kids != nil {
			return &bothMarker{kidMarkers{kids: kids}}
		}
	case *row:
		m, least := new(rowMarker), s.cost()
		for _, l := range s.lists {
			if l.count <= sweepTo*least {
				m.kids = append(m.kids, &listMarker{list: l})
			}
		}
		return m
	}
	return nil
}

// markersOf are the markers of all streams, nil if one has none.
func markersOf(streams []stream) (list []marker) {
	for _, s := range streams {
		m := markerOf(s)
		if m == nil {
			return nil
		}
		list = append(list, m)
	}
	return list
}

// nothingMarker marks nothing.
type nothingMarker struct{}

func (nothingMarker) most(uint32, uint32) uint32  { return 0 }
func (nothingMarker) mark(uint32, uint32, *sieve) {}
func (nothingMarker) exact() bool                 { return true }
func (nothingMarker) score(*meeting, *scores)     {}
func (nothingMarker) release()                    {}

// inexact is a marker of which the stream decides.
type inexact struct{ marker }

func (inexact) exact() bool { return false }

type scorelessMarker struct{ marker }

func (scorelessMarker) most(uint32, uint32) uint32 { return 0 }
func (scorelessMarker) score(*meeting, *scores)    {}

// kidMarkers is what markers of markers share.
type kidMarkers struct {
	kids []marker
	one  sieve
	some *scores // of a kid; all are 0 between calls
}

func (s *kidMarkers) exact() bool {
	return !slices.ContainsFunc(s.kids, func(k marker) bool { return !k.exact() })
}

func (s *kidMarkers) release() {
	for _, k := range s.kids {
		k.release()
	}
	if s.some != nil {
		manyScores.Put(s.some)
		s.some = nil
	}
}

// manyScores are scores that nobody uses, all 0. A search that panics gives none
// back.
var manyScores = sync.Pool{New: func() any { return new(scores) }}

// join scores all kids, each joined to those before by f.
func (s *kidMarkers) join(met *meeting, into *scores, f func(k int, before, score uint32) uint32) {
	if s.some == nil {
		s.some = manyScores.Get().(*scores)
	}
	for k, kid := range s.kids {
		kid.score(met, s.some)
		for _, i := range met.list {
			into[i] = f(k, into[i], s.some[i])
			s.some[i] = 0
		}
	}
}

// both marks the papers that all kids have.
func (s *kidMarkers) both(lo, hi uint32, m *sieve) {
	all := sieve{}
	s.kids[0].mark(lo, hi, &all)
	for _, k := range s.kids[1:] {
		s.one = sieve{}
		k.mark(lo, hi, &s.one)
		all.and(&s.one)
	}
	m.or(&all)
}

type eitherMarker struct {
	kidMarkers
	best bool
}

func (s *eitherMarker) mark(lo, hi uint32, m *sieve) {
	for _, k := range s.kids {
		k.mark(lo, hi, m)
	}
}

func (s *eitherMarker) most(lo, hi uint32) (most uint32) {
	for _, k := range s.kids {
		if s.best {
			most = max(most, k.most(lo, hi))
		} else {
			most += k.most(lo, hi)
		}
	}
	return most
}

func (s *eitherMarker) score(met *meeting, into *scores) {
	s.join(met, into, func(_ int, before, score uint32) uint32 {
		if s.best {
			return max(before, score)
		}
		return before + score
	})
}

// bothMarker marks the papers that all kids have. Of others, which another condition
// may have let in, it scores what any kid has.
type bothMarker struct{ kidMarkers }

func (s *bothMarker) exact() bool                  { return false }
func (s *bothMarker) mark(lo, hi uint32, m *sieve) { s.both(lo, hi, m) }

func (s *bothMarker) most(lo, hi uint32) (most uint32) {
	for _, k := range s.kids {
		most += k.most(lo, hi)
	}
	return most
}

func (s *bothMarker) score(met *meeting, into *scores) {
	s.join(met, into, func(_ int, before, score uint32) uint32 { return before + score })
}

// rowMarker marks the papers that have all terms of a row but those that are much
// more frequent than others: they score no more than the least of them.
type rowMarker struct{ kidMarkers }

func (s *rowMarker) exact() bool                  { return false }
func (s *rowMarker) mark(lo, hi uint32, m *sieve) { s.both(lo, hi, m) }

func (s *rowMarker) most(lo, hi uint32) uint32 {
	least := uint32(end)
	for _, k := range s.kids {
		least = min(least, k.most(lo, hi))
	}
	return least
}

func (s *rowMarker) score(met *meeting, into *scores) {
	s.join(met, into, func(k int, before, score uint32) uint32 {
		if k == 0 {
			return score
		}
		return min(before, score)
	})
}

// tableMarker marks the papers of a table.
type tableMarker struct {
	table    *tableStream
	from, to int // of the table: the window
}

func (s *tableMarker) exact() bool { return true }
func (s *tableMarker) release()    {}

func (s *tableMarker) most(lo, _ uint32) uint32 {
	most, _ := s.table.bound(lo)
	return most
}

func (s *tableMarker) mark(lo, hi uint32, m *sieve) {
	docs := s.table.docs
	for s.from = s.to; s.from < len(docs) && docs[s.from] < lo; s.from++ {
	}
	for s.to = s.from; s.to < len(docs) && docs[s.to] < hi; s.to++ {
		m.set(docs[s.to] - lo)
	}
}

func (s *tableMarker) score(met *meeting, into *scores) {
	for k := s.from; k < s.to; k++ {
		if i := s.table.docs[k] - met.lo; met.has(i) {
			into[i] = s.table.score(k)
		}
	}
}

// listMarker reads a list for itself.
type listMarker struct {
	list  *list
	begun bool
	from  int // the block with which the window begins
	block int // the one in docs
	n     int // papers in it; 0 after the last
	docs  [blockSize]uint32
}

func (s *listMarker) exact() bool { return true }
func (s *listMarker) release()    {}

// reach goes to the first block with papers from lo on.
func (s *listMarker) reach(lo uint32) {
	if !s.begun {
		s.begun = true
		s.open(s.list.block)
	}
	if s.n > 0 && s.docs[s.n-1] < lo {
		s.open(s.list.find(s.block+1, lo))
	}
	s.from = s.block
}

// open goes to a block; there may be none.
func (s *listMarker) open(block int) {
	if block == s.block && s.n > 0 {
		return
	}
	s.block, s.n = block, 0
	if block < s.list.blocks() {
		s.n = s.list.decode(block, &s.docs)
	}
}

func (s *listMarker) most(lo, hi uint32) uint32 {
	s.reach(lo)
	if s.n == 0 || s.docs[0] >= hi {
		return 0
	}
	l, weight := s.list, float32(0)
	for block := s.block; block < l.blocks(); block++ {
		weight = max(weight, l.mostIn(block))
		if l.skips == nil || l.last(block) >= hi {
			break
		}
	}
	return l.atMost(weight)
}

func (s *listMarker) mark(lo, hi uint32, m *sieve) {
	for s.reach(lo); s.n > 0; s.open(s.block + 1) {
		for _, doc := range s.docs[:s.n] {
			if i := doc - lo; i < hi-lo { // those before lo are far above
				m.set(i)
			}
		}
		if s.docs[s.n-1] >= hi {
			return
		}
	}
}

func (s *listMarker) score(met *meeting, into *scores) {
	l := s.list
	for s.open(s.from); s.n > 0; s.open(s.block + 1) {
		freqs := l.packedFreqs(s.block, s.n)
		for k, doc := range s.docs[:s.n] {
			if i := doc - met.lo; i < windowSize && met.has(i) {
				into[i] = uint32(l.weight * saturated(freqs.at(k)+1, l.lengths[doc]))
			}
		}
		if s.docs[s.n-1] >= met.hi {
			return
		}
	}
}

// packedNumbers are numbers of so many bits each, at most 8.
type packedNumbers struct {
	data  []byte
	width uint
}

func (p packedNumbers) at(i int) uint8 {
	bit := uint(i) * p.width
	return uint8(uint64(binary.LittleEndian.Uint16(p.data[bit/8:])) >> (bit % 8) & (1<<p.width - 1))
}

const (
	// sweepFrom is how many papers the rarest of several conditions has for sweeping
	// to pay,
	sweepFrom = 512
	// sweepTo how many times as many another may have to join in, and
	sweepTo = 12
	// probing how many papers are marked in the time that it takes to ask a list for
	// one.
	probing = 96
)

// sweep looks window by window for the papers that several streams have.
type sweep struct {
	streams []stream // the rarest first
	of      []int    // which of those given these are
	markers []marker // of streams
	exact   []bool   // of each marker
	costs   []int    // of marking a window with each stream and those after it
	lists   []int    // of those streams
	met     meeting
	marked  int   // how many of the streams have been marked; the others have to be asked
	next    sieve // of the next marker
}

// newSweep is a sweep of those among streams that are worth it, of which the first
// has the fewest papers; nil if there are none. size is how many papers there are.
func newSweep(streams []stream, size int) *sweep {
	least := streams[0].cost()
	if least < sweepFrom {
		return nil
	}
	s := new(sweep)
	for i, k := range streams {
		if k.cost() <= sweepTo*least {
			s.add(k, markerOf(k), i)
		}
	}
	if len(s.markers) == 0 || s.of[0] > 0 {
		return nil
	}
	s.addUp(size)
	return s
}

// add adds a stream if it has a marker.
func (s *sweep) add(k stream, m marker, i int) {
	if m != nil {
		s.streams, s.markers, s.of = append(s.streams, k), append(s.markers, m), append(s.of, i)
		s.exact = append(s.exact, m.exact())
	}
}

// addUp finds out what marking costs.
func (s *sweep) addUp(size int) {
	s.costs, s.lists = make([]int, len(s.streams)), make([]int, len(s.streams))
	cost, lists := 0, 0
	for i := len(s.streams) - 1; i >= 0; i-- {
		cost += s.streams[i].cost() * windowSize / max(size, windowSize)
		lists += listsIn(s.streams[i])
		s.costs[i], s.lists[i] = cost, lists
	}
}

// listsIn is how many lists have to be read for s.
func listsIn(s stream) (n int) {
	switch s := s.(type) {
	case scoreless:
		return listsIn(s.stream)
	case *row:
		return len(s.lists)
	case *either:
		for _, k := range s.kids {
			n += listsIn(k)
		}
		return n
	case *both:
		for _, k := range s.kids {
			n += listsIn(k)
		}
		return n
	}
	return 1
}

// asking reports whether it is faster to ask the streams from the k-th on for what
// is in m than to mark them.
func (s *sweep) asking(k int, m *sieve) bool {
	return m.count()*s.lists[k]*probing < s.costs[k]
}

// look finds the papers from lo to hi that all marked streams have, and reports
// whether there are any.
func (s *sweep) look(lo, hi uint32) bool {
	s.met.lo, s.met.hi, s.met.sieve, s.marked = lo, hi, sieve{}, 1
	s.markers[0].mark(lo, hi, &s.met.sieve)
	for _, m := range s.markers[1:] {
		if s.asking(s.marked, &s.met.sieve) {
			break
		}
		s.marked++
		s.next = sieve{}
		if m.mark(lo, hi, &s.next); !s.met.and(&s.next) {
			return false
		}
	}
	return s.met.any()
}

// restMost is the most that streams not marked score in the window.
func (s *sweep) restMost() (most uint32) {
	for _, m := range s.markers[s.marked:] {
		most += m.most(s.met.lo, s.met.hi)
	}
	return most
}

// score gives the papers met their scores together, those of exact markers in sure
// and others in maybe.
func (s *sweep) score(sure, maybe, one *scores) {
	s.met.list = s.met.list[:0]
	for k, set := range s.met.sieve {
		for ; set != 0; set &= set - 1 {
			s.met.list = append(s.met.list, uint32(k*64+bits.TrailingZeros64(set)))
		}
	}
	for k, m := range s.markers[:s.marked] {
		into := sure
		if !s.exact[k] {
			into = maybe
		}
		m.score(&s.met, one)
		for _, i := range s.met.list {
			into[i] += one[i]
			one[i] = 0
		}
	}
}

func (s *sweep) release() {
	for _, m := range s.markers {
		m.release()
	}
}

// rooms are scores to work with; all are 0 between windows.
type rooms struct{ sure, maybe, one *scores }

func newRooms() (r rooms) {
	for _, room := range [...]**scores{&r.sure, &r.maybe, &r.one} {
		*room = manyScores.Get().(*scores)
	}
	return r
}

func (r rooms) free() {
	for _, room := range [...]*scores{r.sure, r.maybe, r.one} {
		manyScores.Put(room)
	}
}

// swept is meet for kids that are swept.
func (b *both) swept(doc uint32) uint32 {
	for doc = b.marked(doc); doc != end; {
		next := doc
		for _, k := range b.kids {
			if at := k.seek(doc); at != doc {
				next = at
				break
			}
		}
		if next == doc {
			return doc
		}
		doc = b.marked(next)
	}
	return b.kids[0].seek(end)
}

// marked is the first paper from doc on that all markers have.
func (b *both) marked(doc uint32) uint32 {
	s := b.sweep
	for doc != end {
		if doc >= s.met.hi {
			s.look(doc, doc+windowSize)
		}
		if i, ok := s.met.next(doc - s.met.lo); ok {
			return s.met.lo + i
		}
		doc = b.kids[0].seek(s.met.hi)
	}
	return end
}
