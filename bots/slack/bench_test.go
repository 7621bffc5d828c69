package slack

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"paperboy/internal/bot"
	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/library"
	"paperboy/internal/paper"
	"paperboy/internal/picks"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/telemetry"
)

const (
	benchAskers = 50
	benchPapers = 100_000 // PAPERBOY_BENCH_PAPERS says otherwise
)

// BenchmarkFiftyAskers measures the time from an envelope on the socket to its
// acknowledgement, and to the answer, with 50 people asking at the same moment,
// over and over:
//
//	go test ./bots/slack -run '^$' -bench FiftyAskers -benchtime 3000x
func BenchmarkFiftyAskers(b *testing.B) {
	f := newFake(b, bySocket)
	f.unchecked = true
	f.listen(b, benchBot(b, f.app))
	f.screen = make(chan seen, b.N+benchAskers)
	var mu sync.Mutex // guards what follows
	var acks, answers []time.Duration
	if err := f.write(soon(b), []byte(`{"type":"hello"}`)); err != nil { // it is connected
		b.Fatal(err)
	}
	b.ResetTimer()
	for n := 0; n < b.N; n += benchAskers {
		var all sync.WaitGroup
		for i := range min(benchAskers, b.N-n) {
			all.Go(func() {
				ack, answer, err := f.ask(b, n+i)
				if err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				acks, answers = append(acks, ack), append(answers, answer)
			})
		}
		all.Wait()
	}
	b.StopTimer()
	report(b, acks, "ack")
	report(b, answers, "answer")
}

func report(b *testing.B, times []time.Duration, what string) {
	if len(times) == 0 {
		return
	}
	slices.Sort(times)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(times[(len(times)-1)*p/100].Microseconds())/1000, fmt.Sprintf("ms/%s-p%d", what, p))
	}
}

var benchQueries = []string{
	"moe", "mixture of experts", `"sparse attention"`, "diffusion -survey", "author:lovelace routing", "language models reasoning", "cat:cs.LG transformers", "graph OR retrieval", "reinforcement learning agents", "",
}

// ask types a command and waits for the acknowledgement and the answer.
func (f *fake) ask(b *testing.B, n int) (ack, answer time.Duration, err error) {
	user := fmt.Sprintf("U0ASKER%d", n)
	answered := make(chan struct{})
	f.mu.Lock()
	url := f.responseURL(target{channel: testChannel, user: user})
	f.onAnswer[user] = answered
	f.mu.Unlock()
	began := time.Now()
	_, err = f.deliverSocket(b.Context(), fmt.Sprint("ask-", n), "slash_commands", map[string]any{
		"command": "/papers", "text": benchQueries[n%len(benchQueries)], "channel_id": testChannel, "user_id": user, "response_url": url, "trigger_id": "1",
	})
	ack = time.Since(began)
	if err != nil {
		return
	}
	select {
	case <-answered:
	case <-time.After(time.Minute):
		err = fmt.Errorf("no answer to %s", user)
	}
	return ack, time.Since(began), err
}

// benchBot is the real bot over a store with many papers.
func benchBot(b *testing.B, p chat.Platform) *bot.Bot {
	n := benchPapers
	if v, err := strconv.Atoi(os.Getenv("PAPERBOY_BENCH_PAPERS")); err == nil {
		n = v
	}
	db := storetest.Open(b)
	fillBench(b, db, n)
	log := slog.New(slog.DiscardHandler)
	l, err := library.Open(b.Context(), db, "", log)
	if err != nil {
		b.Fatal(err)
	}
	if err := l.CatchUp(b.Context()); err != nil {
		b.Fatal(err)
	}
	zero := func() float64 { return 0 }
	m := telemetry.NewMetrics(prometheus.NewRegistry(), "bench", bot.Names(), telemetry.Gauges{Papers: zero, Indexed: zero})
	picker := picks.New(db, l, log, picks.Options{Zone: time.UTC, Labels: card.Labels{}})
	return bot.New(db, l, picker, nil, chat.Platforms{name: p}, log, m, bot.Options{Zone: time.UTC, Labels: card.Labels{}, Emoji: bot.Usual()})
}

func fillBench(b *testing.B, db *store.Store, n int) {
	words := strings.Fields("sparse mixture of experts routing attention diffusion language models reasoning graph neural retrieval reinforcement learning agents transformers survey benchmark scaling laws vision tokens memory alignment moe gating training inference")
	r := rand.New(rand.NewPCG(1, 1))
	zipf := rand.NewZipf(r, 1.1, 8, 50_000)
	text := func(n int) string {
		var s []string
		for range n {
			if r.IntN(40) == 0 { // each of the words is in some 10 % of the papers
				s = append(s, words[r.IntN(len(words))])
			}
			s = append(s, fmt.Sprint("w", zipf.Uint64()))
		}
		return strings.Join(s, " ")
	}
	today := date.Of(time.Now().UTC())
	for start := 0; start < n; start += 2000 {
		var papers []paper.Paper
		for i := start; i < min(start+2000, n); i++ {
			day := today.AddDays(-i % 365)
			papers = append(papers, paper.Paper{
				ID: paper.ID(fmt.Sprintf("arxiv:%04d.%05d", 1000+i/90_000, i%90_000)), Title: text(8), Abstract: text(120), Authors: []string{"Ada Lovelace", "Charles Babbage"}, AuthorCount: 2,
				Categories: []string{"cs.LG"}, Published: day.Start(time.UTC), Sightings: []paper.Sighting{{Source: "arxiv", Kind: paper.New, Day: day, Votes: i % 97}},
			})
		}
		if _, err := db.SavePapers(context.Background(), papers); err != nil {
			b.Fatal(err)
		}
	}
}
