package exchange

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// nameParts is a name in the four parts that BibTeX knows.
type nameParts struct{ first, von, last, suffix string }

// parseName takes apart a name as people write it, "Ludwig van Beethoven" or
// "Martin Luther King Jr.". Names of one word and of organisations are all last.
func parseName(s string) nameParts {
	words := strings.Fields(s)
	if len(words) < 2 || isOrganisation(words) {
		return nameParts{last: s}
	}
	var n nameParts
	if end := len(words) - 1; end > 1 && isSuffix(words[end]) {
		n.suffix, words = words[end], words[:end]
		words[end-1] = strings.TrimSuffix(words[end-1], ",")
	}
	end := len(words) - 1
	von := end
	if i := slices.IndexFunc(words[:end], isParticle); i > 0 {
		von = i
	}
	n.first = strings.Join(words[:von], " ")
	n.von = strings.Join(words[von:end], " ")
	n.last = words[end]
	return n
}

// family is the name people are sorted by, with its particles.
func (n nameParts) family() string { return strings.TrimSpace(n.von + " " + n.last) }

// isParticle reports a word such as "van", "de" or "'t": BibTeX takes it from
// the first letter being small.
func isParticle(word string) bool {
	i := strings.IndexFunc(word, unicode.IsLetter)
	return i >= 0 && unicode.IsLower([]rune(word[i:])[0])
}

var suffixes = []string{"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"}

func isSuffix(word string) bool { return slices.Contains(suffixes, word) }

// organisation is a word that a group's name ends with and no person's does.
// The case matters: Bo Ai is a person.
var organisation = regexp.MustCompile(`^(AI|Team|Group|Collaboration|Consortium|Labs?|Laborator(y|ies)|University|Institute|` +
	`Inc\.?|LLC|Ltd\.?|GmbH|Corporation|Foundation|Initiative|Research|Community|Alliance|Committee|Organi[sz]ation|` +
	`Association|Society|Networks?|Cent(er|re)|Department|School|Project|Technologies|Intelligence)$`)

func isOrganisation(words []string) bool {
	return words[0] == "The" || words[0] == "Team" || slices.ContainsFunc(words, joins) ||
		organisation.MatchString(words[len(words)-1])
}

// joins reports a word that no person's name has. An "and" in any case would
// also part the name in two for BibTeX.
func joins(word string) bool { return strings.EqualFold(word, "and") || word == "of" }

// fromBibTeXName is the name in the order people say it, from BibTeX's "First
// Last", "Last, First" or "Last, Jr., First". Commas in braces do not count.
func fromBibTeXName(s string) string {
	parts := splitTop(s, ",")
	switch len(parts) {
	case 1:
		return parts[0]
	case 2:
		return joinWords(parts[1], parts[0])
	}
	return joinWords(parts[2], parts[0], parts[1])
}

// fromRISName is fromBibTeXName for RIS, which has "Last, First, Jr.".
func fromRISName(s string) string {
	parts := strings.SplitN(s, ",", 3)
	if len(parts) == 1 {
		return s
	}
	parts[0], parts[1] = parts[1], parts[0]
	return joinWords(parts...)
}

func joinWords(parts ...string) string {
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}
