package picks

import (
	"context"
	"fmt"
	"time"

	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/english"
	"paperboy/internal/paper"
	"paperboy/internal/recommend"
	"paperboy/internal/search"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// Due is a channel with the slot to plan and the one after it.
type Due struct {
	Channel team.Channel
	Slot    team.Slot
	Next    team.Slot
	// Repeats are papers that the channel turned out to have been shown.
	Repeats []paper.ID
}

// Plans makes the plans of some channels. What is wrong with one concerns that
// one alone: it comes back in failed, by the channel's ID.
func (r *Round) Plans(ctx context.Context, due []Due) (plans []store.Plan, failed map[string]error, err error) {
	ids := make([]string, len(due))
	for i, d := range due {
		ids[i] = d.Channel.ID
	}
	shown, err := r.picker.store.Shown(ctx, ids, date.Of(r.now.UTC()).AddDays(-recall))
	if err != nil {
		return nil, nil, err
	}
	failed = map[string]error{}
	chosen := make([]choice, 0, len(due))
	var needed []paper.ID
	for _, d := range due {
		c, err := r.choose(ctx, d, append(shown[d.Channel.ID], d.Repeats...))
		if err != nil {
			failed[d.Channel.ID] = err
			continue
		}
		chosen = append(chosen, c)
		needed = append(needed, c.papers()...)
	}
	full, err := r.papers(ctx, needed)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range chosen {
		plan, err := r.plan(ctx, c, full)
		if err != nil {
			failed[c.due.Channel.ID] = err
			continue
		}
		plans = append(plans, plan)
	}
	return plans, failed, nil
}

// choice is what is picked for a channel, or why nothing is.
type choice struct {
	due   Due
	want  recommend.Want
	picks []recommend.Pick
	note  string
}

func (c choice) papers() (ids []paper.ID) {
	for _, p := range c.picks {
		ids = append(ids, p.Paper)
	}
	return ids
}

func (r *Round) choose(ctx context.Context, d Due, shown []paper.ID) (choice, error) {
	want, err := r.want(ctx, d.Channel, d.Slot.Day, shown)
	if err != nil {
		return choice{}, err
	}
	c := choice{due: d, want: want, picks: r.pool.Choose(want, r.model())}
	if len(c.picks) == 0 {
		c.note, err = r.emptiness(ctx, d.Channel, want)
	}
	return c, err
}

// papers reads papers with their texts, by ID.
func (r *Round) papers(ctx context.Context, ids []paper.ID) (map[paper.ID]paper.Paper, error) {
	papers, err := r.picker.store.Papers(ctx, distinct(ids))
	if err != nil {
		return nil, err
	}
	full := make(map[paper.ID]paper.Paper, len(papers))
	for _, p := range papers {
		full[p.ID] = p
	}
	return full, nil
}

func distinct(ids []paper.ID) []paper.ID {
	seen := make(map[paper.ID]bool, len(ids))
	kept := ids[:0:0]
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	return kept
}

func (r *Round) plan(ctx context.Context, c choice, full map[paper.ID]paper.Paper) (store.Plan, error) {
	d := c.due
	plan := store.Plan{
		Channel: d.Channel, Team: r.picker.Team(d.Channel), Slot: d.Slot, Next: d.Next, At: r.now,
		Note: c.note, Thread: d.Channel.Prefs.Layout == team.Thread, Expires: expiry(d.Slot, r.now),
	}
	for _, p := range c.picks {
		plan.Picks = append(plan.Picks, store.Pick{Paper: p.Paper, Why: recommend.Why(p.Reasons, r.label).String()})
	}
	plan.Messages = layOut(d.Channel.Prefs, d.Slot.Day, r.cards(c, full))
	for i := range plan.Messages {
		m := &plan.Messages[i]
		m.Key = fmt.Sprintf("%s/%d", Batch(d.Channel, d.Slot), i)
		if err := r.picker.store.FitButtons(ctx, m); err != nil {
			return plan, err
		}
	}
	return plan, nil
}

// lastChance is how long messages may take that are planned very late.
const lastChance = time.Hour

// expiry is when messages of a slot that is planned now are too late.
func expiry(s team.Slot, now time.Time) time.Time {
	limit := s.At.Add(team.Limit)
	if late := now.Add(lastChance); limit.Before(late) {
		return late
	}
	return limit
}

// cards are those of the picks, numbered from 1.
func (r *Round) cards(c choice, full map[paper.ID]paper.Paper) []chat.Card {
	cards := make([]chat.Card, len(c.picks))
	for i, p := range c.picks {
		cards[i] = card.Of(full[p.Paper], c.want.Team.Votes[p.Paper], r.picker.options.Labels, search.Parse(topicOf(p)))
		cards[i].Number = i + 1
		cards[i].Why = recommend.Why(p.Reasons, r.label)
	}
	return cards
}

// topicOf is the topic that a pick suits best; "" if it is one of everything.
func topicOf(p recommend.Pick) string {
	for _, r := range p.Reasons {
		if r.Kind == recommend.Matches {
			return r.Topics[0]
		}
	}
	return ""
}

// layOut makes the messages of a day's cards, the heading in the first.
func layOut(prefs team.Prefs, day date.Date, cards []chat.Card) []chat.Message {
	if len(cards) == 0 {
		return nil
	}
	top := chat.Text{{Text: heading(day), Style: chat.Bold}}
	switch prefs.Layout {
	case team.Letter:
		return []chat.Message{{Text: letterhead(prefs.Schedule, day, len(cards)), Cards: cards}}
	case team.Digest:
		return []chat.Message{{Text: top, Cards: cards, Foot: howToVote(len(cards))}}
	case team.Thread:
		all := []chat.Message{{Text: append(top, chat.Span{Text: ": " + english.Count(len(cards), "paper") + " in the thread."})}}
		return append(all, oneByOne(cards)...)
	}
	all := oneByOne(cards)
	all[0].Text = top
	return all
}

// letterhead is "3 papers for today · Monday, 2 March".
func letterhead(s team.Schedule, day date.Date, n int) chat.Text {
	of := " for today"
	if s.Weekly() {
		of = " of the week"
	}
	return chat.Text{{Text: english.Count(n, "paper") + of, Style: chat.Bold}, {Text: " · " + day.Start(time.UTC).Format("Monday, 2 January")}}
}

func oneByOne(cards []chat.Card) []chat.Message {
	all := make([]chat.Message, len(cards))
	for i, c := range cards {
		all[i].Cards = []chat.Card{c}
	}
	return all
}

// howToVote is the foot of a digest.
func howToVote(n int) chat.Text {
	switch n {
	case 1:
		return chat.Plain("React with 1️⃣ to vote for it.")
	case 2:
		return chat.Plain("React with 1️⃣ or 2️⃣ to vote for a paper.")
	}
	last := "🔟"
	if n < 10 {
		last = string(rune('0'+n)) + "\ufe0f\u20e3"
	}
	return chat.Plain("React with 1️⃣ to " + last + " to vote for a paper.")
}
