package picks

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
	"paperboy/internal/recommend"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// Preview is what a channel would get if it were planned now.
type Preview struct {
	Cards []chat.Card
	// Note says, if there are no cards, why.
	Note string
}

// Preview works out what a channel would get now. Nothing is kept.
func (p *Picker) Preview(ctx context.Context, c team.Channel, now time.Time) (Preview, error) {
	r, err := p.glance(ctx, now)
	if err != nil {
		return Preview{}, err
	}
	return r.preview(ctx, c, date.Of(now.In(p.Zone(c))))
}

// Taste is what a channel would have got on a day in the past, old papers and
// all: an impression of its settings where Preview has nothing to show.
func (p *Picker) Taste(ctx context.Context, c team.Channel, day date.Date) (Preview, error) {
	r, err := p.glance(ctx, day.At(12, 0, time.UTC))
	if err != nil {
		return Preview{}, err
	}
	return r.preview(ctx, anytime(c), day)
}

// anytime is a channel as if it had followed its topics for ever.
func anytime(c team.Channel) team.Channel {
	c.Prefs.Settled = false
	c.Prefs.Topics = slices.Clone(c.Prefs.Topics)
	for i := range c.Prefs.Topics {
		c.Prefs.Topics[i].Since = date.Date{}
	}
	return c
}

func (r *Round) preview(ctx context.Context, c team.Channel, day date.Date) (Preview, error) {
	shown, err := r.picker.shownTo(ctx, c, day)
	if err != nil {
		return Preview{}, err
	}
	made, err := r.choose(ctx, Due{Channel: c, Slot: team.Slot{Day: day}}, shown)
	if err != nil {
		return Preview{}, err
	}
	full, err := r.papers(ctx, made.papers())
	return Preview{r.cards(made, full), made.note}, err
}

// emptiness says in plain sentences why there is nothing to pick.
func (r *Round) emptiness(ctx context.Context, c team.Channel, want recommend.Want) (string, error) {
	sifted := r.pool.Sift(want)
	quiet, err := r.silence(ctx, c, want)
	if err != nil {
		return "", err
	}
	if sifted.Listed == 0 {
		return joined(fmt.Sprintf("No source listed anything from %s to %s.", short(want.From), short(want.To)), quiet), nil
	}
	text := fmt.Sprintf("Of %s listed from %s to %s, %s.", english.Count(sifted.Listed, "paper"), short(want.From), short(want.To), removed(sifted, want))
	return joined(text, quiet), nil
}

func joined(sentence string, more []string) string {
	return strings.Join(append([]string{sentence}, more...), " ")
}

func short(d date.Date) string { return d.Start(time.UTC).Format("2 January") }

// removed lists what each filter took out.
func removed(s recommend.Sifted, want recommend.Want) string {
	off := [2]string{"is off the topics (or was listed before they were followed)", "are off the topics (or were listed before they were followed)"}
	if followsEverything(want) {
		off = [2]string{"was listed before this channel was subscribed", "were listed before this channel was subscribed"}
	}
	few := " below the minimum of " + english.Count(want.MinVotes, "vote")
	var parts []string
	add := func(n int, says [2]string) {
		switch {
		case n == 1:
			parts = append(parts, "1 "+says[0])
		case n > 1:
			parts = append(parts, english.Thousands(n)+" "+says[1])
		}
	}
	add(s.Removed[recommend.OtherSource], [2]string{"is of other sources", "are of other sources"})
	add(s.Removed[recommend.OnlyCrossListed], [2]string{"is only cross-listed", "are only cross-listed"})
	add(s.Removed[recommend.OnlyReplaced], [2]string{"is a new version of an older paper", "are new versions of older papers"})
	add(s.Removed[recommend.Shown], [2]string{"was shown here before", "were shown here before"})
	add(s.Removed[recommend.OffTopic], off)
	add(s.Removed[recommend.FewVotes], [2]string{"is" + few, "are" + few})
	add(s.Passed, [2]string{"is nearly the same as a paper shown before", "are nearly the same as papers shown before"})
	return english.List(parts, "and")
}

func followsEverything(want recommend.Want) bool {
	return slices.ContainsFunc(want.Topics, func(t recommend.Topic) bool { return t.Query == team.Everything })
}

// silence says of each source that the channel looks at why it may have listed
// nothing: a weekend, a holiday, or that it can't be read.
func (r *Round) silence(ctx context.Context, c team.Channel, want recommend.Want) (sentences []string, err error) {
	for _, name := range r.picker.sources(c.Prefs) {
		if reason, quiet := r.picker.quiet(name, want.To); quiet {
			sentences = append(sentences, reason+".")
		}
	}
	troubles, err := r.picker.Troubles(ctx, c)
	return append(sentences, troubles...), err
}

// Troubles says of each source that the channel looks at and that can't be read
// since when. What the service said is for the log and the command line.
func (p *Picker) Troubles(ctx context.Context, c team.Channel) (sentences []string, err error) {
	states, err := p.store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	loc := p.Zone(c)
	for _, name := range p.sources(c.Prefs) {
		for _, s := range states {
			switch label := p.options.Labels.Of(name); {
			case s.Name != name || s.Failures == 0:
			case s.SucceededAt.IsZero():
				sentences = append(sentences, label+" could not be read yet: every try has failed.")
			default:
				sentences = append(sentences, fmt.Sprintf("%s could not be read lately; the last time was on %s.", label, s.SucceededAt.In(loc).Format("2 January at 15:04")))
			}
		}
	}
	return sentences, nil
}

func (p *Picker) quiet(source string, day date.Date) (string, bool) {
	if p.options.Quiet == nil {
		return "", false
	}
	return p.options.Quiet(source, day)
}

// Why says in sentences why a paper was picked for a channel, or was not, or
// whether it would be now.
func (p *Picker) Why(ctx context.Context, c team.Channel, asked paper.Paper, now time.Time) (chat.Text, error) {
	if picked, ok, err := p.store.Picked(ctx, c.ID, string(asked.ID)); err != nil || ok {
		return wasPicked(picked), err
	}
	if !c.Prefs.Follows() {
		return chat.Plain("This channel follows no topic yet, so nothing is picked for it."), nil
	}
	r, err := p.glance(ctx, now)
	if err != nil {
		return nil, err
	}
	day := date.Of(now.In(p.Zone(c)))
	shown, err := p.shownTo(ctx, c, day)
	if err != nil {
		return nil, err
	}
	want, err := r.want(ctx, c, day, shown)
	if err != nil {
		return nil, err
	}
	i, ok := r.pool.Find(asked.ID)
	if !ok {
		return chat.Plain(p.unlisted(asked, want)), nil
	}
	if verdict := r.pool.Judge(want, i); verdict != recommend.Passes {
		return chat.Plain(p.turnedDown(asked, c, want, i, verdict)), nil
	}
	return r.ranked(want, i), nil
}

func wasPicked(p store.Picked) chat.Text {
	return chat.Plain(fmt.Sprintf("It was pick number %d here on %s: %s.", p.Number, written(p.Day), p.Why))
}

func written(d date.Date) string { return d.Start(time.UTC).Format("Monday, 2 January 2006") }

// unlisted is for papers that no source listed lately.
func (p *Picker) unlisted(asked paper.Paper, want recommend.Want) string {
	day := asked.Day()
	switch {
	case day.IsZero():
		return "No source has listed it, so it is not picked. Picks come from the lists of the last " + fmt.Sprint(reach) + " days."
	case day.Before(want.From):
		return fmt.Sprintf("It was listed on %s. Picks come from the lists of the last %d days, so that nothing old is posted.", written(day), reach)
	}
	return fmt.Sprintf("It was listed on %s, which this channel comes to later.", written(day))
}

// turnedDown says which filter keeps a paper, the one at index i, from a channel.
func (p *Picker) turnedDown(asked paper.Paper, c team.Channel, want recommend.Want, i int, v recommend.Verdict) string {
	switch v {
	case recommend.OtherSource:
		return "None of the sources this channel takes papers from has listed it; those are " + english.List(p.labels(c.Prefs), "and") + "."
	case recommend.OnlyCrossListed:
		return "It was only cross-listed, and cross-lists are switched off here."
	case recommend.OnlyReplaced:
		return "What was listed is a new version of an older paper; new versions are switched off here."
	case recommend.Shown:
		if !want.Shown[asked.ID] {
			return "A paper that is nearly the same has been shown in this channel already."
		}
		return "It has been shared in this channel already."
	case recommend.OffTopic:
		return offTopic(want, i)
	case recommend.FewVotes:
		return fmt.Sprintf("It has %s, and this channel wants at least %d.", english.Count(asked.Votes()+want.Team.Votes[asked.ID], "vote"), want.MinVotes)
	}
	return p.unlisted(asked, want)
}

// topicsNamed is how many topics a sentence names.
const topicsNamed = 5

// offTopic says whether it is the words of the topics or their age that keeps the
// paper at index i out.
func offTopic(want recommend.Want, i int) string {
	var names []string
	for _, t := range want.Topics {
		switch {
		case t.Query == team.Everything:
			return fmt.Sprintf("It was listed before this channel was subscribed, on %s, and nothing old is posted.", written(t.Since))
		case slices.ContainsFunc(t.Hits, func(h recommend.Hit) bool { return h.Index == i }):
			return fmt.Sprintf("It matches “%s”, but was listed before that topic was added, on %s, and nothing old is posted.", t.Query, written(t.Since))
		}
		names = append(names, "“"+t.Query+"”")
	}
	if len(names) == 1 {
		return "It does not match the topic followed here: " + names[0] + "."
	}
	return "It matches none of the topics followed here: " + english.Some(names, topicsNamed, "other", "or") + "."
}

func (p *Picker) labels(prefs team.Prefs) (labels []string) {
	for _, s := range p.sources(prefs) {
		labels = append(labels, p.options.Labels.Of(s))
	}
	return labels
}

// ranked is for papers that pass every filter.
func (r *Round) ranked(want recommend.Want, i int) chat.Text {
	for n, p := range r.pool.Choose(want, r.model()) {
		if p.Index == i {
			t := chat.Plain(fmt.Sprintf("It would be pick number %d if picks were made now: ", n+1))
			return append(append(t, recommend.Why(p.Reasons, r.label)...), chat.Span{Text: "."})
		}
	}
	all := r.pool.Rank(want, r.model())
	for n, p := range all {
		if p.Index == i {
			t := chat.Plain(fmt.Sprintf("It passes all filters and ranks %s of %s; %s a day %s posted, no two about the same. What speaks for it: ",
				ordinal(n+1), english.Thousands(len(all)), english.Thousands(want.Count), english.Are(want.Count)))
			return append(append(t, recommend.Why(p.Reasons, r.label)...), chat.Span{Text: "."})
		}
	}
	return chat.Plain("It passes all filters, but a paper that is nearly the same is ahead of it or was shown before.")
}

// ordinal is 1st, 2nd, 3rd, 4th, 11th, 21st.
func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return english.Thousands(n) + suffix
}
