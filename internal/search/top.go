package search

import (
	"math"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

// hit is a paper found: its key is what hits are ordered by.
type hit struct {
	key  uint32
	part int
	doc  uint32
}

// top collects the best hits of some parts and counts all.
type top struct {
	limit  int   // hits wanted
	hits   []hit // a heap with the worst first, once there are limit of them
	better func(a, b hit) bool
	*tally
}

// tally is what the tops of all parts know together.
type tally struct {
	enough  int // hits that are counted; then papers that can't get in are skipped
	counted atomic.Int64
	barred  atomic.Uint64 // one more than the highest key with which any full heap begins
}

// count counts a hit, as long as that matters.
func (t *tally) count() {
	if !t.counts() {
		t.counted.Add(1)
	}
}

// counts reports whether enough hits are counted.
func (t *tally) counts() bool { return int(t.counted.Load()) >= t.enough }

// raise tells the others that a heap begins with key.
func (t *tally) raise(key uint32) {
	for bar := t.barred.Load(); bar <= uint64(key); bar = t.barred.Load() {
		if t.barred.CompareAndSwap(bar, uint64(key)+1) {
			return
		}
	}
}

// floor is a key below which no paper gets in or needs counting.
func (t *top) floor() uint32 {
	if !t.counts() {
		return 0
	}
	return t.bar()
}

// bar is a key below which a paper counts, but does not get in.
func (t *top) bar() uint32 {
	if t.limit == 0 {
		return end
	}
	return uint32(max(t.barred.Load(), 1) - 1)
}

// full reports whether all that matters is whether papers get in.
func (t *top) full() bool { return t.counts() && (t.limit == 0 || t.barred.Load() > 0) }

// closed reports whether h, and so all that is not better, stays outside.
func (t *top) closed(h hit) bool {
	if !t.full() {
		return false
	}
	return t.limit == 0 || h.key < t.bar() || len(t.hits) == t.limit && !t.better(h, t.hits[0])
}

func (t *top) offer(h hit) {
	t.count()
	switch {
	case len(t.hits) < t.limit:
		if t.hits = append(t.hits, h); len(t.hits) < t.limit {
			return
		}
		for i := t.limit/2 - 1; i >= 0; i-- {
			t.sink(i)
		}
	case t.limit > 0 && t.better(h, t.hits[0]):
		t.hits[0] = h
		t.sink(0)
	default:
		return
	}
	t.raise(t.hits[0].key)
}

// apart is a top for some of the parts.
func (t *top) apart() *top { return &top{limit: t.limit, better: t.better, tally: t.tally} }

// join takes in what a top apart has found.
func (t *top) join(other *top) { t.hits = append(t.hits, other.hits...) }

// sink restores the heap below i.
func (t *top) sink(i int) {
	for {
		worst := 2*i + 1
		if worst >= len(t.hits) {
			return
		}
		if r := worst + 1; r < len(t.hits) && t.better(t.hits[worst], t.hits[r]) {
			worst = r
		}
		if !t.better(t.hits[i], t.hits[worst]) {
			return
		}
		t.hits[i], t.hits[worst] = t.hits[worst], t.hits[i]
		i = worst
	}
}

// sorted is the hits, the best first.
func (t *top) sorted() []hit {
	slices.SortFunc(t.hits, func(a, b hit) int {
		if t.better(a, b) {
			return -1
		}
		return 1
	})
	return t.hits[:min(len(t.hits), t.limit)]
}

// hunt looks for the best papers of one part. All papers found satisfy musts and
// none of nots.
type hunt struct {
	*run
	part  int
	of    *part
	musts []stream
	words []stream // of which papers have all, or some
	nots  []stream
	near  []led // what adds to the score of a paper that has it
	found *top

	here     []nearHere // those of near that the paper at hand may have
	known    bool       // whether the next two are, for the window at hand
	mustMost uint32     // that musts score in the window at hand
	nearMost uint32     // that near scores there
}

// nearHere is one of near at a paper.
type nearHere struct {
	led
	most uint32
}

// all collects the papers with all words: block-max conjunction (Ding and Suel,
// "Faster Top-k Document Retrieval Using Block-Max Indexes", SIGIR 2011).
func (h *hunt) all() {
	streams := slices.Concat(h.musts, h.words)
	if len(streams) == 0 {
		streams = []stream{&span{to: uint32(h.of.size())}}
	}
	slices.SortStableFunc(streams, func(a, b stream) int { return a.cost() - b.cost() })
	if s := newSweep(streams, h.of.size()); s != nil && s.pays() {
		h.meet(s, streams)
		return
	}
	both := newBoth(streams)
	upto, more := uint32(0), uint32(0) // up to which paper the bound is known; what near adds
	for doc := both.doc(); doc != end; {
		full := h.found.full()
		if full && doc >= upto {
			most, last := h.most(both, doc)
			more, last = h.nearBound(doc, last)
			if h.shut(doc, most+more) {
				if last == end {
					return
				}
				doc = both.seek(last + 1)
				continue
			}
			upto = min(last, end-1) + 1
		}
		shut := full && h.shut(doc, h.key(doc, both.ceiling()+more))
		if shut && h.order == byDate { // the others are older
			return
		}
		if !shut {
			if score, ok := both.settle(); ok {
				h.take(doc, score, allWords)
			}
		}
		doc = both.seek(doc + 1)
	}
}

// shut reports whether a paper with that key, and so any later one with none
// higher, neither gets in nor needs counting.
func (h *hunt) shut(doc, key uint32) bool {
	return h.found.closed(hit{key: key, part: h.part, doc: doc})
}

// nearBound is the most that near scores together from doc to upto, which is
// not beyond last.
func (h *hunt) nearBound(doc, last uint32) (most, upto uint32) {
	for _, s := range h.near {
		m, l := s.bound(doc)
		most, last = most+m, min(last, l)
	}
	return most, last
}

// most is a key that no paper of s from doc to last exceeds.
func (h *hunt) most(s stream, doc uint32) (most, last uint32) {
	most, last = h.keyBound(doc)
	if h.order == byRelevance {
		m, l := s.bound(doc)
		most, last = most+m, min(last, l)
	}
	return most, last
}

// allWords is a set with all words.
const allWords = math.MaxUint32

// take collects a paper that has some of the words, unless it is excluded.
func (h *hunt) take(doc, score, words uint32) {
	if h.of.dead.has(doc) {
		return
	}
	for _, n := range h.nots {
		if has(n, doc) {
			return
		}
	}
	if more, ok := h.nearness(doc, score, words); ok {
		h.found.offer(hit{key: h.key(doc, score+more), part: h.part, doc: doc})
	} else {
		h.found.count()
	}
}

// nearness is what near adds to the score of a paper; ok is false if the paper
// can't get in with it.
func (h *hunt) nearness(doc, score, words uint32) (more uint32, ok bool) {
	h.here = h.here[:0]
	ceiling := uint32(0)
	for _, s := range h.near {
		if s.words&^words == 0 && s.has(doc) {
			most := s.ceiling()
			ceiling += most
			h.here = append(h.here, nearHere{s, most})
		}
	}
	bar := uint32(0)
	if h.order == byRelevance {
		bar = h.found.bar()
	}
	for _, s := range h.here {
		if h.key(doc, score+more+ceiling) < bar {
			return 0, false
		}
		ceiling -= s.most
		if one, ok := s.settle(); ok {
			more += one
		}
	}
	return more, h.key(doc, score+more) >= bar
}

// window adds up what is found of the papers from lo on.
type window struct {
	lo    uint32
	found [windowSize]inWindow
	used  sieve
	best  [windowSize]uint32 // scores of the word at hand, if it has alternatives
	mine  sieve              // which of those are used
}

// inWindow is what is found of a paper.
type inWindow struct {
	score uint32
	words uint32 // which ones, see bitOf
	count int    // of them
}

func (w *window) add(i, score, bit uint32) {
	p := &w.found[i]
	p.score += score
	p.words |= bit
	p.count++
	w.used.set(i)
}

// better notes a score of paper i for the word at hand.
func (w *window) better(i, score uint32) {
	w.best[i] = max(w.best[i], score)
	w.mine.set(i)
}

// fill adds the papers of a word before to.
func (w *window) fill(word wordIn, to uint32) {
	switch s := word.stream.(type) {
	case *list:
		s.each(to, func(doc, score uint32) { w.add(doc-w.lo, score, word.bit) })
		return
	case *either:
		if s.best {
			w.fillBest(s, word.bit, to)
			return
		}
	}
	for doc := word.doc(); doc < to; doc = word.seek(doc + 1) {
		if score, ok := word.settle(); ok {
			w.add(doc-w.lo, score, word.bit)
		}
	}
}

// fillBest adds the papers of any kid of s before to, with the best score.
func (w *window) fillBest(s *either, bit, to uint32) {
	for _, k := range s.kids {
		if l, ok := k.(*list); ok {
			l.each(to, func(doc, score uint32) { w.better(doc-w.lo, score) })
			continue
		}
		for doc := k.doc(); doc < to; doc = k.seek(doc + 1) {
			if score, ok := k.settle(); ok {
				w.better(doc-w.lo, score)
			}
		}
	}
	s.look()
	for k := range w.mine {
		for set := w.mine[k]; set != 0; set &= set - 1 {
			i := uint32(k*64 + bits.TrailingZeros64(set))
			w.add(i, w.best[i], bit)
			w.best[i] = 0
		}
		w.mine[k] = 0
	}
}

// wordIn is a word in a window.
type wordIn struct {
	stream
	bit  uint32 // see bitOf
	open uint32 // the bits of it and those before it
	most uint32 // that it adds to a score there
	rest uint32 // that it and those before it add
}

// some collects the papers with at least need of the words: MaxScore (Turtle and
// Flood, "Query Evaluation: Strategies and Optimizations", 1995), window by
// window. Words that alone can't lift a paper above the floor, or to need words,
// are looked up only for papers that have others. Where partly is set, papers
// with all words are left out.
func (h *hunt) some(need int, partly bool) {
	if need > 1 && h.several(need, partly) {
		return
	}
	words := make([]wordIn, len(h.words))
	for i, s := range h.words {
		words[i].stream, words[i].bit = s, bitOf(i)
	}
	if len(words) == 0 {
		return
	}
	w := windows.Get().(*window)
	size := uint32(h.of.size())
	for lo := h.next(0, words); lo < size; {
		hi := min(lo+windowSize, size)
		few := h.split(words, lo, hi, need)
		first := uint32(end)
		for _, word := range words[few:] {
			first = min(first, word.seek(lo))
		}
		if first >= hi {
			lo = h.next(hi, words)
			continue
		}
		w.lo = lo
		for _, word := range words[few:] {
			w.fill(word, hi)
		}
		h.candidates(w, words, few, need, partly)
		lo = h.next(hi, words)
	}
	windows.Put(w) // a search that panics leaves it as it is
}

// next is the first paper from doc on that may be found.
func (h *hunt) next(doc uint32, words []wordIn) uint32 {
	first := uint32(end)
	for i := range words {
		first = min(first, words[i].seek(doc))
	}
	for _, m := range h.musts {
		if first != end {
			first = max(first, m.seek(first))
		}
	}
	return first
}

// split orders words so that those before few need not be looked at for papers
// from lo to hi unless others are there.
func (h *hunt) split(words []wordIn, lo, hi uint32, need int) (few int) {
	for i := range words {
		words[i].most = mostOf(words[i].stream, lo, hi)
	}
	slices.SortStableFunc(words, func(a, b wordIn) int { return int(int64(a.most) - int64(b.most)) })
	addUp(words)
	h.known = h.found.full()
	floor := h.found.floor()
	if h.order != byRelevance || !h.known {
		return h.splitByCount(words, need, 0)
	}
	other := h.othersMost(lo, hi)
	for few < len(words) && words[few].rest+other < floor {
		few++
	}
	return h.splitByCount(words, need, few)
}

// splitByCount puts the most frequent words first, one less than needed, unless
// that leaves more to look at than few does.
func (h *hunt) splitByCount(words []wordIn, need, few int) int {
	if need-1 <= few {
		return few
	}
	slices.SortStableFunc(words, func(a, b wordIn) int { return b.cost() - a.cost() })
	addUp(words)
	return need - 1
}

// addUp finds out what each word and those before it are together.
func addUp(words []wordIn) {
	sum, open := uint32(0), uint32(0)
	for i := range words {
		sum += words[i].most
		open |= words[i].bit
		words[i].rest, words[i].open = sum, open
	}
}

// othersMost is the most that anything but words adds to a key in a window.
func (h *hunt) othersMost(lo, hi uint32) (most uint32) {
	h.mustMost = 0
	for _, m := range h.musts {
		h.mustMost += mostOf(m, lo, hi)
	}
	h.nearMost = h.nearIn(lo, hi)
	return h.keyIn(lo, hi) + h.mustMost + h.nearMost
}

// keyIn is the most that anything but a score adds to a key in a window.
func (h *hunt) keyIn(lo, hi uint32) (most uint32) {
	for doc := lo; doc < hi; {
		m, last := h.keyBound(doc)
		most = max(most, m)
		if last >= hi {
			break
		}
		doc = last + 1
	}
	return most
}

// nearIn is the most that near scores in a window.
func (h *hunt) nearIn(lo, hi uint32) (most uint32) {
	for i := range h.near {
		s := &h.near[i]
		s.most = mostOf(s, lo, hi)
		most += s.most
	}
	return most
}

// mostOf is the most that s scores for a paper from lo to hi.
func mostOf(s stream, lo, hi uint32) (most uint32) {
	for doc := lo; doc < hi; {
		m, last := s.bound(doc)
		most = max(most, m)
		if last >= hi {
			break
		}
		doc = last + 1
	}
	return most
}

// candidates looks closer at the papers of a window, which it empties.
func (h *hunt) candidates(w *window, words []wordIn, few, need int, partly bool) {
	for k := range w.used {
		for set := w.used[k]; set != 0; set &= set - 1 {
			i := uint32(k*64 + bits.TrailingZeros64(set))
			p := w.found[i]
			w.found[i] = inWindow{}
			doc := w.lo + i
			for left := few; ; left-- {
				if p.count+left < need || h.known && h.hopeless(doc, p, words[:left]) {
					break
				}
				if left == 0 {
					h.closer(doc, p, partly && p.count == len(words))
					break
				}
				word := &words[left-1]
				if more, ok := scoreOf(word.stream, doc); ok {
					p.score, p.words, p.count = p.score+more, p.words|word.bit, p.count+1
				}
			}
		}
		w.used[k] = 0
	}
}

// hopeless reports whether a paper with what is found of it can't reach the floor
// with the words left and all else.
func (h *hunt) hopeless(doc uint32, p inWindow, left []wordIn) bool {
	if h.order != byRelevance {
		return false
	}
	most, maybe := p.score+h.mustMost, p.words
	if n := len(left); n > 0 {
		most += left[n-1].rest
		maybe |= left[n-1].open
	}
	if h.shut(doc, h.key(doc, most+h.nearMost)) {
		return true
	}
	for i := range h.near {
		if s := &h.near[i]; s.words&^maybe == 0 {
			most += s.most
		}
	}
	return h.shut(doc, h.key(doc, most))
}

// closer takes a paper if it satisfies musts.
func (h *hunt) closer(doc uint32, p inWindow, skip bool) {
	for _, m := range h.musts {
		more, ok := scoreOf(m, doc)
		if !ok {
			return
		}
		p.score += more
	}
	if !skip {
		h.take(doc, p.score, p.words)
	}
}

var windows = sync.Pool{New: func() any { return new(window) }}
