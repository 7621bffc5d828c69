package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"paperboy/internal/paper"
)

func TestStandingQueriesAreThoseThatThePaperSatisfies(t *testing.T) {
	papers := samples()
	ix := New()
	ix.Put(papers, 1)
	s := NewStanding(ix)
	for _, text := range []string{"", "moe", "mixture experts", `"mixture of experts"`, "rout*", "-survey", "author:lecun", "cat:cs",
		"cat:cs.LG OR tears", "votes:3", "since:2024-03", "purple", "the", "source:arxiv"} {
		s.Set(text, Parse(text))
	}
	if s.Len() != 13 {
		t.Errorf("%d queries wait, want all but the empty one, 13", s.Len())
	}
	for _, p := range papers {
		var want []string
		for _, m := range []string{"moe", "mixture experts", `"mixture of experts"`, "rout*", "-survey", "author:lecun", "cat:cs",
			"cat:cs.LG OR tears", "votes:3", "since:2024-03", "purple", "the", "source:arxiv"} {
			if len(ix.Among([]paper.ID{p.ID}).Match(Parse(m), Options{TeamVotes: map[paper.ID]int{p.ID: 2}})) > 0 {
				want = append(want, m)
			}
		}
		slices.Sort(want)
		if got := s.Match(&p, 2); !slices.Equal(got, want) {
			t.Errorf("%s satisfies %q, want %q", p.ID, got, want)
		}
	}
}

// TestStandingAgreesWithReadingEveryPaper lets random queries come and go, and
// compares with asking each of them by an exhaustive search.
func TestStandingAgreesWithReadingEveryPaper(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 4))
		ix, e := New(), exhaustive{team: map[paper.ID]int{"p1": 3, "p2": 1}, known: make(map[*node]float32)}
		for range 20 {
			ix.Put([]paper.Paper{somePaper(r, 40), somePaper(r, 40), somePaper(r, 40)}, 1)
		}
		s, waiting := NewStanding(ix), make(map[string]*node)
		for range 30 {
			for range 1 + r.IntN(10) {
				name := fmt.Sprint("q", r.IntN(100))
				if r.IntN(4) == 0 {
					s.Remove(name)
					delete(waiting, name)
					continue
				}
				q, understood := strictly(r, ix)
				s.Set(name, q)
				if waiting[name] = understood.root; understood.root == nil {
					delete(waiting, name)
				}
			}
			p := somePaper(r, 40)
			var want []string
			for name, root := range waiting {
				if _, ok := e.eval(root, plainOf(p)); ok {
					want = append(want, name)
				}
			}
			slices.Sort(want)
			if got := s.Match(&p, e.team[p.ID]); !slices.Equal(got, want) {
				t.Fatalf("seed %d: %+v satisfies %q, want %q of %v", seed, p, got, want, waiting)
			}
		}
		if s.Len() != len(waiting) {
			t.Fatalf("seed %d: %d queries wait, want %d", seed, s.Len(), len(waiting))
		}
		for name := range waiting {
			s.Remove(name)
		}
		if len(s.terms)+len(s.prefixes)+len(s.always) > 0 {
			t.Fatalf("seed %d: removed queries left %v, %v, %v behind", seed, s.terms, s.prefixes, s.always)
		}
	}
}

func TestStandingQueriesChangeWhileOthersMatch(t *testing.T) {
	ix := New()
	ix.Put(samples(), 1)
	s := NewStanding(ix)
	s.Set("always", Parse("moe"))
	var group sync.WaitGroup
	for n := range 4 {
		group.Go(func() {
			for i := range 100 {
				name := fmt.Sprint(n, i%7)
				s.Set(name, Parse("mixture OR rout*"))
				if got := s.Match(&samples()[0], 0); !slices.Contains(got, "always") {
					t.Errorf("the paper satisfies %q", got)
				}
				s.Remove(name)
			}
		})
	}
	group.Wait()
	if s.Len() != 1 {
		t.Errorf("%d queries are left, want 1", s.Len())
	}
}

// topics are n different subscriptions as people make them, over the keywords of
// real papers.
func topics(b *testing.B, n int) (list []string) {
	var words []string
	for lines := dataFile(b, "search/hf_ai_keywords/queries.jsonl.gz"); lines.Scan(); {
		_, text, _ := strings.Cut(lines.Text(), `"text": "`)
		text, _, _ = strings.Cut(text, `"`)
		words = append(words, text)
	}
	r := rand.New(rand.NewPCG(1, 6))
	some := func() string { return words[r.IntN(len(words))] }
	for i := range n {
		switch text := some(); i % 10 {
		case 0:
			list = append(list, `"`+text+`"`)
		case 1:
			list = append(list, text+" OR "+some())
		case 2:
			list = append(list, text+" -survey since:2024")
		case 3:
			list = append(list, text+" cat:cs.LG")
		case 4:
			list = append(list, typical[i%len(typical)])
		case 5:
			list = append(list, strings.Fields(text)[0]+"* "+some())
		default:
			list = append(list, text)
		}
	}
	return list
}

// BenchmarkStanding matches one new paper after the other against 10,000
// subscriptions.
func BenchmarkStanding(b *testing.B) {
	papers := arXiv(b)
	ix := New()
	ix.Put(papers, 1)
	s := NewStanding(ix)
	for i, text := range topics(b, 10_000) {
		s.Set(fmt.Sprint(i), Parse(text))
	}
	matches, i := 0, 0
	for b.Loop() {
		matches += len(s.Match(&papers[i%len(papers)], 0))
		i += 997
	}
	b.ReportMetric(float64(matches)/float64(i/997), "matches/paper")
}
