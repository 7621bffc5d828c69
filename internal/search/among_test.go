package search

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"paperboy/internal/paper"
)

// matched is the first letters of the papers of ids that match, in order of the
// alphabet.
func matched(ix *Index, ids []paper.ID, text string, opts Options) string {
	var letters []string
	for _, m := range ix.Among(ids).Match(Parse(text), opts) {
		letters = append(letters, string(ids[m.Index][:1]))
	}
	slices.Sort(letters)
	return strings.Join(letters, "")
}

// idsOf are those of papers, from the last to the first.
func idsOf(papers []paper.Paper) (ids []paper.ID) {
	for _, p := range slices.Backward(papers) {
		ids = append(ids, p.ID)
	}
	return ids
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
		if got := matched(ix, idsOf(samples()), text, Options{TeamVotes: team}); got != want {
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
		if got := matched(ix, idsOf(papers), text, Options{}); got != want {
			t.Errorf("%q matches %q, want %q", text, got, want)
		}
	}
}

// TestMatchAgreesWithSearch compares with a search that is never relaxed, over
// random papers that were replaced now and then, some of which are looked at.
func TestMatchAgreesWithSearch(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 2))
		ix, team := New("test"), map[paper.ID]int{"p1": 3, "p2": 1}
		ids := []paper.ID{"unknown"}
		for range 1 + r.IntN(20) {
			var some []paper.Paper
			for range r.IntN(12) {
				some = append(some, somePaper(r))
			}
			ix.Put(some, 1)
			if r.IntN(3) > 0 {
				ids = append(ids, idsOf(some)...)
			}
		}
		m := ix.Among(ids)
		for range 60 {
			q := Parse(strings.ReplaceAll(someQuery(r, 2), "sort:", ""))
			if q.order != byRelevance {
				continue
			}
			want := make(map[paper.ID]float64)
			for _, h := range ix.search(q, Options{Limit: 1000, TeamVotes: team}, 0).Hits {
				if slices.Contains(ids, h.ID) {
					want[h.ID] = h.Score
				}
			}
			for range 2 { // the second time from lists that were kept
				got := make(map[paper.ID]float64)
				for _, hit := range m.Match(q, Options{TeamVotes: team}) {
					got[ids[hit.Index]] = hit.Score
				}
				if !maps.Equal(got, want) {
					t.Fatalf("seed %d: %q matches\n%v, Search finds\n%v", seed, q, got, want)
				}
			}
		}
	}
}

func TestMatchingManyAtOnceGivesTheSame(t *testing.T) {
	ix := New("test")
	var papers []paper.Paper
	for i := range 5 * keepFrom {
		papers = append(papers, paper.Paper{ID: paper.ID(fmt.Sprint(i)), Title: "common", Abstract: fmt.Sprintf("third%d fifth%d", i%3, i%5)})
	}
	ix.Put(papers, 1)
	m := ix.Among(idsOf(papers))
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			text := fmt.Sprintf("common third%d OR fifth%d", n%3, n%5)
			want := ix.search(Parse(text), Options{}, 0).Total
			for range 50 {
				if got := len(m.Match(Parse(text), Options{})); got != want {
					t.Errorf("%q matches %d papers, want %d", text, got, want)
				}
			}
		})
	}
	group.Wait()
}

// BenchmarkMatch follows the topics of many channels in a week's papers.
func BenchmarkMatch(b *testing.B) {
	ix := New("test")
	papers := arXiv(b)
	papers = papers[:min(len(papers), 20_000)]
	ix.Put(papers, 1)
	hits := 0
	for b.Loop() {
		m := ix.Among(idsOf(papers))
		for i := range 1000 {
			hits += len(m.Match(Parse(typical[i%len(typical)]+" -x"+fmt.Sprint(i)), Options{}))
		}
	}
	topics := float64(b.N * 1000)
	b.ReportMetric(float64(b.Elapsed().Microseconds())/topics, "µs/topic")
	b.ReportMetric(float64(hits)/topics, "hits/topic")
}
