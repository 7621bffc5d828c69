package search

import (
	"slices"
	"sync"
)

// part is a segment and what became of its papers since. A part never changes;
// kill is for those that nobody else has yet.
type part struct {
	*segment
	file   string   // where it is kept; "" for one in memory
	dead   bitset   // papers that a later part replaced
	deaths []uint32 // those, in the order in which they died
	losses *losses  // shared by all that ever were of this segment
}

func newPart(g *segment) part { return part{segment: g, losses: new(losses)} }

func (p *part) live() int { return p.size() - len(p.deaths) }

// kill marks papers dead that were not.
func (p *part) kill(docs ...uint32) {
	if len(docs) == 0 {
		return
	}
	p.dead = p.dead.clone(p.size())
	for _, doc := range docs {
		if !p.dead.has(doc) {
			p.dead.set(doc)
			p.deaths = append(p.deaths, doc)
		}
	}
}

// replacedBy is p without the papers that fresh has anew.
func (p part) replacedBy(fresh *segment) part {
	p.kill(slices.Collect(p.common(fresh))...)
	return p
}

// df is the number of live papers with the term.
func (p *part) df(e entry) int {
	if e.count == 0 || len(p.deaths) == 0 {
		return e.count
	}
	return e.count - p.losses.of(p, e)
}

// losses are how many of the papers with a term have died. As papers only ever
// die, a count is taken up where it was left.
type losses struct {
	mu     sync.Mutex
	counts map[int]loss // by where the postings of the term start
}

type loss struct{ deaths, with int } // of so many deaths, so many were papers with the term

// maxLosses is how many terms are remembered.
const maxLosses = 20_000

func (l *losses) of(p *part, e entry) int {
	l.mu.Lock()
	known := l.counts[e.start]
	l.mu.Unlock()
	if known.deaths == len(p.deaths) {
		return known.with
	}
	if known.deaths > len(p.deaths) { // p is of an earlier moment
		known = loss{}
	}
	known = loss{len(p.deaths), known.with + p.having(e, p.deaths[known.deaths:])}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts == nil || len(l.counts) >= maxLosses {
		l.counts = make(map[int]loss)
	}
	if l.counts[e.start].deaths < known.deaths {
		l.counts[e.start] = known
	}
	return known.with
}

// having counts the papers of docs that have the term.
func (p *part) having(e entry, docs []uint32) (n int) {
	l, ok := p.list(e, 0)
	if !ok {
		return 0
	}
	docs = slices.Clone(docs)
	slices.Sort(docs)
	for _, doc := range docs {
		if l.seek(doc) == doc {
			n++
		}
	}
	return n
}

// bitset is a set of small numbers; nil is empty.
type bitset []uint64

func (b bitset) has(i uint32) bool { return b != nil && b[i/64]&(1<<(i%64)) != 0 }
func (b bitset) set(i uint32)      { b[i/64] |= 1 << (i % 64) }

// clone is a copy with room for the numbers below size.
func (b bitset) clone(size int) bitset {
	c := make(bitset, (size+63)/64)
	copy(c, b)
	return c
}
