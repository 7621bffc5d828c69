package webpage

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"paperboy/internal/paper"
	"paperboy/internal/source/plain"
)

// csl is what DOI registries say of a work, by and large after
// https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html. Crossref
// writes lists where DataCite writes texts.
type csl struct {
	Title     text      `json:"title"`
	Author    []cslName `json:"author"`
	Issued    cslDate   `json:"issued"`
	Published cslDate   `json:"published"`
	Container text      `json:"container-title"`
	Abstract  text      `json:"abstract"`
}

type cslName struct {
	Given   text `json:"given"`
	Family  text `json:"family"`
	Literal text `json:"literal"` // of groups
	Name    text `json:"name"`    // the same, at Crossref
}

// text is a JSON string, or the first of a list of them. Anything else is empty.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	var value any
	if err := json.Unmarshal(b, &value); err != nil {
		return err
	}
	if list, ok := value.([]any); ok && len(list) > 0 {
		value = list[0]
	}
	s, _ := value.(string)
	*t = text(s)
	return nil
}

// cslDate is year, month and day, the last ones often missing; numbers, or
// texts that hold numbers.
type cslDate struct {
	Parts [][]any `json:"date-parts"`
}

func (d cslDate) time() time.Time {
	parts := [3]int{0, 1, 1}
	if len(d.Parts) == 0 {
		return time.Time{}
	}
	for i, part := range d.Parts[0][:min(len(d.Parts[0]), 3)] {
		n, err := strconv.Atoi(fmt.Sprint(part))
		if err != nil {
			break
		}
		parts[i] = n
	}
	if parts[0] < 1000 || parts[0] > 9999 || parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > 31 {
		return time.Time{}
	}
	return time.Date(parts[0], time.Month(parts[1]), parts[2], 0, 0, 0, 0, time.UTC)
}

func readCSL(body []byte) (paper.Paper, error) {
	var c csl
	if err := json.Unmarshal(body, &c); err != nil {
		return paper.Paper{}, fmt.Errorf("read the registry's answer: %w", err)
	}
	p := paper.Paper{
		Title:     plain.Line(string(c.Title), paper.MaxTitle),
		Abstract:  abstract(string(c.Abstract)),
		Venue:     plain.Line(string(c.Container), paper.MaxTitle),
		Published: c.Issued.time(),
	}
	if p.Published.IsZero() {
		p.Published = c.Published.time()
	}
	for _, a := range c.Author[:min(len(c.Author), paper.MaxAuthors)] {
		name := cmp.Or(strings.TrimSpace(string(a.Given+" "+a.Family)), string(a.Literal), string(a.Name))
		if name = plain.Line(name, paper.MaxName); name != "" {
			p.Authors = append(p.Authors, name)
		}
	}
	return p, nil
}

// abstract drops the heading that many abstracts bring along.
func abstract(s string) string {
	s = plain.Paragraphs(s, paper.MaxAbstract)
	if heading, rest, ok := strings.Cut(s, "\n\n"); ok && strings.EqualFold(heading, "abstract") {
		return rest
	}
	return s
}
