package search

import "iter"

// terms yields the terms that begin with prefix, in order, and in how many papers
// each is.
func (s *snapshot) terms(prefix string) iter.Seq2[string, int] {
	return s.vocabulary(prefix, (*part).df)
}

// termsAbout is terms for who reads many of them: replaced papers may be counted.
func (s *snapshot) termsAbout(prefix string) iter.Seq2[string, int] {
	return s.vocabulary(prefix, func(_ *part, e entry) int { return e.count })
}

// vocabulary reads the dictionaries of all parts side by side.
func (s *snapshot) vocabulary(prefix string, papers func(*part, entry) int) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		readers := make([]termReader, 0, len(s.parts))
		for i := range s.parts {
			w, ok := s.parts[i].seek(prefix)
			r := termReader{walker: w, part: &s.parts[i]}
			if r.ok = ok && r.begins(prefix); r.ok {
				readers = append(readers, r)
			}
		}
		for {
			least := ""
			for i := range readers {
				if r := &readers[i]; r.ok && (least == "" || string(r.term) < least) {
					least = string(r.term)
				}
			}
			if least == "" {
				return
			}
			n := 0
			for i := range readers {
				if r := &readers[i]; r.ok && string(r.term) == least {
					n += papers(r.part, r.entry)
					r.ok = r.next() && r.begins(prefix)
				}
			}
			if !yield(least, n) {
				return
			}
		}
	}
}

// termReader reads the terms of one part.
type termReader struct {
	walker
	part *part
	ok   bool
}

func (r *termReader) begins(prefix string) bool {
	return len(r.term) >= len(prefix) && string(r.term[:len(prefix)]) == prefix
}

// looked is how many papers of a list are enough to tell what usually goes with it.
const looked = 2000

// beside is how many of the newest papers with term, at most looked, of each part its
// share, have the other too.
func (s *snapshot) beside(term, other string) (both int) {
	for i := range s.parts {
		p := &s.parts[i]
		a, b := p.read(term), p.read(other)
		if a == nil || b == nil {
			continue
		}
		doc, share := a.doc(), 1+looked*p.live()/max(s.live, 1)
		for n := 0; n < share && doc != end; n++ {
			if b.seek(doc) == doc && !p.dead.has(doc) {
				both++
			}
			doc = a.seek(doc + 1)
		}
		a.release()
		b.release()
	}
	return both
}

// read is the papers with term, nil if there are none.
func (p *part) read(term string) *list {
	e := p.find(term)
	if e.count == 0 {
		return nil
	}
	l, ok := p.list(e, 0)
	if !ok {
		return nil
	}
	return l
}
