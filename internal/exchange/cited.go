package exchange

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"paperboy/internal/paper"
)

// cited gathers what an entry of a reference manager says about which paper it
// means. Such entries have no one field for it.
type cited struct {
	ids   []string // what can only be an ID or a link, the most telling first
	doi   string
	texts []string // notes and names of journals, in which an arXiv id may stand
}

// ref is the paper that c means: by its arXiv id if it has one anywhere, then
// its DOI, then any other ID or link. doi is the published article's.
func (c cited) ref() (ref paper.Ref, doi string, ok bool) {
	var refs []paper.Ref
	for _, id := range append([]string{c.doi}, c.ids...) {
		if ref, ok := paper.ParseID(id); ok {
			refs = append(refs, ref)
		}
	}
	for _, text := range c.texts {
		for _, ref := range paper.FindIDs(text) {
			if ref.ID.Scheme() == paper.SchemeArXiv {
				refs = append(refs, ref)
			}
		}
	}
	if len(refs) == 0 {
		return paper.Ref{}, "", false
	}
	ref = slices.MinFunc(refs, func(a, b paper.Ref) int { return rank(a) - rank(b) })
	for _, r := range refs {
		if r.ID == ref.ID {
			ref.Version = max(ref.Version, r.Version)
		}
		if doi == "" && r.ID.Scheme() == paper.SchemeDOI {
			doi = r.ID.Value()
		}
	}
	return ref, doi, true
}

// rank is lower for what names a paper better.
func rank(ref paper.Ref) int {
	switch ref.ID.Scheme() {
	case paper.SchemeArXiv:
		return 0
	case paper.SchemeDOI:
		return 1
	case paper.SchemeURL:
		return 3
	}
	return 2
}

// partialDate begins BibTeX's date and RIS's DA and PY; a range begins with its
// first day.
var partialDate = regexp.MustCompile(`^(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?(?:\D|$)`)

// A partial date lacks its day, or its month too, where these are 0.
type partial struct{ year, month, day int }

func parsePartial(s string) partial {
	m := partialDate.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return partial{}
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	return partial{number(m[1]), number(m[2]), number(m[3])}
}

// or is the more exact of d and e.
func (d partial) or(e partial) partial {
	if d.year == 0 || d.month == 0 && e.month != 0 || d.day == 0 && e.day != 0 {
		return e
	}
	return d
}

// published is the first day that d allows. The month that an arXiv id begins
// with is better than a date without a day: that is often the conference's.
func (d partial) published(id paper.ID) time.Time {
	if d.month < 1 || d.month > 12 {
		d.month, d.day = 0, 0
	}
	if d.day > 31 {
		d.day = 0
	}
	if month, ok := arxivMonth(id); ok && d.day == 0 {
		return month
	}
	if d.year == 0 {
		return time.Time{}
	}
	return time.Date(d.year, time.Month(max(d.month, 1)), max(d.day, 1), 0, 0, 0, 0, time.UTC)
}

// arxivMonth is the month of a paper's submission: the first four digits of
// 2401.08383, and of what follows the slash in hep-th/9901001.
func arxivMonth(id paper.ID) (time.Time, bool) {
	if id.Scheme() != paper.SchemeArXiv {
		return time.Time{}, false
	}
	digits := id.Value()
	if _, after, old := strings.Cut(digits, "/"); old {
		digits = after
	}
	t, err := time.Parse("0601", digits[:min(len(digits), 4)])
	return t, err == nil
}

// preprint is what stands where a journal would for a paper that is in none.
var preprint = regexp.MustCompile(`(?i)^\s*(arxiv|corr$|ar5iv)`)

var (
	errNoID    = errors.New("has no arXiv id, DOI or link")
	errNoTitle = errors.New("has no title")
)

// problem is err about the entry called name, if it has one.
func problem(name string, err error) error {
	if name = paper.Line(name, 80); name == "" {
		return err
	}
	return fmt.Errorf("%q %w", name, err)
}

// finish makes p the paper that c means. name is what the entry calls itself,
// for the error.
func (c cited) finish(p paper.Paper, on partial, name string) (paper.Paper, error) {
	ref, doi, ok := c.ref()
	if !ok {
		return paper.Paper{}, problem(name, errNoID)
	}
	p.ID, p.Version, p.Link, p.DOI = ref.ID, ref.Version, ref.Link, doi
	p.Published = on.published(ref.ID)
	if preprint.MatchString(p.Venue) {
		p.Venue = ""
	}
	if p = paper.Clean(p); p.Title == "" {
		return paper.Paper{}, problem(name, errNoTitle)
	}
	return p, nil
}
