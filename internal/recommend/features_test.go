package recommend

import (
	"math"
	"testing"

	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// only is the features of a single paper for a channel that wants everything.
func only(t *testing.T, p paper.Paper, change func(*Want)) Features {
	t.Helper()
	w := everything(1)
	if change != nil {
		change(&w)
	}
	picks := NewPool([]paper.Paper{p}).Choose(w, Weigh)
	if len(picks) != 1 {
		t.Fatalf("%+v is not picked", p)
	}
	return picks[0].Features
}

// TestVotesCountMoreEarly: as many votes on day one mean more than on day ten.
func TestVotesCountMoreEarly(t *testing.T) {
	for _, votes := range []int{1, 3, 10, 50, 162, 200} {
		before := 2.0
		for age := range 15 {
			f := only(t, listed("x", "A Study", votes, age), nil)
			if f.Votes >= before || f.Votes <= 0 {
				t.Errorf("%d votes count %.3f on day %d, %.3f the day before", votes, f.Votes, age, before)
			}
			before = f.Votes
		}
	}
}

func TestMoreVotesCountMore(t *testing.T) {
	for age := range 12 {
		before := -1.0
		for _, votes := range []int{0, 1, 2, 5, 20, 100, 199} {
			f := only(t, listed("x", "A Study", votes, age), nil)
			if f.Votes <= before || f.Votes > 1 {
				t.Errorf("%d votes count %.3f on day %d, fewer %.3f", votes, f.Votes, age, before)
			}
			before = f.Votes
		}
	}
}

func TestFeatures(t *testing.T) {
	if f := only(t, listed("x", "A Study", 0, 0), nil); f != (Features{Freshness: 1}) {
		t.Errorf("a paper of which nothing is known has %+v", f)
	}
	if f := only(t, listed("x", "A Study", 0, -1), func(w *Want) { w.To = ago(-1) }); f.Freshness != 1 {
		t.Errorf("tomorrow's paper has freshness %v, want 1", f.Freshness)
	}
	f := only(t, listed("x", "A Study", 1<<30, 0), func(w *Want) {
		w.Team = Team{Votes: map[paper.ID]int{"x": 99}}
		w.Topics = []Topic{{Query: "a", Hits: []Hit{{0, 3}}}}
	})
	if f != (Features{Topic: 1, Votes: 1, TeamVotes: 1, Freshness: 1}) {
		t.Errorf("a paper with everything has %+v", f)
	}
}

// TestTopicIsHeldAgainstTheBestHit: also one that does not pass today.
func TestTopicIsHeldAgainstTheBestHit(t *testing.T) {
	p := NewPool([]paper.Paper{listed("a", "One", 0, 0), listed("b", "Two", 0, 99), listed("c", "Three", 0, 0)})
	w := everything(3)
	w.Topics = []Topic{{Query: "x", Hits: []Hit{{0, 2}, {1, 8}}}, {Query: "y", Hits: []Hit{{2, 0.1}}}, {Query: team.Everything}}
	picks := p.Choose(w, Weigh)
	if got := idsOf(picks); got != "c a" {
		t.Fatalf("picks %q, want c a", got)
	}
	if a, c := picks[1].Features.Topic, picks[0].Features.Topic; math.Abs(a-(leastFit+1)/2) > 1e-9 || c != 1 {
		t.Errorf("topic features %v and %v, want halfway above the least fit, and 1", a, c)
	}
}

// TestAgeIsThatOfTheFirstListThatCounts: what counts is the first list in the period.
func TestAgeIsThatOfTheFirstListThatCounts(t *testing.T) {
	p := paper.Paper{ID: "x", Title: "A Study", Sightings: []paper.Sighting{
		{Source: "arxiv", Kind: paper.Cross, Day: ago(40)}, {Source: "arxiv", Kind: paper.New, Day: ago(5)}, {Source: "huggingface", Day: ago(2)}}}
	if f := only(t, p, nil); f.Freshness != 0.5 {
		t.Errorf("freshness %v, want that of five days", f.Freshness)
	}
	if f := only(t, p, func(w *Want) { w.Sources = []string{"huggingface"} }); f.Freshness <= 0.5 {
		t.Errorf("freshness %v, want that of two days", f.Freshness)
	}
}

func TestAuthorKey(t *testing.T) {
	for name, want := range map[string]string{
		"Noam Shazeer": "noam shazeer", "SHAZEER,  Noam": "noam shazeer", "José Núñez": "jose nunez", "Rabab K. Ward": "rabab k ward",
		"Yi-Lin Sung": "yi lin sung", "": "", "***": "", "王伟": "王伟",
	} {
		if got := AuthorKey(name); got != want {
			t.Errorf("AuthorKey(%q) is %q, want %q", name, got, want)
		}
	}
}
