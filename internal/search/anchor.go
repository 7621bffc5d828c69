package search

import "slices"

// anchors are terms of which a paper needs one to satisfy a query: who has a paper
// need look at no queries but those that it has an anchor of. They are as rare as
// can be.
type anchors struct {
	terms    []string
	prefixes []string
	papers   int  // about how many have one
	suffice  bool // whether a paper that has one satisfies the query
}

// anchorsOf finds the anchors of n; ok is false if there are none, as for what
// only excludes, or only asks for a date.
func (s *snapshot) anchorsOf(n *node) (a anchors, ok bool) {
	switch {
	case n.kind == allOf:
		return s.rarestAnchors(n)
	case n.kind == anyOf:
		a.suffice = true
		for _, k := range n.kids {
			side, ok := s.anchorsOf(k)
			if !ok {
				return anchors{}, false
			}
			a.add(side)
		}
		return a, true
	}
	a.suffice = len(n.alts) > 0 && n.kind != title && n.kind != author
	for _, alt := range n.alts {
		a.add(s.anchorOf(alt))
	}
	return a, len(n.alts) > 0
}

// rarestAnchors are those of the kid that fewest papers can satisfy. They suffice
// if it is the only one.
func (s *snapshot) rarestAnchors(n *node) (best anchors, ok bool) {
	asked := 0
	for _, k := range n.kids {
		if n.ignores(k) {
			continue
		}
		asked++
		if a, can := s.anchorsOf(k); can && (!ok || a.papers < best.papers) {
			best, ok = a, true
		}
	}
	best.suffice = best.suffice && asked == 1
	return best, ok
}

// anchorOf is the rarest term of an alternative, or its prefix.
func (s *snapshot) anchorOf(alt alternative) anchors {
	if alt.prefix {
		return anchors{prefixes: alt.terms, papers: s.beginning(alt.terms[0]), suffice: true}
	}
	rarest := slices.MinFunc(alt.terms, func(a, b string) int { return s.df(a) - s.df(b) })
	return anchors{terms: []string{rarest}, papers: s.df(rarest), suffice: len(alt.terms) == 1}
}

// beginning is at most how many papers have a term with that prefix.
func (s *snapshot) beginning(prefix string) (papers int) {
	for _, n := range s.terms(prefix) {
		papers += n
	}
	return min(papers, s.live)
}

// arranged is n without words that do not count, and with what fewest papers
// have first, so that a look at a paper soon tells that it is none of them.
func (s *snapshot) arranged(n *node) *node {
	type rated struct {
		*node
		papers int
	}
	var kids []rated
	for _, k := range n.kids {
		if n.kind != allOf || !n.ignores(k) {
			a, ok := s.anchorsOf(k)
			if !ok {
				a.papers = s.live
			}
			kids = append(kids, rated{s.arranged(k), a.papers})
		}
	}
	slices.SortStableFunc(kids, func(a, b rated) int { return a.papers - b.papers })
	c := *n
	c.kids = make([]*node, len(kids))
	for i, k := range kids {
		c.kids[i] = k.node
	}
	return &c
}

func (a *anchors) add(b anchors) {
	a.terms = append(a.terms, b.terms...)
	a.prefixes = append(a.prefixes, b.prefixes...)
	a.papers += b.papers
	a.suffice = a.suffice && b.suffice
}
