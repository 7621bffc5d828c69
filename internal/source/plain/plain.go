// Package plain makes plain text of what feeds and registries call text, which
// may be HTML, JATS or neither.
package plain

import (
	"html"
	"regexp"

	"github.com/microcosm-cc/bluemonday"

	"paperboy/internal/paper"
)

var (
	// markup is a sign that a text is HTML. A lone < is not: abstracts say "p<0.05".
	markup = regexp.MustCompile(`(?i)</[a-z]|<(?:p|br|hr|img|div)[\s/>]`)
	blocks = regexp.MustCompile(`(?i)</?(?:jats:)?(?:p|div|li|ul|ol|dl|dd|dt|h[1-6]|hr|tr|table|pre|blockquote|section|sec|title|figure)[\s/>]|<br[\s/]*>\s*<br`)
	spaces = regexp.MustCompile(`(?i)<(?:br|td|th)[\s/>]`)
	policy = bluemonday.StrictPolicy()
)

// Line is the text of s on one line of at most limit bytes.
func Line(s string, limit int) string { return paper.Line(text(s, limit), limit) }

// Paragraphs is the text of s in at most limit bytes, with its paragraphs.
func Paragraphs(s string, limit int) string { return paper.Paragraphs(text(s, limit), limit) }

// text strips s of markup. Where that is much longer than what is kept of it,
// only its beginning is read.
func text(s string, limit int) string {
	s = s[:min(len(s), 16*limit)]
	if markup.MatchString(s) {
		s = blocks.ReplaceAllString(s, "\n\n$0")
		s = spaces.ReplaceAllString(s, " $0")
		s = policy.Sanitize(s)
	}
	return html.UnescapeString(s)
}
