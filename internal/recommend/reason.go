package recommend

import (
	"cmp"
	"fmt"
	"slices"

	"paperboy/internal/chat"
	"paperboy/internal/english"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// Reason is one thing that spoke for a paper, for any face to put into words.
type Reason struct {
	Kind   ReasonKind
	Topics []string   // of Matches: as typed, the one it suits best first
	Count  int        // of Upvotes and TeamVotes votes, of Fans people
	Author string     // of Fans: as the paper has it
	Source string     // of Upvotes and Listing: where
	Sort   paper.Kind // of Listing: how
	Weight float64    // what of the score it made
}

// ReasonKind says what spoke for a paper.
type ReasonKind string

// The kinds of reasons.
const (
	Matches   ReasonKind = "matches"
	Upvotes   ReasonKind = "upvotes"
	TeamVotes ReasonKind = "team votes"
	Fans      ReasonKind = "fans"
	Listing   ReasonKind = "listing" // that it was listed at all, where there is nothing else, or a new version
)

// faint is the share of the strongest reason's weight below which votes of
// strangers go without saying.
const faint = 0.1

// reasons is what made the score of a paper, the strongest first.
func (s *sieve) reasons(m match, f Features, model Model) (list []Reason) {
	i := int(m.index)
	score := model(f)
	add := func(r Reason, without Features) {
		r.Weight = max(0, score-model(without))
		list = append(list, r)
	}
	without := func(change func(*Features)) Features { g := f; change(&g); return g }

	if topics := s.topicsOf(m); len(topics) > 0 {
		add(Reason{Kind: Matches, Topics: topics}, without(func(g *Features) { g.Topic = 0 }))
	}
	if n := s.teamVotes(i); n > 0 {
		add(Reason{Kind: TeamVotes, Count: n}, without(func(g *Features) { g.TeamVotes = 0 }))
	}
	if k, n := s.fansOf(i); n > 0 {
		add(Reason{Kind: Fans, Count: n, Author: s.papers[i].Authors[k]}, without(func(g *Features) { g.Fans = 0 }))
	}
	if source, n := upvotes(s.papers[i].Sightings); n > 0 {
		add(Reason{Kind: Upvotes, Count: n, Source: source}, without(func(g *Features) { g.Votes = 0 }))
	}
	slices.SortStableFunc(list, func(a, b Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	list = slices.DeleteFunc(list, func(r Reason) bool { return r.Kind == Upvotes && r.Weight < faint*list[0].Weight })
	if l := s.listing(i); len(list) == 0 || l.Sort == paper.Replace {
		add(l, without(func(g *Features) { g.Freshness = 0 }))
	}
	return list
}

// topicsOf is the topics that find a paper, the one it suits best first.
func (s *sieve) topicsOf(m match) (topics []string) {
	add := func(n int) {
		if q := s.w.Topics[n].Query; q != team.Everything && !slices.Contains(topics, q) {
			topics = append(topics, q)
		}
	}
	add(int(m.best))
	for n := range min(len(s.w.Topics), 63) { // beyond, bits are shared
		if m.topics&bit(n) != 0 {
			add(n)
		}
	}
	return topics
}

// upvotes is the source where a paper has most votes.
func upvotes(sightings []paper.Sighting) (source string, votes int) {
	for _, s := range sightings {
		if s.Votes > votes {
			source, votes = s.Source, s.Votes
		}
	}
	return source, votes
}

// listing is the first of the lists that brought the paper here.
func (s *sieve) listing(i int) Reason {
	r := Reason{Kind: Listing}
	first := listing{day: s.to + 1}
	for _, l := range s.listings.of(i) {
		if s.lacks(l) == Passes && l.day < first.day {
			first = l
			r.Source, r.Sort = s.sources[l.source], l.kind
		}
	}
	return r
}

// Text is the reason in plain words. label turns the name of a source into what
// people write; nil leaves names as they are.
func (r Reason) Text(label func(source string) string) chat.Text {
	source := r.Source
	if label != nil {
		source = cmp.Or(label(r.Source), r.Source)
	}
	switch r.Kind {
	case Matches:
		return matches(r.Topics)
	case Upvotes:
		return chat.Plain(english.Count(r.Count, "upvote") + " on " + source)
	case TeamVotes:
		return chat.Plain(english.Count(r.Count, "vote") + " here")
	case Fans:
		if r.Count == 1 {
			return chat.Plain("one of you liked papers by " + r.Author)
		}
		return chat.Plain(fmt.Sprintf("%d of you liked papers by %s", r.Count, r.Author))
	}
	return chat.Plain(listedAs(r.Sort, r.Source, source))
}

// matches names two topics and counts the rest.
func matches(topics []string) chat.Text {
	t := chat.Plain("matches ")
	for i, topic := range topics[:min(len(topics), 2)] {
		switch {
		case i == 1 && len(topics) == 2:
			t = append(t, chat.Span{Text: " and "})
		case i == 1:
			t = append(t, chat.Span{Text: ", "})
		}
		t = append(t, chat.Span{Text: topic, Style: chat.Italic})
	}
	if more := len(topics) - 2; more > 0 {
		t = append(t, chat.Span{Text: " and " + english.Count(more, "more topic")})
	}
	return t
}

func listedAs(kind paper.Kind, name, label string) string {
	switch {
	case name == team.SourceName:
		return "shared by one of you"
	case kind == paper.New:
		return "new on " + label
	case kind == paper.Cross:
		return "cross-listed on " + label
	case kind == paper.Replace:
		return "new version on " + label
	}
	return "listed on " + label
}

// maxReasons is how many reasons are said of one paper.
const maxReasons = 3

// Why is the strongest reasons in one line: "matches mixture of experts · 162
// upvotes on Hugging Face".
func Why(reasons []Reason, label func(source string) string) (t chat.Text) {
	for i, r := range reasons[:min(len(reasons), maxReasons)] {
		if i > 0 {
			t = append(t, chat.Span{Text: " · "})
		}
		t = append(t, r.Text(label)...)
	}
	return t
}
