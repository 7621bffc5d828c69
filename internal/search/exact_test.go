package search

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"paperboy/internal/paper"
)

// Random papers and queries over few words, so that they meet.
var (
	someWords = []string{"red", "green", "blue", "reds", "pre-training", "pretraining", "training", "pre", "the", "of",
		"mixture of experts (MoE)", "moe", "expert", "GPT-4", "模型", "red green", "redness"}
	someNames   = []string{"Ada King", "Yann LeCun", "Ada B. LeCun", "King Red"}
	someCats    = []string{"cs.LG", "cs.CL", "stat.ML"}
	someQueries = []string{"red", "green", "blue", `"red green"`, `"the red"`, "re*", "pretraining", "pre-training", "pre training", "the",
		"moe", "mixture experts", "mixture of experts", "author:lecun", `author:"Ada LeCun"`, "title:red", `title:"red green"`, "cat:cs",
		"cat:cs.LG", "source:a", "since:1970-01-03", "before:1970-01-05", "votes:2", "gpt4", "模", "ex*", "purple", "sort:new", "sort:votes"}
)

func pick(r *rand.Rand, from []string, most int) (list []string) {
	for range r.IntN(most + 1) {
		list = append(list, from[r.IntN(len(from))])
	}
	return list
}

func somePaper(r *rand.Rand) paper.Paper {
	p := paper.Paper{
		ID:    paper.ID(fmt.Sprintf("p%d", r.IntN(40))),
		Title: strings.Join(pick(r, someWords, 3), " "), Abstract: strings.Join(pick(r, someWords, 12), " "),
		Summary: strings.Join(pick(r, someWords, 2), " "), Keywords: pick(r, someWords, 2),
		Authors: pick(r, someNames, 3), Categories: pick(r, someCats, 2),
		Sightings: []paper.Sighting{{Source: string(rune('a' + r.IntN(2))), Votes: r.IntN(4)}},
	}
	if r.IntN(5) > 0 {
		p.Published = time.Unix(int64(r.IntN(7))*86400, 0)
	}
	return p
}

func someQuery(r *rand.Rand, depth int) string {
	var items []string
	for range 1 + r.IntN(3) {
		item := someQueries[r.IntN(len(someQueries))]
		if depth > 0 && r.IntN(4) == 0 {
			item = "(" + someQuery(r, depth-1) + ")"
		}
		if r.IntN(6) == 0 {
			item = "-" + item
		}
		if len(items) > 0 && r.IntN(4) == 0 {
			item = "OR " + item
		}
		items = append(items, item)
	}
	return strings.Join(items, " ")
}

// plainPaper is a paper as the exhaustive scorer sees it.
type plainPaper struct {
	paper.Paper
	doc
	words []plainWord
}

type plainWord struct {
	token string
	at    int
}

func plainOf(p paper.Paper) plainPaper {
	x := plainPaper{Paper: p}
	x.when, x.votes = moment(&p), uint32(p.Votes())
	at := 0
	add := func(text string, raw bool, from int) int {
		s := scanner{emit: func(t token) {
			w := string(t.term)
			if raw {
				w = string(t.raw)
			}
			x.words = append(x.words, plainWord{w, t.pos})
		}}
		return s.scan(text, from)
	}
	field := func(texts ...string) uint16 {
		for _, text := range texts {
			if text != "" {
				at = add(text, false, at) + 1
			}
		}
		return uint16(at)
	}
	x.title = field(p.Title)
	x.keys = field(p.Keywords...)
	x.cats = field(p.Categories...)
	x.body = field(p.Abstract, p.Summary)
	for i, name := range p.Authors {
		add(name, true, at+8*i)
	}
	return x
}

// has is the weight of leaf n in x, 0 for none.
func (x plainPaper) has(n *node, team int) (weight float32) {
	yes := func(ok bool) float32 {
		if ok {
			return 1
		}
		return 0
	}
	switch n.kind {
	case since:
		return yes(x.when != undated && x.when >= n.n)
	case before:
		return yes(x.when != undated && x.when < n.n)
	case votes:
		return yes(int(x.votes)+team >= int(n.n))
	case source:
		return yes(slices.ContainsFunc(x.Sightings, func(s paper.Sighting) bool { return s.Source == n.text }))
	case category:
		return yes(slices.ContainsFunc(x.Categories, func(c string) bool {
			c = strings.ToLower(c)
			return c == n.text || strings.HasPrefix(c, n.text+".")
		}))
	}
	for _, a := range n.alts {
		weight = max(weight, a.weight*x.alternative(n.kind, a))
	}
	return weight
}

func (x plainPaper) alternative(k kind, a alternative) (weight float32) {
	at := make(map[string][]uint32) // starts, by the first word
	for _, w := range x.words {
		if a.prefix && strings.HasPrefix(w.token, a.terms[0]) || w.token == a.terms[0] && x.follows(k, w.at, a.terms[1:]) {
			at[w.token] = append(at[w.token], uint32(w.at))
		}
	}
	for _, places := range at {
		weight = max(weight, x.weight(k, slices.Compact(places)))
	}
	return weight
}

func (x plainPaper) follows(k kind, at int, terms []string) bool {
	if len(terms) == 0 {
		return true
	}
	body := int(x.body)
	for _, w := range x.words {
		sameAuthor := k == author && w.at > at && at >= body && (w.at-body)/8 == (at-body)/8
		if w.token == terms[0] && (w.at == at+1 || sameAuthor) && x.follows(k, w.at, terms[1:]) {
			return true
		}
	}
	return false
}

// exhaustive answers a query without an index.
type exhaustive struct {
	papers []plainPaper
	team   map[paper.ID]int
}

// eval reports whether x satisfies n, and its score.
func (e exhaustive) eval(n *node, x plainPaper) (score float32, ok bool) {
	switch n.kind {
	case not:
		_, ok := e.eval(n.kids[0], x)
		return 0, !ok
	case anyOf:
		for _, k := range n.kids {
			if s, yes := e.eval(k, x); yes {
				score, ok = score+s, true
			}
		}
		return score, ok
	case allOf:
		score, has, of := e.words(n, x)
		return score, has == of
	}
	weight := x.has(n, e.team[x.ID])
	if weight == 0 || !n.scored() {
		return 0, weight > 0
	}
	count := 0
	for _, y := range e.papers {
		if y.has(n, e.team[y.ID]) > 0 {
			count++
		}
	}
	return weight * rarity(count, len(e.papers)), true
}

// words is how many of the words of n the paper has, -1 if it fails otherwise.
func (e exhaustive) words(n *node, x plainPaper) (score float32, has, of int) {
	onlyStops := !slices.ContainsFunc(n.kids, func(k *node) bool { return k.kind != not && k.kind < since && !k.stop })
	failed := false
	for _, k := range n.kids {
		if k.stop && !onlyStops {
			continue
		}
		s, ok := e.eval(k, x)
		score += s
		switch {
		case k.kind != word:
			failed = failed || !ok
		case ok:
			has++
			of++
		default:
			of++
		}
	}
	if failed {
		return 0, -1, of
	}
	return score, has, of
}

func (e exhaustive) search(q Query) (ids []paper.ID, scores []float64) {
	type hit struct {
		plainPaper
		score float32
		has   int
	}
	var hits []hit
	of := 0
	for _, x := range e.papers {
		score, has, n := e.words(q.root, x)
		of = n
		if has >= 0 {
			switch q.order {
			case byDate:
				score = 0
			case byVotes:
				score = float32(x.votes) + float32(e.team[x.ID])
			}
			hits = append(hits, hit{x, score, has})
		}
	}
	at := func(words int) (n int) {
		for _, h := range hits {
			if h.has >= words {
				n++
			}
		}
		return n
	}
	need := of
	for _, words := range []int{of - max(1, of/3), 1} {
		if at(need) < handful && words < need && words > 0 && at(words) > at(need) {
			need = words
		}
	}
	hits = slices.DeleteFunc(hits, func(h hit) bool { return h.has < need })
	slices.SortFunc(hits, func(a, b hit) int {
		full := func(h hit) int { return min(0, of-h.has-1) }
		return cmp.Or(cmp.Compare(full(a), full(b)), cmp.Compare(b.score, a.score), cmp.Compare(b.when, a.when), cmp.Compare(a.ID, b.ID))
	})
	for _, h := range hits {
		ids, scores = append(ids, h.ID), append(scores, float64(h.score))
	}
	return ids, scores
}

func TestAnswersAreThoseOfAnExhaustiveSearch(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		ix, team := New("test"), map[paper.ID]int{"p1": 3, "p2": 1, "unknown": 7}
		latest := make(map[paper.ID]paper.Paper)
		for range 1 + r.IntN(20) {
			var some []paper.Paper
			for range r.IntN(12) {
				p := somePaper(r)
				some = append(some, p)
				latest[p.ID] = p
			}
			ix.Put(some, 1)
		}
		e := exhaustive{team: team}
		var all []paper.Paper
		for _, p := range latest {
			e.papers = append(e.papers, plainOf(p))
			all = append(all, p)
		}
		whole := New("test")
		whole.Put(all, 1)
		if ix.Len() != len(all) {
			t.Fatalf("seed %d: %d papers, want %d", seed, ix.Len(), len(all))
		}
		for range 60 {
			text := someQuery(r, 2)
			opts := Options{Limit: 100, TeamVotes: team}
			res := ix.Search(Parse(text), opts)
			if res.Query.root == nil {
				continue
			}
			ids, scores := e.search(res.Query)
			var gotIDs []paper.ID
			var gotScores []float64
			for _, h := range res.Hits {
				gotIDs, gotScores = append(gotIDs, h.ID), append(gotScores, h.Score)
			}
			if !slices.Equal(gotIDs, ids) || !slices.Equal(gotScores, scores) {
				t.Fatalf("seed %d: %q (%s) finds\n%v\n%v, want\n%v\n%v", seed, text, res.Query, gotIDs, gotScores, ids, scores)
			}
			if other := whole.Search(Parse(text), opts); !reflect.DeepEqual(other.Hits, res.Hits) || !slices.Equal(other.Notes, res.Notes) {
				t.Fatalf("seed %d: %q finds %v put at once, %v put in pieces", seed, text, other.Hits, res.Hits)
			}
		}
		p := somePaper(r)
		if a, b := ix.Similar(p, 9), whole.Similar(p, 9); !reflect.DeepEqual(a, b) {
			t.Fatalf("seed %d: similar papers are %v put in pieces, %v put at once", seed, a, b)
		}
	}
}

func TestSearchWhilePapersCome(t *testing.T) {
	ix := New("test")
	var wait sync.WaitGroup
	wait.Go(func() {
		r := rand.New(rand.NewPCG(1, 1))
		for i := range 60 {
			var some []paper.Paper
			for range 1 + r.IntN(20) {
				some = append(some, somePaper(r))
			}
			ix.Put(some, int64(i))
		}
	})
	for k := range uint64(3) {
		wait.Go(func() {
			r := rand.New(rand.NewPCG(2, k))
			for range 200 {
				res := ix.Search(Parse(someQuery(r, 1)), Options{Limit: 100})
				seen := make(map[paper.ID]bool)
				for _, h := range res.Hits {
					if seen[h.ID] {
						t.Errorf("%s is found twice", h.ID)
					}
					seen[h.ID] = true
				}
				ix.Similar(somePaper(r), 3)
			}
		})
	}
	wait.Wait()
	if ix.Upto() != 59 {
		t.Errorf("the index reaches up to %d, want 59", ix.Upto())
	}
}

func TestPartsStayFew(t *testing.T) {
	ix := New("test")
	for i := range 600 {
		ix.Put([]paper.Paper{{ID: paper.ID(fmt.Sprint(i % 450)), Title: "red"}}, 1)
		if n := len(ix.now.Load().parts); n > mergeAt+10 {
			t.Fatalf("%d parts after %d changes", n, i+1)
		}
	}
	if ix.Len() != 450 {
		t.Errorf("%d papers, want 450", ix.Len())
	}
}
