package search

import (
	"iter"
	"slices"
	"sort"
	"strings"

	"paperboy/internal/paper"
)

// sheet is one paper by itself: its terms and where it has them.
type sheet struct {
	doc
	team    int               // votes of the team
	numbers map[string]uint32 // of terms
	at      [][]uint32        // the places of each term, by number, in order
	terms   []string          // in order
}

// sheetOf spreads a paper out, as an index of it alone would have it.
func sheetOf(p *paper.Paper, team int) *sheet {
	b := newBuilder(1)
	b.add(p)
	s := &sheet{doc: b.doc(0), team: team, numbers: b.numbers, at: make([][]uint32, len(b.names)), terms: b.names}
	room := make([]uint32, len(b.words)) // for the places of all terms
	for n, count := range b.counts {
		s.at[n], room = room[:0:count], room[count:]
	}
	for i, n := range b.words {
		if list, at := s.at[n], b.where[i].at; len(list) == 0 || list[len(list)-1] != at {
			s.at[n] = append(list, at)
		}
	}
	slices.Sort(s.terms)
	return s
}

// places is where the paper has a term.
func (s *sheet) places(term string) []uint32 {
	if n, ok := s.numbers[term]; ok {
		return s.at[n]
	}
	return nil
}

// beginning yields the places of each term that begins with prefix.
func (s *sheet) beginning(prefix string) iter.Seq[[]uint32] {
	return func(yield func([]uint32) bool) {
		for i := sort.SearchStrings(s.terms, prefix); i < len(s.terms) && strings.HasPrefix(s.terms[i], prefix); i++ {
			if !yield(s.places(s.terms[i])) {
				return
			}
		}
	}
}

// satisfies reports whether the paper has all that n asks for, to the letter.
func (s *sheet) satisfies(n *node) bool {
	switch n.kind {
	case allOf:
		for _, k := range n.kids {
			if !n.ignores(k) && !s.satisfies(k) {
				return false
			}
		}
		return true
	case anyOf:
		return slices.ContainsFunc(n.kids, s.satisfies)
	case not:
		return !s.satisfies(n.kids[0])
	case since:
		return s.when != undated && s.when >= minute(n.n)
	case before:
		return s.when != undated && s.when < minute(n.n)
	case votes:
		return int64(s.votes)+int64(s.team) >= n.n
	}
	for i := range n.alts {
		if s.has(n.kind, &n.alts[i]) {
			return true
		}
	}
	return false
}

// ignores reports whether kid is a stop word beside what tells more.
func (n *node) ignores(kid *node) bool {
	return kid.stop && slices.ContainsFunc(n.kids, func(k *node) bool { return k.kind < since && k.kind != not && !k.stop })
}

// has reports whether the paper has an alternative where leaves of kind k look.
func (s *sheet) has(k kind, a *alternative) bool {
	if a.prefix {
		for places := range s.beginning(a.terms[0]) {
			if s.within(k, places) {
				return true
			}
		}
		return false
	}
	first := s.places(a.terms[0])
	if !s.within(k, first) {
		return false
	}
	return len(a.terms) == 1 || s.hasRow(k, first, a.terms[1:])
}

// hasRow reports whether the paper has terms in a row after one of starts.
func (s *sheet) hasRow(k kind, starts []uint32, terms []string) bool {
	lists := make([][]uint32, 0, 8) // for most phrases
	for _, t := range terms {
		places := s.places(t)
		if !s.within(k, places) {
			return false
		}
		lists = append(lists, places)
	}
	return slices.ContainsFunc(starts, func(at uint32) bool { return s.inRow(k, at, lists) })
}

// within reports whether any of places is where leaves of kind k look.
func (s *sheet) within(k kind, places []uint32) bool {
	switch {
	case len(places) == 0:
		return false
	case k == title:
		return places[0] < uint32(s.title)
	case k == author:
		return places[len(places)-1] >= uint32(s.body)
	}
	return true
}

// inRow reports whether terms, given by their places, follow the one at a place:
// each next to the one before; those of an author's name may have others between.
func (s *sheet) inRow(k kind, at uint32, terms [][]uint32) bool {
	if !s.within(k, []uint32{at}) {
		return false
	}
	end := uint32(0) // of the name
	if k == author {
		end = at + authorStep - (at-uint32(s.body))%authorStep
	}
	for _, places := range terms {
		i, _ := slices.BinarySearch(places, at+1)
		if i == len(places) || places[i] != at+1 && places[i] >= end {
			return false
		}
		at = places[i]
	}
	return true
}
