package search

import "iter"

// df is about how many papers have term: replaced ones may be counted.
func (s *snapshot) df(term string) (n int) {
	for i := range s.parts {
		n += s.parts[i].postingsOf(term).count
	}
	return n
}

// terms yields all terms that begin with prefix, in order, and about how many
// papers have each.
func (s *snapshot) terms(prefix string) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		at := make([]int, len(s.parts)) // of each part, the next term
		for i := range s.parts {
			at[i] = s.parts[i].seek(prefix)
		}
		for {
			least := s.least(at, prefix)
			if least == "" {
				return
			}
			papers := 0
			for i := range s.parts {
				if p := &s.parts[i]; at[i] < p.vocabulary() && string(p.term(at[i])) == least {
					papers += p.postings(at[i]).count
					at[i]++
				}
			}
			if !yield(least, papers) {
				return
			}
		}
	}
}

// least is the first of the terms at, if it begins with prefix, or else "".
func (s *snapshot) least(at []int, prefix string) (least string) {
	for i := range s.parts {
		p := &s.parts[i]
		if at[i] == p.vocabulary() {
			continue
		}
		term := p.term(at[i])
		if len(term) >= len(prefix) && string(term[:len(prefix)]) == prefix && (least == "" || string(term) < least) {
			least = string(term)
		}
	}
	return least
}

// looked is how many papers of a list are enough to tell what usually goes with it.
const looked = 2000

// beside is how many of the first papers with term, at most looked of a part, have
// the other too.
func (s *snapshot) beside(term, other string) (both int) {
	for i := range s.parts {
		a, b := s.parts[i].postingsOf(term), s.parts[i].postingsOf(other)
		for n := 0; n < looked && a.next(); n++ {
			if b.reach(a.doc) {
				both++
			}
		}
	}
	return both
}

// papers yields the papers that have term, replaced ones not.
func (s *snapshot) papers(term string) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i := range s.parts {
			p := &s.parts[i]
			for c := p.postingsOf(term); c.next(); {
				if !p.dead.has(c.doc) && !yield(p.base+c.doc) {
					return
				}
			}
		}
	}
}
