package search

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"sync"

	"paperboy/internal/paper"
)

// Matcher matches many queries against the same papers, such as the topics that
// channels follow against the papers of a week. It sees the index as it was when
// the Matcher was made. Any number of goroutines may use it.
type Matcher struct {
	all   *snapshot
	docs  []uint32 // the papers, by their numbers in the index
	local []uint32 // where in docs a paper is; nowhere for the others
	index []int    // what the caller calls each of docs

	mu    sync.RWMutex       // guards what follows
	lists map[string][]found // of leaves that many queries have, numbered as docs is
	kept  int                // papers in all lists
}

const (
	nowhere = math.MaxUint32
	// keepFrom is the length from which on a list is kept for the next query: those
	// of common words, which take longest to read and come again and again. All
	// together have keepAll papers at most, twelve bytes each.
	keepFrom = 100
	keepAll  = 2_000_000
)

// Match is a paper that satisfies a query.
type Match struct {
	Index int     // among the IDs given to Among
	Score float64 // relevance, as Search has it
}

// Among prepares matching against those of ids that the index has.
func (ix *Index) Among(ids []paper.ID) *Matcher {
	m := &Matcher{all: ix.now.Load(), lists: make(map[string][]found)}
	type entry struct {
		doc   uint32
		index int
	}
	var found []entry
	for i, id := range ids {
		if doc, ok := m.all.lookup(id); ok {
			found = append(found, entry{doc, i})
		}
	}
	slices.SortFunc(found, func(a, b entry) int { return cmp.Or(cmp.Compare(a.doc, b.doc), a.index-b.index) })
	found = slices.CompactFunc(found, func(a, b entry) bool { return a.doc == b.doc })
	m.local = slices.Repeat([]uint32{nowhere}, m.all.slots)
	for i, e := range found {
		m.docs, m.index = append(m.docs, e.doc), append(m.index, e.index)
		m.local[e.doc] = uint32(i)
	}
	return m
}

// lookup finds the number of a paper.
func (s *snapshot) lookup(id paper.ID) (uint32, bool) {
	for i := range s.parts {
		p := &s.parts[i]
		if doc, ok := p.segment.lookup(id); ok && !p.dead.has(doc) {
			return p.base + doc, true
		}
	}
	return 0, false
}

// Match lists the papers that satisfy q to the letter, with the relevance by
// which Search orders them, whatever order q asks for. Where Search would rather
// show papers with some of the words than hardly any, Match lists what has all of
// them: to follow a topic is to be spared the rest. Of opts only TeamVotes count.
// An empty query matches nothing.
func (m *Matcher) Match(q Query, opts Options) []Match {
	if q.root == nil {
		return nil
	}
	r := m.all.run(&q, opts, 0)
	r.among = m
	root := q.root
	for root.kind == allOf && len(root.kids) == 1 { // one word or phrase needs no tally
		root = root.kids[0]
	}
	list := r.papers(root)
	matches := make([]Match, len(list))
	for i, f := range list {
		matches[i] = Match{m.index[f.doc], float64(f.score)}
	}
	return matches
}

// leaf lists the papers of m that satisfy a leaf that looks for words.
func (m *Matcher) leaf(r *run, n *node) []found {
	key := n.key()
	m.mu.RLock()
	list, ok := m.lists[key]
	m.mu.RUnlock()
	if ok {
		return list
	}
	list = m.own(r.words(n))
	if len(list) < keepFrom {
		return list
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, twice := m.lists[key]; !twice && m.kept+len(list) <= keepAll {
		m.kept += len(list)
		m.lists[key] = list
	}
	return list
}

// passing lists the papers of m for which ok holds, as run.passing does.
func (m *Matcher) passing(ok func(uint32, doc) bool) []found {
	list := make([]found, 0, len(m.docs))
	for i, doc := range m.docs {
		if ok(doc, m.all.doc(doc)) {
			list = append(list, found{doc: uint32(i)})
		}
	}
	return list
}

// own leaves those of list that are papers of m, by their numbers here.
func (m *Matcher) own(list []found) []found {
	kept := list[:0]
	for _, f := range list {
		if f.doc = m.local[f.doc]; f.doc != nowhere {
			kept = append(kept, f)
		}
	}
	return slices.Clip(kept)
}

// key tells leaves apart that have different papers or scores.
func (n *node) key() string {
	var b strings.Builder
	b.WriteByte(byte(n.kind))
	for _, a := range n.alts {
		b.WriteByte(0)
		if a.prefix {
			b.WriteByte(1)
		}
		b.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(a.weight)))
		b.WriteString(strings.Join(a.terms, "\x04"))
	}
	return b.String()
}
