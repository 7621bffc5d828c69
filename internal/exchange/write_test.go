package exchange

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/date"
	"paperboy/internal/paper"
)

var update = flag.Bool("update", false, "write the golden files anew")

// library has a paper of every kind and what is awkward about names and titles.
var library = []paper.Paper{
	{
		ID: "arxiv:1706.03762", Version: 7, Title: "Attention Is All You Need", Abstract: "It is about attention.\n\nAnd that is all.",
		Summary: "Attention, and no more.", Authors: []string{"Ashish Vaswani", "Noam Shazeer"}, AuthorCount: 8,
		Categories: []string{"cs.CL", "cs.LG"}, Keywords: []string{"attention", "translation"},
		Published: day(2017, 6, 12), Venue: "NeurIPS 2017", Code: "https://github.com/example/code",
		Sightings: []paper.Sighting{
			{Source: "arxiv", Kind: paper.New, Day: date.New(2017, 6, 13)},
			{Source: "huggingface", Day: date.New(2017, 6, 14), Votes: 12, Comments: 3, By: "ada"},
		},
	},
	{
		ID: "arxiv:1706.00001", Title: "An Attention", Authors: []string{"Bo Vaswani"}, AuthorCount: 1, Published: day(2017, 6, 1),
	},
	{
		ID: "arxiv:2401.00010", Title: `50% of R&D #1: $O(n^{2})$ costs $5 {or} a_b ~ x^2 \ \textsc{Bert} -- {`, DOI: "10.1000/xyz_1",
		Authors: []string{
			"Ludwig van Beethoven", "Martin Luther King Jr.", "María de la Cruz", "DeepSeek-AI", "The Example Collaboration",
			"Gerard 't Hooft", "Łukasz Ørsted III", "张伟", "Department of Ways and Means",
		},
		AuthorCount: 9, Categories: []string{"cs.LG"}, Published: day(2024, 1, 16),
	},
	{
		ID: "doi:10.1038/s42256-020-0208-z", DOI: "10.1038/s42256-020-0208-z", Title: "=HYPERLINK(\"http://example.org\")",
		Authors: []string{"Jürgen Müller"}, AuthorCount: 1, Published: day(2020, 11, 3), Venue: "Tests & Methods",
	},
	{ID: "acl:2022.coling-1.36", Title: "Of the", Authors: []string{"Ada Ant"}, AuthorCount: 1, Venue: "COLING 2022", Published: day(2022, 10, 1)},
	{ID: "openreview:EfMyf9MC3t", Title: "A Submission", Venue: "ICLR 2026"},
	linked("https://example.org/paper", paper.Paper{Title: "论文", Authors: []string{"李娜"}, AuthorCount: 1}),
}

// linked is p as the page at link.
func linked(link string, p paper.Paper) paper.Paper {
	ref, _ := paper.ParseID(link)
	p.ID, p.Link = ref.ID, ref.Link
	return p
}

func write(t *testing.T, format Format, papers ...paper.Paper) string {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, format)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range papers {
		if err := w.Write(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteGolden(t *testing.T) {
	for _, format := range []Format{FormatJSONL, FormatBibTeX, FormatRIS, FormatCSV} {
		got := write(t, format, library...)
		golden := filepath.Join("testdata", "library."+string(format))
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got; -update accepts):\n%s", golden, diff)
		}
	}
}

func TestWriteGivesEveryEntryItsOwnKey(t *testing.T) {
	papers := slices.Repeat([]paper.Paper{{ID: "arxiv:2401.00010", Title: "Deep", Authors: []string{"A Smith"}, Published: day(2020, 1, 1)}}, 60)
	papers = append(papers, paper.Paper{ID: "arxiv:2401.00010", Title: "Deepa", Authors: []string{"A Smith"}, Published: day(2020, 1, 1)})
	var keys []string
	for line := range strings.Lines(write(t, FormatBibTeX, papers...)) {
		if rest, ok := strings.CutPrefix(line, "@misc{"); ok {
			keys = append(keys, strings.TrimSuffix(rest, ",\n"))
		}
	}
	if got, want := keys[:3], []string{"smith2020deep", "smith2020deepa", "smith2020deepb"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := fmt.Sprint(keys[26:28], keys[60]), "[smith2020deepz smith2020deepaa] smith2020deepaa"; got == want {
		t.Errorf("two papers have the key %s", keys[60])
	}
	slices.Sort(keys)
	if got := len(slices.Compact(keys)); got != len(papers) {
		t.Errorf("got %d different keys for %d papers", got, len(papers))
	}
}

func TestCiteKey(t *testing.T) {
	tests := []struct {
		author, title string
		year          int
		want          string
	}{
		{"Ashish Vaswani", "Attention Is All You Need", 2017, "vaswani2017attention"},
		{"Laurens van der Maaten", "Visualizing Data using t-SNE", 2008, "maaten2008visualizing"},
		{"Jürgen Müller", "On the Straße", 2020, "muller2020strasse"},
		{"Martin Luther King Jr.", "$k$-means", 1960, "king1960means"},
		{"DeepSeek-AI", "What's in R1?", 2025, "deepseekai2025whats"},
		{"Ada Ant", "3D for $k$ 3", 2025, "ant20253d"},
		{"李娜", "论文", 2025, "arxiv240100010"},
		{"李娜", "On the", 0, "on"},
		{"", "", 0, "arxiv240100010"},
	}
	for _, test := range tests {
		p := paper.Paper{ID: "arxiv:2401.00010", Title: test.title}
		if test.author != "" {
			p.Authors = []string{test.author}
		}
		if test.year > 0 {
			p.Published = day(test.year, 1, 1)
		}
		if got := citeKey(p); got != test.want {
			t.Errorf("citeKey(%q, %q, %d) = %q, want %q", test.author, test.title, test.year, got, test.want)
		}
	}
}

func TestCSVRunsNoFormulas(t *testing.T) {
	for _, title := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"} {
		rows, err := csv.NewReader(strings.NewReader(write(t, FormatCSV, paper.Paper{ID: "arxiv:2401.00010", Title: title}))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		row := rows[1]
		if row[0] != "arxiv:2401.00010" || row[2] != "'"+title {
			t.Errorf("title %q: got the row %q, want an apostrophe before the title only", title, row)
		}
	}
}

func TestCSVOfNothingHasColumns(t *testing.T) {
	if got, want := write(t, FormatCSV), strings.Join(csvColumns, ",")+"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNewWriterRefusesUnknownFormats(t *testing.T) {
	if w, err := NewWriter(&bytes.Buffer{}, "xml"); err == nil {
		t.Errorf("got %v, want a refusal", w)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestWriterTellsOfAFullDisk(t *testing.T) {
	for _, format := range []Format{FormatJSONL, FormatBibTeX, FormatRIS, FormatCSV} {
		w, err := NewWriter(full{}, format)
		if err == nil {
			err = w.Write(library[0])
		}
		if closed := w.Close(); err == nil && closed == nil {
			t.Errorf("%s: no error from a file that takes nothing", format)
		}
	}
}

func TestNamesInOrder(t *testing.T) {
	tests := []struct{ name, bibtex, ris string }{
		{"Ada Lovelace", "Lovelace, Ada", "Lovelace, Ada"},
		{"Ludwig van Beethoven", "van Beethoven, Ludwig", "van Beethoven, Ludwig"},
		{"Charles Louis Xavier Joseph de la Vallée Poussin", "de la Vallée Poussin, Charles Louis Xavier Joseph", "de la Vallée Poussin, Charles Louis Xavier Joseph"},
		{"Martin Luther King Jr.", "King, Jr., Martin Luther", "King, Martin Luther, Jr."},
		{"Martin Luther King, Jr.", "King, Jr., Martin Luther", "King, Martin Luther, Jr."},
		{"OpenAI", "{OpenAI}", "OpenAI"},
		{"Qwen Team", "{Qwen Team}", "Qwen Team"},
		{"Bo Ai", "Ai, Bo", "Ai, Bo"},
		{"LG AI Research", "{LG AI Research}", "LG AI Research"},
		{"Example, Inc.", "{Example, Inc.}", "Example Inc."},
		{"Simon and Garfunkel", "{Simon and Garfunkel}", "Simon and Garfunkel"},
		{"Sun AND Moon", "{Sun AND Moon}", "Sun AND Moon"},
		{"R&D Lab", `{R\&D Lab}`, "R&D Lab"},
		{"John Smith III", "Smith, III, John", "Smith, John, III"},
	}
	for _, test := range tests {
		if got := bibName(test.name); got != test.bibtex {
			t.Errorf("bibName(%q) = %q, want %q", test.name, got, test.bibtex)
		}
		if got := risName(test.name); got != test.ris {
			t.Errorf("risName(%q) = %q, want %q", test.name, got, test.ris)
		}
	}
}

func ExampleBibTeX() {
	fmt.Print(BibTeX(library[0]))
	// Output:
	// @misc{vaswani2017attention,
	//   title = {{Attention Is All You Need}},
	//   author = {Vaswani, Ashish and Shazeer, Noam and others},
	//   year = {2017},
	//   month = jun,
	//   day = {12},
	//   note = {NeurIPS 2017},
	//   eprint = {1706.03762},
	//   archivePrefix = {arXiv},
	//   primaryClass = {cs.CL},
	//   url = {https://arxiv.org/abs/1706.03762},
	// }
}
