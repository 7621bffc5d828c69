package search

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"

	"paperboy/internal/paper"
)

// Index is the searchable form of the papers. It is derived data, which can be
// rebuilt from the store at any time. Any number of goroutines may search while
// others put papers in; a search sees the papers of one moment.
type Index struct {
	feed    string
	now     atomic.Pointer[snapshot]
	writing sync.Mutex // held by Put, for one writer after the other

	spelling spelling
}

// snapshot is the papers at one moment. It never changes.
type snapshot struct {
	parts []part
	slots int   // papers in all parts, replaced ones among them
	live  int   // papers that count
	upto  int64 // see Put
}

// part is a segment and what became of its papers since.
type part struct {
	*segment
	base uint32 // number of its first paper among all parts'
	dead bitset // papers that a later part replaced
}

// bitset is a set of small numbers; nil is empty.
type bitset []uint64

func (b bitset) has(i uint32) bool { return b != nil && b[i/64]&(1<<(i%64)) != 0 }
func (b bitset) set(i uint32)      { b[i/64] |= 1 << (i % 64) }

func (b bitset) count() (n int) {
	for _, word := range b {
		n += bits.OnesCount64(word)
	}
	return n
}

// clone is a copy with room for the numbers below size.
func (b bitset) clone(size int) bitset {
	c := make(bitset, (size+63)/64)
	copy(c, b)
	return c
}

// New is an empty index of the feed that has the name, which is kept with it:
// so a saved index can be told from that of another feed.
func New(feed string) *Index {
	ix := &Index{feed: feed}
	ix.now.Store(new(snapshot))
	return ix
}

// Put adds papers, each in place of an earlier one with its ID; the last of
// several in one call counts. upto is how far in the store's sequence of changes
// the index now reaches; Upto gives it back, also after Save and Load.
func (ix *Index) Put(papers []paper.Paper, upto int64) {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	old := ix.now.Load()
	parts := slices.Clone(old.parts)
	for some := range slices.Chunk(papers, batch) {
		fresh := build(some)
		replace(parts, fresh)
		parts = merged(append(parts, part{segment: fresh}))
	}
	ix.now.Store(newSnapshot(parts, upto))
}

// batch is how many papers are built at a time, which takes about 5 kB of memory
// for each.
const batch = 5000

// Feed is the name given to New.
func (ix *Index) Feed() string { return ix.feed }

// Upto is how far in the store's sequence of changes the index reaches.
func (ix *Index) Upto() int64 { return ix.now.Load().upto }

// Len is the number of papers.
func (ix *Index) Len() int { return ix.now.Load().live }

// newSnapshot numbers the papers of parts.
func newSnapshot(parts []part, upto int64) *snapshot {
	s := &snapshot{parts: parts, upto: upto}
	for i := range parts {
		p := &parts[i]
		p.base = uint32(s.slots)
		s.slots += p.size()
		s.live += p.size() - p.dead.count()
	}
	return s
}

// build makes a segment of papers, the last of each ID.
func build(papers []paper.Paper) *segment {
	last := make(map[paper.ID]int, len(papers))
	for i := range papers {
		last[papers[i].ID] = i
	}
	b := newBuilder(len(papers))
	for i := range papers {
		if last[papers[i].ID] == i {
			b.add(&papers[i])
		}
	}
	return b.done()
}

// replace marks those papers of parts dead that fresh has anew.
func replace(parts []part, fresh *segment) {
	for i := range parts {
		p := &parts[i]
		cloned := false
		for old := range p.common(fresh) {
			if !cloned {
				p.dead, cloned = p.dead.clone(p.size()), true
			}
			p.dead.set(old)
		}
	}
}

// mergeAt is how many parts pile up before they become one.
const mergeAt = 8

// merged keeps the parts few: when mergeAt or more at the end hold at least as
// many papers as the one before, they become one. So there are about
// mergeAt + log2(papers) parts at most, and a paper is copied a few times in
// its life. A part that is mostly dead goes along.
func merged(parts []part) []part {
	for {
		from := mergeFrom(parts)
		if from < 0 {
			return parts
		}
		parts = append(parts[:from:from], part{segment: merge(parts[from:])})
	}
}

// mergeFrom is the first of the parts to merge now, or -1 for none.
func mergeFrom(parts []part) int {
	after := 0 // papers in the parts after i
	from := -1
	for i := len(parts) - 1; i >= 0; i-- {
		size := parts[i].size()
		if parts[i].dead.count() > size/2 || len(parts)-i >= mergeAt && size <= after {
			from = i
		}
		after += size
	}
	return from
}

// part finds the part of a paper.
func (s *snapshot) part(doc uint32) *part {
	i, found := slices.BinarySearchFunc(s.parts, doc, func(p part, doc uint32) int { return cmp.Compare(p.base, doc) })
	if !found {
		i--
	}
	return &s.parts[i]
}

// id is the ID of paper n.
func (s *snapshot) id(n uint32) paper.ID {
	p := s.part(n)
	return p.segment.id(n - p.base)
}

// doc is what is kept of paper n.
func (s *snapshot) doc(n uint32) doc {
	p := s.part(n)
	return p.segment.doc(n - p.base)
}
