package search

import (
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"weak"
)

// Bounds on the repair of misspelt words.
const (
	shortestTypo = 4   // letters of a word that may be one
	longTypo     = 8   // letters from which on two mistakes are looked for
	longestTypo  = 24  // letters; longer ones are no words
	muchUsed     = 200 // how often a word must be found for each time its misspelling is
	rareTypo     = 20  // papers that have the same misspelling, at most
)

// speller has the words that misspelt ones may be: what several papers write,
// without numbers. Words of the same length stand together.
type speller struct {
	papers  int // of the snapshot it was made of
	lengths [longestTypo + 3]wordList
}

// wordList is words of one length.
type wordList struct {
	letters []byte   // of all, one word after the other
	marks   []uint32 // lettersOf each
}

func newSpeller(s *snapshot) *speller {
	sp, terms := &speller{papers: s.live}, s.terms
	if s.live >= fewPapersToSpell {
		terms = s.termsAbout
	}
	least := s.leastUse()
	for first := 'a'; first <= 'z'; first++ {
		for term, papers := range terms(string(first)) {
			if papers >= least && len(term) >= shortestTypo-1 && len(term) < len(sp.lengths) && plainLetters(term) {
				sp.add(term)
			}
		}
	}
	for i := range sp.lengths {
		l := &sp.lengths[i]
		l.letters, l.marks = slices.Clip(l.letters), slices.Clip(l.marks)
	}
	return sp
}

func (sp *speller) add(term string) {
	l := &sp.lengths[len(term)]
	l.letters = append(l.letters, term...)
	l.marks = append(l.marks, lettersOf(term))
}

// leastUse is how many papers must have a word for it to be no misspelling itself.
func (s *snapshot) leastUse() int { return max(1, min(s.live/10_000, 5)) }

// lettersOf is a bit for each letter that term has, and for each common one that it
// has twice. A letter more or less changes one bit at most, another letter two.
func lettersOf(term string) (marks uint32) {
	for i := range len(term) {
		bit := uint32(1) << (term[i] - 'a')
		if marks&bit != 0 {
			bit = twice[term[i]-'a']
		}
		marks |= bit
	}
	return marks
}

var twice = func() (bits ['z' - 'a' + 1]uint32) {
	for i, c := range []byte("eitaon") {
		bits[c-'a'] = 1 << (26 + i)
	}
	return bits
}()

// near yields the words that at most so many mistakes make typed.
func (sp *speller) near(typed string, mistakes int, yield func(string)) {
	marks := lettersOf(typed)
	for n := max(len(typed)-mistakes, 1); n <= len(typed)+mistakes && n < len(sp.lengths); n++ {
		l := &sp.lengths[n]
		longer := max(n-len(typed), len(typed)-n) // so many mistakes are a letter more or less
		unlike := 2*mistakes - longer
		for i, m := range l.marks {
			if bits.OnesCount32(m^marks) > unlike {
				continue
			}
			if w := l.letters[i*n : (i+1)*n]; within(w, typed, mistakes) {
				yield(string(w))
			}
		}
	}
}

// within reports whether at most most mistakes (letters more, less or other, and
// neighbours swapped) make a into b.
func within(a []byte, b string, most int) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) == 0 || len(b) == 0 {
		return len(a)+len(b) <= most
	}
	return most > 0 && (within(a[1:], b[1:], most-1) || within(a[1:], b, most-1) || within(a, b[1:], most-1) ||
		len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && within(a[2:], b[2:], most-1))
}

// spelling keeps the speller of an index while it changes little.
type spelling struct {
	mu   sync.Mutex // guards what follows
	now  *speller
	from weak.Pointer[snapshot] // that now was made of
}

// of is the speller for s. Of many papers it is made anew only when they have become
// an eighth more, or fewer: it takes a third of a second for two million words.
func (k *spelling) of(s *snapshot) *speller {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.now != nil && k.from == weak.Make(s) {
		return k.now
	}
	if k.now == nil || s.live < fewPapersToSpell || max(s.live, k.now.papers)-min(s.live, k.now.papers) > k.now.papers/8 {
		k.now, k.from = newSpeller(s), weak.Make(s)
	}
	return k.now
}

// fewPapersToSpell is from how many papers on a speller may be a little old.
const fewPapersToSpell = 20_000

// repair looks for the words of root that no paper has, or hardly any, and puts
// in place of each what it is most likely a misspelling of. The note tells.
func (s *snapshot) repair(root *node, spelling func() *speller) (note string) {
	var typed, shown []string
	root.leaves(func(n *node) {
		if w := s.correction(n, spelling); w != "" {
			typed, shown = append(typed, n.text), append(shown, w)
			n.mend(w)
		}
	})
	if len(typed) == 0 {
		return ""
	}
	return mended(typed, shown)
}

// mend has n look for w, which may be two words, before what was typed.
func (n *node) mend(w string) {
	n.alts = slices.Insert(n.alts, 0, alternative{terms: strings.Fields(termsOf(w)), weight: 1, means: w})
}

// correction is what the word n is a misspelling of, or "".
func (s *snapshot) correction(n *node, spelling func() *speller) string {
	if !n.isPlain() && !(n.kind == author && len(n.alts) > 0 && len(n.alts[0].terms) == 1) {
		return ""
	}
	term, raw := n.alts[0].terms[0], strings.ToLower(n.text)
	if !plainLetters(raw) || len(raw) < shortestTypo || len(raw) > longestTypo || len(term) < shortestTypo-1 {
		return ""
	}
	use := 0
	for _, a := range n.alts {
		switch {
		case len(a.terms) == 1:
			use = max(use, s.df(a.terms[0]))
		case a.weight == 1, a.guess: // another spelling, or an acronym
			return ""
		}
	}
	if use > rareTypo {
		return ""
	}
	if w := s.respelt(raw, term, use, spelling()); w != "" {
		if term != raw && singularOf(w+"s") == w {
			return w + "s"
		}
		return w
	}
	if n.kind == word {
		return s.parted(raw, use)
	}
	return ""
}

func singularOf(w string) string { return string(singular([]byte(w), w)) }

// respelt is the likeliest of the words near one that use papers have, or "": how
// many papers have it counts, and how near it is.
func (s *snapshot) respelt(raw, term string, use int, sp *speller) string {
	best, most := "", math.Inf(-1)
	try := func(typed string, mistakes int) {
		sp.near(typed, mistakes, func(w string) {
			papers := s.df(w)
			if w == term || papers == 0 || use > 0 && (papers < muchUsed*use || sameWord(raw, w)) {
				return
			}
			score := math.Log(float64(papers)) - 3*distance(typed, w)
			if score > most || score == most && w < best {
				best, most = w, score
			}
		})
	}
	mistakes := 1
	if len(raw) >= longTypo && use == 0 {
		mistakes = 2
	}
	try(raw, mistakes)
	if raw != term {
		try(term, mistakes)
	}
	return best
}

// sameWord reports whether b may be another form of a and not its correction:
// they differ at the end.
func sameWord(a, b string) bool {
	same := 0
	for same < min(len(a), len(b)) && a[same] == b[same] {
		same++
	}
	return same >= max(len(a), len(b))-2 || strings.HasSuffix(a, b) || strings.HasSuffix(b, a)
}

// distance is how unlike two words are: one for a mistake, less for those that
// fingers make often, more for one in the first letter.
func distance(a, b string) float64 {
	const width = longestTypo + 4
	var rows [3][width]float64
	for j := range len(b) + 1 {
		rows[0][j] = float64(j)
	}
	for i := 1; i <= len(a); i++ {
		row, above, over := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = float64(i)
		for j := 1; j <= len(b); j++ {
			x, y := a[i-1], b[j-1]
			cost := 0.0
			if x != y {
				cost = mistaken(x, y)
			}
			row[j] = min(above[j-1]+cost, above[j]+missing(a, i-1), row[j-1]+missing(b, j-1))
			if i > 1 && j > 1 && x == b[j-2] && y == a[i-2] {
				row[j] = min(row[j], over[j-2]+0.6)
			}
		}
	}
	d := rows[len(a)%3][len(b)]
	if a[0] != b[0] {
		d += 0.5
	}
	return d
}

// missing is the cost of letter i of w, if the other word lacks it.
func missing(w string, i int) float64 {
	if i > 0 && w[i] == w[i-1] { // difusion
		return 0.5
	}
	return 1
}

// mistaken is the cost of one letter for another.
func mistaken(x, y byte) float64 {
	const vowels = "aeiouy"
	if strings.IndexByte(vowels, x) >= 0 && strings.IndexByte(vowels, y) >= 0 || neighbours(x, y) {
		return 0.8
	}
	return 1.1
}

// neighbours reports whether two keys are side by side.
func neighbours(x, y byte) bool {
	for _, row := range [...]string{"qwertyuiop", "asdfghjkl", "zxcvbnm"} {
		i, j := strings.IndexByte(row, x), strings.IndexByte(row, y)
		if i >= 0 && j >= 0 {
			return i-j == 1 || j-i == 1
		}
	}
	return false
}

// parted is the two words that w, which use papers have, is when a space is put in, or "": of all pairs
// that stand together in a paper, the one whose rarer word is the least rare.
func (s *snapshot) parted(w string, use int) string {
	best, most := "", max(s.leastUse(), use*muchUsed)-1
	for i := 3; i+3 <= len(w); i++ {
		a, b := w[:i], w[i:]
		n := min(s.df(a), s.df(singularOf(b)))
		if n > most && s.beside(a, singularOf(b)) > 0 {
			best, most = a+" "+b, n
		}
	}
	return best
}
