package bench

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"paperboy/internal/paper"
)

// someFile is a corpus of two papers.
func someFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "papers.jsonl")
	lines := `{"id": "2503.02130", "title": "Forgetting Transformer", "summary": "Softmax attention. It has a forget gate. It works.", "authors": ["Ada King"], "published": "2025-03-01"}
{"id": "broken"
{"id": "2503.02131", "title": "Mixture of experts", "summary": "Experts are routed. They are many. Few work.", "authors": ["Grace Hopper"], "published": "2025-03-02"}
`
	if err := os.WriteFile(path, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func opened(t testing.TB, path string, n int) *corpus {
	t.Helper()
	c, err := openCorpus(t.Context(), path, n)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func TestMadePapersHaveNoNewWords(t *testing.T) {
	c := opened(t, someFile(t), 50)
	if c.size != 50 || c.real() != 2 || c.bad != 1 {
		t.Fatalf("%d papers, %d real, %d broken; want 50, 2, 1", c.size, c.real(), c.bad)
	}
	known := make(map[string]bool)
	ids := make(map[paper.ID]bool)
	for n := range c.size {
		p, err := c.paper(n)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := number(p.ID); err != nil || back != n {
			t.Errorf("%s is of paper %d, want %d", p.ID, back, n)
		}
		ids[p.ID] = true
		for _, w := range strings.Fields(p.Title + " " + p.Abstract) {
			if n < c.real() {
				known[w] = true
			} else if !known[w] {
				t.Errorf("paper %d has the new word %q", n, w)
			}
		}
		if p.Title == "" || p.Abstract == "" || len(p.Authors) == 0 || p.Published.IsZero() {
			t.Errorf("paper %d lacks something: %+v", n, p)
		}
	}
	if len(ids) != c.size {
		t.Errorf("%d different IDs, want %d", len(ids), c.size)
	}
}

func TestPapersKeptAsideComeBack(t *testing.T) {
	p := paper.Paper{
		Title: "A title", Abstract: "An abstract.", Summary: "", Authors: []string{"Ada King", "Grace Hopper"}, Categories: []string{"cs.LG"},
		Keywords: []string{}, Published: time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC),
		Sightings: []paper.Sighting{{Source: "arxiv", Votes: 3}},
	}
	if got := parsePaper(string(appendPaper(nil, &p))); !reflect.DeepEqual(got, p) {
		t.Errorf("%+v came back as %+v", p, got)
	}
}

func TestSearchesInTheLanguageOfFTS5(t *testing.T) {
	day := func(text string) int64 { at, _ := time.Parse(time.DateOnly, text); return at.Unix() }
	for text, want := range map[string]query{
		"mixture of experts":         {match: `("mixture" AND "experts")`},
		"moe":                        {match: `"moe"`},
		`"state space" -survey`:      {match: `("state space") NOT ("survey")`},
		"a b OR transf*":             {match: `"b" OR "transf"*`},
		`author:"Yann LeCun" cat:cs`: {match: `(authors : "Yann LeCun" AND cats : "cs")`},
		"gates since:2024":           {match: `"gates"`, since: day("2024-01-01")},
		"gates before:2024-03":       {match: `"gates"`, before: day("2024-03-01")},
		"-only since:2024 votes:3":   {},
		"since:2024":                 {},
		"the":                        {},
	} {
		got, ok := translated(text, false)
		if !ok {
			got = query{}
		}
		if got != want {
			t.Errorf("%q becomes %+v, want %+v", text, got, want)
		}
	}
}

func TestFTS5IsAskedForSomeOfTheWords(t *testing.T) {
	for text, want := range map[string]string{
		"what is known about moe": `("what" OR "known" OR "about" OR "moe")`,
		`"gate" cat:cs moe -llm`:  `(("gate" AND cats : "cs" AND ("moe"))) NOT ("llm")`,
	} {
		if got, _ := translated(text, true); got.match != want {
			t.Errorf("%q becomes %s, want %s", text, got.match, want)
		}
	}
}

func TestFTS5FindsWhatIsThere(t *testing.T) {
	c := opened(t, someFile(t), 0)
	f, err := openFTS5(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	err = c.each(t.Context(), func(some []paper.Paper) error { return f.put(t.Context(), some, 0) })
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{"experts routed": 1, "work": 2, "work since:2025-03-02": 1, "author:hopper": 1, "purple": 0, `"forget gate"`: 1} {
		q, _ := translated(text, false)
		if got, err := f.ask(t.Context(), q); err != nil || got != want {
			t.Errorf("%q finds %d papers, %v; want %d", text, got, err, want)
		}
	}
}

func TestPercentiles(t *testing.T) {
	list := make([]time.Duration, 100)
	for i := range list {
		list[i] = time.Duration(i + 1)
	}
	for percent, want := range map[int]time.Duration{50: 50, 95: 95, 99: 99, 100: 100, 0: 1} {
		if got := percentile(list, percent); got != want {
			t.Errorf("percentile %d of 1 to 100 is %d, want %d", percent, got, want)
		}
	}
}

func TestStoppingLeavesNothingBehind(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := Search(ctx, new(strings.Builder), Options{Corpus: someFile(t), Papers: 100, FTS5: true}); err == nil {
		t.Error("a stopped bench says nothing")
	}
	left, err := os.ReadDir(tmp)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if strings.HasPrefix(f.Name(), "paperboy-") {
			t.Errorf("%s is left behind", f.Name())
		}
	}
}

// BenchmarkCorpus makes papers from those of a file.
func BenchmarkCorpus(b *testing.B) {
	path := filepath.Join(b.TempDir(), "papers.jsonl")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	for i := range 1000 {
		line := map[string]any{
			"id": "2503." + string(rune('0'+i/100%10)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10)) + "00", "title": "A title of usual length about something",
			"summary": strings.Repeat("A sentence of an abstract has about twenty words and some numbers in it. ", 18), "authors": []string{"Ada King", "Grace Hopper"},
		}
		if err := json.NewEncoder(f).Encode(line); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	c := opened(b, path, 3_000_000)
	n := 0
	for b.Loop() {
		if _, err := c.paper(n % c.size); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "papers/s")
}
