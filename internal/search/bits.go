package search

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// padding is how many bytes must follow packed numbers and Rice codes, so that
// eight can be read at a time.
const padding = 8

// width is how many bits the greatest number of list takes.
func width[N uint8 | uint32](list []N) uint {
	var all N
	for _, v := range list {
		all |= v
	}
	return uint(bits.Len32(uint32(all)))
}

// pack appends the numbers of list with so many bits each.
func pack[N uint8 | uint32](b []byte, list []N, width uint) []byte {
	w := bitWriter{buf: b}
	for _, v := range list {
		w.bits(uint64(v), width)
	}
	return w.end()
}

// packed is how many bytes n numbers take.
func packed(n int, width uint) int { return (n*int(width) + 7) / 8 }

// fourAtOnce is how many bits numbers have at most of which four can be read at a
// time, wherever in a byte they start.
const fourAtOnce = (64 - 7) / 4

// unpack fills list with numbers of so many bits each.
func unpack[N uint8 | uint32](list []N, data []byte, width uint) {
	mask := uint64(1)<<width - 1
	at := uint(0)
	for width <= fourAtOnce && len(list) >= 4 {
		four := binary.LittleEndian.Uint64(data[at/8:]) >> (at % 8)
		list[0] = N(four & mask)
		list[1] = N(four >> width & mask)
		list[2] = N(four >> (2 * width) & mask)
		list[3] = N(four >> (3 * width) & mask)
		list = list[4:]
		at += 4 * width
	}
	for i := range list {
		list[i] = N(binary.LittleEndian.Uint64(data[at/8:]) >> (at % 8) & mask)
		at += width
	}
}

// unpackDocs fills list with the papers after before whose distances less one are
// packed in data.
func unpackDocs(list []uint32, before uint32, data []byte, width uint) {
	mask := uint64(1)<<width - 1
	at := uint(0)
	for width <= fourAtOnce && len(list) >= 4 {
		four := binary.LittleEndian.Uint64(data[at/8:]) >> (at % 8)
		a := before + uint32(four&mask) + 1
		b := a + uint32(four>>width&mask) + 1
		c := b + uint32(four>>(2*width)&mask) + 1
		d := c + uint32(four>>(3*width)&mask) + 1
		list[0], list[1], list[2], list[3] = a, b, c, d
		list, before = list[4:], d
		at += 4 * width
	}
	for i := range list {
		before += uint32(binary.LittleEndian.Uint64(data[at/8:])>>(at%8)&mask) + 1
		list[i] = before
		at += width
	}
}

// Rice codes (https://en.wikipedia.org/wiki/Golomb_coding): a number with
// parameter k is its k low bits after the rest in unary. A rest of maxUnary or
// more is written as so many ones and the number itself.
const maxUnary = 12

// bitWriter appends bits to bytes.
type bitWriter struct {
	buf []byte
	acc uint64 // bits not yet in buf, the first lowest
	n   uint   // how many
}

// rice appends v as a Rice code.
func (w *bitWriter) rice(v uint32, k uint) {
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

// bitReader reads Rice codes.
type bitReader struct {
	data []byte
	at   uint // in bits
}

func (r *bitReader) rice(k uint) uint32 {
	window := binary.LittleEndian.Uint64(r.data[r.at/8:]) >> (r.at % 8)
	q := uint(bits.TrailingZeros64(^window))
	if q >= maxUnary {
		r.at += maxUnary + 32
		return uint32(window >> maxUnary)
	}
	r.at += q + 1 + k
	return uint32(q<<k) | uint32(window>>(q+1))&(1<<k-1)
}

func log2(n int) uint { return uint(max(bits.Len(uint(n)), 1) - 1) }
