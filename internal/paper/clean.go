package paper

import (
	"math"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"paperboy/internal/date"
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

	maxCount = math.MaxInt32 // of votes, stars, authors: what a column of every database holds
	maxYear  = 9999          // what is later cannot be read back from text
)

// Line makes text from outside fit for one line: valid UTF-8 in NFC, runs of
// white space and control characters folded into one space, at most limit bytes.
func Line(s string, limit int) string {
	s = strings.TrimSpace(bounded(s, limit))
	if plainLine(s) {
		return cut(s, limit)
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
	case r >= ' ' && r < 0x7f, r == '\u200c', r == '\u200d':
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

// Clean is p with every text field as Paper promises and every list bounded,
// whatever a source or a file held. What it leaves without a title or an ID is
// no paper.
func Clean(p Paper) Paper {
	p.Title = Line(p.Title, MaxTitle)
	p.Abstract = Paragraphs(p.Abstract, MaxAbstract)
	p.Summary = Line(p.Summary, MaxSummary)
	p.Authors = cleanList(p.Authors, MaxAuthors)
	p.AuthorCount = cleanCount(max(p.AuthorCount, len(p.Authors)))
	p.Categories = cleanList(p.Categories, MaxWords)
	p.Keywords = cleanList(p.Keywords, MaxWords)
	p.Venue = Line(p.Venue, MaxTitle)
	p.Comment = Line(p.Comment, MaxTitle)
	p.Organization = Line(p.Organization, MaxName)
	p.DOI = Line(p.DOI, MaxName)
	p.Link, p.Code, p.Project = cleanLink(p.Link), cleanLink(p.Code), cleanLink(p.Project)
	p.Version, p.Stars = cleanCount(p.Version), cleanCount(p.Stars)
	p.Published, p.Updated = cleanTime(p.Published), cleanTime(p.Updated)
	p.Sightings = mergeSightings(p.Sightings, nil) // a copy: the caller's stay as they are
	for i, s := range p.Sightings {
		s.Day, s.By = cleanDay(s.Day), Line(s.By, MaxName)
		s.Votes, s.Comments = cleanCount(s.Votes), cleanCount(s.Comments)
		p.Sightings[i] = s
	}
	return p
}

func cleanCount(n int) int { return min(max(n, 0), maxCount) }

func cleanDay(d date.Date) date.Date {
	if d.Year < 1 || d.Year > maxYear {
		return date.Date{}
	}
	return d
}

// cleanTime is t as it comes back from the store: UTC, in microseconds. The
// first instant of 1970, which a bare year may mean, is 0 there and would come
// back as unknown; so it is moved by one of them.
func cleanTime(t time.Time) time.Time {
	t = t.UTC().Truncate(time.Microsecond)
	switch {
	case t.IsZero(), t.Year() < 1, t.Year() > maxYear:
		return time.Time{}
	case t.UnixMicro() == 0:
		return time.UnixMicro(1).UTC()
	}
	return t
}

func cleanList(list []string, limit int) []string {
	var kept []string
	for _, s := range list[:min(len(list), limit)] {
		if s = Line(s, MaxName); s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// cleanLink keeps addresses of the web only: what people click on must not run
// anything (javascript:, data:) or read a file.
func cleanLink(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > MaxLink || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || r == utf8.RuneError }) {
		return ""
	}
	if u, err := url.Parse(s); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return s
}
