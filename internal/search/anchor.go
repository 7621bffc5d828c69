package search

// anchors are terms of which a paper needs one to satisfy a query: whoever looks
// for papers needs to look at no others, and whoever has a paper at no query but
// those that it has an anchor of. They are as rare as can be.
type anchors struct {
	terms    []string
	prefixes []string
	papers   int // about how many have one
}

// anchorsOf finds the anchors of n; ok is false if there are none, as for what
// only excludes or filters.
func (s *snapshot) anchorsOf(n *node) (a anchors, ok bool) {
	switch n.kind {
	case allOf:
		return s.rarestAnchors(n)
	case anyOf:
		for _, k := range n.kids {
			side, ok := s.anchorsOf(k)
			if !ok {
				return anchors{}, false
			}
			a.add(side)
		}
		return a, true
	case not, since, before, votes:
		return a, false
	}
	for _, alt := range n.alts {
		a.add(s.anchorOf(alt))
	}
	return a, true
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
func (s *snapshot) anchorOf(alt alternative) (a anchors) {
	if alt.prefix {
		a.prefixes = alt.terms
		for _, n := range s.terms(alt.terms[0]) {
			a.papers += n
		}
		return a
	}
	for i, t := range alt.terms {
		if n := s.df(t); i == 0 || n < a.papers {
			a = anchors{terms: []string{t}, papers: n}
		}
	}
	return a
}

func (a *anchors) add(b anchors) {
	a.terms = append(a.terms, b.terms...)
	a.prefixes = append(a.prefixes, b.prefixes...)
	a.papers += b.papers
}
