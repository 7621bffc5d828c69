package exchange

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"paperboy/internal/paper"
)

// maxMacros bounds all @string macros of a file, in bytes. Those of
// the largest known bibliographies have a tenth of it.
const maxMacros = 1 << 20

// macros are the abbreviations of a file, by their names in small letters.
type macros struct {
	text map[string]string
	size int
}

// newMacros has the months, which every style defines.
func newMacros() *macros {
	m := &macros{text: map[string]string{}}
	for month := time.January; month <= time.December; month++ {
		m.text[monthMacro(month)] = month.String()
	}
	return m
}

func monthMacro(m time.Month) string { return strings.ToLower(m.String()[:3]) }

// define learns the macros of an @string.
func (m *macros) define(text string) error {
	fields, err := parseFields(text, m)
	if err != nil {
		return fmt.Errorf("an @string %w", err)
	}
	for name, value := range fields {
		if m.size += len(name) + len(value) + fieldCost; m.size > maxMacros {
			return fmt.Errorf("the macro %q is left out: all macros together are longer than %d MiB", paper.Line(name, 80), maxMacros>>20)
		}
		m.text[name] = value
	}
	return nil
}

// parseEntry makes the paper of the text between an entry's braces.
func parseEntry(text string, m *macros) (paper.Paper, error) {
	key, rest, _ := strings.Cut(text, ",")
	key = strings.TrimSpace(key)
	fields, err := parseFields(rest, m)
	if err != nil {
		return paper.Paper{}, problem(key, err)
	}
	p := paper.Paper{
		Title:    decodeTeX(fields["title"], paper.MaxTitle),
		Abstract: decodeTeX(fields["abstract"], paper.MaxAbstract),
		Venue:    decodeTeX(cmp.Or(fields["journal"], fields["journaltitle"], fields["booktitle"]), paper.MaxTitle),
		Keywords: splitKeywords(decodeTeX(fields["keywords"], paper.MaxWords*paper.MaxName)),
	}
	p.Authors, p.AuthorCount = bibtexAuthors(fields["author"])
	if class := fields["primaryclass"]; class != "" {
		p.Categories = []string{class}
	}
	return whichPaper(fields).finish(p, bibtexDate(fields), key)
}

func splitKeywords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' })
}

// bibtexAuthors are the names in an author field and how many there are: with
// "and others", at least one more.
func bibtexAuthors(field string) (names []string, count int) {
	for _, author := range splitTop(strings.Join(strings.Fields(field), " "), " and ") {
		switch {
		case author == "others":
			count = len(names) + 1
		case len(names) < paper.MaxAuthors && author != "":
			names = append(names, decodeTeX(fromBibTeXName(author), paper.MaxName))
		}
	}
	return names, max(count, len(names))
}

// splitTop splits s at each sep that is not within braces.
func splitTop(s, sep string) []string {
	var parts []string
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '{':
			depth++
		case s[i] == '}':
			depth--
		case depth == 0 && strings.HasPrefix(s[i:], sep):
			parts = append(parts, strings.TrimSpace(s[start:i]))
			start = i + len(sep)
			i = start - 1
		}
	}
	return append(parts, strings.TrimSpace(s[start:]))
}

func whichPaper(fields map[string]string) cited {
	c := cited{doi: decodeLink(fields["doi"])}
	kind := strings.ToLower(cmp.Or(fields["archiveprefix"], fields["eprinttype"]))
	if eprint := decodeLink(fields["eprint"]); eprint != "" && (kind == "" || kind == "arxiv") {
		c.ids = append(c.ids, eprint)
	}
	// DBLP has journal = {CoRR}, volume = {abs/1706.03762}.
	if id, ok := strings.CutPrefix(strings.TrimSpace(fields["volume"]), "abs/"); ok {
		c.ids = append(c.ids, id)
	}
	c.ids = append(c.ids, decodeLink(fields["url"]), decodeLink(fields["howpublished"]))
	for _, name := range []string{"journal", "note", "howpublished"} {
		c.texts = append(c.texts, decodeLink(fields[name]))
	}
	return c
}

// bibtexDate is BibLaTeX's date or BibTeX's year, month and day.
func bibtexDate(fields map[string]string) partial {
	if d := parsePartial(fields["date"]); d.year > 0 {
		return d
	}
	d := parsePartial(fields["year"])
	d.month = parseMonth(fields["month"])
	d.day = parsePartial("0000-01-" + strings.TrimSpace(fields["day"])).day
	return d
}

// parseMonth reads "January", "jan.", "1" and the beginning of "January 16".
func parseMonth(s string) int {
	s = strings.ToLower(strings.TrimSpace(s))
	for month := time.January; month <= time.December; month++ {
		if strings.HasPrefix(s, monthMacro(month)) {
			return int(month)
		}
	}
	return parsePartial("0000-" + s).month
}

// fieldParser reads `name = value # value, …`.
type fieldParser struct {
	s      string
	i      int
	macros *macros
}

// parseFields are the fields of an entry, by their names in small letters. Of a
// repeated one the first counts.
func parseFields(text string, m *macros) (map[string]string, error) {
	p := fieldParser{s: text, macros: m}
	fields := map[string]string{}
	size := 0
	for {
		p.skip(space + ",")
		if p.i == len(p.s) {
			return fields, nil
		}
		name := strings.ToLower(p.word())
		if p.skip(space); name == "" || !p.at('=') {
			return nil, fmt.Errorf("has no field name and \"=\" before %q", paper.Line(p.s[p.i:], 40))
		}
		p.i++
		value, err := p.value()
		if err != nil {
			return nil, fmt.Errorf("has a field %q that %w", paper.Line(name, 40), err)
		}
		if size += len(value) + fieldCost; size > maxRecord {
			return nil, errTooLong
		}
		if _, repeated := fields[name]; !repeated {
			fields[name] = value
		}
	}
}

const space = " \t\r\n\f\v"

func (p *fieldParser) at(c byte) bool { return p.i < len(p.s) && p.s[p.i] == c }

func (p *fieldParser) skip(set string) {
	p.i += len(p.s[p.i:]) - len(strings.TrimLeft(p.s[p.i:], set))
}

// word is a name or a number: everything up to space or a sign with a meaning.
func (p *fieldParser) word() string {
	start := p.i
	end := strings.IndexAny(p.s[start:], space+`,={}"#`)
	if end < 0 {
		end = len(p.s) - start
	}
	p.i += end
	return p.s[start:p.i]
}

// value joins the pieces between the # signs.
func (p *fieldParser) value() (string, error) {
	var b strings.Builder
	for {
		p.skip(space)
		piece, err := p.piece()
		if err != nil {
			return "", err
		}
		if b.Len()+len(piece) > maxRecord { // macros in macros
			return "", errTooLong
		}
		b.WriteString(piece)
		if p.skip(space); !p.at('#') {
			return b.String(), nil
		}
		p.i++
	}
}

func (p *fieldParser) piece() (string, error) {
	switch {
	case p.at('{'):
		return p.enclosed('}')
	case p.at('"'):
		return p.enclosed('"')
	}
	word := p.word()
	if word == "" {
		return "", fmt.Errorf("has no value before %q", paper.Line(p.s[p.i:], 40))
	}
	if text, ok := p.macros.text[strings.ToLower(word)]; ok {
		return text, nil
	}
	return word, nil
}

// enclosed is the text up to the end mark that is not within braces.
func (p *fieldParser) enclosed(end byte) (string, error) {
	start, depth := p.i+1, 0
	for i := start; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case c == end && depth == 0:
			p.i = i + 1
			return p.s[start:i], nil
		case c == '{':
			depth++
		case c == '}':
			depth--
		}
	}
	return "", fmt.Errorf("has no closing %q", end)
}
