package recommend

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"paperboy/internal/paper"
)

// subjects are titles as a day's list may have them. Filler makes the words that
// all papers share as common as they are in life.
func subjects() []paper.Paper {
	papers := []paper.Paper{
		listed("moe1", "Scaling Sparse Mixture of Experts Language Models", 100, 0),
		listed("moe2", "Routing in Sparse Mixture of Experts", 90, 0),
		listed("moe3", "Mixture of Experts with Balanced Routing for Language Models", 85, 0),
		listed("video", "Long Video Generation with Diffusion Transformers", 60, 0),
		listed("robot", "Learning Dexterous Robot Manipulation from Demonstrations", 50, 0),
		listed("junk", "Counting Paper Clips", 1, 0),
	}
	for i := range 40 {
		papers = append(papers, listed(fmt.Sprint("f", i), fmt.Sprintf("Language Models and Learning with Models number%d topic%d", i, i), 0, 60))
	}
	return papers
}

func TestThreePicksAreNotOneSubject(t *testing.T) {
	p := NewPool(subjects())
	if got := idsOf(p.Choose(everything(3), Weigh)); got != "moe1 video robot" {
		t.Errorf("picks %q, want one paper of each subject", got)
	}
}

// TestVarietyIsNotWorthJunk: rather three on one subject than a paper that nobody
// wants.
func TestVarietyIsNotWorthJunk(t *testing.T) {
	papers := slices.DeleteFunc(subjects(), func(p paper.Paper) bool { return p.ID == "video" || p.ID == "robot" })
	p := NewPool(papers)
	if got := idsOf(p.Choose(everything(3), Weigh)); strings.Contains(got, "junk") || !strings.HasPrefix(got, "moe1") {
		t.Errorf("picks %q, want the good ones although they are alike", got)
	}
}

func TestVarietyServesAllTopics(t *testing.T) {
	p := NewPool([]paper.Paper{
		listed("a1", "Red Apples", 60, 0), listed("a2", "Green Pears", 55, 0), listed("a3", "Yellow Plums", 50, 0), listed("b1", "Steel Bridges", 40, 0),
	})
	w := everything(3)
	w.Topics = []Topic{
		{Query: "fruit", Hits: hits(p, map[paper.ID]float64{"a1": 1, "a2": 1, "a3": 1})},
		{Query: "bridges", Hits: hits(p, map[paper.ID]float64{"b1": 1})},
	}
	if got := idsOf(p.Choose(w, Weigh)); got != "a1 a2 b1" {
		t.Errorf("picks %q, want one of the other topic", got)
	}
}

// TestVarietyHasItsPrice: whatever is left out for variety's sake had less than
// what variety may cost over what was taken.
func TestVarietyHasItsPrice(t *testing.T) {
	for seed := range uint64(200) {
		p, w := someWant(seed)
		ranked, picks := p.Rank(w, Weigh), p.Choose(w, Weigh)
		if len(picks) == 0 {
			continue
		}
		worst := slices.MinFunc(picks, func(a, b Pick) int { return int(1e9 * (a.Score - b.Score)) })
		for _, r := range ranked {
			picked := slices.ContainsFunc(picks, func(q Pick) bool {
				return q.Paper == r.Paper || p.group[q.Index] == p.group[r.Index] && p.group[r.Index] != alone
			})
			if !picked && (1-alikeCosts-repeatCosts)*r.Score > worst.Score+1e-9 {
				t.Fatalf("seed %d: %s with %.3f gave way to %s with %.3f", seed, r.Paper, r.Score, worst.Paper, worst.Score)
			}
		}
	}
}

func TestDoubles(t *testing.T) {
	ada, bob := []string{"Ada King"}, []string{"Bob Stone"}
	for _, c := range []struct {
		name string
		a, b paper.Paper
		same bool
	}{
		{"other case and signs", paper.Paper{Title: "PanGu-$π$: A Model"}, paper.Paper{Title: "PANGU-π – a model"}, true},
		{"accents", paper.Paper{Title: "Naïve Bayes Revisited"}, paper.Paper{Title: "Naive Bayes revisited"}, true},
		{"one DOI", paper.Paper{Title: "One", DOI: "10.1/AB"}, paper.Paper{Title: "Two", DOI: "10.1/ab"}, true},
		{"a word more", paper.Paper{Title: "Scaling Sparse Experts to Trillions of Parameters Efficiently Today"},
			paper.Paper{Title: "Scaling Sparse Experts to Trillions of Parameters Efficiently"}, true},
		{"a word more, other authors", paper.Paper{Title: "Scaling Sparse Experts to Trillions of Parameters Efficiently Today", Authors: ada},
			paper.Paper{Title: "Scaling Sparse Experts to Trillions of Parameters Efficiently", Authors: bob}, false},
		{"a word more, the same author", paper.Paper{Title: "Scaling Sparse Experts to Trillions of Parameters Efficiently Today", Authors: ada},
			paper.Paper{Title: "Scaling Sparse Experts to Trillions of Parameters Efficiently", Authors: ada}, true},
		{"another part", paper.Paper{Title: "Notes on Sparse Experts and Their Many Uses Part 1"},
			paper.Paper{Title: "Notes on Sparse Experts and Their Many Uses Part 2"}, false},
		{"another model of a series", paper.Paper{Title: "Qwen-Image-2.0 Technical Report", Authors: ada},
			paper.Paper{Title: "Qwen-Image-VAE-2.0 Technical Report", Authors: ada}, false},
		{"another subject", paper.Paper{Title: "Learning to Segment Images without Labels"}, paper.Paper{Title: "Learning to Segment Videos without Labels"}, false},
		{"a short title of others", paper.Paper{Title: "Editorial", Authors: ada}, paper.Paper{Title: "Editorial", Authors: bob}, false},
		{"no words", paper.Paper{Title: "???"}, paper.Paper{Title: "!!!"}, false},
	} {
		c.a.ID, c.b.ID = "a", "b"
		if same := len(NewPool([]paper.Paper{c.a, c.b}).Doubles(0)) == 1; same != c.same {
			t.Errorf("%s: much the same is %v, want %v", c.name, same, c.same)
		}
	}
	published := []paper.Paper{{ID: "doi:10.1/ab", Title: "One"}, {ID: "arxiv:1", Title: "Two", DOI: "10.1/AB"}}
	if len(NewPool(published).Doubles(0)) != 1 {
		t.Error("a preprint and the article it names by DOI are two")
	}
}

func TestTheBetterDoubleIsPicked(t *testing.T) {
	p := NewPool([]paper.Paper{listed("a", "Much the Same", 3, 0), listed("b", "Much the same", 9, 0), listed("c", "Something Else", 1, 0)})
	if got := idsOf(p.Choose(everything(3), Weigh)); got != "b c" {
		t.Errorf("picks %q, want b c", got)
	}
}

// TestDoublesDoNotCrowdOutOthers: the shortlist is made after they are gone.
func TestDoublesDoNotCrowdOutOthers(t *testing.T) {
	papers := []paper.Paper{listed("z", "Something Else", 1, 0)}
	for i := range 3 * shortlist {
		papers = append(papers, listed(fmt.Sprint("a", i), "Much the Same Title", 9+i, 0))
	}
	if got := idsOf(NewPool(papers).Choose(everything(3), Weigh)); got != "a149 z" {
		t.Errorf("picks %q, want a149 z", got)
	}
}
