package recommend

import (
	"testing"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

func TestReasonText(t *testing.T) {
	for _, c := range []struct {
		reason Reason
		want   string
	}{
		{Reason{Kind: Matches, Topics: []string{"mixture of experts"}}, "matches mixture of experts"},
		{Reason{Kind: Matches, Topics: []string{"moe", "llm"}}, "matches moe and llm"},
		{Reason{Kind: Matches, Topics: []string{"moe", "llm", "rl"}}, "matches moe, llm and 1 more topic"},
		{Reason{Kind: Matches, Topics: []string{"moe", "llm", "rl", "tts"}}, "matches moe, llm and 2 more topics"},
		{Reason{Kind: Upvotes, Count: 162, Source: "huggingface"}, "162 upvotes on Hugging Face"},
		{Reason{Kind: Upvotes, Count: 1, Source: "huggingface"}, "1 upvote on Hugging Face"},
		{Reason{Kind: Upvotes, Count: 12345, Source: "https://a.example/feed"}, "12,345 upvotes on https://a.example/feed"},
		{Reason{Kind: TeamVotes, Count: 3}, "3 votes here"},
		{Reason{Kind: TeamVotes, Count: 1}, "1 vote here"},
		{Reason{Kind: Fans, Count: 4, Author: "Noam Shazeer"}, "4 of you liked papers by Noam Shazeer"},
		{Reason{Kind: Fans, Count: 1, Author: "Noam Shazeer"}, "one of you liked papers by Noam Shazeer"},
		{Reason{Kind: Listing, Source: "arxiv", Sort: paper.New}, "new on arXiv"},
		{Reason{Kind: Listing, Source: "arxiv", Sort: paper.Cross}, "cross-listed on arXiv"},
		{Reason{Kind: Listing, Source: "arxiv", Sort: paper.Replace}, "new version on arXiv"},
		{Reason{Kind: Listing, Source: "huggingface"}, "listed on Hugging Face"},
		{Reason{Kind: Listing, Source: team.SourceName}, "shared by one of you"},
	} {
		if got := c.reason.Text(label).String(); got != c.want {
			t.Errorf("%+v says %q, want %q", c.reason, got, c.want)
		}
	}
	if got := (Reason{Kind: Upvotes, Count: 2, Source: "arxiv"}).Text(nil).String(); got != "2 upvotes on arxiv" {
		t.Errorf("without labels: %q", got)
	}
}

func TestMatchedTopicIsSetApart(t *testing.T) {
	got := Reason{Kind: Matches, Topics: []string{"<b>moe"}}.Text(label)
	if len(got) != 2 || got[1] != (chat.Span{Text: "<b>moe", Style: chat.Italic}) {
		t.Errorf("got %+v", got)
	}
}

// TestEveryPickHasItsReasons tells them as people see them.
func TestEveryPickHasItsReasons(t *testing.T) {
	on := func(kind paper.Kind) []paper.Sighting {
		return []paper.Sighting{{Source: "arxiv", Kind: kind, Day: ago(1)}}
	}
	moe := Topic{Query: "mixture of experts", Hits: []Hit{{0, 7}}}
	all := Topic{Query: team.Everything}
	fans := Team{Fans: map[string]int{AuthorKey("SHAZEER, Noam"): 4, AuthorKey("Ada King"): 2}}
	for _, c := range []struct {
		name   string
		paper  paper.Paper
		topics []Topic
		team   Team
		want   string
	}{
		{"nothing but a list", paper.Paper{Sightings: on(paper.New)}, []Topic{all}, Team{}, "new on arXiv"},
		{"a cross-list", paper.Paper{Sightings: on(paper.Cross)}, []Topic{all}, Team{}, "cross-listed on arXiv"},
		{"a topic", paper.Paper{Sightings: on(paper.New)}, []Topic{moe}, Team{}, "matches mixture of experts"},
		{"a topic beside everything", paper.Paper{Sightings: on(paper.New)}, []Topic{all, moe}, Team{}, "matches mixture of experts"},
		{"a topic that is not followed yet", paper.Paper{Sightings: on(paper.New)},
			[]Topic{all, {Query: "later", Hits: moe.Hits, Since: today}}, Team{}, "new on arXiv"},
		{"several topics", paper.Paper{Sightings: on(paper.New)},
			[]Topic{{Query: "weak", Hits: []Hit{{0, 1}, {1, 9}}}, moe}, Team{}, "matches mixture of experts and weak"},
		{"one topic twice", paper.Paper{Sightings: on(paper.New)}, []Topic{moe, moe}, Team{}, "matches mixture of experts"},
		{"a new version", paper.Paper{Sightings: on(paper.Replace)}, []Topic{moe}, Team{}, "matches mixture of experts · new version on arXiv"},
		{"votes", paper.Paper{Sightings: append(on(paper.New), paper.Sighting{Source: "huggingface", Votes: 162})}, []Topic{moe}, Team{},
			"matches mixture of experts · 162 upvotes on Hugging Face"},
		{"hardly a vote", paper.Paper{Sightings: append(on(paper.New), paper.Sighting{Source: "huggingface", Votes: 1})}, []Topic{moe}, Team{},
			"matches mixture of experts"},
		{"hardly a vote, but nothing else", paper.Paper{Sightings: append(on(paper.New), paper.Sighting{Source: "huggingface", Votes: 1})}, []Topic{all}, Team{},
			"1 upvote on Hugging Face"},
		{"the team's votes", paper.Paper{Sightings: on(paper.New)}, []Topic{moe}, Team{Votes: map[paper.ID]int{"x": 3}},
			"matches mixture of experts · 3 votes here"},
		{"an author", paper.Paper{Authors: []string{"Ada  King", "Noam Shazeer"}, Sightings: on(paper.New)}, []Topic{all}, fans,
			"4 of you liked papers by Noam Shazeer"},
		{"other authors", paper.Paper{Authors: []string{"Ada B. King"}, Sightings: on(paper.New)}, []Topic{all}, fans, "new on arXiv"},
		{"the three that count most", paper.Paper{Authors: []string{"Ada King"},
			Sightings: append(on(paper.New), paper.Sighting{Source: "huggingface", Votes: 90})}, []Topic{moe},
			Team{Fans: fans.Fans, Votes: map[paper.ID]int{"x": 5}}, "matches mixture of experts · 5 votes here · 90 upvotes on Hugging Face"},
	} {
		c.paper.ID, c.paper.Title = "x", "A Study"
		p := NewPool([]paper.Paper{c.paper, {ID: "y", Title: "Another"}})
		w := everything(3)
		w.Topics, w.Team, w.Replaced = c.topics, c.team, true
		picks := p.Choose(w, Weigh)
		if len(picks) != 1 {
			t.Errorf("%s: %d picks", c.name, len(picks))
			continue
		}
		if got := Why(picks[0].Reasons, label).String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestReasonsFollowTheModel: what a taught model makes little of is said last.
func TestReasonsFollowTheModel(t *testing.T) {
	p := NewPool([]paper.Paper{listed("x", "A Study", 50, 0)})
	w := everything(1)
	w.Topics = []Topic{{Query: "moe", Hits: []Hit{{0, 1}}}}
	crowd := func(f Features) float64 { return 0.9*f.Votes + 0.1*f.Topic }
	if got := Why(p.Choose(w, crowd)[0].Reasons, label).String(); got != "50 upvotes on Hugging Face · matches moe" {
		t.Errorf("got %q", got)
	}
}
