package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
)

// samples are made-up papers.
func samples() []paper.Paper {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 9, 0, 0, 0, time.UTC) }
	return []paper.Paper{
		{ID: "a:moe", Title: "MoE at Scale", Abstract: "Routing tokens is hard. We route them.", Authors: []string{"Yann LeCun", "Ada King"},
			Categories: []string{"cs.LG"}, Published: day(2024, 3, 5), Sightings: []paper.Sighting{{Source: "arxiv", Votes: 2}}},
		{ID: "b:mix", Title: "Sparse Layers", Abstract: "We study the Mixture-of-Experts layer.", Authors: []string{"Rabab K. Ward"},
			Categories: []string{"cs.CL", "cs.LG"}, Published: day(2025, 1, 1), Sightings: []paper.Sighting{{Source: "huggingface", Votes: 7}}},
		{ID: "c:exp", Title: "Experts Disagree", Abstract: "A mixture was made by experts.", Authors: []string{"Ada LeCun"},
			Categories: []string{"stat.ML"}, Published: day(2023, 12, 31), Sightings: []paper.Sighting{{Source: "arxiv"}}},
		{ID: "d:pre", Title: "Pre-training Without Tears", Abstract: "Pretraining data, GPT-4o and Llama-3.1-8B.", Authors: []string{"José Núñez"},
			Categories: []string{"cs.CL"}, Sightings: []paper.Sighting{{Source: "acl", Day: date.New(2024, 6, 1), Votes: 1}}},
		{ID: "e:tex", Title: `PanGu-$\pi$: An $O(n \log n)$ Method`, Abstract: "Written in C++. 混合专家模型。", Authors: []string{"Wei Wang"},
			Categories: []string{"cs.AI"}},
		{ID: "f:sur", Title: "A Survey of Mixture of Experts", Summary: "Everything about routing.", Keywords: []string{"expert routing"},
			Published: day(2024, 3, 1)},
	}
}

func ids(res Results) string {
	var list []string
	for _, h := range res.Hits {
		list = append(list, string(h.ID[:1]))
	}
	return strings.Join(list, "")
}

func TestSearchFinds(t *testing.T) {
	ix := New()
	ix.Put(samples(), 1)
	team := map[paper.ID]int{"a:moe": 5, "e:tex": 3, "x:unknown": 9}
	for text, want := range map[string]string{
		"":                            "",
		"mixture experts":             "fcba", // a says it otherwise
		`"mixture of experts"`:        "fb",
		`"experts mixture"`:           "",
		"moe":                         "afb",
		"moe -survey":                 "ab",
		`moe -"at scale"`:             "fb",
		"tears OR disagree":           "cd",
		"title:experts":               "cf",
		`title:"of experts"`:          "f",
		"lecun":                       "ca",
		"author:lecun":                "ac",
		`author:"Yann LeCun"`:         "a",
		`author:"LeCun, Yann"`:        "a",
		`author:"Rabab Ward"`:         "b",
		`author:"LeCun Ada"`:          "",
		`author:"Yann King"`:          "",
		"author:nunez":                "d",
		"-author:lecun":               "bdfe",
		"cat:cs":                      "bdae",
		"cat:CS.lg":                   "ba",
		"-cat:cs":                     "fc",
		"cat:c":                       "",
		"source:arxiv":                "ac",
		"source:arxiv OR source:acl":  "dac",
		"since:2024-03":               "bdaf",
		"since:2024-03-05":            "bda",
		"before:2024":                 "c",
		"before:2024-03-05":           "fc",
		"since:2024-03 before:2024-4": "af",
		"votes:3":                     "bae",
		"votes:3 sort:votes":          "bae",
		"-votes:3":                    "dfc",
		"cat:cs sort:votes":           "baed",
		"routing sort:new":            "af",
		"pretraining":                 "d",
		"pre-training":                "d",
		"pre training":                "d",
		`"pre training without"`:      "d",
		"gpt4o":                       "d",
		"GPT-4o":                      "d",
		"llama-3.1-8b":                "d",
		"llama 8b":                    "d",
		"pangu-π":                     "e",
		"O(n log n)":                  "e",
		"c++":                         "e",
		"专家":                          "e",
		"专家模型":                        "e",
		"模":                           "e",
		"disagr*":                     "c",
		"the":                         "b",
		"cs.CL":                       "bd",
	} {
		if res := ix.Search(Parse(text), Options{Limit: 10, TeamVotes: team, NoPrior: true}); ids(res) != want || res.Total != len(want) {
			t.Errorf("%q finds %q, %d in all, want %q; notes %q", text, ids(res), res.Total, want, res.Notes)
		}
	}
}

func TestMatchedSaysWhy(t *testing.T) {
	ix := New()
	ix.Put(samples(), 1)
	for _, c := range []struct {
		text string
		id   paper.ID
		want string
	}{
		{"moe", "a:moe", "moe"},
		{"moe", "b:mix", "mixture of experts (MoE)"},
		{"mixture of experts", "a:moe", "mixture of experts (MoE)"},
		{`routing "at scale" cat:cs`, "a:moe", "routing; at scale"},
		{"author:lecun rout* since:2020", "a:moe", "lecun; rout*"},
		{"routing tears", "f:sur", "routing"},
	} {
		res := ix.Search(Parse(c.text), Options{Limit: 10})
		i := slices.IndexFunc(res.Hits, func(h Hit) bool { return h.ID == c.id })
		if i < 0 {
			t.Errorf("%q does not find %s", c.text, c.id)
		} else if got := strings.Join(res.Hits[i].Matched, "; "); got != c.want {
			t.Errorf("%q finds %s for %q, want %q", c.text, c.id, got, c.want)
		}
	}
}

func TestFewHitsRelaxTheSearch(t *testing.T) {
	ix := New()
	var papers []paper.Paper
	for i, title := range []string{"red green blue", "red green", "red green", "green blue", "red", "red", "yellow yellow red", "blue and green"} {
		papers = append(papers, paper.Paper{ID: paper.ID(fmt.Sprint(i)), Title: title})
	}
	ix.Put(papers, 1)
	for _, c := range []struct{ text, want, note string }{
		{"red green blue", "03712", "Only one paper has all of these words; papers with most of them follow."},
		{"yellow blue", "6307", "No paper has all of these words; showing papers with some of them."},
		{"red purple", "012456", `No paper has "purple"; showing papers with the other word.`},
		{"red", "456012", ""},
		{`red "blue green"`, "", `No paper has "blue green".`},
		{"purple", "", ""},
		{"red -green", "456", ""},
	} {
		res := ix.Search(Parse(c.text), Options{Limit: 10})
		got := ids(res)
		if c.text == "red purple" || c.text == "red" {
			b := []byte(got)
			slices.Sort(b)
			got, c.want = string(b), "012456"
		}
		if note := strings.Join(res.Notes, " "); got != c.want || note != c.note {
			t.Errorf("%q finds %q with note %q, want %q with %q", c.text, got, note, c.want, c.note)
		}
	}
}

func TestPagesFollowOneAnother(t *testing.T) {
	ix := New()
	var papers []paper.Paper
	for i := range 50 {
		papers = append(papers, paper.Paper{ID: paper.ID(fmt.Sprintf("p%02d", i)), Title: "Same", Published: time.Unix(int64(i/3)*60, 0)})
	}
	ix.Put(papers, 1)
	whole := ix.Search(Parse("same"), Options{Limit: 100})
	for limit := range 12 {
		var got []Hit
		for from := 0; from < 60; from += max(limit, 1) {
			res := ix.Search(Parse("same"), Options{Offset: from, Limit: limit})
			if got = append(got, res.Hits...); res.Total != 50 {
				t.Errorf("from %d: %d papers in all, want 50", from, res.Total)
			}
		}
		want := len(whole.Hits)
		if limit == 0 {
			want = 0
		}
		if len(got) != want || want > 0 && !slices.EqualFunc(got, whole.Hits, func(a, b Hit) bool { return a.ID == b.ID }) {
			t.Errorf("pages of %d give %d hits in another order than all at once", limit, len(got))
		}
	}
	if first := whole.Hits[0].ID; first != "p48" {
		t.Errorf("the first of equals is %s, want the newest with the least ID, p48", first)
	}
}

func TestPutReplacesAPaper(t *testing.T) {
	ix := New()
	ix.Put(samples(), 1)
	p := samples()[0]
	p.Title, p.Abstract = "Zebra", "Stripes."
	ix.Put([]paper.Paper{{ID: p.ID, Title: "Okapi"}, p}, 7)
	for text, want := range map[string]string{"zebra": "a", "okapi": "", "tokens": "", "author:lecun": "ac", "cat:cs.LG": "ba"} {
		if res := ix.Search(Parse(text), Options{Limit: 10}); ids(res) != want {
			t.Errorf("after a change %q finds %q, want %q", text, ids(res), want)
		}
	}
	if ix.Len() != 6 || ix.Upto() != 7 {
		t.Errorf("%d papers up to %d, want 6 up to 7", ix.Len(), ix.Upto())
	}
}

func TestHugePapersAreCut(t *testing.T) {
	huge := strings.Repeat("word (", 2_000_000)
	lines := slices.Repeat([]string{"Ada King of some long name that goes on and on"}, 50_000)
	ix := New()
	ix.Put([]paper.Paper{
		{ID: "a", Title: huge, Abstract: huge, Summary: huge, Authors: lines, Categories: lines, Keywords: lines},
		{ID: "b", Title: "\xff\x00\u202e", Abstract: strings.Repeat("x", 1_000_000), Authors: []string{"", "King"}},
	}, 1)
	for text, want := range map[string]string{"word": "a", "author:king": "ab", `"word word"`: "a", "x*": ""} {
		if got := ids(ix.Search(Parse(text), Options{Limit: 10})); got != want {
			t.Errorf("%q finds %q, want %q", text, got, want)
		}
	}
	if size := len(ix.now.Load().parts[0].posts); size > 2_000_000 {
		t.Errorf("the postings take %d bytes", size)
	}
}

func TestPapersTeachAcronyms(t *testing.T) {
	ix := New()
	papers := []paper.Paper{{ID: "z:long", Title: "On Zigzag Quantum Widgets"}, {ID: "y:short", Title: "ZQW in Practice"}}
	for i := range minExplained {
		papers = append(papers, paper.Paper{ID: paper.ID(fmt.Sprint(i)), Abstract: "About zigzag quantum widgets (ZQWs)."})
	}
	ix.Put(papers[:len(papers)-1], 1)
	if got := ids(ix.Search(Parse("zqw"), Options{Limit: 10})); strings.Contains(got, "z") {
		t.Errorf("two papers that explain it are enough to find %q", got)
	}
	ix.Put(papers[len(papers)-1:], 2)
	res := ix.Search(Parse("zqw"), Options{Limit: 10})
	if got := ids(res); len(got) != 5 || !strings.Contains(got, "z") {
		t.Errorf("zqw finds %q, want all 5 papers", got)
	}
	if spans := res.Query.Highlight("On Zigzag Quantum Widgets"); !slices.Equal(spans, []Span{{3, 25}}) {
		t.Errorf("the long form is marked at %v, want 3 to 25", spans)
	}
	if got := ids(ix.Search(Parse("zigzag quantum widgets"), Options{Limit: 10})); !strings.Contains(got, "y") {
		t.Errorf("the long form finds %q, want the paper with the short one too", got)
	}
}

func TestSimilarSharesRareWords(t *testing.T) {
	ix := New()
	var papers []paper.Paper
	for i := range 100 {
		papers = append(papers, paper.Paper{ID: paper.ID(fmt.Sprint("n", i)), Title: fmt.Sprintf("A common study of thing%d", i)})
	}
	papers[10].Abstract = "Quokka habitats and marsupials."
	papers[20].Abstract = "The marsupial quokka."
	papers[30].Abstract = "A quokka."
	ix.Put(papers, 1)
	hits := ix.Similar(papers[10], 5)
	if len(hits) != 2 || hits[0].ID != "n20" || hits[1].ID != "n30" {
		t.Fatalf("similar to n10: %v, want n20 and n30", hits)
	}
	if got := strings.Join(hits[0].Matched, " "); got != "Quokka marsupials" && got != "marsupials Quokka" {
		t.Errorf("shared words %q, want quokka and marsupials as the paper writes them", got)
	}
	if hits := ix.Similar(paper.Paper{ID: "elsewhere", Title: "Quokka"}, 1); len(hits) != 1 || hits[0].ID != "n30" {
		t.Errorf("similar to a paper from elsewhere: %v, want n30 alone", hits)
	}
}

func TestPanicsSideBySideReachTheCaller(t *testing.T) {
	for culprit := range 3 {
		done := make([]bool, 3)
		fault := func() (fault any) {
			defer func() { fault = recover() }()
			sideBySide(3, func(i int) {
				if i == culprit {
					panic("broken")
				}
				done[i] = true
			})
			return nil
		}()
		done[culprit] = true
		if fault != "broken" || slices.Contains(done, false) {
			t.Errorf("when piece %d panics, done are %v and the caller gets %v", culprit, done, fault)
		}
	}
}
