package rss

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/source/plain"
)

// papers turns items into papers, one for each ID. Links are taken relative to
// base.
func (s *Source) papers(items []item, base string, now time.Time) (papers []paper.Paper, problems []error) {
	at := map[paper.ID]int{}
	for i, it := range items {
		p, err := s.paper(it, base, now)
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
	title := plain.Line(it.title, paper.MaxTitle)
	if title == "" {
		return paper.Paper{}, fmt.Errorf("no title (link %.100q)", it.link)
	}
	ref, ok := it.ref(base)
	if !ok {
		return paper.Paper{}, fmt.Errorf("no link (title %.100q)", title)
	}
	p := paper.Paper{
		ID:       ref.ID,
		Version:  ref.Version,
		Title:    title,
		Abstract: abstract(cmp.Or(it.summary, it.content)),
		Authors:  names(it.authors),
		Keywords: words(it.tags),
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
	link := resolve(it.link, base)
	for _, text := range append([]string{link, it.guid}, it.dois...) {
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
	return paper.ParseID(cmp.Or(link, resolve(it.guid, "")))
}

// doi is the DOI of a paper that goes by another name.
func (it item) doi(id paper.ID) string {
	for _, text := range it.dois {
		for _, ref := range paper.FindIDs(bounded(text)) {
			if ref.ID.Scheme() == paper.SchemeDOI && ref.ID != id {
				return ref.ID.Value()
			}
		}
	}
	return ""
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
	t, ok := moment(cmp.Or(it.published, it.updated))
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
