package arxiv

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/source"
)

// busy is n papers, all submitted for the announcement of Wednesday 2026-09-23.
func busy(n int) (papers []submission) {
	for i := range n {
		papers = append(papers, submission{fmt.Sprintf("2609.%05d", i), fmt.Sprintf("Paper %d", i), et(21, 15, 0).Add(time.Duration(i) * time.Second)})
	}
	return papers
}

// missedDay asks for the announcement of 2026-09-23 on the day after.
var missedDay = source.Ask{Now: et(24, 8, 0), Since: date.New(2026, 9, 23)}

func TestMissedDayIsReadToItsEnd(t *testing.T) {
	for papers, queries := range map[int]int{0: 1, 1: 1, pageSize - 1: 1, pageSize: 1, pageSize + 1: 2, 3*pageSize + 1: 4} {
		a := &archive{papers: busy(papers), now: missedDay.Now, feeds: map[string]string{"": text(t, "testdata/empty.xml")}}
		got, problems, _ := drain(t, open(t, a), missedDay)
		if len(got) != papers || len(a.asked) != queries+1 || len(problems) > 0 {
			t.Errorf("%d papers: got %d with %d queries, problems %v; want all with %d", papers, len(got), len(a.asked)-1, problems, queries)
		}
		for id, p := range got {
			if want := (paper.Sighting{Source: "arxiv", Kind: paper.New, Day: date.New(2026, 9, 23)}); p.Sightings[0] != want {
				t.Fatalf("%s: %+v, want %+v", id, p.Sightings[0], want)
			}
		}
	}
}

func TestSmallerPagesThanAskedForLoseNothing(t *testing.T) {
	a := &archive{papers: busy(250), pageSize: 100, now: missedDay.Now, feeds: map[string]string{"": text(t, "testdata/empty.xml")}}
	if got, problems, _ := drain(t, open(t, a), missedDay); len(got) != 250 || len(problems) > 0 {
		t.Errorf("%d papers, problems %v, want 250", len(got), problems)
	}
}

func TestPageThatIsEmptyByAccidentIsAskedForAgain(t *testing.T) {
	a := &archive{papers: busy(pageSize + 200), emptyPages: maxTries - 1, now: missedDay.Now, feeds: map[string]string{"": text(t, "testdata/empty.xml")}}
	if got, problems, _ := drain(t, open(t, a), missedDay); len(got) != pageSize+200 || len(problems) > 0 {
		t.Errorf("%d papers, problems %v, want all", len(got), problems)
	}
}

func TestServerThatDoesNotGoOnIsReported(t *testing.T) {
	for what, c := range map[string]struct {
		*archive
		tries int // of the second page
	}{
		"empty pages":             {&archive{emptyPages: 1000}, maxTries},
		"start ignored":           {&archive{ignoreStart: true}, 1},
		"start ignored in secret": {&archive{ignoreStart: true, lieAboutIt: true}, maxTries},
	} {
		a := c.archive
		a.papers, a.now, a.feeds = busy(pageSize+200), missedDay.Now, map[string]string{"": text(t, "testdata/rss.xml")}
		got, problems, _ := drain(t, open(t, a), missedDay)
		if len(got) != pageSize+4 || len(problems) != 1 || len(a.asked) != 1+c.tries+1 {
			t.Errorf("%s: %d papers with %d requests, problems %v; want the first page, one problem and the feed", what, len(got), len(a.asked), problems)
		}
	}
}

func TestDayBeyondWhatCanBePagedIsReported(t *testing.T) {
	c := cursor{Day: date.New(2026, 9, 21), Last: date.New(2026, 9, 23), Start: lastStart - 100}
	next, err := c.after(document{Total: 90_000, Start: c.Start, Entries: make([]entry, 300)})
	if err == nil || next.Day != date.New(2026, 9, 24) || next.Start != 0 {
		t.Errorf("after = %+v, %v, want the next day and an error", next, err)
	}
}

func TestQueryAsksForCategoriesAndArchives(t *testing.T) {
	s := New(nil, "", "", []string{"cs.LG", "math", "hep-th"})
	got := s.submitted(cursor{Day: date.New(2026, 9, 28), Last: date.New(2026, 9, 29), Start: 600})
	want := "(cat:cs.LG OR cat:math OR cat:math.* OR cat:hep-th OR cat:hep-th.*) AND submittedDate:[202609241800 TO 202609281800]"
	if got.Get("search_query") != want || got.Get("start") != "600" || got.Get("sortOrder") != "ascending" {
		t.Errorf("query %v, want %s from 600, ascending", got, want)
	}
	for category, want := range map[string]bool{"cs.LG": true, "cs.AI": false, "math.AG": true, "math-ph": false, "hep-th": true} {
		if got := s.ours(category); got != want {
			t.Errorf("ours(%s) = %v, want %v", category, got, want)
		}
	}
}

func TestResolveReadsEveryField(t *testing.T) {
	var asked string
	s := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.RawQuery
		fmt.Fprint(w, text(t, "testdata/api-2026.xml"))
	}))
	got, err := s.Resolve(t.Context(), []paper.Ref{
		{ID: "arxiv:2609.21001", Version: 1}, {ID: "arxiv:math/0611800"}, {ID: "arxiv:abc"}, {ID: "arxiv:2609.21001"}, {ID: "doi:10.1/2"},
	})
	want := []paper.Paper{
		{
			ID: "arxiv:2609.21001", Version: 2, Title: "Error", Abstract: "A paper may be called that. It is about one.",
			Authors: []string{"Ada Example", "Ben Sample Jr"}, AuthorCount: 2, Categories: []string{"cs.LG", "stat.ML"},
			Published: time.Date(2026, 9, 21, 18, 0, 0, 0, time.UTC), Updated: time.Date(2026, 9, 23, 8, 18, 33, 0, time.UTC),
			Comment: "12 pages, 3 figures", Venue: "J. Examples 1:1-50, 2026", DOI: "10.1000/example.1",
			Sightings: []paper.Sighting{{Source: "arxiv", Kind: paper.New, Day: date.New(2026, 9, 23)}},
		},
		{
			ID: "arxiv:math/0611800", Version: 2, Title: "Elsewhere", Abstract: "An old one.", Authors: []string{"Gus Stand-In"}, AuthorCount: 1,
			Categories: []string{"math.CA"},
			Published:  time.Date(2006, 11, 27, 14, 57, 58, 0, time.UTC), Updated: time.Date(2007, 1, 2, 14, 57, 58, 0, time.UTC),
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("Resolve: %v (-want +got):\n%s", err, diff)
	}
	if want := "id_list=2609.21001%2Cmath%2F0611800&max_results=2"; asked != want {
		t.Errorf("asked for %s, want %s", asked, want)
	}
}

func TestResolveAsksInBatches(t *testing.T) {
	a := &archive{papers: busy(250)}
	var refs []paper.Ref
	for _, p := range a.papers {
		refs = append(refs, paper.Ref{ID: "arxiv:" + paper.ID(p.id)})
	}
	got, err := open(t, a).Resolve(t.Context(), refs)
	if len(got) != 250 || len(a.asked) != 3 || err != nil {
		t.Errorf("Resolve of 250: %d papers with %d requests, %v; want all with 3", len(got), len(a.asked), err)
	}
}

func TestOldFormatIsReadToo(t *testing.T) {
	doc, err := read([]byte(text(t, "testdata/api-2024.xml")))
	if err != nil || len(doc.Entries) != 1 || doc.Total != 1 || doc.Start != 0 {
		t.Fatalf("read = %+v, %v, want one entry of one", doc, err)
	}
	got, err := doc.Entries[0].paper()
	submitted := time.Date(2024, 8, 1, 17, 1, 29, 0, time.UTC)
	want := paper.Paper{
		ID: "arxiv:2408.00999", Version: 1, Title: "Hotels Of the World", Abstract: "Wrapped at eighty columns.",
		Authors: []string{"Ada Example"}, AuthorCount: 1, Categories: []string{"cs.LG"}, Published: submitted, Updated: submitted,
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("paper: %v (-want +got):\n%s", err, diff)
	}
}
