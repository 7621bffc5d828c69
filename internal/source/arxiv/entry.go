package arxiv

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
)

// paper describes e's paper, without its sightings.
func (e entry) paper() (paper.Paper, error) {
	ref, ok := identifier(cmp.Or(e.ID, e.GUID))
	if !ok {
		return paper.Paper{}, fmt.Errorf("%q is no arXiv identifier", paper.Line(cmp.Or(e.ID, e.GUID), paper.MaxName))
	}
	p := paper.Paper{
		ID:         ref.ID,
		Version:    ref.Version,
		Published:  moment(e.Published),
		Updated:    moment(e.Updated),
		Title:      paper.Line(e.Title, paper.MaxTitle),
		Abstract:   paper.Paragraphs(abstract(cmp.Or(e.Summary, e.Description)), paper.MaxAbstract),
		Categories: categories(e),
		DOI:        doi(cmp.Or(e.DOI, e.DOIRSS)),
		Venue:      paper.Line(cmp.Or(e.Journal, e.JournalRSS), paper.MaxTitle),
		Comment:    paper.Line(e.Comment, paper.MaxTitle),
	}
	if p.Title == "" {
		return paper.Paper{}, fmt.Errorf("%s has no title", ref.ID)
	}
	p.Authors, p.AuthorCount = authors(e)
	return p, nil
}

// identifier reads "http://arxiv.org/abs/1707.08567v1" and
// "oai:arXiv.org:2508.13426v1".
func identifier(id string) (paper.Ref, bool) {
	id = strings.TrimSpace(id)
	if _, after, found := strings.Cut(id, "/abs/"); found {
		return paper.ArXiv(after)
	}
	return paper.ArXiv(strings.TrimPrefix(id, "oai:arXiv.org:"))
}

// announcement is what the feeds put before an abstract.
var announcement = regexp.MustCompile(`^\s*arXiv:\S+\s+Announce Type:\s*(\S+)\s+(?:Abstract:)?`)

func abstract(s string) string { return s[len(announcement.FindString(s)):] }

// kind is the announcement's. Replacements in a paper's own category and in
// others are the same to a reader.
func (e entry) kind() paper.Kind {
	kind := strings.TrimSpace(e.Type)
	if m := announcement.FindStringSubmatch(cmp.Or(e.Summary, e.Description)); kind == "" && m != nil {
		kind = m[1]
	}
	switch kind {
	case "new":
		return paper.New
	case "cross":
		return paper.Cross
	case "replace", "replace-cross":
		return paper.Replace
	}
	return paper.Listed
}

// day is the one e was announced on, as the feed's own time zone shows it; the
// zero Date if e does not say.
func (e entry) day() date.Date { return feedDay(cmp.Or(e.PubDate, e.Published)) }

func feedDay(s string) date.Date { return date.Of(parseTime(s)) }

func moment(s string) time.Time { return parseTime(s).UTC() }

// parseTime reads a time as Atom or RSS has it; the zero time stands for none,
// and for one in no year of ours.
func parseTime(s string) time.Time {
	for _, layout := range []string{time.RFC3339, time.RFC1123Z, time.RFC1123} {
		t, err := time.Parse(layout, strings.TrimSpace(s))
		if err == nil && t.Year() >= 1900 && t.Year() <= 2100 {
			return t
		}
	}
	return time.Time{}
}

// arXiv's own categories; among them stand classes of other schemes, such as
// "68T05" and "I.2.6".
var ownCategory = regexp.MustCompile(`^[a-z]+(-[a-z]+)*(\.[A-Za-z]+(-[a-z]+)*)?$`)

// categories are e's, the primary one first.
func categories(e entry) []string {
	var names []string
	for _, c := range append([]category{e.Primary}, e.Categories...) {
		n := paper.Line(cmp.Or(c.Term, c.Text), paper.MaxName)
		if ownCategory.MatchString(n) && !slices.Contains(names, n) {
			names = append(names, n)
		}
		if len(names) == paper.MaxWords {
			break
		}
	}
	return names
}

// doi is the first of those that s names.
func doi(s string) string {
	for field := range strings.FieldsSeq(s) {
		if strings.HasPrefix(field, "10.") {
			return paper.Line(field, paper.MaxName)
		}
	}
	return ""
}
