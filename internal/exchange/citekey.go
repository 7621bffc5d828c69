package exchange

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"paperboy/internal/paper"
)

// citeKey is what people type to cite p: "vaswani2017attention".
func citeKey(p paper.Paper) string {
	var author, year string
	if len(p.Authors) > 0 {
		author = keyLetters(parseName(p.Authors[0]).last)
	}
	if !p.Published.IsZero() {
		year = p.Published.Format("2006")
	}
	word := titleWord(plainTitle(p))
	if author == "" && word == "" { // written in another script
		return keyLetters(string(p.ID))
	}
	return author + year + word
}

var insignificant = strings.Fields(`a an and are as at be by can do does for from how in into is it its of on or
	our the their this to toward towards via we what when where which who why with without`)

// titleWord is the first word of title that tells papers apart: not a number, a
// letter or one of the insignificant. If there is none, it is the first word.
func titleWord(title string) string {
	words := strings.FieldsFunc(strings.ReplaceAll(title, "'", ""), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	first := ""
	for _, word := range words {
		word = keyLetters(word)
		if len(word) > 1 && word[0] > '9' && !slices.Contains(insignificant, word) {
			return word
		}
		first = cmp.Or(first, word)
	}
	return first
}

// latin are letters that do not come apart into an ASCII one and a mark.
var latin = strings.NewReplacer("ß", "ss", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "æ", "ae", "œ", "oe", "ı", "i", "ŋ", "n")

// keyLetters is the part of s that a key can hold: small ASCII letters and
// digits. Of other scripts nothing is left.
func keyLetters(s string) string {
	const enough = 40
	s = norm.NFD.String(latin.Replace(strings.ToLower(s)))
	s = strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, s)
	return s[:min(len(s), enough)]
}

// citeKeys has how often each key was wanted so far.
type citeKeys map[string]int

// unique is p's key, with a letter behind it if an earlier paper has the same.
func (k citeKeys) unique(p paper.Paper) string {
	base := citeKey(p)
	key := base
	for k[key] > 0 {
		key = base + letters(k[base])
		k[base]++
	}
	k[key]++
	return key
}

// letters counts a, b, … z, aa, ab, … from 1.
func letters(n int) string {
	s := ""
	for ; n > 0; n = (n - 1) / 26 {
		s = string(rune('a'+(n-1)%26)) + s
	}
	return s
}
