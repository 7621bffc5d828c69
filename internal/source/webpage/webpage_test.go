package webpage

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/paper"
	"paperboy/internal/polite"
)

// atOnce is a pacer for servers that do not mind.
type atOnce struct{}

func (atOnce) Reserve(context.Context, string, time.Time, time.Duration) (time.Duration, error) {
	return 0, nil
}
func (atOnce) Hold(context.Context, string, time.Time) error { return nil }

// answering is a Resolver whose DOI server and pages are both h.
func answering(t *testing.T, h http.HandlerFunc) (r *Resolver, server string) {
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return New(polite.New(polite.Options{AllowPrivate: true, Pacer: atOnce{}}), srv.URL+"/"), srv.URL
}

func file(t *testing.T, name string) []byte {
	body, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestResolveDescribesDOIsAndPages(t *testing.T) {
	r, server := answering(t, func(w http.ResponseWriter, r *http.Request) {
		registry := r.Header.Get("Accept") == "application/vnd.citationstyles.csl+json"
		switch {
		case registry && r.URL.EscapedPath() == "/10.1234/sheep%285%29":
			http.Redirect(w, r, "/crossref", http.StatusFound)
		case registry && r.URL.Path == "/crossref":
			w.Header().Set("Content-Type", "application/vnd.citationstyles.csl+json")
			w.Write(file(t, "crossref.json"))
		case registry && r.URL.Path == "/10.1234/data":
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.Write(file(t, "datacite.json"))
		case r.URL.Path == "/10.1234/page", r.URL.Path == "/article":
			w.Write(file(t, "article.html"))
		case r.URL.Path == "/blog":
			w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
			w.Write([]byte("<title>\n Na\xefve &amp; simple</title><meta name=description content='What it is.'><body><title>no</title>"))
		default:
			http.NotFound(w, r)
		}
	})
	date := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC) }
	article := paper.Paper{
		Title: "Counting Sheep & Goats in CO2", Abstract: "We count.", Authors: []string{"Ada Lovelace", "Bo van Sample"}, AuthorCount: 2,
		Published: date(9, 24), DOI: "10.1234/sheep.5", Venue: "Invented Journal", Keywords: []string{"sheep", "goats", "counting"},
	}
	page, byDOI := article, article
	page.ID, page.Link = "url:1", server+"/article"
	byDOI.ID = "doi:10.1234/page"
	want := []paper.Paper{
		{
			ID: "doi:10.1234/sheep(5)", Title: "Counting Sheep", Abstract: "We count sheep.", Venue: "Invented Journal",
			Authors: []string{"Ada Lovelace", "The Flock Consortium", "Plato"}, AuthorCount: 3, Published: date(9, 1),
		},
		{ID: "doi:10.1234/data", Title: "A Set of Sheep", Authors: []string{"Flock"}, AuthorCount: 1, Published: date(9, 24)},
		byDOI,
		page,
		{ID: "url:2", Link: server + "/blog", Title: "Naïve & simple", Abstract: "What it is."},
	}
	got, err := r.Resolve(t.Context(), []paper.Ref{
		{ID: "doi:10.1234/sheep(5)"},
		{ID: "doi:10.1234/data"},
		{ID: "doi:10.1234/page"},
		{ID: "url:1", Link: server + "/article"},
		{ID: "url:2", Link: server + "/blog"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Resolve (-want +got):\n%s", diff)
	}
}

func TestWhatHasNoTitleIsMissing(t *testing.T) {
	r, server := answering(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/empty":
		case "/untitled":
			w.Write([]byte("<html><head><meta name=author content=Ada></head><body><h1>Title</h1>"))
		case "/pdf":
			w.Write([]byte("%PDF-1.7\n<title>no</title>"))
		case "/huge":
			w.Write([]byte("<title>Huge</title>" + strings.Repeat(" ", maxPage)))
		case "/paper.PDF":
			t.Error("a PDF was downloaded for nothing")
		default:
			http.NotFound(w, r)
		}
	})
	var refs []paper.Ref
	for _, path := range []string{"/empty", "/untitled", "/pdf", "/huge", "/paper.PDF", "/gone"} {
		refs = append(refs, paper.Ref{ID: "url:" + paper.ID(path), Link: server + path})
	}
	refs = append(refs, paper.Ref{ID: "url:without-link"}, paper.Ref{ID: "doi:10.1234/gone"})
	if got, err := r.Resolve(t.Context(), refs); err != nil || got != nil {
		t.Errorf("Resolve = %+v, %v; want nothing", got, err)
	}
}

func TestResolveTellsOfServersItCouldNotAsk(t *testing.T) {
	r, server := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/down" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Write([]byte("<title>Here</title>"))
	})
	got, err := r.Resolve(t.Context(), []paper.Ref{{ID: "url:1", Link: server + "/down"}, {ID: "url:2", Link: server + "/up"}})
	if len(got) != 1 || got[0].Title != "Here" || !polite.Temporary(err) {
		t.Errorf("Resolve = %+v, %v; want one paper and a temporary error", got, err)
	}
}

func TestPagesOfPeopleAreSoughtInPublicOnly(t *testing.T) {
	r := New(polite.New(polite.Options{Pacer: atOnce{}}), "http://127.0.0.1:1")
	for _, ref := range []paper.Ref{{ID: "url:1", Link: "http://127.0.0.1:1/"}, {ID: "doi:10.1234/a"}} {
		if _, err := r.Resolve(t.Context(), []paper.Ref{ref}); !errors.Is(err, polite.ErrPrivate) {
			t.Errorf("Resolve(%v) = %v, want ErrPrivate", ref, err)
		}
	}
}

func TestResolves(t *testing.T) {
	for id, want := range map[paper.ID]bool{
		"doi:10.1234/a": true, "openreview:abc": true, "acl:2022.coling-1.36": true, "url:1": true, "arxiv:2401.08383": false, "": false,
	} {
		if got := New(nil, "").Resolves(id); got != want {
			t.Errorf("Resolves(%q) = %v, want %v", id, got, want)
		}
	}
}

func TestPlainTitlesCountOnlyWhereAnyPageWillDo(t *testing.T) {
	p := readPage([]byte(`<title>Just a moment...</title><meta property="og:title" content="OpenReview">`), "text/html")
	if got := p.paper(false); got.Title != "" {
		t.Errorf("title %q of a page that is no paper's", got.Title)
	}
	if got := p.paper(true); got.Title != "OpenReview" {
		t.Errorf("title %q of any page, want OpenReview", got.Title)
	}
}

func TestDay(t *testing.T) {
	for in, want := range map[string]string{
		"2026/09/24": "2026-09-24", "2026-9-4": "2026-09-04", "2026/09": "2026-09-01", "2026": "2026-01-01",
		"2026-09-24T23:30:00-07:00": "2026-09-25", "24 September 2026": "2026-09-24", "soon": "0001-01-01", "": "0001-01-01",
	} {
		if got := day(in).Format(time.DateOnly); got != want {
			t.Errorf("day(%q) = %s, want %s", in, got, want)
		}
	}
}

func FuzzPage(f *testing.F) {
	body, err := os.ReadFile("testdata/article.html")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body, "text/html")
	f.Add([]byte("<title>\xff\xfe<meta name=dc.title content='&#0;'>"), "text/html; charset=utf-16")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		p := readPage(body, contentType).paper(true)
		if len(p.Title) > paper.MaxTitle || len(p.Abstract) > paper.MaxAbstract || len(p.Keywords) > paper.MaxWords || strings.ContainsAny(p.Title, "\n\x00") {
			t.Errorf("%q, %q makes the paper %+v", body, contentType, p)
		}
	})
}

func FuzzCSL(f *testing.F) {
	for _, name := range []string{"crossref.json", "datacite.json"} {
		body, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := readCSL(body)
		if err == nil && (len(p.Title) > paper.MaxTitle || p.Published.Year() > 9999) {
			t.Errorf("%q makes the paper %+v", body, p)
		}
	})
}
