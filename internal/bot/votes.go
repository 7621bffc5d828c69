package bot

import (
	"context"
	"strings"

	"paperboy/internal/chat"
	"paperboy/internal/english"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

func (b *Bot) vote(ctx context.Context, a ask) (chat.Message, error) {
	p, err := b.inFeed(ctx, a, "vote <link or id>")
	if err != nil {
		return chat.Message{}, err
	}
	return b.mark(ctx, a, p, false)
}

func (b *Bot) unvote(ctx context.Context, a ask) (chat.Message, error) {
	p, err := b.stored(ctx, a, "unvote <link or id>")
	if err != nil {
		return chat.Message{}, err
	}
	return b.mark(ctx, a, p, true)
}

// mark records a vote made by a button or a typed command, or its withdrawal.
func (b *Bot) mark(ctx context.Context, a ask, p paper.Paper, withdrawn bool) (chat.Message, error) {
	had, err := b.store.HasVoted(ctx, a.By, p.ID)
	if err != nil {
		return chat.Message{}, err
	}
	v := team.Vote{Team: a.team, Paper: p.ID, By: a.By, On: chat.Post{Place: chat.Place{Platform: a.By.Platform}}, Mark: team.ButtonMark, At: a.At, Withdrawn: withdrawn}
	if _, err := b.recordVote(ctx, v); err != nil {
		return chat.Message{}, err
	}
	has, err := b.store.HasVoted(ctx, a.By, p.ID)
	if err != nil {
		return chat.Message{}, err
	}
	votes, err := b.store.Votes(ctx, a.team, []paper.ID{p.ID})
	if err != nil {
		return chat.Message{}, err
	}
	return saying("%s It has %s here.", voteAnswer(p.Title, had, has, withdrawn), english.Count(votes[p.ID], "vote")), nil
}

// voteAnswer says what a press did, from whether the person's vote counted
// before and counts now.
func voteAnswer(title string, had, has, withdrawn bool) string {
	switch {
	case withdrawn && has:
		return "Your reaction on a message still counts for “" + title + "”; take it off there."
	case withdrawn && had:
		return "Your vote for “" + title + "” is taken back."
	case withdrawn:
		return "You had not voted for “" + title + "”."
	case had:
		return "You have voted for “" + title + "” already."
	}
	return "You voted for “" + title + "”."
}

func (b *Bot) recordVote(ctx context.Context, v team.Vote) (bool, error) {
	changed, err := b.store.Vote(ctx, v)
	if changed {
		b.metrics.Voted(v.By.Platform, v.Withdrawn)
	}
	return changed, err
}

// Reacted counts an emoji on a message about papers as a vote, and its removal
// as the vote's withdrawal. On a message about several papers the keycaps 1 to
// 10 tell which is meant; other emoji there mean none in particular.
func (b *Bot) Reacted(ctx context.Context, r chat.Reaction) error {
	papers, err := b.store.PostPapers(ctx, r.Post)
	if err != nil || len(papers) == 0 || disapproves(r.Emoji) {
		return err
	}
	id := papers[0]
	if len(papers) > 1 {
		n, ok := keycap(r.Emoji)
		if !ok || n > len(papers) {
			return nil
		}
		id = papers[n-1]
	}
	_, err = b.recordVote(ctx, team.Vote{
		Team: b.options.Pool.Of(r.Post.Place), Paper: id, By: r.By, On: r.Post, Mark: r.Emoji, At: r.At, Withdrawn: r.Removed,
	})
	return err
}

// disapproves tells the emoji that no one means as an upvote.
func disapproves(emoji string) bool {
	switch emoji {
	case "👎", "-1", "thumbsdown", "❌", "x", "🚫", "no_entry_sign":
		return true
	}
	return false
}

// keycap is the number of 1️⃣ to 🔟, by character or by name.
func keycap(emoji string) (int, bool) {
	for i, name := range []string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "keycap_ten"} {
		digit := string(rune('1' + i))
		if i == 9 {
			digit = "🔟"
		}
		if emoji == name || strings.TrimSuffix(strings.TrimSuffix(emoji, "\u20e3"), "\ufe0f") == digit {
			return i + 1, true
		}
	}
	return 0, false
}
