package huggingface

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/source"
	"paperboy/internal/source/sourcetest"
)

// daily serves lists and single papers as Hugging Face does.
type daily struct {
	lists map[date.Date][]json.RawMessage
	today date.Date
	asked []string // the query of each list that was asked for
}

// serve reads the lists in folder, named for their days.
func serve(t *testing.T, folder string, today date.Date) *daily {
	t.Helper()
	d := &daily{lists: map[date.Date][]json.RawMessage{}, today: today}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no lists in %s: %v", folder, err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		day, err := date.Parse(strings.TrimSuffix(filepath.Base(file), ".json"))
		if err != nil {
			t.Fatal(err)
		}
		var list []json.RawMessage
		if err := json.Unmarshal(body, &list); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		d.lists[day] = list
	}
	return d
}

func (d *daily) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if id, found := strings.CutPrefix(r.URL.Path, "/api/papers/"); found {
		d.serveOne(w, id)
		return
	}
	d.asked = append(d.asked, r.URL.RawQuery)
	day, err := date.Parse(r.FormValue("date"))
	if err != nil || d.today.Before(day) || r.URL.Path != "/api/daily_papers" {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"Invalid date"}`)
		return
	}
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	page, _ := strconv.Atoi(r.FormValue("p"))
	list := d.lists[day]
	from := min(page*limit, len(list))
	json.NewEncoder(w).Encode(append([]json.RawMessage{}, list[from:min(from+limit, len(list))]...))
}

func (d *daily) serveOne(w http.ResponseWriter, id string) {
	for _, list := range d.lists {
		for _, raw := range list {
			var e struct{ Paper json.RawMessage }
			var p struct{ ID string }
			if json.Unmarshal(raw, &e) == nil && json.Unmarshal(e.Paper, &p) == nil && p.ID == id {
				w.Write(e.Paper)
				return
			}
		}
	}
	http.Error(w, `{"error":"Paper not found"}`, http.StatusNotFound)
}

func open(t *testing.T, h http.Handler) *Source {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return New(sourcetest.Client(), server.URL+"/")
}

// drain fetches until s has caught up and returns the papers as the feed would
// keep them, and the last page.
func drain(t *testing.T, s *Source, ask source.Ask) (map[paper.ID]paper.Paper, source.Page) {
	t.Helper()
	all := map[paper.ID]paper.Paper{}
	for range 2000 {
		page, err := s.Fetch(t.Context(), ask)
		if err != nil {
			t.Fatalf("Fetch(%+v): %v", ask, err)
		}
		for _, p := range page.Papers {
			if old, seen := all[p.ID]; seen {
				p = paper.Merge(old, p)
			}
			all[p.ID] = p
		}
		if !page.More {
			return all, page
		}
		ask.Cursor = page.Next
	}
	t.Fatalf("not caught up after 2000 pages, the last cursor is %s", ask.Cursor)
	return nil, source.Page{}
}

func at(day date.Date, hour int) time.Time {
	return day.Start(time.UTC).Add(time.Duration(hour) * time.Hour)
}

var feb27 = date.New(2026, 2, 27)

func TestKeepsTheContract(t *testing.T) {
	sourcetest.Run(t, sourcetest.Fixture{
		New:     func(base string) source.Source { return New(sourcetest.Client(), base) },
		Good:    &daily{lists: serve(t, "testdata/daily", feb27).lists, today: feb27},
		Now:     at(feb27, 12),
		Title:   "Forget",
		Known:   "arxiv:2602.22680",
		Unknown: "arxiv:2602.99999",
	})
}

func TestFetchReadsEveryField(t *testing.T) {
	got, _ := drain(t, open(t, serve(t, "testdata/daily", feb27)), source.Ask{Now: at(feb27, 12)})
	want := map[paper.ID]paper.Paper{
		"arxiv:2602.20110": {
			ID:          "arxiv:2602.20110",
			Title:       "Sparse Gardens: Pruning Experts While They Grow",
			Abstract:    "Experts that nobody asks are removed during training. The rest learn more.\n\nWe release the weights.",
			Summary:     "Unused experts are pruned early.",
			Authors:     []string{"Ada Example", "Ben Sample", "Chloé Specimen"},
			AuthorCount: 3,
			Keywords:    []string{"mixture of experts", "pruning"},
			Published:   time.Date(2026, 2, 24, 17, 59, 58, 0, time.UTC),
			Code:        "https://github.com/example/gardens", Stars: 120,
			Project:      "https://gardens.example/",
			Organization: "Example Lab",
			Sightings:    []paper.Sighting{{Source: "huggingface", Day: date.New(2026, 2, 26), Votes: 44, Comments: 4, By: "dee-curates"}},
		},
		"arxiv:2602.21990": {
			ID: "arxiv:2602.21990", Title: "0", Published: time.Date(2026, 2, 25, 0, 0, 0, 0, time.UTC),
			Sightings: []paper.Sighting{{Source: "huggingface", Day: date.New(2026, 2, 25), Votes: 2}},
		},
		"arxiv:2602.22680": {
			ID: "arxiv:2602.22680", Title: "Caches That Forget on Purpose", Abstract: "A cache may drop what it will not need.",
			Authors: []string{"Eve Placeholder"}, AuthorCount: 1, Published: time.Date(2026, 2, 26, 0, 0, 0, 0, time.UTC),
			Sightings: []paper.Sighting{{Source: "huggingface", Day: feb27, Votes: 9, Comments: 1, By: "eve"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("papers (-want +got):\n%s", diff)
	}
}

func TestEntryWithoutItsDayTakesTheListsDay(t *testing.T) {
	raw, err := os.ReadFile("testdata/entry-2024.json")
	if err != nil {
		t.Fatal(err)
	}
	day := date.New(2024, 5, 28)
	got, err := parseEntry(raw, day)
	want := paper.Paper{
		ID: "arxiv:2405.01234", Title: "Convolutions Again", Abstract: "Old wraps.",
		Authors: []string{"Finn Dummy"}, AuthorCount: 1, Published: time.Date(2024, 5, 24, 17, 34, 15, 0, time.UTC),
		Sightings: []paper.Sighting{{Source: "huggingface", Day: day, Votes: 5, Comments: 2}},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("parseEntry: %v (-want +got):\n%s", err, diff)
	}
}

func TestStrangeEntryLosesOnlyItself(t *testing.T) {
	good := `{"paper":{"id":"2602.00001","title":"Good"}}`
	for _, strange := range []string{
		`null`, `[]`, `7`, `{}`, `{"paper":null}`, `{"paper":{"id":"2602.00002"}}`, `{"paper":{"id":"2602.00002","title":" \n "}}`,
		`{"paper":{"id":2602.00002,"title":"A number"}}`, `{"paper":{"id":"../etc","title":"No id"}}`, `{"paper":"text"}`,
	} {
		s := open(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, "[%s,%s]", strange, good) }))
		page, err := s.Fetch(t.Context(), source.Ask{Now: at(feb27, 12), Since: feb27})
		if err != nil || len(page.Papers) != 1 || len(page.Problems) != 1 || page.Papers[0].ID != "arxiv:2602.00001" {
			t.Errorf("with entry %s: papers %+v, problems %v, error %v; want the other paper and one problem", strange, page.Papers, page.Problems, err)
		}
	}
}

func TestStrangeFieldLosesOnlyItself(t *testing.T) {
	raw := `{"paper":{"id":"2602.00001","title":"Good","upvotes":"many","githubStars":-3,"authors":[{"name":7},null,{"name":"A"}],
		"githubRepo":"javascript:alert(1)","projectPage":"//x","publishedAt":"9999-12-31T23:59:59-05:00","submittedOnDailyAt":5,"ai_keywords":"k"},"numComments":-1}`
	got, err := parseEntry(json.RawMessage(raw), feb27)
	want := paper.Paper{
		ID: "arxiv:2602.00001", Title: "Good", Authors: []string{"A"}, AuthorCount: 3,
		Sightings: []paper.Sighting{{Source: "huggingface", Day: feb27}},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("parseEntry: %v (-want +got):\n%s", err, diff)
	}
}

// numbered is a list of n papers, numbered from first.
func numbered(first, n int) (list []json.RawMessage) {
	for i := first; i < first+n; i++ {
		list = append(list, json.RawMessage(fmt.Sprintf(`{"paper":{"id":"2602.%05d","title":"Paper %d"}}`, i, i)))
	}
	return list
}

func TestBusyDayIsReadToItsEnd(t *testing.T) {
	for papers, lists := range map[int]int{0: 1, 49: 1, 50: 2, 100: 2, 130: 2, 250: 4, 1000: 10} {
		d := &daily{lists: map[date.Date][]json.RawMessage{feb27: numbered(0, papers)}, today: feb27}
		got, _ := drain(t, open(t, d), source.Ask{Now: at(feb27, 12), Since: feb27})
		if len(got) != papers || len(d.asked) != lists {
			t.Errorf("a day of %d papers: got %d with %d lists, want all with %d", papers, len(got), len(d.asked), lists)
		}
	}
}

func TestServerThatIgnoresPagesIsAskedOnceMore(t *testing.T) {
	asked := 0
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		json.NewEncoder(w).Encode(numbered(0, 60))
	}))
	first, err := s.Fetch(t.Context(), source.Ask{Now: at(feb27, 12), Since: feb27})
	if err != nil || len(first.Papers) != 60 || !first.More {
		t.Fatalf("first list: %d papers, more %v, error %v; want 60 and more", len(first.Papers), first.More, err)
	}
	again, err := s.Fetch(t.Context(), source.Ask{Now: at(feb27, 12), Cursor: first.Next})
	if err != nil || len(again.Papers) != 0 || again.More {
		t.Errorf("second list: %d papers, more %v, error %v; want none and no more", len(again.Papers), again.More, err)
	}
}

func TestEndlessDayIsGivenUpWithAProblem(t *testing.T) {
	asked := 0
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		json.NewEncoder(w).Encode(numbered(asked*100, 100))
	}))
	got, last := drain(t, s, source.Ask{Now: at(feb27, 12), Since: feb27})
	if len(got) != 1000 || len(last.Problems) != 1 {
		t.Errorf("got %d papers and problems %v, want 1000 and one problem", len(got), last.Problems)
	}
}

// daysAsked is each day that was asked for, once.
func (d *daily) daysAsked() (days []string) {
	for _, q := range d.asked {
		_, day, _ := strings.Cut(q, "date=")
		day, _, _ = strings.Cut(day, "&")
		days = append(days, strings.TrimPrefix(day, "2026-"))
	}
	d.asked = nil
	return days
}

func TestWalksOverTheRightDays(t *testing.T) {
	d := &daily{today: date.New(2026, 12, 31)}
	s := open(t, d)
	ask := source.Ask{Now: at(feb27, 9)}
	for _, step := range []struct {
		what string
		now  time.Time
		want string
	}{
		{"the first time", at(feb27, 9), "02-20 02-21 02-22 02-23 02-24 02-25 02-26 02-27"},
		{"an hour later", at(feb27, 10), "02-26 02-27"},
		{"the next day", at(feb27, 25), "02-21 02-22 02-23 02-24 02-25 02-26 02-27 02-28"},
		{"an hour later", at(feb27, 26), "02-27 02-28"},
		{"after ten days", at(feb27, 11*24), "02-22 02-23 02-24 02-25 02-26 02-27 02-28 03-01 03-02 03-03 03-04 03-05 03-06 03-07 03-08 03-09 03-10"},
		{"with the clock set back", at(feb27, 24), "02-21 02-22 02-23 02-24 02-25 02-26 02-27 02-28"},
	} {
		ask.Now = step.now
		_, last := drain(t, s, ask)
		if got := strings.Join(d.daysAsked(), " "); got != step.want {
			t.Errorf("%s: asked for %s, want %s", step.what, got, step.want)
		}
		if last.Wait != time.Hour || last.Progress != 1 {
			t.Errorf("%s: Wait = %v, Progress = %v, want 1h and 1", step.what, last.Wait, last.Progress)
		}
		ask.Cursor = last.Next
	}
}

func TestInterruptedWalkGoesOnWhereItStopped(t *testing.T) {
	d := &daily{today: date.New(2026, 12, 31)}
	s := open(t, d)
	page, err := s.Fetch(t.Context(), source.Ask{Now: at(feb27, 9), Since: date.New(2026, 2, 25)})
	if err != nil || !page.More || page.Progress <= 0 || page.Progress >= 1 {
		t.Fatalf("Fetch = %+v, %v, want the first of several pages", page, err)
	}
	drain(t, s, source.Ask{Cursor: page.Next, Now: at(feb27, 3*24)})
	if got, want := strings.Join(d.daysAsked(), " "), "02-25 02-26 02-27 02-28 03-01 03-02"; got != want {
		t.Errorf("asked for %s, want %s", got, want)
	}
}

func TestSinceIsNeverBeforeTheFirstDayNorAfterToday(t *testing.T) {
	d := &daily{today: feb27}
	s := open(t, d)
	for since, want := range map[date.Date]string{date.New(1999, 1, 1): "date=2023-05-04", date.New(2027, 1, 1): "date=2026-02-27"} {
		d.asked = nil
		if _, err := s.Fetch(t.Context(), source.Ask{Now: at(feb27, 9), Since: since}); err != nil || !strings.Contains(d.asked[0], want) {
			t.Errorf("since %s: asked %v, %v, want %s", since, d.asked, err, want)
		}
	}
}

func TestErrorTellsWhatTheServiceSaid(t *testing.T) {
	s := open(t, &daily{today: date.New(2026, 1, 1)})
	_, err := s.Fetch(t.Context(), source.Ask{Now: at(feb27, 9), Since: feb27})
	if err == nil || !strings.Contains(err.Error(), "Invalid date") || !strings.Contains(err.Error(), "2026-02-27") {
		t.Errorf("Fetch: %v, want the day and what the service said", err)
	}
}

func TestResolveInventsNoDay(t *testing.T) {
	answers := map[string]string{
		"/api/papers/2602.00001": `{"id":"2602.00001","title":"On the page","submittedOnDailyAt":"2026-02-26T08:00:00.000Z","upvotes":3,"submittedOnDailyBy":{"user":"dee"},"linkedModels":[]}`,
		"/api/papers/2602.00002": `{"id":"2602.00002","title":"Voted for only","upvotes":2}`,
		"/api/papers/2602.00003": `{"id":"2602.00003","title":"Indexed only","upvotes":0}`,
		"/api/papers/2602.00004": `{"id":"2602.00001","title":"Another paper"}`,
	}
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answers[r.URL.Path] == "" {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, answers[r.URL.Path])
	}))
	got, err := s.Resolve(t.Context(), []paper.Ref{
		{ID: "arxiv:2602.00005"}, {ID: "arxiv:2602.00004"}, {ID: "arxiv:2602.00001", Version: 3}, {ID: "arxiv:2602.00002"}, {ID: "arxiv:2602.00003"}, {ID: "arxiv:math/0611800"},
	})
	if err == nil || !strings.Contains(err.Error(), "2602.00004") {
		t.Errorf("Resolve: error %v, want one about 2602.00004", err)
	}
	want := []paper.Paper{
		{ID: "arxiv:2602.00001", Title: "On the page", Sightings: []paper.Sighting{{Source: "huggingface", Day: date.New(2026, 2, 26), Votes: 3, By: "dee"}}},
		{ID: "arxiv:2602.00002", Title: "Voted for only", Sightings: []paper.Sighting{{Source: "huggingface", Votes: 2}}},
		{ID: "arxiv:2602.00003", Title: "Indexed only"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Resolve (-want +got):\n%s", diff)
	}
}

func FuzzParseList(f *testing.F) {
	for _, file := range []string{"testdata/daily/2026-02-26.json", "testdata/daily/2026-02-27.json"} {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(`[{"paper":{"id":"2602.00001","title":"\u0000\ud800"}},null]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		entries, err := parseList(body)
		if err != nil {
			return
		}
		for _, p := range read(entries, feb27).Papers {
			sourcetest.CheckPaper(t, name, p)
		}
		if p, err := parseDetails(body); err == nil {
			sourcetest.CheckPaper(t, name, p)
		}
	})
}
