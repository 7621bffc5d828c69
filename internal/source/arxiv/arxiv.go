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
	feedEvery = time.Hour        // until the day's announcement is in it
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

// Fetch reads today's feed first, and then catches up with the announcements
// before it from the query interface, a page of submissions at a time. A feed is
// there for one day and never again, and it alone has replacements and what
// moderators held back, while the query interface can be asked at any time. The
// first time catching up starts three days ago.
//
// A failing query interface therefore delays no feed. A failing feed is an error
// before anything is caught up with: that can wait, and nobody should have to
// guess why a mistyped category brings no news.
func (s *Source) Fetch(ctx context.Context, ask source.Ask) (source.Page, error) {
	if len(s.categories) == 0 {
		return source.Page{}, errors.New("no categories are set; name some, such as cs.LG")
	}
	today := dayOf(ask.Now)
	at, err := resume(ask, today)
	if err != nil {
		return source.Page{}, err
	}
	var page source.Page
	next := at
	switch {
	case at.feedDue(ask.Now):
		page, next, err = s.readFeed(ctx, at, ask.Now)
	case at.Day.Before(today):
		page, next, err = s.catchUp(ctx, at)
	}
	if err != nil {
		return source.Page{}, err
	}
	next = next.forward(today)
	page.Next = next.String()
	page.Progress = next.progress(today)
	page.More = next.feedDue(ask.Now) || next.Day.Before(today)
	if !page.More {
		page.Wait = next.wait(ask.Now)
	}
	return page, nil
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
