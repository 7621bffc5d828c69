package search

import "slices"

// stream goes through the papers of a segment that satisfy a condition, in
// order. To be fast it may stop at papers that only might: settle decides.
type stream interface {
	// doc is the paper at which it stands; end after the last.
	doc() uint32
	// seek goes on to the first paper that is not before doc.
	seek(doc uint32) uint32
	// ceiling is a score that the current paper does not exceed.
	ceiling() uint32
	// settle is the score of the current paper, and whether it really satisfies the
	// condition.
	settle() (score uint32, ok bool)
	// bound is a score that no paper from doc to last exceeds. It is asked for doc
	// after doc, never for one before.
	bound(doc uint32) (most, last uint32)
	// cost is how many papers there may be.
	cost() int
}

// nothing is a stream without papers.
type nothing struct{}

func (nothing) doc() uint32                   { return end }
func (nothing) seek(uint32) uint32            { return end }
func (nothing) ceiling() uint32               { return 0 }
func (nothing) settle() (uint32, bool)        { return 0, false }
func (nothing) bound(uint32) (uint32, uint32) { return 0, end }
func (nothing) cost() int                     { return 0 }

// span is the papers from one number to another, such as those of some years.
// Where ok is set, it decides which of them.
type span struct {
	at, to uint32
	ok     func(doc uint32) bool
}

func (s *span) doc() uint32 {
	if s.at >= s.to {
		return end
	}
	return s.at
}

func (s *span) seek(doc uint32) uint32 {
	s.at = max(s.at, doc)
	return s.doc()
}

func (s *span) ceiling() uint32               { return 0 }
func (s *span) settle() (uint32, bool)        { return 0, s.ok == nil || s.ok(s.at) }
func (s *span) bound(uint32) (uint32, uint32) { return 0, end }
func (s *span) cost() int                     { return int(s.to) - int(min(s.at, s.to)) }

// scoreless makes a condition of a stream that scores.
type scoreless struct{ stream }

func (s scoreless) ceiling() uint32               { return 0 }
func (s scoreless) bound(uint32) (uint32, uint32) { return 0, end }
func (s scoreless) settle() (uint32, bool)        { _, ok := s.stream.settle(); return 0, ok }

// without is all papers that a stream does not have.
type without struct {
	span
	kid stream
}

func (s *without) settle() (uint32, bool) { return 0, !has(s.kid, s.at) }

// has reports whether doc, which is not before the last one asked for, satisfies
// s.
func has(s stream, doc uint32) bool {
	if s.seek(doc) != doc {
		return false
	}
	_, ok := s.settle()
	return ok
}

// either is the papers of any kid. It scores the sum of those that have a
// paper, or the best of them.
type either struct {
	kids []stream
	best bool
}

func (s *either) doc() uint32 {
	first := uint32(end)
	for _, k := range s.kids {
		first = min(first, k.doc())
	}
	return first
}

func (s *either) seek(doc uint32) uint32 {
	first := uint32(end)
	for _, k := range s.kids {
		first = min(first, k.seek(doc))
	}
	return first
}

func (s *either) join(a, b uint32) uint32 {
	if s.best {
		return max(a, b)
	}
	return a + b
}

func (s *either) ceiling() (score uint32) {
	doc := s.doc()
	for _, k := range s.kids {
		if k.doc() == doc {
			score = s.join(score, k.ceiling())
		}
	}
	return score
}

func (s *either) settle() (score uint32, ok bool) {
	doc := s.doc()
	for _, k := range s.kids {
		if k.doc() != doc {
			continue
		}
		if one, yes := k.settle(); yes {
			score, ok = s.join(score, one), true
		}
	}
	return score, ok
}

func (s *either) bound(doc uint32) (most, last uint32) {
	last = end
	for _, k := range s.kids {
		m, l := k.bound(doc)
		most, last = s.join(most, m), min(last, l)
	}
	return most, last
}

func (s *either) cost() (n int) {
	for _, k := range s.kids {
		n += k.cost()
	}
	return n
}

// both is the papers of all kids, of which the first has the fewest. It scores
// their sum.
type both struct {
	kids    []stream
	markers []marker // of kids, if they are swept
	lo, hi  uint32   // the papers of window
	window  sieve
}

func newBoth(kids []stream) *both {
	slices.SortStableFunc(kids, func(a, b stream) int { return a.cost() - b.cost() })
	s := &both{kids: kids, markers: sweepers(kids)}
	s.meet(kids[0].doc())
	return s
}

func (s *both) doc() uint32 { return s.kids[0].doc() }

func (s *both) seek(doc uint32) uint32 {
	if now := s.doc(); now >= doc {
		return now
	}
	return s.meet(s.kids[0].seek(doc))
}

// meet brings all kids to the first paper from doc, where the first one is, that
// they all have.
func (s *both) meet(doc uint32) uint32 {
	if len(s.markers) > 1 {
		return s.sweep(doc)
	}
	for i := 1; i < len(s.kids) && doc != end; {
		if next := s.kids[i].seek(doc); next != doc {
			doc, i = s.kids[0].seek(next), 1
			continue
		}
		i++
	}
	return doc
}

func (s *both) ceiling() (score uint32) {
	for _, k := range s.kids {
		score += k.ceiling()
	}
	return score
}

func (s *both) settle() (score uint32, ok bool) {
	for _, k := range s.kids {
		one, ok := k.settle()
		if !ok {
			return 0, false
		}
		score += one
	}
	return score, true
}

func (s *both) bound(doc uint32) (most, last uint32) {
	last = end
	for _, k := range s.kids {
		m, l := k.bound(doc)
		most, last = most+m, min(last, l)
	}
	return most, last
}

func (s *both) cost() int { return s.kids[0].cost() }

// row is the papers that have terms one after another. In an author's name
// others may stand between them.
type row struct {
	both
	lists  []*list  // in the order of the terms
	behind []uint32 // how far each stands behind the first
	rare   []int    // the terms from the rarest to the most common
	weight float32
	weigh  func(doc uint32, places []uint32) uint8
	keep   func(doc uint32, places []uint32) []uint32 // those in the zone; nil: all
	from   func(doc uint32) uint32                    // where the names begin, for a loose row
	loose  bool                                       // within a name
	starts []uint32                                   // of the current paper
}

// newRow makes a row of terms that all have to stand in the zone, if one is given.
func newRow(lists []*list, weight float32, zone ...int) *row {
	r := &row{lists: lists, weight: weight, behind: make([]uint32, len(lists))}
	kids := make([]stream, len(lists))
	for i, l := range lists {
		kids[i], r.behind[i] = l, uint32(i)
		for _, z := range zone {
			kids[i] = newZoned(l, z)
		}
	}
	r.both = *newBoth(kids)
	r.order()
	return r
}

// order finds out which terms are rare.
func (r *row) order() {
	r.rare = make([]int, len(r.lists))
	for i := range r.rare {
		r.rare[i] = i
	}
	slices.SortFunc(r.rare, func(a, b int) int { return r.lists[a].count - r.lists[b].count })
}

// led is a row of lists that other streams lead from paper to paper: it has a
// paper if they all stand there, and never moves them.
type led struct{ *row }

func newLed(lists []*list, weight float32) led {
	r := &row{lists: lists, weight: weight}
	for _, l := range lists {
		r.kids = append(r.kids, l)
	}
	r.order()
	return led{r}
}

func (s led) seek(doc uint32) uint32 {
	for _, l := range s.lists {
		if l.doc() != doc {
			return end
		}
	}
	return doc
}

func (s led) ceiling() uint32 {
	least := float32(1)
	for _, l := range s.lists {
		l.read()
		least = min(least, saturated(l.freq(l.i), l.lengths[l.docs[l.i]]))
	}
	return uint32(s.weight * least)
}

func (s led) bound(doc uint32) (most, last uint32) {
	weight := float32(1)
	last = end
	for _, l := range s.lists {
		w, upto := l.mostFrom(doc)
		weight, last = min(weight, w), min(last, upto)
	}
	return uint32(s.weight*weight) + 1, last
}

// listsOf are the lists that streams lead, by term.
func listsOf(streams []stream, by map[string]*list) {
	for _, s := range streams {
		switch s := s.(type) {
		case *list:
			by[s.term] = s
		case *either:
			listsOf(s.kids, by)
		}
	}
}

// ceiling is that of the term that has the least: where all stand together,
// each of them stands.
func (r *row) ceiling() uint32 {
	least := uint32(end)
	for _, l := range r.lists {
		least = min(least, l.ceiling())
	}
	return least
}

func (r *row) bound(doc uint32) (most, last uint32) {
	most, last = end, end
	for _, l := range r.lists {
		m, upto := l.bound(doc)
		most, last = min(most, m), min(last, upto)
	}
	return most, last
}

func (r *row) settle() (uint32, bool) {
	r.find()
	if len(r.starts) == 0 {
		return 0, false
	}
	doc, first := r.doc(), r.lists[0]
	freq := r.weigh(doc, r.starts)
	return uint32(r.weight * saturated(freq, first.lengths[doc])), true
}

// find lists the places of the current paper from which on the terms follow one
// another. It reads those of rare terms first: common ones are often spared.
func (r *row) find() {
	if r.loose {
		r.findInName()
		return
	}
	doc := r.doc()
	r.starts = r.starts[:0]
	for i, l := range r.rare {
		behind := r.behind[l]
		if i > 0 {
			r.starts = follow(r.starts, r.lists[l].at(), behind)
		} else {
			for _, at := range r.inZone(doc, r.lists[l].at()) {
				if at >= behind {
					r.starts = append(r.starts, at-behind)
				}
			}
		}
		if len(r.starts) == 0 {
			return
		}
	}
}

// inZone leaves those of places that are in the zone asked for.
func (r *row) inZone(doc uint32, places []uint32) []uint32 {
	if r.keep == nil {
		return places
	}
	return r.keep(doc, places)
}

// findInName is find for a loose row.
func (r *row) findInName() {
	doc := r.doc()
	from := r.from(doc)
	r.starts = append(r.starts[:0], r.inZone(doc, r.lists[0].at())...)
	r.starts = slices.DeleteFunc(r.starts, func(at uint32) bool { return !r.follow(at, from) })
}

// follow keeps those of starts that have a place so far behind them.
func follow(starts, places []uint32, behind uint32) []uint32 {
	kept, k := starts[:0], 0
	for _, s := range starts {
		for k < len(places) && places[k] < s+behind {
			k++
		}
		if k < len(places) && places[k] == s+behind {
			kept = append(kept, s)
		}
	}
	return kept
}

// follow reports whether the other terms come after place at in order within the
// same name.
func (r *row) follow(at, from uint32) bool {
	stop := at - (at-from)%authorStep + authorStep
	for _, l := range r.lists[1:] {
		places := l.at()
		k, _ := slices.BinarySearch(places, at+1)
		if k == len(places) || places[k] >= stop {
			return false
		}
		at = places[k]
	}
	return true
}
