package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/english"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// set changes one preference and answers with a sentence about it and the next
// post.
func (b *Bot) set(ctx context.Context, a ask, sentence string, do func(*team.Prefs) error) (chat.Message, error) {
	c, err := b.change(ctx, a, func(c *team.Channel) error { return do(&c.Prefs) })
	if err != nil {
		return chat.Message{}, err
	}
	return chat.Message{Text: append(chat.Plain(sentence+" "), b.nextPost(c, a.At)...)}, nil
}

// shown answers a setting's command without a value with the value there is.
func (b *Bot) shown(ctx context.Context, a ask, what func(team.Channel) string) (chat.Message, error) {
	c, err := b.store.Channel(ctx, a.In)
	if err != nil {
		return chat.Message{}, err
	}
	return chat.Message{Text: append(chat.Plain(what(c)+" "), b.nextPost(c, a.At)...)}, nil
}

// schedule says when picks are posted.
func (b *Bot) schedule(ctx context.Context, a ask) (chat.Message, error) {
	if a.args == "" {
		return b.shown(ctx, a, func(c team.Channel) string { return "Picks are posted at " + b.when(c) + "." })
	}
	// Words about no time are a search, also for those who may change nothing.
	if _, err := team.ParseSchedule(team.Default().Schedule, a.args); errors.Is(err, team.ErrNotASchedule) {
		return chat.Message{}, errSearchInstead
	}
	c, err := b.change(ctx, a, func(c *team.Channel) error {
		next, err := team.ParseSchedule(c.Prefs.Schedule, a.args)
		if err != nil {
			return advice(err.Error())
		}
		c.Prefs.Schedule = next
		return nil
	})
	if err != nil {
		return chat.Message{}, err
	}
	t := chat.Plain("Picks are now posted at " + b.when(c) + ". ")
	if loc := b.picker.Zone(c); c.Served(date.Of(a.At.In(loc)), loc) {
		t = append(t, chat.Span{Text: "Today’s picks have been made already. "})
	}
	if c.Prefs.Schedule.SeveralTimes() {
		t = append(t, chat.Span{Text: "A day has one post: of several times a day the first counts. "})
	}
	return chat.Message{Text: append(t, b.nextPost(c, a.At)...)}, nil
}

// when is the schedule in words, with the zone that holds.
func (b *Bot) when(c team.Channel) string {
	s := c.Prefs.Schedule
	if s.Zone == "" && b.picker.Zone(c).String() != "Local" {
		s.Zone = b.picker.Zone(c).String()
	}
	return s.String()
}

// count says how many papers a day are posted.
func (b *Bot) count(ctx context.Context, a ask) (chat.Message, error) {
	if a.args == "" {
		return b.shown(ctx, a, func(c team.Channel) string {
			return "Up to " + english.Count(c.Prefs.Count, "paper") + " a day " + english.Are(c.Prefs.Count) + " posted."
		})
	}
	n, err := strconv.Atoi(a.args)
	if err != nil {
		return chat.Message{}, errSearchInstead
	}
	if n < 1 || n > team.MaxCount {
		return chat.Message{}, advice(fmt.Sprintf("A day can have 1 to %d papers, not %d. To have none for a while, type /paperboy pause", team.MaxCount, n))
	}
	return b.set(ctx, a, "From now on, up to "+english.Count(n, "paper")+" a day "+english.Are(n)+" posted.", func(p *team.Prefs) error {
		p.Count = n
		return nil
	})
}

// laidOut is how picks come, in a sentence.
func laidOut(as team.Layout) string {
	switch as {
	case team.Thread:
		return "a heading with the papers in its thread"
	case team.Digest:
		return "one message with all papers"
	}
	return "one message for each paper"
}

// layout says how picks are laid out.
func (b *Bot) layout(ctx context.Context, a ask) (chat.Message, error) {
	if a.args == "" {
		return b.shown(ctx, a, func(c team.Channel) string { return "Picks come as " + laidOut(c.Prefs.Layout) + "." })
	}
	layout := team.Layout(strings.ToLower(a.args))
	if !slices.Contains(team.Layouts, layout) {
		return chat.Message{}, errSearchInstead
	}
	return b.set(ctx, a, "From now on, picks come as "+laidOut(layout)+".", func(p *team.Prefs) error {
		p.Layout = layout
		return nil
	})
}

// sources says whose lists picks come from.
func (b *Bot) sources(ctx context.Context, a ask) (chat.Message, error) {
	all := append(slices.Clone(b.options.Sources), team.SourceName)
	if a.args == "" {
		return b.shown(ctx, a, func(c team.Channel) string {
			return "Picks come from " + b.sourceNames(c.Prefs.Sources) + ". To choose from: " + english.List(all, "and") + ", which is what people here share."
		})
	}
	chosen, unknown := chosenSources(a.args, all)
	switch {
	case strings.EqualFold(a.args, "all"):
		chosen = nil
	case len(chosen) == 0:
		return chat.Message{}, orSearch(a, noSource(unknown, all))
	case unknown != "":
		return chat.Message{}, advice(noSource(unknown, all))
	}
	return b.set(ctx, a, "From now on, picks come from "+b.sourceNames(chosen)+".", func(p *team.Prefs) error {
		p.Sources = chosen
		return nil
	})
}

// chosenSources are those of all that words name, each once, and the first word
// that names none.
func chosenSources(words string, all []string) (chosen []string, unknown string) {
	for _, w := range strings.FieldsFunc(strings.ToLower(words), func(r rune) bool { return r == ' ' || r == ',' }) {
		switch {
		case slices.Contains(chosen, w), w == "and" && len(chosen) > 0:
		case slices.Contains(all, w):
			chosen = append(chosen, w)
		case unknown == "":
			unknown = w
		}
	}
	return chosen, unknown
}

func noSource(name string, all []string) string {
	return "There is no source “" + paper.Line(name, 60) + "”. To choose from: " + english.List(all, "and") + ", or all for every source that is read."
}

// orSearch is the error for words that are none of a setting's values: after
// /papers they may be a search, after /paperboy they are a mistake.
func orSearch(a ask, mistake string) error {
	if a.Name == "paperboy" {
		return advice(mistake)
	}
	return errSearchInstead
}

func (b *Bot) sourceNames(names []string) string {
	if len(names) == 0 {
		return "all sources that are read"
	}
	labels := make([]string, len(names))
	for i, n := range names {
		labels[i] = b.options.Labels.Of(n)
	}
	return english.List(labels, "and")
}

// freshness says whether picks come from fresh or settled lists.
func (b *Bot) freshness(ctx context.Context, a ask) (chat.Message, error) {
	if a.args == "" {
		return b.shown(ctx, a, func(c team.Channel) string { return "Picks come from " + listsUpTo(c.Prefs.Settled) + "." })
	}
	settled := strings.EqualFold(a.args, "settled")
	if !settled && !strings.EqualFold(a.args, "fresh") {
		return chat.Message{}, errSearchInstead
	}
	return b.set(ctx, a, "From now on, picks come from "+listsUpTo(settled)+".", func(p *team.Prefs) error {
		p.Settled = settled
		return nil
	})
}

func listsUpTo(settled bool) string {
	if settled {
		return "lists up to yesterday, whose votes have settled"
	}
	return "lists up to today"
}

// mostVotes is beyond what any paper gets; a minimum above it is a mistake.
const mostVotes = 10_000

// minVotes says how many votes a paper needs.
func (b *Bot) minVotes(ctx context.Context, a ask) (chat.Message, error) {
	if a.args == "" {
		return b.shown(ctx, a, func(c team.Channel) string {
			return "A paper needs " + atLeast(c.Prefs.MinVotes) + "."
		})
	}
	n, err := strconv.Atoi(a.args)
	if err != nil {
		return chat.Message{}, errSearchInstead
	}
	if n < 0 || n > mostVotes {
		return chat.Message{}, advice(fmt.Sprintf("The minimum can be 0 to %s votes.", english.Thousands(mostVotes)))
	}
	return b.set(ctx, a, "From now on, a paper needs "+atLeast(n)+".", func(p *team.Prefs) error {
		p.MinVotes = n
		return nil
	})
}

// atLeast is a minimum of votes in a sentence.
func atLeast(votes int) string {
	if votes == 0 {
		return "no votes"
	}
	return minimum(votes) + ", at the source and here together"
}

func minimum(votes int) string {
	if votes == 0 {
		return "any number of votes"
	}
	return "at least " + english.Count(votes, "vote")
}

func (b *Bot) crossLists(ctx context.Context, a ask) (chat.Message, error) {
	return b.toggle(ctx, a, "papers that are only cross-listed", func(p *team.Prefs) bool { return !p.NoCross }, func(p *team.Prefs, on bool) { p.NoCross = !on })
}

func (b *Bot) replacements(ctx context.Context, a ask) (chat.Message, error) {
	return b.toggle(ctx, a, "new versions of older papers", func(p *team.Prefs) bool { return p.Replaced }, func(p *team.Prefs, on bool) { p.Replaced = on })
}

// toggle switches something on or off.
func (b *Bot) toggle(ctx context.Context, a ask, what string, get func(*team.Prefs) bool, set func(*team.Prefs, bool)) (chat.Message, error) {
	says := map[bool]string{true: " can be picked", false: " are not picked"}
	switch strings.ToLower(a.args) {
	case "":
		return b.shown(ctx, a, func(c team.Channel) string { return "At the moment, " + what + says[get(&c.Prefs)] + "." })
	case "on", "off":
		on := strings.EqualFold(a.args, "on")
		return b.set(ctx, a, "From now on, "+what+says[on]+".", func(p *team.Prefs) error {
			set(p, on)
			return nil
		})
	}
	return chat.Message{}, errSearchInstead
}

// pause posts nothing until a day, or until somebody resumes.
func (b *Bot) pause(ctx context.Context, a ask) (chat.Message, error) {
	c, err := b.store.Channel(ctx, a.In)
	if err != nil {
		return chat.Message{}, err
	}
	until, err := readDay(a.args, date.Of(a.At.In(b.picker.Zone(c))))
	if err != nil {
		return chat.Message{}, err
	}
	return b.set(ctx, a, "Done.", func(p *team.Prefs) error {
		if !p.Follows() {
			return errFollowsNothing
		}
		p.Paused, p.PausedUntil = true, until
		return nil
	})
}

// furthest is how far ahead a pause may end; later is a typing error.
const furthest = 5 * 366

// readDay reads "until 2026-12-01", "until Monday", "tomorrow"; nothing is no day.
func readDay(text string, today date.Date) (date.Date, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	text = strings.TrimSpace(strings.TrimPrefix(text, "until"))
	if text == "" {
		return date.Date{}, nil
	}
	if text == "tomorrow" {
		return today.AddDays(1), nil
	}
	for n := 1; n <= 7; n++ {
		d := today.AddDays(n)
		if name := strings.ToLower(d.Weekday().String()); text == name || text == name[:3] {
			return d, nil
		}
	}
	day, err := date.Parse(text)
	switch {
	case err != nil && text[0] >= '0' && text[0] <= '9':
		return day, advice("Until when? Say a day like 2026-12-01, or a day of the week: /paperboy pause until Monday")
	case err != nil:
		return day, errSearchInstead
	case !today.Before(day):
		return day, advice(day.String() + " is not in the future. Say the day on which posts begin again: /paperboy pause until " + today.AddDays(7).String())
	case day.Since(today) > furthest:
		return day, advice(day.String() + " is very far away. To pause for good, type /paperboy pause")
	}
	return day, nil
}

// resume posts again, also where nothing could be posted for a while.
func (b *Bot) resume(ctx context.Context, a ask) (chat.Message, error) {
	if a.args != "" {
		return chat.Message{}, errSearchInstead
	}
	running := false
	c, err := b.change(ctx, a, func(c *team.Channel) error {
		if !c.Prefs.Follows() {
			return errFollowsNothing
		}
		running = !c.Prefs.Paused && c.Gone == ""
		c.Prefs.Paused, c.Prefs.PausedUntil = false, date.Date{}
		c.Gone, c.GoneAt = "", time.Time{}
		return nil
	})
	if err != nil {
		return chat.Message{}, err
	}
	says := "Picks are posted again. "
	if running {
		says = "Picks were not paused. "
	}
	return chat.Message{Text: append(chat.Plain(says), b.nextPost(c, a.At)...)}, nil
}
