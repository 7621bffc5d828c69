package search

import (
	"fmt"
	"strconv"

	"paperboy/internal/english"
)

// The sentences in which a search says how it understood what was typed.

// mended says that words were taken for misspelt ones, and how to have them as
// typed: a word in quotes is never repaired.
func mended(typed, shown []string) string {
	return fmt.Sprintf("Showing results for %s; search for %s instead.",
		english.List(shown, "and"), english.List(quoted(typed), "and"))
}

// relaxed says that papers with so many of the words join those with all: missing
// are the words that no paper has, full is how many papers have all of them, need
// how many of the asked words a paper must have to be shown.
func relaxed(missing []string, full, need, asked int) string {
	level := "some"
	if 2*need > asked {
		level = "most"
	}
	switch {
	case len(missing) > 0 && len(missing) == asked-1:
		return fmt.Sprintf("No paper has %s; showing papers with the other word.", english.List(quoted(missing), "or"))
	case len(missing) > 0 && need == asked-len(missing):
		return fmt.Sprintf("No paper has %s; showing papers with all other words.", english.List(quoted(missing), "or"))
	case len(missing) > 0:
		return fmt.Sprintf("No paper has %s; showing papers with %s of the words.", english.List(quoted(missing), "or"), level)
	case full == 0:
		return fmt.Sprintf("No paper has all of these words; showing papers with %s of them.", level)
	case full == 1:
		return fmt.Sprintf("Only one paper has all of these words; papers with %s of them follow.", level)
	}
	return fmt.Sprintf("Only %d papers have all of these words; papers with %s of them follow.", full, level)
}

// absent says why there is nothing: the conditions that no paper meets.
func absent(conditions []string) string {
	return fmt.Sprintf("No paper has %s.", english.List(conditions, "or"))
}

// asCondition is what n asks for, to say that no paper has it.
func (n *node) asCondition() string {
	if n.kind == hasLink {
		return "a link to its code"
	}
	return n.string(false)
}

func quoted(words []string) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = strconv.Quote(w)
	}
	return list
}

// missing is the words of n that no paper has.
func (r *run) missing(n *node) (words []string) {
	for _, k := range n.kids {
		if k.kind == word && !k.stop && !r.exists(k) {
			words = append(words, k.text)
		}
	}
	return words
}

// absent says which conditions of n beside words are met by no paper, if any.
func (r *run) absent(n *node) string {
	var conditions []string
	n.leaves(func(leaf *node) {
		if leaf.kind > prefix && leaf.kind < since && !r.exists(leaf) {
			conditions = append(conditions, leaf.asCondition())
		}
	})
	if len(conditions) == 0 || n.kind != allOf || len(n.kids) == 1 { // then it is plain to see
		return ""
	}
	return absent(conditions)
}

// exists reports whether any paper satisfies n.
func (r *run) exists(n *node) bool {
	for i := range r.parts {
		s := r.stream(i, n)
		for doc := s.doc(); doc != end; doc = s.seek(doc + 1) {
			if _, ok := s.settle(); ok && !r.parts[i].dead.has(doc) {
				return true
			}
		}
	}
	return false
}
