package search

import (
	"cmp"
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
	r := &run{snapshot: ix.now.Load(), lists: make(map[*node][]found)}
	telling := r.telling(p)
	t := r.tally()
	for _, leaf := range telling {
		t.add(r.lists[leaf], 1)
	}
	for i := range r.parts {
		if doc, ok := r.parts[i].lookup(p.ID); ok {
			t.count[r.parts[i].base+doc] = 0
		}
	}
	list := t.collect(1)
	root := &node{kind: anyOf, kids: telling}
	var hits []Hit
	for _, f := range r.best(list, byRelevance, max(n, 0)) {
		shared := r.matched(root, f.doc)
		hits = append(hits, Hit{ID: r.id(f.doc), Score: float64(f.score), Matched: shared[:min(len(shared), sharedWords)]})
	}
	return hits
}

// telling is the words that set p apart, as leaves, the most telling first,
// scored for p; their papers are in r.lists.
func (r *run) telling(p paper.Paper) []*node {
	type candidate struct {
		*node
		weight float32
	}
	var list []candidate
	common := max(r.live/commonShare, min(fewPapers, r.live/2))
	own := part{segment: build([]paper.Paper{p})}
	d := own.doc(0)
	for term, shown := range ownWords(p) {
		if r.count(term)-(r.slots-r.live) > common {
			continue // too common in any case; the exact count takes longer
		}
		c := own.postingsOf(term)
		if !c.next() {
			continue
		}
		leaf := &node{kind: word, text: shown, alts: []alternative{{terms: []string{term}, weight: d.weight(word, c.places)}}}
		papers := r.leaf(leaf)
		if n := len(papers); n == 0 || n > common {
			continue
		}
		r.lists[leaf] = papers
		list = append(list, candidate{leaf, rarity(len(papers), r.live) * leaf.alts[0].weight})
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.alts[0].terms[0], b.alts[0].terms[0]))
	})
	var leaves []*node
	for _, c := range list[:min(len(list), similarWords)] {
		leaves = append(leaves, c.node)
	}
	return leaves
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

// count is the number of papers with term, replaced ones among them.
func (s *snapshot) count(term string) (n int) {
	for i := range s.parts {
		n += s.parts[i].postingsOf(term).count
	}
	return n
}

func isNumber(term string) bool {
	return !slices.ContainsFunc([]byte(term), func(c byte) bool { return !isDigit(c) && c != '.' })
}
