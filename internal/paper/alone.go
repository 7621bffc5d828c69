package paper

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// near is how far around a number is looked, in bytes.
const near = 12

// standsAlone reports whether text[from:to] is a word: no part of a longer
// number, a version, a path or a file name except its own PDF's.
func standsAlone(text string, from, to int) bool {
	after := strings.TrimLeft(text[to:min(to+near, len(text))], "_")
	after = strings.TrimLeft(strings.TrimPrefix(after, ".pdf"), ".")
	next, _ := utf8.DecodeRuneInString(after)
	return !continues(text, from) && !partOfWord(next)
}

// continues reports whether what begins at text[from] is part of something that
// began before it. Underscores may be emphasis.
func continues(text string, from int) bool {
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text[max(0, from-near):from], "_"))
	return partOfWord(before)
}

func partOfWord(r rune) bool {
	return strings.ContainsRune(`/.-%@\`, r) || (unicode.IsLetter(r) || unicode.IsNumber(r)) && !otherScript(r)
}

// otherScript reports whether r is of a script that puts no spaces between words.
func otherScript(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
}

// lastBareYear is the last one (of 2000) that a bare number is taken for an
// arXiv id of. Links and "arXiv:" are taken at their word.
const lastBareYear = "40"

// amount reports whether the number text[from:to], which could be an arXiv id,
// rather counts something: it is assigned, has a currency or a unit, or is the
// number of something else.
func amount(text string, from, to int) bool {
	before := strings.TrimRight(text[max(0, from-near):from], " ")
	sign, _ := utf8.DecodeLastRuneInString(before)
	return text[from:from+2] > lastBareYear ||
		strings.ContainsRune("=≈±×+", sign) && !eprint.MatchString(before) || unicode.Is(unicode.Sc, sign) ||
		numbered.MatchString(before) || unit.MatchString(text[to:min(to+near, len(text))])
}

var (
	// eprint is what assigns an id, in BibTeX and in Wikipedia's citations.
	eprint = regexp.MustCompile(`(?i)(?:arxiv|eprint)\s*=$`)
	// numbered precedes amounts and the numbers of other things.
	numbered = regexp.MustCompile(`(?i)\b(?:usd|eur|gbp|chf|jpy|cny|rmb|rs\.|tel|phone|fax|build|vixra)[.:]*$`)
)

var unit = regexp.MustCompile(`(?i)^\s?(?:[%‰°×=元円원万]|\p{Sc}|(?:[munµ]?s|secs?|seconds|mins?|hours?|[kmgt]?hz|[kmgt]i?b|[km]g|[kmcn]m|[kmg]?ev|kj|[km]wh|usd[tc]?|eur|gbp|chf|jpy|cny|rmb|dollars?|euros?|btc|tokens?)\b)`)
