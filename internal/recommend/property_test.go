package recommend

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// somePapers are random papers over few words, so that they meet.
func somePapers(r *rand.Rand) (papers []paper.Paper) {
	words := []string{"sparse", "experts", "routing", "video", "diffusion", "robots", "language", "models", "scaling", "2", "π"}
	some := func(from []string, most int) (list []string) {
		for range r.IntN(most + 1) {
			list = append(list, from[r.IntN(len(from))])
		}
		return list
	}
	for i := range r.IntN(120) {
		p := paper.Paper{ID: paper.ID(fmt.Sprintf("arxiv:%03d", i)), Keywords: some(words, 3), Authors: some([]string{"Ada King", "Bob Stone", "Eve Hill"}, 2),
			Categories: some([]string{"cs.LG", "cs.CL"}, 2)}
		for _, w := range some(words, 7) {
			p.Title += w + " "
		}
		for _, source := range some([]string{"arxiv", "huggingface", team.SourceName, "blog"}, 3) {
			kind := []paper.Kind{paper.New, paper.Cross, paper.Replace, paper.Listed}[r.IntN(4)]
			p.Sightings = append(p.Sightings, paper.Sighting{Source: source, Kind: kind, Day: ago(r.IntN(12) - 1), Votes: max(0, r.IntN(90)-40)})
		}
		papers = append(papers, p)
	}
	return papers
}

// someWant is a random pool and what a channel asks of it.
func someWant(seed uint64) (*Pool, Want) {
	r := rand.New(rand.NewPCG(seed, 7))
	p := NewPool(somePapers(r))
	w := Want{Day: today, From: ago(r.IntN(12)), To: ago(r.IntN(2)), Count: r.IntN(7), MinVotes: r.IntN(3) * r.IntN(20), NoCross: r.IntN(2) == 0,
		Replaced: r.IntN(2) == 0, Shown: make(map[paper.ID]bool), Team: Team{Votes: make(map[paper.ID]int), Fans: map[string]int{"ada king": r.IntN(5)}}}
	if r.IntN(3) == 0 {
		w.Sources = []string{"arxiv", "huggingface"}
	}
	for i := range p.Len() {
		if r.IntN(8) == 0 {
			w.Shown[p.Paper(i).ID] = true
		}
		if r.IntN(8) == 0 {
			w.Team.Votes[p.Paper(i).ID] = r.IntN(4)
		}
	}
	for n := range r.IntN(4) {
		t := Topic{Query: fmt.Sprint("topic ", n), Since: ago(r.IntN(15))}
		for range r.IntN(60) {
			t.Hits = append(t.Hits, Hit{r.IntN(p.Len()+2) - 1, float64(r.IntN(9))})
		}
		if r.IntN(6) == 0 {
			t = Topic{Query: team.Everything, Since: t.Since}
		}
		w.Topics = append(w.Topics, t)
	}
	return p, w
}

func TestPicksKeepTheRules(t *testing.T) {
	picked := 0
	for seed := range uint64(600) {
		p, w := someWant(seed)
		picks, ranked, sifted := p.Choose(w, Weigh), p.Rank(w, Weigh), p.Sift(w)
		if len(picks) > w.Count {
			t.Fatalf("seed %d: %d picks of %d asked for", seed, len(picks), w.Count)
		}
		picked += len(picks)
		groups := make(map[int32]bool)
		for _, pick := range picks {
			g := p.group[pick.Index]
			switch {
			case p.Judge(w, pick.Index) != Passes:
				t.Fatalf("seed %d: %s is picked and judged as %q", seed, pick.Paper, p.Judge(w, pick.Index))
			case w.Shown[pick.Paper]:
				t.Fatalf("seed %d: %s is picked and was shown", seed, pick.Paper)
			case groups[g] && g != alone:
				t.Fatalf("seed %d: %s is picked beside one much the same", seed, pick.Paper)
			case len(pick.Reasons) == 0 || Why(pick.Reasons, label).String() == "":
				t.Fatalf("seed %d: %s is picked for no reason", seed, pick.Paper)
			case p.Paper(pick.Index).ID != pick.Paper:
				t.Fatalf("seed %d: %s is not at index %d", seed, pick.Paper, pick.Index)
			}
			groups[g] = true
		}
		checkSifted(t, p, w, sifted, len(ranked))
	}
	if picked < 400 {
		t.Errorf("only %d picks: this test tests nothing", picked)
	}
}

// checkSifted compares with judging one paper after the other.
func checkSifted(t *testing.T, p *Pool, w Want, got Sifted, ranked int) {
	t.Helper()
	var want Sifted
	for i := range p.Len() {
		switch v := p.Judge(w, i); v {
		case Unlisted:
		case Passes:
			want.Listed++
			want.Passed++
		default:
			want.Listed++
			want.Removed[v]++
		}
	}
	if got != want || ranked != got.Passed {
		t.Fatalf("sifted to %+v, judged %+v, ranked %d, by %+v", got, want, ranked, w)
	}
}

func TestSameInputSamePicks(t *testing.T) {
	for seed := range uint64(150) {
		p, w := someWant(seed)
		want := p.Choose(w, Weigh)
		r := rand.New(rand.NewPCG(seed, 8))
		shuffle := rand.New(rand.NewPCG(seed, 7))
		papers := somePapers(shuffle)
		r.Shuffle(len(papers), func(i, j int) { papers[i], papers[j] = papers[j], papers[i] })
		for _, topic := range w.Topics {
			h := topic.Hits
			r.Shuffle(len(h), func(i, j int) { h[i], h[j] = h[j], h[i] })
		}
		for range 2 {
			if got := NewPool(papers).Choose(w, Weigh); !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d: picks\n%+v, shuffled\n%+v", seed, want, got)
			}
		}
	}
}

// TestChannelsShareThePool: work that one choice leaves behind is none for the next.
func TestChannelsShareThePool(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	var papers []paper.Paper
	for len(papers) < 50 {
		papers = somePapers(r)
	}
	p := NewPool(papers)
	var wants []Want
	var alone [][]Pick
	for seed := range uint64(60) {
		_, w := someWant(seed)
		wants = append(wants, w)
		alone = append(alone, NewPool(papers).Choose(w, Weigh))
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for i, w := range wants {
				p.Sift(w)
				if got := p.Choose(w, Weigh); !slices.EqualFunc(got, alone[i], func(a, b Pick) bool { return reflect.DeepEqual(a, b) }) {
					t.Errorf("want %d: picks %q beside others, %q alone", i, idsOf(got), idsOf(alone[i]))
				}
			}
		})
	}
	wait.Wait()
}
