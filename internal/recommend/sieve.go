package recommend

import (
	"math"
	"slices"

	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// Verdict says what keeps a paper from a channel, or that nothing does.
type Verdict uint8

// The verdicts, in the order in which the filters apply.
const (
	Passes          Verdict = iota
	Unlisted                // no source listed it in the days that count
	OtherSource             // only sources that do not count listed it
	OnlyCrossListed         // only as a cross-list, which does not count
	OnlyReplaced            // only as a new version, which does not count
	Shown                   // it, or one much the same, was shown to the channel
	OffTopic                // of none of the topics, or listed before they were followed
	FewVotes                // fewer than asked for
	verdicts
)

// String is a word for logs and tests.
func (v Verdict) String() string {
	return [...]string{"passes", "unlisted", "other source", "only cross-listed", "only replaced", "shown", "off topic", "few votes"}[v]
}

// Sifted counts what became of the papers that some source listed in the days
// that count.
type Sifted struct {
	Listed  int
	Removed [verdicts]int // by the filter that removed them, the first that did
	Passed  int
}

// Sift counts what each filter removes.
func (p *Pool) Sift(w Want) (n Sifted) {
	s := p.sieve(&w)
	work := p.work()
	defer p.done(work)
	s.gather(work)
	s.look(p.Len())
	for i := range p.papers {
		place := work.place[i]
		v := s.verdict(i, place > 0 && work.matches[place-1].topics != 0)
		if v == Unlisted {
			continue
		}
		n.Listed++
		if v == Passes {
			n.Passed++
		} else {
			n.Removed[v]++
		}
	}
	return n
}

// Judge says what keeps the paper at index i from a channel.
func (p *Pool) Judge(w Want, i int) Verdict {
	s := p.sieve(&w)
	when, _ := s.listed(i)
	return s.verdict(i, slices.ContainsFunc(w.Topics, func(t Topic) bool {
		finds := t.Query == team.Everything || slices.ContainsFunc(t.Hits, func(h Hit) bool { return h.Index == i })
		return finds && when.reaches(t)
	}))
}

// sieve is the filters of a Want, in the numbers of a Pool.
type sieve struct {
	*Pool
	w             *Want
	day, from, to int32
	allowed       []bool         // by number: whether its lists count
	fans          map[uint64]int // by hash of the author's key
	seen          map[int32]bool // groups of papers shown; nil until one is asked for
	// The maps of w by index, where that is quicker; see look.
	shownAt []bool
	votesAt []int32
}

func (p *Pool) sieve(w *Want) *sieve {
	s := &sieve{Pool: p, w: w, day: dayNumber(w.Day), from: math.MinInt32, to: dayNumber(w.To)}
	if !w.From.IsZero() {
		s.from = dayNumber(w.From)
	}
	s.allowed = make([]bool, len(p.sources))
	for i, name := range p.sources {
		s.allowed[i] = slices.Contains(w.Sources, name) || len(w.Sources) == 0 && name != team.SourceName
	}
	s.fans = make(map[uint64]int, len(w.Team.Fans))
	for key, n := range w.Team.Fans {
		if h := hash(key); h != 0 {
			s.fans[h] = max(s.fans[h], n)
		}
	}
	return s
}

// verdict judges the paper at index i, of which is known whether a topic finds it.
func (s *sieve) verdict(i int, onTopic bool) Verdict {
	if _, v := s.listed(i); v != Passes {
		return v
	}
	return s.rest(i, onTopic)
}

// rest judges a paper whose lists count.
func (s *sieve) rest(i int, onTopic bool) Verdict {
	switch {
	case s.shown(i):
		return Shown
	case !onTopic:
		return OffTopic
	case s.allVotes(i) < s.w.MinVotes:
		return FewVotes
	}
	return Passes
}

// period is the first and the last day of the lists of a paper that count.
type period struct{ first, last int32 }

// reaches reports whether a list counts for topic t.
func (p period) reaches(t Topic) bool { return t.Since.IsZero() || p.last >= dayNumber(t.Since) }

// listed finds the lists of a paper that count, or what they lack.
func (s *sieve) listed(i int) (when period, v Verdict) {
	v = Unlisted
	for _, l := range s.listings.of(i) {
		switch lacks := s.lacks(l); {
		case lacks != Passes:
			if v != Passes {
				v = max(v, lacks)
			}
		case v != Passes:
			when, v = period{l.day, l.day}, Passes
		default:
			when = period{min(when.first, l.day), max(when.last, l.day)}
		}
	}
	return when, v
}

// lacks is why a listing does not count, if so.
func (s *sieve) lacks(l listing) Verdict {
	switch {
	case l.day < s.from, l.day > s.to:
		return Unlisted
	case !s.allowed[l.source]:
		return OtherSource
	case l.kind == paper.Cross && s.w.NoCross:
		return OnlyCrossListed
	case l.kind == paper.Replace && !s.w.Replaced:
		return OnlyReplaced
	}
	return Passes
}

// shown reports whether the channel has seen the paper or one much the same.
func (s *sieve) shown(i int) bool {
	switch {
	case len(s.w.Shown) == 0:
		return false
	case s.shownAt != nil && s.shownAt[i], s.shownAt == nil && s.w.Shown[s.papers[i].ID]:
		return true
	case s.group[i] == alone:
		return false
	}
	if s.seen == nil {
		s.seen = s.groupsShown()
	}
	return s.seen[s.group[i]]
}

func (s *sieve) groupsShown() map[int32]bool {
	seen := make(map[int32]bool)
	for id, shown := range s.w.Shown {
		if i, ok := s.byID[id]; ok && shown && s.group[i] != alone {
			seen[s.group[i]] = true
		}
	}
	return seen
}

// allVotes is the votes at the source and of the team.
func (s *sieve) allVotes(i int) int { return int(s.votes[i]) + s.teamVotes(i) }

func (s *sieve) teamVotes(i int) int {
	switch {
	case s.votesAt != nil:
		return int(s.votesAt[i])
	case len(s.w.Team.Votes) == 0:
		return 0
	}
	return max(0, s.w.Team.Votes[s.papers[i].ID])
}

// look prepares for judging so many papers. To look for many in a map by ID takes
// longer than to go once through the map.
func (s *sieve) look(papers int) {
	if papers > len(s.w.Shown) && len(s.w.Shown) > 0 {
		s.shownAt = make([]bool, len(s.papers))
		for id, shown := range s.w.Shown {
			if i, ok := s.byID[id]; ok {
				s.shownAt[i] = shown
			}
		}
	}
	if papers > len(s.w.Team.Votes) && len(s.w.Team.Votes) > 0 {
		s.votesAt = make([]int32, len(s.papers))
		for id, n := range s.w.Team.Votes {
			if i, ok := s.byID[id]; ok {
				s.votesAt[i] = int32(min(max(0, n), math.MaxInt32))
			}
		}
	}
}
