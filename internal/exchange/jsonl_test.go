package exchange

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/date"
	"paperboy/internal/paper"
)

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// readAll reads text as what a test expects to hold no bad records.
func readAll(t *testing.T, text string, format Format) []paper.Paper {
	t.Helper()
	var papers []paper.Paper
	for rec := range Read(strings.NewReader(text), format) {
		if rec.Err != nil {
			t.Fatalf("line %d: %v\nof %s", rec.Line, rec.Err, text)
		}
		papers = append(papers, rec.Paper)
	}
	return papers
}

// readOne reads text that holds one paper.
func readOne(t *testing.T, text string, format Format) paper.Paper {
	t.Helper()
	papers := readAll(t, text, format)
	if len(papers) != 1 {
		t.Fatalf("got %d papers, want 1, of %s", len(papers), text)
	}
	return papers[0]
}

func TestReadJSONLShapes(t *testing.T) {
	tests := map[string]struct {
		line string
		want paper.Paper
	}{
		"the dump of arXiv": {
			`{"id": "2401.00010", "title": "On  Tests", "summary": "What it is.", "authors": "Ada Ant, Bo Bee, Jr., and Cy Cat, :", "categories": ["cs.SE", "cs.AI"], "published": "2024-01-02"}`,
			paper.Paper{
				ID: "arxiv:2401.00010", Title: "On Tests", Abstract: "What it is.",
				Authors: []string{"Ada Ant", "Bo Bee Jr.", "Cy Cat"}, AuthorCount: 3,
				Categories: []string{"cs.SE", "cs.AI"}, Published: day(2024, 1, 2),
				Sightings: []paper.Sighting{{Source: "arxiv", Kind: paper.New, Day: date.New(2024, 1, 2)}},
			},
		},
		"the daily page": {
			`{"id": "2401.00010", "title": "On Tests", "summary": "What it is.", "authors": ["Ada Ant", "Bo Bee"],
			  "publishedAt": "2024-01-01T11:49:24Z", "date": "2024-01-03", "upvotes": 14, "upvotes_max": 6, "numComments": 2,
			  "ai_summary": "Short.", "ai_keywords": ["tests"], "githubRepo": "https://github.com/a/b", "githubStars": 7, "submitted_by": "ada"}`,
			paper.Paper{
				ID: "arxiv:2401.00010", Title: "On Tests", Abstract: "What it is.", Summary: "Short.",
				Authors: []string{"Ada Ant", "Bo Bee"}, AuthorCount: 2, Keywords: []string{"tests"},
				Published: time.Date(2024, 1, 1, 11, 49, 24, 0, time.UTC), Code: "https://github.com/a/b", Stars: 7,
				Sightings: []paper.Sighting{{Source: "huggingface", Day: date.New(2024, 1, 3), Votes: 14, Comments: 2, By: "ada"}},
			},
		},
		"the daily page without its day and votes": {
			`{"id": "2401.00010", "title": "On Tests", "summary": "What it is.", "numComments": 2, "upvotes": null}`,
			paper.Paper{ID: "arxiv:2401.00010", Title: "On Tests", Abstract: "What it is."},
		},
		"our own export": {
			`{"id":"arxiv:2401.00010","version":2,"title":"On Tests","abstract":"What it is.","summary":"Short.","authors":["Ada Ant"],"author_count":9,
			  "published":"2024-01-01T11:49:24Z","sightings":[{"source":"huggingface","day":"2024-01-03","votes":3},{"source":"arxiv","kind":"new"}]}`,
			paper.Paper{
				ID: "arxiv:2401.00010", Version: 2, Title: "On Tests", Abstract: "What it is.", Summary: "Short.",
				Authors: []string{"Ada Ant"}, AuthorCount: 9, Published: time.Date(2024, 1, 1, 11, 49, 24, 0, time.UTC),
				Sightings: []paper.Sighting{
					{Source: "arxiv", Kind: paper.New},
					{Source: "huggingface", Day: date.New(2024, 1, 3), Votes: 3},
				},
			},
		},
		"our own export of a paper still looked up": {
			`{"id":"arxiv:2401.00010","title":""}`,
			paper.Paper{ID: "arxiv:2401.00010"},
		},
		"a version in the id": {
			`{"id":"2401.00010v3","title":"On Tests"}`,
			paper.Paper{ID: "arxiv:2401.00010", Version: 3, Title: "On Tests"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := readOne(t, strings.ReplaceAll(test.line, "\n", " "), FormatJSONL)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s\nof %s", diff, test.line)
			}
		})
	}
}

func TestReadJSONLRefusals(t *testing.T) {
	tests := map[string]struct{ line, want string }{
		"a number as id":       {`{"id": 2503.02130, "title": "T"}`, `"id" has to be text in quotes: as a number, 2503.02130 and 2503.0213 are the same`},
		"no id":                {`{"title": "T"}`, `has no "id"`},
		"an unknown id":        {`{"id": "PMC123", "title": "T"}`, `"PMC123" is not an id that papers have`},
		"a made-up hash":       {`{"id": "url:0011", "title": "T"}`, `"url:0011" is not an id that papers have`},
		"no title":             {`{"id": "2401.00010", "summary": "S"}`, `arxiv:2401.00010 has no title`},
		"a list as title":      {`{"id": "2401.00010", "title": []}`, `"title" is a JSON array, which does not belong there`},
		"votes in words":       {`{"id": "2401.00010", "title": "T", "upvotes": "many"}`, `"upvotes" is a JSON string, which does not belong there`},
		"a number of authors":  {`{"id": "2401.00010", "title": "T", "authors": 3}`, `"authors" is neither a list of names nor text`},
		"a word as date":       {`{"id": "2401.00010", "title": "T", "published": "soon"}`, `"soon" is not a day like 2026-02-27 or a time like 2026-02-27T09:00:00Z`},
		"a list":               {`[1]`, `is a JSON array, not an object with the fields of a paper`},
		"half a line":          {`{"id": "2401.00010", "tit`, `is not JSON at byte 25: unexpected end of JSON input`},
		"a NUL":                {"{\"id\": \"2401.00010\", \"title\": \"a\x00b\"}", `is not JSON at byte 33: invalid character '\x00' in string literal`},
		"a source with spaces": {`{"id": "arxiv:2401.00010", "title": "T", "sightings": [{"source": "a b"}]}`, `"a b" is not the name of a source`},
		"an unknown kind":      {`{"id": "arxiv:2401.00010", "title": "T", "sightings": [{"source": "a", "kind": "b"}]}`, `"b" is not a kind of announcement`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			good := `{"id": "2401.00011", "title": "Good"}` + "\n"
			records := slices.Collect(Read(strings.NewReader(good+"\n"+test.line+"\n"+good), FormatJSONL))
			if len(records) != 3 || records[0].Err != nil || records[1].Err == nil || records[2].Err != nil {
				t.Fatalf("got %+v, want the second of three to be bad", records)
			}
			if got := records[1].Err.Error(); got != test.want || records[1].Line != 3 {
				t.Errorf("got  line %d: %s\nwant line 3: %s\nof %s", records[1].Line, got, test.want, test.line)
			}
		})
	}
}

func TestRestoreZeros(t *testing.T) {
	tests := []struct{ in, want paper.ID }{
		{"704.052", "0704.0520"},
		{"0704.0520", "0704.0520"},
		{"1404.1", "1404.1000"},
		{"1501.0001", "1501.00010"},
		{"2503.0213", "2503.02130"},
		{"2503.02130", "2503.02130"},
		{"1911.0885600000001", "1911.08856"},
		{"1502.0090699999998", "1502.00907"},
		{"1404.12345", "1404.12345"}, // a digit too many is no rounding
		{"2503.02130v2", "2503.02130v2"},
		{"hep-th/9901001", "hep-th/9901001"},
		{"70.4", "70.4"},
	}
	for _, test := range tests {
		if got := restoreZeros(test.in); got != test.want {
			t.Errorf("restoreZeros(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestReadJSONLKeepsOrder(t *testing.T) {
	const n = 20 * batchLines
	var b strings.Builder
	for i := range n {
		b.WriteString(`{"id": "2401.` + string([]byte{byte('0' + i/1000%10), byte('0' + i/100%10), byte('0' + i/10%10), byte('0' + i%10)}) + `0", "title": "T"}` + "\n")
	}
	line := 0
	for rec := range Read(strings.NewReader(b.String()), FormatJSONL) {
		if line++; rec.Line != line || rec.Err != nil {
			t.Fatalf("got line %d (%v), want %d", rec.Line, rec.Err, line)
		}
	}
	if line != n {
		t.Errorf("got %d records, want %d", line, n)
	}
}
