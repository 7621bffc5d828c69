package search

import "slices"

// found is a paper that satisfies a node of the query.
type found struct {
	doc   uint32
	score float32
	alt   uint8 // of a leaf: which alternative
}

// find lists the papers of p that satisfy leaf n, each with the weight of the
// best alternative.
func (p *part) find(n *node) (list []found) {
	for i, a := range n.alts {
		one := p.matches(n.kind, a)
		for k := range one {
			one[k].score *= a.weight
			one[k].alt = uint8(i)
		}
		list = better(list, one)
	}
	return list
}

// better is the papers of a or b, with the higher score of the two.
func better(a, b []found) []found {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	out := make([]found, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch x, y := a[0], b[0]; {
		case x.doc < y.doc:
			out, a = append(out, x), a[1:]
		case x.doc > y.doc:
			out, b = append(out, y), b[1:]
		case x.score >= y.score:
			out, a, b = append(out, x), a[1:], b[1:]
		default:
			out, a, b = append(out, y), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// matches lists the papers of p that have alternative a, with its weight.
func (p *part) matches(k kind, a alternative) []found {
	switch {
	case a.prefix:
		return p.beginning(k, a.terms[0])
	case len(a.terms) > 1:
		return p.together(k, a.terms)
	}
	c := p.postingsOf(a.terms[0])
	list := make([]found, 0, c.count)
	for c.next() {
		if w := p.weigh(k, c.doc, c.places); w > 0 {
			list = append(list, found{doc: p.base + c.doc, score: w})
		}
	}
	return list
}

// weigh is the weight of a term at places of a paper, 0 if it does not count.
func (p *part) weigh(k kind, doc uint32, places []uint32) float32 {
	if p.dead.has(doc) {
		return 0
	}
	return p.doc(doc).weight(k, places)
}

// beginning lists the papers with any term that begins with prefix.
func (p *part) beginning(k kind, prefix string) (list []found) {
	best := make([]float32, p.size())
	for _, c := range p.starting(prefix) {
		for c.next() {
			best[c.doc] = max(best[c.doc], p.weigh(k, c.doc, c.places))
		}
	}
	for doc, w := range best {
		if w > 0 {
			list = append(list, found{doc: p.base + uint32(doc), score: w})
		}
	}
	return list
}

// together lists the papers with terms one after another; those of an author's
// name may have others between them.
func (p *part) together(k kind, terms []string) (list []found) {
	cursors := make([]cursor, len(terms))
	rarest := 0
	for i, t := range terms {
		cursors[i] = p.postingsOf(t)
		if cursors[i].count < cursors[rarest].count {
			rarest = i
		}
	}
	var starts []uint32
	for lead := &cursors[rarest]; lead.next(); {
		if !meet(cursors, lead.doc) {
			continue
		}
		starts = p.starts(starts[:0], k, cursors)
		if w := p.weigh(k, lead.doc, starts); len(starts) > 0 && w > 0 {
			list = append(list, found{doc: p.base + lead.doc, score: w})
		}
	}
	return list
}

// meet moves all cursors to doc; it reports whether all have it.
func meet(cursors []cursor, doc uint32) bool {
	for i := range cursors {
		if !cursors[i].reach(doc) {
			return false
		}
	}
	return true
}

// starts appends to a the places from which on the terms of cursors follow one
// another in their current paper.
func (p *part) starts(a []uint32, k kind, cursors []cursor) []uint32 {
	body := uint32(p.doc(cursors[0].doc).body)
	for _, start := range cursors[0].places {
		at, end := start, uint32(0) // end: where the next term must come before, if set
		if k == author {
			if start < body {
				continue
			}
			end = start + authorStep - (start-body)%authorStep
		}
		if follow(at, end, cursors[1:]) {
			a = append(a, start)
		}
	}
	return a
}

// follow reports whether the cursors' terms come after place at: each next to
// the one before, or in order before end if that is set.
func follow(at, end uint32, cursors []cursor) bool {
	for i := range cursors {
		places := cursors[i].places
		k, _ := slices.BinarySearch(places, at+1)
		if k == len(places) || places[k] != at+1 && places[k] >= end {
			return false
		}
		at = places[k]
	}
	return true
}
