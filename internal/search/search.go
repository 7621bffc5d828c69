// Package search finds papers: a query in, the IDs of papers in the order of
// their fitness out, with the words that matched.
//
// It is an inverted index that lives in the process as derived data beside the
// store. The answers depend on the papers alone: not on the database below, the
// order in which the papers came, or how often they were replaced.
//
// Parse makes a tree of conditions (query.go); relate (words.go) adds to its
// words what else may stand for them, such as acronyms; a run (eval.go) lists the
// papers that satisfy each leaf (match.go) and counts them together. Papers lie in
// a few segments (segment.go), made by a builder and merged now and then.
package search

import (
	"slices"

	"paperboy/internal/paper"
)

// Options are what of the hits to give back, and what the index cannot know.
type Options struct {
	Offset, Limit int
	TeamVotes     map[paper.ID]int // of the asker's team; needed if Query.NeedsVotes
}

// Results answer a query.
type Results struct {
	Hits  []Hit
	Total int // papers found, of which Hits are the asked-for page
	// Notes say in plain sentences how the query was understood, those of Parse
	// among them.
	Notes []string
	// Query is the query with what the papers told about its acronyms, for
	// Highlight and Snippet.
	Query Query
}

// Hit is a paper found.
type Hit struct {
	ID paper.ID
	// Score is what hits are ordered by: relevance or votes; 0 if by date.
	Score float64
	// Matched are the words of the query that the paper has, as typed; or, if the
	// paper has other words for it, those: "mixture of experts (MoE)".
	Matched []string
}

// handful is how many papers with all words make papers with some unneeded.
const handful = 5

// Search finds the papers that q asks for. An empty query finds none.
func (ix *Index) Search(q Query, opts Options) Results {
	return ix.search(q, opts, handful)
}

func (ix *Index) search(q Query, opts Options, enough int) Results {
	if q.root == nil {
		return Results{Notes: q.Notes, Query: q}
	}
	s := ix.now.Load()
	q.root = q.root.clone()
	notes := []string{s.repair(q.root, func() *speller { return ix.spelling.of(s) })}
	r := s.run(&q, opts, enough)
	list, note := r.root(q.root)
	res := Results{Total: len(list), Notes: slices.Clone(q.Notes), Query: q}
	if len(list) == 0 && note == "" {
		note = r.absent(q.root)
	}
	for _, note := range append(notes, note) {
		if note != "" {
			res.Notes = append(res.Notes, note)
		}
	}
	from, limit := max(opts.Offset, 0), max(opts.Limit, 0)
	top := r.best(list, q.order, min(from, len(list))+min(limit, len(list)))
	for _, f := range top[min(from, len(top)):] {
		res.Hits = append(res.Hits, Hit{ID: r.id(f.doc), Score: float64(f.score), Matched: r.matched(q.root, f.doc)})
	}
	return res
}

// run begins a search for q, to which it adds what the papers tell of its acronyms.
func (s *snapshot) run(q *Query, opts Options, enough int) *run {
	r := &run{snapshot: s, lists: make(map[*node][]found), enough: enough}
	q.root = q.root.clone()
	q.root.forget()
	s.respell(q.root)
	relate(q.root, r.acronyms)
	if q.NeedsVotes() {
		r.team = r.byPaper(opts.TeamVotes)
	}
	return r
}

// byPaper turns votes by ID into votes by number.
func (s *snapshot) byPaper(votes map[paper.ID]int) map[uint32]int {
	m := make(map[uint32]int, len(votes))
	for id, n := range votes {
		if doc, ok := s.lookup(id); ok {
			m[doc] = n
		}
	}
	return m
}

// matched is the words of root that a paper has.
func (r *run) matched(root *node, doc uint32) (words []string) {
	root.leaves(func(n *node) {
		list := r.lists[n]
		i, ok := slices.BinarySearchFunc(list, doc, func(f found, doc uint32) int { return int(f.doc) - int(doc) })
		if !ok || n.kind > author {
			return
		}
		text := n.text
		if n.kind == prefix {
			text += "*"
		}
		if means := n.alts[list[i].alt].means; means != "" {
			text = means
		}
		if !slices.Contains(words, text) {
			words = append(words, text)
		}
	})
	return words
}
