package recommend

import (
	"testing"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

func TestFilters(t *testing.T) {
	sight := func(source string, kind paper.Kind, daysAgo int) paper.Sighting {
		return paper.Sighting{Source: source, Kind: kind, Day: ago(daysAgo)}
	}
	for _, c := range []struct {
		name      string
		sightings []paper.Sighting
		want      func(*Want)
		verdict   Verdict
	}{
		{"listed today", []paper.Sighting{sight("arxiv", paper.New, 0)}, nil, Passes},
		{"on the first day", []paper.Sighting{sight("arxiv", paper.New, 7)}, nil, Passes},
		{"before the first day", []paper.Sighting{sight("arxiv", paper.New, 8)}, nil, Unlisted},
		{"after the last day", []paper.Sighting{sight("arxiv", paper.New, -1)}, nil, Unlisted},
		{"on no known day", []paper.Sighting{{Source: "arxiv"}}, nil, Unlisted},
		{"nowhere", nil, nil, Unlisted},
		{"by another source", []paper.Sighting{sight("arxiv", paper.New, 0)}, func(w *Want) { w.Sources = []string{"huggingface"} }, OtherSource},
		{"by the source", []paper.Sighting{sight("arxiv", paper.New, 0)}, func(w *Want) { w.Sources = []string{"huggingface", "arxiv"} }, Passes},
		{"by the source, but long ago", []paper.Sighting{sight("arxiv", paper.New, 9), sight("huggingface", "", 0)},
			func(w *Want) { w.Sources = []string{"arxiv"} }, OtherSource},
		{"brought by the team", []paper.Sighting{sight(team.SourceName, "", 0)}, nil, OtherSource},
		{"brought by the team, which counts", []paper.Sighting{sight(team.SourceName, "", 0)}, func(w *Want) { w.Sources = []string{team.SourceName} }, Passes},
		{"cross-listed", []paper.Sighting{sight("arxiv", paper.Cross, 0)}, nil, Passes},
		{"only cross-listed", []paper.Sighting{sight("arxiv", paper.Cross, 0)}, func(w *Want) { w.NoCross = true }, OnlyCrossListed},
		{"cross-listed, new last month", []paper.Sighting{sight("arxiv", paper.Cross, 0), sight("arxiv", paper.New, 30)},
			func(w *Want) { w.NoCross = true }, OnlyCrossListed},
		{"cross-listed and new", []paper.Sighting{sight("arxiv", paper.Cross, 0), sight("arxiv", paper.New, 0)}, func(w *Want) { w.NoCross = true }, Passes},
		{"replaced", []paper.Sighting{sight("arxiv", paper.Replace, 0)}, nil, OnlyReplaced},
		{"replaced, which counts", []paper.Sighting{sight("arxiv", paper.Replace, 0)}, func(w *Want) { w.Replaced = true }, Passes},
		{"shown", []paper.Sighting{sight("arxiv", paper.New, 0)}, func(w *Want) { w.Shown = map[paper.ID]bool{"x": true} }, Shown},
		{"not shown", []paper.Sighting{sight("arxiv", paper.New, 0)}, func(w *Want) { w.Shown = map[paper.ID]bool{"x": false, "y": true} }, Passes},
		{"its double was shown", []paper.Sighting{sight("arxiv", paper.New, 0)}, func(w *Want) { w.Shown = map[paper.ID]bool{"double": true} }, Shown},
		{"off topic", []paper.Sighting{sight("arxiv", paper.New, 0)}, func(w *Want) { w.Topics[0].Query = "robots" }, OffTopic},
		{"no topic", []paper.Sighting{sight("arxiv", paper.New, 0)}, func(w *Want) { w.Topics = nil }, OffTopic},
		{"on topic", []paper.Sighting{sight("arxiv", paper.New, 0)}, func(w *Want) { w.Topics[0] = Topic{Query: "robots", Hits: []Hit{{1, 1}}} }, Passes},
		{"before the topic was followed", []paper.Sighting{sight("arxiv", paper.New, 3)}, func(w *Want) { w.Topics[0].Since = ago(2) }, OffTopic},
		{"since the topic is followed", []paper.Sighting{sight("arxiv", paper.New, 3)}, func(w *Want) { w.Topics[0].Since = ago(3) }, Passes},
		{"listed again since", []paper.Sighting{sight("arxiv", paper.New, 3), sight("huggingface", "", 0)}, func(w *Want) { w.Topics[0].Since = ago(2) }, Passes},
		{"listed again since, which does not count", []paper.Sighting{sight("arxiv", paper.New, 3), sight("arxiv", paper.Replace, 0)},
			func(w *Want) { w.Topics[0].Since = ago(2) }, OffTopic},
		{"the other topic is older", []paper.Sighting{sight("arxiv", paper.New, 3)}, func(w *Want) {
			w.Topics = []Topic{{Query: team.Everything, Since: today}, {Query: "robots", Hits: []Hit{{1, 1}}, Since: ago(5)}}
		}, Passes},
		{"too few votes", []paper.Sighting{sight("arxiv", paper.New, 0)}, func(w *Want) { w.MinVotes = 1 }, FewVotes},
		{"votes of any source", []paper.Sighting{{Source: "huggingface", Votes: 2}, {Source: "x", Votes: 1}, sight("arxiv", paper.New, 0)},
			func(w *Want) { w.MinVotes = 3 }, FewVotes},
		{"votes of source and team", []paper.Sighting{{Source: "huggingface", Votes: 2}, sight("arxiv", paper.New, 0)},
			func(w *Want) { w.MinVotes = 3; w.Team.Votes = map[paper.ID]int{"x": 1} }, Passes},
		{"the first filter tells", []paper.Sighting{sight("arxiv", paper.Cross, 0)}, func(w *Want) {
			w.NoCross, w.MinVotes, w.Topics, w.Shown = true, 9, nil, map[paper.ID]bool{"x": true}
		}, OnlyCrossListed},
	} {
		p := NewPool([]paper.Paper{
			{ID: "x", Title: "A Study of Things", Sightings: c.sightings},
			{ID: "double", Title: "A study of things."},
		})
		w := everything(3)
		w.From = ago(7)
		if c.want != nil {
			c.want(&w)
		}
		i, _ := p.Find("x")
		if got := p.Judge(w, i); got != c.verdict {
			t.Errorf("%s: judged as %q, want %q", c.name, got, c.verdict)
		}
		want := Sifted{Listed: 1}
		switch c.verdict {
		case Unlisted:
			want.Listed = 0
		case Passes:
			want.Passed = 1
		default:
			want.Removed[c.verdict] = 1
		}
		if got := p.Sift(w); got != want {
			t.Errorf("%s: sifted to %+v, want %+v", c.name, got, want)
		}
		if picked := len(p.Choose(w, Weigh)) == 1; picked != (c.verdict == Passes) {
			t.Errorf("%s: picked %v although it was judged as %q", c.name, picked, c.verdict)
		}
	}
}

func TestDayNumbersAreInOrder(t *testing.T) {
	days := []date.Date{date.New(1, 1, 1), date.New(1969, 12, 31), date.New(1970, 1, 1), date.New(2026, 3, 20), date.New(2400, 2, 29), date.New(9999, 12, 31)}
	for i := range days[1:] {
		if dayNumber(days[i]) >= dayNumber(days[i+1]) {
			t.Errorf("%s is not before %s", days[i], days[i+1])
		}
	}
	if dayNumber(today) != dayNumber(ago(1))+1 {
		t.Error("a day is not one day")
	}
}
