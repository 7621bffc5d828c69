package recommend

import "math"

// Features tell what speaks for a paper, each from 0, nothing, to 1.
type Features struct {
	// Topic is how well it suits the topic that it suits best: 1 is as well as
	// any paper in the pool. Everything is a topic that nothing suits.
	Topic float64
	// Votes are those at the source, by their order of magnitude and the days
	// they had to gather: 1 is 200 on the first day. Votes of an old list were
	// given by everyone who came by since; as many on the first day mean more.
	Votes float64
	// TeamVotes are those of the channel's own team: 1 is four.
	TeamVotes float64
	// Fans are the people of the team who liked papers by one of its authors, the
	// one they like best: 1 is four people.
	Fans float64
	// Freshness is 1 on the day of the list and halves in freshFor days.
	Freshness float64
}

// Model makes a score of features, from 0 to about 1. It must depend on nothing
// else. A feature that is 0 speaks neither for nor against a paper: what a reason
// is worth is found by asking what the score would be without it.
type Model func(Features) float64

// Weigh is the model that nobody had to teach. The topic is what the channel asked
// for and counts most; within it votes decide, and the first vote of the team is
// worth some five of strangers. Newness settles what is otherwise equal.
func Weigh(f Features) float64 {
	return 0.35*f.Topic + 0.25*f.Votes + 0.20*f.TeamVotes + 0.12*f.Fans + 0.08*f.Freshness
}

const (
	manyVotes = 200.0 // at a source: one paper in two hundred has them
	manyHere  = 4.0   // of a team
	votesFor  = 3.0   // days after which a vote counts half
	freshFor  = 5.0   // days
)

// features of a paper that passes.
func (s *sieve) features(m match) Features {
	i := int(m.index)
	f := Features{Topic: m.fit, TeamVotes: magnitude(float64(s.teamVotes(i)), manyHere)}
	f.Votes, f.Freshness = s.usual.of(int(s.votes[i]), int(max(0, s.day-m.first)))
	_, fans := s.fansOf(i)
	f.Fans = magnitude(float64(fans), manyHere)
	return f
}

// usual are the votes and ages, in days, of nearly all papers. Their features are
// worked out once for a Pool: a channel may have thousands of candidates.
const usualVotes, usualAges = 256, 16

// tables have the features of usual votes and ages.
type tables struct {
	votes     [usualVotes * usualAges]float64
	freshness [usualAges]float64
}

func newTables() *tables {
	t := new(tables)
	for age := range usualAges {
		t.freshness[age] = freshness(age)
		for n := range usualVotes {
			t.votes[n*usualAges+age] = agedVotes(n, age)
		}
	}
	return t
}

// of is the features of votes on a list that is so many days old, and of its age.
func (t *tables) of(votes, age int) (aged, fresh float64) {
	if votes >= 0 && votes < usualVotes && age < usualAges {
		return t.votes[votes*usualAges+age], t.freshness[age]
	}
	return agedVotes(votes, age), freshness(age)
}

func agedVotes(votes, age int) float64 {
	return magnitude(float64(votes)/(1+float64(age)/votesFor), manyVotes)
}

func freshness(age int) float64 { return math.Exp2(-float64(age) / freshFor) }

// magnitude is n on a scale on which the first few count most, 1 for many.
func magnitude(n, many float64) float64 {
	if n <= 0 {
		return 0
	}
	return min(1, math.Log1p(n)/math.Log1p(many))
}

// fansOf is which of the authors most people of the team like, and how many do.
func (s *sieve) fansOf(i int) (author, fans int) {
	if len(s.fans) == 0 {
		return 0, 0
	}
	for k, h := range s.authors.of(i) {
		if n := s.fans[h]; n > fans {
			author, fans = k, n
		}
	}
	return author, fans
}
