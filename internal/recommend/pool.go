package recommend

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
)

// Pool is the papers to choose from, prepared once for any number of channels.
// It never changes; any number of goroutines may use it.
type Pool struct {
	papers   []paper.Paper // in the order of their IDs, without texts
	byID     map[paper.ID]int32
	sources  []string // all names, in order
	listings lists[listing]
	votes    []int32 // at the source: the highest of any

	authors lists[uint64] // hashes of their keys
	traits  lists[int32]  // terms of title and keywords, the rarest first
	weight  []float32     // of a term in likeness
	norm    []float32     // of a paper's terms
	primary []int32       // number of its primary category; 0 for none

	group []int32 // papers that are much the same have one number; or alone

	usual *tables

	works sync.Pool // of *work: what one choice needs while it lasts
}

// listing is a sighting in numbers.
type listing struct {
	day    int32 // since 1970
	source int32 // in Pool.sources
	kind   paper.Kind
}

// lists is a list for each paper, in one piece of memory.
type lists[T any] struct {
	all  []T
	ends []int32
}

func (l *lists[T]) add(list []T) {
	l.all = append(l.all, list...)
	l.ends = append(l.ends, int32(len(l.all)))
}

func (l *lists[T]) of(i int) []T {
	start := int32(0)
	if i > 0 {
		start = l.ends[i-1]
	}
	return l.all[start:l.ends[i]]
}

// NewPool prepares papers, in any order. Several with one ID become one.
func NewPool(papers []paper.Paper) *Pool {
	p := &Pool{papers: merged(papers), byID: make(map[paper.ID]int32, len(papers)), usual: newTables()}
	p.nameSources()
	categories := map[string]int32{"": 0}
	for i := range p.papers {
		one := &p.papers[i]
		p.byID[one.ID] = int32(i)
		p.listings.add(p.listingsOf(one.Sightings))
		p.votes = append(p.votes, int32(min(max(one.Votes(), 0), 1<<30)))
		p.authors.add(authorHashes(one.Authors))
		p.primary = append(p.primary, numbered(categories, primary(one)))
	}
	titles := p.readTerms()
	p.group = p.groups(titles)
	return p
}

// merged is papers in the order of their IDs, one of each, without texts.
func merged(papers []paper.Paper) []paper.Paper {
	order := make([]*paper.Paper, len(papers))
	for i := range papers {
		order[i] = &papers[i]
	}
	slices.SortStableFunc(order, func(a, b *paper.Paper) int { return cmp.Compare(a.ID, b.ID) })
	out := make([]paper.Paper, 0, len(papers))
	for i := 0; i < len(order); {
		one := *order[i]
		for i++; i < len(order) && order[i].ID == one.ID; i++ {
			one = paper.Merge(one, *order[i])
		}
		out = append(out, light(one))
	}
	return out
}

// light is what of a paper matters here.
func light(p paper.Paper) paper.Paper {
	return paper.Paper{
		ID: p.ID, Title: p.Title, Authors: p.Authors, Keywords: p.Keywords, Categories: p.Categories,
		Sightings: p.Sightings, DOI: p.DOI, Published: p.Published,
	}
}

// Len is the number of papers.
func (p *Pool) Len() int { return len(p.papers) }

// Find is where a paper is.
func (p *Pool) Find(id paper.ID) (index int, ok bool) {
	i, ok := p.byID[id]
	return int(i), ok
}

// Paper is the paper at index i: its ID, title, authors, keywords, categories,
// sightings, DOI and day of publication.
func (p *Pool) Paper(i int) paper.Paper { return p.papers[i] }

// Doubles lists the papers that are much the same as the one at index i.
func (p *Pool) Doubles(i int) (others []int) {
	if p.group[i] == alone {
		return nil
	}
	for k, g := range p.group {
		if g == p.group[i] && k != i {
			others = append(others, k)
		}
	}
	return others
}

func (p *Pool) nameSources() {
	for i := range p.papers {
		for _, s := range p.papers[i].Sightings {
			if at, found := slices.BinarySearch(p.sources, s.Source); !found {
				p.sources = slices.Insert(p.sources, at, s.Source)
			}
		}
	}
}

// listingsOf leaves out sightings of no known day: when they were news cannot be
// said.
func (p *Pool) listingsOf(sightings []paper.Sighting) (list []listing) {
	for _, s := range sightings {
		if !s.Day.IsZero() {
			n, _ := slices.BinarySearch(p.sources, s.Source)
			list = append(list, listing{dayNumber(s.Day), int32(n), s.Kind})
		}
	}
	return list
}

func primary(p *paper.Paper) string {
	if len(p.Categories) == 0 {
		return ""
	}
	return p.Categories[0]
}

// numbered is the number of a name, a new one if need be.
func numbered(numbers map[string]int32, name string) int32 {
	n, ok := numbers[name]
	if !ok {
		n = int32(len(numbers))
		numbers[name] = n
	}
	return n
}

// dayNumber counts days since 1970.
func dayNumber(d date.Date) int32 { return int32(d.Start(time.UTC).Unix() / (24 * 60 * 60)) }

// work is the memory that one choice needs, kept for the next: ten thousand
// channels are planned one after the other.
type work struct {
	place   []int32 // by paper: where in matches it is, from 1; 0 for nowhere
	matches []match
	passed  []candidate
}

func (p *Pool) work() *work {
	if w, ok := p.works.Get().(*work); ok {
		return w
	}
	return &work{place: make([]int32, len(p.papers))}
}

// done gives w back, clean.
func (p *Pool) done(w *work) {
	for _, m := range w.matches {
		w.place[m.index] = 0
	}
	w.matches, w.passed = w.matches[:0], w.passed[:0]
	p.works.Put(w)
}
