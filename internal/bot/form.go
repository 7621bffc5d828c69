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
	"paperboy/internal/team"
)

// The forms, by name.
const (
	settingsForm = "settings"
	searchForm   = "search"
)

// form answers a press that opens a form: "search", "settings" or "settings
// <channel>".
func (b *Bot) form(ctx context.Context, a ask, which string) (string, chat.Message, error) {
	word, channel := firstWord(which)
	switch {
	case word == searchForm:
		return "form", chat.Message{Text: help().Text, Form: &chat.Form{
			Name: searchForm, In: a.In, Title: "Search papers", Submit: "Search",
			Fields: []chat.Field{{Name: "query", Label: "What are you looking for?", Kind: chat.Line, Max: 500,
				Hint: `Words, "a phrase", -without, author:shazeer, cat:cs.LG, since:2024-03, votes:3`}},
		}}, nil
	case word == settingsForm && channel != "":
		a.In.Channel = channel
		fallthrough
	case word == settingsForm:
		if err := b.mayManage(ctx, a); err != nil {
			return "form", chat.Message{}, err
		}
		m, err := b.settings(ctx, a)
		return "form", m, err
	}
	return "form", chat.Message{}, staleButton
}

// withForm puts the form of a channel's settings into an answer, for those who
// may change them.
func (b *Bot) withForm(ctx context.Context, a ask, c team.Channel, m chat.Message) chat.Message {
	if b.mayManage(ctx, a) == nil {
		m.Form = b.channelForm(c, a.At)
	}
	return m
}

// The fields of the settings.
const (
	topicsField   = "topics"
	scheduleField = "schedule"
	countField    = "count"
	layoutField   = "layout"
	sourcesField  = "sources"
	listsField    = "picks"
	votesField    = "min-votes"
	alsoField     = "also"
	pauseField    = "pause"
)

// channelForm shows the settings of a channel as they are.
func (b *Bot) channelForm(c team.Channel, now time.Time) *chat.Form {
	p := c.Prefs
	topics := make([]string, len(p.Topics))
	for i, t := range p.Topics {
		topics[i] = t.Query
	}
	return &chat.Form{
		Name: settingsForm, In: c.Place, Title: "Daily picks", Submit: "Save", Intro: b.nextPost(c, now),
		Fields: []chat.Field{
			{Name: topicsField, Label: "Topics, one a line", Kind: chat.Lines, Values: []string{strings.Join(topics, "\n")}, Optional: true, Max: topicsMax,
				Hint: "Each is a search, such as author:shazeer or cat:cs.LG -survey. A * is everything; none, nothing."},
			{Name: scheduleField, Label: "When", Kind: chat.Line, Values: []string{p.Schedule.Typed()}, Max: 100,
				Hint: "A time, days and a time zone, such as 09:00 weekdays Europe/Berlin; or cron 30 8 * * 1-5."},
			{Name: countField, Label: "Papers a day, at most", Kind: chat.OneOf, Options: numbers(1, team.MaxCount), Values: []string{strconv.Itoa(p.Count)}},
			{Name: layoutField, Label: "Layout", Kind: chat.OneOf, Options: layoutOptions(), Values: []string{string(p.Layout)}},
			{Name: sourcesField, Label: "Sources", Kind: chat.Several, Options: b.sourceOptions(), Values: p.Sources, Optional: true,
				Hint: "None chosen: all that are read."},
			{Name: listsField, Label: "Lists", Kind: chat.OneOf, Options: listOptions, Values: []string{p.Lists()}},
			{Name: votesField, Label: "Votes that a paper needs", Kind: chat.Line, Values: []string{strconv.Itoa(p.MinVotes)}, Max: 6},
			{Name: alsoField, Label: "Also pick", Kind: chat.Several, Options: alsoOptions, Values: also(p), Optional: true},
			{Name: pauseField, Label: "Posting", Kind: chat.OneOf, Options: pauseOptions(p), Values: []string{pausing(p)}},
		},
	}
}

// topicsMax is what a platform's text field takes at most.
const topicsMax = 3000

const (
	crossLists   = "cross-lists"
	replacements = "replacements"
	running      = "running"
	paused       = "paused"
)

var (
	listOptions = []chat.Option{{Value: "fresh", Label: "fresh: up to today"}, {Value: "settled", Label: "settled: up to yesterday, with more votes"}}
	alsoOptions = []chat.Option{{Value: crossLists, Label: "papers that are only cross-listed on arXiv"}, {Value: replacements, Label: "new versions of older papers"}}
)

func layoutOptions() []chat.Option {
	return []chat.Option{
		{Value: string(team.Posts), Label: "posts: one paper a message"},
		{Value: string(team.Thread), Label: "thread: a heading, the papers below it"},
		{Value: string(team.Digest), Label: "digest: all in one message"},
	}
}

func numbers(from, to int) (all []chat.Option) {
	for n := from; n <= to; n++ {
		all = append(all, chat.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
	}
	return all
}

func (b *Bot) sourceOptions() (all []chat.Option) {
	names := append(slices.Clone(b.options.Sources), team.SourceName)
	for _, name := range names[:min(len(names), chat.MaxOptions)] {
		all = append(all, chat.Option{Value: name, Label: b.options.Labels.Of(name)})
	}
	return all
}

func also(p team.Prefs) (all []string) {
	if !p.NoCross {
		all = append(all, crossLists)
	}
	if p.Replaced {
		all = append(all, replacements)
	}
	return all
}

func pausing(p team.Prefs) string {
	if p.Paused {
		return paused
	}
	return running
}

func pauseOptions(p team.Prefs) []chat.Option {
	label := "paused until somebody resumes"
	if p.Paused && !p.PausedUntil.IsZero() {
		label = "paused until " + p.PausedUntil.String()
	}
	return []chat.Option{{Value: running, Label: "as scheduled"}, {Value: paused, Label: label}}
}

// Submitted carries out a form.
func (b *Bot) Submitted(ctx context.Context, f chat.Filled) (v chat.Verdict) {
	began := time.Now()
	a := ask{Command: chat.Command{Name: "papers", By: f.By, In: f.In, At: f.At}, team: b.options.Pool.Of(f.In)}
	if f.In == (chat.Place{}) {
		a.In = chat.Direct(f.By)
		a.team = b.options.Pool.Of(a.In)
	}
	_, v.Answer = b.guard(ctx, a.In, func() (_ string, m chat.Message, err error) {
		switch f.Form {
		case searchForm:
			v.Problems, m, err = b.searched(ctx, a, f.Value("query"))
		case settingsForm:
			a.Name = "paperboy"
			v.Problems, m, err = b.saveSettings(ctx, a, f)
		default:
			err = staleButton
		}
		return "form", m, err
	})
	b.metrics.Command("form", time.Since(began))
	return v
}

func (b *Bot) searched(ctx context.Context, a ask, query string) (map[string]string, chat.Message, error) {
	if strings.TrimSpace(query) == "" {
		return map[string]string{"query": "Type some words to search for."}, chat.Message{}, nil
	}
	a.Text = query
	_, m, err := b.run(ctx, a)
	return nil, m, err
}

// saveSettings changes all that differs in one step, or tells what is wrong with
// which field.
func (b *Bot) saveSettings(ctx context.Context, a ask, f chat.Filled) (problems map[string]string, m chat.Message, err error) {
	c, err := b.change(ctx, a, func(c *team.Channel) error {
		was := c.Prefs.Follows()
		day := date.Of(a.At.In(b.picker.Zone(*c)))
		problems = b.read(f, &c.Prefs, a.By, day)
		if len(problems) > 0 {
			return errProblems
		}
		if !was || c.By.ID == "" {
			c.By = a.By
		}
		c.Gone, c.GoneAt = "", time.Time{}
		return nil
	})
	if len(problems) > 0 {
		return problems, chat.Message{}, nil
	}
	return nil, chat.Message{Text: append(chat.Plain("Saved. "), b.nextPost(c, a.At)...)}, err
}

// errProblems leaves a channel as it was.
const errProblems = advice("some fields can't be as they are")

// read puts what was filled in into the preferences of a channel, and says in
// sentences what is wrong with it. What was not shown stays as it is.
func (b *Bot) read(f chat.Filled, p *team.Prefs, by chat.Person, today date.Date) map[string]string {
	problems := map[string]string{}
	for field, read := range map[string]func() error{
		topicsField:   func() (err error) { p.Topics, err = readTopics(f.Value(topicsField), *p, by, today); return err },
		scheduleField: func() (err error) { p.Schedule, err = readSchedule(f.Value(scheduleField), p.Schedule); return err },
		countField:    func() (err error) { p.Count, err = readNumber(f.Value(countField), 1, team.MaxCount); return err },
		votesField:    func() (err error) { p.MinVotes, err = readNumber(f.Value(votesField), 0, mostVotes); return err },
		layoutField:   func() (err error) { p.Layout, err = readLayout(f.Value(layoutField), p.Layout); return err },
		sourcesField:  func() error { p.Sources = b.readSources(f.Values[sourcesField]); return nil },
		listsField:    func() error { p.Settled = f.Value(listsField) == "settled"; return nil },
		alsoField: func() error {
			p.NoCross, p.Replaced = !slices.Contains(f.Values[alsoField], crossLists), slices.Contains(f.Values[alsoField], replacements)
			return nil
		},
		pauseField: func() error {
			if pause := f.Value(pauseField) == paused; pause != p.Paused {
				p.Paused, p.PausedUntil = pause, date.Date{}
			}
			return nil
		},
	} {
		if !f.Shown(field) {
			continue
		}
		if err := read(); err != nil {
			problems[field] = err.Error()
		}
	}
	return problems
}

func readSchedule(text string, was team.Schedule) (team.Schedule, error) {
	next, err := team.ParseSchedule(was, text)
	if errors.Is(err, team.ErrNotASchedule) {
		err = advice("Say when, such as 09:00 weekdays Europe/Berlin.")
	}
	return next, err
}

func readLayout(text string, was team.Layout) (team.Layout, error) {
	if layout := team.Layout(text); slices.Contains(team.Layouts, layout) {
		return layout, nil
	}
	return was, advice("Choose how the papers are laid out.")
}

// readSources are those of the names that are read; none means all.
func (b *Bot) readSources(names []string) (chosen []string) {
	for _, name := range names {
		if slices.Contains(b.options.Sources, name) || name == team.SourceName {
			chosen = append(chosen, name)
		}
	}
	return chosen
}

// readTopics are the topics of the lines, those that are there already with who
// added them when.
func readTopics(lines string, p team.Prefs, by chat.Person, today date.Date) (topics []team.Topic, err error) {
	for _, line := range strings.Split(lines, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		query, _, err := readTopic(strings.TrimSpace(line))
		if err != nil {
			return p.Topics, err
		}
		topic := team.Topic{Query: query, By: by, Since: today}
		if i, known := p.Topic(query); known {
			topic = p.Topics[i]
		}
		if _, twice := (team.Prefs{Topics: topics}).Topic(query); !twice {
			topics = append(topics, topic)
		}
	}
	if len(topics) > team.MaxTopics {
		return p.Topics, advice(fmt.Sprintf("%d topics are the most.", team.MaxTopics))
	}
	return topics, nil
}

func readNumber(text string, from, to int) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < from || n > to {
		return from, advice(fmt.Sprintf("A number from %d to %d.", from, to))
	}
	return n, nil
}
