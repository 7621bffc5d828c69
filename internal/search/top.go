package search

import (
	"math/bits"
	"slices"
	"sync"
)

// hit is a paper found: its key is what hits are ordered by.
type hit struct {
	key  uint32
	part int
	doc  uint32
}

// top collects the best hits and counts all.
type top struct {
	limit   int   // hits wanted
	hits    []hit // a heap with the worst first, once there are limit of them
	better  func(a, b hit) bool
	counted int // hits so far
	enough  int // hits that are counted; then papers that can't get in are skipped
}

// floor is a key below which no paper gets in or needs counting.
func (t *top) floor() uint32 {
	if t.counted < t.enough {
		return 0
	}
	return t.bar()
}

// bar is a key below which a paper counts, but does not get in.
func (t *top) bar() uint32 {
	if len(t.hits) < t.limit {
		return 0
	}
	if t.limit == 0 {
		return end
	}
	return t.hits[0].key
}

// full reports whether all that matters is whether papers get in.
func (t *top) full() bool { return t.counted >= t.enough && len(t.hits) >= t.limit }

// closed reports whether h, and so all that is not better, stays outside.
func (t *top) closed(h hit) bool {
	return t.full() && (t.limit == 0 || !t.better(h, t.hits[0]))
}

func (t *top) offer(h hit) {
	t.counted++
	switch {
	case len(t.hits) < t.limit:
		t.hits = append(t.hits, h)
		if len(t.hits) == t.limit {
			for i := t.limit/2 - 1; i >= 0; i-- {
				t.sink(i)
			}
		}
	case t.limit > 0 && t.better(h, t.hits[0]):
		t.hits[0] = h
		t.sink(0)
	}
}

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
	return t.hits
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
	near  []stream // what adds to the score of a paper that has it
	found *top

	here     []stream // those of near that the paper at hand may have
	restMost uint32   // that musts and near score in the window at hand
}

// all collects the papers with all words: block-max conjunction (Ding and Suel,
// "Faster Top-k Document Retrieval Using Block-Max Indexes", SIGIR 2011).
func (h *hunt) all() {
	streams := slices.Concat(h.musts, h.words)
	if len(streams) == 0 {
		streams = []stream{&span{to: uint32(h.of.size())}}
	}
	both := newBoth(streams)
	upto, more := uint32(0), uint32(0) // up to which paper the bound is known; what near adds
	for doc := both.doc(); doc != end; {
		full := h.found.full()
		if full && doc >= upto {
			most, last := h.most(both, doc)
			more, last = sumBounds(h.near, doc, last)
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
				h.take(doc, score)
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

// sumBounds is the most that streams score together from doc to upto, which is
// not beyond last.
func sumBounds(streams []stream, doc, last uint32) (most, upto uint32) {
	for _, s := range streams {
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

// take collects a paper, unless it is excluded.
func (h *hunt) take(doc, score uint32) {
	if h.of.dead.has(doc) {
		return
	}
	for _, n := range h.nots {
		if has(n, doc) {
			return
		}
	}
	if more, ok := h.nearness(doc, score); ok {
		h.found.offer(hit{key: h.key(doc, score+more), part: h.part, doc: doc})
	} else {
		h.found.counted++
	}
}

// nearness is what near adds to the score of a paper; ok is false if the paper
// can't get in with it.
func (h *hunt) nearness(doc, score uint32) (more uint32, ok bool) {
	ceiling, here := uint32(0), h.here[:0]
	for _, s := range h.near {
		if s.seek(doc) == doc {
			ceiling += s.ceiling()
			here = append(here, s)
		}
	}
	h.here = here
	if h.order == byRelevance && h.key(doc, score+ceiling) < h.found.bar() {
		return 0, false
	}
	for _, s := range here {
		if one, ok := s.settle(); ok {
			more += one
		}
	}
	return more, true
}

// windowSize is how many papers are looked at together.
const windowSize = 4096

// window adds up what is found of the papers from lo on.
type window struct {
	lo    uint32
	score [windowSize]uint32
	words [windowSize]uint8
	used  [windowSize / 64]uint64
}

func (w *window) add(doc, score uint32) {
	i := doc - w.lo
	w.score[i] += score
	w.words[i]++
	w.used[i/64] |= 1 << (i % 64)
}

// clear forgets paper i of the window.
func (w *window) clear(i uint32) { w.score[i], w.words[i] = 0, 0 }

// fill adds the papers of s before to.
func (w *window) fill(s stream, to uint32) {
	if l, ok := s.(*list); ok {
		l.fill(w, to)
		return
	}
	for doc := s.doc(); doc < to; doc = s.seek(doc + 1) {
		if score, ok := s.settle(); ok {
			w.add(doc, score)
		}
	}
}

// wordIn is a word in a window.
type wordIn struct {
	stream
	most uint32 // that it adds to a score there
	rest uint32 // that it and those before it add
}

// some collects the papers with at least need of the words: MaxScore (Turtle and
// Flood, "Query Evaluation: Strategies and Optimizations", 1995), window by
// window. Words that alone can't lift a paper above the floor, or to need words,
// are looked up only for papers that have others. Where partly is set, papers
// with all words are left out.
func (h *hunt) some(need int, partly bool) {
	words := make([]wordIn, len(h.words))
	for i, s := range h.words {
		words[i].stream = s
	}
	if len(words) == 0 {
		return
	}
	w := windows.Get().(*window)
	defer windows.Put(w)
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
			w.fill(word.stream, hi)
		}
		h.candidates(w, words, few, need, partly)
		lo = h.next(hi, words)
	}
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
	sum := uint32(0)
	for i := range words {
		sum += words[i].most
		words[i].rest = sum
	}
	h.restMost = 0
	floor := h.found.floor()
	if h.order != byRelevance || !h.found.full() {
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
	sum := uint32(0)
	for i := range words {
		sum += words[i].most
		words[i].rest = sum
	}
	return need - 1
}

// othersMost is the most that anything but words adds to a key in a window.
func (h *hunt) othersMost(lo, hi uint32) (most uint32) {
	for doc := lo; doc < hi; {
		m, last := h.keyBound(doc)
		most = max(most, m)
		if last >= hi {
			break
		}
		doc = last + 1
	}
	h.restMost = 0
	for _, m := range slices.Concat(h.musts, h.near) {
		h.restMost += mostOf(m, lo, hi)
	}
	return most + h.restMost
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
	known := h.found.full() // then split has found out what else there is
	for k := range w.used {
		for set := w.used[k]; set != 0; set &= set - 1 {
			i := uint32(k*64 + bits.TrailingZeros64(set))
			score, n := w.score[i], int(w.words[i])
			w.clear(i)
			doc := w.lo + i
			for left := few; ; left-- {
				if n+left < need || known && h.hopeless(doc, score, words, left) {
					break
				}
				if left == 0 {
					h.closer(doc, score, partly && n == len(words))
					break
				}
				if word := words[left-1]; word.seek(doc) == doc {
					if more, ok := word.settle(); ok {
						score, n = score+more, n+1
					}
				}
			}
		}
		w.used[k] = 0
	}
}

// hopeless reports whether a paper with a score from some words can't reach the
// floor with the first left ones and all else.
func (h *hunt) hopeless(doc, score uint32, words []wordIn, left int) bool {
	if h.order != byRelevance {
		return false
	}
	if left > 0 {
		score += words[left-1].rest
	}
	return h.shut(doc, h.key(doc, score+h.restMost))
}

// closer takes a paper if it satisfies musts.
func (h *hunt) closer(doc, score uint32, skip bool) {
	for _, m := range h.musts {
		if m.seek(doc) != doc {
			return
		}
		more, ok := m.settle()
		if !ok {
			return
		}
		score += more
	}
	if !skip {
		h.take(doc, score)
	}
}

var windows = sync.Pool{New: func() any { return new(window) }}
