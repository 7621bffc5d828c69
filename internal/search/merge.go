package search

import (
	"bytes"
	"encoding/binary"
	"math"
)

// merge makes one segment of the live papers of parts, in their order.
func merge(parts []part) *segment {
	var w writer
	w.reserve(parts)
	renumber := make([][]uint32, len(parts)) // the new number of each part's papers
	n := uint32(0)
	for i := range parts {
		p := &parts[i]
		renumber[i] = make([]uint32, p.size())
		for old := range uint32(p.size()) {
			if p.dead.has(old) {
				renumber[i][old] = gone
				continue
			}
			renumber[i][old] = n
			n++
			w.docs = p.doc(old).append(w.docs)
			w.ids = append(w.ids, stretch(p.ids, p.idEnd, int(old))...)
			w.idEnd = binary.LittleEndian.AppendUint32(w.idEnd, uint32(len(w.ids)))
		}
	}
	mergeTerms(&w, parts, renumber)
	return w.done()
}

// gone is the new number of a paper that counts no longer.
const gone = math.MaxUint32

// mergeTerms walks the vocabularies of all parts together.
func mergeTerms(w *writer, parts []part, renumber [][]uint32) {
	at := make([]int, len(parts)) // the next term of each part
	var list []occurrence
	for {
		var least []byte
		for i := range parts {
			if at[i] == parts[i].vocabulary() {
				continue
			}
			if t := parts[i].term(at[i]); least == nil || bytes.Compare(t, least) < 0 {
				least = t
			}
		}
		if least == nil {
			return
		}
		list = list[:0]
		for i := range parts {
			if at[i] == parts[i].vocabulary() || !bytes.Equal(parts[i].term(at[i]), least) {
				continue
			}
			for c := parts[i].postings(at[i]); c.next(); {
				n := renumber[i][c.doc]
				if n == gone {
					continue
				}
				for _, at := range c.places {
					list = append(list, occurrence{n, at})
				}
			}
			at[i]++
		}
		if len(list) > 0 {
			w.add(least, list)
		}
	}
}

// reserve makes room for what parts hold together, which merging never exceeds
// by much.
func (w *writer) reserve(parts []part) {
	for i, data := range w.sections() {
		n := padding
		for k := range parts {
			n += len(*parts[k].sections()[i])
		}
		*data = make([]byte, 0, n)
	}
}
