package search

import (
	"cmp"
	"slices"
)

// run is one search in one snapshot.
type run struct {
	*snapshot
	team   map[uint32]int // the team's votes, by paper
	lists  map[*node][]found
	enough int // hits with all words; below it, papers with some of them join
	// among, if set, has the only papers to look at, and papers are numbered as
	// there.
	among *Matcher
}

// papers lists what satisfies n, in the order of the papers.
func (r *run) papers(n *node) []found {
	switch n.kind {
	case allOf:
		t := r.all(n)
		return t.collect(t.words)
	case anyOf:
		t := r.tally()
		for _, k := range n.kids {
			t.add(r.papers(k), 1)
		}
		return t.collect(1)
	case not:
		t := r.tally()
		t.require(r.everything())
		t.remove(r.papers(n.kids[0]))
		return t.collect(0)
	}
	list := r.leaf(n)
	r.lists[n] = list
	return list
}

// everything is all papers.
func (r *run) everything() []found {
	return r.passing(func(uint32, doc) bool { return true })
}

// passing lists the papers for which ok holds.
func (r *run) passing(ok func(uint32, doc) bool) []found {
	if r.among != nil {
		return r.among.passing(ok)
	}
	list := make([]found, 0, r.live)
	for i := range r.parts {
		p := &r.parts[i]
		for n := range uint32(p.size()) {
			if !p.dead.has(n) && ok(p.base+n, p.doc(n)) {
				list = append(list, found{doc: p.base + n})
			}
		}
	}
	return list
}

// leaf lists the papers that satisfy a leaf.
func (r *run) leaf(n *node) []found {
	switch n.kind {
	case since:
		return r.passing(func(_ uint32, d doc) bool { return d.when != undated && d.when >= n.n })
	case before:
		return r.passing(func(_ uint32, d doc) bool { return d.when != undated && d.when < n.n })
	case votes:
		return r.passing(func(i uint32, d doc) bool { return int64(d.votes)+int64(r.team[i]) >= n.n })
	}
	if r.among != nil {
		return r.among.leaf(r, n)
	}
	return r.words(n)
}

// words lists the papers that satisfy a leaf that looks for words. How rare it
// is, is counted over these very papers, so that the score is the same however
// they are parted.
func (r *run) words(n *node) []found {
	list := r.find(n)
	weight := float32(0)
	if n.scored() {
		weight = rarity(len(list), r.live)
	}
	for i := range list {
		list[i].score *= weight
	}
	return list
}

// find lists the papers of all parts that satisfy leaf n.
func (r *run) find(n *node) []found {
	if len(r.parts) == 1 {
		return r.parts[0].find(n)
	}
	lists := make([][]found, len(r.parts))
	for i := range r.parts {
		lists[i] = r.parts[i].find(n)
	}
	return slices.Concat(lists...)
}

// all tallies the kids of n. Words may be left out later; the rest may not.
func (r *run) all(n *node) *tally {
	t := r.tally()
	telling := slices.ContainsFunc(n.kids, func(k *node) bool { return k.kind < since && k.kind != not && !k.stop })
	for _, k := range n.kids {
		switch {
		case k.kind == not, k.stop && telling: // stop words count if there is nothing else
		case k.kind == word:
			t.add(r.papers(k), 1)
			t.words++
		default:
			t.require(r.papers(k))
		}
	}
	if t.words+t.required == 0 {
		t.require(r.everything())
	}
	for _, k := range n.kids {
		if k.kind == not {
			t.remove(r.papers(k.kids[0]))
		}
	}
	return t
}

// tally adds up, for every paper, what it satisfies.
type tally struct {
	score    []float32
	count    []uint16 // words, and 256 for each further condition
	words    int      // asked for
	required int      // further conditions
}

func (r *run) tally() *tally {
	size := r.slots
	if r.among != nil {
		size = len(r.among.docs)
	}
	return &tally{score: make([]float32, size), count: make([]uint16, size)}
}

func (t *tally) add(list []found, count uint16) {
	for _, f := range list {
		t.score[f.doc] += f.score
		t.count[f.doc] += count
	}
}

func (t *tally) require(list []found) {
	t.add(list, 256)
	t.required++
}

func (t *tally) remove(list []found) {
	for _, f := range list {
		t.count[f.doc] = 0
	}
}

// collect lists the papers with so many of the words and all other conditions.
// Those with all words have alt 1.
func (t *tally) collect(words int) []found {
	list := make([]found, 0, t.atLeast(words))
	for doc, n := range t.count {
		if t.passes(n, words) {
			f := found{doc: uint32(doc), score: t.score[doc]}
			if int(n%256) >= t.words {
				f.alt = 1
			}
			list = append(list, f)
		}
	}
	return list
}

func (t *tally) passes(count uint16, words int) bool {
	return int(count/256) == t.required && int(count%256) >= words && count > 0
}

// atLeast counts the papers that collect would list.
func (t *tally) atLeast(words int) (n int) {
	for _, count := range t.count {
		if t.passes(count, words) {
			n++
		}
	}
	return n
}

// root lists the papers for a whole query. If few have all words, those with
// most of them join, or else with some; the note says so.
func (r *run) root(n *node) (list []found, note string) {
	t := r.all(n)
	full := t.atLeast(t.words)
	if full < plenty && r.widen(n) {
		t = r.all(n)
		full = t.atLeast(t.words)
	}
	need, hits := t.words, full
	for _, words := range [...]int{t.words - max(1, t.words/3), 1} {
		if hits >= r.enough || words >= need || words < 1 {
			break
		}
		if n := t.atLeast(words); n > hits {
			need, hits = words, n
		}
	}
	if need < t.words {
		note = relaxed(r.missing(n), full, need, t.words)
	}
	return t.collect(need), note
}

// missing is the words of n that no paper has.
func (r *run) missing(n *node) (words []string) {
	for _, k := range n.kids {
		if list, looked := r.lists[k]; k.kind == word && looked && len(list) == 0 {
			words = append(words, k.text)
		}
	}
	return words
}

// absent says which conditions of n beside words are met by no paper, if any.
func (r *run) absent(n *node) string {
	var conditions []string
	n.leaves(func(leaf *node) {
		if list, looked := r.lists[leaf]; looked && len(list) == 0 && leaf.kind > prefix && leaf.kind < since {
			conditions = append(conditions, leaf.asCondition())
		}
	})
	if len(conditions) == 0 || n.kind != allOf || len(n.kids) == 1 { // then it is plain to see
		return ""
	}
	return absent(conditions)
}

// best is the first of list in order o, at most limit of them.
func (r *run) best(list []found, o order, limit int) []found {
	for i := range list {
		f := &list[i]
		switch o {
		case byDate:
			f.score = 0
		case byVotes:
			d := r.doc(f.doc)
			f.score = float32(d.votes) + float32(r.team[f.doc])
		}
	}
	if limit = min(limit, len(list)); limit == 0 {
		return nil
	}
	top := make([]found, 0, 2*limit)          // the best so far, more than limit of them at times
	var last found                            // of the best, once there are limit of them
	for _, f := range slices.Backward(list) { // newer papers tend to come later, and sort before
		if len(top) >= limit && r.compare(f, last) > 0 {
			continue
		}
		if top = append(top, f); len(top) == 2*limit || len(top) == limit {
			slices.SortFunc(top, r.compare)
			top = top[:limit]
			last = top[limit-1]
		}
	}
	slices.SortFunc(top, r.compare)
	return top[:limit]
}

// compare orders hits: those with all words first, then by score, newer first,
// and by ID.
func (r *run) compare(a, b found) int {
	if c := cmp.Or(cmp.Compare(b.alt, a.alt), cmp.Compare(b.score, a.score)); c != 0 {
		return c
	}
	if c := cmp.Compare(r.doc(b.doc).when, r.doc(a.doc).when); c != 0 {
		return c
	}
	return cmp.Compare(r.id(a.doc), r.id(b.doc))
}
