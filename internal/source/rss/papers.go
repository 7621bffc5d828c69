package rss

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/source/plain"
)

// item is an entry of any kind of feed.
type item struct{ *gofeed.Item }

// papers turns items into papers, one for each ID. Links are taken relative to
// base.
func (s *Source) papers(items []*gofeed.Item, base string, now time.Time) (papers []paper.Paper, problems []error) {
	at := map[paper.ID]int{}
	for i, it := range items {
		p, err := s.paper(item{it}, base, now)
		if err != nil {
			problems = append(problems, fmt.Errorf("item %d: %w", i+1, err))
			continue
		}
		if n, again := at[p.ID]; again {
			papers[n] = paper.Merge(papers[n], p)
			continue
		}
		at[p.ID] = len(papers)
		papers = append(papers, p)
	}
	return papers, problems
}

func (s *Source) paper(it item, base string, now time.Time) (paper.Paper, error) {
	title := plain.Line(it.Title, paper.MaxTitle)
	if title == "" {
		return paper.Paper{}, fmt.Errorf("no title (link %.100q)", it.Link)
	}
	ref, ok := it.ref(base)
	if !ok {
		return paper.Paper{}, fmt.Errorf("no link (title %.100q)", title)
	}
	p := paper.Paper{
		ID:       ref.ID,
		Version:  ref.Version,
		Title:    title,
		Abstract: abstract(cmp.Or(it.Description, it.Content)),
		Authors:  names(it.authors()),
		Keywords: words(it.Categories),
		DOI:      it.doi(ref.ID),
		Link:     ref.Link,
	}
	p.AuthorCount = len(p.Authors)
	day := date.Of(now)
	if t, ok := it.moment(now); ok {
		p.Published = t.UTC()
		day = date.Of(t)
	}
	p.Sightings = []paper.Sighting{{Source: s.name, Day: day}}
	return p, nil
}

// ref is the best name the item gives: that of a paper, wherever it stands,
// before that of a page.
func (it item) ref(base string) (paper.Ref, bool) {
	var best paper.Ref
	link := resolve(it.Link, base)
	for _, text := range append([]string{link, it.GUID}, it.identifiers()...) {
		for _, ref := range paper.FindIDs(bounded(text)) {
			named := best.ID == "" && ref.ID.Scheme() != paper.SchemeURL
			if named || ref.ID == best.ID && ref.Version > best.Version {
				best = ref
			}
		}
	}
	if best.ID != "" {
		return best, true
	}
	return paper.ParseID(cmp.Or(link, resolve(it.GUID, "")))
}

// doi is the DOI of a paper that goes by another name.
func (it item) doi(id paper.ID) string {
	for _, text := range it.identifiers() {
		for _, ref := range paper.FindIDs(bounded(text)) {
			if ref.ID.Scheme() == paper.SchemeDOI && ref.ID != id {
				return ref.ID.Value()
			}
		}
	}
	return ""
}

func (it item) identifiers() []string { return it.extensions("doi", "identifier") }

// authors are the creators in one of the vocabularies that journals use, of whom
// gofeed knows the first only, or else those in the feed's own.
func (it item) authors() []string {
	if creators := it.extensions("creator"); len(creators) > 0 {
		return creators
	}
	var all []string
	for _, a := range it.Authors {
		all = append(all, a.Name)
	}
	return all
}

// extensions are the texts of the fields of these names (in lower case) in any
// vocabulary but the feed's own: Dublin Core's, PRISM's, arXiv's.
func (it item) extensions(names ...string) []string {
	var all []string
	for _, vocabulary := range slices.Sorted(maps.Keys(it.Extensions)) {
		fields := it.Extensions[vocabulary]
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			if !slices.Contains(names, strings.ToLower(name)) {
				continue
			}
			for _, field := range fields[name] {
				all = append(all, field.Value)
			}
		}
	}
	return all
}

func bounded(s string) string { return s[:min(len(s), paper.MaxLink)] }

// resolve makes link a web address, or nothing.
func resolve(link, base string) string {
	if link == "" || len(link) > paper.MaxLink {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return ""
	}
	if b, err := url.Parse(base); err == nil {
		u = b.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// moment is when the item was published. A day that is still to come is a slip,
// or the date of an issue yet to be printed; neither is when it was listed.
func (it item) moment(now time.Time) (time.Time, bool) {
	dates := append([]string{it.Published, it.Updated}, it.extensions("publicationdate")...)
	t, ok := moment(cmp.Or(dates...))
	if parsed := cmp.Or(it.PublishedParsed, it.UpdatedParsed); !ok && parsed != nil {
		t, ok = *parsed, true
	}
	return t, ok && t.Year() > 1900 && t.Before(now.AddDate(0, 0, 1))
}

// preamble is what arXiv's feeds put before the abstract.
var preamble = regexp.MustCompile(`^(?:arXiv:\S+ Announce Type: \S+\s+)?(?:Abstract:?\s+)?`)

func abstract(s string) string {
	s = plain.Paragraphs(s, paper.MaxAbstract)
	return s[len(preamble.FindString(s)):]
}

// names are the authors' names, of which some feeds write all into one field.
func names(fields []string) []string {
	var all []string
	for _, field := range fields {
		for _, name := range splitNames(plain.Line(field, paper.MaxAbstract)) {
			if name = paper.Line(name, paper.MaxName); name != "" && len(all) < paper.MaxAuthors {
				all = append(all, name)
			}
		}
	}
	return all
}

// splitNames divides "Ada Lovelace, Alan Turing and Grace Hopper", but not
// "Lovelace, Ada".
func splitNames(s string) []string {
	if strings.Contains(s, ";") {
		return strings.Split(s, ";")
	}
	parts := strings.Split(strings.ReplaceAll(s, " and ", ", "), ",")
	full := 0
	for _, part := range parts {
		if strings.Contains(strings.TrimSpace(part), " ") {
			full++
		}
	}
	if full <= len(parts)/2 {
		return []string{s}
	}
	return parts
}

func words(tags []string) []string {
	var all []string
	for _, tag := range tags {
		if word := plain.Line(tag, paper.MaxName); word != "" && len(all) < paper.MaxWords {
			all = append(all, word)
		}
	}
	return all
}
