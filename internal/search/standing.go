package search

import (
	"slices"
	"sync"

	"paperboy/internal/paper"
)

// Standing are queries that wait for papers, such as the topics that people
// follow: it tells which of them one new paper satisfies, without asking each. It
// keeps them by their anchors, as an index keeps papers by their words. Any number
// of goroutines may use it.
type Standing struct {
	index *Index

	mu       sync.RWMutex // guards what follows
	slots    []standing   // by number; those of removed queries have no root and are used again
	free     []int32
	numbers  map[string]int32   // of queries, by name
	terms    map[string][]int32 // the queries that have the term as an anchor
	prefixes map[string][]int32
	lengths  [maxTerm + 64]int // how many of prefixes are so long: a category may be longer than a word
	always   []int32           // queries without anchors
}

// standing is one query that waits.
type standing struct {
	name string
	root *node
	anchors
	anchored bool
}

// NewStanding makes room for queries that are understood as ix understands them,
// and anchored in what is rare there.
func NewStanding(ix *Index) *Standing {
	return &Standing{index: ix, numbers: map[string]int32{}, terms: map[string][]int32{}, prefixes: map[string][]int32{}}
}

// Len is the number of queries.
func (s *Standing) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.numbers)
}

// Set lets q wait under a name, in place of what waits under it. An empty query
// is satisfied by no paper.
func (s *Standing) Set(name string, q Query) {
	one := standing{name: name}
	if q.root != nil {
		now := s.index.now.Load()
		one.root = now.arranged(now.understood(q.root))
		one.anchors, one.anchored = now.anchorsOf(one.root)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(name)
	if one.root != nil {
		s.add(one)
	}
}

// Remove lets the query of that name wait no longer.
func (s *Standing) Remove(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(name)
}

func (s *Standing) add(one standing) {
	n := int32(len(s.slots))
	if last := len(s.free) - 1; last >= 0 {
		n, s.free = s.free[last], s.free[:last]
		s.slots[n] = one
	} else {
		s.slots = append(s.slots, one)
	}
	s.numbers[one.name] = n
	if !one.anchored {
		s.always = append(s.always, n)
	}
	for _, t := range one.terms {
		s.terms[t] = append(s.terms[t], n)
	}
	for _, p := range one.prefixes {
		s.prefixes[p] = append(s.prefixes[p], n)
		s.lengths[min(len(p), len(s.lengths)-1)]++
	}
}

func (s *Standing) remove(name string) {
	n, ok := s.numbers[name]
	if !ok {
		return
	}
	delete(s.numbers, name)
	s.always = less(s.always, n)
	for _, t := range s.slots[n].terms {
		drop(s.terms, t, n)
	}
	for _, p := range s.slots[n].prefixes {
		drop(s.prefixes, p, n)
		s.lengths[min(len(p), len(s.lengths)-1)]--
	}
	s.slots[n] = standing{}
	s.free = append(s.free, n)
}

// less is list less one n.
func less(list []int32, n int32) []int32 {
	if i := slices.Index(list, n); i >= 0 {
		return slices.Delete(list, i, i+1)
	}
	return list
}

func drop(lists map[string][]int32, key string, n int32) {
	if left := less(lists[key], n); len(left) > 0 {
		lists[key] = left
	} else {
		delete(lists, key)
	}
}

// used is the lengths that prefixes have.
func (s *Standing) used() (lengths []int) {
	for n, many := range s.lengths {
		if many > 0 {
			lengths = append(lengths, n)
		}
	}
	return lengths
}

// Match lists the names of the queries that p satisfies to the letter, in
// alphabetical order. team is how many of the asker's team voted for p.
func (s *Standing) Match(p *paper.Paper, team int) (names []string) {
	page := sheetOf(p, team)
	s.mu.RLock()
	defer s.mu.RUnlock()
	seen := make(bitset, (len(s.slots)+63)/64)
	try := func(numbers []int32) {
		for _, n := range numbers {
			if seen.has(uint32(n)) {
				continue
			}
			seen.set(uint32(n))
			if one := &s.slots[n]; one.suffice || page.satisfies(one.root) {
				names = append(names, one.name)
			}
		}
	}
	try(s.always)
	lengths := s.used()
	for _, term := range page.terms {
		try(s.terms[term])
		for _, n := range lengths {
			if n <= len(term) {
				try(s.prefixes[term[:n]])
			}
		}
	}
	slices.Sort(names)
	return names
}
