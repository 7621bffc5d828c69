package exchange

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"paperboy/internal/paper"
)

// BibTeX is p as an entry to cite it by, ending in a newline.
func BibTeX(p paper.Paper) string { return bibTeX(p, citeKey(p)) }

func bibTeX(p paper.Paper, key string) string {
	var b strings.Builder
	kind, venue := bibKind(p)
	fmt.Fprintf(&b, "@%s{%s,\n", kind, key)
	put := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %s = %s,\n", name, value)
		}
	}
	put("title", braced(braced(escapeTeX(plainTitle(p))))) // twice, so that styles keep its capitals
	put("author", braced(bibAuthors(p)))
	if !p.Published.IsZero() {
		put("year", braced(p.Published.Format("2006")))
		put("month", monthMacro(p.Published.Month()))
		put("day", braced(strconv.Itoa(p.Published.Day())))
	}
	put(venue, braced(escapeTeX(p.Venue)))
	if p.ID.Scheme() == paper.SchemeArXiv {
		put("eprint", braced(p.ID.Value()))
		put("archivePrefix", braced("arXiv"))
		if len(p.Categories) > 0 {
			put("primaryClass", braced(escapeTeX(p.Categories[0])))
		}
	}
	put("url", braced(verbatim(p.URL())))
	if doi := doiOf(p); doi == verbatim(doi) { // else its link, with the signs encoded, has to do
		put("doi", braced(doi))
	}
	b.WriteString("}\n")
	return b.String()
}

// bibKind is the type of p's entry and the field that its Venue goes into.
func bibKind(p paper.Paper) (kind, venue string) {
	switch scheme := p.ID.Scheme(); {
	case scheme == paper.SchemeACL:
		return "inproceedings", "booktitle"
	case scheme == paper.SchemeOpenReview && p.Venue != "":
		return "inproceedings", "booktitle"
	case scheme == paper.SchemeDOI:
		return "article", "journal"
	}
	return "misc", "note"
}

func braced(s string) string {
	if s == "" {
		return ""
	}
	return "{" + s + "}"
}

// doiOf is the DOI of the published article.
func doiOf(p paper.Paper) string {
	if p.DOI == "" && p.ID.Scheme() == paper.SchemeDOI {
		return p.ID.Value()
	}
	return p.DOI
}

// plainTitle is p's title without TeX's commands and braces, which arXiv allows
// in titles (https://info.arxiv.org/help/prep.html).
func plainTitle(p paper.Paper) string {
	tex := strings.Contains(p.Title, `\`) || len(bracePairs(p.Title)) > 0
	if tex && p.ID.Scheme() == paper.SchemeArXiv {
		return cmp.Or(paper.Line(decodeTeX(p.Title, paper.MaxTitle), paper.MaxTitle), p.Title)
	}
	return p.Title
}

// verbatim is an address for a field that TeX does not read: braces would end
// it, and a backslash means something else to every program.
func verbatim(address string) string {
	return strings.NewReplacer("{", "%7B", "}", "%7D", `\`, "%5C", " ", "%20").Replace(address)
}

func bibAuthors(p paper.Paper) string {
	var names []string
	for _, author := range p.Authors {
		names = append(names, bibName(author))
	}
	if p.AuthorCount > len(p.Authors) && len(names) > 0 {
		names = append(names, "others")
	}
	return strings.Join(names, " and ")
}

// bibName is "von Last, Jr., First", or the whole in braces for what is one
// name, such as an organisation's.
func bibName(s string) string {
	n := parseName(s)
	if n.first == "" || strings.Contains(n.first+n.family(), ",") {
		return braced(escapeTeX(s))
	}
	parts := []string{n.family(), n.suffix, n.first}
	if n.suffix == "" {
		parts = []string{n.family(), n.first}
	}
	return escapeTeX(strings.Join(parts, ", "))
}
