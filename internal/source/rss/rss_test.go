package rss

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/polite"
	"paperboy/internal/source"
)

var now = time.Date(2026, 9, 26, 8, 0, 0, 0, time.UTC)

// atOnce is a pacer for servers that do not mind.
type atOnce struct{}

func (atOnce) Reserve(context.Context, string, time.Time, time.Duration) (time.Duration, error) {
	return 0, nil
}
func (atOnce) Hold(context.Context, string, time.Time) error { return nil }

// feedAt is a feed whose server answers with h.
func feedAt(t *testing.T, h http.HandlerFunc) *Source {
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return New(polite.New(polite.Options{AllowPrivate: true, Pacer: atOnce{}}), srv.URL+"/blog/feed.xml")
}

func file(t *testing.T, name string) []byte {
	body, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func page(t *testing.T, title, link string) paper.Paper {
	ref, ok := paper.ParseID(link)
	if !ok {
		t.Fatalf("ParseID(%q) finds nothing", link)
	}
	return paper.Paper{ID: ref.ID, Link: ref.Link, Title: title}
}

func TestFetchReadsEveryKindOfFeed(t *testing.T) {
	sighted := func(p paper.Paper, day date.Date) paper.Paper {
		p.AuthorCount = len(p.Authors)
		p.Sightings = []paper.Sighting{{Source: "rss:feed", Day: day}}
		return p
	}
	sep := func(day int) date.Date { return date.New(2026, 9, day) }
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 9, day, hour, minute, 0, 0, time.UTC) }

	blog := page(t, "A blog post & more", "https://feed.example.org/posts/1?ref=feed")
	blog.Abstract, blog.Authors, blog.Published = "First.\n\nSecond.", []string{"Ada Example"}, at(25, 14, 30)
	dragon := page(t, "From the year of the dragon", "https://blog.example.org/posts/2")
	atom := page(t, "When a < b", "https://feed.example.org/blog/notes/1")
	atom.Abstract, atom.Authors, atom.Keywords, atom.Published = "If a < b &amp; c.\n\nThen not.", []string{"Ada Example", "Bo Sample"}, []string{"Theory"}, at(25, 6, 30)
	odd := page(t, "Why </b> is odd", "https://list.example.org/17")
	odd.Abstract, odd.Authors, odd.Keywords, odd.Published = "One.\n\nTwo <x>.", []string{"Ada Example"}, []string{"list"}, at(24, 10, 0)

	tests := []struct {
		file     string
		want     []paper.Paper
		problems []string
	}{
		{"rss2.xml", []paper.Paper{
			sighted(paper.Paper{
				ID: "arxiv:2609.26811", Version: 2, Title: "Counting Sheep with Sparse Experts", Abstract: "We count sheep. For p<0.05 they sleep.",
				Authors: []string{"Ada Example", "Bo van Sample", "Plato"}, Keywords: []string{"cs.LG", "cs.AI"}, DOI: "10.1234/sheep.5", Published: at(24, 4, 0),
			}, sep(24)),
			sighted(blog, sep(25)),
			sighted(dragon, sep(26)),
		}, []string{`item 4: no title (link "https://blog.example.org/posts/3")`, `item 5: no link (title "Nowhere to go")`}},
		{"rdf.xml", []paper.Paper{
			sighted(paper.Paper{
				ID: "doi:10.1234/naive-1", Title: "Naïve models", Abstract: "They know little.",
				Authors: []string{"Müller, J.", "Example, Ada"}, Published: at(24, 0, 0),
			}, sep(24)),
		}, nil},
		{"atom.xml", []paper.Paper{sighted(atom, sep(24))}, nil},
		{"feed.json", []paper.Paper{
			sighted(odd, sep(24)),
			sighted(paper.Paper{ID: "doi:10.1234/abc.5", Title: "By its id", Authors: []string{"Bo Sample"}}, sep(26)),
		}, []string{`item 3: no title (link "")`}},
	}
	for _, tt := range tests {
		items, err := read(file(t, tt.file))
		if err != nil {
			t.Errorf("%s: %v", tt.file, err)
			continue
		}
		s := &Source{name: "rss:feed"}
		got, problems := s.papers(items, "https://feed.example.org/blog/feed.xml", now)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.file, diff)
		}
		var said []string
		for _, p := range problems {
			said = append(said, p.Error())
		}
		if diff := cmp.Diff(tt.problems, said); diff != "" {
			t.Errorf("%s: problems (-want +got):\n%s", tt.file, diff)
		}
	}
}

func TestUnchangedFeedBringsNothing(t *testing.T) {
	s := feedAt(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"1"` && r.Header.Get("If-Modified-Since") == "Thu, 24 Sep 2026 00:00:00 GMT" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Last-Modified", "Thu, 24 Sep 2026 00:00:00 GMT")
		w.Write(file(t, "atom.xml"))
	})
	first, err := s.Fetch(t.Context(), source.Ask{Now: now})
	if err != nil || len(first.Papers) != 1 || first.Progress != 1 || first.More {
		t.Fatalf("Fetch = %+v, %v; want one paper and no more", first, err)
	}
	second, err := s.Fetch(t.Context(), source.Ask{Now: now, Cursor: first.Next})
	if want := (source.Page{Next: first.Next, Progress: 1}); err != nil || !cmp.Equal(second, want) {
		t.Errorf("Fetch again = %+v, %v; want %+v", second, err, want)
	}
}

func TestAnswersThatAreNoFeedAreExplained(t *testing.T) {
	tests := []struct {
		name, body, want string
	}{
		{"a page", string(file(t, "page.html")), "this is a web page, not a feed; it names these feeds: SERVER/feed.xml, https://other.example.org/atom"},
		{"a page without feeds", "<html><body><p>Hello<br></html>", "this is a web page, not a feed, and it names no feed"},
		{"nothing", " \n", "the answer is empty"},
		{"words", "Not here.", "neither RSS, Atom nor JSON Feed"},
		{"other XML", "<svg/>", "neither RSS, Atom nor JSON Feed"},
		{"other JSON", `{"items":[]}`, "neither RSS, Atom nor JSON Feed"},
		{"JSON without items", `{"version":"https://jsonfeed.org/version/1.1"}`, "neither RSS, Atom nor JSON Feed"},
		{"cut XML", "<rss><channel><item><title>One</title>", "the feed is broken: XML syntax error on line 1: unexpected EOF"},
		{"cut JSON", `{"version":"https://jsonfeed.org/version/1.1","items":[{"title":"One"}`, "the feed is broken"},
	}
	for _, tt := range tests {
		s := feedAt(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(tt.body)) })
		server := strings.TrimSuffix(s.address, "/blog/feed.xml")
		got, err := s.Fetch(t.Context(), source.Ask{Now: now})
		if want := strings.ReplaceAll(tt.want, "SERVER", server); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: Fetch = %+v, %v; want %q", tt.name, got, err, want)
		}
	}
}

func TestFeedsLeadToPublicAddressesOnly(t *testing.T) {
	s := New(polite.New(polite.Options{}), "http://127.0.0.1:1/feed")
	if _, err := s.Fetch(t.Context(), source.Ask{Now: now}); err == nil || !strings.Contains(err.Error(), polite.ErrPrivate.Error()) {
		t.Errorf("Fetch = %v, want ErrPrivate", err)
	}
}

func TestNamesTellFeedsApart(t *testing.T) {
	for address, want := range map[string]string{
		"https://www.Blog.example.org/":                   "rss:blog.example.org",
		"https://user:secret@blog.example.org/a/Feed.xml": "rss:blog.example.org/a/feed.xml",
		"http://blog.example.org:8080/feed/":              "rss:blog.example.org:8080/feed",
		"https://blog.example.org/feed?token=secret":      "rss:blog.example.org/feed-135922",
	} {
		if got := New(nil, address).Name(); got != want {
			t.Errorf("name of %s: %q, want %q", address, got, want)
		}
	}
}

func TestSplitNames(t *testing.T) {
	for in, want := range map[string][]string{
		"Ada Lovelace, Alan Turing and Grace Hopper": {"Ada Lovelace", "Alan Turing", "Grace Hopper"},
		"Lovelace, Ada":                  {"Lovelace, Ada"},
		"Lovelace, Ada K.; Turing, A.":   {"Lovelace, Ada K.", "Turing, A."},
		"Ada Lovelace":                   {"Ada Lovelace"},
		"<b>Ada Lovelace</b>, Bo Sample": {"Ada Lovelace", "Bo Sample"},
		" ":                              nil,
	} {
		if got := names([]string{in}); !cmp.Equal(got, want) {
			t.Errorf("names(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMoment(t *testing.T) {
	for in, want := range map[string]string{
		"Thu, 24 Sep 2026 00:00:00 -0400":  "2026-09-24T00:00:00-04:00",
		"Thu, 3 Sep 2026 10:00:00 GMT":     "2026-09-03T10:00:00Z",
		"2026-09-24T10:00:00.123456+02:00": "2026-09-24T10:00:00+02:00",
		" 2026-09-24 ":                     "2026-09-24T00:00:00Z",
		"24 Sep 2026":                      "2026-09-24T00:00:00Z",
		"yesterday":                        "",
		strings.Repeat("2026", 1<<20):      "",
	} {
		got := ""
		if at, ok := moment(in); ok {
			got = at.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("moment(%.40q) = %q, want %q", in, got, want)
		}
	}
}

// Feeds that took gofeed minutes or a gigabyte, and others in that spirit.
func TestHostileFeedsCostLittle(t *testing.T) {
	fill := func(before, middle string, size int) []byte {
		return []byte(before + strings.Repeat(middle, size/len(middle)))
	}
	for name, body := range map[string][]byte{
		"text in pieces":     fill("<rss><channel><item><description>", "some words<!---->", 1<<20),
		"deep":               fill("<rss><channel><item><title>", "<a>", 1<<20),
		"deep outside of it": fill("<rss><channel>", "<a>", 1<<20),
		"many names":         fill("<rss><a ", "xmlns:a='u' ", 1<<20),
		"many items":         append(fill("<rss><channel>", "<item/>", 1<<20), "</channel></rss>"...),
		"many items in JSON": fill(`{"version":"https://jsonfeed.org/version/1","items":[{}`, ",{}", 1<<20),
		"deep JSON":          fill(`{"version":"https://jsonfeed.org/version/1","items":`, "[", 1<<20),
		"open tags":          fill("", "<", 1<<20),
		"one long title":     append(fill("<rss><channel><item><title>", "<b>é</b>", 1<<20), "</title></item></channel></rss>"...),
		"one long list":      append(fill("<rss><channel><item><title>t</title>", "<category>a</category>", 1<<20), "</item></channel></rss>"...),
	} {
		start := time.Now()
		items, err := read(body)
		(&Source{}).papers(items, "https://example.org/", now)
		if took := time.Since(start); took > 5*time.Second || len(items) > maxItems {
			t.Errorf("%s: %d items, error %v, after %v", name, len(items), err, took)
		}
	}
}

func FuzzFeed(f *testing.F) {
	for _, name := range []string{"rss2.xml", "rdf.xml", "atom.xml", "feed.json", "page.html"} {
		body, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		items, err := read(body)
		if err != nil {
			describe(&polite.Response{Body: body, URL: "https://example.org/", ContentType: "text/html"}, err)
		}
		papers, _ := (&Source{name: "rss:feed"}).papers(items, "https://example.org/", now)
		for _, p := range papers {
			if p.ID == "" || p.Title == "" || p.URL() == "" || len(p.Title) > paper.MaxTitle || len(p.Abstract) > paper.MaxAbstract {
				t.Errorf("%.200q makes the paper %+v", body, p)
			}
		}
	})
}
