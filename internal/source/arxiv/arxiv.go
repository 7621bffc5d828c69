// Package arxiv reads arXiv: each day's announcement from its feeds
// (https://info.arxiv.org/help/rss.html), and what was missed from its query
// interface (https://info.arxiv.org/help/api/user-manual.html).
package arxiv

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/polite"
	"paperboy/internal/source"
)

const (
	name     = "arxiv"
	apiHome  = "https://export.arxiv.org"
	feedHome = "https://rss.arxiv.org"

	// One request in three seconds, over all of arXiv's interfaces and all who
	// share the pacer (https://info.arxiv.org/help/api/tou.html).
	every = 3 * time.Second

	feedLimit = 2_000            // entries of a feed; arXiv leaves out the rest
	turnover  = 10 * time.Minute // after midnight until arXiv's new feeds are surely there
)

// Source is the announcements of some categories of arXiv.
type Source struct {
	client     *polite.Client
	api, feeds string
	categories []string
}

var (
	_ source.Source   = (*Source)(nil)
	_ source.Resolver = (*Source)(nil)
)

// New returns a Source of categories, such as cs.LG, and whole archives, such as
// cs. Empty addresses stand for arXiv's own. Others are given as the part
// before /api/query and before /rss/cs.LG (or /atom/cs.LG, if they end in
// /atom); those paths may be there already.
func New(client *polite.Client, apiURL, feedURL string, categories []string) *Source {
	api := strings.TrimRight(cmp.Or(apiURL, apiHome), "/")
	if !strings.HasSuffix(api, "/query") {
		api = strings.TrimSuffix(api, "/api") + "/api/query"
	}
	feeds := strings.TrimRight(cmp.Or(feedURL, feedHome), "/")
	if !strings.HasSuffix(feeds, "/rss") && !strings.HasSuffix(feeds, "/atom") {
		feeds += "/rss" // which tells its day even when it is empty
	}
	s := &Source{client: client, api: api, feeds: feeds}
	for _, c := range categories {
		if c = canonical(c); c != "" {
			s.categories = append(s.categories, c)
		}
	}
	return s
}

// canonical is category in the case that arXiv uses: cs.LG, cond-mat.mtrl-sci.
func canonical(category string) string {
	archive, class, found := strings.Cut(strings.ToLower(strings.TrimSpace(category)), ".")
	switch {
	case !found:
		return archive
	case len(class) == 2:
		class = strings.ToUpper(class)
	}
	return archive + "." + class
}

// Name implements source.Source.
func (s *Source) Name() string { return name }

// Fetch reads the announcements one after the other: those of past days from
// the query interface, a page of submissions at a time, then today's from the
// feed. The first time it starts three days ago.
//
// Catching up cannot bring back replacements, and gives a paper that moderators
// held back the day on which it should have been announced.
func (s *Source) Fetch(ctx context.Context, ask source.Ask) (source.Page, error) {
	page, err := s.fetch(ctx, ask)
	if err != nil {
		return source.Page{}, fmt.Errorf("arxiv: %w", err)
	}
	return page, nil
}

func (s *Source) fetch(ctx context.Context, ask source.Ask) (source.Page, error) {
	if len(s.categories) == 0 {
		return source.Page{}, errors.New("no categories are set; name some, such as cs.LG")
	}
	today := date.Of(ask.Now.In(eastern))
	at, err := resume(ask, today)
	switch {
	case err != nil:
		return source.Page{}, err
	case at.Day.Before(today):
		return s.catchUp(ctx, at, today)
	case at.Day == today:
		return s.readFeed(ctx, at, ask.Now)
	}
	// Today's feed has been read and does not change.
	return source.Page{Next: at.String(), Wait: untilTurnover(ask.Now), Progress: 1}, nil
}

// untilTurnover is how long the feeds of now's day stay.
func untilTurnover(now time.Time) time.Duration {
	tomorrow := date.Of(now.In(eastern)).AddDays(1)
	return tomorrow.Start(eastern).Add(turnover).Sub(now)
}

func (s *Source) get(ctx context.Context, address, etag string) (*polite.Response, error) {
	resp, err := s.client.Get(ctx, polite.Request{
		URL:    address,
		Accept: "application/atom+xml, application/rss+xml;q=0.9, */*;q=0.1",
		Pace:   polite.Pace{Key: name, Every: every},
		ETag:   etag,
	})
	if err != nil {
		return nil, explain(err)
	}
	return resp, nil
}

// explain adds the reason that arXiv itself gives.
func explain(err error) error {
	var status *polite.StatusError
	if !errors.As(err, &status) {
		return err
	}
	doc, _ := parse(status.Body) // often cut, or no feed at all
	if why := doc.complaint(); why != "" {
		return fmt.Errorf("%w: %s", err, why)
	}
	return err
}

// read is parse for an answer that should hold papers.
func read(body []byte) (document, error) {
	doc, err := parse(body)
	if err != nil {
		return document{}, err
	}
	if why := doc.complaint(); why != "" {
		return document{}, errors.New(why)
	}
	return doc, nil
}

// ours reports whether category, or all of its archive, is asked for.
func (s *Source) ours(category string) bool {
	archive, _, _ := strings.Cut(category, ".")
	return slices.ContainsFunc(s.categories, func(c string) bool {
		return c == category || c == archive
	})
}

// sighting is the announcement of p as the query interface lets it be inferred.
func (s *Source) sighting(p paper.Paper, day date.Date) paper.Sighting {
	kind := paper.Cross
	if len(p.Categories) > 0 && s.ours(p.Categories[0]) {
		kind = paper.New
	}
	if !p.Published.IsZero() {
		day = Announced(p.Published)
	}
	return paper.Sighting{Source: name, Kind: kind, Day: day}
}
