package search

import "slices"

// anchors are terms of which a paper needs one to satisfy a query: who has a paper
// need look at no queries but those that it has an anchor of. They are as rare as
// can be.
type anchors struct {
	terms    []string
	prefixes []string
	papers   int // about how many have one
}

// anchorsOf finds the anchors of n; ok is false if there are none, as for what
// only excludes, or only asks for a date.
func (s *snapshot) anchorsOf(n *node) (a anchors, ok bool) {
	switch {
	case n.kind == allOf:
		return s.rarestAnchors(n)
	case n.kind == anyOf:
		for _, k := range n.kids {
			side, ok := s.anchorsOf(k)
			if !ok {
				return anchors{}, false
			}
			a.add(side)
		}
		return a, true
	}
	for _, alt := range n.alts {
		a.add(s.anchorOf(alt))
	}
	return a, len(n.alts) > 0
}

// rarestAnchors are those of the kid that fewest papers can satisfy.
func (s *snapshot) rarestAnchors(n *node) (best anchors, ok bool) {
	for _, k := range n.kids {
		if n.ignores(k) {
			continue
		}
		if a, can := s.anchorsOf(k); can && (!ok || a.papers < best.papers) {
			best, ok = a, true
		}
	}
	return best, ok
}

// anchorOf is the rarest term of an alternative, or its prefix.
func (s *snapshot) anchorOf(alt alternative) anchors {
	if alt.prefix {
		return anchors{prefixes: alt.terms, papers: s.beginning(alt.terms[0])}
	}
	rarest := slices.MinFunc(alt.terms, func(a, b string) int { return s.df(a) - s.df(b) })
	return anchors{terms: []string{rarest}, papers: s.df(rarest)}
}

// beginning is at most how many papers have a term with that prefix.
func (s *snapshot) beginning(prefix string) (papers int) {
	for _, n := range s.terms(prefix) {
		papers += n
	}
	return min(papers, s.live)
}

func (a *anchors) add(b anchors) {
	a.terms = append(a.terms, b.terms...)
	a.prefixes = append(a.prefixes, b.prefixes...)
	a.papers += b.papers
}
