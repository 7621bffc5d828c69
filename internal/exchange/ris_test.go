package exchange

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/paper"
)

func TestReadRIS(t *testing.T) {
	text := strings.ReplaceAll(`
TY  - JOUR
T1  - On Tests
  of Many Kinds
A1  - van der Maaten, Laurens
AU  - King, Martin Luther, Jr.
AU  - DeepSeek-AI
PY  - 2024
Y1  - 2024/01/16/
DA  - 2024/01
N2  - First line.
and second - line.
KW  - tests
KW  - more
JO  - Journal of Tests
DO  - https://doi.org/10.1000/XYZ
UR  - http://example.org/paper
ER  -

TY  - UNPB
TI  - A Preprint
DA  - 2023///
UR  - https://arxiv.org/abs/2401.00010v2
DO  - 10.48550/arXiv.2401.00010
T2  - arXiv
TY - GEN
TI - One Space
UR - https://arxiv.org/abs/2401.00011
`, "\n", "\r\n")
	want := []paper.Paper{
		{
			ID: "doi:10.1000/xyz", DOI: "10.1000/xyz", Title: "On Tests of Many Kinds", Abstract: "First line. and second - line.",
			Authors: []string{"Laurens van der Maaten", "Martin Luther King Jr.", "DeepSeek-AI"}, AuthorCount: 3,
			Published: day(2024, 1, 16), Keywords: []string{"tests", "more"}, Venue: "Journal of Tests",
		},
		{ID: "arxiv:2401.00010", Version: 2, Title: "A Preprint", Published: day(2024, 1, 1)},
		{ID: "arxiv:2401.00011", Title: "One Space", Published: day(2024, 1, 1)},
	}
	if diff := cmp.Diff(want, readAll(t, text, FormatRIS)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadRISGoesOnAfterBadRecords(t *testing.T) {
	long := strings.Repeat("x", 5<<20)
	bad := map[string]struct{ record, want string }{
		"no id":           {"TY  - BOOK\nTI  - A Book\nER  - \n", `"A Book" has no arXiv id, DOI or link`},
		"no title":        {"TY  - JOUR\nDO  - 10.1000/x\nER  - \n", `has no title`},
		"a line of 5 MiB": {"TY  - JOUR\nTI  - " + long + "\nDO  - 10.1000/x\nER  - \n", `line 5 is longer than 4 MiB`},
		"many long lines": {"TY  - JOUR\n" + strings.Repeat("AB  - "+long[:1<<20]+"\n", 5) + "ER  - \n", `is longer than 4 MiB`},
	}
	good := "TY  - JOUR\nTI  - Good\nDO  - 10.1000/y\n" // no ER: the TY after it ends it, or the end of the file
	for name, test := range bad {
		t.Run(name, func(t *testing.T) {
			records := slices.Collect(Read(strings.NewReader(good+test.record+good), FormatRIS))
			if len(records) != 3 || records[0].Err != nil || records[1].Err == nil || records[2].Err != nil {
				t.Fatalf("got %.500v, want the second of three to be bad", records)
			}
			if got := records[1].Err.Error(); got != test.want || records[1].Line != 4 {
				t.Errorf("got  line %d: %s\nwant line 4: %s", records[1].Line, got, test.want)
			}
		})
	}
}
