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
		{"the first time, on Wednesday evening", et(23, 22, 0), today + " 202609171800-202609211800", time.Hour},
		{"half an hour later", et(23, 22, 30), "", 30 * time.Minute},
		{"soon after midnight", et(24, 0, 20), today + " 202609211800-202609221800", 23*time.Hour + 50*time.Minute},
		{"too early", et(24, 5, 0), "", 19*time.Hour + 10*time.Minute},
		{"on a working day that is late", et(25, 0, 10), today, time.Hour},
		{"late on Friday", et(25, 23, 50), today, 20 * time.Minute},
		{"on Saturday, less than an hour later", et(26, 0, 10), today + " 202609231800-202609241800", 24 * time.Hour},
		{"later on Saturday", et(26, 9, 0), "", 15*time.Hour + 10*time.Minute},
		{"on Sunday", et(27, 0, 10), today, 24 * time.Hour},
		{"on Monday", et(28, 0, 10), today, time.Hour},
		{"late on Monday", et(28, 23, 40), today, 30 * time.Minute},
		{"after eight days, Monday's feed having stayed empty", et(36, 9, 0), today + " 202609241800-202610011800 202610011800-202610021800", time.Hour},
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

// today is a feed of that day of September 2026 with one paper.
func today(day int) string {
	return fmt.Sprintf("<rss><channel><pubDate>%s</pubDate><item><title>A</title><guid>oai:arXiv.org:2609.%02d001v1</guid></item></channel></rss>",
		et(day, 0, 0).Format(time.RFC1123Z), day)
}

func TestFailingQueryInterfaceDelaysNoFeed(t *testing.T) {
	a := &archive{refused: "/api/", feeds: map[string]string{
		"2026-09-22": today(22), "2026-09-23": text(t, "testdata/empty.xml"), "2026-09-24": today(24), "2026-09-25": today(25),
	}}
	s := open(t, a)
	ask := source.Ask{Since: date.New(2026, 9, 21)}
	for _, step := range []struct{ day, papers int }{{22, 1}, {23, 0}, {24, 1}} {
		ask.Now, a.now = et(step.day, 8, 0), et(step.day, 8, 0)
		page, err := s.Fetch(t.Context(), ask)
		if err != nil || len(page.Papers) != step.papers || !page.More {
			t.Fatalf("on the %d: %d papers, more %v, %v; want %d and more", step.day, len(page.Papers), page.More, err, step.papers)
		}
		ask.Cursor = page.Next
		if page, err := s.Fetch(t.Context(), ask); err == nil {
			t.Fatalf("on the %d: %+v, want what the query interface failed with", step.day, page)
		}
	}
	a.refused, a.asked = "", nil
	ask.Now, a.now = et(25, 8, 0), et(25, 8, 0)
	drain(t, s, ask)
	// Monday the 21st and Wednesday the 23rd, whose feed never came.
	if got, want := strings.Join(a.queries(), " "), "/rss/cs.LG+stat.ML 202609171800-202609181800 202609211800-202609221800"; got != want {
		t.Errorf("when all is well again: asked for %s, want %s", got, want)
	}
}

func TestFailingFeedIsAnErrorBeforeAnythingElse(t *testing.T) {
	a := &archive{refused: "/rss/"}
	if page, err := open(t, a).Fetch(t.Context(), source.Ask{Now: et(24, 8, 0)}); err == nil || len(a.asked) != 1 {
		t.Errorf("Fetch = %+v, %v with requests %v, want an error after the feed alone", page, err, a.asked)
	}
}

func TestFeedIsAskedForAgainWhileCatchingUp(t *testing.T) {
	a := &archive{feeds: map[string]string{"": text(t, "testdata/empty.xml")}}
	s := open(t, a)
	ask := source.Ask{Since: date.New(2026, 9, 1)}
	for _, step := range []struct {
		now  time.Time
		want string
	}{
		{et(23, 22, 0), "/rss/"},
		{et(23, 22, 59), "/api/"},
		{et(23, 23, 0), "/rss/"},
		{et(23, 23, 59), "/api/"},
		{et(24, 0, 10), "/rss/"},
		{et(24, 0, 11), "/api/"},
	} {
		ask.Now, a.now, a.asked = step.now, step.now, nil
		page, err := s.Fetch(t.Context(), ask)
		if err != nil || len(a.asked) != 1 || !strings.HasPrefix(a.asked[0], step.want) {
			t.Errorf("at %s: asked for %s, %v; want one of %s", step.now, a.asked, err, step.want)
		}
		ask.Cursor = page.Next
	}
}

// The feeds turn late, or the clock is wrong.
func TestFeedOfAnotherDayIsAskedForAgain(t *testing.T) {
	for _, day := range []int{23, 25} {
		a := &archive{now: et(24, 8, 0), feeds: map[string]string{"": today(day)}}
		s := open(t, a)
		first, err := s.Fetch(t.Context(), source.Ask{Now: a.now, Since: date.New(2026, 9, 24)})
		if err != nil || len(first.Papers) != 1 || first.Wait != time.Hour {
			t.Fatalf("the %d's feed on the 24: %+v, %v; want its paper, and to wait for an hour", day, first, err)
		}
		again, err := s.Fetch(t.Context(), source.Ask{Now: a.now.Add(time.Hour), Cursor: first.Next})
		if err != nil || len(again.Papers) > 0 || again.Wait != time.Hour || len(a.asked) != 2 {
			t.Errorf("the %d's feed, unchanged: %+v, %v with requests %v; want nothing, and to wait for an hour", day, again, err, a.asked)
		}
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
	for at, want := range map[string]string{
		"": "Bad subject class 'XX'",
		`{"read":["2026-09-24"],"day":"2026-09-23"}`: "incorrect id format for abc",
	} {
		_, err := s.Fetch(t.Context(), source.Ask{Now: et(24, 8, 0), Cursor: at})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "400") {
			t.Errorf("Fetch(%q): %v, want a 400 that says %q", at, err, want)
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
