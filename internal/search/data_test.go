package search

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"paperboy/internal/paper"
)

// dataFile opens a file of real data, or skips the test where there is none.
func dataFile(t testing.TB, name string) *bufio.Scanner {
	t.Helper()
	f, err := os.Open(filepath.Join(dataFolder(), name))
	if err != nil {
		t.Skipf("no real data to test with (set PAPERBOY_DATA): %v", err)
	}
	t.Cleanup(func() { f.Close() })
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	return lines
}

// dataFolder is $PAPERBOY_DATA or else ../shared/data beside the repository.
func dataFolder() string {
	if dir := os.Getenv("PAPERBOY_DATA"); dir != "" {
		return dir
	}
	for dir, _ := os.Getwd(); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "..", "shared", "data")
		}
	}
	return ""
}

// arXiv is the 100,749 real papers.
func arXiv(t testing.TB) []paper.Paper {
	t.Helper()
	arxivReading.Lock()
	defer arxivReading.Unlock()
	if arxivPapers != nil {
		return arxivPapers
	}
	for lines := dataFile(t, "arxiv-100k.jsonl.gz"); lines.Scan(); {
		var r struct {
			ID, Title, Summary, Authors, Published string
			Categories                             []string
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		day, _ := time.Parse(time.DateOnly, r.Published)
		arxivPapers = append(arxivPapers, paper.Paper{
			ID: paper.ID("arxiv:" + r.ID), Title: r.Title, Abstract: r.Summary,
			Authors: strings.Split(r.Authors, ", "), Categories: r.Categories, Published: day,
			Sightings: []paper.Sighting{{Source: "arxiv"}},
		})
	}
	return arxivPapers
}

var (
	arxivReading sync.Mutex // guards arxivPapers
	arxivPapers  []paper.Paper
)
