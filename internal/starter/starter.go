// Package starter is the built-in feed of a first run: some 120 real papers, so
// that there is something to search, list and vote for before any source has
// answered. Facts are from public listings, summaries are our own.
package starter

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
)

//go:embed papers.jsonl
var papersJSON []byte

// SourceName is the source that the feed's papers were listed by.
const SourceName = "huggingface"

// entry is a line of papers.jsonl.
type entry struct {
	ID          paper.ID  `json:"id"`
	Title       string    `json:"title"`
	Summary     string    `json:"summary"`
	Authors     []string  `json:"authors"`
	AuthorCount int       `json:"author_count"`
	Published   date.Date `json:"published"`
	Day         date.Date `json:"day"`
	Votes       int       `json:"votes"`
	Comments    int       `json:"comments"`
	Keywords    []string  `json:"keywords"` // of the listing
	Topics      []string  `json:"topics"`   // our own, where the listing has none
	Code        string    `json:"code"`
}

// Papers returns the built-in feed.
func Papers() ([]paper.Paper, error) {
	var papers []paper.Paper
	lines := bufio.NewScanner(bytes.NewReader(papersJSON))
	for lines.Scan() {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("read the starter feed: line %d: %w", len(papers)+1, err)
		}
		papers = append(papers, e.paper())
	}
	return papers, lines.Err()
}

func (e entry) paper() paper.Paper {
	p := paper.Paper{
		ID: e.ID, Title: e.Title, Summary: e.Summary,
		Authors: e.Authors, AuthorCount: e.AuthorCount,
		Keywords: slices.Concat(e.Topics, e.Keywords), Code: e.Code,
		Sightings: []paper.Sighting{{Source: SourceName, Day: e.Day, Votes: e.Votes, Comments: e.Comments}},
	}
	if !e.Published.IsZero() {
		p.Published = e.Published.Start(time.UTC)
	}
	return paper.Clean(p)
}
