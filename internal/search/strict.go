package search

import (
	"iter"
	"slices"
)

// sight is what there is to see of one paper.
type sight interface {
	places(term string) []uint32                // where it has a term, in order
	beginning(prefix string) iter.Seq[[]uint32] // the same for each term that starts so
	kept() doc
	teamVotes() int
}

// strict reads queries to the letter, paper by paper, and without an index of
// its own: what it says of a paper is what an index has to find.
type strict struct {
	sight
	rare map[*node]float32 // how rare each leaf is; nil if scores do not matter

	found  [][]uint32 // kept to be used again
	starts []uint32
}

// satisfies reports whether the paper satisfies n, and how relevant that makes it.
func (s *strict) satisfies(n *node) (score float32, ok bool) {
	switch n.kind {
	case allOf:
		return s.all(n)
	case anyOf:
		return s.any(n)
	case not:
		_, ok := s.satisfies(n.kids[0])
		return 0, !ok
	case since:
		d := s.kept()
		return 0, d.when != undated && d.when >= n.n
	case before:
		d := s.kept()
		return 0, d.when != undated && d.when < n.n
	case votes:
		return 0, int64(s.kept().votes)+int64(s.teamVotes()) >= n.n
	}
	weight := s.weigh(n)
	return weight * s.rare[n], weight > 0
}

func (s *strict) all(n *node) (sum float32, ok bool) {
	for _, k := range n.kids {
		if n.ignores(k) {
			continue
		}
		score, ok := s.satisfies(k)
		if !ok {
			return 0, false
		}
		sum += score
	}
	return sum, true
}

func (s *strict) any(n *node) (sum float32, ok bool) {
	for _, k := range n.kids {
		score, yes := s.satisfies(k)
		sum, ok = sum+score, ok || yes
		if ok && s.rare == nil {
			return 0, true
		}
	}
	return sum, ok
}

// ignores reports whether kid is a stop word beside what tells more.
func (n *node) ignores(kid *node) bool {
	return kid.stop && slices.ContainsFunc(n.kids, func(k *node) bool { return k.kind < since && k.kind != not && !k.stop })
}

// weigh is the weight of the best alternative of a leaf, 0 if the paper has none.
func (s *strict) weigh(n *node) (best float32) {
	for _, a := range n.alts {
		best = max(best, a.weight*s.alternative(n.kind, a))
	}
	return best
}

func (s *strict) alternative(k kind, a alternative) (best float32) {
	switch {
	case a.prefix:
		for places := range s.beginning(a.terms[0]) {
			best = max(best, s.kept().weight(k, places))
		}
		return best
	case len(a.terms) > 1:
		return s.together(k, a.terms)
	}
	if places := s.places(a.terms[0]); len(places) > 0 {
		return s.kept().weight(k, places)
	}
	return 0
}

// together weighs terms one after another; those of an author's name may have
// others between them.
func (s *strict) together(k kind, terms []string) float32 {
	s.found = s.found[:0]
	for _, t := range terms {
		places := s.places(t)
		if len(places) == 0 {
			return 0
		}
		s.found = append(s.found, places)
	}
	d := s.kept()
	s.starts = s.starts[:0]
	for _, start := range s.found[0] {
		end := uint32(0)
		if k == author {
			if start < uint32(d.body) {
				continue
			}
			end = start + authorStep - (start-uint32(d.body))%authorStep
		}
		if inRow(start, end, s.found[1:]) {
			s.starts = append(s.starts, start)
		}
	}
	return d.weight(k, s.starts)
}

// inRow reports whether terms, given by their places, follow the place at: each
// next to the one before, or in order before end if that is set.
func inRow(at, end uint32, terms [][]uint32) bool {
	for _, places := range terms {
		k, _ := slices.BinarySearch(places, at+1)
		if k == len(places) || places[k] != at+1 && places[k] >= end {
			return false
		}
		at = places[k]
	}
	return true
}
