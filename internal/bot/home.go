package bot

import (
	"context"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/english"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

const (
	homePapers   = 3  // of today
	homeSaved    = 5  // of a person's list
	homeChannels = 10 // that a person is shown
	homeAsked    = 40 // that are asked for, since a person may not see all
)

// Home is a person's own page: today's papers, what they saved, their personal
// picks, and the channels that they look after.
func (b *Bot) Home(ctx context.Context, v chat.Visit) []chat.Message {
	in := chat.Direct(v.By)
	a := ask{Command: chat.Command{Name: "papers", By: v.By, In: in, At: v.At}, team: b.options.Pool.Of(in)}
	var parts []chat.Message
	for name, part := range []func(context.Context, ask) (chat.Message, error){b.homeToday, b.homeSaved, b.homePicks} {
		_, m := b.guard(ctx, in, func() (string, chat.Message, error) {
			m, err := part(ctx, a)
			return []string{"home today", "home saved", "home picks"}[name], m, err
		})
		parts = append(parts, m)
	}
	channels, err := b.homeChannels(ctx, a)
	if err != nil {
		return append(parts, b.fault(ctx, in, "home channels", err))
	}
	return append(parts, channels...)
}

func (b *Bot) homeToday(ctx context.Context, a ask) (chat.Message, error) {
	today := b.today(a)
	heading, listing, err := b.dayOrLatest(ctx, a, today, store.Page{Limit: homePapers})
	if err != nil {
		return chat.Message{}, err
	}
	m, err := b.list(ctx, a, heading, listing)
	m.Foot = nil
	m.Cards = public(m.Cards)
	m.Buttons = []chat.Button{{Label: "All of the day", Action: "today"}, {Label: "Search", Action: chat.SearchForm}}
	return m, err
}

func (b *Bot) homeSaved(ctx context.Context, a ask) (chat.Message, error) {
	listing, err := b.store.Saved(ctx, a.By, store.Page{Limit: homeSaved})
	if err != nil {
		return chat.Message{}, err
	}
	if listing.Total == 0 {
		return chat.Message{Text: chat.Text{{Text: "Your list", Style: chat.Bold}, {Text: "\nSave a paper with its button, and it is kept here."}}}, nil
	}
	papers, err := b.store.Papers(ctx, listing.Papers)
	if err != nil {
		return chat.Message{}, err
	}
	t := chat.Text{{Text: "Your list", Style: chat.Bold}, {Text: ", " + english.Count(listing.Total, "paper")}}
	for _, p := range papers {
		t = append(t, chat.Span{Text: "\n• "}, chat.Span{Text: p.Title, Link: p.URL()})
	}
	return chat.Message{Text: t, Buttons: []chat.Button{{Label: "Your whole list", Action: "saved"}}}, nil
}

// homePicks is how picks for the person alone are doing.
func (b *Bot) homePicks(ctx context.Context, a ask) (chat.Message, error) {
	c, err := b.store.Channel(ctx, a.In)
	if err != nil {
		return chat.Message{}, err
	}
	t := chat.Text{{Text: "Picks for you alone", Style: chat.Bold}, {Text: "\n"}}
	if !c.Prefs.Follows() {
		t = append(t, chat.Span{Text: "None yet. Choose topics, and they come to you every working day."})
	} else {
		t = append(t, b.follows(c, a.At)...)
	}
	return chat.Message{Text: t, Buttons: []chat.Button{settingsButton(a.In)}}, nil
}

func (b *Bot) follows(c team.Channel, now time.Time) chat.Text {
	t := chat.Plain("On " + someTopics(c.Prefs.Topics) + ". ")
	return append(t, b.nextPost(c, now)...)
}

// homeChannels are the channels that the person looks after, each with its next
// run. Of others they may not even know that they exist.
func (b *Bot) homeChannels(ctx context.Context, a ask) ([]chat.Message, error) {
	channels, err := b.store.ChannelsOf(ctx, a.In.Platform, a.In.Space, homeAsked)
	if err != nil {
		return nil, err
	}
	var parts []chat.Message
	for _, c := range channels {
		if _, direct := c.Place.Person(); direct || len(parts) == homeChannels {
			continue
		}
		in := a
		in.In = c.Place
		if b.mayManage(ctx, in) != nil {
			continue
		}
		t := chat.Text{chat.Where(c.Place), {Text: ": "}}
		parts = append(parts, chat.Message{Text: append(t, b.follows(c, a.At)...), Buttons: []chat.Button{settingsButton(c.Place)}})
	}
	return parts, nil
}

// settingsButton opens the settings of a place.
func settingsButton(in chat.Place) chat.Button {
	return chat.Button{Label: "Settings", Action: strings.TrimSpace("form settings " + in.Channel)}
}
