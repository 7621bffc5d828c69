package arxiv

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/source"
)

// readFeed reads the feed of now's day, and returns at with what it was. All
// categories are asked for at once, so that each paper comes once.
func (s *Source) readFeed(ctx context.Context, at cursor, now time.Time) (source.Page, cursor, error) {
	resp, err := s.get(ctx, s.feedURL(), at.ETag)
	if err != nil {
		return source.Page{}, cursor{}, fmt.Errorf("feed: %w", err)
	}
	at.Asked = now.UTC().Truncate(time.Second)
	if resp.NotModified {
		return source.Page{}, at, nil
	}
	doc, err := read(resp.Body)
	if err != nil {
		return source.Page{}, cursor{}, fmt.Errorf("feed: %w", err)
	}
	at.ETag = paper.Line(resp.ETag, paper.MaxName)
	today := dayOf(now)
	papers, problems := announced(doc, today)
	// If none is of today, the feed is late, there is a holiday that the calendar
	// does not know, or our clock is wrong.
	if slices.ContainsFunc(papers, func(p paper.Paper) bool { return p.Sightings[0].Day == today }) {
		at.Read = append(at.Read, today)
	}
	return source.Page{Papers: papers, Problems: problems}, at, nil
}

func (s *Source) feedURL() string {
	var names []string
	for _, c := range s.categories {
		names = append(names, url.PathEscape(c))
	}
	return s.feeds + "/" + strings.Join(names, "+")
}

// announced are the papers of a feed that was read on today. When they were
// submitted, and when first, a feed does not tell.
func announced(doc document, today date.Date) (papers []paper.Paper, problems []error) {
	for i, e := range doc.Entries {
		p, err := e.paper()
		if err != nil {
			problems = append(problems, fmt.Errorf("feed, entry %d: %w", i+1, err))
			continue
		}
		p.Published, p.Updated = time.Time{}, time.Time{}
		p.Sightings = []paper.Sighting{{
			Source: name,
			Kind:   e.kind(),
			Day:    cmp.Or(e.day(), feedDay(doc.Day), today),
		}}
		papers = append(papers, p)
	}
	if len(doc.Entries) >= feedLimit {
		problems = append(problems, fmt.Errorf("the feed ends at %d entries, the rest of the day is missing; set fewer categories", feedLimit))
	}
	return papers, problems
}
