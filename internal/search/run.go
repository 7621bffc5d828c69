package search

import (
	"cmp"
	"slices"

	"paperboy/internal/paper"
)

// run is one search in one snapshot.
type run struct {
	*snapshot
	order    order
	prior    bool
	count    int                 // hits to count
	enough   int                 // with all words
	atOnce   bool                // see Options
	team     []map[uint32]uint32 // the team's votes, by part and paper
	loved    uint32              // the most of those
	weight   map[*node]float32   // of leaves, times one
	postings int                 // of all words
	begun    map[string]int      // see frequent
	spread   []map[string]*table // by part, and beginning of words
	pairs    []pair
	lists    []*list // to be released
}

// run begins a search for q.
func (s *snapshot) run(q *Query, opts Options) *run {
	r := s.newRun(q.order)
	r.prior, r.enough, r.atOnce = !opts.NoPrior, cmp.Or(opts.Enough, handful), opts.atOnce
	r.count = max(cmp.Or(opts.count, countUpTo), r.enough, plenty, opts.Offset+opts.Limit)
	if q.NeedsVotes() {
		r.team = make([]map[uint32]uint32, len(s.parts))
		for i := range s.parts {
			r.team[i] = s.parts[i].byPaper(opts.TeamVotes)
			for _, n := range r.team[i] {
				r.loved = max(r.loved, n)
			}
		}
	}
	r.weigh(q.root)
	return r
}

func (s *snapshot) newRun(by order) *run {
	return &run{snapshot: s, order: by, weight: make(map[*node]float32), begun: make(map[string]int), spread: make([]map[string]*table, len(s.parts))}
}

// list reads the postings of an entry until the end of the run.
func (r *run) list(p *part, e entry, weight float32) (*list, bool) {
	l, ok := p.list(e, weight)
	if ok {
		r.lists = append(r.lists, l)
	}
	return l, ok
}

// end gives free what the run has used.
func (r *run) end() {
	for _, l := range r.lists {
		l.release()
	}
	r.lists = nil
}

// byPaper turns votes by ID into votes by number.
func (p *part) byPaper(votes map[paper.ID]int) map[uint32]uint32 {
	m := make(map[uint32]uint32)
	for id, n := range votes {
		if doc, ok := p.lookup(id); ok && n > 0 {
			m[doc] = uint32(n)
		}
	}
	return m
}

// votes is what a paper has at its source and from the team.
func (r *run) votes(part int, doc uint32) uint32 {
	n := r.parts[part].votes(doc)
	if r.team != nil {
		n += r.team[part][doc]
	}
	return n
}

// weigh finds out how rare each leaf is, and how much there is to read.
func (r *run) weigh(root *node) {
	r.postings = 0
	root.leaves(func(n *node) {
		if n.scored() {
			r.weight[n] = r.rarity(n) * one
		}
		for _, a := range n.alts {
			if a.prefix {
				r.postings += r.frequent(a.terms[0])
				continue
			}
			for _, t := range a.terms {
				r.postings += r.df(t)
			}
		}
	})
}

// rarity of a leaf is that of its most frequent word; of a phrase alone, that of
// its words together. So it is known before the papers are.
func (r *run) rarity(n *node) float32 {
	count, single := 0, false
	for _, a := range n.alts {
		switch {
		case a.prefix:
			count, single = max(count, r.frequent(a.terms[0])), true
		case len(a.terms) == 1:
			count, single = max(count, r.df(a.terms[0])), true
		}
	}
	if single {
		return rarity(count, r.live)
	}
	sum := float32(0)
	for _, t := range n.alts[0].terms {
		sum += rarity(r.df(t), r.live)
	}
	return sum
}

// frequent is dfOfPrefix, which is asked for more than once and reads many terms.
func (r *run) frequent(begin string) int {
	n, ok := r.begun[begin]
	if !ok {
		n = r.dfOfPrefix(begin)
		r.begun[begin] = n
	}
	return n
}

// df is in how many papers a term is.
func (s *snapshot) df(term string) (n int) {
	for i := range s.parts {
		p := &s.parts[i]
		n += p.df(p.find(term))
	}
	return n
}

// dfOfPrefix is in how many papers the most frequent term is that begins with
// prefix; for two letters, in how many there is any.
func (s *snapshot) dfOfPrefix(begin string) (most int) {
	if t, ok := wholePrefix(begin); ok {
		return s.df(t)
	}
	counts := make(map[string]int)
	for i := range s.parts {
		p := &s.parts[i]
		for term, e := range p.starting(begin) {
			counts[string(term)] += p.df(e)
		}
	}
	for _, n := range counts {
		most = max(most, n)
	}
	return most
}

// wholePrefix is the term of all words that begin with prefix, if there is one.
func wholePrefix(begin string) (term string, ok bool) {
	return prefixTerm + begin, len(begin) == 2 && isWord[begin[0]] && isWord[begin[1]]
}

// stream makes a stream of the papers of a part that satisfy n.
func (r *run) stream(part int, n *node) stream {
	p := &r.parts[part]
	switch n.kind {
	case allOf:
		return r.strictly(part, n)
	case anyOf:
		return oneOf(r.streams(part, n.kids), false)
	case not:
		return &without{span{to: uint32(p.size())}, r.stream(part, n.kids[0])}
	case since:
		return &span{to: p.since(minute(n.n))}
	case before:
		return &span{at: p.since(minute(n.n)), to: p.since(undated + 1)}
	case votes:
		return &span{to: uint32(p.size()), ok: func(doc uint32) bool { return int64(r.votes(part, doc)) >= n.n }}
	}
	return r.leaf(part, n)
}

func (r *run) streams(part int, nodes []*node) []stream {
	list := make([]stream, len(nodes))
	for i, n := range nodes {
		list[i] = r.stream(part, n)
	}
	return list
}

// strictly is the papers with all that n asks for.
func (r *run) strictly(part int, n *node) stream {
	c := sorted(n)
	list := slices.Concat(r.streams(part, c.musts), r.streams(part, c.words))
	for _, k := range c.nots {
		list = append(list, r.stream(part, k))
	}
	if len(list) == 1 {
		return list[0]
	}
	return newBoth(list)
}

// conditions are the kids of a node, all of which are asked for. Words may be
// left out where few papers have all; stop words count if there is nothing else.
type conditions struct {
	musts, words, nots []*node
	need               int // of words
}

func sorted(n *node) (c conditions) {
	telling := slices.ContainsFunc(n.kids, func(k *node) bool { return k.kind < since && k.kind != not && !k.stop })
	for _, k := range n.kids {
		switch {
		case k.kind == not:
			c.nots = append(c.nots, k)
		case k.stop && telling:
		case k.kind == word:
			c.words = append(c.words, k)
		default:
			c.musts = append(c.musts, k)
		}
	}
	return c
}

// leaf is the papers with any alternative of a leaf, scored by the best.
func (r *run) leaf(part int, n *node) stream {
	var kids []stream
	for _, a := range n.alts {
		if s := r.alternative(part, n.kind, a, r.weight[n]*a.weight); s != nil {
			kids = append(kids, s)
		}
	}
	s := oneOf(kids, true)
	if !n.scored() {
		return scoreless{s}
	}
	return s
}

func oneOf(kids []stream, best bool) stream {
	switch len(kids) {
	case 0:
		return nothing{}
	case 1:
		return kids[0]
	}
	return newEither(kids, best)
}

// alternative is the papers with one alternative, nil if there are none.
func (r *run) alternative(part int, k kind, a alternative, weight float32) stream {
	p := &r.parts[part]
	if a.prefix {
		return r.beginning(part, a.terms[0], weight)
	}
	lists := make([]*list, len(a.terms))
	for i, t := range a.terms {
		e := p.find(t)
		if e.count == 0 {
			return nil
		}
		l, ok := r.list(p, e, weight)
		if !ok {
			return nil
		}
		lists[i] = l
	}
	switch {
	case k == title:
		return p.inTitles(lists, weight)
	case k == author:
		return p.inNames(lists, weight)
	case len(lists) == 1:
		return lists[0]
	}
	all := newRow(lists, weight)
	all.weigh = func(doc uint32, places []uint32) uint8 { return p.doc(doc).freq(places) }
	return all
}

// inTitles is the papers with terms one after another in the title.
func (p *part) inTitles(lists []*list, weight float32) stream {
	weigh := func(doc uint32, places []uint32) uint8 {
		n, _ := slices.BinarySearch(places, uint32(p.doc(doc).title))
		return uint8(min(inTitle*n, maxFreq))
	}
	if len(lists) == 1 {
		z := newZoned(lists[0], titleZone)
		z.weigh = weigh
		return z
	}
	all := newRow(lists, weight, titleZone)
	all.weigh = weigh
	all.keep = func(doc uint32, places []uint32) []uint32 {
		n, _ := slices.BinarySearch(places, uint32(p.doc(doc).title))
		return places[:n]
	}
	return all
}

// inNames is the papers with terms in order in one author's name.
func (p *part) inNames(lists []*list, weight float32) stream {
	if len(lists) == 1 {
		return newZoned(lists[0], nameZone)
	}
	all := newRow(lists, weight, nameZone)
	all.loose = true
	all.weigh = func(uint32, []uint32) uint8 { return 1 }
	all.keep = func(doc uint32, places []uint32) []uint32 {
		n, _ := slices.BinarySearch(places, uint32(p.doc(doc).body))
		return places[n:]
	}
	all.from = func(doc uint32) uint32 { return uint32(p.doc(doc).body) }
	return all
}

// fewTerms is how many terms with the same beginning are read side by side.
const fewTerms = 8

// pair is two words that stand side by side in the query, or with words between
// them that are too common to count.
type pair struct {
	terms  []string
	behind []uint32 // see row
	weight float32
	words  uint32 // their bits, see bitOf
}

// bitOf is the bit of the i-th word of a query in a set of them: of the first 32.
func bitOf(i int) uint32 { return 1 << i }

// neighbours are the pairs among the words of n.
func (r *run) neighbours(n *node, c conditions) (list []pair) {
	if r.order != byRelevance {
		return nil
	}
	last, gap := -1, uint32(1) // of c.words
	for _, k := range n.kids {
		i := slices.Index(c.words, k)
		switch {
		case k.kind != word:
			last = -1
		case i < 0:
			gap++
		default:
			if last >= 0 {
				p := r.newPair(c.words[last], k, gap, pairShare(len(c.words)))
				p.words = bitOf(last) | bitOf(i)
				list = append(list, p)
			}
			last, gap = i, 1
		}
	}
	return list
}

func (r *run) newPair(a, b *node, gap uint32, share float32) pair {
	p := pair{weight: share * min(r.weight[a], r.weight[b])}
	at := uint32(0)
	for _, t := range a.alts[0].terms {
		p.terms, p.behind = append(p.terms, t), append(p.behind, at)
		at++
	}
	at += gap - 1
	for _, t := range b.alts[0].terms {
		p.terms, p.behind = append(p.terms, t), append(p.behind, at)
		at++
	}
	return p
}

// pair is the papers of a part that have one; ok is false if there are none. All
// pairs share the lists of their terms.
func (r *run) pair(part int, p pair, known map[string]*list) (s led, ok bool) {
	of := &r.parts[part]
	lists := make([]*list, len(p.terms))
	for i, t := range p.terms {
		if known[t] == nil {
			e := of.find(t)
			if e.count == 0 {
				return led{}, false
			}
			l, ok := r.list(of, e, p.weight)
			if !ok {
				return led{}, false
			}
			known[t] = l
		}
		lists[i] = known[t]
	}
	s = newLed(lists, p.weight)
	s.words, s.behind = p.words, p.behind
	s.weigh = func(doc uint32, places []uint32) uint8 { return of.doc(doc).freq(places) }
	return s, true
}

// beginning is the papers with words that begin so.
func (r *run) beginning(part int, begin string, weight float32) stream {
	p := &r.parts[part]
	if t, ok := wholePrefix(begin); ok {
		e := p.find(t)
		if e.count == 0 {
			return nil
		}
		l, ok := r.list(p, e, weight)
		if !ok {
			return nil
		}
		return l
	}
	var entries []entry
	for _, e := range p.starting(begin) {
		entries = append(entries, e)
	}
	switch {
	case len(entries) == 0:
		return nil
	case len(entries) <= fewTerms:
		var kids []stream
		for _, e := range entries {
			if l, ok := r.list(p, e, weight); ok {
				kids = append(kids, l)
			}
		}
		return oneOf(kids, true)
	}
	t := r.spread[part][begin]
	if t == nil {
		t = r.read(p, entries)
		if r.spread[part] == nil {
			r.spread[part] = make(map[string]*table)
		}
		r.spread[part][begin] = t
	}
	return &tableStream{table: t, weight: weight}
}

// cmpHits orders hits: by key, newer first, and by ID.
func (r *run) cmpHits(a, b hit) int {
	if c := cmp.Compare(b.key, a.key); c != 0 {
		return c
	}
	if a.part == b.part {
		return cmp.Compare(a.doc, b.doc)
	}
	p, q := &r.parts[a.part], &r.parts[b.part]
	if c := cmp.Compare(q.when(b.doc), p.when(a.doc)); c != 0 {
		return c
	}
	return cmp.Compare(p.id(a.doc), q.id(b.doc))
}

func (r *run) newTop(limit int) *top {
	return &top{
		limit: limit, tally: &tally{enough: r.count + 1}, // one more tells that there are others
		better: func(a, b hit) bool { return r.cmpHits(a, b) < 0 },
	}
}

// key is what a paper with a score is ordered by.
func (h *hunt) key(doc, score uint32) uint32 {
	switch {
	case h.order == byDate:
		return 0
	case h.order == byVotes:
		return h.votes(h.part, doc)
	case h.prior:
		return score + priorScore(h.of.priors[doc])
	}
	return score
}

// keyBound is the most that anything but words adds to the key of a paper from
// doc to last.
func (h *hunt) keyBound(doc uint32) (most, last uint32) {
	last = doc/strideSize*strideSize + strideSize - 1
	switch {
	case h.order == byDate:
		return 0, end
	case h.order == byVotes:
		return h.of.topVotes(doc) + h.loved, last
	case h.prior:
		return priorScore(h.of.topPrior(doc)), last
	}
	return 0, end
}

// table is the papers with any of many words, and how much they count.
type table struct {
	docs []uint32
	sats []float32
	most float32
}

// read reads all lists of entries into a table.
func (r *run) read(p *part, entries []entry) *table {
	best := make([]uint8, p.size())
	var docs []uint32
	for _, e := range entries {
		l, ok := r.list(p, e, 0)
		if !ok {
			continue
		}
		for l.i < l.n {
			l.read()
			for i, doc := range l.docs[:l.n] {
				best[doc] = max(best[doc], l.freqs[i])
			}
			if l.i = l.n; l.block+1 < l.blocks() {
				l.open(l.block + 1)
			}
		}
	}
	t := &table{docs: docs}
	for doc, f := range best {
		if f > 0 {
			w := saturated(f, p.lengths[doc])
			t.docs, t.sats, t.most = append(t.docs, uint32(doc)), append(t.sats, w), max(t.most, w)
		}
	}
	return t
}

// tableStream goes through a table.
type tableStream struct {
	*table
	weight float32
	i      int
}

func (s *tableStream) doc() uint32 {
	if s.i == len(s.docs) {
		return end
	}
	return s.docs[s.i]
}

func (s *tableStream) seek(doc uint32) uint32 {
	if s.i < len(s.docs) && s.docs[s.i] < doc {
		step := 1
		for s.i+step < len(s.docs) && s.docs[s.i+step] < doc {
			s.i, step = s.i+step, 2*step
		}
		k, _ := slices.BinarySearch(s.docs[s.i:min(s.i+step+1, len(s.docs))], doc)
		s.i += k
	}
	return s.doc()
}

func (s *tableStream) score(i int) uint32            { return uint32(s.weight * s.sats[i]) }
func (s *tableStream) ceiling() uint32               { return s.score(s.i) }
func (s *tableStream) settle() (uint32, bool)        { return s.ceiling(), true }
func (s *tableStream) bound(uint32) (uint32, uint32) { return uint32(s.weight * s.most), end }
func (s *tableStream) cost() int                     { return len(s.docs) }
