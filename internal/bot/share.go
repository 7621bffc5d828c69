package bot

import (
	"context"
	"errors"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/team"
)

// sharedTwice is how soon a paper is not shared again in the same place: a press
// too many, or two people with one thought.
const sharedTwice = time.Minute

// share shows a paper to everybody in the place, with who it is from. Reactions
// on that post are votes.
func (b *Bot) share(ctx context.Context, a ask) (chat.Message, error) {
	if _, ok := paper.ParseID(a.args); !ok {
		return chat.Message{}, errSearchInstead
	}
	if _, direct := a.In.Person(); direct {
		return chat.Message{}, advice("Here you would share it with yourself alone. Type /papers share <link or id> in the channel that should see it.")
	}
	p, err := b.inFeed(ctx, a, "/papers share <link or id>")
	if err != nil {
		return chat.Message{}, err
	}
	lately, err := b.store.ShownLately(ctx, chat.Post{Place: a.In}, []paper.ID{p.ID}, a.At.Add(-sharedTwice))
	if err != nil {
		return chat.Message{}, err
	}
	if lately[p.ID] {
		return saying("“%s” was shown here a moment ago.", p.Title), nil
	}
	if err := b.post(ctx, a, p); err != nil {
		return chat.Message{}, err
	}
	return saying("Everybody here sees “%s” now.", p.Title), nil
}

// post posts a paper in the name of a person.
func (b *Bot) post(ctx context.Context, a ask, p paper.Paper) error {
	platform, ok := b.platforms[a.In.Platform]
	if !ok {
		return advice("Nothing can be posted here at the moment.")
	}
	cards, err := b.cards(ctx, a.team, []paper.Paper{p}, 1, search.Query{}, nil)
	if err != nil {
		return err
	}
	m := chat.Message{Text: chat.Text{chat.Name(a.By), {Text: " shares a paper:"}}, Cards: public(cards)}
	if err := b.store.FitButtons(ctx, &m); err != nil {
		return err
	}
	post, err := platform.Send(ctx, a.In, m)
	if err != nil {
		return b.notPosted(a, err)
	}
	// It is posted, whatever becomes of the person who waits.
	ctx = context.WithoutCancel(ctx)
	return errors.Join(
		b.store.RecordPost(ctx, post, []paper.ID{p.ID}),
		b.store.Share(ctx, team.Share{Team: a.team, Paper: p.ID, By: a.By, Post: post, At: a.At}),
	)
}

// notPosted says why a post is not there.
func (b *Bot) notPosted(a ask, err error) error {
	var refused *chat.Refused
	switch {
	case errors.As(err, &refused):
		return advice("It could not be posted here: " + refused.Reason + ".")
	case errors.As(err, new(*chat.Throttled)):
		return advice("There is much going on here, and the chat service asks to go slower. Please try again in a minute.")
	case errors.As(err, new(*chat.Unsure)):
		b.log.Warn("it is not known whether a paper was shared", "platform", a.In.Platform, "place", a.In.Channel, "err", err)
		return advice("The chat service did not say whether it was posted. Look before you try again.")
	}
	return err
}
