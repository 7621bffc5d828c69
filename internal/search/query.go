package search

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Query is what a person asked for. Parse makes one; a Query never changes.
type Query struct {
	// Notes say in plain sentences what of the text was ignored, and why.
	Notes []string

	root    *node // nil for an empty query
	order   order
	targets *targets // of root, once it is known for good; else nil
}

// order is how hits are sorted.
type order string

const (
	byRelevance order = "relevance"
	byDate      order = "new"
	byVotes     order = "votes"
)

// node is a condition on papers: a leaf, or a combination of others.
type node struct {
	kind kind
	kids []*node // of allOf, anyOf and not

	text string // of a leaf, as typed but for characters that are no part of words
	n    int64  // of since and before, seconds since 1970; of votes

	alts []alternative // of a leaf that looks for words: each of them will do
	stop bool          // a word that is too common to matter
}

type kind uint8

const (
	allOf kind = iota
	anyOf
	not // one kid

	word
	prefix // text is without the asterisk
	phrase
	title
	author

	category
	source
	hasLink
	since
	before
	votes
)

// names are the filters as people type them.
var names = map[string]kind{
	"title": title, "author": author, "cat": category, "source": source, "has": hasLink,
	"since": since, "before": before, "votes": votes,
}

// aliases are other words for some of them.
var aliases = map[string]string{"after": "since", "until": "before", "by": "author", "category": "cat"}

// codeTerm is the term of papers with a link to their code.
const codeTerm = "\x04"

// alternative is one way of satisfying a leaf: terms one after another.
type alternative struct {
	terms  []string
	prefix bool    // the only term is the beginning of one
	weight float32 // how much it counts against the word itself
	means  string  // what stands in the paper instead of the leaf's text, if another word
	guess  bool    // it comes from what an acronym is taken to mean
}

// scored reports whether the leaf asks for words, which make one paper a better
// hit than another; other leaves only let papers pass.
func (n *node) scored() bool { return n.kind >= word && n.kind <= title }

// restricts reports whether n narrows a search rather than saying what it is for.
func (n *node) restricts() bool { return n.kind == not || n.kind >= category }

// clone is a deep copy, to whose leaves alternatives can be added.
func (n *node) clone() *node {
	c := *n
	c.alts = slices.Clone(n.alts)
	c.kids = make([]*node, len(n.kids))
	for i, k := range n.kids {
		c.kids[i] = k.clone()
	}
	return &c
}

// leaves calls f for the leaves that a hit may have, not for excluded ones.
func (n *node) leaves(f func(*node)) {
	switch {
	case n == nil, n.kind == not:
	case n.kind == allOf, n.kind == anyOf:
		for _, k := range n.kids {
			k.leaves(f)
		}
	default:
		f(n)
	}
}

// NeedsVotes reports whether the answer depends on Options.TeamVotes, so that a
// caller need not load them otherwise.
func (q Query) NeedsVotes() bool {
	return q.root != nil && (q.order == byVotes || q.root.has(votes))
}

func (n *node) has(k kind) bool {
	return n.kind == k || slices.ContainsFunc(n.kids, func(kid *node) bool { return kid.has(k) })
}

// String is q as text, of which Parse makes the same query.
func (q Query) String() string {
	if q.root == nil {
		return ""
	}
	text := q.root.string(true)
	if q.order != byRelevance {
		text += " sort:" + string(q.order)
	}
	return text
}

func (n *node) string(outermost bool) string {
	switch n.kind {
	case allOf, anyOf:
		parts := make([]string, len(n.kids))
		for i, k := range n.kids {
			parts[i] = k.string(false)
		}
		if n.kind == allOf && outermost {
			return strings.Join(parts, " ")
		}
		if n.kind == allOf {
			return "(" + strings.Join(parts, " ") + ")"
		}
		return "(" + strings.Join(parts, " OR ") + ")"
	case not:
		return "-" + n.kids[0].string(false)
	case word:
		return n.text
	case prefix:
		return n.text + "*"
	case phrase:
		return `"` + n.text + `"`
	}
	value := n.text
	switch n.kind {
	case since, before:
		value = time.Unix(n.n, 0).UTC().Format(time.DateOnly)
	case votes:
		value = strconv.FormatInt(n.n, 10)
	}
	if strings.ContainsAny(value, " ") {
		value = `"` + value + `"`
	}
	for name, k := range names {
		if k == n.kind {
			return name + ":" + value
		}
	}
	return value
}
