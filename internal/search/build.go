package search

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"paperboy/internal/paper"
)

// Bounds on what is indexed of one paper; what lies beyond is not found.
const (
	lastPlace  = math.MaxUint16 - 1 // of a word before the authors
	authorStep = 8                  // places between two authors: so many words of a name count
)

// build makes a segment of papers, the last of each ID.
func build(papers []paper.Paper) *segment {
	b := newBuilder(len(papers))
	for _, p := range newestFirst(papers) {
		b.add(p)
	}
	return b.done()
}

// newestFirst is the last of papers of each ID, in the order of a segment.
func newestFirst(papers []paper.Paper) []*paper.Paper {
	last := make(map[paper.ID]int, len(papers))
	for i := range papers {
		last[papers[i].ID] = i
	}
	type dated struct {
		*paper.Paper
		when uint32
	}
	list := make([]dated, 0, len(last))
	for i := range papers {
		if p := &papers[i]; last[p.ID] == i {
			list = append(list, dated{p, moment(p)})
		}
	}
	slices.SortFunc(list, func(a, b dated) int {
		return cmp.Or(cmp.Compare(b.when, a.when), cmp.Compare(a.ID, b.ID))
	})
	sorted := make([]*paper.Paper, len(list))
	for i, p := range list {
		sorted[i] = p.Paper
	}
	return sorted
}

// moment is the minute when p was published, or else first listed.
func moment(p *paper.Paper) uint32 {
	switch {
	case !p.Published.IsZero():
		return minute(p.Published.Unix())
	case !p.Day().IsZero():
		return minute(p.Day().Start(time.UTC).Unix())
	}
	return undated
}

// occurrence is one place of a term: the paper, and the place in it.
type occurrence struct{ doc, at uint32 }

// builder makes a segment of papers. It first notes the words as they come and
// sorts them by term at the end.
type builder struct {
	numbers map[string]uint32 // of terms
	names   []string          // terms by number
	counts  []uint32          // occurrences of them

	words []uint32     // the terms of all papers, as they come
	where []occurrence // and the place of each

	scan  scanner
	paper uint32 // the number of the current paper
	asIs  bool   // index words as written, not in the singular
	stop  int    // the first place that is too far

	writer
}

// newBuilder makes room for so many papers of usual length.
func newBuilder(papers int) *builder {
	const words = 280
	b := &builder{
		numbers: make(map[string]uint32, 8*papers),
		words:   make([]uint32, 0, words*papers),
		where:   make([]occurrence, 0, words*papers),
	}
	b.scan.emit = b.token
	return b
}

// add indexes p as the next paper.
func (b *builder) add(p *paper.Paper) {
	b.paper = uint32(b.size())
	d := doc{when: moment(p), votes: uint32(min(max(p.Votes(), 0), math.MaxInt32))}
	b.stop, b.asIs = lastPlace, false
	at := b.text(p.Title, 0)
	d.title = uint16(at)
	at = b.lines(p.Keywords, at)
	d.keys = uint16(at)
	at = b.lines(p.Categories, at)
	d.cats = uint16(at)
	at = b.text(p.Abstract, at)
	at = b.text(p.Summary, at)
	d.body = uint16(at)
	b.authors(p.Authors, at)
	b.marks(p)
	b.paperIs(d, p.ID)
}

// marks gives the paper its terms that are no words.
func (b *builder) marks(p *paper.Paper) {
	for _, c := range p.Categories[:min(len(p.Categories), paper.MaxWords)] {
		c = strings.ToLower(c)
		b.mark(catTerm, c)
		for i := range len(c) { // cs.LG is in cs, too
			if c[i] == '.' {
				b.mark(catTerm, c[:i])
			}
		}
	}
	for _, s := range p.Sightings {
		b.mark(sourceTerm, strings.ToLower(s.Source))
	}
	for mark := range marks(p) {
		b.mark("", mark)
	}
}

// text indexes a text from place at on and returns the place for the next one;
// a free place between them keeps phrases from running on.
func (b *builder) text(text string, at int) int {
	if text == "" {
		return at
	}
	return min(b.scan.scan(bounded(text), at)+1, b.stop)
}

// bounded is as much of text as is looked at.
func bounded(text string) string { return text[:min(len(text), paper.MaxAbstract)] }

func (b *builder) lines(lines []string, at int) int {
	for _, line := range lines[:min(len(lines), paper.MaxWords)] {
		at = b.text(line, at)
	}
	return at
}

// authors indexes names as written, each from a multiple of authorStep on.
func (b *builder) authors(names []string, at int) {
	b.asIs = true
	for _, name := range names[:min(len(names), paper.MaxAuthors)] {
		b.stop = at + authorStep
		b.scan.scan(bounded(name), at)
		at += authorStep
	}
}

func (b *builder) token(t token) {
	switch {
	case t.pos >= b.stop:
	case b.asIs:
		b.occurs(t.raw, uint32(t.pos))
	default:
		b.occurs(t.term, uint32(t.pos))
	}
}

// mark gives the paper a term that is no word.
func (b *builder) mark(kind, name string) {
	if len(name) <= paper.MaxName {
		b.occurs([]byte(kind+name), 0)
	}
}

func (b *builder) occurs(term []byte, at uint32) {
	n, ok := b.numbers[string(term)]
	if !ok {
		n = uint32(len(b.names))
		name := string(term)
		b.numbers[name] = n
		b.names = append(b.names, name)
		b.counts = append(b.counts, 0)
	}
	b.counts[n]++
	b.words = append(b.words, n)
	b.where = append(b.where, occurrence{b.paper, at})
}

// done is the segment of all papers added.
func (b *builder) done() *segment {
	inOrder := make([]uint32, len(b.names))
	for i := range inOrder {
		inOrder[i] = uint32(i)
	}
	slices.SortFunc(inOrder, func(i, j uint32) int { return cmp.Compare(b.names[i], b.names[j]) })
	lists, ends := b.sorted(inOrder)
	var list lister
	begin := beginnings{has: bitset(nil).clone(b.size())}
	b.posts = make([]byte, 0, 3*len(lists)) // each takes about two bytes
	for _, n := range inOrder {
		term := []byte(b.names[n])
		list.take(&b.segment, lists[ends[n]-b.counts[n]:ends[n]], hasPlaces(term))
		b.addTerm(term, list.postings)
		begin.add(term, list.postings)
	}
	begin.write(&b.writer)
	return b.finish()
}

// sorted is the occurrences of all terms in the order given, and where those of
// each term end.
func (b *builder) sorted(inOrder []uint32) (lists []occurrence, ends []uint32) {
	ends = make([]uint32, len(b.names))
	total := uint32(0)
	for _, n := range inOrder {
		ends[n] = total
		total += b.counts[n]
	}
	lists = make([]occurrence, total)
	for i, n := range b.words {
		lists[ends[n]] = b.where[i]
		ends[n]++
	}
	return lists, ends
}

// lister makes postings of occurrences and keeps its room.
type lister struct {
	postings []posting
	places   []uint32
}

// take turns occurrences, in order and some perhaps double, into postings.
func (l *lister) take(g *segment, all []occurrence, places bool) {
	l.postings = l.postings[:0]
	l.places = slices.Grow(l.places[:0], len(all))
	for len(all) > 0 {
		doc, from := all[0].doc, len(l.places)
		for len(all) > 0 && all[0].doc == doc {
			if n := len(l.places); n == from || l.places[n-1] != all[0].at {
				l.places = append(l.places, all[0].at)
			}
			all = all[1:]
		}
		p := posting{doc: doc, freq: 1}
		if places {
			p.at = l.places[from:]
			d := g.doc(doc)
			p.freq, p.zones = d.freq(p.at), d.zones(p.at)
		}
		l.postings = append(l.postings, p)
	}
}

// beginnings collects the papers by the first two letters of their words. How
// often these occur does not matter.
type beginnings struct {
	has    bitset // the papers of the prefix at hand
	prefix string
	seen   []uint32
	lists  []beginning
}

type beginning struct {
	prefix string
	docs   []uint32
}

// add takes the postings of the next term in order.
func (b *beginnings) add(term []byte, list []posting) {
	if len(term) < 2 || !isWord[term[0]] || !isWord[term[1]] {
		return
	}
	if prefix := string(term[:2]); prefix != b.prefix {
		b.flush()
		b.prefix = prefix
	}
	for _, p := range list {
		if !b.has.has(p.doc) {
			b.has.set(p.doc)
			b.seen = append(b.seen, p.doc)
		}
	}
}

func (b *beginnings) flush() {
	if len(b.seen) == 0 {
		return
	}
	slices.Sort(b.seen)
	b.lists = append(b.lists, beginning{b.prefix, slices.Clone(b.seen)})
	b.seen = b.seen[:0]
	clear(b.has)
}

// write gives w the lists of all prefixes.
func (b *beginnings) write(w *writer) {
	b.flush()
	var list []posting
	for _, p := range b.lists {
		list = list[:0]
		for _, doc := range p.docs {
			list = append(list, posting{doc: doc, freq: 1})
		}
		w.addTerm([]byte(prefixTerm+p.prefix), list)
	}
}

// writer completes a segment: first all papers, then term by term in order.
type writer struct {
	segment
	dict dictWriter
	// write takes the postings, if set; they are kept in the segment otherwise.
	write func([]byte) error
	list  []byte
	err   error
}

func (w *writer) paperIs(d doc, id paper.ID) {
	w.docs = d.append(w.docs)
	w.lengths = append(w.lengths, lengthByte(int(d.body)))
	w.priors = append(w.priors, priorByte(d.when, d.votes))
	w.ids = append(w.ids, id...)
	w.idEnd = binary.LittleEndian.AppendUint32(w.idEnd, uint32(len(w.ids)))
}

// addTerm writes a term.
func (w *writer) addTerm(term []byte, postings []posting) {
	w.list = appendPostings(w.list[:0], postings, w.lengths)
	w.dict.add(term, len(postings), w.list)
	w.put(w.list)
}

func (w *writer) put(data []byte) {
	switch {
	case w.write == nil:
		w.posts = append(w.posts, data...)
	case w.err == nil:
		w.err = w.write(data)
	}
}

// finish completes what depends on all papers and terms, and gives back the room
// that growing left over.
func (w *writer) finish() *segment {
	after := make([]byte, padding)
	w.put(after)
	w.dict.sum = crc32.Update(w.dict.sum, castagnoli, after)
	w.dict.endBlock()
	w.index, w.blocks = w.dict.index, w.dict.blocks
	w.rankTops()
	w.sortIDs()
	for _, data := range w.sections() {
		if spare := cap(*data) - len(*data); spare > len(*data)/16 {
			*data = bytes.Clone(*data)
		}
	}
	w.checked = make([]atomic.Uint32, w.dictionary.size()/32+1)
	return &w.segment
}

func (w *writer) rankTops() {
	for from := 0; from < w.size(); from += strideSize {
		votes, prior := uint32(0), byte(0)
		for i := from; i < min(from+strideSize, w.size()); i++ {
			votes, prior = max(votes, w.votes(uint32(i))), max(prior, w.priors[i])
		}
		w.tops = append(binary.LittleEndian.AppendUint32(w.tops, votes), prior)
	}
}

func (w *writer) sortIDs() {
	order := make([]uint32, w.size())
	for i := range order {
		order[i] = uint32(i)
	}
	id := func(n uint32) []byte {
		start := uint32(0)
		if n > 0 {
			start = u32(w.idEnd, int(n-1))
		}
		return w.ids[start:u32(w.idEnd, int(n))]
	}
	slices.SortFunc(order, func(i, j uint32) int { return bytes.Compare(id(i), id(j)) })
	for _, n := range order {
		w.byID = binary.LittleEndian.AppendUint32(w.byID, n)
	}
}
