package bot

import (
	"context"

	"paperboy/internal/chat"
)

// Joined says hello in a place that the bot has come into, unless people there
// know it: then they have called it back.
func (b *Bot) Joined(ctx context.Context, j chat.Joined) (chat.Message, error) {
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
