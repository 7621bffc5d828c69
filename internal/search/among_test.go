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
	ix := New()
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
	ix := New()
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

// strictly is a random query whose order is of no account, and how ix understands it.
func strictly(r *rand.Rand, ix *Index) (q, understood Query) {
	q = Parse(strings.ReplaceAll(someQuery(r, 2), "sort:", ""))
	return q, ix.Search(q, Options{}).Query
}

// TestMatchAgreesWithReadingEveryPaper compares with an exhaustive search of
// random papers that were replaced now and then, some of which are looked at.
func TestMatchAgreesWithReadingEveryPaper(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 2))
		ix, latest, e := New(), make(map[paper.ID]paper.Paper), exhaustive{team: map[paper.ID]int{"p1": 3, "p2": 1}}
		for range 1 + r.IntN(20) {
			var some []paper.Paper
			for range r.IntN(12) {
				p := somePaper(r, 40)
				some, latest[p.ID] = append(some, p), p
			}
			ix.Put(some, 1)
		}
		ids := []paper.ID{"unknown"}
		for id, p := range latest {
			e.papers = append(e.papers, plainOf(p))
			if r.IntN(3) > 0 {
				ids = append(ids, id)
			}
		}
		m := ix.Among(ids)
		for range 60 {
			q, understood := strictly(r, ix)
			e.known = make(map[*node]float32)
			want := make(map[paper.ID]float64)
			for _, x := range e.papers {
				if understood.root == nil || !slices.Contains(ids, x.ID) {
					continue
				}
				if score, ok := e.eval(understood.root, x); ok {
					want[x.ID] = float64(score) / one
				}
			}
			got := make(map[paper.ID]float64)
			for _, hit := range m.Match(q, Options{TeamVotes: e.team}) {
				got[ids[hit.Index]] = hit.Score
			}
			if !maps.Equal(got, want) {
				t.Fatalf("seed %d: %q matches\n%v, want\n%v", seed, q, got, want)
			}
		}
	}
}

func TestMatchingManyAtOnceGivesTheSame(t *testing.T) {
	ix := New()
	var papers []paper.Paper
	for i := range 500 {
		papers = append(papers, paper.Paper{ID: paper.ID(fmt.Sprint(i)), Title: "common", Abstract: fmt.Sprintf("third%d fifth%d", i%3, i%5)})
	}
	ix.Put(papers, 1)
	m := ix.Among(idsOf(papers))
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			text := fmt.Sprintf("common third%d OR fifth%d", n%3, n%5)
			want := ix.Search(Parse(text), Options{}).Total
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
	ix := New()
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
