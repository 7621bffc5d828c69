package arxiv

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/source"
)

const (
	pageSize  = 1_000  // papers; arXiv gives up to 2,000, slowly
	lastStart = 29_000 // arXiv answers 400 beyond 30,000; a week has some 7,000 papers
	maxTries  = 4      // of one page, which now and then comes back empty by accident
	maxIDs    = 100    // of one request
)

// catchUp reads a page of the papers announced on the cursor's days, which are
// past, by when they were submitted, and returns the cursor after it. This
// cannot bring back replacements, and gives a paper that moderators held back
// the day on which it should have been announced.
func (s *Source) catchUp(ctx context.Context, at cursor) (source.Page, cursor, error) {
	doc, err := s.query(ctx, s.submitted(at))
	if err != nil {
		return source.Page{}, cursor{}, fmt.Errorf("announcement of %s: %w", at.Day, err)
	}
	var (
		page source.Page
		next cursor
	)
	switch {
	case at.stuck(doc):
		next, err = at.again(doc.Total)
	case at.elsewhere(doc):
		next, err = at.nextWeek(), fmt.Errorf("the answer begins with paper %d, not %d as asked", doc.Start, at.Start)
	default:
		next, err = at.after(doc)
		s.describe(&page, doc, at.Day)
	}
	if err != nil {
		page.Problems = append(page.Problems, fmt.Errorf("announcement of %s: %w", at.Day, err))
	}
	return page, next, nil
}

// describe adds the papers of doc to page.
func (s *Source) describe(page *source.Page, doc document, day date.Date) {
	for i, e := range doc.Entries {
		p, err := e.paper()
		if err != nil {
			page.Problems = append(page.Problems, fmt.Errorf("announcement of %s, entry %d: %w", day, i+1, err))
			continue
		}
		p.Sightings = []paper.Sighting{s.sighting(p, day)}
		page.Papers = append(page.Papers, p)
	}
}

// stuck reports whether doc should hold the cursor's page but is empty, or the
// page before once more.
func (c cursor) stuck(doc document) bool {
	if len(doc.Entries) == 0 {
		return c.Start < doc.Total
	}
	return c.Start > 0 && doc.Start == c.Start && first(doc) == c.First
}

// elsewhere reports whether doc is another page than the one asked for, as of a
// server that has only one. Asking it again would not help.
func (c cursor) elsewhere(doc document) bool {
	return c.Start > 0 && (doc.Start >= 0 && doc.Start != c.Start || first(doc) == c.First)
}

// first names the first entry of doc, which has one.
func first(doc document) string { return paper.Line(doc.Entries[0].ID, paper.MaxName) }

// again is the cursor for the same page, which is given up after a few times.
func (c cursor) again(total int) (cursor, error) {
	if c.Tries++; c.Tries < maxTries {
		return c, nil
	}
	return c.nextWeek(), fmt.Errorf("only %d of %d papers came; asked %d times for the next", c.Start, total, maxTries)
}

// after is the cursor for the page after doc.
func (c cursor) after(doc document) (cursor, error) {
	n := len(doc.Entries)
	more := doc.Total > c.Start+n || doc.Total < 0 && n == pageSize
	switch {
	case !more:
		return c.nextWeek(), nil
	case c.Start+n > lastStart:
		return c.nextWeek(), fmt.Errorf("only the first %d of %d papers can be had", c.Start+n, doc.Total)
	}
	c.Start, c.First, c.Tries = c.Start+n, first(doc), 0
	return c, nil
}

// submitted asks for the papers of our categories that were submitted for the
// announcements of at.
func (s *Source) submitted(at cursor) url.Values {
	const minute = "200601021504"
	from, _ := window(at.Day)
	_, to := window(at.Last)
	var any []string
	for _, c := range s.categories {
		any = append(any, "cat:"+c)
		if !strings.Contains(c, ".") { // an archive
			any = append(any, "cat:"+c+".*")
		}
	}
	return url.Values{
		"search_query": {fmt.Sprintf("(%s) AND submittedDate:[%s TO %s]",
			strings.Join(any, " OR "), from.UTC().Format(minute), to.UTC().Format(minute))},
		"sortBy":      {"submittedDate"},
		"sortOrder":   {"ascending"},
		"start":       {strconv.Itoa(at.Start)},
		"max_results": {strconv.Itoa(pageSize)},
	}
}

func (s *Source) query(ctx context.Context, v url.Values) (document, error) {
	resp, err := s.get(ctx, s.api+"?"+v.Encode(), "")
	if err != nil {
		return document{}, err
	}
	return read(resp.Body)
}

// Resolves implements source.Resolver.
func (s *Source) Resolves(id paper.ID) bool {
	ref, ok := paper.ArXiv(id.Value())
	return ok && ref.ID == id
}

// Resolve implements source.Resolver. It describes the newest versions, whatever
// versions refs name. What was found is good even if there is also an error.
func (s *Source) Resolve(ctx context.Context, refs []paper.Ref) ([]paper.Paper, error) {
	var ids []string
	for _, ref := range refs {
		if s.Resolves(ref.ID) { // one malformed identifier spoils the whole list
			ids = append(ids, ref.ID.Value())
		}
	}
	slices.Sort(ids)
	var found []paper.Paper
	for batch := range slices.Chunk(slices.Compact(ids), maxIDs) {
		papers, err := s.resolve(ctx, batch)
		found = append(found, papers...)
		if err != nil {
			return found, fmt.Errorf("arxiv: %w", err)
		}
	}
	return found, nil
}

// resolve describes those of ids that arXiv has, and uses ids up.
func (s *Source) resolve(ctx context.Context, ids []string) ([]paper.Paper, error) {
	doc, err := s.query(ctx, url.Values{"id_list": {strings.Join(ids, ",")}, "max_results": {strconv.Itoa(len(ids))}})
	if err != nil {
		return nil, err
	}
	if len(doc.Entries) == 0 && doc.Total > 0 {
		return nil, fmt.Errorf("%d papers were found but none came", doc.Total)
	}
	var (
		found    []paper.Paper
		problems []error
	)
	for _, e := range doc.Entries {
		p, err := e.paper()
		if err != nil {
			problems = append(problems, err)
			continue
		}
		at := slices.Index(ids, p.ID.Value())
		if at < 0 {
			continue
		}
		ids = slices.Delete(ids, at, at+1)
		if slices.ContainsFunc(p.Categories, s.ours) {
			p.Sightings = []paper.Sighting{s.sighting(p, date.Date{})}
		}
		found = append(found, p)
	}
	return found, errors.Join(problems...)
}
