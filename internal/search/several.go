package search

import "slices"

// several is some for papers that must have more than one word, if all words can
// be marked and are frequent enough for that to pay; else it returns false. Only
// papers for which the marks of enough words meet are looked at.
func (h *hunt) several(need int, partly bool) bool {
	m := newGatherer(h, need, partly)
	if m == nil {
		return false
	}
	size := uint32(h.of.size())
	for lo := uint32(0); lo < size; lo += windowSize {
		if hi := min(lo+windowSize, size); !m.hopelessIn(lo, hi) && m.look(lo, hi) {
			m.score(m.sure, m.maybe, m.one)
			m.settle()
		}
	}
	m.release()
	m.free()
	return true
}

// gatherer is what several works with.
type gatherer struct {
	*hunt
	sweep // of words
	rooms
	need    int
	partly  bool
	sieves  []sieve // of each marker
	atLeast []sieve // the papers that have at least one, two and so on
	open    uint32  // the bits of words that are not marked
	rest    uint32  // that those score at most
}

func newGatherer(h *hunt, need int, partly bool) *gatherer {
	byCost := make([]int, len(h.words))
	for i := range byCost {
		byCost[i] = i
	}
	slices.SortStableFunc(byCost, func(a, b int) int { return h.words[a].cost() - h.words[b].cost() })
	m := &gatherer{hunt: h, need: need, partly: partly, sieves: make([]sieve, len(byCost)), atLeast: make([]sieve, need)}
	rare := 0 // papers of so many words that one of them must be there
	for k, i := range byCost {
		m.add(h.words[i], markerOf(h.words[i]), i)
		if k+need <= len(byCost) {
			rare += h.words[i].cost()
		}
	}
	if len(m.markers) < len(byCost) || rare < sweepFrom {
		return nil
	}
	m.addUp(h.of.size())
	for _, s := range h.words {
		unsweep(s)
	}
	m.rooms = newRooms()
	return m
}

// hopelessIn reports whether no paper of a window can get in.
func (m *gatherer) hopelessIn(lo, hi uint32) bool {
	if m.order != byRelevance || !m.found.full() {
		return false
	}
	most := m.othersMost(lo, hi)
	for _, k := range m.markers {
		most += k.most(lo, hi)
	}
	return m.shut(lo, most)
}

// look finds the papers from lo to hi that have enough of the words marked to have
// enough of all, and reports whether there are any.
func (m *gatherer) look(lo, hi uint32) bool {
	clear(m.atLeast)
	clear(m.sieves)
	m.met.lo, m.met.hi = lo, hi
	met := &m.atLeast[m.need-1]
	for m.marked = 0; m.marked < len(m.markers); m.marked++ {
		if had := m.need - (len(m.markers) - m.marked); had > 0 {
			if met = &m.atLeast[had-1]; m.asking(m.marked, met) {
				break
			}
			met = &m.atLeast[m.need-1]
		}
		one := &m.sieves[m.marked]
		m.markers[m.marked].mark(lo, hi, one)
		for n := m.need - 1; n > 0; n-- {
			m.atLeast[n].orBoth(&m.atLeast[n-1], one)
		}
		m.atLeast[0].or(one)
	}
	m.met.sieve, m.open = *met, 0
	for _, word := range m.sweep.of[m.marked:] {
		m.open |= bitOf(word)
	}
	return m.met.any()
}

// settle takes those of the papers met that get in.
func (m *gatherer) settle() {
	m.known = false
	for _, i := range m.met.list {
		doc, sure, maybe := m.met.lo+i, m.sure[i], m.maybe[i]
		m.sure[i], m.maybe[i] = 0, 0
		p := m.marksOf(i)
		p.score = sure + maybe
		if m.found.full() && m.outside(doc, p) {
			continue
		}
		p.score = sure
		if m.decide(doc, &p); p.count >= m.need {
			m.closer(doc, p, m.partly && p.count == len(m.markers))
		}
	}
}

// marksOf is which words are marked for a paper.
func (m *gatherer) marksOf(i uint32) (p inWindow) {
	for k := range m.marked {
		if m.sieves[k].has(i) {
			p.words |= bitOf(m.sweep.of[k])
			p.count++
		}
	}
	return p
}

// outside reports whether a paper with the score and words of p, and perhaps the
// others, can't get in.
func (m *gatherer) outside(doc uint32, p inWindow) bool {
	if !m.known {
		m.known = true
		m.othersMost(m.met.lo, m.met.hi)
		m.rest = m.restMost()
	}
	p.score, p.words = p.score+m.rest, p.words|m.open
	return m.hopeless(doc, p, nil)
}

// decide leaves the words that p has indeed, and adds those that were not marked.
func (m *gatherer) decide(doc uint32, p *inWindow) {
	for k, s := range m.streams {
		marked := k < m.marked && m.sieves[k].has(doc-m.met.lo)
		if k < m.marked && (!marked || m.exact[k]) {
			continue
		}
		switch one, ok := scoreOf(s, doc); {
		case !ok && marked:
			p.words &^= bitOf(m.sweep.of[k])
			p.count--
		case ok && marked:
			p.score += one
		case ok:
			p.score, p.words, p.count = p.score+one, p.words|bitOf(m.sweep.of[k]), p.count+1
		}
	}
}
