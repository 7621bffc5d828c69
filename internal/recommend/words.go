package recommend

import (
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"paperboy/internal/paper"
)

// wordsOf is the words of text, in plain lower case without accents; of a huge
// text the first ones.
func wordsOf(text string) []string {
	text = text[:min(len(text), paper.MaxTitle)]
	isASCII := !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
	text = strings.ToLower(text)
	if !isASCII {
		text = strings.Map(withoutAccents, norm.NFKD.String(strings.ToValidUTF8(text, " ")))
	}
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func withoutAccents(r rune) rune {
	if unicode.Is(unicode.Mn, r) {
		return -1
	}
	return unicode.ToLower(r)
}

// AuthorKey is the name of an author as Team.Fans has it: the same however it
// is capitalised, accented, spaced and ordered ("Shazeer, Noam").
func AuthorKey(name string) string {
	if last, first, ok := strings.Cut(name, ","); ok {
		name = first + " " + last
	}
	return strings.Join(wordsOf(name), " ")
}

// maxAuthors is how many authors of a paper are looked at: a collaboration of
// thousands is nobody's taste.
const maxAuthors = 100

// authorHashes stands for the keys of names, in the same order; 0 for none.
func authorHashes(names []string) []uint64 {
	hashes := make([]uint64, min(len(names), maxAuthors))
	for i := range hashes {
		hashes[i] = hash(AuthorKey(names[i]))
	}
	return hashes
}

// hash is the same in every process, so that even a collision is no surprise.
func hash(key string) uint64 {
	if key == "" {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(key))
	return h.Sum64()
}

// stopWords tell nothing about a paper.
var stopWords = strings.Fields("a an and are as at be by can do does for from how in into is it its not of on or " +
	"that the their to toward towards under using via we what when with without")

// telling leaves stop words out, and what is beyond the limit, and makes plurals
// singular.
func telling(words []string) (kept []string) {
	const limit = 64
	for _, w := range words {
		if len(kept) == limit {
			break
		}
		if !slices.Contains(stopWords, w) {
			kept = append(kept, singular(w))
		}
	}
	return kept
}

func singular(w string) string {
	if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") {
		return w[:len(w)-1]
	}
	return w
}
