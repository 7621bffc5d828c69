package search

import (
	"cmp"
	"runtime"
	"slices"

	"paperboy/internal/paper"
)

// Bounds on the words by which papers are alike.
const (
	similarWords = 24 // the most telling ones
	commonShare  = 20 // one in so many papers at most has a telling word,
	fewPapers    = 20 // or so many papers, where there are few
	sharedWords  = 5  // to name
)

// Similar lists up to n papers that share rare words with p, which need not be
// in the index, the most alike first. Matched are the words they share.
func (ix *Index) Similar(p paper.Paper, n int) []Hit {
	s := ix.now.Load()
	defer runtime.KeepAlive(s) // the segments stay mapped
	r := s.newRun(byRelevance)
	defer r.end()
	telling := r.telling(p)
	t := r.newTop(max(n, 0))
	t.enough = 0 // how many there are does not matter
	for i := range r.parts {
		h := &hunt{run: r, part: i, of: &r.parts[i], found: t}
		h.words = r.streams(i, telling)
		if doc, ok := h.of.lookup(p.ID); ok {
			h.nots = []stream{&span{at: doc, to: doc + 1}}
		}
		h.some(1, false)
	}
	hits := r.describe(t.sorted(), &node{kind: anyOf, kids: telling})
	for i := range hits {
		hits[i].Matched = hits[i].Matched[:min(len(hits[i].Matched), sharedWords)]
	}
	return hits
}

// telling is the words that set p apart, as leaves, the most telling first,
// weighed by how much they tell.
func (r *run) telling(p paper.Paper) []*node {
	common := max(r.live/commonShare, min(fewPapers, r.live/2))
	own := build([]paper.Paper{p})
	var leaves []*node
	for term, shown := range ownWords(p) {
		papers, e := r.df(term), own.find(term)
		if e.count == 0 || papers == 0 || papers > common {
			continue
		}
		l, _ := r.list(&part{segment: own}, e, one)
		leaf := &node{kind: word, text: shown, alts: []alternative{{terms: []string{term}, weight: 1}}}
		r.weight[leaf] = rarity(papers, r.live) * float32(l.ceiling())
		leaves = append(leaves, leaf)
	}
	slices.SortFunc(leaves, func(a, b *node) int {
		return cmp.Or(cmp.Compare(r.weight[b], r.weight[a]), cmp.Compare(a.alts[0].terms[0], b.alts[0].terms[0]))
	})
	return leaves[:min(len(leaves), similarWords)]
}

// ownWords is the terms of p's texts that may tell something, and how p
// writes them first.
func ownWords(p paper.Paper) map[string]string {
	words := make(map[string]string)
	for _, text := range slices.Concat([]string{p.Title}, p.Keywords, []string{p.Summary, p.Abstract}) {
		s := scanner{emit: func(t token) {
			if term := string(t.term); words[term] == "" && len(term) > 1 && !t.extra && !isNumber(term) {
				words[term] = text[t.start:t.end]
			}
		}}
		s.scan(text, 0)
	}
	return words
}

func isNumber(term string) bool {
	return !slices.ContainsFunc([]byte(term), func(c byte) bool { return !isDigit(c) && c != '.' })
}
