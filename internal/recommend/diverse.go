package recommend

import (
	"math"
	"math/bits"
)

// Three picks shall not be three times the same subject. So the picks are taken
// one after the other, and before each the papers left lose a share of their
// score for being like a pick and for serving a topic that picks serve already.
// The shares are what variety may cost: together at most 0.4, so that a paper
// never gives way to one with less than six tenths of its score. In practice two
// papers on one subject have a likeness of about a half, and the other subject may
// be a seventh worse.
const (
	alikeCosts  = 0.3 // at full likeness to a pick
	repeatCosts = 0.1 // if all picks serve the topic
	categories  = 0.1 // of likeness; the rest is terms
)

// diverse picks at most count of list, which is in order of score.
func (p *Pool) diverse(list []candidate, count int) []candidate {
	picked := make([]candidate, 0, min(count, len(list)))
	nearest := make([]float64, len(list)) // likeness to the pick that is most alike
	taken := make([]bool, len(list))
	var served [64]int // picks by topic
	for len(picked) < cap(picked) {
		next, most := -1, 0.0
		for k, c := range list {
			if taken[k] {
				continue
			}
			cost := alikeCosts*nearest[k] + repeatCosts*repeats(c.topics, &served, len(picked))
			if worth := c.score - math.Abs(c.score)*cost; next < 0 || worth > most {
				next, most = k, worth
			}
		}
		c := list[next]
		picked, taken[next] = append(picked, c), true
		for topics := c.topics; topics != 0; topics &= topics - 1 {
			served[bits.TrailingZeros64(topics)]++
		}
		for k := range list {
			if !taken[k] {
				nearest[k] = max(nearest[k], p.likeness(int(c.index), int(list[k].index)))
			}
		}
	}
	return picked
}

// repeats is the share of the picks that serve a topic, of several topics the
// one that is served least.
func repeats(topics uint64, served *[64]int, picks int) float64 {
	if picks == 0 || topics == 0 {
		return 0
	}
	least := picks
	for ; topics != 0; topics &= topics - 1 {
		least = min(least, served[bits.TrailingZeros64(topics)])
	}
	return float64(least) / float64(picks)
}

// likeness of two papers, from 0 to 1: the terms of titles and keywords that they
// share, rare ones above all, and the primary category. It is the root of the
// cosine, so that two telling words in common out of six are felt.
func (p *Pool) likeness(i, j int) float64 {
	alike := 0.0
	if norm := p.norm[i] * p.norm[j]; norm > 0 {
		alike = (1 - categories) * math.Sqrt(min(1, p.shared(i, j)/float64(norm)))
	}
	if p.primary[i] != 0 && p.primary[i] == p.primary[j] {
		alike += categories
	}
	return alike
}

// shared adds up the weights, squared, of the terms that two papers share.
func (p *Pool) shared(i, j int) (sum float64) {
	a, b := p.traits.of(i), p.traits.of(j)
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case b[0] < a[0]:
			b = b[1:]
		default:
			sum += float64(p.weight[a[0]]) * float64(p.weight[a[0]])
			a, b = a[1:], b[1:]
		}
	}
	return sum
}
