package recommend

import (
	"math"

	"paperboy/internal/team"
)

// match is a paper that topics find.
type match struct {
	period
	index  int32
	topics uint64  // a bit for each that finds it; those beyond the 63rd share one
	best   int32   // the topic that it suits best
	fit    float64 // how well, from 0 to 1
	counts bool    // whether its lists do
}

// gather unites what the topics of the channel find, which is the only part of
// the Pool that is looked at unless everything is a topic. Papers whose lists do
// not count are among the matches, but on no topic.
func (s *sieve) gather(w *work) {
	for n, t := range s.w.Topics {
		if t.Query == team.Everything {
			for i := range s.papers {
				s.find(w, n, i, 0)
			}
			continue
		}
		top := topScore(t.Hits, len(s.papers))
		for _, h := range t.Hits {
			if h.Index >= 0 && h.Index < len(s.papers) {
				s.find(w, n, h.Index, fit(h.Score, top))
			}
		}
	}
}

// find notes that topic n finds the paper at index i.
func (s *sieve) find(w *work, n, i int, fit float64) {
	if w.place[i] == 0 {
		when, v := s.listed(i)
		w.matches = append(w.matches, match{period: when, index: int32(i), counts: v == Passes})
		w.place[i] = int32(len(w.matches))
	}
	m := &w.matches[w.place[i]-1]
	if !m.counts || !m.reaches(s.w.Topics[n]) {
		return
	}
	if m.topics == 0 || fit > m.fit {
		m.best, m.fit = int32(n), fit
	}
	m.topics |= bit(n)
}

func bit(topic int) uint64 { return 1 << min(topic, 63) }

// How well a hit suits its topic. Relevance has no upper bound and means other
// things in other searches: a word that is rare counts more, and so do more
// words. So a hit is held against the best one that the same search has in all of
// the pool, not only among today's papers, of which the best may be a poor one.
// What is found at all has all that the topic asks for, so that the least of it
// is not nothing; and where a search has no relevance, as cat:cs.LG, all suits.
const leastFit = 0.3

func fit(score, top float64) float64 {
	if top == 0 {
		return 1
	}
	return leastFit + (1-leastFit)*math.Sqrt(min(max(score, 0), top)/top)
}

func topScore(hits []Hit, papers int) (top float64) {
	for _, h := range hits {
		if h.Index >= 0 && h.Index < papers && !math.IsInf(h.Score, 0) {
			top = max(top, h.Score)
		}
	}
	return top
}
