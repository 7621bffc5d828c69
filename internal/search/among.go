package search

import (
	"cmp"
	"runtime"
	"slices"

	"paperboy/internal/paper"
)

// Matcher matches many queries against the same papers, such as the topics that
// channels follow against the papers of a week. It sees the index as it was when
// the Matcher was made. Any number of goroutines may use it.
type Matcher struct {
	all    *snapshot
	papers [][]numbered // by part, in order
}

// numbered is a paper by its numbers in the part and among the IDs given to Among.
type numbered struct {
	doc   uint32
	index int
}

// Match is a paper that satisfies a query.
type Match struct {
	Index int     // among the IDs given to Among
	Score float64 // relevance by words, as Search has it without a prior
}

// Among prepares matching against those of ids that the index has.
func (ix *Index) Among(ids []paper.ID) *Matcher {
	s := ix.now.Load()
	m := &Matcher{all: s, papers: make([][]numbered, len(s.parts))}
	for i := range s.parts {
		p := &s.parts[i]
		var list []numbered
		for k, id := range ids {
			if doc, ok := p.lookup(id); ok && !p.dead.has(doc) {
				list = append(list, numbered{doc, k})
			}
		}
		slices.SortFunc(list, func(a, b numbered) int { return cmp.Or(cmp.Compare(a.doc, b.doc), a.index-b.index) })
		m.papers[i] = slices.CompactFunc(list, func(a, b numbered) bool { return a.doc == b.doc })
	}
	runtime.KeepAlive(s) // the segments stay mapped
	return m
}

// Match lists the papers that satisfy q to the letter, with their relevance,
// whatever order q asks for. Where Search would rather show papers with some of
// the words than hardly any, Match lists what has all of them: to follow a topic
// is to be spared the rest. Of opts only TeamVotes count. An empty query matches
// nothing.
func (m *Matcher) Match(q Query, opts Options) (matches []Match) {
	if q.root == nil {
		return nil
	}
	q.root = m.all.understood(q.root)
	r := m.all.run(&q, opts)
	defer r.end()
	for part, papers := range m.papers {
		if len(papers) > 0 {
			s := r.strictly(part, q.root)
			unsweep(s)
			matches = meet(matches, s, papers)
		}
	}
	runtime.KeepAlive(m.all) // the segments stay mapped
	return matches
}

// meet appends those of papers that are in s.
func meet(matches []Match, s stream, papers []numbered) []Match {
	for i := 0; i < len(papers); {
		doc := papers[i].doc
		if next := probe(s, doc); next > doc {
			skipped, _ := slices.BinarySearchFunc(papers[i:], next, func(p numbered, doc uint32) int { return cmp.Compare(p.doc, doc) })
			i += skipped
			continue
		}
		if score, ok := s.settle(); ok {
			matches = append(matches, Match{papers[i].index, float64(score) / one})
		}
		i++
	}
	return matches
}
