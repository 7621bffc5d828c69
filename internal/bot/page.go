package bot

import (
	"context"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/team"
)

// Page is the team's page in the browser.
type Page interface {
	// Link is a personal link by which a person signs in, good once and for ten
	// minutes. The page shows them the votes of a team.
	Link(ctx context.Context, by chat.Person, of team.ID) (string, error)
}

// web gives the asker, and nobody else, a link to the page.
func (b *Bot) web(ctx context.Context, a ask) (chat.Message, error) {
	if a.args != "" {
		return chat.Message{}, errSearchInstead
	}
	if b.options.Page == nil {
		return chat.Message{}, advice("The page is switched off here.")
	}
	link, err := b.options.Page.Link(ctx, a.By, a.team)
	if err != nil {
		return chat.Message{}, err
	}
	return chat.Message{
		Text: chat.Text{{Text: "Your page", Style: chat.Bold}, {Text: "\n"}, {Text: link, Link: link}},
		Foot: chat.Plain("This link signs you in, once, within ten minutes. It is for you alone: whoever opens it is you."),
	}, nil
}

// Draft is what a channel would be with a form of its settings that is not handed
// in yet, or what is wrong with which field. Whoever calls it has asked whether the
// person may change the channel. Nothing is kept.
func (b *Bot) Draft(ctx context.Context, f chat.Filled) (team.Channel, map[string]string, error) {
	c, err := b.store.Channel(ctx, f.In)
	if err != nil {
		return c, nil, err
	}
	problems := b.read(f, &c.Prefs, f.By, date.Of(f.At.In(b.picker.Zone(c))))
	c.Gone, c.GoneAt = "", time.Time{}
	return c, problems, nil
}
