package recommend

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"paperboy/internal/paper"
)

// readTerms numbers the words of titles and keywords, the rarest first, so that
// a sorted list of terms begins with the telling ones. It returns the terms of
// the titles.
func (p *Pool) readTerms() (titles *terms) {
	titles = new(terms)
	var traits lists[int32]
	numbers := make(map[string]int32)
	for i := range p.papers {
		words := telling(wordsOf(p.papers[i].Title))
		titles.add(termsOf(numbers, words))
		for _, k := range p.papers[i].Keywords[:min(len(p.papers[i].Keywords), maxKeywords)] {
			words = append(words, telling(wordsOf(k))...)
		}
		traits.add(termsOf(numbers, words))
	}
	uses := make([]int, len(numbers))
	for _, t := range traits.all {
		uses[t]++
	}
	names := make([]string, len(numbers))
	for name, n := range numbers {
		names[n] = name
	}
	rank := make([]int32, len(names))
	for r, t := range rarestFirst(uses, names) {
		rank[t] = int32(r)
		p.weight = append(p.weight, rarity(uses[t], len(p.papers)))
		titles.number = append(titles.number, strings.ContainsAny(names[t], "0123456789"))
	}
	renumber(&titles.lists, rank)
	renumber(&traits, rank)
	p.traits = traits
	for i := range p.papers {
		p.norm = append(p.norm, float32(math.Sqrt(p.shared(i, i))))
	}
	return titles
}

// rarestFirst is all terms in order of their uses, and by name.
func rarestFirst(uses []int, names []string) []int {
	order := make([]int, len(uses))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(uses[a], uses[b]), cmp.Compare(names[a], names[b]))
	})
	return order
}

// maxKeywords is how many keywords of a paper are looked at.
const maxKeywords = 20

// terms is the terms of each paper's title.
type terms struct {
	lists[int32]
	number []bool // by term: whether it has digits
}

// termsOf is the numbers of words, each once.
func termsOf(numbers map[string]int32, words []string) []int32 {
	list := make([]int32, len(words))
	for i, w := range words {
		list[i] = numbered(numbers, w)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func renumber(l *lists[int32], rank []int32) {
	for i, t := range l.all {
		l.all[i] = rank[t]
	}
	for i := range l.ends {
		slices.Sort(l.of(i))
	}
}

// rarity is the weight of a word that count of total papers have (idf).
func rarity(count, total int) float32 {
	return float32(math.Log1p((float64(total-count) + 0.5) / (float64(count) + 0.5)))
}

// When titles are much the same: a word more or less in seven, or one for
// another in thirteen. Below that sister papers ("… for images", "… for video")
// would be taken for one.
const (
	sameTitle = 0.85 // shared words of all words (Jaccard)
	shortest  = 6    // words of which one may differ
	// neighbours is how many papers with the same rare word are compared, which
	// bounds the work on a flood of titles that are nearly the same.
	neighbours = 64
)

// alone is the group of a paper like no other.
const alone = -1

// groups finds papers that are much the same, as when one came from two sources
// under different IDs: those of equal titles or DOIs, or of nearly equal titles
// that share an author.
func (p *Pool) groups(titles *terms) []int32 {
	f := newForest(len(p.papers))
	first := make(map[string]int) // paper by what only its doubles share
	for i := range p.papers {
		for _, key := range marks(&p.papers[i]) {
			if other, ok := first[key]; ok {
				f.join(other, i)
			} else {
				first[key] = i
			}
		}
	}
	having := make(map[int32][]int32) // papers with a term among their rarest
	for i := range p.papers {
		list := titles.of(i)
		if len(list) < shortest {
			continue
		}
		// Of two titles so alike, one of these must be in both.
		for _, t := range list[:len(list)-int(math.Ceil(sameTitle*float64(len(list))))+1] {
			near := having[t]
			for _, other := range near[max(0, len(near)-neighbours):] {
				if f.root(i) != f.root(int(other)) && titles.alike(i, int(other)) && p.mayShareAuthor(i, int(other)) {
					f.join(i, int(other))
				}
			}
			having[t] = append(near, int32(i))
		}
	}
	return f.groups()
}

// marks are texts that only doubles of a paper share. A short title such as
// "Editorial" needs its author.
func marks(p *paper.Paper) (keys []string) {
	words := wordsOf(p.Title)
	title := "title " + strings.Join(words, " ")
	if len(p.Title) > paper.MaxTitle {
		title += p.Title[paper.MaxTitle:]
	}
	if len(words) < 3 && len(p.Authors) > 0 {
		title += " by " + AuthorKey(p.Authors[0])
	}
	if len(words) > 0 {
		keys = append(keys, title)
	}
	doi := p.DOI
	if p.ID.Scheme() == paper.SchemeDOI {
		doi = p.ID.Value()
	}
	if doi != "" {
		keys = append(keys, "doi "+strings.ToLower(doi))
	}
	return keys
}

// alike reports whether two titles differ in next to nothing. Numbers must be
// the same, as they tell a part or a version from another, and count for nothing.
func (l *terms) alike(i, j int) bool {
	a, b := l.of(i), l.of(j)
	both, all := 0, len(a)+len(b)
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			if l.number[a[0]] {
				return false
			}
			a = a[1:]
		case len(a) == 0 || b[0] < a[0]:
			if l.number[b[0]] {
				return false
			}
			b = b[1:]
		case l.number[a[0]]:
			all -= 2
			a, b = a[1:], b[1:]
		default:
			both++
			a, b = a[1:], b[1:]
		}
	}
	return both > 0 && float64(both) >= sameTitle*float64(all-both)
}

// mayShareAuthor reports whether two papers share an author, or one has none.
func (p *Pool) mayShareAuthor(i, j int) bool {
	a, b := p.authors.of(i), p.authors.of(j)
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(h uint64) bool { return slices.Contains(b, h) })
}

// forest joins papers into groups (https://en.wikipedia.org/wiki/Disjoint-set_data_structure).
type forest []int32

func newForest(n int) forest {
	f := make(forest, n)
	for i := range f {
		f[i] = int32(i)
	}
	return f
}

func (f forest) root(i int) int32 {
	for int(f[i]) != i {
		f[i] = f[f[i]]
		i = int(f[i])
	}
	return int32(i)
}

func (f forest) join(i, j int) {
	a, b := f.root(i), f.root(j)
	f[max(a, b)] = min(a, b)
}

// groups is the group of each paper.
func (f forest) groups() []int32 {
	size := make([]int, len(f))
	for i := range f {
		size[f.root(i)]++
	}
	g := make([]int32, len(f))
	for i := range f {
		if g[i] = f.root(i); size[g[i]] == 1 {
			g[i] = alone
		}
	}
	return g
}
