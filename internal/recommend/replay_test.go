package recommend

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/team"
)

// archived is a paper of the archive with what became of it.
type archived struct {
	paper.Paper
	labels []string // keywords that a machine gave it
	later  int      // the votes it got in the end
}

// archive is Daily Papers as they were, votes counted on their first morning.
func archive(t testing.TB) (papers []archived) {
	t.Helper()
	f, err := os.Open(filepath.Join(dataFolder(), "huggingface-daily.jsonl.gz"))
	if err != nil {
		t.Skipf("no archived days to replay (set PAPERBOY_DATA): %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r struct {
			ID, Title, Summary, Date string
			Authors                  any // a list, or now and then one name
			Upvotes                  int
			Later                    int      `json:"upvotes_max"`
			Labels                   []string `json:"ai_keywords"`
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		day, _ := date.Parse(r.Date)
		if day.IsZero() || len(r.Labels) == 0 {
			continue
		}
		for i, l := range r.Labels {
			r.Labels[i] = strings.ToLower(l)
		}
		papers = append(papers, archived{paper.Paper{ID: paper.ID("arxiv:" + r.ID), Title: r.Title, Abstract: r.Summary, Authors: names(r.Authors),
			Sightings: []paper.Sighting{{Source: "huggingface", Day: day, Votes: r.Upvotes}}}, r.Labels, r.Later})
	}
	return papers
}

func names(authors any) (list []string) {
	many, _ := authors.([]any)
	for _, a := range many {
		if name, ok := a.(string); ok {
			list = append(list, name)
		}
	}
	return list
}

// dataFolder is $PAPERBOY_DATA or else ../shared/data beside the repository.
func dataFolder() string {
	if dir := os.Getenv("PAPERBOY_DATA"); dir != "" {
		return dir
	}
	for dir, _ := os.Getwd(); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "..", "shared", "data")
		}
	}
	return ""
}

// simulated is a channel of people whose interests are labels. They follow them
// as searches, and like a paper that has one of them as a label if it turned out
// to be among the better half of its week, two grades if of the best tenth: so
// neither the words alone nor the votes alone tell what they like.
type simulated struct {
	interests []string
	topics    []Topic
	fans      map[string]int
}

// interests are the labels of which there are enough papers, without those that
// are on every other one.
func interests(papers []archived) (labels []string) {
	uses := make(map[string]int)
	for _, p := range papers {
		for _, l := range p.labels {
			uses[l]++
		}
	}
	for l, n := range uses {
		if 25 <= n && n <= 130 {
			labels = append(labels, l)
		}
	}
	slices.Sort(labels)
	return labels
}

// grade is how much people with these interests like a paper.
func (c *simulated) grade(p archived, week []archived) float64 {
	if !slices.ContainsFunc(p.labels, func(l string) bool { return slices.Contains(c.interests, l) }) {
		return 0
	}
	better := 0
	for _, other := range week {
		if other.later > p.later {
			better++
		}
	}
	switch share := float64(better) / float64(len(week)); {
	case share < 0.1:
		return 2
	case share < 0.5:
		return 1
	}
	return 0
}

const replayed = 5 // picks a week

// ranking is a way to pick, with what it reached in all weeks.
type ranking struct {
	name            string
	pick            func(Want) []int
	precision, ndcg float64
}

// rankings are ours, the last, and simpler ones.
func rankings(p *Pool, r *rand.Rand) []*ranking {
	first := func(w Want, by func(Pick) float64) (list []int) {
		picks := p.Rank(w, Weigh)
		slices.SortStableFunc(picks, func(a, b Pick) int { return cmp.Compare(by(b), by(a)) })
		for _, pick := range picks[:min(len(picks), replayed)] {
			list = append(list, pick.Index)
		}
		return list
	}
	of := func(all bool, by func(Pick) float64) func(Want) []int {
		return func(w Want) []int {
			if all {
				w.Topics = []Topic{{Query: team.Everything}}
			}
			return first(w, by)
		}
	}
	random := func(Pick) float64 { return r.Float64() }
	votes := func(q Pick) float64 { return float64(p.votes[q.Index]) }
	return []*ranking{
		{name: "random", pick: of(true, random)},
		{name: "votes only", pick: of(true, votes)},
		{name: "keyword only", pick: of(false, func(q Pick) float64 { return q.Features.Topic })},
		{name: "random of keyword", pick: of(false, random)},
		{name: "votes of keyword", pick: of(false, votes)},
		{name: "score, all alike", pick: of(false, func(q Pick) float64 { return q.Score })},
		{name: "Choose", pick: func(w Want) (list []int) {
			for _, pick := range p.Choose(w, Weigh) {
				list = append(list, pick.Index)
			}
			return list
		}},
	}
}

// TestReplay replays archived weeks for simulated channels and compares with
// simpler ways to pick.
func TestReplay(t *testing.T) {
	papers := archive(t)
	weeks := weeksOf(papers)
	all := make([]paper.Paper, len(papers))
	for i, p := range papers {
		all[i] = p.Paper
	}
	ix, p, r := search.New(), NewPool(all), rand.New(rand.NewPCG(1, 1))
	ix.Put(all, 1)
	ids := make([]paper.ID, p.Len())
	for i := range ids {
		ids[i] = p.Paper(i).ID
	}
	ways := rankings(p, r)
	asked := 0.0
	for _, c := range channels(r, ix.Among(ids), p, interests(papers)) {
		for _, week := range weeks {
			if c.replay(p, week, ways) {
				asked++
			}
		}
	}
	t.Logf("%.0f weeks of channels, %d picks each:\n%-18s %9s %9s", asked, replayed, "", "precision", "nDCG")
	ours := ways[len(ways)-1]
	for _, k := range ways {
		t.Logf("%-18s %9.3f %9.3f", k.name, k.precision/asked, k.ndcg/asked)
	}
	for _, k := range ways[:3] {
		if ours.precision < k.precision || ours.ndcg < k.ndcg {
			t.Errorf("%s is better than what we do", k.name)
		}
	}
}

// replay lets all ways pick for one week, unless there is hardly anything to like
// in it, and lets the channel like what it likes.
func (c *simulated) replay(p *Pool, week []archived, ways []*ranking) bool {
	grades := make(map[paper.ID]float64)
	var ideal []float64
	for _, one := range week {
		grades[one.ID] = c.grade(one, week)
		ideal = append(ideal, grades[one.ID])
	}
	slices.SortFunc(ideal, func(a, b float64) int { return cmp.Compare(b, a) })
	if len(ideal) < replayed || ideal[2] == 0 {
		return false
	}
	first, last := week[0].Sightings[0].Day, week[len(week)-1].Sightings[0].Day
	w := Want{Day: last, From: first, To: last, Count: replayed, Topics: c.topics, Team: Team{Fans: c.fans}}
	for _, k := range ways {
		var got []float64
		for _, i := range k.pick(w) {
			got = append(got, grades[p.Paper(i).ID])
		}
		k.precision += liked(got) / replayed
		k.ndcg += gain(got) / gain(ideal[:replayed])
	}
	c.like(week)
	return true
}

// channels have one to three interests each.
func channels(r *rand.Rand, ix *search.Matcher, p *Pool, labels []string) (list []*simulated) {
	for range 200 {
		c := &simulated{fans: make(map[string]int)}
		for range 1 + r.IntN(3) {
			label := labels[r.IntN(len(labels))]
			topic := Topic{Query: label}
			for _, m := range ix.Match(search.Parse(label), search.Options{}) {
				topic.Hits = append(topic.Hits, Hit(m))
			}
			c.interests, c.topics = append(c.interests, label), append(c.topics, topic)
		}
		list = append(list, c)
	}
	return list
}

// like remembers the authors of what was liked in a week that is over.
func (c *simulated) like(week []archived) {
	for _, p := range week {
		if c.grade(p, week) < 2 {
			continue
		}
		for _, name := range p.Authors {
			c.fans[AuthorKey(name)]++
		}
	}
}

// weeksOf parts papers, which come in the order of their days.
func weeksOf(papers []archived) (weeks [][]archived) {
	slices.SortStableFunc(papers, func(a, b archived) int { return a.Sightings[0].Day.Compare(b.Sightings[0].Day) })
	key := func(p archived) int {
		y, w := p.Sightings[0].Day.Start(time.UTC).ISOWeek()
		return 100*y + w
	}
	for from, i := 0, 0; i <= len(papers); i++ {
		if i == len(papers) || key(papers[i]) != key(papers[from]) {
			weeks, from = append(weeks, papers[from:i]), i
		}
	}
	return weeks
}

func liked(grades []float64) (n float64) {
	for _, g := range grades {
		if g > 0 {
			n++
		}
	}
	return n
}

// gain is DCG (https://en.wikipedia.org/wiki/Discounted_cumulative_gain).
func gain(grades []float64) (sum float64) {
	for i, g := range grades {
		sum += g / math.Log2(float64(i)+2)
	}
	return sum
}
