package search

import (
	"encoding/binary"
	"math"
	"slices"
	"sync"
)

// A list of postings says in which papers a term occurs, how often (weighted by
// field, see rank.go) and, for words, at which places. It is cut into blocks of
// blockSize papers:
//
//	skips   only if there are several blocks, of each: the last paper (4 bytes),
//	        where the block starts after the skips (4), the most it adds to a
//	        score (1, see most)
//	block   the bits of a distance (1 byte), the bits of a frequency and which
//	        zones come (1), the distances from paper to paper less one, the
//	        frequencies less one, for each zone that comes a bit for each paper, where
//	        the places of each run of placeRun papers but the first start (2, in
//	        bits), the places
//
// Distances and frequencies are packed. Places are Rice codes: how many less one,
// if the frequency does not tell, and the distances between them. Terms that are
// no words have none.
const (
	blockSize = 128
	skipSize  = 9
	placeRun  = 32
)

// end is the number of no paper; there are none after it.
const end = math.MaxUint32

// posting is a paper in the making of a list.
type posting struct {
	doc   uint32
	freq  uint8
	zones zones
	at    []uint32 // its places; none for terms that are no words
}

// zones are where of a paper a term stands. They are above the four bits of a
// width.
type zones uint8

const (
	inTitles zones = 1 << 4
	inNames  zones = 1 << 5
)

var allZones = [...]zones{titleZone: inTitles, nameZone: inNames}

// Indexes into allZones.
const (
	titleZone = iota
	nameZone
)

// appendPostings writes a list; lengths are of all papers.
func appendPostings(b []byte, list []posting, lengths []byte) []byte {
	blocks := (len(list) + blockSize - 1) / blockSize
	skips := len(b)
	if blocks > 1 {
		b = append(b, make([]byte, blocks*skipSize)...)
	}
	start, last := len(b), uint32(end) // end + 1 is 0
	for i := range blocks {
		block := list[i*blockSize : min((i+1)*blockSize, len(list))]
		at := len(b)
		var most byte
		b, most = appendBlock(b, block, last, lengths)
		last = block[len(block)-1].doc
		if blocks > 1 {
			skip := b[skips+i*skipSize:]
			binary.LittleEndian.PutUint32(skip, last)
			binary.LittleEndian.PutUint32(skip[4:], uint32(at-start))
			skip[8] = most
		}
	}
	return b
}

func appendBlock(b []byte, block []posting, last uint32, lengths []byte) (_ []byte, most byte) {
	var docs [blockSize]uint32
	var freqs [blockSize]uint8
	highest, all := float32(0), zones(0)
	for i, p := range block {
		docs[i], freqs[i] = p.doc-last-1, p.freq-1
		all |= p.zones
		last = p.doc
		highest = max(highest, saturated(p.freq, lengths[p.doc]))
	}
	docBits, freqBits := width(docs[:len(block)]), width(freqs[:len(block)])
	b = append(b, byte(docBits), byte(freqBits)|byte(all))
	b = pack(b, docs[:len(block)], docBits)
	b = pack(b, freqs[:len(block)], freqBits)
	for _, z := range allZones {
		if all&z != 0 {
			b = appendZone(b, block, z)
		}
	}
	return appendPlaces(b, block), mostByte(highest)
}

func appendZone(b []byte, block []posting, z zones) []byte {
	from := len(b)
	b = append(b, make([]byte, packed(len(block), 1))...)
	for i, p := range block {
		if p.zones&z != 0 {
			b[from+i/8] |= 1 << (i % 8)
		}
	}
	return b
}

func appendPlaces(b []byte, block []posting) []byte {
	if len(block[0].at) == 0 {
		return b
	}
	starts := len(b)
	b = append(b, make([]byte, placeStarts(len(block)))...)
	from := len(b)
	w := bitWriter{buf: b}
	for i, p := range block {
		if i > 0 && i%placeRun == 0 {
			at := 8*(len(w.buf)-from) + int(w.n)
			binary.LittleEndian.PutUint16(w.buf[starts+2*(i/placeRun-1):], uint16(min(at, farPlaces)))
		}
		if p.freq > 1 {
			w.rice(uint32(len(p.at)-1), 0)
		}
		gap, last := placeBits(len(p.at)), uint32(0)
		for _, at := range p.at {
			w.rice(at-last, gap)
			last = at
		}
	}
	return w.end()
}

// placeStarts is how many bytes tell where the places of runs start, for n papers.
func placeStarts(n int) int { return 2 * ((n - 1) / placeRun) }

// farPlaces stands for a start that is too far away to be told.
const farPlaces = math.MaxUint16

// placeBits is the parameter for distances between n places in a paper of about
// two hundred words.
func placeBits(n int) uint {
	if n < len(placeBitsOf) {
		return uint(placeBitsOf[n])
	}
	return 0
}

var placeBitsOf = func() (t [129]uint8) {
	for n := range t {
		t[n] = uint8(log2(130 / (n + 1)))
	}
	return t
}()

// mostByte is the least byte whose most is not below weight.
func mostByte(weight float32) byte {
	b := byte(math.Ceil(float64(weight) * 255))
	for most(b) < weight {
		b++
	}
	return b
}

// most is a weight that a block does not exceed.
func most(b byte) float32 { return float32(b) / 255 }

// list walks a list of postings. It is a stream.
type list struct {
	lengths []byte // of all papers
	skips   []byte
	data    []byte // the blocks, and what comes after
	count   int    // papers
	weight  float32

	block  int // the current one
	ahead  int // the one that bound looked at last
	n, i   int // papers in the block, the current one
	docs   [blockSize]uint32
	freqs  [blockSize]uint8 // less one
	known  bool             // whether freqs and those that follow are read
	zones  [len(allZones)][]byte
	after  []byte // where the places begin
	only   byte   // of a list of one block, see mostIn
	places placeReader
}

// newList starts at the first paper. w is the weight of the term in the query,
// times one. Whoever has many lists gives them back with release.
func newList(lengths, data []byte, count int, w float32) *list {
	l := lists.Get().(*list)
	l.lengths, l.skips, l.data, l.count, l.weight = lengths, nil, data, count, w
	l.ahead, l.only = 0, 0
	l.places.block = 0
	if count > blockSize {
		size := l.blocks() * skipSize
		l.skips, l.data = data[:size], data[size:]
	}
	l.open(0)
	return l
}

// lists are lists that nobody uses: they are large.
var lists = sync.Pool{New: func() any { return new(list) }}

// release gives l free for another list.
func (l *list) release() { lists.Put(l) }

func (l *list) blocks() int { return (l.count + blockSize - 1) / blockSize }

// last is the last paper of a block that is not the only one.
func (l *list) last(block int) uint32 {
	return binary.LittleEndian.Uint32(l.skips[block*skipSize:])
}

// start is where a block starts.
func (l *list) start(block int) int {
	if l.skips == nil {
		return 0
	}
	return int(binary.LittleEndian.Uint32(l.skips[block*skipSize+4:]))
}

// open reads the papers of a block and goes to its first.
func (l *list) open(block int) {
	l.block, l.i, l.known = block, 0, false
	l.n = l.decode(block, &l.docs)
}

// decode reads the papers of a block and returns how many there are.
func (l *list) decode(block int, docs *[blockSize]uint32) (n int) {
	n = min(l.count-block*blockSize, blockSize)
	before := uint32(end)
	if block > 0 {
		before = l.last(block - 1)
	}
	data := l.data[l.start(block):]
	unpackDocs(docs[:n], before, data[2:], uint(data[0]))
	return n
}

// read reads the rest of the block but for the places.
func (l *list) read() {
	if l.known {
		return
	}
	data := l.data[l.start(l.block):]
	freqBits, all := uint(data[1]&0xf), zones(data[1])
	data = data[2+packed(l.n, uint(data[0])):]
	unpack(l.freqs[:l.n], data, freqBits)
	data = data[packed(l.n, freqBits):]
	for k, z := range allZones {
		l.zones[k] = nil
		if all&z != 0 {
			size := packed(l.n, 1)
			l.zones[k], data = data[:size], data[size:]
		}
	}
	l.after, l.known = data, true
}

func (l *list) freq(i int) uint8 { return l.freqs[i] + 1 }

// in reports whether the i-th paper of the block has the term in the k-th zone.
func (l *list) in(k, i int) bool {
	return l.zones[k] != nil && l.zones[k][i/8]&(1<<(i%8)) != 0
}

// zonesOf is all zones in which the i-th paper has the term.
func (l *list) zonesOf(i int) (all zones) {
	for k, z := range allZones {
		if l.in(k, i) {
			all |= z
		}
	}
	return all
}

func (l *list) doc() uint32 {
	if l.i == l.n {
		return end
	}
	return l.docs[l.i]
}

func (l *list) cost() int { return l.count }

func (l *list) seek(doc uint32) uint32 {
	if l.i == l.n || l.docs[l.i] >= doc {
		return l.doc()
	}
	if l.docs[l.n-1] < doc {
		block := l.find(l.block+1, doc)
		if block == l.blocks() {
			l.i = l.n
			return end
		}
		l.open(block)
	}
	// The paper is often one of the next.
	for range 4 {
		if l.docs[l.i] >= doc {
			return l.docs[l.i]
		}
		l.i++
	}
	k, _ := slices.BinarySearch(l.docs[l.i:l.n], doc)
	l.i += k
	return l.docs[l.i]
}

// find is the first block from on whose last paper is not before doc.
func (l *list) find(from int, doc uint32) int {
	if l.skips == nil {
		return 1
	}
	n, step := l.blocks(), 1
	for from+step < n && l.last(from+step) < doc {
		from += step
		step *= 2
	}
	lo, hi := from, min(from+step, n)
	for lo < hi {
		if mid := (lo + hi) / 2; l.last(mid) < doc {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

func (l *list) score(i int) uint32 {
	return uint32(l.weight * saturated(l.freq(i), l.lengths[l.docs[i]]))
}

func (l *list) ceiling() uint32 {
	l.read()
	return l.score(l.i)
}

func (l *list) settle() (uint32, bool) { return l.ceiling(), true }

func (l *list) bound(doc uint32) (uint32, uint32) {
	w, last := l.mostFrom(doc)
	return l.atMost(w), last
}

// atMost is a score that a weight of at most w does not exceed.
func (l *list) atMost(w float32) uint32 {
	if w == 0 {
		return 0
	}
	return uint32(l.weight*w) + 1 // rounding can't lift a score above
}

// mostFrom is the most that the term weighs in a paper from doc to last. doc is not
// before the current paper.
func (l *list) mostFrom(doc uint32) (weight float32, last uint32) {
	if l.skips == nil {
		if l.docs[l.n-1] < doc {
			return 0, end
		}
		return l.mostIn(0), end
	}
	if l.ahead < l.block || l.ahead > l.block && l.last(l.ahead-1) >= doc {
		l.ahead = l.block
	}
	if l.last(l.ahead) < doc {
		l.ahead = l.find(l.ahead+1, doc)
		if l.ahead == l.blocks() {
			l.ahead--
			return 0, end
		}
	}
	return l.mostIn(l.ahead), l.last(l.ahead)
}

// mostIn is the most that the term weighs in a block.
func (l *list) mostIn(block int) float32 {
	if l.skips != nil {
		return most(l.skips[block*skipSize+8])
	}
	if l.only == 0 {
		l.read()
		highest := float32(0)
		for i := range l.n {
			highest = max(highest, saturated(l.freq(i), l.lengths[l.docs[i]]))
		}
		l.only = mostByte(highest)
	}
	return most(l.only)
}

// packedFreqs are the frequencies, less one, of the n papers of a block.
func (l *list) packedFreqs(block, n int) packedNumbers {
	data := l.data[l.start(block):]
	return packedNumbers{data[2+packed(n, uint(data[0])):], uint(data[1] & 0xf)}
}

// each goes through the papers before to.
func (l *list) each(to uint32, f func(doc, score uint32)) {
	for l.i < l.n {
		l.read()
		i, n := l.i, l.n
		if l.docs[n-1] >= to {
			k, _ := slices.BinarySearch(l.docs[i:n], to)
			n = i + k
		}
		for ; i < n; i++ {
			f(l.docs[i], l.score(i))
		}
		if l.i = i; i < l.n {
			return
		}
		if l.block+1 < l.blocks() {
			l.open(l.block + 1)
		}
	}
}

// at is the places of the current paper; valid until the next call.
func (l *list) at() []uint32 {
	l.read()
	p := &l.places
	if p.block != l.block+1 {
		*p = placeReader{block: l.block + 1, list: p.list, bits: bitReader{data: l.after[placeStarts(l.n):]}}
	}
	for run := l.i / placeRun; run > 0 && p.next < run*placeRun; run-- {
		if at := binary.LittleEndian.Uint16(l.after[2*(run-1):]); at != farPlaces {
			p.next, p.bits.at = run*placeRun, uint(at)
		}
	}
	for ; p.next < l.i; p.next++ {
		p.pass(l.freqs[p.next] > 0)
	}
	if p.next == l.i {
		p.read(l.freqs[p.next] > 0)
	}
	return p.list
}

// placeReader reads the places of a block, paper by paper.
type placeReader struct {
	block int // plus one
	next  int // the paper to be read next
	bits  bitReader
	list  []uint32 // of the paper before
}

// pass goes past the places of a paper.
func (p *placeReader) pass(several bool) {
	n := 1
	if several {
		n += int(p.bits.rice(0))
	}
	for gap := placeBits(n); n > 0; n-- {
		p.bits.rice(gap)
	}
}

// read reads the places of a paper.
func (p *placeReader) read(several bool) {
	n := 1
	if several {
		n += int(p.bits.rice(0))
	}
	gap, at := placeBits(n), uint32(0)
	p.list = p.list[:0]
	for range n {
		at += p.bits.rice(gap)
		p.list = append(p.list, at)
	}
	p.next++
}

// zoned is the papers of a list that have the term in one zone.
type zoned struct {
	*list
	zone int // of allZones
	// weigh is how much the places of the term in a paper count; nil if the zone
	// alone matters.
	weigh func(doc uint32, places []uint32) uint8
}

func newZoned(l *list, zone int) *zoned {
	z := &zoned{list: l, zone: zone}
	z.skip()
	return z
}

func (z *zoned) seek(doc uint32) uint32 {
	if now := z.doc(); now >= doc {
		return now
	}
	z.list.seek(doc)
	return z.skip()
}

// skip goes on to the next paper that has the term in the zone.
func (z *zoned) skip() uint32 {
	for doc := z.list.doc(); doc != end; doc = z.list.seek(doc + 1) {
		if z.read(); z.in(z.zone, z.i) {
			return doc
		}
	}
	return end
}

func (z *zoned) settle() (uint32, bool) {
	if z.weigh == nil {
		return 0, true
	}
	doc := z.doc()
	return uint32(z.weight * saturated(z.weigh(doc, z.at()), z.lengths[doc])), true
}
