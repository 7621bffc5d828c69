package search

import (
	"cmp"
	_ "embed"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Well-known acronyms of the field, one a line: the short form, then the long.
// They make a small feed answer well; a larger one explains its own.
//
//go:embed acronyms.txt
var acronymList string

// acronym is a short form and what it stands for, both as people write them.
type acronym struct {
	short, long string
	weight      float32 // how much one counts for the other, from 0 to 1
}

func (a acronym) String() string { return a.long + " (" + a.short + ")" }

// wellKnown is the lexicon of the embedded acronyms.
func wellKnown(form string, _ []string) []acronym { return acronymTable[withoutStops(form)] }

var acronymTable = func() map[string][]acronym {
	table := make(map[string][]acronym)
	for line := range strings.Lines(acronymList) {
		short, long, _ := strings.Cut(strings.TrimSpace(line), " ")
		a := acronym{short, long, expanded}
		for _, form := range []string{strings.ToLower(short), withoutStops(termsOf(long))} {
			table[form] = append(table[form], a)
		}
	}
	return table
}()

// termsOf is the terms of text, parts of words with hyphens apart, in one string.
func termsOf(text string) string {
	var b []byte
	s := scanner{emit: func(t token) {
		if !t.extra {
			b = append(append(b, t.term...), ' ')
		}
	}}
	s.scan(text, 0)
	return strings.TrimSuffix(string(b), " ")
}

// Bounds on an acronym, in characters, and on what it stands for.
const (
	minShort, maxShort = 2, 10
	maxLong            = 10  // words
	maxBefore          = 200 // bytes in which the long form stands
)

// acronyms yields the short forms and, in lower case, the long ones that text
// explains as in "mixture of experts (MoE)", "MoE (mixture of experts)" or with
// square brackets. The rule is that of Schwartz and Hearst, "A simple algorithm
// for identifying abbreviation definitions in biomedical text", PSB 2003, made
// better by what longForm prefers. A single paper may still be wrong: what is used
// needs others that agree (meanings).
func acronyms(text string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for at := 0; ; {
			open := strings.IndexAny(text[at:], "([")
			if open < 0 {
				return
			}
			open += at
			at = open + 1
			short, long := explained(text[max(0, open-maxBefore):open], enclosed(text[open:]))
			if long != "" && !yield(short, long) {
				return
			}
		}
	}
}

// explanations yields the marks of the acronyms that text explains: of each one
// from the short form to the long, and one the other way.
func explanations(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for short, long := range acronyms(text) {
			key := wordChars(strings.ToLower(short))
			if !yield(acronymTerm+key+"\x00"+long+"\x00"+short) || !yield(topicMark(topicKey(long), key, long)) {
				return
			}
		}
	}
}

// meaningTerm begins the term of a topic: its key, a zero byte, the acronym that
// the paper explains with it if any, another, and the topic as written.
const meaningTerm = "\x05"

func topicMark(key, short, text string) string {
	return meaningTerm + key + "\x00" + short + "\x00" + text
}

func cutMark(mark string) (key, short, text string) {
	key, rest, _ := strings.Cut(mark[len(meaningTerm):], "\x00")
	short, text, _ = strings.Cut(rest, "\x00")
	return key, short, text
}

// topicKey is the terms of text without stop words, spaces and hyphens.
func topicKey(text string) string {
	return strings.ReplaceAll(withoutStops(termsOf(text)), " ", "")
}

// enclosed is what stands between the bracket that text starts with and the one
// that closes it, "" if that is far away.
func enclosed(text string) string {
	depth := 0
	for i := range min(len(text), maxBefore) {
		switch text[i] {
		case '(', '[':
			depth++
		case ')', ']':
			if depth--; depth == 0 {
				return text[1:i]
			}
		}
	}
	return ""
}

// explained is the acronym that before and inside of a bracket explain, if they do.
func explained(before, inside string) (short, long string) {
	head := inside
	if i := strings.IndexAny(inside, ";,"); i >= 0 {
		head = inside[:i]
	}
	head = strings.Trim(head, " \"'")
	before = strings.TrimRight(before, " \"'")
	if isShort(head) {
		short, _ = strings.CutSuffix(head, "s")
		return short, longForm(short, before)
	}
	if i := strings.LastIndex(inside, ", "); i > 0 && isShort(inside[i+2:]) && capitals(inside[i+2:]) >= 2 {
		short, _ = strings.CutSuffix(inside[i+2:], "s")
		if long = longForm(short, inside[:i]); long == strings.Join(wordsIn(strings.ToLower(inside[:i])), " ") {
			return short, long
		}
	}
	last := strings.TrimLeft(before[strings.LastIndexByte(before, ' ')+1:], "(\"'")
	if short, _ = strings.CutSuffix(last, "s"); isShort(last) && capitals(last) >= 2 {
		if long = longForm(short, head); long == strings.Join(wordsIn(strings.ToLower(head)), " ") {
			return short, long
		}
	}
	return "", ""
}

// isShort reports whether s looks like an acronym: one or two words of few
// characters that begin with a letter or digit and have a letter.
func isShort(s string) bool {
	if len(s) < minShort || len(s) > maxShort || !isWord[s[0]] || strings.Count(s, " ") > 1 {
		return false
	}
	if s == "II" || s == "III" { // two, three
		return false
	}
	strange := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune(" -+./()*'&", r)
	}
	return strings.ContainsFunc(s, unicode.IsLetter) && !strings.ContainsFunc(s, strange)
}

// longForm is the end of before that short stands for, or "": the nearest
// beginning from which on the words' first letters make short; failing that, from
// which on each word gives its first letter and perhaps others; failing that, from
// which on short's letters come in order.
func longForm(short, before string) string {
	before = lastClause(strings.ReplaceAll(strings.ToLower(before), "'s ", " "))
	letters := wordChars(strings.ToLower(short))
	most := min(len(letters)+5, 2*len(letters), maxLong)
	for _, inner := range [...]bool{false, true} {
		words := 0
		for i := len(before) - 1; i >= 0 && words < most; i-- {
			if !isWordStart(before, i) {
				continue
			}
			words++
			if before[i] == letters[0] && initials(letters, wordsIn(before[i:]), inner) {
				return checked(short, wholeWord(before, i))
			}
		}
	}
	if i := looseStart(letters, before); i >= 0 && capitals(short) > 0 && isLoose(letters, before[i:]) {
		return checked(short, wholeWord(before, i))
	}
	return ""
}

// wholeWord is the end of text from byte i on, with what stands before a hyphen
// there and either is no word, the "2,4-" of 2,4-dinitrophenyl, or begins with the
// same letter, the "multi-" of multi-modal.
func wholeWord(text string, i int) string {
	token := text[strings.LastIndexByte(text[:i], ' ')+1 : i]
	if !strings.HasSuffix(token, "-") {
		return text[i:]
	}
	if token[0] == text[i] {
		return token + text[i:]
	}
	for _, w := range wordsIn(token) {
		if len(w) > 1 && strings.Trim(w, "0123456789") != "" && !isGreek(w) {
			return text[i:]
		}
	}
	return token + text[i:]
}

// isLoose reports whether long may stand for letters that are not all its words' first.
func isLoose(letters, long string) bool {
	if strings.Contains(long, ", ") || strings.Contains(long, " (") || strings.Contains(long, "-(") {
		return false
	}
	n := 0
	for _, w := range wordsIn(long) {
		if !slices.Contains(smallWords, w) {
			n++
		}
	}
	return n <= len(letters)+1
}

// lastClause is what of text belongs together at its end.
func lastClause(text string) string {
	for _, end := range [...]string{". ", "; ", ": ", "? ", "! "} {
		if i := strings.LastIndex(text, end); i >= 0 {
			text = text[i+len(end):]
		}
	}
	return text
}

// isWordStart reports whether a word begins at byte i of text.
func isWordStart(text string, i int) bool {
	return inWord(text[i]) && (i == 0 || !inWord(text[i-1]))
}

func inWord(c byte) bool { return isWord[c] || c >= utf8.RuneSelf }

func wordsIn(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r < utf8.RuneSelf && !isWord[r] })
}

// wordChars is text without what is in no word.
func wordChars(text string) string { return strings.Join(wordsIn(text), "") }

// initials reports whether each of words, in turn, begins with the next of
// letters, which may go on within it if inner is set; small words need not.
func initials(letters string, words []string, inner bool) bool {
	if len(words) == 0 {
		return letters == ""
	}
	word := words[0]
	if slices.Contains(smallWords, word) && initials(letters, words[1:], inner) {
		return true
	}
	if letters == "" || letters[0] != word[0] {
		return false
	}
	for at := 1; ; {
		letters = letters[1:]
		if initials(letters, words[1:], inner) {
			return true
		}
		if letters == "" || !inner {
			return false
		}
		next := strings.IndexByte(word[at:], letters[0])
		if next < 0 {
			return false
		}
		at += next + 1
	}
}

var smallWords = strings.Fields("a an and as at by for from in of on or the to via with")

// looseStart is where in text its end begins that has the letters in order, the
// first at the start of a word, or -1.
func looseStart(letters, text string) int {
	i := len(text)
	for k := len(letters) - 1; k >= 0; k-- {
		for i--; i >= 0 && (text[i] != letters[k] || k == 0 && !isWordStart(text, i)); i-- {
		}
		if i < 0 {
			return -1
		}
	}
	return i
}

// checked is long as words, or "" if short can hardly stand for it.
func checked(short, long string) string {
	words := wordsIn(long)
	n := len(wordChars(short))
	switch {
	case len(words) > min(n+5, 2*n, maxLong), len(wordChars(long)) <= n:
		return ""
	case strings.Count(long, "(") != strings.Count(long, ")"), strings.ContainsAny(long, "$\\"):
		return ""
	case slices.Contains(words, strings.ToLower(short)):
		return ""
	}
	return strings.Join(words, " ")
}

// Bounds on the acronyms taken from the papers.
const (
	minExplained = 3  // papers that explain a short form in one way
	minShare     = 5  // at least one in so many of those that explain it at all
	minUse       = 20 // at most so many papers have the short form for one that explains it: a set is no SET
	maxMeanings  = 3  // ways
	maxContext   = 6  // words that tell which way is meant
)

// acronyms is the lexicon of what the papers explain, and of well-known acronyms
// where they explain little. context are terms that go with form in the query.
func (s *snapshot) acronyms(form string, context []string) []acronym {
	if !strings.Contains(form, " ") {
		return s.meanings(form, context)
	}
	form = withoutStops(form)
	shorts := make(map[string]bool)
	for _, a := range acronymTable[form] {
		shorts[strings.ToLower(a.short)] = true
	}
	for term := range s.terms(meaningTerm + strings.ReplaceAll(form, " ", "") + "\x00") {
		if _, short, _ := cutMark(term); short != "" {
			shorts[short] = true
		}
	}
	var list []acronym
	for _, short := range slices.Sorted(maps.Keys(shorts)) {
		for _, a := range s.meanings(short, context) {
			if withoutStops(termsOf(a.long)) == form {
				list = append(list, a)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b acronym) int { return cmp.Compare(b.weight, a.weight) })
	return list[:min(len(list), maxMeanings)]
}

// meaning is one thing that a short form stands for.
type meaning struct {
	acronym
	terms  string
	marks  []string // the terms of papers that explain it
	papers int      // how many do
	usual  int      // how many write it as acronym has it
	known  bool     // to everybody
	share  float64  // of all that explain the short form, seen in the context
}

// meanings is what short stands for, the likeliest first.
func (s *snapshot) meanings(short string, context []string) []acronym {
	list, total := s.explained(short)
	if len(list) == 0 {
		return nil
	}
	s.weighContext(list, context)
	usual := total*minUse >= s.df(short) // and no word that some have made an acronym of
	var chosen []acronym
	for _, m := range list {
		if m.share*minShare >= 1 && (m.known || usual && m.papers >= minExplained) {
			m.weight = float32(expanded * min(1, 2*m.share))
			chosen = append(chosen, m.acronym)
		}
	}
	return chosen[:min(len(chosen), maxMeanings)]
}

// explained lists all that papers say short stands for, and how many say so at all.
func (s *snapshot) explained(short string) (list []meaning, total int) {
	at := make(map[string]int) // in list, by terms: singular and plural are one
	of := func(a acronym) *meaning {
		terms := termsOf(a.long)
		i, ok := at[terms]
		if !ok {
			i = len(list)
			at[terms] = i
			list = append(list, meaning{acronym: a, terms: terms})
		}
		return &list[i]
	}
	prefix := acronymTerm + short + "\x00"
	for term, papers := range s.terms(prefix) {
		long, written, _ := strings.Cut(term[len(prefix):], "\x00")
		m := of(acronym{short: written, long: long})
		m.marks = append(m.marks, term)
		m.papers += papers
		if papers > m.usual {
			m.usual, m.short, m.long = papers, written, long
		}
		total += papers
	}
	for _, a := range acronymTable[short] {
		m := of(a)
		m.short, m.long, m.known = a.short, a.long, true
		m.papers += minExplained
		total += minExplained
	}
	return longest(list), total
}

// longest gives the papers of a meaning to a longer one that ends or begins with
// it, if that is frequent too: "policy optimization" is what the rule at times
// leaves of "proximal policy optimization".
func longest(list []meaning) []meaning {
	var kept []meaning
	slices.SortFunc(list, func(a, b meaning) int {
		return cmp.Or(cmp.Compare(len(b.terms), len(a.terms)), cmp.Compare(a.terms, b.terms))
	})
	for _, m := range list {
		i := slices.IndexFunc(kept, func(long meaning) bool {
			return long.papers >= minExplained && long.papers*minShare >= m.papers &&
				(strings.HasSuffix(long.terms, " "+m.terms) || strings.HasPrefix(long.terms, m.terms+" "))
		})
		if i < 0 {
			kept = append(kept, m)
			continue
		}
		kept[i].papers += m.papers
		kept[i].marks = append(kept[i].marks, m.marks...)
	}
	return kept
}

// weighContext gives the meanings their shares and sorts them by these. The words
// of the context count as in naive Bayes: by how many of the papers that explain a
// short form in one way have them.
func (s *snapshot) weighContext(list []meaning, context []string) {
	sum := 0.0
	for i := range list {
		m := &list[i]
		m.share = float64(m.papers)
		if len(list) > 1 && m.papers >= minExplained {
			for _, w := range context[:min(len(context), maxContext)] {
				both := 0
				for _, mark := range m.marks {
					both += s.beside(mark, w)
				}
				usual := float64(s.df(w)+1) / float64(s.live+1)
				m.share *= (float64(both) + usual) / float64(min(m.papers, looked)+1) / usual
			}
		}
		sum += m.share
	}
	for i := range list {
		list[i].share /= sum
	}
	slices.SortStableFunc(list, func(a, b meaning) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.terms, b.terms))
	})
}
