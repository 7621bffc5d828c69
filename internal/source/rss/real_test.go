package rss

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperboy/internal/paper"
)

// realFeeds is the folder of recorded feeds, which is not part of the project.
func realFeeds(t *testing.T) string {
	data := os.Getenv("PAPERBOY_DATA")
	if data == "" {
		root, err := filepath.Abs("../../..")
		if err != nil {
			t.Fatal(err)
		}
		data = filepath.Join(root, "../shared/data")
	}
	dir := filepath.Join(data, "arxiv-raw/feeds")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no recorded feeds: %v; set PAPERBOY_DATA", err)
	}
	return dir
}

func TestRecordedFeedsAreRead(t *testing.T) {
	dir := realFeeds(t)
	for name, want := range map[string]int{
		"atom_cs.AI_2025-08-20_reduced.xml":                    7,
		"rss_cs.LG+cs.AI+cs.CL+stat.ML_2026-09-24_reduced.xml": 4,
		"rss_cs_weekend_empty_2025-04-27.xml":                  0,
	} {
		body, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		items, err := read(body)
		papers, problems := (&Source{name: "rss:feed"}).papers(items, "https://rss.arxiv.org/", now)
		if err != nil || len(papers) != want || len(problems) > 0 {
			t.Errorf("%s: %d papers, problems %v, error %v; want %d papers", name, len(papers), problems, err, want)
		}
		for _, p := range papers {
			if p.ID.Scheme() != paper.SchemeArXiv || p.Version == 0 || len(p.Authors) == 0 || len(p.Keywords) == 0 || p.Published.IsZero() || p.Abstract == "" || strings.HasPrefix(p.Abstract, "arXiv:") {
				t.Errorf("%s: incomplete paper %+v", name, p)
			}
		}
	}
}
