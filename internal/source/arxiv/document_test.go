package arxiv

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"paperboy/internal/date"
	"paperboy/internal/source/sourcetest"
)

// feedOf is a feed with e between two good entries.
func feedOf(e string) string {
	good := func(n int) string {
		return fmt.Sprintf("<item><title>Good %d</title><guid>oai:arXiv.org:2609.0000%dv1</guid></item>", n, n)
	}
	return "<rss><channel><title>cs.LG updates</title>" + good(1) + e + good(2) + "</channel></rss>"
}

func TestBadEntryLosesOnlyItself(t *testing.T) {
	item := func(title string) string {
		return "<item><title>" + title + "</title><guid>oai:arXiv.org:2609.00009v1</guid></item>"
	}
	for what, c := range map[string]struct {
		entry string
		title string // "" where the entry is a problem
	}{
		"control characters":      {item("A\x00B\x1b"), "A B"},
		"references to them":      {item("A&#0;B&#x1F;&#xfffe;&#8;"), "A B"},
		"invalid UTF-8":           {item("A\xffB"), "A\uFFFDB"},
		"a bare ampersand":        {item("A & B &c; &nbsp;"), "A & B &c;"},
		"a tag that never closes": {item("A <i>B"), "A"},
		"an odd namespace":        {item("<x:y z='1'/>A"), "A"},
		"no title":                {item(" "), ""},
		"no identifier":           {"<item><title>A</title></item>", ""},
		"a strange identifier":    {"<item><title>A</title><guid>oai:arXiv.org:../etc/passwd</guid></item>", ""},
		"nothing at all":          {"<item/>", ""},
	} {
		doc, err := read([]byte(feedOf(c.entry)))
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		papers, problems := announced(doc, date.New(2026, 9, 24))
		if c.title == "" {
			if len(papers) != 2 || len(problems) != 1 {
				t.Errorf("%s: %d papers, problems %v, want 2 and one", what, len(papers), problems)
			}
			continue
		}
		if len(papers) != 3 || len(problems) > 0 || papers[1].Title != c.title {
			t.Errorf("%s: papers %+v, problems %v, want the second called %q", what, papers, problems, c.title)
		}
	}
}

func TestHostileDocumentIsAnError(t *testing.T) {
	for what, body := range map[string]string{
		"nothing":           "",
		"white space":       " \n ",
		"text":              "no feed here",
		"JSON":              `{"error":"x"}`,
		"HTML":              "<!DOCTYPE html><html><body>x</body></html>",
		"cut in an entry":   feedOf("")[:90],
		"cut after one":     strings.TrimSuffix(feedOf(""), "</channel></rss>"),
		"deep":              strings.Repeat("<feed>", 1_000_000),
		"deep in an entry":  feedOf("<item>" + strings.Repeat("<a>", 1_000_000)),
		"too many entries":  feedOf(strings.Repeat("<item/>", maxEntries)),
		"entity expansion":  `<!DOCTYPE feed [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;">]><html>&b;</html>`,
		"another feed root": "<RDF><item/></RDF>",
	} {
		if doc, err := parse([]byte(body)); err == nil {
			t.Errorf("%s: %d entries, want an error", what, len(doc.Entries))
		}
	}
}

func TestEntitiesAreNotExpanded(t *testing.T) {
	doc, err := parse([]byte(`<!DOCTYPE rss [<!ENTITY a "boom">]>` + feedOf("<item><title>x &a;</title></item>")))
	if err != nil || len(doc.Entries) != 3 || doc.Entries[1].Title != "x &a;" {
		t.Errorf("parse = %+v, %v, want the entity as it was written", doc, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range []string{"rss.xml", "atom.xml", "api-2026.xml", "api-2024.xml", "api-error.xml", "feed-error.xml", "empty.xml"} {
		f.Add([]byte(text(f, "testdata/"+file)))
	}
	f.Add([]byte(feedOf("<item><title>A&#0;<b>&</title><guid>oai:arXiv.org:2609.00009v1</guid><dc:creator>\\'e, Jr., {\\o} & (a(b)</dc:creator></item>")))
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, err := read(body)
		if err != nil {
			return
		}
		papers, _ := announced(doc, date.New(2026, 9, 24))
		for _, p := range papers {
			sourcetest.CheckPaper(t, name, p)
		}
		if clean := legal(body); !bytes.Equal(clean, legal(clean)) {
			t.Errorf("legal(%q) = %q, which is not legal", body, clean)
		}
	})
}
