package arxiv

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/source"
	"paperboy/internal/source/sourcetest"
)

// submission is a paper as the query interface has it.
type submission struct {
	id, title string
	at        time.Time
}

// archive serves the query interface over papers, and feeds.
type archive struct {
	papers []submission
	feeds  map[string]string // body of a feed, by the Eastern day and by ""
	now    time.Time

	// Ways to misbehave.
	refused     string // beginning of the paths that are answered with 400
	ignoreStart bool
	lieAboutIt  bool // about ignoring it, in startIndex
	emptyPages  int  // answers without entries, from the second page on
	pageSize    int  // at most, whatever is asked for

	asked []string // paths and queries
}

var submitted = regexp.MustCompile(`submittedDate:\[(\d{12}) TO (\d{12})\]`)

func (a *archive) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.asked = append(a.asked, r.URL.Path+"?"+r.FormValue("search_query"))
	switch {
	case a.refused != "" && strings.HasPrefix(r.URL.Path, a.refused):
		w.WriteHeader(http.StatusBadRequest)
	case r.URL.Path == "/api/query":
		a.query(w, r)
	case strings.HasPrefix(r.URL.Path, "/rss/"), strings.HasPrefix(r.URL.Path, "/atom/"):
		body, known := a.feeds[date.Of(a.now.In(eastern)).String()]
		if !known {
			body = a.feeds[""]
		}
		etag := fmt.Sprintf(`"%d-%s"`, len(body), date.Of(a.now.In(eastern)))
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", etag)
		fmt.Fprint(w, body)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (a *archive) query(w http.ResponseWriter, r *http.Request) {
	found := a.find(r)
	start, _ := strconv.Atoi(r.FormValue("start"))
	size, _ := strconv.Atoi(r.FormValue("max_results"))
	if a.pageSize > 0 {
		size = min(size, a.pageSize)
	}
	from, said := start, start
	if a.ignoreStart {
		from = 0
		if !a.lieAboutIt {
			said = 0
		}
	}
	page := found[min(from, len(found)):min(from+size, len(found))]
	if start > 0 && a.emptyPages > 0 {
		a.emptyPages--
		page = nil
	}
	fmt.Fprintf(w, `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
<opensearch:totalResults>%d</opensearch:totalResults><opensearch:startIndex>%d</opensearch:startIndex>`, len(found), said)
	for _, p := range page {
		fmt.Fprintf(w, "\n<entry><id>http://arxiv.org/abs/%sv1</id><title>", p.id)
		xml.EscapeText(w, []byte(p.title))
		fmt.Fprintf(w, `</title><published>%s</published><arxiv:primary_category term="cs.LG"/><category term="cs.LG"/></entry>`,
			p.at.UTC().Format(time.RFC3339))
	}
	fmt.Fprint(w, "</feed>")
}

func (a *archive) find(r *http.Request) (found []submission) {
	if list := r.FormValue("id_list"); list != "" {
		for _, p := range a.papers {
			if slices.Contains(strings.Split(list, ","), p.id) {
				found = append(found, p)
			}
		}
		return found
	}
	m := submitted.FindStringSubmatch(r.FormValue("search_query"))
	from, _ := time.Parse("200601021504", m[1])
	to, _ := time.Parse("200601021504", m[2])
	for _, p := range a.papers {
		if !p.at.Before(from) && p.at.Before(to.Add(time.Minute)) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(p, q submission) int { return p.at.Compare(q.at) })
	return found
}

// queries are the windows that the query interface was asked for and the feeds
// that were read, since the last call.
func (a *archive) queries() (list []string) {
	for _, q := range a.asked {
		if m := submitted.FindStringSubmatch(q); m != nil {
			q = m[1] + "-" + m[2]
		}
		list = append(list, strings.TrimSuffix(q, "?"))
	}
	a.asked = nil
	return list
}

func text(t testing.TB, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func open(t *testing.T, h http.Handler, categories ...string) *Source {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	if len(categories) == 0 {
		categories = []string{"cs.LG", "stat.ML"}
	}
	return New(sourcetest.Client(), server.URL, server.URL, categories)
}

// drain fetches until s has caught up and returns the papers as the feed would
// keep them, all problems, and the last page.
func drain(t *testing.T, s *Source, ask source.Ask) (map[paper.ID]paper.Paper, []error, source.Page) {
	t.Helper()
	all := map[paper.ID]paper.Paper{}
	var problems []error
	progress := 0.0
	for range 500 {
		page, err := s.Fetch(t.Context(), ask)
		if err != nil {
			t.Fatalf("Fetch(%+v): %v", ask, err)
		}
		if page.Progress < progress || page.Progress > 1 {
			t.Errorf("Fetch(%+v): Progress = %v after %v, want no less and at most 1", ask, page.Progress, progress)
		}
		progress = page.Progress
		problems = append(problems, page.Problems...)
		for _, p := range page.Papers {
			if old, seen := all[p.ID]; seen {
				p = paper.Merge(old, p)
			}
			all[p.ID] = p
		}
		if !page.More {
			return all, problems, page
		}
		ask.Cursor = page.Next
	}
	t.Fatalf("not caught up after 500 pages, the last cursor is %s", ask.Cursor)
	return nil, nil, source.Page{}
}

// et is a moment on arXiv's clocks.
func et(day, hour, minute int) time.Time {
	return time.Date(2026, 9, day, hour, minute, 0, 0, eastern)
}
