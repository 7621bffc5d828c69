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
	// bound is a score that no paper from doc to last exceeds; doc is not before the
	// current one.
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
	_, ok := scoreOf(s, doc)
	return ok
}

// scoreOf is has with the score.
func scoreOf(s stream, doc uint32) (score uint32, ok bool) {
	if probe(s, doc) != doc {
		return 0, false
	}
	return s.settle()
}

// either is the papers of any kid. It scores the sum of those that have a
// paper, or the best of them.
type either struct {
	kids []stream
	docs []uint32 // at which each kid stands
	at   uint32   // the first of those
	best bool
}

func newEither(kids []stream, best bool) *either {
	s := &either{kids: kids, docs: make([]uint32, len(kids)), best: best}
	s.look()
	return s
}

// look sees where the kids stand.
func (s *either) look() uint32 {
	s.at = end
	for i, k := range s.kids {
		s.docs[i] = k.doc()
		s.at = min(s.at, s.docs[i])
	}
	return s.at
}

func (s *either) doc() uint32 { return s.at }

func (s *either) seek(doc uint32) uint32 {
	if s.at >= doc {
		return s.at
	}
	first := uint32(end)
	for i, at := range s.docs {
		if at < doc {
			at = s.kids[i].seek(doc)
			s.docs[i] = at
		}
		first = min(first, at)
	}
	s.at = first
	return first
}

func (s *either) join(a, b uint32) uint32 {
	if s.best {
		return max(a, b)
	}
	return a + b
}

func (s *either) ceiling() (score uint32) {
	for i, k := range s.kids {
		if s.docs[i] == s.at {
			score = s.join(score, k.ceiling())
		}
	}
	return score
}

func (s *either) settle() (score uint32, ok bool) {
	for i, k := range s.kids {
		if s.docs[i] != s.at {
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
	kids   []stream
	met    bool   // whether all kids stand at the paper at which the first does
	sweeps bool   // whether it may pay to sweep kids
	size   int    // papers in all, if it does
	sweep  *sweep // of kids, if they are swept
}

func newBoth(kids []stream) *both {
	slices.SortStableFunc(kids, func(a, b stream) int { return a.cost() - b.cost() })
	return &both{kids: kids}
}

func (s *both) doc() uint32 {
	if !s.met {
		return s.meet(s.kids[0].doc())
	}
	return s.kids[0].doc()
}

func (s *both) seek(doc uint32) uint32 {
	if s.met && s.kids[0].doc() >= doc {
		return s.kids[0].doc()
	}
	return s.meet(s.kids[0].seek(doc))
}

// probe is seek for who only wants to know whether there is doc.
func (s *both) probe(doc uint32) (next uint32) {
	s.met = false
	for _, k := range s.kids {
		if next := probe(k, doc); next != doc {
			return next
		}
	}
	s.met = true
	return doc
}

// probe goes to doc, which is not before the last one asked for, and returns it if s
// has it; or else a paper before which s has none.
func probe(s stream, doc uint32) (next uint32) {
	switch s := s.(type) {
	case *both:
		return s.probe(doc)
	case *row:
		return s.both.probe(doc)
	}
	return s.seek(doc)
}

// meet brings all kids to the first paper from doc, where the first one is, that
// they all have.
func (s *both) meet(doc uint32) uint32 {
	s.met = true
	if s.sweeps {
		s.sweeps = false
		if s.sweep = newSweep(s.kids, s.size); s.sweep != nil && len(s.sweep.markers) < 2 {
			s.sweep = nil
		}
	}
	if s.sweep != nil {
		return s.swept(doc)
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
	r.sweeps, r.size = true, len(lists[0].lengths)
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

// led is a row that is only asked for papers that other streams have found.
type led struct {
	*row
	words uint32 // the bits of the words that it is made of
	most  uint32 // that it scores in the window at hand
}

func newLed(lists []*list, weight float32) led {
	r := &row{lists: lists, weight: weight}
	for _, l := range lists {
		r.kids = append(r.kids, l)
	}
	r.order()
	return led{row: r}
}

// has reports whether all lists have doc.
func (s led) has(doc uint32) bool {
	for _, l := range s.lists {
		if l.seek(doc) != doc {
			return false
		}
	}
	return true
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
