package paper

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits on what is kept of a paper, in bytes. The longest real titles and
// abstracts are a fraction of them; what is longer is an attack or a mistake
// and is cut.
const (
	MaxTitle    = 2_000
	MaxAbstract = 50_000
	MaxSummary  = 4_000
	MaxName     = 200   // of an author, a category, a keyword, an organisation
	MaxLink     = 2_000 // longer addresses are dropped, not cut
	MaxAuthors  = 10_000
	MaxWords    = 100 // categories, keywords
)

// Line makes text from outside fit for one line: valid UTF-8 in NFC, runs of
// white space and control characters folded into one space, at most limit bytes.
func Line(s string, limit int) string {
	s = bounded(s, limit)
	if plainLine(s) {
		return s[:min(len(s), limit)]
	}
	s = strings.Map(visible, s)
	return cut(norm.NFC.String(strings.Join(strings.Fields(s), " ")), limit)
}

// Paragraphs is Line for text in which an empty line starts a new paragraph.
func Paragraphs(s string, limit int) string {
	s = strings.ReplaceAll(bounded(s, limit), "\r\n", "\n")
	var kept []string
	for para := range strings.SplitSeq(s, "\n\n") {
		if line := Line(para, limit); line != "" {
			kept = append(kept, line)
		}
	}
	return cut(strings.Join(kept, "\n\n"), limit)
}

// bounded keeps the work on a huge text small: white space folds away, so a
// little more than the limit is looked at, and never a 10 MB title.
func bounded(s string, limit int) string {
	if max := 4 * limit; len(s) > max {
		s = s[:max]
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// plainLine reports whether s is ASCII that Line would not change, the usual case.
func plainLine(s string) bool {
	space := true // no space may lead
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' && space, c < ' ', c >= 0x7f:
			return false
		default:
			space = c == ' '
		}
	}
	return !space || s == ""
}

// visible drops what is unseen or changes how its neighbours are seen, such as
// the marks that turn the direction of writing around
// (https://www.unicode.org/reports/tr9/), and turns control characters into
// spaces. The joiners that Persian words and emoji need stay.
func visible(r rune) rune {
	switch {
	case r == '\u200c', r == '\u200d':
		return r
	case unicode.Is(unicode.Cf, r):
		return -1
	case unicode.IsControl(r):
		return ' '
	}
	return r
}

// cut shortens s to at most limit bytes without splitting a character.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return strings.TrimRight(s[:limit], " \n")
}
