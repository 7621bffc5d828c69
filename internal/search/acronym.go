package search

import (
	"cmp"
	_ "embed"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Well-known acronyms of the field, one a line: the short form, then the long.
// They make a small feed answer well; a larger one explains its own.
//
//go:embed acronyms.txt
var acronymList string

// acronym is a short form and what it stands for.
type acronym struct{ short, long string }

func (a acronym) String() string { return a.long + " (" + a.short + ")" }

// wellKnown is the lexicon of the embedded acronyms.
func wellKnown(form string) []acronym { return acronymTable[withoutStops(form)] }

var acronymTable = func() map[string][]acronym {
	table := make(map[string][]acronym)
	for line := range strings.Lines(acronymList) {
		short, long, _ := strings.Cut(strings.TrimSpace(line), " ")
		a := acronym{short, long}
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
		if !t.joined {
			b = append(append(b, t.term...), ' ')
		}
	}}
	s.scan(text, 0)
	return strings.TrimSuffix(string(b), " ")
}

// Bounds on an acronym, in characters and in words.
const (
	minShort, maxShort = 2, 8
	minLong, maxLong   = 2, 8
)

// acronyms yields the short and long forms, both in lower case, that text
// explains as in "mixture of experts (MoE)". The rule is that of Schwartz and
// Hearst, "A simple algorithm for identifying abbreviation definitions in
// biomedical text", PSB 2003.
func acronyms(text string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for at := 0; ; {
			open := strings.IndexByte(text[at:], '(')
			if open < 0 {
				return
			}
			open += at
			at = open + 1
			short, _, closed := strings.Cut(text[at:min(at+maxShort+2, len(text))], ")")
			if !closed || !isShort(short) {
				continue
			}
			short = strings.TrimSuffix(short, "s")
			long := longForm(short, text[max(0, open-200):open])
			if long != "" && !yield(strings.ToLower(short), long) {
				return
			}
		}
	}
}

// isShort reports whether s looks like an acronym: letters and digits with two
// capitals among them.
func isShort(s string) bool {
	for i := range len(s) {
		if !isWord[s[i]] {
			return false
		}
	}
	return minShort <= len(s) && len(s) <= maxShort && capitals(s) >= 2
}

// longForm is the end of before that short stands for, or "".
func longForm(short, before string) string {
	before = strings.ToLower(strings.TrimRight(before, " "))
	i := len(before)
	for k := len(short) - 1; k >= 0; k-- {
		c := short[k]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		for i--; i >= 0 && (before[i] != c || k == 0 && i > 0 && isWord[before[i-1]]); i-- {
		}
		if i < 0 {
			return ""
		}
	}
	long := before[i:]
	if strings.ContainsAny(long, ".,;:()$\\") {
		return ""
	}
	words := strings.FieldsFunc(long, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if n := len(words); n < minLong || n > maxLong || n > min(len(short)+5, 2*len(short)) {
		return ""
	}
	return strings.Join(words, " ")
}

// Bounds on the acronyms taken from the papers.
const (
	minExplained = 3  // papers that explain a short form in one way
	minShare     = 5  // at least one in so many of those that explain it at all
	minUse       = 20 // and of those that have the short form: a set is no SET
	maxMeanings  = 3  // ways
)

// acronyms is the lexicon of what the papers explain.
func (s *snapshot) acronyms(form string) []acronym {
	if !strings.Contains(form, " ") {
		return s.meanings(form)
	}
	var initials []byte
	for _, w := range strings.Fields(form) {
		initials = append(initials, w[0])
	}
	meanings := s.meanings(string(initials))
	form = withoutStops(form)
	return slices.DeleteFunc(meanings, func(a acronym) bool { return withoutStops(termsOf(a.long)) != form })
}

// meanings is what the papers say that short stands for, the most usual first.
func (s *snapshot) meanings(short string) []acronym {
	papers := make(map[string]int) // by long form as written
	key := acronymTerm + short + "\x00"
	for term, n := range s.terms(key) {
		if n > 0 {
			papers[term[len(key):]] = n
		}
	}
	if len(papers) == 0 {
		return nil
	}
	total, use := 0, s.df(short)
	together := make(map[string]int) // by terms: singular and plural are one
	usual := make(map[string]string) // how most papers write it
	for _, long := range slices.Sorted(maps.Keys(papers)) {
		terms := termsOf(long)
		if papers[long] > papers[usual[terms]] {
			usual[terms] = long
		}
		together[terms] += papers[long]
		total += papers[long]
	}
	var list []acronym
	for terms, n := range together {
		if n >= minExplained && n*minShare >= total && n*minUse >= use {
			list = append(list, acronym{short, usual[terms]})
		}
	}
	slices.SortFunc(list, func(a, b acronym) int {
		return cmp.Or(together[termsOf(b.long)]-together[termsOf(a.long)], cmp.Compare(a.long, b.long))
	})
	return list[:min(len(list), maxMeanings)]
}
