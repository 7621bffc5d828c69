package arxiv

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/source/sourcetest"
)

// facts are what is compared between our reading of an answer and a plain one.
type facts struct {
	ID                        paper.ID
	Version, Title, Published string
	Authors, Categories       int
	Primary                   string
}

// plain reads an answer of the query interface without any of this package.
func plain(t *testing.T, body []byte) (all []facts) {
	t.Helper()
	var feed struct {
		Entries []struct {
			ID        string `xml:"http://www.w3.org/2005/Atom id"`
			Title     string `xml:"http://www.w3.org/2005/Atom title"`
			Published string `xml:"http://www.w3.org/2005/Atom published"`
			Authors   []struct {
				Name string `xml:"name"`
			} `xml:"http://www.w3.org/2005/Atom author"`
			Categories []struct {
				Term string `xml:"term,attr"`
			} `xml:"http://www.w3.org/2005/Atom category"`
			Primary struct {
				Term string `xml:"term,attr"`
			} `xml:"http://arxiv.org/schemas/atom primary_category"`
		} `xml:"http://www.w3.org/2005/Atom entry"`
	}
	if err := xml.Unmarshal(body, &feed); err != nil {
		t.Fatal(err)
	}
	for _, e := range feed.Entries {
		_, id, _ := strings.Cut(e.ID, "arxiv.org/abs/")
		base, version, _ := strings.Cut(id, "v")
		f := facts{
			ID: "arxiv:" + paper.ID(base), Version: version, Published: e.Published,
			Title:   strings.Join(strings.FieldsFunc(e.Title, blank), " "),
			Authors: len(e.Authors), Primary: e.Primary.Term,
		}
		for _, c := range e.Categories {
			if c.Term[0] >= 'a' && c.Term[0] <= 'z' {
				f.Categories++
			}
		}
		all = append(all, f)
	}
	return all
}

// blank also counts the control characters that a few real titles have.
func blank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

func factsOf(t *testing.T, e entry) facts {
	t.Helper()
	p, err := e.paper()
	if err != nil {
		t.Fatal(err)
	}
	sourcetest.CheckPaper(t, name, p)
	_, version, _ := strings.Cut(e.ID[strings.LastIndex(e.ID, "/"):], "v")
	return facts{
		ID: p.ID, Version: version, Title: p.Title, Published: p.Published.Format("2006-01-02T15:04:05Z"),
		Authors: p.AuthorCount, Categories: len(p.Categories), Primary: p.Categories[0],
	}
}

func TestRealAnswersAreReadAsTheyAre(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sourcetest.Data(t, "arxiv-raw/api"), "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded answers: %v", err)
	}
	start := regexp.MustCompile(`_s(\d+)_`)
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := read(body)
		if strings.Contains(file, "id_abc") {
			if err == nil || err.Error() != "incorrect id format for abc" {
				t.Errorf("%s: %v, want what arXiv says", file, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		var got []facts
		for _, e := range doc.Entries {
			got = append(got, factsOf(t, e))
		}
		if diff := cmp.Diff(plain(t, body), got); diff != "" {
			t.Errorf("%s (-plain +got):\n%s", file, diff)
		}
		if m := start.FindStringSubmatch(file); m != nil && number(m[1]) != doc.Start || doc.Total < len(got) {
			t.Errorf("%s: start %d of %d", file, doc.Start, doc.Total)
		}
	}
}

func TestRealFeedsAreReadAsTheyAre(t *testing.T) {
	folder := sourcetest.Data(t, "arxiv-raw/feeds")
	for file, want := range map[string]struct {
		day   date.Date
		kinds string
	}{
		"atom_cs.AI_2025-08-20_reduced.xml":                    {date.New(2025, 8, 20), "cross cross cross cross cross new new"},
		"rss_cs.LG+cs.AI+cs.CL+stat.ML_2026-09-24_reduced.xml": {date.New(2026, 9, 24), "new new cross replace"},
		"rss_cs_weekend_empty_2025-04-27.xml":                  {date.New(2025, 4, 27), ""},
	} {
		body, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := read(body)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		papers, problems := announced(doc, want.day.AddDays(3))
		var kinds, ids []string
		for _, p := range papers {
			sourcetest.CheckPaper(t, name, p)
			kinds = append(kinds, string(p.Sightings[0].Kind))
			ids = append(ids, "oai:arXiv.org:"+p.ID.Value())
			if p.Sightings[0].Day != want.day || p.Version == 0 || len(p.Authors) == 0 || p.Abstract == "" || strings.Contains(p.Abstract, "Announce Type") {
				t.Errorf("%s: %+v, want day %s, a version, authors and an abstract", file, p, want.day)
			}
		}
		if got := strings.Join(kinds, " "); got != want.kinds || len(problems) > 0 {
			t.Errorf("%s: kinds %s, problems %v, want %s", file, got, problems, want.kinds)
		}
		plainly := regexp.MustCompile(`(oai:arXiv\.org:[\d.]+)v\d`).FindAllSubmatch(body, -1)
		for i, m := range plainly {
			if string(m[1]) != ids[i] {
				t.Errorf("%s: entry %d is %s, want %s", file, i, ids[i], m[1])
			}
		}
	}
}

// Daily Papers lists a paper when it is on arXiv, at the earliest.
func TestNoRealPaperIsListedBeforeItsAnnouncement(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sourcetest.Data(t, "huggingface-raw"), "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded lists: %v", err)
	}
	papers, early, same := 0, 0, 0
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var list []struct {
			Paper struct{ ID, PublishedAt string }
		}
		if err := json.Unmarshal(body, &list); err != nil {
			t.Fatal(err)
		}
		listed := strings.TrimSuffix(filepath.Base(file), ".json")
		for _, e := range list {
			at := moment(e.Paper.PublishedAt)
			if at.Equal(at.Truncate(24 * time.Hour)) {
				continue // only the day is known
			}
			papers++
			switch strings.Compare(Announced(at).String(), listed) {
			case 0:
				same++
			case 1:
				early++
				t.Logf("%s, submitted %s: listed %s but announced %s", e.Paper.ID, at, listed, Announced(at))
			}
		}
	}
	if early*100 > papers || same*3 < papers {
		t.Errorf("of %d papers %d were listed before and %d on the day we take for their announcement", papers, early, same)
	}
}
