package huggingface

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/source"
	"paperboy/internal/source/sourcetest"
)

// facts are what is compared between our reading of a day and a plain one.
type facts struct {
	Title     string
	Day       string
	Votes     int
	Comments  int
	Authors   int
	Published string
	By        string
}

// plain reads a list without any of this package.
func plain(t *testing.T, file string) map[paper.ID]facts {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatal(err)
	}
	str := func(m any, keys ...string) string {
		for _, k := range keys {
			m, _ = m.(map[string]any)[k]
			if m == nil {
				return ""
			}
		}
		return m.(string)
	}
	all := map[paper.ID]facts{}
	for _, e := range list {
		p := e["paper"].(map[string]any)
		f := facts{
			Title:     strings.Join(strings.Fields(str(p, "title")), " "),
			Day:       strings.TrimSuffix(filepath.Base(file), ".json"),
			Votes:     int(p["upvotes"].(float64)),
			Comments:  int(e["numComments"].(float64)),
			Authors:   len(p["authors"].([]any)),
			Published: str(p, "publishedAt")[:19],
			By:        str(p, "submittedOnDailyBy", "user"),
		}
		if f.By == "" {
			f.By = str(e, "submittedBy", "name")
		}
		all["arxiv:"+paper.ID(str(p, "id"))] = f
	}
	if len(all) != len(list) {
		t.Fatalf("%s: %d papers in %d entries", file, len(all), len(list))
	}
	return all
}

func factsOf(p paper.Paper) facts {
	s := p.Sightings[0]
	return facts{p.Title, s.Day.String(), s.Votes, s.Comments, p.AuthorCount, p.Published.Format("2006-01-02T15:04:05"), s.By}
}

func TestRealDaysAreReadAsTheyAre(t *testing.T) {
	folder := sourcetest.Data(t, "huggingface-raw")
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", folder, err)
	}
	d := serve(t, folder, date.Date{})
	for _, file := range files {
		day, err := date.Parse(strings.TrimSuffix(filepath.Base(file), ".json"))
		if err != nil {
			t.Fatal(err)
		}
		d.today = day
		s := open(t, d)
		ask := source.Ask{Now: at(day, 23), Since: day}
		papers, last := drain(t, s, ask)
		got := map[paper.ID]facts{}
		for id, p := range papers {
			sourcetest.CheckPaper(t, name, p)
			got[id] = factsOf(p)
		}
		if diff := cmp.Diff(plain(t, file), got); diff != "" {
			t.Errorf("%s (-plain +got):\n%s", day, diff)
		}
		again, _ := drain(t, s, source.Ask{Now: ask.Now, Cursor: last.Next})
		for id, p := range again {
			if merged := paper.Merge(papers[id], p); cmp.Diff(papers[id], merged) != "" {
				t.Errorf("%s: reading %s again changes it:\n%s", day, id, cmp.Diff(papers[id], merged))
			}
		}
	}
}

func TestReplayOfTwoYearsMissesNoPaper(t *testing.T) {
	folder := sourcetest.Data(t, "huggingface-raw")
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", folder, err)
	}
	want := map[paper.ID]facts{}
	for _, file := range files {
		maps.Copy(want, plain(t, file))
	}
	first, last := date.New(2024, 5, 27), date.New(2026, 5, 13)
	papers, _ := drain(t, open(t, serve(t, folder, last)), source.Ask{Now: at(last, 12), Since: first})
	got := map[paper.ID]facts{}
	for id, p := range papers {
		got[id] = factsOf(p)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("papers (-plain +got):\n%s", diff)
	}
}
