package search

import (
	"iter"
	"maps"
	"slices"
	"sort"
	"strings"

	"paperboy/internal/paper"
)

// sheet is one paper by itself: its terms and where it has them.
type sheet struct {
	doc
	at    map[string][]uint32 // the places of each term, in order
	terms []string            // all terms, in order
	votes int                 // of the team
}

// sheetOf spreads a paper out as an index of it alone would have it.
func sheetOf(p *paper.Paper, team int) *sheet {
	s := &sheet{at: make(map[string][]uint32, 256), votes: team}
	room := make([]uint32, 512) // most places of most papers: one piece of memory for all
	s.doc = spread(p, func(term []byte, at uint32) {
		list, known := s.at[string(term)]
		if n := len(list); n > 0 && list[n-1] == at {
			return
		}
		if !known && len(room) > 0 {
			list, room = room[:0:1], room[1:]
		}
		s.at[string(term)] = append(list, at)
	})
	s.terms = slices.AppendSeq(make([]string, 0, len(s.at)), maps.Keys(s.at))
	slices.Sort(s.terms)
	return s
}

func (s *sheet) places(term string) []uint32 { return s.at[term] }
func (s *sheet) kept() doc                   { return s.doc }
func (s *sheet) teamVotes() int              { return s.votes }

func (s *sheet) beginning(prefix string) iter.Seq[[]uint32] {
	return func(yield func([]uint32) bool) {
		for i := sort.SearchStrings(s.terms, prefix); i < len(s.terms) && strings.HasPrefix(s.terms[i], prefix); i++ {
			if !yield(s.at[s.terms[i]]) {
				return
			}
		}
	}
}

// spread tells of every term of p and its place, and returns what is kept of p
// beside. The places of a term come in order.
func spread(p *paper.Paper, tell func(term []byte, at uint32)) doc {
	s := spreader{tell: tell, stop: lastPlace}
	s.scan.emit = s.token
	d := doc{when: moment(p), votes: uint32(min(max(p.Votes(), 0), 1<<31-1))}
	at := s.texts(0, p.Title)
	d.title = uint16(at)
	at = s.texts(at, p.Keywords[:min(len(p.Keywords), paper.MaxWords)]...)
	d.keys = uint16(at)
	categories := p.Categories[:min(len(p.Categories), paper.MaxWords)]
	at = s.texts(at, categories...)
	d.cats = uint16(at)
	at = s.texts(at, p.Abstract, p.Summary)
	d.body = uint16(at)
	s.authors(at, p.Authors)
	for _, c := range categories {
		s.mark(catTerm, strings.ToLower(c))
	}
	for _, listed := range p.Sightings {
		s.mark(sourceTerm, strings.ToLower(listed.Source))
	}
	return d
}

// spreader walks through the texts of a paper.
type spreader struct {
	scan scanner
	tell func(term []byte, at uint32)
	asIs bool // tell words as written, not in the singular
	stop int  // the first place that is too far
}

// texts tells of texts from place at on and returns the place for the next one;
// a free place between them keeps phrases from running on.
func (s *spreader) texts(at int, texts ...string) int {
	for _, text := range texts {
		if text != "" {
			at = min(s.scan.scan(bounded(text), at)+1, s.stop)
		}
	}
	return at
}

// authors tells of names as written, each from a multiple of authorStep on.
func (s *spreader) authors(at int, names []string) {
	s.asIs = true
	for _, name := range names[:min(len(names), paper.MaxAuthors)] {
		s.stop = at + authorStep
		s.scan.scan(bounded(name), at)
		at += authorStep
	}
}

func (s *spreader) token(t token) {
	switch {
	case t.pos >= s.stop:
	case s.asIs:
		s.tell(t.raw, uint32(t.pos))
	default:
		s.tell(t.term, uint32(t.pos))
	}
}

// mark tells of a term that is no word; such have no meaningful place.
func (s *spreader) mark(kind, name string) {
	if len(name) <= paper.MaxName {
		s.tell([]byte(kind+name), 0)
	}
}
