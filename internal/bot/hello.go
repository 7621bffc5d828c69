package bot

import (
	"context"
	"errors"
	"time"

	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/team"
)

// Joined says hello in a place that the bot has come into, unless people there
// know it: then they have called it back, and what they follow is posted again.
func (b *Bot) Joined(ctx context.Context, j chat.Joined) (chat.Message, error) {
	resumed, err := b.comeBack(ctx, j)
	if err != nil || resumed > 0 || j.In.Channel == "" || j.Quietly {
		return chat.Message{}, err
	}
	c, err := b.store.Channel(ctx, j.In)
	if err != nil || c.Prefs.Follows() {
		return chat.Message{}, err
	}
	t := chat.Plain("Hello! I bring research papers to where you talk. Three things to type:\n")
	for _, row := range [][2]string{
		{"/papers mixture of experts", "search; only you see the answer"},
		{"/paperboy subscribe mixture of experts", "a few picks here every working day"},
		{"/papers help", "everything else"},
	} {
		t = append(t, line(row[0], row[1])...)
	}
	return chat.Message{Text: t, Foot: chat.Plain("A reaction on a post of mine, or on a link to a paper, is a vote for it.")}, nil
}

// comeBack plans posts again for places that could not be posted to while the
// bot was away, and returns how many they are.
func (b *Bot) comeBack(ctx context.Context, j chat.Joined) (resumed int, err error) {
	gone, err := b.store.GonePlaces(ctx, j.In.Platform, j.In.Space)
	if err != nil {
		return 0, err
	}
	for _, place := range gone {
		if !j.Everywhere && place != j.In {
			continue
		}
		_, err := b.store.ChangeChannel(ctx, place, j.By, j.At, func(c *team.Channel) error {
			if c.Gone == "" || j.Quietly && !c.GoneAt.Before(j.At) {
				return errStays
			}
			c.Gone, c.GoneAt = "", time.Time{}
			c.Next = c.Upcoming(j.At, b.picker.Zone(*c))
			return nil
		})
		switch {
		case errors.Is(err, errStays):
		case err != nil:
			return resumed, err
		default:
			resumed++
		}
	}
	return resumed, nil
}

// errStays leaves a channel as it is.
var errStays = errors.New("the channel stays as it is")

// Left pauses the picks of places that can't be posted to any more, and tells
// whoever subscribed them, unless the bot has left all there is to tell it by.
func (b *Bot) Left(ctx context.Context, l chat.Left) error {
	places := []chat.Place{l.In}
	if l.Everywhere {
		var err error
		if places, err = b.store.Followers(ctx, l.In.Platform, l.In.Space); err != nil {
			return err
		}
	}
	notice := func(c team.Channel) (chat.Message, time.Time) {
		if l.Everywhere {
			return chat.Message{}, time.Time{}
		}
		return card.Stopped(c, l.At), l.At.Add(team.Limit)
	}
	for _, place := range places {
		c, err := b.store.Channel(ctx, place)
		if err != nil {
			return err
		}
		if !c.Prefs.Follows() || c.Gone != "" {
			continue
		}
		if err := b.store.Stop(ctx, place, l.Reason, l.At, notice); err != nil {
			return err
		}
		b.log.Info("a channel can't be posted to any more; its picks are paused", "platform", place.Platform, "place", place.Channel, "reason", l.Reason)
	}
	return nil
}
