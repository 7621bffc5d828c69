package search

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"paperboy/internal/paper"
)

// matched is the first letters of the papers that match, in order of the alphabet.
func matched(ix *Index, text string, opts Options) string {
	var letters []string
	for id := range ix.Match(Parse(text), opts) {
		letters = append(letters, string(id[:1]))
	}
	slices.Sort(letters)
	return strings.Join(letters, "")
}

func TestMatchFinds(t *testing.T) {
	ix := New("test")
	ix.Put(samples(), 1)
	team := map[paper.ID]int{"a:moe": 5, "e:tex": 3}
	for text, want := range map[string]string{
		"":                         "",
		"()":                       "",
		"sort:new":                 "",
		"mixture experts":          "abcf",
		`"mixture of experts"`:     "bf",
		"moe":                      "abf",
		"moe disagree":             "",
		"routing tears":            "",
		"routing tears OR lecun":   "ac",
		"moe -survey":              "ab",
		"-survey":                  "abcde",
		"author:lecun":             "ac",
		"cat:cs since:2024-03":     "abd", // d has the day of its listing
		"votes:3":                  "abe",
		"routing sort:new":         "af",
		"the":                      "b",
		"the mixture":              "bcf",
		"purple":                   "",
		"source:arxiv author:ada":  "ac",
		"(moe OR tears) cat:cs.CL": "bd",
	} {
		if got := matched(ix, text, Options{TeamVotes: team}); got != want {
			t.Errorf("%q matches %q, want %q", text, got, want)
		}
	}
}

func TestMatchIsNotRelaxed(t *testing.T) {
	ix := New("test")
	var papers []paper.Paper
	for i, title := range []string{"red green blue", "red green", "red green", "green blue", "red", "yellow red"} {
		papers = append(papers, paper.Paper{ID: paper.ID(fmt.Sprint(i)), Title: title})
	}
	ix.Put(papers, 1)
	for text, want := range map[string]string{"red green blue": "0", "red green": "012", "yellow blue": "", "red purple": ""} {
		if got := matched(ix, text, Options{}); got != want {
			t.Errorf("%q matches %q, want %q", text, got, want)
		}
	}
}

// TestMatchAgreesWithSearch compares with a search that is never relaxed, over
// random papers that were replaced now and then.
func TestMatchAgreesWithSearch(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 2))
		ix, team := New("test"), map[paper.ID]int{"p1": 3, "p2": 1}
		for range 1 + r.IntN(20) {
			var some []paper.Paper
			for range r.IntN(12) {
				some = append(some, somePaper(r))
			}
			ix.Put(some, 1)
		}
		for range 60 {
			q := Parse(strings.ReplaceAll(someQuery(r, 2), "sort:", ""))
			want := make(map[paper.ID]float64)
			for _, h := range ix.search(q, Options{Limit: 1000, TeamVotes: team}, 0).Hits {
				want[h.ID] = h.Score
			}
			got := maps.Collect(ix.Match(q, Options{TeamVotes: team}))
			if q.order == byRelevance && !maps.Equal(got, want) {
				t.Fatalf("seed %d: %q matches\n%v, Search finds\n%v", seed, q, got, want)
			}
		}
	}
}

func TestMatchMayBeLeftEarly(t *testing.T) {
	ix := New("test")
	ix.Put(samples(), 1)
	for range ix.Match(Parse("moe"), Options{}) {
		return
	}
	t.Error(`"moe" matches nothing`)
}

func BenchmarkMatch(b *testing.B) {
	ix := New("test")
	papers := arXiv(b)
	ix.Put(papers[:min(len(papers), 20_000)], 1)
	hits := 0
	for b.Loop() {
		for _, text := range typical {
			for range ix.Match(Parse(text), Options{}) {
				hits++
			}
		}
	}
	topics := float64(b.N * len(typical))
	b.ReportMetric(float64(b.Elapsed().Microseconds())/topics, "µs/topic")
	b.ReportMetric(float64(hits)/topics, "hits/topic")
}
