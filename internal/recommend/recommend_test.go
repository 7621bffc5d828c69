package recommend

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// today is the day of all tests; ago is days before it.
var today = date.New(2026, 3, 20)

func ago(days int) date.Date { return today.AddDays(-days) }

// listed makes a paper that Hugging Face listed.
func listed(id, title string, votes, daysAgo int) paper.Paper {
	return paper.Paper{ID: paper.ID(id), Title: title,
		Sightings: []paper.Sighting{{Source: "huggingface", Day: ago(daysAgo), Votes: votes}}}
}

// everything wants up to n of all papers of the last four weeks.
func everything(n int) Want {
	return Want{Day: today, From: ago(28), To: today, Count: n, Topics: []Topic{{Query: team.Everything}}}
}

// hits finds papers by ID, each with the score beside it.
func hits(p *Pool, scores map[paper.ID]float64) (list []Hit) {
	for id, score := range scores {
		i, _ := p.Find(id)
		list = append(list, Hit{i, score})
	}
	return list
}

func idsOf(picks []Pick) string {
	var ids []string
	for _, p := range picks {
		ids = append(ids, string(p.Paper))
	}
	return strings.Join(ids, " ")
}

func label(source string) string {
	return map[string]string{"huggingface": "Hugging Face", "arxiv": "arXiv"}[source]
}

func TestChooseTakesTheBest(t *testing.T) {
	papers := []paper.Paper{
		listed("a", "Sparse Experts Route Tokens", 40, 0),
		listed("b", "Diffusion for Weather", 10, 0),
		listed("c", "Proteins Folding Twice", 0, 0),
		listed("d", "Robots That Iron Shirts", 150, 9),
		listed("e", "Speech Without Text", 2000, 40),
	}
	p := NewPool(papers)
	for _, c := range []struct {
		name string
		want func(*Want)
		ids  string
	}{
		{"by votes", func(w *Want) {}, "a d b"},
		{"a team's vote outweighs some of strangers", func(w *Want) { w.Team.Votes = map[paper.ID]int{"c": 3} }, "a c d"},
		{"nothing asked for", func(w *Want) { w.Count = 0 }, ""},
		{"less than nothing", func(w *Want) { w.Count = -1 }, ""},
		{"more than there are", func(w *Want) { w.Count = 99 }, "a d b c"},
		{"no topics", func(w *Want) { w.Topics = nil }, ""},
		{"a topic without hits", func(w *Want) { w.Topics = []Topic{{Query: "x"}} }, ""},
		{"hits that are not in the pool", func(w *Want) { w.Topics = []Topic{{Query: "x", Hits: []Hit{{-1, 9}, {5, 1}, {1, 1}}}} }, "b"},
		{"hits without relevance", func(w *Want) { w.Topics = []Topic{{Query: "x", Hits: []Hit{{1, 0}, {2, 0}}}} }, "b c"},
		{"a topic beats votes", func(w *Want) {
			w.Topics = append(w.Topics, Topic{Query: "proteins", Hits: hits(p, map[paper.ID]float64{"c": 4})})
		}, "c a d"},
		{"the better hit", func(w *Want) {
			w.Topics = []Topic{{Query: "x", Hits: hits(p, map[paper.ID]float64{"b": 1, "c": 40})}}
		}, "c b"},
		{"all days", func(w *Want) { w.From = date.Date{}; w.Count = 2 }, "a e"},
		{"no last day", func(w *Want) { w.To = date.Date{} }, ""},
		{"no day, so that nothing is old", func(w *Want) { w.Day = date.Date{} }, "d a b"},
	} {
		w := everything(3)
		c.want(&w)
		if got := idsOf(p.Choose(w, Weigh)); got != c.ids {
			t.Errorf("%s: picks %q, want %q", c.name, got, c.ids)
		}
	}
}

func TestEqualScoresAreInAFixedOrder(t *testing.T) {
	p := NewPool([]paper.Paper{listed("d", "One", 2, 1), listed("c", "Two", 1, 0), listed("a", "Three", 1, 1), listed("b", "Four", 1, 1)})
	same := func(Features) float64 { return 0.5 }
	if got := idsOf(p.Choose(everything(9), same)); got != "d c a b" {
		t.Errorf("picks %q, want by votes, newer first, then by ID: d c a b", got)
	}
}

func TestEmptyPool(t *testing.T) {
	p := NewPool(nil)
	if picks := p.Choose(everything(3), Weigh); len(picks) != 0 || p.Len() != 0 {
		t.Errorf("an empty pool gives %v", picks)
	}
	if n := p.Sift(everything(3)); n != (Sifted{}) {
		t.Errorf("an empty pool is sifted to %+v", n)
	}
}

func TestPoolKeepsNoTexts(t *testing.T) {
	p := NewPool([]paper.Paper{
		{ID: "b", Title: "Two", Abstract: "long", Summary: "short"},
		{ID: "a", Title: "One", Sightings: []paper.Sighting{{Source: "arxiv", Day: ago(2)}}},
		{ID: "a", Title: "One", Sightings: []paper.Sighting{{Source: "huggingface", Day: ago(1), Votes: 3}}},
	})
	if p.Len() != 2 || len(p.Paper(0).Sightings) != 2 {
		t.Errorf("%d papers, %+v; want one of each ID, with all sightings", p.Len(), p.Paper(0))
	}
	if b := p.Paper(1); b.Abstract+b.Summary != "" {
		t.Errorf("the pool keeps %q", b.Abstract+b.Summary)
	}
	if _, ok := p.Find("c"); ok {
		t.Error("finds a paper that is not there")
	}
}

func TestModelDecides(t *testing.T) {
	p := NewPool([]paper.Paper{listed("old", "One Thing", 99, 9), listed("new", "Another Matter", 0, 0)})
	if got := idsOf(p.Choose(everything(2), func(f Features) float64 { return f.Freshness })); got != "new old" {
		t.Errorf("a model of freshness picks %q", got)
	}
	nan := func(f Features) float64 { return (f.Votes - f.Votes) / (f.Votes - f.Votes) }
	if got := p.Choose(everything(2), nan); len(got) != 2 {
		t.Errorf("a model that makes no number picks %q", idsOf(got))
	}
}

func TestRankListsAllThatPass(t *testing.T) {
	p := NewPool([]paper.Paper{listed("a", "Much the Same Title", 9, 0), listed("b", "Much the same title!", 3, 0), listed("c", "Other Things", 1, 0)})
	if got := idsOf(p.Rank(everything(1), Weigh)); got != "a b c" {
		t.Errorf("ranks %q, want a b c", got)
	}
	i, _ := p.Find("a")
	if got := p.Doubles(i); !slices.Equal(got, []int{i + 1}) {
		t.Errorf("doubles of a: %v", got)
	}
}

// TestHostileTitles takes what a source should never have let in.
func TestHostileTitles(t *testing.T) {
	var papers []paper.Paper
	for i, title := range []string{"", "???", "???", strings.Repeat("x", 1e6), strings.Repeat("word ", 1e5), "\xff\xfe", "混合专家模型", strings.Repeat("é", 1e5)} {
		papers = append(papers, paper.Paper{ID: paper.ID(fmt.Sprint(i)), Title: title, DOI: title, Keywords: []string{title}, Authors: []string{title},
			Categories: []string{title}, Sightings: []paper.Sighting{{Source: "\x00", Day: ago(0), Votes: 1 << 40}, {Source: "x", Votes: -9}}})
	}
	for range 3000 {
		papers = append(papers, listed(fmt.Sprint("flood", len(papers)), fmt.Sprintf("Buy cheap watches now at our lovely big shop word%c", 'a'+len(papers)%26), 0, 0))
	}
	w := everything(10)
	w.Team.Fans = map[string]int{"": 9, AuthorKey("???"): 9}
	for _, pick := range NewPool(papers).Choose(w, Weigh) {
		if why := Why(pick.Reasons, nil).String(); why == "" || strings.Contains(why, "liked") {
			t.Errorf("pick %s: %q", pick.Paper, why)
		}
	}
}
