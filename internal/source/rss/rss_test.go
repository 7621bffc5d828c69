package rss

import (
	"context"
	"fmt"
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

// The longer of these take gofeed alone minutes or gigabytes.
func TestHostileFeedsAreReadOrRefused(t *testing.T) {
	const (
		rss  = "<rss><channel><item><title>t</title>"
		rssX = "</item></channel></rss>"
		atom = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://example.org/'><entry><title>t</title>"
		json = `{"version":"https://jsonfeed.org/version/1","items":`
	)
	var open strings.Builder // tags that HTML repeats in every paragraph that follows
	for i := range 400 {
		fmt.Fprintf(&open, "<b id='%d'>", i)
	}
	for _, tt := range []struct {
		name, before, middle, after string
		items                       int
		refused                     string
	}{
		{"text in pieces", rss + "<description>", "words<!---->", "</description>" + rssX, 1, ""},
		{"other text in pieces", rss + "<x:a>", "words<!---->", "</x:a>" + rssX, 1, ""},
		{"text in CDATA", rss + "<x:a>", "<![CDATA[a]]>", "</x:a>" + rssX, 1, ""},
		{"text between tags", rss + "<x:a>", "a<b/>", "</x:a>" + rssX, 1, ""},
		{"ends of CDATA", rss + "<x:a>", "]]&gt;", "</x:a>" + rssX, 1, ""},
		{"open tags in RSS", rss + "<description><![CDATA[" + open.String(), "<p>x", "]]></description>" + rssX, 1, ""},
		{"open tags in Atom", atom + "<content type='html'><![CDATA[" + open.String(), "<p>x", "]]></content></entry></feed>", 1, ""},
		{"open tags out of sight", atom + "<content type='html'><?x >" + open.String(), "<p>x", "?></content></entry></feed>", 1, ""},
		{"long base", "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://example.org/" + strings.Repeat("a/", 1<<20) + "'><entry><title>t</title>", "<link href='a'/>", "</entry></feed>", 1, ""},
		{"deep", rss + "<title>", "<a>", "", 0, "nested more than 100 deep; real ones are not"},
		{"deep outside of items", "<rss><channel>", "<a>", "", 0, "nested more than 100 deep"},
		{"deep author", atom + "<author>", "<a>", "", 0, "nested more than 100 deep"},
		{"many namespaces", "<rss ", "xmlns:a='u' ", "><channel><item/></channel></rss>", 1, ""},
		{"long namespace", "<rss xmlns:a='" + strings.Repeat("u", 1<<20) + "'><channel><item>", "<a:b/>", rssX, 0, "a name of more than 500 bytes"},
		{"many fields", rss, "<a/>", rssX, 0, "more than 100000 fields"},
		{"many authors", rss + "<author>", "<name>a</name>", "</author>" + rssX, 1, ""},
		{"many items", "<rss><channel>", "<item/>", "</channel></rss>", maxItems, ""},
		{"items in items", "<rss><channel>", "<item>", "", 0, "nested more than 100 deep"},
		{"brackets", "", "<", "", 0, errNotFeed.Error()},
		{"long title", rss + "<title>", "<b>é</b>", "</title>" + rssX, 1, ""},
		{"long attribute", rss + "<link href='", "a/", "'/>" + rssX, 1, ""},
		{"many items in JSON", json + "[{}", ",{}", "]}", maxItems, ""},
		{"deep JSON", json, "[", "", 0, "exceeded max depth"},
		{"nulls", json + `[{"authors":[null`, ",null", "]}]}", 1, ""},
		{"many authors in JSON", json + `[{"authors":[{}`, ",{}", "]}]}", 0, "more than 100000 fields"},
		{"long item in JSON", json + `[{"title":"` + strings.Repeat("<", maxEntry), "<", `"}]}`, 0, "an item of more than 2097152 bytes"},
	} {
		body := tt.before + strings.Repeat(tt.middle, 1<<19/len(tt.middle)) + tt.after
		items, err := read([]byte(body))
		if len(items) != tt.items || (err == nil) != (tt.refused == "") || err != nil && !strings.Contains(err.Error(), tt.refused) {
			t.Errorf("%s: %d items, error %v; want %d items, error %q", tt.name, len(items), err, tt.items, tt.refused)
		}
		(&Source{}).papers(items, "https://example.org/", now)
	}
}

func TestPanicOfGofeedIsAnError(t *testing.T) {
	if items, err := parse([]byte(`{"items":[null]}`)); err == nil || !strings.Contains(err.Error(), "gofeed panics") {
		t.Errorf("parse = %v, %v; want an error about the panic", items, err)
	}
}

func TestLongFeedsAreRead(t *testing.T) {
	item := "<item><title>One of many</title><description><![CDATA[" + strings.Repeat("<p>Many <b>words</b>.</p>", 40) + "]]></description>" +
		strings.Repeat("<category>a</category>", 40) + "</item>"
	items, err := read([]byte("<rss><channel>" + strings.Repeat(item, maxItems+100) + "</channel></rss>"))
	if err != nil || len(items) != maxItems || len(items[maxItems-1].Categories) != 40 {
		t.Errorf("read: %d items, %v; want %d with 40 categories", len(items), err, maxItems)
	}
}

func TestTextIsReadInEveryForm(t *testing.T) {
	const want = "If a < b & c.\n\nThen <d>."
	for _, summary := range []string{
		"<summary type='html'>&lt;p>If a &amp;lt; b &amp;amp; c.&lt;/p>&lt;p>Then &amp;lt;d&amp;gt;.&lt;/p></summary>",
		"<summary type='html'><![CDATA[<p>If a &lt; b &amp; c.</p><p>Then &lt;d&gt;.</p>]]></summary>",
		"<summary type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>If a &lt; b &amp; c.</p><p>Then &lt;d&gt;.</p></div></summary>",
		"<summary type='text/html' mode='escaped'>&lt;p>If a &amp;lt; b &amp;amp; c.&lt;/p>&lt;p>Then &amp;lt;d&amp;gt;.&lt;/p></summary>",
		"<summary>If a &lt; b &amp; c.\n\nThen &lt;d>.</summary>",
	} {
		items, err := read([]byte("<feed xmlns='http://www.w3.org/2005/Atom'><entry>" + summary + "</entry></feed>"))
		if err != nil || len(items) != 1 || abstract(items[0].Description) != want {
			t.Errorf("%s reads as %+v, %v; want the abstract %q", summary, items, err, want)
		}
	}
}

func TestDatesInOddFormsAreRead(t *testing.T) {
	items, err := read([]byte("<rss><channel><item><pubDate>Thursday, 24 September 2026 10:00:00 CEST</pubDate></item></channel></rss>"))
	if err != nil || len(items) != 1 {
		t.Fatalf("read = %v, %v; want one item", items, err)
	}
	want := time.Date(2026, 9, 24, 8, 0, 0, 0, time.UTC)
	if got, ok := (item{items[0]}).moment(now); !ok || !got.Equal(want) {
		t.Errorf("moment(%q) = %v, %v; want %v", items[0].Published, got, ok, want)
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
