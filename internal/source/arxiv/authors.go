package arxiv

import (
	"regexp"
	"strings"
	"unicode"

	"paperboy/internal/paper"
)

// authors are e's, and how many they are.
func authors(e entry) ([]string, int) {
	list := e.Authors
	for _, creators := range e.Creators {
		list = append(list, splitAuthors(creators)...)
	}
	var names []string
	for _, n := range list[:min(len(list), paper.MaxAuthors)] {
		// Collaborations are followed by a lone colon.
		if n = paper.Line(n, paper.MaxName); strings.ContainsFunc(n, unicode.IsLetter) {
			names = append(names, n)
		}
	}
	return names, len(names)
}

var (
	affiliation = regexp.MustCompile(`\s*\([^()]*\)`)
	separator   = regexp.MustCompile(`\s*,\s*(?:&|and\s)\s*|\s*,\s*|\s+&\s+`)
	suffix      = regexp.MustCompile(`^(?:[JS]r\.?|I{2,3}|IV)$`)
)

// splitAuthors takes apart the line of all authors that the feeds have, with
// affiliations in brackets, TeX for accents, and commas before "Jr." as well.
func splitAuthors(s string) []string {
	if limit := paper.MaxAuthors * paper.MaxName; len(s) > limit {
		s = s[:limit]
	}
	for range 3 { // brackets in brackets, from the inside out
		s = affiliation.ReplaceAllString(s, "")
	}
	var names []string
	for _, n := range separator.Split(accents(s), -1) {
		if last := len(names) - 1; last >= 0 && suffix.MatchString(n) {
			names[last] += " " + n
		} else if n != "" {
			names = append(names, n)
		}
	}
	return names
}
