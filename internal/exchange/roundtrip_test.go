package exchange

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/date"
	"paperboy/internal/paper"
)

// randomPaper has awkward text in all the places where formats have their own
// ideas about it.
func randomPaper(r *rand.Rand) paper.Paper {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	words := func(from []string, most int) string {
		var b strings.Builder
		for range 1 + r.IntN(most) {
			b.WriteString(from[r.IntN(len(from))])
		}
		return b.String()
	}
	text := []string{
		"a", "Word", "of", " ", " ", " ", "&", "%", "#", "_", "$", "{", "}", `\`, "~", "^", `"`, ",", "=", "@", "'", "-", ":",
		"é", "ß", "数", "$x^{2}$", `$\alpha$`, "TY  - ", "and", "5", "=", "(", ")", "@misc{", `\&`, `\textit`, "$$",
	}
	given, family := []string{"Ada", "Bo", "Jürgen", "Li", "J."}, []string{"Ant", "van der Bee", "Müller", "de la Cat", "'t Hooft", "O'Dog", "Ørsted Jr.", "Eel III"}
	p := paper.Paper{Title: words(text, 12) + "T", Abstract: "Said " + words(text, 20), Venue: pick("", "Tests & {Methods}", "CONF 2026")}
	for range r.IntN(5) {
		p.Authors = append(p.Authors, pick(
			words(given, 1)+" "+words(family, 1),
			words(given, 1)+" "+words(given, 1)+" "+words(family, 1),
			pick("DeepSeek-AI", "The A & B Team", "Ways and Means", "李娜", "others", "R_{1} Lab"),
		))
	}
	p.AuthorCount = len(p.Authors) + r.IntN(2)*min(len(p.Authors), 1)
	if r.IntN(4) > 0 {
		p.Published = day(1992+r.IntN(30), 1, 1+r.IntN(365))
		p.Sightings = []paper.Sighting{{Source: "arxiv", Kind: paper.New, Day: date.Of(p.Published), Votes: r.IntN(3)}}
	}
	switch r.IntN(4) {
	case 0:
		p.ID, p.Version, p.DOI = "arxiv:2401.00010", r.IntN(3), pick("", "10.1000/a_b", "10.1000/a(b)<c>;2-#")
		p.Published = day(2024, 1, 1+r.IntN(31))
	case 1:
		p.DOI = pick("10.1000/x", "10.1002/a_b", "10.1016/s1463-4988(99)00060-3")
		p.ID = paper.ID("doi:" + p.DOI)
	case 2:
		p.ID = paper.ID(pick("openreview:EfMyf9MC3t", "acl:2022.coling-1.36"))
	default:
		p = linked(pick("https://example.org/a_b", "https://example.org/?a=1&b=%20#c", "https://example.org/~ada/", "https://example.org/{a}?b=}"), p)
	}
	return paper.Clean(p)
}

// asTeX is s after TeX made signs of some of its characters, outside formulas.
func asTeX(s string) string {
	signs := strings.NewReplacer("---", "—", "--", "–", "``", "“", "''", "”")
	var b strings.Builder
	start := 0
	for i := 0; i < len(s); i++ {
		if end := formula(s, i); end > 0 {
			b.WriteString(signs.Replace(s[start:i]) + s[i:end])
			start, i = end, end-1
		}
	}
	return b.String() + signs.Replace(s[start:])
}

func TestRoundTrips(t *testing.T) {
	for seed := range uint64(1000) {
		p := randomPaper(rand.New(rand.NewPCG(seed, 1)))
		if diff := cmp.Diff(p, readOne(t, write(t, FormatJSONL, p), FormatJSONL)); diff != "" {
			t.Fatalf("seed %d: jsonl (-want +got):\n%s", seed, diff)
		}
		for _, format := range []Format{FormatBibTeX, FormatRIS} {
			text := write(t, format, p)
			got := readOne(t, text, format)
			want := paper.Paper{
				ID: p.ID, Title: plainTitle(p), Authors: p.Authors, AuthorCount: p.AuthorCount, DOI: p.DOI,
				Published: p.Published, Link: p.Link,
			}
			if format == FormatBibTeX {
				want.Title = asTeX(want.Title)
			} else {
				want.AuthorCount = len(p.Authors) // RIS cannot say that there are more
			}
			got = paper.Paper{
				ID: got.ID, Title: got.Title, Authors: got.Authors, AuthorCount: got.AuthorCount, DOI: got.DOI,
				Published: got.Published, Link: got.Link,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("seed %d: %s (-want +got):\n%s\nof %s", seed, format, diff, text)
			}
		}
	}
}

func TestRoundTripOfManyPapers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var want []paper.ID
	papers := make([]paper.Paper, 500)
	for i := range papers {
		papers[i] = randomPaper(r)
		want = append(want, papers[i].ID)
	}
	for _, format := range []Format{FormatJSONL, FormatBibTeX, FormatRIS} {
		var got []paper.ID
		for _, p := range readAll(t, write(t, format, papers...), format) {
			got = append(got, p.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %d papers, want %d, or in another order", format, len(got), len(want))
		}
	}
}
