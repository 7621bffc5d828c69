package picks

import (
	"context"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/recommend"
	"paperboy/internal/team"
)

// Outlook is what a channel would get next, as far as papers are known now, and
// what each of its filters removes.
type Outlook struct {
	Day      date.Date // of the post
	From, To date.Date // of the lists
	Cards    []chat.Card
	Note     string // why there are no cards, in sentences
	Listed   int    // papers in the lists
	Removed  []Removed
	Left     int
	// Past says that nothing would be picked next, and that this is what the last
	// day with papers would have given, old papers and all.
	Past bool
}

// Removed is what a filter removes.
type Removed struct {
	Label  string // a clause: "of other sources"
	Papers int
}

// Outlook works out what a channel's next post would be: tomorrow's, if it has no
// other day. Nothing is kept.
func (p *Picker) Outlook(ctx context.Context, c team.Channel, now time.Time) (Outlook, error) {
	day := date.Of(now.In(p.Zone(c))).AddDays(1)
	if next := c.Upcoming(now, p.Zone(c)); !next.At.IsZero() {
		day = next.Day
	}
	r, err := p.glance(ctx, now)
	if err != nil {
		return Outlook{}, err
	}
	o, err := r.outlook(ctx, c, day)
	if err != nil || len(o.Cards) > 0 {
		return o, err
	}
	latest, err := p.store.LatestDay(ctx, day)
	if err != nil || latest.IsZero() {
		return o, err
	}
	return p.past(ctx, c, latest, o.Note)
}

// past is the outlook that a channel had on a day long ago.
func (p *Picker) past(ctx context.Context, c team.Channel, day date.Date, note string) (Outlook, error) {
	r, err := p.glance(ctx, day.At(12, 0, time.UTC))
	if err != nil {
		return Outlook{}, err
	}
	o, err := r.outlook(ctx, anytime(c), day)
	o.Past, o.Note = true, note
	return o, err
}

func (r *Round) outlook(ctx context.Context, c team.Channel, day date.Date) (Outlook, error) {
	shown, err := r.picker.shownTo(ctx, c, day)
	if err != nil {
		return Outlook{}, err
	}
	made, err := r.choose(ctx, Due{Channel: c, Slot: team.Slot{Day: day}}, shown)
	if err != nil {
		return Outlook{}, err
	}
	full, err := r.papers(ctx, made.papers())
	if err != nil {
		return Outlook{}, err
	}
	sifted := r.pool.Sift(made.want)
	o := Outlook{
		Day: day, From: made.want.From, To: made.want.To, Cards: r.cards(made, full), Note: made.note,
		Listed: sifted.Listed, Left: sifted.Passed,
	}
	for _, f := range filters {
		if n := sifted.Removed[f.verdict]; n > 0 {
			o.Removed = append(o.Removed, Removed{f.label, n})
		}
	}
	return o, nil
}

// filters are what removes papers, in the order in which they apply.
var filters = []struct {
	verdict recommend.Verdict
	label   string
}{
	{recommend.OtherSource, "of other sources"},
	{recommend.OnlyCrossListed, "only cross-listed"},
	{recommend.OnlyReplaced, "new versions of older papers"},
	{recommend.Shown, "shown here before"},
	{recommend.OffTopic, "off the topics, or listed before they were followed"},
	{recommend.FewVotes, "with too few votes"},
}
