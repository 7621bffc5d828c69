package recommend

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// feed is made-up papers in the numbers and sizes of a month of arXiv.
func feed(n int) (papers []paper.Paper) {
	r := rand.New(rand.NewPCG(3, 3))
	for i := range n {
		p := paper.Paper{ID: paper.ID(fmt.Sprintf("arxiv:2603.%05d", i)), Categories: []string{fmt.Sprint("cs.", r.IntN(20))},
			Sightings: []paper.Sighting{{Source: "arxiv", Kind: paper.New, Day: ago(r.IntN(14))}}}
		for range 6 + r.IntN(8) {
			p.Title += fmt.Sprint("word", int(r.ExpFloat64()*700), " ")
		}
		for range 1 + r.IntN(9) {
			p.Authors = append(p.Authors, fmt.Sprint("Ada Name", r.IntN(30_000)))
		}
		if r.IntN(8) == 0 {
			p.Sightings = append(p.Sightings, paper.Sighting{Source: "huggingface", Day: ago(r.IntN(14)), Votes: r.IntN(150)})
		}
		papers = append(papers, p)
	}
	return papers
}

func BenchmarkNewPool(b *testing.B) {
	papers := feed(20_000)
	for b.Loop() {
		NewPool(papers)
	}
}

func BenchmarkChoose(b *testing.B) {
	p := NewPool(feed(20_000))
	r := rand.New(rand.NewPCG(4, 4))
	some := func(n int) (list []Hit) {
		for range n {
			list = append(list, Hit{r.IntN(p.Len()), r.Float64() * 20})
		}
		return list
	}
	w := Want{Day: today, From: ago(7), To: today, Count: 3, Shown: make(map[paper.ID]bool),
		Team: Team{Votes: make(map[paper.ID]int), Fans: make(map[string]int)}}
	for range 600 {
		w.Shown[p.Paper(r.IntN(p.Len())).ID] = true
		w.Team.Votes[p.Paper(r.IntN(p.Len())).ID]++
		w.Team.Fans[AuthorKey(fmt.Sprint("Ada Name", r.IntN(30_000)))]++
	}
	for name, topics := range map[string][]Topic{
		"400hits":    {{Query: "moe", Hits: some(400)}},
		"3x400hits":  {{Query: "moe", Hits: some(400)}, {Query: "llm", Hits: some(400)}, {Query: "rl", Hits: some(400)}},
		"Everything": {{Query: team.Everything}},
	} {
		b.Run(name, func(b *testing.B) {
			w := w
			w.Topics = topics
			b.ReportAllocs()
			for b.Loop() {
				p.Choose(w, Weigh)
			}
		})
	}
}

// BenchmarkMemory is what a pool takes beside the papers themselves.
func BenchmarkMemory(b *testing.B) {
	papers := feed(20_000)
	heap := func() float64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	before := heap()
	var p *Pool
	for b.Loop() {
		p = NewPool(papers)
	}
	b.ReportMetric((heap()-before)/1e6, "MB")
	runtime.KeepAlive(p)
	runtime.KeepAlive(papers)
}
