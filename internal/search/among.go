package search

import (
	"cmp"
	"iter"
	"slices"
	"sync"

	"paperboy/internal/paper"
)

// Matcher matches many queries against the same papers, such as the topics that
// channels follow against the papers of a week. It sees the index as it was when
// the Matcher was made. Any number of goroutines may use it.
type Matcher struct {
	all   *snapshot
	ids   []paper.ID // as given to Among
	docs  []uint32   // the papers, by their numbers in the index, in order
	index []int      // where in ids each of docs is

	mu    sync.RWMutex        // guards what follows
	lists map[string]*mention // of terms that several queries have
	kept  int                 // places in all lists
}

// keepAll bounds the places in the lists that are kept for the next query, four
// to eight bytes each. Without those of common words, which come again and again,
// most of the time would go into reading them.
const keepAll = 5_000_000

// Match is a paper that satisfies a query.
type Match struct {
	Index int     // among the IDs given to Among
	Score float64 // relevance: what the words of the query weigh in the paper, by how rare they are
}

// Among prepares matching against those of ids that the index has.
func (ix *Index) Among(ids []paper.ID) *Matcher {
	m := &Matcher{all: ix.now.Load(), ids: ids, lists: make(map[string]*mention)}
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
	for _, e := range found {
		m.docs, m.index = append(m.docs, e.doc), append(m.index, e.index)
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

// Match lists the papers that satisfy q to the letter, with their relevance,
// whatever order q asks for. Where Search would rather show papers with some of
// the words than hardly any, Match lists what has all of them: to follow a topic
// is to be spared the rest. Of opts only TeamVotes count. An empty query matches
// nothing.
func (m *Matcher) Match(q Query, opts Options) (matches []Match) {
	if q.root == nil {
		return nil
	}
	root := q.root.clone()
	relate(root, m.all.acronyms)
	page := &pages{Matcher: m, team: opts.TeamVotes, read: make(map[string]*bookmark)}
	judge := strict{sight: page, rare: m.all.rarities(root)}
	for i := range m.candidates(root) {
		page.open(i)
		if score, ok := judge.satisfies(root); ok {
			matches = append(matches, Match{m.index[i], float64(score)})
		}
	}
	return matches
}

// candidates are the papers that can satisfy root, in order.
func (m *Matcher) candidates(root *node) iter.Seq[uint32] {
	a, anchored := m.all.anchorsOf(root)
	return func(yield func(uint32) bool) {
		if !anchored {
			for i := range m.docs {
				if !yield(uint32(i)) {
					return
				}
			}
			return
		}
		var papers []uint32
		for _, t := range a.terms {
			papers = append(papers, m.list(t, false).papers...)
		}
		for _, p := range a.prefixes {
			papers = append(papers, m.list(p, true).papers...)
		}
		slices.Sort(papers)
		for _, i := range slices.Compact(papers) {
			if !yield(i) {
				return
			}
		}
	}
}

// rarities is how rare the scored leaves of root are.
func (s *snapshot) rarities(root *node) map[*node]float32 {
	rare := make(map[*node]float32)
	root.leaves(func(n *node) {
		if n.scored() {
			rare[n] = rarity(min(s.usual(n), s.live), s.live)
		}
	})
	return rare
}

// usual is about how many papers satisfy a leaf, as far as can be told without
// looking: those of its most frequent term; if it is a phrase, of the rarest.
func (s *snapshot) usual(n *node) int {
	most, single := 0, false
	for _, a := range n.alts {
		switch {
		case len(a.terms) > 1:
			continue
		case a.prefix:
			for _, n := range s.terms(a.terms[0]) {
				most = max(most, n)
			}
		default:
			most = max(most, s.df(a.terms[0]))
		}
		single = true
	}
	if !single {
		return s.anchorOf(n.alts[0]).papers
	}
	return most
}

// mention is the papers of a Matcher that have a term, by where they are in its
// docs, and the places in them. A list of several terms has a paper once for each.
type mention struct {
	papers []uint32
	ends   []uint32 // where in at the places of each paper end
	at     []uint32
}

func (l *mention) places(i int) []uint32 {
	from := uint32(0)
	if i > 0 {
		from = l.ends[i-1]
	}
	return l.at[from:l.ends[i]]
}

// list is where the papers of m have a term, or terms with a prefix.
func (m *Matcher) list(term string, prefix bool) *mention {
	key := term
	if prefix {
		key += "*"
	}
	m.mu.RLock()
	list := m.lists[key]
	m.mu.RUnlock()
	if list != nil {
		return list
	}
	if prefix {
		list = m.readPrefix(term)
	} else {
		list = m.readTerm(term)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.lists[key] == nil && m.kept+len(list.at) <= keepAll {
		m.kept += len(list.at) + 1
		m.lists[key] = list
	}
	return list
}

func (m *Matcher) readTerm(term string) *mention {
	list := new(mention)
	for p, docs := range m.parts() {
		m.collect(list, p, docs, p.postingsOf(term))
	}
	return list
}

// readPrefix brings the lists of all terms with a prefix into the order of papers.
func (m *Matcher) readPrefix(prefix string) *mention {
	var all mention
	for p, docs := range m.parts() {
		for _, c := range p.starting(prefix) {
			m.collect(&all, p, docs, c)
		}
	}
	order := make([]int, len(all.papers))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(all.papers[i], all.papers[j]) })
	list := new(mention)
	for _, i := range order {
		list.add(all.papers[i], all.places(i))
	}
	return list
}

func (l *mention) add(i uint32, places []uint32) {
	l.papers = append(l.papers, i)
	l.at = append(l.at, places...)
	l.ends = append(l.ends, uint32(len(l.at)))
}

// parts yields the parts of the index that have papers of m, each with where in
// m.docs those begin and end.
func (m *Matcher) parts() iter.Seq2[*part, [2]int] {
	return func(yield func(*part, [2]int) bool) {
		from := 0
		for i := range m.all.parts {
			p := &m.all.parts[i]
			to, _ := slices.BinarySearch(m.docs, p.base+uint32(p.size()))
			if to > from && !yield(p, [2]int{from, to}) {
				return
			}
			from = to
		}
	}
}

// collect adds to list what c has of the papers of m in part p.
func (m *Matcher) collect(list *mention, p *part, docs [2]int, c cursor) {
	for i := docs[0]; i < docs[1]; i++ {
		doc := m.docs[i] - p.base
		if c.reach(doc) {
			list.add(uint32(i), c.places)
		} else if len(c.places) == 0 || c.doc < doc { // at its end
			return
		}
	}
}

// pages is a strict reader's sight of the papers of a Matcher, one after the
// other from the first on.
type pages struct {
	*Matcher
	team map[paper.ID]int
	i    uint32 // which of docs
	doc  doc
	read map[string]*bookmark // by term; those of prefixes with an asterisk
}

// bookmark is how far a list has been read.
type bookmark struct {
	*mention
	next int
}

func (p *pages) open(i uint32) { p.i, p.doc = i, p.all.doc(p.docs[i]) }

func (p *pages) kept() doc      { return p.doc }
func (p *pages) teamVotes() int { return p.team[p.ids[p.index[p.i]]] }

func (p *pages) places(term string) []uint32 {
	b := p.read[term]
	if b == nil {
		b = &bookmark{mention: p.list(term, false)}
		p.read[term] = b
	}
	if b.turn(p.i) {
		return b.mention.places(b.next)
	}
	return nil
}

func (p *pages) beginning(prefix string) iter.Seq[[]uint32] {
	b := p.read[prefix+"*"]
	if b == nil {
		b = &bookmark{mention: p.list(prefix, true)}
		p.read[prefix+"*"] = b
	}
	return func(yield func([]uint32) bool) {
		if !b.turn(p.i) {
			return
		}
		for k := b.next; k < len(b.papers) && b.papers[k] == p.i; k++ {
			if !yield(b.mention.places(k)) {
				return
			}
		}
	}
}

// turn goes on to the paper i, by doubling steps; it reports whether it is there.
func (b *bookmark) turn(i uint32) bool {
	step := 1
	for b.next+step < len(b.papers) && b.papers[b.next+step] < i {
		b.next, step = b.next+step, 2*step
	}
	to := min(b.next+step+1, len(b.papers))
	k, found := slices.BinarySearch(b.papers[min(b.next, to):to], i)
	b.next += k
	return found
}
