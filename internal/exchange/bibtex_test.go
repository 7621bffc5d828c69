package exchange

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/paper"
)

func TestReadBibTeX(t *testing.T) {
	tests := map[string]struct {
		text string
		want paper.Paper
	}{
		"an arXiv preprint": {
			`@misc{ant2024tests, title={{On {BERT} \& Tests of $x_{1}$}}, author={Ant, Ada and M{\"u}ller, Jr., Bo and others},
			  year={2024}, month=jan, eprint={2401.00010v2}, archivePrefix={arXiv}, primaryClass={cs.SE}, doi={10.1000/XYZ}, keywords={tests, more; most}}`,
			paper.Paper{
				ID: "arxiv:2401.00010", Version: 2, Title: "On BERT & Tests of $x_{1}$",
				Authors: []string{"Ada Ant", "Bo Müller Jr."}, AuthorCount: 3, Published: day(2024, 1, 1),
				Categories: []string{"cs.SE"}, Keywords: []string{"tests", "more", "most"}, DOI: "10.1000/xyz",
			},
		},
		"macros and concatenation": {
			`@string{jot = "Journal of " # tests} @STRING(tests = {Tests})
			 @Article(k, TITLE = "On {"}Tests{"}", journal = jot # "!", day = 3, month = "feb", year = 1999, doi = {https://doi.org/10.1000/xyz})`,
			paper.Paper{ID: "doi:10.1000/xyz", Title: `On "Tests"`, Venue: "Journal of tests!", DOI: "10.1000/xyz", Published: day(1999, 2, 3)},
		},
		"an arXiv id in the journal": {
			`@article{k, title={T}, journal={arXiv preprint arXiv:2401.00010}, year={2025}}`,
			paper.Paper{ID: "arxiv:2401.00010", Title: "T", Published: day(2024, 1, 1)},
		},
		"the way of DBLP": {
			`@article{k, title={T}, journal={CoRR}, volume={abs/1706.03762}, year={2017}, eprinttype={arXiv}}`,
			paper.Paper{ID: "arxiv:1706.03762", Title: "T", Published: day(2017, 6, 1)},
		},
		"an old arXiv id": {
			`@article{k, title={T}, eprint={hep-th/9901001}, date={1999-01-04}}`,
			paper.Paper{ID: "arxiv:hep-th/9901001", Title: "T", Published: day(1999, 1, 4)},
		},
		"an id of another archive": {
			`@article{k, title={T}, eprint={12345}, eprinttype={pubmed}, url={https://doi.org/10.1000/a\_b}, booktitle={B}}`,
			paper.Paper{ID: "doi:10.1000/a_b", Title: "T", Venue: "B", DOI: "10.1000/a_b"},
		},
		"a link in howpublished": {
			`@misc{k, title={T}, year={2025}, month=1, howpublished={\url{https://openreview.net/forum?id=EfMyf9MC3t}}, note={Online}}`,
			paper.Paper{ID: "openreview:EfMyf9MC3t", Title: "T", Published: day(2025, 1, 1)},
		},
		"the DOI that arXiv gives": {
			`@misc{k, title={T}, doi={10.48550/ARXIV.2401.00010}, url={https://doi.org/10.1000/x}, date={2024-02-99}}`,
			paper.Paper{ID: "arxiv:2401.00010", Title: "T", DOI: "10.1000/x", Published: day(2024, 1, 1)},
		},
		"authors in every order": {
			`@misc{k, title={T}, doi={10.1000/x}, author={Ludwig van Beethoven and van der Maaten, Laurens and {Barnes and Noble, Inc.} and
			  King, Jr., Martin Luther}}`,
			paper.Paper{
				ID: "doi:10.1000/x", DOI: "10.1000/x", Title: "T", AuthorCount: 4,
				Authors: []string{"Ludwig van Beethoven", "Laurens van der Maaten", "Barnes and Noble, Inc.", "Martin Luther King Jr."},
			},
		},
		"what is around entries": {
			"\ufeff% @misc{no, title={No}}\r\nfree text, mail@example.org\r\n@preamble{\"\\foo{}\"}@comment{x}\r\n  @misc {k,\r\n title = {T}, doi={10.1000/x},}\r\nmore",
			paper.Paper{ID: "doi:10.1000/x", DOI: "10.1000/x", Title: "T"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := readOne(t, test.text, FormatBibTeX)
			if test.want.AuthorCount == 0 {
				test.want.AuthorCount = len(test.want.Authors)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s\nof %s", diff, test.text)
			}
		})
	}
}

func TestReadBibTeXRefusals(t *testing.T) {
	tests := map[string]struct{ entry, want string }{
		"no id":              {`@book{knuth, title={T}}`, `"knuth" has no arXiv id, DOI or link`},
		"no title":           {`@misc{k, doi={10.1000/x}}`, `"k" has no title`},
		"an open brace":      {"@misc{k,\n title={T\n}", `"k" is not closed: a brace is missing`},
		"a bad macro":        {`@string{{}}`, `an @string has no field name and "=" before "{}"`},
		"nine macros in one": {`@string{a = "` + strings.Repeat("x", 1<<19) + `"}@misc{k, title = a#a#a#a#a#a#a#a#a}`, `"k" has a field "title" that is longer than 4 MiB`},
		"no equals sign":     {`@misc{k, title {T}}`, `"k" has no field name and "=" before "{T}"`},
		"no value":           {`@misc{k, title = , doi={10.1000/x}}`, `"k" has a field "title" that has no value before ", doi={10.1000/x}"`},
		"an open quote":      {`@misc{k, title = "T}`, `"k" has a field "title" that has no closing '"'`},
		"a line of 5 MiB":    {"@misc{k, title={" + strings.Repeat("x", 5<<20) + "},\ndoi={10.1000/x}}", `line 2 is longer than 4 MiB`},
		"an entry of 5 MiB":  {"@misc{k, title={" + strings.Repeat(strings.Repeat("x", 1<<20)+"\n", 5) + "},\ndoi={10.1000/x}}", `is longer than 4 MiB`},
		"an endless macro":   {"@string{a = 1} " + strings.Repeat("@string{a = a # a}", 30), `the macro "a" is left out: all macros together are longer than 1 MiB`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			good := "@misc{good, title={Good}, doi={10.1000/y}}\n"
			records := slices.Collect(Read(strings.NewReader(good+test.entry+"\n"+good), FormatBibTeX))
			last := len(records) - 1
			if last < 2 || records[0].Err != nil || records[1].Err == nil || records[last].Err != nil {
				t.Fatalf("got %d records %.500v, want those in the middle to be bad", len(records), records)
			}
			if got := records[1].Err.Error(); !strings.HasSuffix(got, test.want) || records[1].Line != 2 {
				t.Errorf("got  line %d: %s\nwant line 2: %s\nof %.200s", records[1].Line, got, test.want, test.entry)
			}
		})
	}
}

func TestDecodeTeX(t *testing.T) {
	tests := []struct{ in, want string }{
		{`Poincar\'e, Erd{\H{o}}s, G\"{o}del, Fran\c{c}ois, \v{S}koda, Ha\v cek`, "Poincaré, Erdős, Gödel, François, Škoda, Haček"},
		{`na\"{\i}ve na{\"\i}ve \^{\i}`, "naïve naïve î"},
		{`Stra\ss e \L{}odz {\O}re \aa{} \AA{}`, "Straße Łodz Øre å Å"},
		{`\emph{very} {\it old} \textsc{Style}s`, "very old Styles"},
		{`A \& B\% \$5 \#1 a\_b \{c\}`, "A & B% $5 #1 a_b {c}"},
		{`a~b -- c --- d`, "a b – c — d"},
		{"``quoted'' 'single'", "“quoted” 'single'"},
		{`the \alpha{} and \omega`, `the \alpha{} and \omega`},
		{`\frac{1}{2}`, `\frac{1}2`},
		{`$\alpha_{x}$ {B}ert`, `$\alpha_{x}$ Bert`},
		{`costs \$5, or $5`, "costs $5, or $5"},
		{`\textbackslash{}x \textasciitilde{}`, `\x ~`},
		{`100\,km`, "100 km"},
		{`ends in \`, `ends in \`},
		{`\'`, `\'`},
		{`}}{{`, ``},
	}
	for _, test := range tests {
		if got := decodeTeX(test.in, 1000); got != test.want {
			t.Errorf("decodeTeX(%q)\ngot  %q\nwant %q", test.in, got, test.want)
		}
	}
}
