package exchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"paperboy/internal/date"
	"paperboy/internal/paper"
)

// An object is a line of JSON in any of three shapes, told apart by its fields:
// our own export, whose names are those of paper.Paper; a paper of Hugging
// Face's daily page; and the common dump of arXiv, which has but an id, title,
// summary, authors, categories and published. In the last two the summary is
// the abstract.
type object struct {
	paper.Paper        // of our own, less what hides it here
	Authors     names  `json:"authors"`
	Published   moment `json:"published"`
	daily
}

// daily is what only the daily page has.
type daily struct {
	PublishedAt moment   `json:"publishedAt"`
	Date        moment   `json:"date"` // of the page
	Upvotes     int      `json:"upvotes"`
	UpvotesMax  int      `json:"upvotes_max"`
	NumComments int      `json:"numComments"`
	SubmittedBy string   `json:"submitted_by"`
	AISummary   string   `json:"ai_summary"`
	AIKeywords  []string `json:"ai_keywords"`
	GithubRepo  string   `json:"githubRepo"`
	GithubStars int      `json:"githubStars"`
}

func (o object) paper() (paper.Paper, error) {
	ref, err := o.ref()
	if err != nil {
		return paper.Paper{}, err
	}
	p := o.Paper
	ours := string(p.ID) == string(ref.ID) || p.ID.Scheme() == paper.SchemeURL || p.Abstract != "" || p.Sightings != nil
	p.ID, p.Link, p.Version = ref.ID, ref.Link, max(p.Version, ref.Version)
	p.Authors, p.Published = o.Authors, time.Time(o.Published)
	if !ours {
		o.foreign(&p)
	}
	if err := checkSightings(p.Sightings); err != nil {
		return paper.Paper{}, err
	}
	if p = paper.Clean(p); p.Title == "" && !ours {
		return paper.Paper{}, fmt.Errorf("%s %w", p.ID, errNoTitle)
	}
	return p, nil
}

// ref is the paper's ID. A hash of an address is made anew, so that a file
// cannot put a link under another link's ID.
func (o object) ref() (paper.Ref, error) {
	id := o.ID
	if id == "" {
		return paper.Ref{}, errors.New(`has no "id"`)
	}
	if id.Scheme() == paper.SchemeURL {
		id = paper.ID(o.Link)
	}
	if ref, ok := paper.ParseID(string(restoreZeros(id))); ok {
		return ref, nil
	}
	return paper.Ref{}, fmt.Errorf("%q is not an id that papers have", paper.Line(string(o.ID), 80))
}

// sourceName is what may stand after "source:" in a search.
var sourceName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)

// checkSightings refuses what no source of ours would have said.
func checkSightings(sightings []paper.Sighting) error {
	if len(sightings) > paper.MaxWords {
		return fmt.Errorf("has %d sightings, more than there are sources", len(sightings))
	}
	for _, s := range sightings {
		if !sourceName.MatchString(s.Source) {
			return fmt.Errorf("%q is not the name of a source", paper.Line(s.Source, 40))
		}
		switch s.Kind {
		case paper.Listed, paper.New, paper.Cross, paper.Replace:
		default:
			return fmt.Errorf("%q is not a kind of announcement", paper.Line(string(s.Kind), 40))
		}
	}
	return nil
}

// foreign fills in p from the two shapes that are not ours.
func (o object) foreign(p *paper.Paper) {
	p.Abstract, p.Summary = p.Summary, o.AISummary
	if o.ofDailyPage() {
		p.Keywords, p.Code, p.Stars = o.AIKeywords, o.GithubRepo, o.GithubStars
		if p.Published.IsZero() {
			p.Published = time.Time(o.PublishedAt)
		}
		p.Sightings = o.sightings()
		return
	}
	if p.ID.Scheme() == paper.SchemeArXiv && !p.Published.IsZero() {
		// The dump has the day of submission only; the announcement was one to
		// four days later, which no other field tells.
		p.Sightings = []paper.Sighting{{Source: "arxiv", Kind: paper.New, Day: date.Of(p.Published)}}
	}
}

func (d daily) ofDailyPage() bool {
	return d.listed() || !time.Time(d.PublishedAt).IsZero() || d.NumComments > 0 || d.SubmittedBy != "" ||
		d.AISummary != "" || len(d.AIKeywords) > 0 || d.GithubRepo != ""
}

// listed reports whether the paper is known to have been on the page.
func (d daily) listed() bool {
	return !time.Time(d.Date).IsZero() || max(d.Upvotes, d.UpvotesMax) > 0
}

func (d daily) sightings() []paper.Sighting {
	if !d.listed() {
		return nil
	}
	return []paper.Sighting{{
		Source:   "huggingface",
		Day:      date.Of(time.Time(d.Date)),
		Votes:    max(d.Upvotes, d.UpvotesMax),
		Comments: d.NumComments,
		By:       d.SubmittedBy,
	}}
}

// A moment is written as a time or as a day only.
type moment time.Time

func (m *moment) UnmarshalText(b []byte) error {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, string(b)); err == nil {
			*m = moment(t.UTC())
			return nil
		}
	}
	if len(b) == 0 {
		return nil
	}
	return fmt.Errorf("%q is not a day like 2026-02-27 or a time like 2026-02-27T09:00:00Z", paper.Line(string(b), 40))
}

// names are a list or text with commas between them.
type names []string

func (n *names) UnmarshalJSON(b []byte) error {
	var list []string
	if b[0] == '"' {
		var joined string
		if err := json.Unmarshal(b, &joined); err != nil {
			return err
		}
		list = splitNames(joined)
	} else if err := json.Unmarshal(b, &list); err != nil {
		return errors.New(`"authors" is neither a list of names nor text`)
	}
	*n = list
	return nil
}

// splitNames takes names apart that have commas between them. Real lists also
// have an "and" at the end, a "Jr." that belongs to the name before, and a lone
// ":" behind an organisation.
func splitNames(joined string) []string {
	var list []string
	for name := range strings.SplitSeq(joined, ",") {
		name = strings.TrimSpace(name)
		name = strings.TrimSuffix(strings.TrimPrefix(name, "and "), " and")
		switch {
		case !strings.ContainsFunc(name, unicode.IsLetter):
		case isSuffix(name) && len(list) > 0:
			list[len(list)-1] += " " + name
		default:
			list = append(list, name)
		}
	}
	return list
}
