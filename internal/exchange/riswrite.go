package exchange

import (
	"strings"

	"paperboy/internal/paper"
)

// RIS is p as a record for reference managers, ending in a newline.
func RIS(p paper.Paper) string {
	var b strings.Builder
	put := func(tag, value string) {
		if value = strings.Join(strings.Fields(value), " "); value != "" { // one line each
			b.WriteString(tag + "  - " + value + "\n")
		}
	}
	put("TY", risKind(p))
	put("TI", plainTitle(p))
	for _, author := range p.Authors {
		put("AU", risName(author))
	}
	if !p.Published.IsZero() {
		put("PY", p.Published.Format("2006"))
		put("DA", p.Published.Format("2006/01/02"))
	}
	put("T2", p.Venue)
	put("AB", p.Abstract)
	for _, keyword := range p.Keywords {
		put("KW", keyword)
	}
	put("DO", doiOf(p))
	put("UR", p.URL())
	if p.ID.Scheme() == paper.SchemeArXiv {
		put("AN", "arXiv:"+p.ID.Value())
	}
	b.WriteString("ER  - \n")
	return b.String()
}

func risKind(p paper.Paper) string {
	switch kind, _ := bibKind(p); {
	case kind == "article":
		return "JOUR"
	case kind == "inproceedings":
		return "CONF"
	case p.ID.Scheme() == paper.SchemeURL:
		return "ELEC"
	}
	return "UNPB"
}

// risName is "von Last, First, Jr.". A name's own commas go: in RIS a comma
// always ends the family name.
func risName(s string) string {
	n := parseName(strings.ReplaceAll(s, ",", ""))
	parts := []string{n.family()}
	if n.first != "" {
		parts = append(parts, n.first)
	}
	if n.suffix != "" {
		parts = append(parts, n.suffix)
	}
	return strings.Join(parts, ", ")
}
