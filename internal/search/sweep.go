package search

import "math/bits"

// sieve marks papers of a window.
type sieve [windowSize / 64]uint64

func (m *sieve) set(i uint32) { m[i/64] |= 1 << (i % 64) }

// and leaves the papers that other has too, and reports whether there are any.
func (m *sieve) and(other *sieve) (any bool) {
	all := uint64(0)
	for i := range m {
		m[i] &= other[i]
		all |= m[i]
	}
	return all != 0
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

// marker is a stream that can mark its papers from lo to hi, and perhaps some
// others, without moving. It is asked for window after window. That is several
// times faster than going from paper to paper.
type marker interface {
	mark(lo, hi uint32, m *sieve)
}

// markerOf is s as a marker, nil if it is none.
func markerOf(s stream) marker {
	switch s := s.(type) {
	case scoreless:
		return markerOf(s.stream)
	case *either:
		for _, k := range s.kids {
			if markerOf(k) == nil {
				return nil
			}
		}
		return s
	case *both:
		return s
	case marker:
		return s
	}
	return nil
}

func (s *either) mark(lo, hi uint32, m *sieve) {
	for _, k := range s.kids {
		markerOf(k).mark(lo, hi, m)
	}
}

func (s *both) mark(lo, hi uint32, m *sieve) {
	if len(s.markers) == 0 {
		s.markers = []marker{markerOf(s.kids[0])}
	}
	met := s.met(lo, hi)
	for i := range m {
		m[i] |= met[i]
	}
}

// met marks the papers that all markers have.
func (s *both) met(lo, hi uint32) (all sieve) {
	for i, k := range s.markers {
		if i == 0 {
			k.mark(lo, hi, &all)
			continue
		}
		var more sieve
		if k.mark(lo, hi, &more); !all.and(&more) {
			break
		}
	}
	return all
}

func (s *tableStream) mark(lo, hi uint32, m *sieve) {
	for s.marked < len(s.docs) && s.docs[s.marked] < lo {
		s.marked++
	}
	for ; s.marked < len(s.docs) && s.docs[s.marked] < hi; s.marked++ {
		m.set(s.docs[s.marked] - lo)
	}
}

// listMarks is how far a list has been marked.
type listMarks struct {
	block, n int
	docs     [blockSize]uint32
}

func (l *list) mark(lo, hi uint32, m *sieve) {
	at := l.marks
	if at == nil {
		at = new(listMarks)
		at.n = l.decode(0, &at.docs)
		l.marks = at
	}
	if at.n > 0 && at.docs[at.n-1] < lo {
		at.block = l.find(at.block+1, lo)
		if at.block >= l.blocks() {
			at.n = 0
			return
		}
		at.n = l.decode(at.block, &at.docs)
	}
	for at.n > 0 {
		for _, doc := range at.docs[:at.n] {
			if doc >= hi {
				return
			}
			if doc >= lo {
				m.set(doc - lo)
			}
		}
		if at.block++; at.block >= l.blocks() {
			at.n = 0
			return
		}
		at.n = l.decode(at.block, &at.docs)
	}
}

// sweepFrom is how many papers the rarest of several conditions has for sweeping
// to pay, and sweepTo how many times as many another may have to join in.
const (
	sweepFrom = 512
	sweepTo   = 8
)

// sweepers are the markers among kids that are worth it; none if there are less
// than two.
func sweepers(kids []stream) (list []marker) {
	least := kids[0].cost()
	if least < sweepFrom || markerOf(kids[0]) == nil {
		return nil
	}
	for _, k := range kids {
		if m := markerOf(k); m != nil && k.cost() <= sweepTo*least {
			list = append(list, m)
		}
	}
	if len(list) < 2 {
		return nil
	}
	return list
}

// sweep is meet for kids that can be swept.
func (s *both) sweep(doc uint32) uint32 {
	for doc = s.marked(doc); doc != end; {
		next := doc
		for _, k := range s.kids {
			if at := k.seek(doc); at != doc {
				next = at
				break
			}
		}
		if next == doc {
			return doc
		}
		doc = s.marked(next)
	}
	return s.kids[0].seek(end)
}

// marked is the first paper from doc on that all markers have.
func (s *both) marked(doc uint32) uint32 {
	for doc != end {
		if doc >= s.hi {
			s.lo, s.hi = doc, doc+windowSize
			s.window = s.met(s.lo, s.hi)
		}
		if i, ok := s.window.next(doc - s.lo); ok {
			return s.lo + i
		}
		doc = s.kids[0].seek(s.hi)
	}
	return end
}
