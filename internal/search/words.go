package search

import (
	"slices"
	"strings"
	"unicode"
)

// Weights of what may stand in a paper in place of a word of the query.
const (
	expanded = 0.8 // a word of the same meaning
	glued    = 0.9 // "pretraining" for "pre training"
)

// queryWord is a token that lasts.
type queryWord struct {
	term, raw string
	extra     bool
}

func wordsOf(text string) (list []queryWord) {
	s := scanner{emit: func(t token) {
		list = append(list, queryWord{string(t.term), string(t.raw), t.extra})
	}}
	s.scan(text, 0)
	return list
}

// words fills n.alts from n.text; it reports whether there is any word.
func (n *node) words() bool {
	switch n.kind {
	case category: // cs is cs.LG and all others
		n.alts = []alternative{{terms: []string{catTerm + n.text}, weight: 1}}
		return n.text != ""
	case source:
		n.alts = []alternative{{terms: []string{sourceTerm + n.text}, weight: 1}}
		return n.text != ""
	case hasLink:
		n.alts = []alternative{{terms: []string{codeTerm}, weight: 1}}
		return true
	}
	text := n.text
	if last, first, ok := strings.Cut(text, ","); ok && n.kind == author { // LeCun, Yann
		text = first + " " + last
	}
	var terms, raws []string
	for _, t := range wordsOf(text) {
		if t.extra {
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
		n.stop = n.kind == word && (slices.Contains(stopWords, terms[0]) || slices.Contains(askingWords, terms[0]))
	}
	if n.kind != phrase {
		n.otherSpelling(terms, raws[0])
	}
	return true
}

// otherSpelling adds how else people write a word: GPT-4 as GPT4 and either as GPT
// 4, pre-training as pretraining, text-to-image as text2image.
func (n *node) otherSpelling(terms []string, first string) {
	if len(terms) == 2 && min(len(first), len(terms[1])) <= maxJoint {
		n.literally(first + terms[1])
	}
	switch {
	case len(terms) == 3 && terms[1] == "to":
		n.literally(terms[0] + "2" + terms[2])
		return
	case len(terms) == 1:
		if from, to, ok := strings.Cut(terms[0], "2"); ok && onlyLetters(from) && onlyLetters(to) {
			n.literally(from, "to", to)
			return
		}
	}
	if apart := atNumbers(terms); len(apart) > len(terms) {
		n.literally(apart...)
		terms = apart
	}
	if together := withNumber(terms); len(terms) > 2 && len(together) < len(terms) {
		n.literally(together...)
	}
}

func onlyLetters(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

// atNumbers is terms with names and their numbers apart: gpt4o is gpt and 4o.
func atNumbers(terms []string) (apart []string) {
	for _, t := range terms {
		if i := strings.IndexAny(t, "0123456789"); i > 1 && onlyLetters(t[:i]) {
			apart = append(apart, t[:i], t[i:])
		} else {
			apart = append(apart, t)
		}
	}
	return apart
}

// withNumber is terms with a name and the number after it as one.
func withNumber(terms []string) (together []string) {
	for i, t := range terms {
		if i > 0 && isDigit(t[0]) && onlyLetters(terms[i-1]) {
			together[len(together)-1] += t
		} else {
			together = append(together, t)
		}
	}
	return together
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

// askingWords are those in which people put a question rather than what it is
// about. They count in phrases, or where there is nothing else.
var askingWords = strings.Fields("about also am any article been being can could do does each find from had has have " +
	"having here how i its me more most my other our paper please should show so some than that those versus via vs we were " +
	"what when where which while who whose why would you your")

// withoutStops is terms, parted by spaces, without stop words.
func withoutStops(terms string) string {
	words := strings.Fields(terms)
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return slices.Contains(stopWords, w) }), " ")
}

// lexicon tells acronyms by their short form or by the terms of their long form,
// with spaces between; stop words do not matter. The terms of context tell which
// of several meanings fits.
type lexicon func(form string, context []string) []acronym

// relate gives the words of a query the alternatives that words beside them and
// acronyms suggest. Excluded words stay what they are.
func relate(root *node, known lexicon) {
	r := relater{known: known}
	root.leaves(func(n *node) {
		for i, a := range n.alts {
			if (n.kind == word || n.kind == category && i == 0) && len(a.terms) == 1 && !n.stop && !a.guess {
				r.context = append(r.context, a.terms[0])
				break
			}
		}
	})
	r.relate(root)
}

// forget takes away what acronyms have suggested.
func (n *node) forget() {
	n.leaves(func(leaf *node) {
		leaf.alts = slices.DeleteFunc(leaf.alts, func(a alternative) bool { return a.guess })
	})
}

type relater struct {
	known   lexicon
	context []string // the terms of the query
}

func (r *relater) relate(n *node) {
	var run []*node // words side by side
	for _, k := range n.kids {
		if k.kind == word && n.kind == allOf {
			run = append(run, k)
			continue
		}
		r.run(run)
		run = nil
		if k.kind == word {
			r.run([]*node{k})
		} else if k.kind != not {
			r.relate(k)
		}
	}
	r.run(run)
}

// run does so for words side by side.
func (r *relater) run(run []*node) {
	for i, n := range run {
		if !n.stop {
			r.short(n)
			r.long(run[i:])
		}
		if i > 0 {
			glue(run[i-1], n)
		}
		if i > 1 && run[i-1].text == "to" {
			glueTo(run[i-2], n)
		}
	}
}

// short lets an acronym stand for what it means.
func (r *relater) short(n *node) {
	for _, first := range n.alts {
		if len(first.terms) != 1 || first.guess {
			continue
		}
		short := first.terms[0]
		list := r.known(short, others(r.context, short))
		if len(list) == 0 && len(short) == 3 && short[2] == 's' { // lms
			list = r.known(short[:2], others(r.context, short))
			if len(list) > 0 {
				n.guess([]string{short[:2]}, 1, "")
			}
		}
		for _, a := range list {
			other := termsOf(a.long)
			if other == short { // electroencephalography
				other = wordChars(strings.ToLower(a.short))
			}
			n.guess(strings.Fields(other), a.weight, a.String())
		}
		if len(list) > 0 {
			return
		}
	}
}

// long lets the words that run begins with be an acronym.
func (r *relater) long(run []*node) {
	long := ""
	for j, n := range run[:min(maxLong, len(run))] {
		long = strings.TrimPrefix(long+" "+strings.Join(n.alts[0].terms, " "), " ")
		if n.stop || !strings.Contains(long, " ") {
			continue
		}
		var terms []string
		for _, part := range run[:j+1] {
			terms = append(terms, part.alts[0].terms...)
		}
		for _, a := range r.known(long, others(r.context, terms...)) {
			for _, part := range run[:j+1] {
				part.guess([]string{wordChars(strings.ToLower(a.short))}, a.weight, a.String())
			}
		}
	}
}

func others(list []string, some ...string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(some, s) })
}

// guess adds a way to satisfy n that an acronym suggests.
func (n *node) guess(terms []string, weight float32, means string) {
	before := len(n.alts)
	n.instead(terms, weight, means)
	for i := before; i < len(n.alts); i++ {
		n.alts[i].guess = true
	}
}

// glue lets "pre training" find "pretraining".
func glue(a, b *node) {
	first, second := a.alts[0].terms, b.alts[0].terms
	if a.stop || b.stop || len(first) > 1 || len(second) > 1 {
		return
	}
	typed := a.text
	if a.alts[0].means != "" { // a repaired word
		typed = a.alts[0].means
	}
	whole := typed + second[0]
	if ws := wordsOf(whole); len(ws) == 1 {
		a.instead([]string{ws[0].term}, glued, whole)
		b.instead([]string{ws[0].term}, glued, whole)
	}
}

// glueTo lets "text to image" find "text2image".
func glueTo(a, b *node) {
	from, to := a.alts[0].terms, b.alts[0].terms
	if a.stop || b.stop || len(from) > 1 || len(to) > 1 || !onlyLetters(from[0]) || !onlyLetters(to[0]) {
		return
	}
	whole := from[0] + "2" + to[0]
	a.instead([]string{whole}, glued, whole)
	b.instead([]string{whole}, glued, whole)
}
