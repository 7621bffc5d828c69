package search

import "slices"

// pays reports whether sweeping saves anything.
func (s *sweep) pays() bool {
	if len(s.markers) > 1 {
		return true
	}
	switch s.markers[0].(type) {
	case *eitherMarker, *bothMarker, *rowMarker, *tableMarker:
		return true
	}
	return false
}

// meet is all for streams that are swept: in each window papers are scored by all
// markers at once, and only what may get in is asked one by one.
func (h *hunt) meet(s *sweep, streams []stream) {
	m := newMeeter(h, s, streams)
	size := uint32(h.of.size())
	for lo := uint32(0); lo < size; lo += windowSize {
		hi := min(lo+windowSize, size)
		if m.hopeless(lo, hi) || !s.look(lo, hi) {
			continue
		}
		s.score(m.sure, m.maybe, m.one)
		if !m.settle() {
			break
		}
	}
	s.release()
	m.free()
}

// meeter is what meet works with.
type meeter struct {
	*hunt
	*sweep
	rooms
	others []stream // that are never marked
}

func newMeeter(h *hunt, s *sweep, streams []stream) *meeter {
	m := &meeter{hunt: h, sweep: s, rooms: newRooms()}
	for i, k := range streams {
		unsweep(k)
		if !slices.Contains(s.of, i) {
			m.others = append(m.others, k)
		}
	}
	return m
}

// unsweep is for streams that are only asked for some papers, far apart.
func unsweep(s stream) {
	switch s := s.(type) {
	case scoreless:
		unsweep(s.stream)
	case *row:
		s.sweeps = false
	case *either:
		for _, k := range s.kids {
			unsweep(k)
		}
	case *both:
		for _, k := range s.kids {
			unsweep(k)
		}
	}
}

// hopeless reports whether no paper of a window can get in.
func (m *meeter) hopeless(lo, hi uint32) bool {
	if !m.found.full() {
		return false
	}
	most := m.keyIn(lo, hi)
	if m.order == byRelevance {
		most += m.othersIn(lo, hi)
		for _, k := range m.markers {
			most += k.most(lo, hi)
		}
	}
	return m.shut(lo, most)
}

// othersIn is the most that anything but markers scores in a window.
func (m *meeter) othersIn(lo, hi uint32) uint32 {
	most := m.nearIn(lo, hi)
	for _, k := range m.others {
		most += mostOf(k, lo, hi)
	}
	return most
}

// settle takes those of the papers met that get in. It reports whether there can be
// any in the windows after.
func (m *meeter) settle() bool {
	known, rest, stop := false, uint32(0), false
	for _, i := range m.met.list {
		doc, sure, maybe := m.met.lo+i, m.sure[i], m.maybe[i]
		if m.sure[i], m.maybe[i] = 0, 0; stop {
			continue
		}
		if m.found.full() {
			if !known {
				known, rest = true, m.othersIn(m.met.lo, m.met.hi)+m.restMost()
			}
			if m.shut(doc, m.key(doc, sure+maybe+rest)) {
				stop = m.order == byDate // the others are older
				continue
			}
		}
		if score, ok := m.decide(doc); ok {
			m.take(doc, sure+score, allWords)
		}
	}
	return !stop
}

// decide is what streams that are not exactly marked score for a paper, and whether
// they all have it.
func (m *meeter) decide(doc uint32) (score uint32, ok bool) {
	for k, s := range m.streams {
		if k < m.marked && m.exact[k] {
			continue
		}
		one, ok := scoreOf(s, doc)
		if !ok {
			return 0, false
		}
		score += one
	}
	for _, s := range m.others {
		one, ok := scoreOf(s, doc)
		if !ok {
			return 0, false
		}
		score += one
	}
	return score, true
}
