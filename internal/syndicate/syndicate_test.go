package syndicate

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"
)

var noon = time.Date(2026, 2, 27, 12, 0, 0, 0, time.UTC)

// plain is a feed as it usually is.
func plain() Feed {
	return Feed{
		ID: Tag("papers.example.org", "feeds/today"), Title: "Papers of today", About: "What is listed today.",
		Home: "https://papers.example.org/", Self: "https://papers.example.org/feeds/today.rss",
		Entries: []Entry{
			{
				ID: Tag("papers.example.org", "paper/arxiv:2401.08383"), Title: "Experts & Friends", Link: "https://arxiv.org/abs/2401.08383",
				Summary: "Short.", Text: []string{"Ada Lovelace · 3 votes here", "First.", "Second."}, Links: []Link{{"Code", "https://github.com/a/b?x=1&y=2"}},
				Authors: []string{"Ada Lovelace", "Charles Babbage"}, Topics: []string{"cs.LG"}, Published: noon, Updated: noon.Add(time.Hour),
			},
			{ID: Tag("papers.example.org", "paper/url:00ff"), Title: "No date, no author, no link"},
		},
	}
}

// hostile has in every text what has no place there.
func hostile() Feed {
	bad := "</title>]]><script>alert(1)</script>&lt;b&gt;&#0;\x00\x1b\ufffe\xff<!--"
	return Feed{
		ID: Tag("h", bad), Title: bad, About: bad, Home: "javascript:alert(1)", Self: "https://h/feeds/search.rss?q=" + url.QueryEscape(bad),
		Entries: []Entry{{
			ID: Tag("h", "paper/"+bad), Title: bad, Link: `https://h/"><script>`, Summary: bad, Text: []string{bad}, Authors: []string{bad, "\x00"}, Topics: []string{bad, ""},
			Links: []Link{{bad, `https://h/"onmouseover="alert(1)`}, {"run", "javascript:alert(1)"}, {"data", "data:text/html,x"}},
		}},
	}
}

func TestReadersGetWhatWasPut(t *testing.T) {
	for _, format := range Formats {
		got, err := gofeed.NewParser().Parse(bytes.NewReader(format.Write(plain())))
		if err != nil {
			t.Fatalf("%s: %v", format.Name, err)
		}
		if got.Title != "Papers of today" || got.Link != "https://papers.example.org/" || got.FeedLink != "https://papers.example.org/feeds/today.rss" || got.FeedType != format.Name {
			t.Errorf("%s: the feed is read as %q at %q, itself at %q, of type %s", format.Name, got.Title, got.Link, got.FeedLink, got.FeedType)
		}
		if len(got.Items) != 2 {
			t.Fatalf("%s has %d entries, want 2", format.Name, len(got.Items))
		}
		e := got.Items[0]
		var authors []string
		for _, a := range e.Authors {
			authors = append(authors, a.Name)
		}
		body := e.Content
		if format.Name == "rss" {
			body, authors = e.Description, e.DublinCoreExt.Creator
		}
		type shown struct {
			ID, Title, Link, Body string
			Authors, Topics       []string
			Published             time.Time
		}
		want := shown{
			"tag:papers.example.org,2026:paper/arxiv:2401.08383", "Experts & Friends", "https://arxiv.org/abs/2401.08383",
			"<p>Ada Lovelace · 3 votes here</p>\n<p>First.</p>\n<p>Second.</p>\n<p><a href=\"https://github.com/a/b?x=1&amp;y=2\">Code</a></p>",
			[]string{"Ada Lovelace", "Charles Babbage"}, []string{"cs.LG"}, noon,
		}
		if diff := cmp.Diff(want, shown{e.GUID, e.Title, e.Link, strings.TrimSpace(body), authors, e.Categories, e.PublishedParsed.UTC()}); diff != "" {
			t.Errorf("%s (-put +read):\n%s", format.Name, diff)
		}
	}
}

func TestTheSameDataMakeTheSameBytes(t *testing.T) {
	for _, format := range Formats {
		if a, b := format.Write(plain()), format.Write(plain()); !bytes.Equal(a, b) {
			t.Errorf("%s differs from one time to the next", format.Name)
		}
	}
}

func TestHostileTextIsText(t *testing.T) {
	for _, format := range Formats {
		body := format.Write(hostile())
		check(t, format, body)
		got, err := gofeed.NewParser().Parse(bytes.NewReader(body))
		if err != nil {
			t.Fatalf("%s: %v\n%s", format.Name, err, body)
		}
		if want := "</title>]]><script>alert(1)</script>&lt;b&gt;&#0;<!--"; got.Title != want && format.Name != "rss" {
			t.Errorf("%s: the title is read as %q, want %q", format.Name, got.Title, want)
		}
	}
}

// check is the required elements and forms of each specification.
func check(t *testing.T, format Format, body []byte) {
	t.Helper()
	if !utf8.Valid(body) {
		t.Errorf("%s is not UTF-8", format.Name)
	}
	switch format.Name {
	case "rss":
		checkRSS(t, body)
	case "atom":
		checkAtom(t, body)
	case "json":
		checkJSON(t, body)
	}
}

// strict decodes XML as the standard demands, to its end.
func strict(t *testing.T, body []byte, into any) {
	t.Helper()
	if err := xml.Unmarshal(body, into); err != nil {
		t.Fatalf("not well-formed: %v\n%s", err, body)
	}
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, body)
		}
	}
}

func checkRSS(t *testing.T, body []byte) {
	t.Helper()
	var f struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Channel struct {
			Title       string `xml:"title"`
			Description string `xml:"description"`
			Links       []struct {
				XMLName xml.Name
				Rel     string `xml:"rel,attr"`
				Href    string `xml:"href,attr"`
			} `xml:"link"`
			Items []struct {
				Title       string   `xml:"title"`
				Description string   `xml:"description"`
				Link        string   `xml:"link"`
				PubDate     string   `xml:"pubDate"`
				Creators    []string `xml:"http://purl.org/dc/elements/1.1/ creator"`
				Categories  []string `xml:"category"`
				GUID        struct {
					PermaLink string `xml:"isPermaLink,attr"`
					ID        string `xml:",chardata"`
				} `xml:"guid"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	strict(t, body, &f)
	self := 0
	for _, l := range f.Channel.Links {
		if l.XMLName.Space == atomSpace && l.Rel == "self" && l.Href != "" {
			self++
		}
	}
	if f.Version != "2.0" || f.Channel.Title == "" || f.Channel.Description == "" || len(f.Channel.Links) != 2 || self != 1 {
		t.Errorf("the channel lacks what RSS requires: %+v", f.Channel)
	}
	for _, i := range f.Channel.Items {
		if i.Title == "" || i.GUID.PermaLink != "false" || !strings.HasPrefix(i.GUID.ID, "tag:") {
			t.Errorf("an item lacks what RSS requires: %+v", i)
		}
		if i.PubDate != "" {
			if _, err := time.Parse(time.RFC1123Z, i.PubDate); err != nil {
				t.Errorf("pubDate: %v", err)
			}
		}
		checkHTML(t, i.Description)
		checkLinks(t, i.Link)
	}
}

func checkAtom(t *testing.T, body []byte) {
	t.Helper()
	type linked struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	var f struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Author  []string `xml:"author>name"`
		Links   []linked `xml:"link"`
		Entries []struct {
			ID         string   `xml:"id"`
			Title      string   `xml:"title"`
			Updated    string   `xml:"updated"`
			Authors    []string `xml:"author>name"`
			Categories []struct {
				Term string `xml:"term,attr"`
			} `xml:"category"`
			Links   []linked `xml:"link"`
			Content struct {
				Type string `xml:"type,attr"`
				Text string `xml:",chardata"`
			} `xml:"content"`
		} `xml:"entry"`
	}
	strict(t, body, &f)
	when := func(s string) {
		t.Helper()
		if _, err := time.Parse(time.RFC3339, s); err != nil {
			t.Errorf("a time of Atom: %v", err)
		}
	}
	if !strings.HasPrefix(f.ID, "tag:") || f.Title == "" || len(f.Author) != 1 {
		t.Errorf("the feed lacks what Atom requires: %+v", f)
	}
	when(f.Updated)
	seen := map[string]bool{}
	for _, e := range f.Entries {
		if !strings.HasPrefix(e.ID, "tag:") || e.Title == "" || e.Content.Type != "html" || seen[e.ID] {
			t.Errorf("an entry lacks what Atom requires: %+v", e)
		}
		seen[e.ID] = true
		when(e.Updated)
		for _, l := range e.Links {
			checkLinks(t, l.Href)
		}
		for _, c := range e.Categories {
			if c.Term == "" {
				t.Error("a category without a term")
			}
		}
		checkHTML(t, e.Content.Text)
	}
}

func checkJSON(t *testing.T, body []byte) {
	t.Helper()
	var f struct {
		Version, Title string
		Items          []struct {
			ID, URL, Title string
			HTML           *string `json:"content_html"`
			Published      string  `json:"date_published"`
			Authors        []struct{ Name string }
		}
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&f); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, body)
	}
	if f.Version != "https://jsonfeed.org/version/1.1" || f.Title == "" || f.Items == nil {
		t.Errorf("the feed lacks what JSON Feed requires: %+v", f)
	}
	for _, i := range f.Items {
		if i.ID == "" || i.HTML == nil {
			t.Errorf("an item lacks what JSON Feed requires: %+v", i)
			continue
		}
		checkHTML(t, *i.HTML)
		checkLinks(t, i.URL)
	}
}

// checkHTML accepts paragraphs and links to the web, and nothing else.
func checkHTML(t *testing.T, text string) {
	t.Helper()
	for z := html.NewTokenizer(strings.NewReader(text)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.CommentToken, html.DoctypeToken:
			t.Errorf("markup of a stranger is in %q", text)
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			if tag.Data != "p" && tag.Data != "a" {
				t.Errorf("<%s> is in %q", tag.Data, text)
			}
			for _, a := range tag.Attr {
				if a.Key != "href" {
					t.Errorf("the attribute %s is in %q", a.Key, text)
				}
				checkLinks(t, a.Val)
			}
		}
	}
}

func checkLinks(t *testing.T, link string) {
	t.Helper()
	if link != "" && !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") {
		t.Errorf("%q is no address of the web", link)
	}
}

func TestFeedsHaveWhatTheirSpecificationsRequire(t *testing.T) {
	for _, format := range Formats {
		t.Run(format.Name, func(t *testing.T) {
			check(t, format, format.Write(plain()))
			check(t, format, format.Write(Feed{ID: "tag:h,2026:x", Title: "Empty", About: "Nothing.", Home: "https://h/", Self: "https://h/x"}))
		})
	}
}

func TestManyAuthorsAreCut(t *testing.T) {
	f := plain()
	f.Entries[0].Authors = nil
	for i := range 10_000 {
		f.Entries[0].Authors = append(f.Entries[0].Authors, fmt.Sprint("Author ", i))
	}
	for _, format := range Formats {
		if n := len(format.Write(f)); n > 10_000 {
			t.Errorf("%s of a paper by 10,000 people has %d bytes", format.Name, n)
		}
	}
}

func TestTagsAreURIs(t *testing.T) {
	for name, want := range map[string]string{
		"paper/doi:10.1/(a)b;c": "tag:h,2026:paper/doi:10.1/(a)b;c",
		"q=a b<é":               "tag:h,2026:q=a%20b%3C%C3%A9",
	} {
		if got := Tag("h", name); got != want {
			t.Errorf("Tag(%q) = %q, want %q", name, got, want)
		}
	}
}

func FuzzFeeds(f *testing.F) {
	f.Add("title", "https://h/", "text")
	f.Add("]]>\x00<", "javascript:x", "&#0;")
	f.Fuzz(func(t *testing.T, title, to, content string) {
		feed := Feed{ID: Tag("h", "x"), Title: "T", About: "A", Home: "https://h/", Self: "https://h/x", Entries: []Entry{{
			ID: Tag("h", title), Title: "t" + title, Link: to, Summary: content, Text: []string{content}, Links: []Link{{content, to}},
			Authors: []string{title}, Topics: []string{content},
		}}}
		for _, format := range Formats {
			check(t, format, format.Write(feed))
		}
	})
}
