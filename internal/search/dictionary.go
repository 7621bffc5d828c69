package search

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"hash/maphash"
	"iter"
	"sort"
	"sync/atomic"
)

// A dictionary lists the terms of a segment in byte order and where their
// postings are. It is cut into blocks of dictBlock terms:
//
//	index   of each block: where it starts (4 bytes), where its postings start
//	        (4), the checksum of its postings (4), the first eight bytes of its
//	        first term (see keyOf)
//	block   of each term: the bytes that it shares with the one before, the
//	        number of its other bytes, those, the papers that have it, and the bytes
//	        of its postings; all numbers are varints
//
// The postings of a block are read through once before they are used for the
// first time, to see that they are whole.
type dictionary struct {
	index, blocks, posts []byte
	checked              []atomic.Uint32                      // a bit for each block
	damaged              func()                               // is called when postings are not whole
	known                [maxKnown]atomic.Pointer[foundEntry] // see find
}

const (
	dictBlock = 16
	indexSize = 20
)

// entry is what a dictionary says of a term.
type entry struct {
	count       int // papers
	block       int
	start, size int // of its postings
}

func (d *dictionary) size() int { return len(d.index) / indexSize }

// walker reads a dictionary from a block on.
type walker struct {
	d     *dictionary
	block int // that is read
	rest  []byte
	term  []byte
	entry
}

func (d *dictionary) walk(block int) walker {
	w := walker{d: d, block: block - 1}
	w.nextBlock()
	return w
}

func (w *walker) nextBlock() bool {
	w.block++
	if w.block >= w.d.size() {
		w.rest = nil
		return false
	}
	row := w.d.index[w.block*indexSize:]
	to := len(w.d.blocks)
	if w.block+1 < w.d.size() {
		to = int(binary.LittleEndian.Uint32(row[indexSize:]))
	}
	w.rest = w.d.blocks[binary.LittleEndian.Uint32(row):to]
	w.entry = entry{block: w.block, start: int(binary.LittleEndian.Uint32(row[4:]))}
	return true
}

// next goes to the next term; the term is valid until the call after.
func (w *walker) next() bool {
	if len(w.rest) == 0 && !w.nextBlock() {
		return false
	}
	shared, rest := uvarint(w.rest)
	more, rest := uvarint(rest)
	w.term = append(w.term[:shared], rest[:more]...)
	w.start += w.entry.size
	w.count, rest = uvarint(rest[more:])
	w.entry.size, w.rest = uvarint(rest)
	return true
}

func uvarint(b []byte) (int, []byte) {
	if b[0] < 0x80 {
		return int(b[0]), b[1:]
	}
	v, n := binary.Uvarint(b)
	return int(v), b[n:]
}

// first is the first term of a block.
func (d *dictionary) first(block int) []byte {
	b := d.blocks[binary.LittleEndian.Uint32(d.index[block*indexSize:]):]
	n, rest := uvarint(b[1:]) // it shares nothing
	return rest[:n]
}

// keyOf is the first eight bytes of a term, as a number that is in the order of
// terms.
func keyOf[T string | []byte](term T) uint64 {
	var b [8]byte
	copy(b[:], term)
	return binary.BigEndian.Uint64(b[:])
}

// seek goes to the first term that is not before t.
func (d *dictionary) seek(t string) (w walker, ok bool) {
	key := keyOf(t)
	after := sort.Search(d.size(), func(i int) bool {
		if other := binary.LittleEndian.Uint64(d.index[i*indexSize+12:]); other != key {
			return other > key
		}
		return string(d.first(i)) > t
	})
	w = d.walk(max(after-1, 0))
	for w.next() {
		if string(w.term) >= t {
			return w, true
		}
	}
	return w, false
}

// find is the entry of a term; its count is 0 if there is none.
func (d *dictionary) find(t string) entry {
	place := &d.known[maphash.String(seed, t)%maxKnown]
	if known := place.Load(); known != nil && known.term == t {
		return known.entry
	}
	found := foundEntry{term: t}
	if w, ok := d.seek(t); ok && string(w.term) == t {
		found.entry = w.entry
	}
	place.Store(&found)
	return found.entry
}

// maxKnown is how many terms are remembered that were asked for, there or not: a
// search asks for each of its words several times.
const maxKnown = 512

// foundEntry is a term that was asked for.
type foundEntry struct {
	term string
	entry
}

var seed = maphash.MakeSeed()

// starting yields the terms that begin with prefix.
func (d *dictionary) starting(prefix string) iter.Seq2[[]byte, entry] {
	return func(yield func([]byte, entry) bool) {
		for w, ok := d.seek(prefix); ok && bytes.HasPrefix(w.term, []byte(prefix)); ok = w.next() {
			if !yield(w.term, w.entry) {
				return
			}
		}
	}
}

// postings is the bytes of a list and those after it, nil if they are damaged.
func (d *dictionary) postings(e entry) []byte {
	if !d.whole(e.block) {
		return nil
	}
	return d.posts[e.start:]
}

// whole reports whether the postings of a block are what was written.
func (d *dictionary) whole(block int) bool {
	bits, bit := &d.checked[block/32], uint32(1)<<(block%32)
	if bits.Load()&bit != 0 {
		return true
	}
	row := d.index[block*indexSize:]
	from, to := int(binary.LittleEndian.Uint32(row[4:])), len(d.posts)
	if block+1 < d.size() {
		to = int(binary.LittleEndian.Uint32(row[indexSize+4:]))
	}
	if crc32.Checksum(d.posts[from:to], castagnoli) != binary.LittleEndian.Uint32(row[8:]) {
		if d.damaged != nil {
			d.damaged()
		}
		return false
	}
	bits.Or(bit)
	return true
}

// dictWriter makes a dictionary of terms in byte order. It is told the postings
// of each and keeps none.
type dictWriter struct {
	index, blocks []byte
	key           uint64 // of the block
	terms         int
	last          []byte
	posts         int // bytes so far
	sum           uint32
}

func (w *dictWriter) add(term []byte, count int, posts []byte) {
	shared := 0
	if w.terms%dictBlock == 0 {
		w.endBlock()
		w.index = binary.LittleEndian.AppendUint32(w.index, uint32(len(w.blocks)))
		w.index = binary.LittleEndian.AppendUint32(w.index, uint32(w.posts))
		w.key = keyOf(term)
	} else {
		for shared < min(len(term), len(w.last)) && term[shared] == w.last[shared] {
			shared++
		}
	}
	w.blocks = binary.AppendUvarint(w.blocks, uint64(shared))
	w.blocks = binary.AppendUvarint(w.blocks, uint64(len(term)-shared))
	w.blocks = append(w.blocks, term[shared:]...)
	w.blocks = binary.AppendUvarint(w.blocks, uint64(count))
	w.blocks = binary.AppendUvarint(w.blocks, uint64(len(posts)))
	w.last = append(w.last[:0], term...)
	w.sum = crc32.Update(w.sum, castagnoli, posts)
	w.posts += len(posts)
	w.terms++
}

// endBlock completes the row of a block, if there is one.
func (w *dictWriter) endBlock() {
	if w.terms > 0 {
		w.index = binary.LittleEndian.AppendUint32(w.index, w.sum)
		w.index = binary.LittleEndian.AppendUint64(w.index, w.key)
	}
	w.sum = 0
}
