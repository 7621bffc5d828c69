// Package manypapers is the real bot over a big feed, for the benchmarks of chat
// platforms.
package manypapers

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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

// papers is how many there are; PAPERBOY_BENCH_PAPERS says otherwise.
const papers = 100_000

// Queries are what people ask a bot for.
var Queries = []string{
	"moe", "mixture of experts", `"sparse attention"`, "diffusion -survey", "author:lovelace routing", "language models reasoning", "cat:cs.LG transformers", "graph OR retrieval", "reinforcement learning agents", "",
}

// Bot is the real bot of a platform. Its papers are those of arXiv that stand
// beside the checkout, or made up where there are none.
func Bot(b *testing.B, p chat.Platform) *bot.Bot {
	n := papers
	if v, err := strconv.Atoi(os.Getenv("PAPERBOY_BENCH_PAPERS")); err == nil {
		n = v
	}
	db := storetest.Open(b)
	fill(b, db, n)
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
	return bot.New(db, l, picker, nil, chat.Platforms{p.Name(): p}, log, m, bot.Options{Zone: time.UTC, Labels: card.Labels{}, Emoji: bot.Usual()})
}

func fill(b *testing.B, db *store.Store, n int) {
	next, err := real()
	if err != nil {
		b.Logf("the papers are made up: %v", err)
		next = madeUp()
	}
	today := date.Of(time.Now().UTC())
	batch := make([]paper.Paper, 0, 2000)
	for i := range n {
		p, ok := next(i)
		if ok {
			p.Sightings = []paper.Sighting{{Source: "arxiv", Kind: paper.New, Day: today.AddDays(-i % 365), Votes: i % 97}}
			batch = append(batch, p)
		}
		if len(batch) == cap(batch) || !ok || i == n-1 {
			if _, err := db.SavePapers(context.Background(), batch); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
		if !ok {
			return
		}
	}
}

// real reads papers of arXiv.
func real() (next func(int) (paper.Paper, bool), err error) {
	file, err := published()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	return func(int) (p paper.Paper, ok bool) {
		var r struct {
			ID, Title, Summary, Authors, Published string
			Categories                             []string
		}
		if !lines.Scan() || json.Unmarshal(lines.Bytes(), &r) != nil {
			f.Close()
			return p, false
		}
		day, _ := time.Parse(time.DateOnly, r.Published)
		authors := strings.Split(r.Authors, ", ")
		return paper.Paper{
			ID: paper.ID("arxiv:" + r.ID), Title: r.Title, Abstract: r.Summary, Authors: authors, AuthorCount: len(authors), Categories: r.Categories, Published: day,
		}, true
	}, nil
}

// published is the file of $PAPERBOY_DATA, or of ../shared/data beside the
// checkout.
func published() (string, error) {
	const name = "arxiv-100k.jsonl.gz"
	dirs := []string{os.Getenv("PAPERBOY_DATA"), filepath.Join("..", "..", "..", "shared", "data")}
	for _, dir := range dirs {
		file := filepath.Join(dir, name)
		if _, err := os.Stat(file); dir != "" && err == nil {
			return file, nil
		}
	}
	return "", fmt.Errorf("%s is not here; PAPERBOY_DATA says in which folder: %w", name, fs.ErrNotExist)
}

// madeUp writes papers of which each of the words is in some 10 %.
func madeUp() func(int) (paper.Paper, bool) {
	words := strings.Fields("sparse mixture of experts routing attention diffusion language models reasoning graph neural retrieval reinforcement learning agents transformers survey benchmark scaling laws vision tokens memory alignment moe gating training inference")
	r := rand.New(rand.NewPCG(1, 1))
	zipf := rand.NewZipf(r, 1.1, 8, 50_000)
	text := func(n int) string {
		var s []string
		for range n {
			if r.IntN(40) == 0 {
				s = append(s, words[r.IntN(len(words))])
			}
			s = append(s, fmt.Sprint("w", zipf.Uint64()))
		}
		return strings.Join(s, " ")
	}
	return func(i int) (paper.Paper, bool) {
		return paper.Paper{
			ID: paper.ID(fmt.Sprintf("arxiv:%04d.%05d", 1000+i/90_000, i%90_000)), Title: text(8), Abstract: text(120), Authors: []string{"Ada Lovelace", "Charles Babbage"}, AuthorCount: 2,
			Categories: []string{"cs.LG"}, Published: date.Of(time.Unix(0, 0).UTC()).AddDays(i % 20_000).Start(time.UTC),
		}, true
	}
}
