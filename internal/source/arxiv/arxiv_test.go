package arxiv

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/source"
	"paperboy/internal/source/sourcetest"
)

func TestKeepsTheContract(t *testing.T) {
	sourcetest.Run(t, sourcetest.Fixture{
		New: func(base string) source.Source {
			return New(sourcetest.Client(), base, base, []string{"cs.LG", "stat.ML"})
		},
		Good: &archive{
			now:   et(24, 8, 0),
			feeds: map[string]string{"2026-09-24": text(t, "testdata/rss.xml")},
			papers: []submission{
				{"2609.19001", "On a Friday", et(18, 10, 0)},
				{"2609.20001", "At the Weekend", et(19, 10, 0)},
				{"2609.21001", "Monday Evening", et(21, 18, 0)},
			},
		},
		Now:     et(24, 8, 0),
		Title:   "Weekend",
		Known:   "arxiv:2609.20001",
		Unknown: "arxiv:2609.99999",
	})
}

func TestBothFeedsAreReadAlike(t *testing.T) {
	day := date.New(2026, 9, 24)
	seen := func(kind paper.Kind) []paper.Sighting {
		return []paper.Sighting{{Source: "arxiv", Kind: kind, Day: day}}
	}
	want := []paper.Paper{
		{
			ID: "arxiv:2609.24001", Version: 1, Title: `Slow Gradients & Fast Friends: $\alpha < 1$`, Abstract: "We train slowly. Nobody minds.",
			Authors: []string{"André Sample", "Ben Example Jr.", "Cy Test"}, AuthorCount: 3, Categories: []string{"cs.LG"}, Sightings: seen(paper.New),
		},
		{
			ID: "arxiv:2609.24002", Version: 1, Title: "Robots That Garden", Abstract: "They garden.",
			Authors: []string{"Dee Placeholder"}, AuthorCount: 1, Categories: []string{"cs.RO", "cs.LG"}, Sightings: seen(paper.Cross),
		},
		{
			ID: "arxiv:2205.00003", Version: 4, Title: "An Older Result, Corrected", Abstract: "Lemma 2 was wrong.",
			Authors: []string{"Eve Dummy", "Finn Dummy"}, AuthorCount: 2, Categories: []string{"stat.ML"},
			DOI: "10.1000/j.example.2026.01", Venue: "Journal of Examples 7 (2026) 1-9", Sightings: seen(paper.Replace),
		},
		{
			ID: "arxiv:math/0611800", Version: 2, Title: "Elsewhere", Abstract: "An old one.",
			Authors: []string{"Gus Stand-In"}, AuthorCount: 1, Categories: []string{"math.CA", "stat.ML"}, Sightings: seen(paper.Replace),
		},
	}
	for _, file := range []string{"testdata/rss.xml", "testdata/atom.xml"} {
		s := open(t, &archive{now: et(24, 8, 0), feeds: map[string]string{"": text(t, file)}})
		page, err := s.Fetch(t.Context(), source.Ask{Now: et(24, 8, 0), Since: day})
		if err != nil || len(page.Problems) > 0 || page.More || page.Wait != 16*time.Hour+10*time.Minute {
			t.Errorf("%s: %v, problems %v, more %v, wait %v; want to wait for 00:10", file, err, page.Problems, page.More, page.Wait)
		}
		if diff := cmp.Diff(want, page.Papers); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

func TestReplacementKeepsTheFirstVersionsDate(t *testing.T) {
	first := time.Date(2022, 5, 1, 9, 0, 0, 0, time.UTC)
	known := paper.Paper{
		ID: "arxiv:2205.00003", Version: 1, Title: "An Older Result", Abstract: "A much longer abstract than the new one.", Published: first,
		Sightings: []paper.Sighting{{Source: "arxiv", Kind: paper.New, Day: date.New(2022, 5, 3)}},
	}
	doc, err := parse([]byte(text(t, "testdata/rss.xml")))
	if err != nil {
		t.Fatal(err)
	}
	papers, _ := announced(doc, date.New(2026, 9, 24))
	got := paper.Merge(known, papers[2])
	if got.Version != 4 || got.Abstract != "Lemma 2 was wrong." || !got.Published.Equal(first) || got.Day() != date.New(2022, 5, 3) {
		t.Errorf("merged = %+v, want version 4 and its text with the first version's dates", got)
	}
}

// A week with a weekend in it: what is asked for on which day.
func TestAsksForEachAnnouncementOnce(t *testing.T) {
	feed := text(t, "testdata/rss.xml")
	a := &archive{feeds: map[string]string{"2026-09-24": feed, "": text(t, "testdata/empty.xml")}}
	s := open(t, a, "cs.lg", " stat.ml ", "")
	ask := source.Ask{}
	const today = "/rss/cs.LG+stat.ML"
	for _, step := range []struct {
		what string
		now  time.Time
		want string
		wait time.Duration
	}{
		{"the first time, on Wednesday evening", et(23, 23, 0), "202609171800-202609181800 202609181800-202609211800 " + today, time.Hour},
		{"soon after midnight", et(24, 0, 20), "202609211800-202609221800 " + today, 23*time.Hour + 50*time.Minute},
		{"too early", et(24, 5, 0), "", 19*time.Hour + 10*time.Minute},
		{"on a working day that is late", et(25, 0, 10), today, time.Hour},
		{"on Saturday", et(26, 0, 10), "202609231800-202609241800 " + today, 24 * time.Hour},
		{"on Sunday", et(27, 0, 10), today, 24 * time.Hour},
		{"on Monday", et(28, 0, 10), today, time.Hour},
		{"late on Monday", et(28, 23, 40), today, 30 * time.Minute},
		{"after eight days, Monday's feed having stayed empty", et(36, 9, 0), "202609241800-202609251800 202609251800-202609281800 202609281800-202609291800 202609291800-202609301800 " +
			"202609301800-202610011800 202610011800-202610021800 " + today, time.Hour},
		{"with the clock set back", et(24, 9, 0), today, 15*time.Hour + 10*time.Minute},
	} {
		ask.Now, a.now = step.now, step.now
		_, problems, last := drain(t, s, ask)
		if got := strings.Join(a.queries(), " "); got != step.want {
			t.Errorf("%s: asked for %s, want %s", step.what, got, step.want)
		}
		if last.Wait != step.wait || last.Progress != 1 || len(problems) > 0 {
			t.Errorf("%s: Wait = %v, Progress = %v, problems %v, want %v and 1", step.what, last.Wait, last.Progress, problems, step.wait)
		}
		ask.Cursor = last.Next
	}
}

func TestUnchangedFeedIsNotReadTwice(t *testing.T) {
	a := &archive{now: et(24, 0, 10), feeds: map[string]string{"": text(t, "testdata/empty.xml")}}
	s := open(t, a)
	first, err := s.Fetch(t.Context(), source.Ask{Now: a.now, Since: date.New(2026, 9, 24)})
	if err != nil || !strings.Contains(first.Next, "etag") {
		t.Fatalf("Fetch = %+v, %v, want a cursor with the ETag", first, err)
	}
	again, err := s.Fetch(t.Context(), source.Ask{Now: a.now, Cursor: first.Next})
	if diff := cmp.Diff(first, again); diff != "" || err != nil {
		t.Errorf("the same feed again: %v (-first +again):\n%s", err, diff)
	}
}

func TestAddressesMayHaveTheirPaths(t *testing.T) {
	for given, want := range map[[2]string][2]string{
		{"", ""}:                                       {"https://export.arxiv.org/api/query", "https://rss.arxiv.org/rss/cs.LG+cond-mat.mtrl-sci+hep-th"},
		{"http://x:1/", "http://x:1"}:                  {"http://x:1/api/query", "http://x:1/rss/cs.LG+cond-mat.mtrl-sci+hep-th"},
		{"http://x/api", "http://x/rss/"}:              {"http://x/api/query", "http://x/rss/cs.LG+cond-mat.mtrl-sci+hep-th"},
		{"http://x/m/api/query/", "http://x/m/a/atom"}: {"http://x/m/api/query", "http://x/m/a/atom/cs.LG+cond-mat.mtrl-sci+hep-th"},
	} {
		s := New(nil, given[0], given[1], []string{"CS.lg", "cond-mat.mtrl-sci", "hep-th"})
		if got := [2]string{s.api, s.feedURL()}; got != want {
			t.Errorf("New(%q, %q) asks %q, want %q", given[0], given[1], got, want)
		}
	}
}

func TestRefusalsTellWhatArXivSaid(t *testing.T) {
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		if strings.HasPrefix(r.URL.Path, "/rss/") {
			fmt.Fprint(w, text(t, "testdata/feed-error.xml"))
			return
		}
		fmt.Fprint(w, text(t, "testdata/api-error.xml"))
	}))
	for since, want := range map[date.Date]string{
		date.New(2026, 9, 24): "Bad subject class 'XX'",
		date.New(2026, 9, 23): "incorrect id format for abc",
	} {
		_, err := s.Fetch(t.Context(), source.Ask{Now: et(24, 8, 0), Since: since})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "400") {
			t.Errorf("Fetch since %s: %v, want a 400 that says %q", since, err, want)
		}
	}
}

func TestRefusalWithStatus200IsNoPaper(t *testing.T) {
	for _, file := range []string{"testdata/feed-error.xml", "testdata/api-error.xml"} {
		if doc, err := read([]byte(text(t, file))); err == nil {
			t.Errorf("%s: read = %+v, want an error", file, doc)
		}
	}
}

func TestWithoutCategoriesNothingIsAsked(t *testing.T) {
	if _, err := New(sourcetest.Client(), "", "", []string{" "}).Fetch(t.Context(), source.Ask{Now: et(24, 8, 0)}); err == nil {
		t.Error("Fetch without categories: no error")
	}
}

func TestFullFeedIsReported(t *testing.T) {
	feed := "<rss><channel><pubDate>Thu, 24 Sep 2026 00:00:00 -0400</pubDate>" +
		strings.Repeat("<item><title>A</title><guid>oai:arXiv.org:2609.24001v1</guid></item>", feedLimit) + "</channel></rss>"
	s := open(t, &archive{now: et(24, 8, 0), feeds: map[string]string{"": feed}})
	page, err := s.Fetch(t.Context(), source.Ask{Now: et(24, 8, 0), Since: date.New(2026, 9, 24)})
	if err != nil || len(page.Problems) != 1 {
		t.Errorf("problems %v, %v, want one", page.Problems, err)
	}
}
