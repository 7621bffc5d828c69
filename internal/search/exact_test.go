package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
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

func somePaper(r *rand.Rand, of int) paper.Paper {
	p := paper.Paper{
		ID:    paper.ID(fmt.Sprintf("p%d", r.IntN(of))),
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
	words   []plainWord // all of them
	inTitle []plainWord
	names   []plainWord // of the authors, numbered from 0
}

type plainWord struct {
	token string
	at    uint32
}

func plainOf(p paper.Paper) plainPaper {
	x := plainPaper{Paper: p}
	x.when, x.doc.votes = moment(&p), uint32(p.Votes())
	at := 0
	add := func(text string, raw bool, from int) int {
		s := scanner{emit: func(t token) {
			w := string(t.term)
			if raw {
				w = string(t.raw)
			}
			x.words = append(x.words, plainWord{w, uint32(t.pos)})
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
	x.inTitle = slices.Clone(x.words)
	x.keys = field(p.Keywords...)
	x.cats = field(p.Categories...)
	x.body = field(p.Abstract, p.Summary)
	before := len(x.words)
	for i, name := range p.Authors {
		add(name, true, at+8*i)
	}
	for _, w := range x.words[before:] {
		x.names = append(x.names, plainWord{w.token, w.at - uint32(x.body)})
	}
	return x
}

// condition reports whether x satisfies leaf n that is not about words.
func (x plainPaper) condition(n *node, team int) bool {
	switch n.kind {
	case since:
		return x.when != undated && x.when >= minute(n.n)
	case before:
		return x.when != undated && x.when < minute(n.n)
	case votes:
		return int(x.doc.votes)+team >= int(n.n)
	case source:
		return slices.ContainsFunc(x.Sightings, func(s paper.Sighting) bool { return s.Source == n.text })
	}
	return slices.ContainsFunc(x.Categories, func(c string) bool {
		c = strings.ToLower(c)
		return c == n.text || strings.HasPrefix(c, n.text+".")
	})
}

// freq is how much alternative a of a leaf counts in x; 0 if it is not there.
func (x plainPaper) freq(k kind, a alternative) (freq uint8) {
	words := x.words
	switch k {
	case title:
		words = x.inTitle
	case author:
		words = x.names
	}
	at := make(map[string][]uint32) // starts, by the first word
	for _, w := range words {
		if a.prefix && strings.HasPrefix(w.token, a.terms[0]) || w.token == a.terms[0] && follows(words, k, w.at, a.terms[1:], nil) {
			at[w.token] = append(at[w.token], w.at)
		}
	}
	for _, places := range at {
		places = slices.Compact(places)
		switch k {
		case title:
			freq = max(freq, uint8(3*len(places)))
		case author:
			freq = max(freq, uint8(2*len(places)))
		default:
			freq = max(freq, x.doc.freq(places))
		}
	}
	if a.prefix && len(a.terms[0]) == 2 {
		return min(freq, 1)
	}
	return freq
}

// follows reports whether terms come after place at, each by its distance from the
// one before, which is 1 where none is given.
func follows(words []plainWord, k kind, at uint32, terms []string, distances []uint32) bool {
	if len(terms) == 0 {
		return true
	}
	distance := uint32(1)
	if len(distances) > 0 {
		distance, distances = distances[0], distances[1:]
	}
	for _, w := range words {
		sameAuthor := k == author && w.at > at && w.at/8 == at/8
		if w.token == terms[0] && (w.at == at+distance || sameAuthor) && follows(words, k, w.at, terms[1:], distances) {
			return true
		}
	}
	return false
}

// exhaustive answers a query without an index.
type exhaustive struct {
	papers []plainPaper
	known  map[*node]float32 // rarities
	team   map[paper.ID]int
	prior  bool
}

// df counts the papers for which has holds.
func (e exhaustive) df(has func(plainPaper) bool) (n int) {
	for _, x := range e.papers {
		if has(x) {
			n++
		}
	}
	return n
}

// rarity of leaf n is that of its most frequent term, or of a phrase's together.
func (e exhaustive) rarity(n *node) float32 {
	if _, ok := e.known[n]; !ok {
		e.known[n] = e.rarityOf(n)
	}
	return e.known[n]
}

func (e exhaustive) rarityOf(n *node) float32 {
	count, single := 0, false
	for _, a := range n.alts {
		if len(a.terms) > 1 {
			continue
		}
		single = true
		if !a.prefix || n.kind == prefix && len(a.terms[0]) == 2 || n.kind == word && len(a.terms[0]) == 2 {
			count = max(count, e.df(func(x plainPaper) bool { return x.freq(word, a) > 0 }))
			continue
		}
		terms := make(map[string]bool)
		for _, x := range e.papers {
			for _, w := range x.words {
				terms[w.token] = terms[w.token] || strings.HasPrefix(w.token, a.terms[0])
			}
		}
		for t, begins := range terms {
			if begins {
				count = max(count, e.df(func(x plainPaper) bool { return x.freq(word, alternative{terms: []string{t}}) > 0 }))
			}
		}
	}
	if single {
		return rarity(count, len(e.papers))
	}
	sum := float32(0)
	for _, t := range n.alts[0].terms {
		one := alternative{terms: []string{t}}
		sum += rarity(e.df(func(x plainPaper) bool { return x.freq(word, one) > 0 }), len(e.papers))
	}
	return sum
}

// eval reports whether x satisfies n, and its score.
func (e exhaustive) eval(n *node, x plainPaper) (score uint32, ok bool) {
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
	if n.kind >= category {
		return 0, x.condition(n, e.team[x.ID])
	}
	weight := float32(0)
	if n.scored() {
		weight = e.rarity(n) * one
	}
	for _, a := range n.alts {
		if f := x.freq(n.kind, a); f > 0 {
			score, ok = max(score, uint32(weight*a.weight*saturated(f, lengthByte(int(x.body))))), true
		}
	}
	return score, ok
}

// words is how many of the words of n the paper has, -1 if it fails otherwise.
func (e exhaustive) words(n *node, x plainPaper) (score uint32, has, of int) {
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

// near is what words side by side add to the score of x.
func (e exhaustive) near(root *node, x plainPaper) (score uint32) {
	var words []*node // of root, those that count; nil where something else stands
	onlyStops := !slices.ContainsFunc(root.kids, func(k *node) bool { return k.kind != not && k.kind < since && !k.stop })
	between := make(map[*node]uint32) // stop words before a word
	skipped := uint32(0)
	for _, k := range root.kids {
		switch {
		case k.kind != word:
			words, skipped = append(words, nil), 0
		case k.stop && !onlyStops:
			skipped++
		default:
			between[k] = skipped
			words, skipped = append(words, k), 0
		}
	}
	share := pairShare(len(between))
	for i := range words {
		if i == 0 || words[i] == nil || words[i-1] == nil {
			continue
		}
		a, b := words[i-1].alts[0].terms, words[i].alts[0].terms
		terms := slices.Concat(a, b)
		distances := slices.Repeat([]uint32{1}, len(terms)-1)
		distances[len(a)-1] += between[words[i]]
		var at []uint32
		for _, w := range x.words {
			if w.token == terms[0] && follows(x.words, word, w.at, terms[1:], distances) {
				at = append(at, w.at)
			}
		}
		if at = slices.Compact(at); len(at) > 0 {
			weight := share * min(e.rarity(words[i-1])*one, e.rarity(words[i])*one)
			score += uint32(weight * saturated(x.doc.freq(at), lengthByte(int(x.body))))
		}
	}
	return score
}

func (e exhaustive) search(q Query) (ids []paper.ID, scores []float64) {
	type hit struct {
		plainPaper
		score uint32
		has   int
	}
	scored := false
	q.root.leaves(func(n *node) { scored = scored || n.scored() })
	var hits []hit
	of := 0
	for _, x := range e.papers {
		score, has, n := e.words(q.root, x)
		of = n
		if has >= 0 {
			switch {
			case q.order == byVotes:
				score = x.doc.votes + uint32(e.team[x.ID])
			case q.order == byDate || !scored:
				score = 0
			default:
				score += e.near(q.root, x)
				if e.prior {
					score += priorScore(priorByte(x.when, x.doc.votes))
				}
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
		score := float64(h.score)
		if q.order == byRelevance {
			score /= one
		}
		ids, scores = append(ids, h.ID), append(scores, score)
	}
	return ids, scores
}

func TestAnswersAreThoseOfAnExhaustiveSearch(t *testing.T) {
	for papers, seeds := range map[int]uint64{40: 60, 700: 8, 10_000: 1} {
		for seed := range seeds {
			exact{t, rand.New(rand.NewPCG(seed, 1)), seed, papers}.run()
		}
	}
}

// In a part of many papers conditions are swept window by window, and most papers
// are never looked at.
func TestAnswersFromManyWindowsAreThoseOfAnExhaustiveSearch(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	papers := make([]paper.Paper, 5*windowSize)
	for i := range papers {
		papers[i] = somePaper(r, 1<<40)
		papers[i].Published = time.Unix(int64(r.IntN(20_000))*60, 0)
	}
	ix := New()
	ix.put(build(papers[windowSize/2:]), 1)
	ix.put(build(papers[:windowSize/2]), 1)
	e := exhaustive{known: make(map[*node]float32), prior: true}
	for _, p := range papers {
		e.papers = append(e.papers, plainOf(p))
	}
	words := []string{"red", "green", "blue", "moe", "of", "expert", "title:red", "title:green", `"red green"`, `"green blue"`, `"the red"`, "gpt4", "re*", "cat:cs", "pretraining", "(red OR blue)"}
	for _, text := range []string{"((red purple) OR green) blue", "blue ((red cat:cs.lg) OR green)"} {
		for range 4 {
			exact{t, r, 3, len(papers)}.compare(text, e, ix, ix)
		}
	}
	for range 24 {
		text := words[r.IntN(len(words))] + " " + words[r.IntN(len(words))]
		if r.IntN(2) == 0 {
			text += " " + words[r.IntN(len(words))]
		}
		exact{t, r, 3, len(papers)}.compare(text, e, ix, ix)
	}
}

// exact compares an index of random papers with the exhaustive scorer.
type exact struct {
	*testing.T
	*rand.Rand
	seed   uint64
	papers int // about how many
}

func (t exact) run() {
	ix := t.index()
	team, latest := map[paper.ID]int{"p1": 3, "p2": 1, "unknown": 7}, make(map[paper.ID]paper.Paper)
	for range 1 + t.IntN(20) {
		var some []paper.Paper
		for range t.IntN(1 + t.papers/4) {
			p := somePaper(t.Rand, t.papers)
			some = append(some, p)
			latest[p.ID] = p
		}
		ix.Put(some, ix.Upto()+1)
		ix = t.happen(ix)
	}
	e := exhaustive{team: team, known: make(map[*node]float32), prior: t.IntN(2) == 0}
	all := slices.Collect(maps.Values(latest))
	for _, p := range all {
		e.papers = append(e.papers, plainOf(p))
	}
	whole := New()
	whole.Put(all, 1)
	if ix.Len() != len(all) {
		t.Fatalf("seed %d: %d papers, want %d", t.seed, ix.Len(), len(all))
	}
	for range 60 {
		t.compare(someQuery(t.Rand, 2), e, ix, whole)
	}
	p := somePaper(t.Rand, t.papers)
	if a, b := ix.Similar(p, 9), whole.Similar(p, 9); !reflect.DeepEqual(a, b) {
		t.Fatalf("seed %d: similar papers are %v put in pieces, %v put at once", t.seed, a, b)
	}
}

// index is in memory or in a folder.
func (t exact) index() *Index {
	if t.IntN(2) == 0 {
		return New()
	}
	return t.open(t.TempDir())
}

func (t exact) open(dir string) *Index {
	ix, problem, err := Open(dir, "test")
	if err != nil || problem != nil {
		t.Fatal(err, problem)
	}
	t.Cleanup(func() { ix.Close() })
	return ix
}

// happen does to ix what happens to it in life: it is merged, saved, or opened
// anew.
func (t exact) happen(ix *Index) *Index {
	switch t.IntN(6) {
	case 0:
		for ix.merge() {
		}
	case 1, 2:
		if err := ix.Flush(); err != nil {
			t.Fatal(err)
		}
	case 3:
		if ix.dir == "" {
			break
		}
		if err := errors.Join(ix.Flush(), ix.Close()); err != nil {
			t.Fatal(err)
		}
		return t.open(ix.dir)
	case 4:
		ix.Settle(t.Context())
	}
	return ix
}

// compare searches for text in all ways.
func (t exact) compare(text string, e exhaustive, ix, whole *Index) {
	opts := Options{Limit: []int{1, 3, 100}[t.IntN(3)], TeamVotes: e.team, NoPrior: !e.prior, atOnce: t.IntN(2) == 0}
	hurry := t.IntN(2) == 0
	if hurry {
		opts.count = 1
	}
	res := ix.Search(Parse(text), opts)
	if res.Query.root == nil {
		return
	}
	ids, scores := e.search(res.Query)
	if res.Total != len(ids) && !res.More && !hurry {
		t.Fatalf("seed %d: %q finds %d papers, want %d", t.seed, text, res.Total, len(ids))
	}
	var gotIDs []paper.ID
	var gotScores []float64
	for _, h := range res.Hits {
		gotIDs, gotScores = append(gotIDs, h.ID), append(gotScores, h.Score)
	}
	n := min(opts.Limit, len(ids))
	if !slices.Equal(gotIDs, ids[:n]) || !slices.Equal(gotScores, scores[:n]) {
		t.Fatalf("seed %d: %q (%s) finds\n%v\n%v, want\n%v\n%v", t.seed, text, res.Query, gotIDs, gotScores, ids, scores)
	}
	if other := whole.Search(Parse(text), opts); !hurry && (!reflect.DeepEqual(other.Hits, res.Hits) || !slices.Equal(other.Notes, res.Notes)) {
		t.Fatalf("seed %d: %q finds %v put at once, %v put in pieces", t.seed, text, other.Hits, res.Hits)
	}
}
func TestSearchWhilePapersCome(t *testing.T) {
	ix := New()
	var wait sync.WaitGroup
	wait.Go(func() {
		r := rand.New(rand.NewPCG(1, 1))
		for i := range 60 {
			var some []paper.Paper
			for range 1 + r.IntN(20) {
				some = append(some, somePaper(r, 40))
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
				ix.Similar(somePaper(r, 40), 3)
			}
		})
	}
	wait.Wait()
	if ix.Upto() != 59 {
		t.Errorf("the index reaches up to %d, want 59", ix.Upto())
	}
}

func TestPartsStayFew(t *testing.T) {
	ix := New()
	for i := range 600 {
		ix.Put([]paper.Paper{{ID: paper.ID(fmt.Sprint(i % 450)), Title: "red"}}, 1)
		for ix.merge() {
		}
		if n := len(ix.now.Load().parts); n > mergeAt+10 {
			t.Fatalf("%d parts after %d changes", n, i+1)
		}
	}
	if ix.Len() != 450 {
		t.Errorf("%d papers, want 450", ix.Len())
	}
	ix.Settle(t.Context())
	if n := len(ix.now.Load().parts); n > 4 || ix.Len() != 450 {
		t.Errorf("settled are %d papers in %d parts", ix.Len(), n)
	}
}

func TestAnIndexSettlesWhenNothingComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ix := New()
		ctx, stop := context.WithCancel(t.Context())
		defer synctest.Wait()
		defer stop()
		go ix.Tend(ctx)
		for i := range 6 {
			ix.Put([]paper.Paper{{ID: paper.ID(fmt.Sprint(i)), Title: "red"}}, 1)
		}
		synctest.Wait()
		if n := len(ix.now.Load().parts); n != 6 {
			t.Fatalf("%d parts while papers come, want 6", n)
		}
		time.Sleep(quiet + time.Second)
		synctest.Wait()
		if n := len(ix.now.Load().parts); n != 1 || ix.Len() != 6 {
			t.Errorf("%d papers in %d parts when nothing has come for a while, want all in one", ix.Len(), n)
		}
	})
}
