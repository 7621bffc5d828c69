package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/english"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/store"
)

// pageSize is how many papers an answer shows: enough to choose from, and with
// a card each still within what every platform takes in one message.
const pageSize = 10

// longDay is how a day is written in a sentence.
const longDay = "Monday, 2 January 2006"

// page says which part of a list a is about.
func (a ask) page() store.Page { return store.Page{Offset: a.offset, Limit: pageSize} }

// list answers with one page of papers under a heading.
func (b *Bot) list(ctx context.Context, a ask, heading string, l store.Listing) (chat.Message, error) {
	papers, err := b.store.Papers(ctx, l.Papers)
	if err != nil {
		return chat.Message{}, err
	}
	cards, err := b.cards(ctx, a.team, papers, a.offset+1, search.Query{}, nil)
	if err != nil {
		return chat.Message{}, err
	}
	return a.paged(heading, cards, l.Total), nil
}

// paged puts cards under a heading, with buttons for the pages around them.
func (a ask) paged(heading string, cards []chat.Card, total int) chat.Message {
	m := chat.Message{Text: chat.Text{{Text: heading, Style: chat.Bold}}, Cards: cards, Replace: a.offset > 0}
	if total > pageSize {
		m.Foot = chat.Plain(a.span(cards) + " of " + english.Thousands(total))
	}
	if a.offset > 0 {
		m.Buttons = append(m.Buttons, chat.Button{Label: "Previous", Action: a.turn(max(0, a.offset-pageSize)), Does: chat.Prev})
	}
	if next := a.offset + pageSize; next < total && len(cards) > 0 {
		m.Buttons = append(m.Buttons, chat.Button{Label: "Next", Action: a.turn(next), Does: chat.Next})
	}
	return m
}

// span says which of all results the cards are.
func (a ask) span(cards []chat.Card) string {
	return english.Thousands(a.offset+1) + " to " + english.Thousands(a.offset+len(cards))
}

// turn is the action of a button that leads to another page of the same answer.
func (a ask) turn(offset int) string {
	return fmt.Sprintf("page %d %s", offset, a.Text)
}

// welcome answers an empty /papers: the top three of today and short help.
func (b *Bot) welcome(ctx context.Context, a ask) (chat.Message, error) {
	today := b.today(a)
	heading := "Papers of " + written(today)
	listing, err := b.store.Listed(ctx, a.team, today, today, store.Page{Limit: 3})
	if err == nil && listing.Total == 0 {
		heading, listing, err = b.lately(ctx, a, today)
	}
	if err != nil {
		return chat.Message{}, err
	}
	m, err := b.list(ctx, a, heading, listing)
	if err != nil {
		return chat.Message{}, err
	}
	m.Buttons, m.Foot = nil, shortHelp()
	return m, nil
}

// lately is what a day without papers is greeted with: the top three of the
// month up to the last day that had some.
func (b *Bot) lately(ctx context.Context, a ask, today date.Date) (string, store.Listing, error) {
	latest, err := b.store.LatestDay(ctx, today)
	if err != nil {
		return "", store.Listing{}, err
	}
	if latest.IsZero() {
		return "", store.Listing{}, errEmptyFeed
	}
	listing, err := b.store.Listed(ctx, a.team, latest.AddDays(-29), latest, store.Page{Limit: 3})
	return "Nothing is listed for today yet. The most upvoted papers up to " + written(latest), listing, err
}

// today is the day that it is for the people here.
func (b *Bot) today(a ask) date.Date { return b.dayOf(a.At) }

// dayOf is the day that a moment has for the people here.
func (b *Bot) dayOf(at time.Time) date.Date { return date.Of(at.In(b.options.Zone)) }

// day is the command for the day so many days from today.
func day(away int) func(*Bot, context.Context, ask) (chat.Message, error) {
	return func(b *Bot, ctx context.Context, a ask) (chat.Message, error) {
		if a.args != "" {
			return chat.Message{}, errSearchInstead
		}
		return b.dayPage(ctx, a, b.today(a).AddDays(away))
	}
}

func (b *Bot) anyDay(ctx context.Context, a ask) (chat.Message, error) {
	d, err := date.Parse(a.args)
	if err != nil {
		return chat.Message{}, errSearchInstead
	}
	return b.dayPage(ctx, a, d)
}

func (b *Bot) dayPage(ctx context.Context, a ask, d date.Date) (chat.Message, error) {
	a.Text = "day " + d.String() // its next page is of this day, also after midnight
	heading, listing, err := b.dayOrLatest(ctx, a, d, a.page())
	if err != nil {
		return chat.Message{}, err
	}
	return b.list(ctx, a, heading, listing)
}

// dayOrLatest lists the papers of a day. If it has none, as on weekends and
// before the sources are up in the morning, it is the last day before it that
// has some, and the heading says so.
func (b *Bot) dayOrLatest(ctx context.Context, a ask, d date.Date, page store.Page) (string, store.Listing, error) {
	listing, err := b.store.Listed(ctx, a.team, d, d, page)
	if err != nil || listing.Total > 0 {
		return "Papers of " + written(d), listing, err
	}
	latest, err := b.store.LatestDay(ctx, d)
	if err != nil {
		return "", store.Listing{}, err
	}
	if latest.IsZero() {
		return "", store.Listing{}, advice("The feed has no papers of " + written(d) + " or before. It fills as its sources are read, or add one yourself: /papers add <link>")
	}
	listing, err = b.store.Listed(ctx, a.team, latest, latest, page)
	return fmt.Sprintf("Nothing is listed for %s. The last papers before are of %s", written(d), written(latest)), listing, err
}

func written(d date.Date) string { return d.Start(time.UTC).Format(longDay) }

const errEmptyFeed = advice("The feed is empty. It fills as its sources are read, or add a paper yourself: /papers add <link>")

// lastDays is the command for the days up to and including today.
func lastDays(n int) func(*Bot, context.Context, ask) (chat.Message, error) {
	return func(b *Bot, ctx context.Context, a ask) (chat.Message, error) {
		if a.args != "" {
			return chat.Message{}, errSearchInstead
		}
		return b.lastDays(ctx, a, n)
	}
}

func (b *Bot) lastDays(ctx context.Context, a ask, n int) (chat.Message, error) {
	to := b.today(a)
	heading := fmt.Sprintf("Papers of the last %d days", n)
	listing, err := b.store.Listed(ctx, a.team, to.AddDays(1-n), to, a.page())
	if err != nil {
		return chat.Message{}, err
	}
	if listing.Total > 0 {
		return b.list(ctx, a, heading, listing)
	}
	to, err = b.store.LatestDay(ctx, to)
	if err != nil {
		return chat.Message{}, err
	}
	if to.IsZero() {
		return chat.Message{}, errEmptyFeed
	}
	from := to.AddDays(1 - n)
	listing, err = b.store.Listed(ctx, a.team, from, to, a.page())
	if err != nil {
		return chat.Message{}, err
	}
	heading = fmt.Sprintf("Nothing is listed for the last %d days. The last papers before are of %s to %s", n, written(from), written(to))
	return b.list(ctx, a, heading, listing)
}

// periods are what may follow top, in days; 0 is all time.
var periods = []struct {
	word    string
	days    int
	heading string
}{
	{"day", 1, "today"},
	{"week", 7, "in the last 7 days"},
	{"month", 30, "in the last 30 days"},
	{"all", 0, "so far"},
}

// top lists what the team voted for.
func (b *Bot) top(ctx context.Context, a ask) (chat.Message, error) {
	word := a.args
	if word == "" {
		word = "week"
	}
	for _, p := range periods {
		if strings.EqualFold(p.word, word) {
			return b.topSince(ctx, a, p.days, p.heading)
		}
	}
	return chat.Message{}, errSearchInstead
}

func (b *Bot) topSince(ctx context.Context, a ask, days int, when string) (chat.Message, error) {
	var since time.Time
	if days > 0 {
		since = b.today(a).AddDays(1 - days).Start(b.options.Zone)
	}
	listing, err := b.store.Top(ctx, a.team, since, a.page())
	if err != nil {
		return chat.Message{}, err
	}
	if listing.Total > 0 {
		return b.list(ctx, a, "Voted for here "+when, listing)
	}
	return b.popularInstead(ctx, a, days, when)
}

// popularInstead is what a team without votes sees: what is upvoted elsewhere,
// in the same period or, if that has nothing, at any time.
func (b *Bot) popularInstead(ctx context.Context, a ask, days int, when string) (chat.Message, error) {
	to := b.today(a)
	listing, err := b.store.Listed(ctx, a.team, to.AddDays(1-days), to, a.page())
	if err == nil && (days == 0 || listing.Total == 0) {
		listing, err = b.store.Listed(ctx, a.team, date.Date{}, to, a.page())
	}
	if err != nil {
		return chat.Message{}, err
	}
	if listing.Total == 0 {
		return chat.Message{}, errEmptyFeed
	}
	m, err := b.list(ctx, a, "Nobody here has voted "+when+". ", listing)
	m.Text = append(m.Text, chat.Span{Text: "Upvote a paper and it will stand here. Meanwhile, the most upvoted papers of the feed:"})
	return m, err
}

// saved lists what a person put on their own list.
func (b *Bot) saved(ctx context.Context, a ask) (chat.Message, error) {
	if a.args != "" {
		return chat.Message{}, errSearchInstead
	}
	listing, err := b.store.Saved(ctx, a.By, a.page())
	if err != nil {
		return chat.Message{}, err
	}
	if listing.Total == 0 {
		return chat.Message{}, advice("Your list is empty. Save a paper with its button or with /papers save <link or id>.")
	}
	return b.list(ctx, a, "Your saved papers", listing)
}

// search answers a query. The name of a paper, such as a link, means that paper.
func (b *Bot) search(ctx context.Context, a ask) (chat.Message, error) {
	if ref, ok := paper.ParseID(a.Text); ok {
		return b.one(ctx, a, ref)
	}
	query := search.Parse(a.Text)
	began := time.Now()
	results, err := b.library.Search(ctx, query, a.team, a.page())
	if err != nil {
		return chat.Message{}, err
	}
	b.metrics.Searched(time.Since(began))
	papers, why, err := b.found(ctx, results.Hits)
	if err != nil {
		return chat.Message{}, err
	}
	if len(papers) == 0 {
		return nothingFound(a, results.Notes), nil
	}
	b.recent.remember(a.By, a.Text)
	cards, err := b.cards(ctx, a.team, papers, a.offset+1, results.Query, why)
	if err != nil {
		return chat.Message{}, err
	}
	total := results.Total
	if results.More {
		total++ // there is another page
	}
	m := a.paged(card.HowMany(results)+" for “"+paper.Line(a.Text, 200)+"”", cards, total)
	if results.More {
		m.Foot = chat.Plain(a.span(cards) + " of more than " + english.Thousands(results.Total))
	}
	for _, note := range results.Notes {
		m.Text = append(m.Text, chat.Span{Text: "\n" + note})
	}
	return m, nil
}

// one shows a single paper by its name.
func (b *Bot) one(ctx context.Context, a ask, ref paper.Ref) (chat.Message, error) {
	p, known, err := b.store.Paper(ctx, ref.ID)
	if err != nil {
		return chat.Message{}, err
	}
	if !known {
		return chat.Message{}, advice(shown(ref) + " is not in the feed. Put it there with /papers add " + paper.Line(a.Text, 200))
	}
	cards, err := b.cards(ctx, a.team, []paper.Paper{p}, 1, search.Query{}, nil)
	return chat.Message{Cards: cards}, err
}

// found reads the papers of hits and puts into words why each matched.
func (b *Bot) found(ctx context.Context, hits []search.Hit) ([]paper.Paper, map[paper.ID]chat.Text, error) {
	ids := make([]paper.ID, len(hits))
	why := make(map[paper.ID]chat.Text)
	for i, h := range hits {
		ids[i] = h.ID
		if len(h.Matched) > 0 {
			why[h.ID] = chat.Text{{Text: "matches "}, {Text: strings.Join(h.Matched, ", "), Style: chat.Italic}}
		}
	}
	papers, err := b.store.Papers(ctx, ids)
	return papers, why, err
}

func nothingFound(a ask, notes []string) chat.Message {
	t := chat.Text{{Text: "No paper matches “" + paper.Line(a.Text, 200) + "”.", Style: chat.Bold}}
	for _, note := range notes {
		t = append(t, chat.Span{Text: " " + note})
	}
	t = append(t, chat.Span{Text: " Fewer words find more; "}, chat.Span{Text: "/papers help", Style: chat.Code}, chat.Span{Text: " shows what can be asked."})
	return chat.Message{Text: t}
}
