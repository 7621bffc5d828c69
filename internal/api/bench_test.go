package api_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
)

// hundredThousand are real papers, listed on the days on which they came out.
func hundredThousand(b *testing.B) (papers []paper.Paper) {
	b.Helper()
	dir := os.Getenv("PAPERBOY_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, "arxiv-100k.jsonl.gz"))
	if err != nil {
		b.Skipf("no real data to measure with (set PAPERBOY_DATA): %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r struct {
			ID, Title, Summary, Authors, Published string
			Categories                             []string
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			b.Fatal(err)
		}
		day, err := time.Parse(time.DateOnly, r.Published)
		if err != nil {
			b.Fatal(err)
		}
		papers = append(papers, paper.Paper{
			ID: paper.ID("arxiv:" + r.ID), Title: r.Title, Abstract: r.Summary, Authors: strings.Split(r.Authors, ", "), Categories: r.Categories, Published: day,
			Sightings: []paper.Sighting{{Source: "arxiv", Kind: paper.New, Day: date.Of(day), Votes: len(papers) % 90}},
		})
	}
	return papers
}

// BenchmarkFirstByte measures the time until an answer begins, over 100,000
// papers and 2,000 votes.
func BenchmarkFirstByte(b *testing.B) {
	papers := hundredThousand(b)
	latest := slices.MaxFunc(papers, func(x, y paper.Paper) int { return x.Published.Compare(y.Published) })
	s := newScene(b, true, papers...)
	if err := s.library.CatchUp(b.Context()); err != nil {
		b.Fatal(err)
	}
	s.now = latest.Published.Add(12 * time.Hour)
	for i := range 2000 {
		s.vote(chat.Person{Platform: "test", ID: fmt.Sprint(i % 40)}, papers[(i*37)%len(papers)].ID)
	}
	month := latest.Published.Format("2006-01")
	for _, address := range []string{
		"/feeds/today.rss", "/feeds/topic.rss?q=mixture+of+experts", "/feeds/search.json?q=diffusion+-survey", "/feeds/top.atom?period=all",
		"/api/papers", "/api/papers?month=" + month, "/api/papers?before=" + date.Of(s.now).String() + "&since=" + date.Of(s.now).AddDays(-31).String(),
		"/api/papers/" + string(latest.ID), "/api/search?q=large+language+models&limit=100",
	} {
		b.Run(address, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				w := httptest.NewRecorder()
				s.handler.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), http.MethodGet, address, nil))
				took = append(took, time.Since(began))
				if w.Code != http.StatusOK {
					b.Fatal(w.Code, w.Body)
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}
