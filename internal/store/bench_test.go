package store_test

import (
	"fmt"
	"strings"
	"testing"

	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
)

// BenchmarkSavePapers imports new papers of the size arXiv's are.
func BenchmarkSavePapers(b *testing.B) {
	const batch = 2000
	s := storetest.Open(b)
	abstract := strings.Repeat("We measure how experts are chosen and what that costs. ", 22)
	n := 0
	for b.Loop() {
		papers := make([]paper.Paper, batch)
		for i := range papers {
			n++
			papers[i] = paper.Paper{
				ID: paper.ID(fmt.Sprintf("arxiv:%09d", n)), Title: fmt.Sprint("A paper of middling length, number ", n), Abstract: abstract,
				Authors: []string{"Ada Lovelace", "Charles Babbage", "Mary Somerville"}, AuthorCount: 3, Categories: []string{"cs.LG", "cs.AI"},
				Published: noon, Sightings: []paper.Sighting{{Source: "arxiv", Kind: paper.New, Day: feb27}},
			}
		}
		if _, err := s.SavePapers(ctx, papers); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "papers/s")
}

// BenchmarkListed reads the first page of a month of 30,000 papers.
func BenchmarkListed(b *testing.B) {
	s := storetest.Open(b)
	var papers []paper.Paper
	for i := range 30_000 {
		papers = append(papers, paper.Paper{
			ID: paper.ID(fmt.Sprintf("arxiv:%09d", i)), Title: "T",
			Sightings: []paper.Sighting{{Source: "arxiv", Kind: paper.New, Day: feb27.AddDays(-i % 30), Votes: i % 97}},
		})
	}
	if _, err := s.SavePapers(ctx, papers); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if l, err := s.Listed(ctx, "everyone", feb27.AddDays(-30), feb27, store.Page{Limit: 10}); err != nil || l.Total != len(papers) {
			b.Fatal(l.Total, err)
		}
	}
}
