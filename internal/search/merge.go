package search

import (
	"bytes"
	"cmp"
	"slices"
)

// gone is the new number of a paper that counts no longer.
const gone = end

// merger makes one segment of the live papers of several parts.
type merger struct {
	parts    []part
	renumber [][]uint32 // the new number of each part's papers
	out      *writer
	sources  []feeder
	list     []posting
	places   []uint32
}

// merge writes the papers of parts to w and returns how they are renumbered.
func merge(parts []part, w *writer) (*segment, [][]uint32) {
	m := merger{parts: parts, out: w}
	if w.write == nil { // what is kept in memory has about the size of all together
		size := 0
		for _, p := range parts {
			size += len(p.posts)
		}
		w.posts = make([]byte, 0, size)
	}
	m.papers()
	m.terms()
	return w.finish(), m.renumber
}

// papers copies what is kept of the papers, the newest first.
func (m *merger) papers() {
	next := make([]uint32, len(m.parts))
	m.renumber = make([][]uint32, len(m.parts))
	for i := range m.parts {
		m.renumber[i] = make([]uint32, m.parts[i].size())
		m.skipDead(i, next)
	}
	for {
		first := -1
		for i := range m.parts {
			if int(next[i]) < m.parts[i].size() && (first < 0 || m.before(i, next[i], first, next[first])) {
				first = i
			}
		}
		if first < 0 {
			return
		}
		p, n := &m.parts[first], next[first]
		m.renumber[first][n] = uint32(m.out.size())
		m.out.paperIs(p.doc(n), p.id(n))
		next[first]++
		m.skipDead(first, next)
	}
}

// skipDead goes on to the next live paper of part i.
func (m *merger) skipDead(i int, next []uint32) {
	p := &m.parts[i]
	for int(next[i]) < p.size() && p.dead.has(next[i]) {
		m.renumber[i][next[i]] = gone
		next[i]++
	}
}

// before reports whether paper a of part i comes before paper b of part k.
func (m *merger) before(i int, a uint32, k int, b uint32) bool {
	p, q := &m.parts[i], &m.parts[k]
	if c := cmp.Compare(q.when(b), p.when(a)); c != 0 {
		return c < 0
	}
	return p.id(a) < q.id(b)
}

// terms walks the dictionaries of all parts together.
func (m *merger) terms() {
	walkers, more := make([]walker, len(m.parts)), make([]bool, len(m.parts))
	for i := range m.parts {
		walkers[i] = m.parts[i].walk(0)
		more[i] = walkers[i].next()
	}
	var term []byte
	for m.out.err == nil {
		least := -1
		for i := range walkers {
			if more[i] && (least < 0 || bytes.Compare(walkers[i].term, walkers[least].term) < 0) {
				least = i
			}
		}
		if least < 0 {
			return
		}
		term = append(term[:0], walkers[least].term...)
		m.sources = m.sources[:0]
		for i := range walkers {
			if more[i] && bytes.Equal(walkers[i].term, term) {
				m.from(i, walkers[i].entry)
				more[i] = walkers[i].next()
			}
		}
		m.join(hasPlaces(term))
		if len(m.list) > 0 && !m.forgets(term) {
			m.out.addTerm(term, m.list)
		}
	}
}

// largePart is how many papers a part has in which authors with one paper are
// not worth the room that suggesting them takes. They can still be searched for.
const largePart = 1 << 14

func (m *merger) forgets(term []byte) bool {
	return term[0] == authorTerm[0] && len(m.list) == 1 && m.out.size() >= largePart
}

// feeder is the postings of a term in one part.
type feeder struct {
	*list
	renumber []uint32
	doc      uint32 // the new number of its current paper
}

// from adds the postings of part i to the sources.
func (m *merger) from(i int, e entry) {
	l, ok := m.parts[i].list(e, 0)
	if !ok {
		m.out.err = cmp.Or(m.out.err, error(ErrDamaged))
		return
	}
	s := feeder{list: l, renumber: m.renumber[i]}
	if s.live() {
		m.sources = append(m.sources, s)
	}
}

// live goes on to the next live paper, unless it is at one.
func (s *feeder) live() bool {
	for old := s.list.doc(); old != end; old = s.list.seek(old + 1) {
		if s.doc = s.renumber[old]; s.doc != gone {
			return true
		}
	}
	return false
}

// join lists the postings of all sources in order.
func (m *merger) join(places bool) {
	m.list, m.places = m.list[:0], m.places[:0]
	for len(m.sources) > 0 {
		first := 0
		for i := range m.sources {
			if m.sources[i].doc < m.sources[first].doc {
				first = i
			}
		}
		s := &m.sources[first]
		s.read()
		p := posting{doc: s.doc, freq: s.freq(s.i), zones: s.zonesOf(s.i)}
		if places {
			from := len(m.places)
			m.places = append(m.places, s.at()...)
			p.at = m.places[from:]
		}
		m.list = append(m.list, p)
		s.list.seek(s.list.doc() + 1)
		if !s.live() {
			m.sources = slices.Delete(m.sources, first, first+1)
		}
	}
}
