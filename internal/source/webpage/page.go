package webpage

import (
	"bytes"
	"cmp"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"paperboy/internal/paper"
	"paperboy/internal/source/plain"
)

const (
	maxHead = 1 << 20 // how far into a page its head may reach
	maxMeta = 20_000  // <meta> that are looked at: authors are one each
)

// page is what a page's head says: its <title>, and the contents of its <meta>
// by their name, in small letters.
type page struct {
	title string
	meta  map[string][]string
}

// readPage reads the head of a page in whatever character set.
func readPage(body []byte, contentType string) page {
	body = body[:min(len(body), maxHead)]
	encoding, _, _ := charset.DetermineEncoding(body, contentType)
	z := html.NewTokenizer(encoding.NewDecoder().Reader(bytes.NewReader(body)))
	p := page{meta: map[string][]string{}}
	for n := 0; n < maxMeta; {
		switch z.Next() {
		case html.ErrorToken:
			return p
		case html.StartTagToken, html.SelfClosingTagToken:
			switch tag := z.Token(); tag.Data {
			case "body":
				return p
			case "meta":
				n++
				p.add(tag)
			case "title":
				if z.Next() == html.TextToken && p.title == "" {
					p.title = string(z.Text())
				}
			}
		}
	}
	return p
}

func (p page) add(meta html.Token) {
	var name, content string
	for _, a := range meta.Attr {
		switch a.Key {
		case "name", "property":
			name = cmp.Or(name, strings.ToLower(a.Val))
		case "content":
			content = a.Val
		}
	}
	if name != "" && content != "" {
		p.meta[name] = append(p.meta[name], content)
	}
}

// first is the first content of the first of names that has one.
func (p page) first(names ...string) string {
	if all := p.all(names...); len(all) > 0 {
		return all[0]
	}
	return ""
}

func (p page) all(names ...string) []string {
	for _, name := range names {
		if all := p.meta[name]; len(all) > 0 {
			return all
		}
	}
	return nil
}

// paper is what the page says of a paper: in the tags that Google Scholar
// reads (https://scholar.google.com/intl/en/scholar/inclusion.html#indexing),
// in Dublin Core, and, if any page will do, in the tags meant for previews. The
// title "Just a moment…" of a page that guards another is thus no paper's.
func (p page) paper(anyPage bool) paper.Paper {
	title := p.first("citation_title", "dc.title", "dcterms.title")
	summary := p.first("citation_abstract", "dc.description", "dcterms.abstract")
	if anyPage {
		title = cmp.Or(title, p.first("og:title", "twitter:title"), p.title)
		summary = cmp.Or(summary, p.first("og:description", "twitter:description", "description"))
	}
	return paper.Paper{
		Title:     plain.Line(title, paper.MaxTitle),
		Abstract:  abstract(summary),
		Authors:   p.authors(),
		Published: day(p.first("citation_publication_date", "citation_date", "citation_online_date", "dc.date", "dcterms.issued", "article:published_time")),
		DOI:       doi(p.first("citation_doi", "dc.identifier")),
		Venue:     plain.Line(p.first("citation_journal_title", "citation_conference_title"), paper.MaxTitle),
		Keywords:  words(p.all("citation_keywords")),
	}
}

func (p page) authors() []string {
	written := p.all("citation_author", "dc.creator", "dcterms.creator")
	if len(written) == 0 {
		written = strings.Split(p.first("citation_authors"), ";")
	}
	var names []string
	for _, s := range written[:min(len(written), paper.MaxAuthors)] {
		if name := inOrder(plain.Line(s, paper.MaxName)); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// inOrder turns "Lovelace, Ada" around.
func inOrder(name string) string {
	family, given, _ := strings.Cut(name, ",")
	if strings.Contains(given, ",") {
		return name
	}
	return strings.TrimSpace(strings.TrimSpace(given) + " " + strings.TrimSpace(family))
}

func words(lists []string) []string {
	var all []string
	for _, list := range lists {
		for word := range strings.FieldsFuncSeq(list[:min(len(list), paper.MaxAbstract)], func(r rune) bool { return r == ';' || r == ',' }) {
			if word = plain.Line(word, paper.MaxName); word != "" && len(all) < paper.MaxWords {
				all = append(all, word)
			}
		}
	}
	return all
}

// doi is the DOI of the published article, if s names one.
func doi(s string) string {
	for _, ref := range paper.FindIDs(s[:min(len(s), paper.MaxLink)]) {
		if ref.ID.Scheme() == paper.SchemeDOI {
			return ref.ID.Value()
		}
	}
	return ""
}

// day reads "2026/09/24" as Google Scholar wants it, and what else is written.
func day(s string) time.Time {
	s = strings.ReplaceAll(strings.TrimSpace(s[:min(len(s), 50)]), "/", "-")
	for _, layout := range []string{time.RFC3339, "2006-1-2", "2006-1", "2006", "2006-01-02T15:04:05", "2 January 2006", "January 2, 2006", "2 Jan 2006", "Jan 2, 2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
