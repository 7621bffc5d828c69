package search

import (
	"slices"
	"strings"
)

// Weights of what may stand in a paper in place of a word of the query.
const (
	expanded = 0.8 // a word of the same meaning
	glued    = 0.9 // "pretraining" for "pre training"
)

// queryWord is a token that lasts.
type queryWord struct {
	term, raw string
	joined    bool
}

func wordsOf(text string) (list []queryWord) {
	s := scanner{emit: func(t token) {
		list = append(list, queryWord{string(t.term), string(t.raw), t.joined})
	}}
	s.scan(text, 0)
	return list
}

// words fills n.alts from n.text; it reports whether there is any word.
func (n *node) words() bool {
	switch n.kind {
	case category: // cs is cs.LG and all others
		n.alts = []alternative{{terms: []string{catTerm + n.text}, weight: 1},
			{terms: []string{catTerm + n.text + "."}, prefix: true, weight: 1}}
		return n.text != ""
	case source:
		n.alts = []alternative{{terms: []string{sourceTerm + n.text}, weight: 1}}
		return n.text != ""
	}
	text := n.text
	if last, first, ok := strings.Cut(text, ","); ok && n.kind == author { // LeCun, Yann
		text = first + " " + last
	}
	ts := wordsOf(text)
	var terms, raws []string
	for _, t := range ts {
		if t.joined {
			continue
		}
		terms, raws = append(terms, t.term), append(raws, t.raw)
	}
	if len(terms) == 0 {
		return false
	}
	switch n.kind {
	case author:
		n.literally(raws...)
		return true
	case prefix:
		n.alts = []alternative{{terms: raws, prefix: true, weight: 1}}
		return true
	}
	n.literally(terms...)
	if len(terms) == 1 {
		n.literally(raws...)
		n.alts[0].prefix = isCJK([]rune(terms[0])[0]) && len([]rune(terms[0])) == 1
		n.stop = n.kind == word && slices.Contains(stopWords, terms[0])
	}
	for _, t := range ts {
		if t.joined && len(terms) == 2 {
			n.literally(t.term)
		}
	}
	return true
}

// literally adds terms as what n's text says.
func (n *node) literally(terms ...string) { n.instead(terms, 1, "") }

// instead adds a way to satisfy n, if it is a new one.
func (n *node) instead(terms []string, weight float32, means string) {
	if !slices.ContainsFunc(n.alts, func(a alternative) bool { return slices.Equal(a.terms, terms) }) {
		n.alts = append(n.alts, alternative{terms: terms, weight: weight, means: means})
	}
}

// stopWords are so common that they only count in phrases, or alone.
var stopWords = strings.Fields("a an and are as at be but by for if in into is it no not of on or such that the " +
	"their then there these they this to was will with")

// withoutStops is terms, parted by spaces, without stop words.
func withoutStops(terms string) string {
	words := strings.Fields(terms)
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return slices.Contains(stopWords, w) }), " ")
}

// lexicon tells acronyms by their short form or by the terms of their long
// form, with spaces between; stop words do not matter.
type lexicon func(form string) []acronym

// relate gives the words of a query the alternatives that words beside them and
// acronyms suggest. Excluded words stay what they are.
func relate(n *node, known lexicon) {
	var run []*node // words side by side
	for _, k := range n.kids {
		if k.kind == word && n.kind == allOf {
			run = append(run, k)
			continue
		}
		relateRun(run, known)
		run = nil
		if k.kind == word {
			relateRun([]*node{k}, known)
		} else if k.kind != not {
			relate(k, known)
		}
	}
	relateRun(run, known)
}

// relateRun does so for words side by side.
func relateRun(run []*node, known lexicon) {
	for i, n := range run {
		if first := n.alts[0].terms; len(first) == 1 {
			for _, a := range known(first[0]) {
				n.instead(strings.Fields(termsOf(a.long)), expanded, a.String())
			}
		}
		long := ""
		for j := i; j < min(i+maxLong, len(run)); j++ {
			long = strings.TrimPrefix(long+" "+strings.Join(run[j].alts[0].terms, " "), " ")
			for _, a := range known(long) {
				for _, part := range run[i : j+1] {
					part.instead([]string{strings.ToLower(a.short)}, expanded, a.String())
				}
			}
		}
		if i > 0 {
			glue(run[i-1], n)
		}
	}
}

// glue lets "pre training" find "pretraining".
func glue(a, b *node) {
	first, second := a.alts[0].terms, b.alts[0].terms
	if a.stop || b.stop || len(first) > 1 || len(second) > 1 {
		return
	}
	whole := a.text + second[0]
	if ws := wordsOf(whole); len(ws) == 1 {
		a.instead([]string{ws[0].term}, glued, whole)
		b.instead([]string{ws[0].term}, glued, whole)
	}
}
