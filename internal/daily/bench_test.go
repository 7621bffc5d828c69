package daily_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// BenchmarkPlan plans 10,000 channels, each with a topic of its own, that are due
// in the same minute over a feed of 20,000 papers.
func BenchmarkPlan(b *testing.B) {
	const channels, papers = 10_000, 20_000
	for b.Loop() {
		b.StopTimer()
		f := newFeed(b, manyPapers(papers)...)
		manyChannels(b, f.store, channels)
		runtime.GC()
		b.StartTimer()
		began := time.Now()
		n, err := f.daily().Plan(b.Context(), nine)
		if err != nil || n < channels*9/10 {
			b.Fatalf("%d channels planned, %v", n, err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/round")
		b.ReportMetric(heap(), "MB-heap")
	}
}

// heap is how many megabytes of heap the process has in use.
func heap() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse) / (1 << 20)
}

// word is one of some thousand made-up ones, as often as words of a language are.
func word(random *rand.Rand) string { return named(rank(random)) }

// rank is how many words are commoner, from 0 to 8,000.
func rank(random *rand.Rand) int { return int(math.Exp(random.Float64()*math.Log(8000))) - 1 }

func named(rank int) string { return fmt.Sprintf("w%04x", rank*40503&0xffff) }

// telling is a word that is not among the hundred commonest, which nobody follows.
func telling(random *rand.Rand) string {
	for {
		if n := rank(random); n > 100 {
			return named(n)
		}
	}
}

func sentence(random *rand.Rand, words int) string {
	s := make([]string, words)
	for i := range s {
		s[i] = word(random)
	}
	return strings.Join(s, " ")
}

// manyPapers are papers of the week up to the day, with abstracts of a usual size.
func manyPapers(n int) []paper.Paper {
	random := rand.New(rand.NewPCG(1, 2))
	papers := make([]paper.Paper, n)
	for i := range papers {
		papers[i] = paper.Paper{
			ID: paper.ID(fmt.Sprintf("arxiv:2602.%05d", i)), Title: sentence(random, 10), Abstract: sentence(random, 180),
			Authors: []string{"Ada " + word(random), "Grace " + word(random)}, Categories: []string{"cs.LG"},
			Sightings: []paper.Sighting{{Source: "daily", Day: today.AddDays(-random.IntN(5)), Votes: random.IntN(100)}},
		}
	}
	return papers
}

func manyChannels(b *testing.B, s *store.Store, n int) {
	random := rand.New(rand.NewPCG(3, 4))
	for i := range n {
		topic := fmt.Sprintf("%s -x%d", telling(random), i) // no two are the same
		if i%2 == 0 {
			topic = fmt.Sprintf("(%s OR %s) -x%d", telling(random), telling(random), i)
		}
		place := chat.Place{Platform: "test", Space: fmt.Sprint("T", i%1000), Channel: fmt.Sprint("C", i)}
		_, err := s.ChangeChannel(b.Context(), place, ada, nine.Add(-time.Hour), func(c *team.Channel) error {
			c.Prefs.Topics = []team.Topic{{Query: topic, By: ada, Since: date.Date{}}}
			c.Next = team.Slot{Day: today, At: nine}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPreview is one person's look at what would be posted, over the 7,000
// papers of a week: the first, and those that follow soon.
func BenchmarkPreview(b *testing.B) {
	f := newFeed(b, manyPapers(7000)...)
	manyChannels(b, f.store, 1)
	c, err := f.store.Channel(b.Context(), chat.Place{Platform: "test", Space: "T0", Channel: "C0"})
	if err != nil {
		b.Fatal(err)
	}
	look := func() {
		p, err := f.picker.Preview(b.Context(), c, nine)
		if err != nil || len(p.Cards) == 0 {
			b.Fatal(p, err)
		}
	}
	if _, err := f.picker.Begin(b.Context(), nine); err != nil { // builds the index
		b.Fatal(err)
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			runtime.GC() // forgets the week
			look()
		}
	})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			look()
		}
	})
}
