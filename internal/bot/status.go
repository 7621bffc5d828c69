package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/english"
	"paperboy/internal/paper"
	"paperboy/internal/picks"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// overview answers /paperboy alone: how the channel is doing, and what to type.
func (b *Bot) overview(ctx context.Context, a ask) (chat.Message, error) {
	m, err := b.status(ctx, a)
	m.Foot = chat.Text{{Text: "/paperboy settings", Style: chat.Code}, {Text: " shows all settings, "},
		{Text: "/paperboy help", Style: chat.Code}, {Text: " how to change them."}}
	return m, err
}

// parkedLately is how long a message that was given up is told of.
const parkedLately = 7 * 24 * time.Hour

// status tells when the channel is posted to next and was last, and what is in
// the way.
func (b *Bot) status(ctx context.Context, a ask) (chat.Message, error) {
	if a.args != "" {
		return chat.Message{}, errSearchInstead
	}
	c, err := b.store.Channel(ctx, a.In)
	if err != nil {
		return chat.Message{}, err
	}
	if !c.Prefs.Follows() {
		return chat.Message{}, errFollowsNothing
	}
	lines := []string{
		fmt.Sprintf("This channel follows %s, with up to %s a day.", someTopics(c.Prefs.Topics), english.Count(c.Prefs.Count, "paper")),
		b.nextPost(c, a.At).String(),
	}
	for _, more := range []func(context.Context, team.Channel, time.Time) ([]string, error){b.lastPost, b.held, b.sourceTroubles} {
		some, err := more(ctx, c, a.At)
		if err != nil {
			return chat.Message{}, err
		}
		lines = append(lines, some...)
	}
	return chat.Message{Text: chat.Plain(strings.Join(lines, "\n"))}, nil
}

// lastPost tells what became of the last slots: of the very last, and of the last
// that had papers.
func (b *Bot) lastPost(ctx context.Context, c team.Channel, now time.Time) (lines []string, err error) {
	const lookBack = 10
	plans, err := b.store.Plans(ctx, c.ID, lookBack)
	if err != nil {
		return nil, err
	}
	if len(plans) == 0 {
		return []string{"Nothing has been posted here yet."}, nil
	}
	loc := b.picker.Zone(c)
	for i, p := range plans {
		if p.Papers > 0 {
			line, err := b.posted(ctx, c, p, now)
			return append(lines, line), err
		}
		if i == 0 {
			lines = append(lines, fmt.Sprintf("Nothing was posted on %s: %s", clock(p.At, now, loc), p.Note))
		}
	}
	return lines, nil
}

// posted tells of a slot with papers, and whether all of them are posted.
func (b *Bot) posted(ctx context.Context, c team.Channel, p store.Planned, now time.Time) (string, error) {
	open, err := b.store.DeliveriesTo(ctx, c.Place, p.PlannedAt)
	if err != nil {
		return "", err
	}
	batch := picks.Batch(team.Channel{ID: c.ID}, p.Slot)
	what := fmt.Sprintf("%s, %s", clock(p.PlannedAt, now, b.picker.Zone(c)), english.Count(p.Papers, "paper"))
	if slices.ContainsFunc(open, func(d store.DeliveryState) bool { return strings.HasPrefix(d.Key, batch) }) {
		return "Last picks: " + what + ", not all of which are posted.", nil
	}
	return "Last post: " + what + ".", nil
}

// held tells of messages that wait or were given up.
func (b *Bot) held(ctx context.Context, c team.Channel, now time.Time) (lines []string, err error) {
	deliveries, err := b.store.DeliveriesTo(ctx, c.Place, now.Add(-parkedLately))
	if err != nil {
		return nil, err
	}
	waiting, why := 0, ""
	var reasons []string
	given := map[string]int{}
	for _, d := range deliveries {
		switch {
		case d.Waiting:
			waiting++
			if d.Reason != "" {
				why = ": " + d.Reason
			}
		default:
			if given[d.Reason]++; given[d.Reason] == 1 {
				reasons = append(reasons, d.Reason)
			}
		}
	}
	if waiting > 0 {
		lines = append(lines, fmt.Sprintf("%s %s waiting to be posted%s.", english.Count(waiting, "message"), english.Are(waiting), why))
	}
	for _, reason := range reasons {
		lines = append(lines, fmt.Sprintf("In the last 7 days %s could not be posted: %s.", english.Count(given[reason], "message"), reason))
	}
	return lines, nil
}

// sourceTroubles tells of sources that the channel looks at and that fail.
func (b *Bot) sourceTroubles(ctx context.Context, c team.Channel, _ time.Time) ([]string, error) {
	return b.picker.Troubles(ctx, c)
}

// preview shows the asker what would be posted now.
func (b *Bot) preview(ctx context.Context, a ask) (chat.Message, error) {
	if a.args != "" {
		return chat.Message{}, errSearchInstead
	}
	c, err := b.store.Channel(ctx, a.In)
	if err != nil {
		return chat.Message{}, err
	}
	if !c.Prefs.Follows() {
		return chat.Message{}, errFollowsNothing
	}
	p, err := b.picker.Preview(ctx, c, a.At)
	if err != nil {
		return chat.Message{}, err
	}
	if len(p.Cards) == 0 {
		return b.foretaste(ctx, a, c, p)
	}
	return chat.Message{
		Text:  chat.Text{{Text: "This would be posted now", Style: chat.Bold}, {Text: ", as " + laidOut(c.Prefs.Layout) + ":"}},
		Cards: p.Cards,
		Foot:  b.nextPost(c, a.At),
	}, nil
}

// foretaste is for a day on which nothing would be posted: it says why, and
// shows what the last day with papers would have given.
func (b *Bot) foretaste(ctx context.Context, a ask, c team.Channel, empty picks.Preview) (chat.Message, error) {
	t := chat.Text{{Text: "Nothing would be posted now.", Style: chat.Bold}, {Text: " " + empty.Note}}
	latest, err := b.store.LatestDay(ctx, date.Of(a.At.In(b.picker.Zone(c))).AddDays(1))
	if err != nil || latest.IsZero() {
		return chat.Message{Text: t}, err
	}
	was, err := b.picker.Taste(ctx, c, latest)
	if err != nil || len(was.Cards) == 0 {
		return chat.Message{Text: t, Foot: b.nextPost(c, a.At)}, err
	}
	t = append(t, chat.Span{Text: "\nFor a taste, with these settings " + written(latest) + " would have given:"})
	return chat.Message{Text: t, Cards: was.Cards, Foot: b.nextPost(c, a.At)}, nil
}

// why tells why a paper was picked for the channel, or was not.
func (b *Bot) why(ctx context.Context, a ask) (chat.Message, error) {
	if _, ok := paper.ParseID(a.args); !ok && a.args != "" {
		return chat.Message{}, errSearchInstead
	}
	ref, p, known, err := b.asked(ctx, a, "/paperboy why <link or id>")
	if err != nil {
		return chat.Message{}, err
	}
	if !known {
		return chat.Message{}, advice(shown(ref) + " is not in the feed, so it could not be picked.")
	}
	c, err := b.store.Channel(ctx, a.In)
	if err != nil {
		return chat.Message{}, err
	}
	t, err := b.picker.Why(ctx, c, p, a.At)
	return chat.Message{Text: append(chat.Text{{Text: "“" + p.Title + "”", Style: chat.Bold}, {Text: ": "}}, t...)}, err
}

// settings shows all preferences of the channel, each with what changes it.
func (b *Bot) settings(ctx context.Context, a ask) (chat.Message, error) {
	switch strings.ToLower(a.args) {
	case "history":
		return b.history(ctx, a)
	case "":
	default:
		return chat.Message{}, errSearchInstead
	}
	c, err := b.store.Channel(ctx, a.In)
	if err != nil {
		return chat.Message{}, err
	}
	p := c.Prefs
	topics := "none"
	if p.Follows() {
		topics = someTopics(p.Topics)
	}
	t := chat.Text{{Text: "Settings of this channel", Style: chat.Bold}, {Text: "\n"}}
	for _, row := range [][2]string{
		{"subscribe <topic>", "topics: " + topics},
		{"schedule 09:00 weekdays", "posted at " + b.when(c)},
		{"count 3", "up to " + english.Count(p.Count, "paper") + " a day"},
		{"layout posts|thread|digest", "laid out as " + string(p.Layout) + ": " + laidOut(p.Layout)},
		{"sources all", "from " + b.sourceNames(p.Sources)},
		{"picks fresh|settled", "from " + listsUpTo(p.Settled)},
		{"min-votes 5", "with " + minimum(p.MinVotes)},
		{"cross-lists on|off", with(!p.NoCross) + " papers that are only cross-listed"},
		{"replacements on|off", with(p.Replaced) + " new versions of older papers"},
	} {
		t = append(t, chat.Span{Text: row[1] + " — "}, chat.Span{Text: "/paperboy " + row[0], Style: chat.Code}, chat.Span{Text: "\n"})
	}
	m := chat.Message{Text: append(t, b.nextPost(c, a.At)...), Foot: chat.Text{{Text: "/paperboy settings history", Style: chat.Code}, {Text: " shows who changed what."}}}
	return b.withForm(ctx, a, c, m), nil
}

func with(are bool) string {
	if are {
		return "with"
	}
	return "without"
}
