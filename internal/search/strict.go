package search

import (
	"iter"

	"paperboy/internal/paper"
)

// Match yields all papers that satisfy q to the letter, in no order, with the
// relevance by which Search orders them, whatever order q asks for. Where Search
// would rather show papers with some of the words than hardly any, Match yields
// what has all of them: to follow a topic is to be spared the rest. Of opts only
// TeamVotes count. An empty query matches nothing.
func (ix *Index) Match(q Query, opts Options) iter.Seq2[paper.ID, float64] {
	return func(yield func(paper.ID, float64) bool) {
		if q.root == nil {
			return
		}
		r := ix.run(&q, opts, 0)
		list := r.strictly(q.root)
		for i := range r.parts {
			p := &r.parts[i]
			n := p.among(list)
			if !p.each(list[:n], yield) {
				return
			}
			list = list[n:]
		}
	}
}

// strictly lists the papers that satisfy root. A topic is mostly one phrase or
// word, for which nothing needs to be tallied.
func (r *run) strictly(root *node) []found {
	for root.kind == allOf && len(root.kids) == 1 {
		root = root.kids[0]
	}
	return r.papers(root)
}

// among is how many at the beginning of list are papers of p, none being of a
// part before it.
func (p *part) among(list []found) (n int) {
	for n < len(list) && list[n].doc < p.base+uint32(p.size()) {
		n++
	}
	return n
}

// each yields papers of p. Their IDs are pieces of one string, so that many
// papers take one allocation.
func (p *part) each(list []found, yield func(paper.ID, float64) bool) bool {
	size := 0
	for _, f := range list {
		size += len(stretch(p.ids, p.idEnd, int(f.doc-p.base)))
	}
	all := make([]byte, 0, size)
	for _, f := range list {
		all = append(all, stretch(p.ids, p.idEnd, int(f.doc-p.base))...)
	}
	ids, from := paper.ID(all), 0
	for _, f := range list {
		n := len(stretch(p.ids, p.idEnd, int(f.doc-p.base)))
		if !yield(ids[from:from+n], float64(f.score)) {
			return false
		}
		from += n
	}
	return true
}
