// Package search finds papers: a query in, the IDs of papers in the order of
// their fitness out, with the words that matched.
//
// It is an inverted index that lives in the process as derived data beside the
// store. The answers depend on the papers alone: not on the database below, the
// order in which the papers came, or how often they were replaced.
//
// Parse makes a tree of conditions (query.go); relate (words.go) adds to its
// words what else may stand for them, such as acronyms. Papers lie in a few
// segments (segment.go) that map terms (dictionary.go) to papers (postings.go);
// they are made by a builder, merged now and then, and kept in files. A run
// (run.go) turns the tree into streams of papers (stream.go), of which it hunts
// out the best (top.go) without looking at most of the others. Streams of many
// papers are swept window by window (sweep.go) for papers that have all words
// (meet.go) or most of them (several.go).
package search

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"paperboy/internal/paper"
)

// Options are what of the hits to give back, and what the index cannot know.
type Options struct {
	Offset, Limit int
	TeamVotes     map[paper.ID]int // of the asker's team; needed if Query.NeedsVotes
	// Enough hits with all words keep papers with only some away; 0: a handful.
	Enough int
	// NoPrior ranks by the words alone, not by date and votes as well.
	NoPrior bool

	count  int  // hits that are counted; 0: countUpTo
	atOnce bool // look through the parts side by side, however little there is to read
}

// Results answer a query.
type Results struct {
	Hits []Hit
	// Total is how many papers were found, of which Hits are the asked-for page. If
	// More is set there are others, which were not counted.
	Total int
	More  bool
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

const (
	// handful is how many papers with all words make papers with some unneeded.
	handful = 5
	// countUpTo is how many hits are counted at most, unless a page needs more.
	countUpTo = 1000
	// countPartly is the same for papers with some of the words.
	countPartly = 100
)

// Search finds the papers that q asks for. An empty query finds none.
func (ix *Index) Search(q Query, opts Options) Results {
	s := ix.now.Load()
	res := s.search(q, opts, func() *speller { return ix.spelling.of(s) })
	runtime.KeepAlive(s) // the segments stay mapped
	return res
}

func (s *snapshot) search(q Query, opts Options, spelling func() *speller) Results {
	res := Results{Notes: slices.Clone(q.Notes), Query: q}
	if q.root == nil {
		return res
	}
	q.root = q.root.clone()
	mended := s.repair(q.root, spelling)
	q.root = s.understood(q.root)
	res.Query = q
	r := s.run(&q, opts)
	defer r.end()
	from := max(opts.Offset, 0)
	limit := from + max(opts.Limit, 0)
	hits, total, note := r.root(q.root, limit)
	if mended != "" {
		res.Notes = append(res.Notes, mended)
	}
	if total == 0 {
		note = r.absent(q.root)
	}
	res.Total = min(total, r.count)
	res.More = total > res.Total
	if note != "" {
		res.Notes = append(res.Notes, note)
	}
	res.Hits = r.describe(hits[min(from, len(hits)):], q.root)
	res.Query.targets = targetsOf(q.root)
	return res
}

// understood is root with what the papers tell of its words: how else they are
// written, and what they mean.
func (s *snapshot) understood(root *node) *node {
	root = root.clone()
	root.forget()
	s.respell(root)
	relate(root, s.acronyms)
	return root
}

// root finds the papers for a whole query, up to limit of them. If not enough
// have all words, those with most of them join, or else with some; the
// note says so.
func (r *run) root(n *node, limit int) (hits []hit, total int, note string) {
	c, hits, total := r.fully(n, limit)
	if total < plenty && r.widen(n) {
		r.weigh(n)
		c, hits, total = r.fully(n, limit)
	}
	need := c.need
	if total >= r.enough || need < 2 {
		return hits, total, ""
	}
	r.count = max(min(r.count, countPartly), r.enough, limit)
	partly, words := (*top)(nil), need
	for _, fewer := range [...]int{need - max(1, need/3), 1} {
		if fewer >= words || fewer < 1 || partly != nil && total+int(partly.counted.Load()) >= r.enough {
			break
		}
		t := r.newTop(max(limit-len(hits), 0))
		if r.hunt(c, t, fewer, true); partly == nil || t.counted.Load() > partly.counted.Load() {
			partly, words = t, fewer
		}
	}
	if partly == nil || partly.counted.Load() == 0 {
		return hits, total, ""
	}
	note = relaxed(r.missing(n), total, words, need)
	return append(hits, partly.sorted()...), total + int(partly.counted.Load()), note
}

// fully finds the papers with all that n asks for.
func (r *run) fully(n *node, limit int) (c conditions, hits []hit, total int) {
	c = sorted(n)
	if len(r.weight) == 0 && r.order == byRelevance {
		r.order = byDate // nothing makes one better than another
	}
	c.need = len(c.words)
	if len(c.words) == 0 && len(c.musts) == 1 && c.musts[0].kind == anyOf { // an OR alone
		c.words, c.musts, c.need = c.musts[0].kids, nil, 1
	}
	r.pairs = r.neighbours(n, c)
	full := r.newTop(limit)
	r.hunt(c, full, c.need, false)
	return c, full.sorted(), int(full.counted.Load())
}

// togetherFrom is how many postings make it worth while to look through the parts
// on several processors: with fewer, to call another one takes longer than it spares.
const togetherFrom = 1_000_000

// hunt looks for papers in all parts, the largest first.
func (r *run) hunt(c conditions, t *top, need int, partly bool) {
	order := make(chan int, len(r.parts))
	for _, i := range r.bySize() {
		order <- i
	}
	close(order)
	workers := min(len(r.parts), runtime.GOMAXPROCS(0))
	if r.postings < togetherFrom && !r.atOnce {
		workers = 1
	}
	runs, tops := make([]run, workers), make([]*top, workers)
	for w := range workers {
		runs[w], tops[w] = *r, t.apart()
		runs[w].lists = nil
	}
	sideBySide(workers, func(w int) {
		for i := range order {
			runs[w].huntIn(i, c, tops[w], need, partly)
		}
	})
	for w := range workers {
		r.lists = append(r.lists, runs[w].lists...)
		t.join(tops[w])
	}
}

// sideBySide does n pieces of work at the same time, and panics if one of them
// does.
func sideBySide(n int, work func(i int)) {
	var failed atomic.Pointer[any]
	var others sync.WaitGroup
	for i := 1; i < n; i++ {
		others.Go(func() {
			defer func() {
				if fault := recover(); fault != nil {
					failed.Store(&fault)
				}
			}()
			work(i)
		})
	}
	func() {
		defer others.Wait()
		work(0)
	}()
	if fault := failed.Load(); fault != nil {
		panic(*fault)
	}
}

// bySize is the parts, the largest first.
func (r *run) bySize() []int {
	order := make([]int, len(r.parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return r.parts[b].size() - r.parts[a].size() })
	return order
}

// huntIn looks for papers in one part.
func (r *run) huntIn(part int, c conditions, t *top, need int, partly bool) {
	h := &hunt{run: r, part: part, of: &r.parts[part], found: t}
	h.musts, h.words = r.streams(part, c.musts), r.streams(part, c.words)
	lists := make(map[string]*list)
	for _, p := range r.pairs {
		if s, ok := r.pair(part, p, lists); ok {
			h.near = append(h.near, s)
		}
	}
	for _, n := range c.nots {
		h.nots = append(h.nots, r.stream(part, n.kids[0]))
	}
	if need == len(c.words) {
		h.all()
	} else {
		h.some(need, partly)
	}
}

// describe gives hits what people see of them. Those of one part are looked at
// together, in the order in which they stand there.
func (r *run) describe(hits []hit, root *node) []Hit {
	list := make([]Hit, len(hits))
	order := make([]int, len(hits))
	for i, h := range hits {
		list[i] = Hit{ID: r.parts[h.part].id(h.doc), Score: float64(h.key)}
		if r.order == byRelevance {
			list[i].Score /= one
		}
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if c := hits[a].part - hits[b].part; c != 0 {
			return c
		}
		return int(int64(hits[a].doc) - int64(hits[b].doc))
	})
	root.leaves(func(n *node) {
		if n.kind <= author {
			r.explain(n, hits, order, list)
		}
	})
	return list
}

// explain adds to list what of leaf n the hits have.
func (r *run) explain(n *node, hits []hit, order []int, list []Hit) {
	alts, of := make([]stream, len(n.alts)), -1
	for _, i := range order {
		h := hits[i]
		if h.part != of {
			of = h.part
			for k, a := range n.alts {
				alts[k] = r.alternative(of, n.kind, a, max(r.weight[n], one)*a.weight)
			}
		}
		if text := said(n, alts, h.doc); text != "" && !slices.Contains(list[i].Matched, text) {
			list[i].Matched = append(list[i].Matched, text)
		}
	}
}

// said is how the paper says what leaf n asks for: with the best of alts.
func said(n *node, alts []stream, doc uint32) (text string) {
	most := uint32(0)
	for k, s := range alts {
		if s == nil || s.seek(doc) != doc {
			continue
		}
		if score, ok := s.settle(); ok && (text == "" || score > most) {
			most = score
			if text = n.alts[k].means; text == "" {
				text = n.text
				if n.kind == prefix {
					text += "*"
				}
			}
		}
	}
	return text
}
