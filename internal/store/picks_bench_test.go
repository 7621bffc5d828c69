package store_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// BenchmarkMark lets 64 people vote at a time, each vote durable when it returns:
// for papers of their own or all for the same one, with shared commits and each
// with a commit of its own.
func BenchmarkMark(b *testing.B) {
	const voters = 64
	for _, papers := range []string{"many", "one"} {
		for _, commits := range []string{"together", "alone"} {
			b.Run("papers="+papers+"/commits="+commits, func(b *testing.B) {
				s := storetest.Open(b)
				var n atomic.Int64
				b.SetParallelism(max(1, voters/runtime.GOMAXPROCS(0)))
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						i := n.Add(1)
						id := paper.ID("arxiv:2602.00001")
						if papers == "many" {
							id = paper.ID(fmt.Sprintf("arxiv:2602.%05d", i%5000))
						}
						m := team.Mark{
							Team: team.Everyone, Paper: id, By: person(fmt.Sprint("U", i)), Kind: team.Up, On: post(string(id)), Sign: "+1", At: noon,
						}
						var err error
						if commits == "together" {
							_, err = s.Mark(ctx, m)
						} else {
							err = s.MarkAlone(ctx, m)
						}
						if err != nil {
							b.Error(err)
						}
					}
				})
				b.ReportMetric(float64(n.Load())/b.Elapsed().Seconds(), "votes/s")
			})
		}
	}
}

// BenchmarkClaim works through 30,000 messages for 10,000 places that are due at
// the same time, 20 under way at once.
func BenchmarkClaim(b *testing.B) {
	const places, atOnce = 10_000, 20
	for b.Loop() {
		b.StopTimer()
		s := storetest.Open(b)
		store.AddChannels(b, s, places, nine)
		planAll(b, s)
		b.StartTimer()
		var slowest time.Duration
		n := 0
		for {
			began := time.Now()
			taken := claim(b, s, 0, atOnce)
			slowest = max(slowest, time.Since(began))
			if len(taken) == 0 {
				break
			}
			n += len(taken)
			var wg sync.WaitGroup
			for _, d := range taken {
				wg.Go(func() {
					if err := s.Sent(ctx, d, chat.Post{Place: d.Place, ID: d.Message.Key}, nine.At, nine.At); err != nil {
						b.Error(err)
					}
				})
			}
			wg.Wait()
		}
		if n != 3*places {
			b.Fatalf("%d messages were taken, want %d", n, 3*places)
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "deliveries/s")
		b.ReportMetric(float64(slowest.Milliseconds()), "ms-slowest-claim")
	}
}

// planAll plans three messages for every channel that is due at nine.
func planAll(b *testing.B, s *store.Store) {
	b.Helper()
	for {
		due, err := s.DueChannels(ctx, nine.At, []string{"slack"}, "")
		if err != nil {
			b.Fatal(err)
		}
		if len(due) == 0 {
			return
		}
		plans := make([]store.Plan, len(due))
		for i, c := range due {
			plans[i] = planOf(c, "doi:10.1/a", "doi:10.1/b", "doi:10.1/c")
		}
		plan(b, s, plans...)
	}
}
