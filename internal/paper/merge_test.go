package paper

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/date"
)

// anySighting is a paper as some source might give it, all with one ID.
func anySighting(r *rand.Rand) Paper {
	word := func(n int) string { return []string{"", "a", "b", "long", "longer text"}[r.IntN(n)] }
	words := func() (l []string) {
		for range r.IntN(4) {
			l = append(l, []string{"x", "y", "Y", "z"}[r.IntN(4)])
		}
		return l
	}
	when := func() time.Time {
		if r.IntN(3) == 0 {
			return time.Time{}
		}
		return time.Date(2026, 2, 1+r.IntN(3), r.IntN(2)*7, 0, 0, 0, time.UTC)
	}
	p := Paper{
		ID: "arxiv:2401.08383", Version: r.IntN(3),
		Title: word(5), Abstract: word(5), Summary: word(5), Code: word(5), Venue: word(3),
		Authors: words(), Categories: words(), Keywords: union(words(), nil),
		AuthorCount: r.IntN(5), Stars: r.IntN(3), Published: when(), Updated: when(),
	}
	p.AuthorCount = max(p.AuthorCount, len(p.Authors))
	for range r.IntN(4) {
		p.Sightings = mergeSightings(p.Sightings, []Sighting{{
			Source: []string{"arxiv", "huggingface"}[r.IntN(2)],
			Kind:   []Kind{Listed, New, Replace}[r.IntN(3)],
			Day:    date.New(2026, 2, 1+r.IntN(4)),
			Votes:  r.IntN(9), Comments: r.IntN(3), By: word(3),
		}})
	}
	return p
}

func TestMergeTakesEitherOrderAndSettles(t *testing.T) {
	for seed := range uint64(5000) {
		r := rand.New(rand.NewPCG(seed, 1))
		a, b := anySighting(r), anySighting(r)
		ab, ba := Merge(a, b), Merge(b, a)
		if diff := cmp.Diff(ab, ba); diff != "" {
			t.Fatalf("seed %d: Merge(a, b) is not Merge(b, a):\n%s\na %+v\nb %+v", seed, diff, a, b)
		}
		for name, again := range map[string]Paper{"a": Merge(ab, a), "b": Merge(ab, b), "itself": Merge(ab, ab)} {
			if diff := cmp.Diff(ab, again); diff != "" {
				t.Fatalf("seed %d: merging %s again changes the paper:\n%s\na %+v\nb %+v", seed, name, diff, a, b)
			}
		}
	}
}

func TestMergePrefersTheFuller(t *testing.T) {
	midnight := time.Date(2026, 2, 26, 0, 0, 0, 0, time.UTC)
	feb27 := date.New(2026, 2, 27)
	daily := Paper{
		ID: "arxiv:2602.00001", Title: "A Title", AuthorCount: 6, Published: midnight,
		Keywords:  []string{"sparse experts"},
		Sightings: []Sighting{{Source: "huggingface", Day: feb27, Votes: 162, Comments: 2}},
	}
	feed := Paper{
		ID: "arxiv:2602.00001", Version: 2, Title: "A Better Title", Abstract: "What it is.",
		Authors: []string{"A", "B"}, AuthorCount: 2, Categories: []string{"cs.LG", "cs.AI"},
		Published: midnight.Add(9 * time.Hour),
		Sightings: []Sighting{
			{Source: "arxiv", Kind: Replace, Day: feb27.AddDays(20)},
			{Source: "huggingface", Day: feb27.AddDays(1), Votes: 3, Comments: 5},
		},
	}
	want := Paper{
		ID: "arxiv:2602.00001", Version: 2, Title: "A Better Title", Abstract: "What it is.",
		Authors: []string{"A", "B"}, AuthorCount: 2, Categories: []string{"cs.LG", "cs.AI"},
		Keywords: []string{"sparse experts"}, Published: midnight.Add(9 * time.Hour),
		Sightings: []Sighting{
			{Source: "arxiv", Kind: Replace, Day: feb27.AddDays(20)},
			{Source: "huggingface", Day: feb27, Votes: 162, Comments: 5},
		},
	}
	got := Merge(daily, feed)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Merge (-want +got):\n%s", diff)
	}
	if got.Day() != feb27 || got.Votes() != 162 {
		t.Errorf("first listed %s with %d votes, want %s with 162", got.Day(), got.Votes(), feb27)
	}
}

func TestMergeKeepsTheMoreExactDate(t *testing.T) {
	at := func(s string) time.Time {
		when, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for _, c := range []struct{ a, b, want string }{
		{"2026-02-26T00:00:00Z", "2026-02-26T09:00:00Z", "2026-02-26T09:00:00Z"}, // only the day
		{"2026-02-01T00:00:00Z", "2026-02-26T09:00:00Z", "2026-02-26T09:00:00Z"}, // only the month
		{"2026-01-01T00:00:00Z", "2026-02-26T00:00:00Z", "2026-02-26T00:00:00Z"}, // only the year
		{"2025-01-01T00:00:00Z", "2026-02-26T00:00:00Z", "2025-01-01T00:00:00Z"},
		{"2026-02-25T23:00:00Z", "2026-02-26T09:00:00Z", "2026-02-25T23:00:00Z"},
	} {
		got := Merge(Paper{Published: at(c.b)}, Paper{Published: at(c.a)}).Published
		if !got.Equal(at(c.want)) {
			t.Errorf("of %s and %s Merge keeps %s, want %s", c.a, c.b, got.Format(time.RFC3339), c.want)
		}
	}
}

func ExampleMerge() {
	a := Paper{ID: "arxiv:1706.03762", Title: "Attention Is All You Need"}
	b := Paper{ID: "arxiv:1706.03762", AuthorCount: 8}
	m := Merge(a, b)
	fmt.Println(m.Title, m.AuthorCount)
	// Output: Attention Is All You Need 8
}
