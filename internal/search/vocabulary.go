package search

import (
	"iter"
	"maps"
	"slices"
)

// df is how many papers have the term, replaced ones among them.
func (s *snapshot) df(term string) int { return s.count(term) }

// terms yields all terms that begin with prefix, in order, with about how many
// papers have each.
func (s *snapshot) terms(prefix string) iter.Seq2[string, int] {
	counts := make(map[string]int)
	for i := range s.parts {
		for term, c := range s.parts[i].starting(prefix) {
			counts[string(term)] += c.count
		}
	}
	return func(yield func(string, int) bool) {
		for _, term := range slices.Sorted(maps.Keys(counts)) {
			if !yield(term, counts[term]) {
				return
			}
		}
	}
}
