package search

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// occurrence is one place of a term: the paper, and the place in it.
type occurrence struct{ doc, at uint32 }

// A list of postings says in which papers a term occurs and where: the number
// of papers, then of each paper the distance from the one before, the number of
// places, and the distances between them. All but the first are Rice codes, for
// which the usual sizes of these numbers are known beforehand: a posting takes
// 17 bits on average.

// appendPostings writes the postings of a term in a segment of size papers;
// there is one list for one term, ordered, and repeats in it count once.
func appendPostings(b []byte, list []occurrence, size int) []byte {
	papers := 1
	for i := range list[1:] {
		if list[i+1].doc != list[i].doc {
			papers++
		}
	}
	w := bitWriter{buf: binary.AppendUvarint(b, uint64(papers))}
	step := stepBits(size, papers)
	last := uint32(0)
	for len(list) > 0 {
		doc := list[0].doc
		n, places := 0, 0 // of this paper: entries of the list, places
		for n < len(list) && list[n].doc == doc {
			if n == 0 || list[n] != list[n-1] {
				places++
			}
			n++
		}
		w.put(doc-last, step)
		w.put(uint32(places-1), 0)
		gap, at := placeBits(places), uint32(0)
		for i, o := range list[:n] {
			if i == 0 || o != list[i-1] {
				w.put(o.at-at, gap)
				at = o.at
			}
		}
		last, list = doc, list[n:]
	}
	return w.end()
}

// stepBits is the parameter for distances between papers of which a segment has
// size, and the term count.
func stepBits(size, count int) uint { return log2(size * 11 / 16 / count) } // 11/16 is about ln 2

// placeBits is the parameter for distances between n places in a paper of about
// two hundred words.
func placeBits(n int) uint { return log2(130 / (n + 1)) }

func log2(n int) uint { return uint(max(bits.Len(uint(n)), 1) - 1) }

// cursor walks a list of postings.
type cursor struct {
	bits   bitReader
	left   int // papers still to come
	count  int // papers in all, replaced ones among them
	step   uint
	doc    uint32   // the current paper
	places []uint32 // where it has the term; valid until next
}

// cursor reads the i-th term's postings.
func (g *segment) postings(i int) cursor {
	list := stretch(g.posts, g.postEnd, i)
	count, n := binary.Uvarint(list)
	start := int(u32(g.postEnd, i)) - len(list) + n
	return cursor{
		bits: bitReader{data: g.posts, at: uint(start) * 8},
		left: int(count), count: int(count), step: stepBits(g.size(), int(count)),
	}
}

// next goes to the next paper.
func (c *cursor) next() bool {
	if c.left == 0 {
		return false
	}
	c.left--
	c.doc += c.bits.get(c.step)
	n := int(c.bits.get(0)) + 1
	gap, at := placeBits(n), uint32(0)
	c.places = c.places[:0]
	for range n {
		at += c.bits.get(gap)
		c.places = append(c.places, at)
	}
	return true
}

// reach goes on to the first paper that is not before doc, and reports whether
// it is that one.
func (c *cursor) reach(doc uint32) bool {
	for len(c.places) == 0 || c.doc < doc {
		if !c.next() {
			return false
		}
	}
	return c.doc == doc
}

// Rice codes (https://en.wikipedia.org/wiki/Golomb_coding): a number with
// parameter k is its k low bits after the rest in unary. A rest of maxUnary or
// more is written as so many ones and the number itself.
const maxUnary = 12

// bitWriter appends Rice codes to bytes.
type bitWriter struct {
	buf []byte
	acc uint64 // bits not yet in buf, the first lowest
	n   uint   // how many
}

func (w *bitWriter) put(v uint32, k uint) {
	if q := uint(v >> k); q < maxUnary {
		w.bits(1<<q-1|uint64(v)&(1<<k-1)<<(q+1), q+1+k)
		return
	}
	w.bits(1<<maxUnary-1, maxUnary)
	w.bits(uint64(v&math.MaxUint16), 16)
	w.bits(uint64(v>>16), 16)
}

// bits appends n bits of v, at most 32.
func (w *bitWriter) bits(v uint64, n uint) {
	w.acc |= v << w.n
	if w.n += n; w.n >= 32 {
		w.buf = binary.LittleEndian.AppendUint32(w.buf, uint32(w.acc))
		w.acc >>= 32
		w.n -= 32
	}
}

// end is the bytes, the last one filled up.
func (w *bitWriter) end() []byte {
	for ; w.n > 0; w.n -= min(w.n, 8) {
		w.buf = append(w.buf, byte(w.acc))
		w.acc >>= 8
	}
	return w.buf
}

// bitReader reads what bitWriter wrote. Data must go on for padding bytes.
type bitReader struct {
	data []byte
	at   uint // in bits
}

const padding = 8

func (r *bitReader) get(k uint) uint32 {
	window := binary.LittleEndian.Uint64(r.data[r.at/8:]) >> (r.at % 8)
	q := uint(bits.TrailingZeros64(^window))
	if q >= maxUnary {
		r.at += maxUnary + 32
		return uint32(window >> maxUnary)
	}
	r.at += q + 1 + k
	return uint32(q<<k) | uint32(window>>(q+1))&(1<<k-1)
}
