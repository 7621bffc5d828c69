// Package recommend chooses, of the papers that sources list, those that one
// channel gets on one day, and says why: candidates and taste in, picks with
// reasons out. It is a pure function: no clock, no I/O, and the same input gives
// the same picks.
//
// A Pool (pool.go) holds the papers, prepared once for all channels. A Want is
// what a channel asks for; sieve.go has its filters, in the order in which they
// apply, and gather.go unites the hits of its topics. Each paper that passes is
// told by Features, of which a Model makes a score (features.go). Of the best,
// diverse.go takes those that are good and not all about the same, and reason.go
// says in words what spoke for them.
package recommend

import (
	"cmp"
	"slices"

	"paperboy/internal/date"
	"paperboy/internal/paper"
)

// Want is what one channel asks for on one day.
type Want struct {
	Day      date.Date // the channel's day
	From, To date.Date // days of lists that count, both included; no From: from the beginning
	Count    int       // picks, at most
	Sources  []string  // whose lists count; empty: all but team.SourceName, which counts only where it is named
	MinVotes int       // at the source (the highest of any) and of the team together
	NoCross  bool      // a cross-list alone is not enough
	Replaced bool      // the list of a new version counts
	Topics   []Topic   // a paper of any of them will do
	Shown    map[paper.ID]bool
	Team     Team
}

// Topic is a search that the channel follows, with what it finds.
type Topic struct {
	Query string    // as typed; or team.Everything, which needs no Hits
	Since date.Date // the first day whose lists count for this topic
	Hits  []Hit     // in any order
}

// Hit is a paper that a topic finds.
type Hit struct {
	Index int     // in the Pool
	Score float64 // relevance, on the scale of the search engine
}

// Team is the taste of the people in the channel's team.
type Team struct {
	Votes map[paper.ID]int
	Fans  map[string]int // by AuthorKey: how many of them liked a paper by that author
}

// Pick is a paper for the channel.
type Pick struct {
	Index    int // in the Pool
	Paper    paper.ID
	Score    float64
	Features Features
	Reasons  []Reason // the strongest first, never none
}

// shortlist is how many of the best compete for being picked: enough to find
// other subjects among them, few enough that the last is still good.
const shortlist = 50

// Choose picks at most w.Count papers and puts the best first. Of papers that are much the same the best is taken, and none like one that was
// shown. Equal scores are ordered by votes, newer first, and by ID.
func (p *Pool) Choose(w Want, m Model) []Pick {
	if w.Count <= 0 {
		return nil
	}
	s := p.sieve(&w)
	work := p.work()
	defer p.done(work)
	s.score(work, m)
	best := p.best(work.passed, max(shortlist, min(w.Count, len(work.passed))))
	picked := p.diverse(best, w.Count)
	slices.SortFunc(picked, p.compare)
	return s.picks(picked, m)
}

// Rank lists all that pass the filters by score, also what Choose leaves out for
// being like a better one. It answers why a paper was not picked.
func (p *Pool) Rank(w Want, m Model) []Pick {
	s := p.sieve(&w)
	work := p.work()
	defer p.done(work)
	s.score(work, m)
	slices.SortFunc(work.passed, p.compare)
	return s.picks(work.passed, m)
}

// candidate is a paper that passes the filters.
type candidate struct {
	match
	score float64
	votes int // at the source and of the team
}

// score gathers the papers of the topics and scores those that pass.
func (s *sieve) score(work *work, m Model) {
	s.gather(work)
	s.look(len(work.matches))
	for _, match := range work.matches {
		i := int(match.index)
		if !match.counts || s.rest(i, match.topics != 0) != Passes {
			continue
		}
		work.passed = append(work.passed, candidate{match, m(s.features(match)), s.allVotes(i)})
	}
}

// compare orders candidates, the best first. A score that is no number is last.
func (p *Pool) compare(a, b candidate) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.votes, a.votes),
		cmp.Compare(b.first, a.first), cmp.Compare(a.index, b.index))
}

// best is the first limit of list, in order, without the worse ones of papers
// that are much the same.
func (p *Pool) best(list []candidate, limit int) []candidate {
	top := make([]candidate, 0, min(2*limit, len(list)))
	add := func(c candidate) {
		if len(top) >= limit && p.compare(c, top[limit-1]) > 0 {
			return // top[:limit] is in order once it is full
		}
		if top = append(top, c); len(top) == limit || len(top) == 2*limit {
			slices.SortFunc(top, p.compare)
			top = top[:limit]
		}
	}
	var groups map[int32]candidate
	for _, c := range list {
		g := p.group[c.index]
		if g == alone {
			add(c)
			continue
		}
		if groups == nil {
			groups = make(map[int32]candidate)
		}
		if other, ok := groups[g]; !ok || p.compare(c, other) < 0 {
			groups[g] = c
		}
	}
	for _, c := range groups {
		add(c)
	}
	slices.SortFunc(top, p.compare)
	return top[:min(limit, len(top))]
}

// picks tells of the candidates what a face needs.
func (s *sieve) picks(list []candidate, m Model) []Pick {
	picks := make([]Pick, len(list))
	for k, c := range list {
		i := int(c.index)
		f := s.features(c.match)
		picks[k] = Pick{Index: i, Paper: s.papers[i].ID, Score: c.score, Features: f, Reasons: s.reasons(c.match, f, m)}
	}
	return picks
}
