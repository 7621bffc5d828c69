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
	p, err := b.inFeed(ctx, a, "/papers vote <link or id>")
	if err != nil {
		return chat.Message{}, err
	}
	return b.mark(ctx, a, p, false)
}

func (b *Bot) unvote(ctx context.Context, a ask) (chat.Message, error) {
	p, err := b.stored(ctx, a, "/papers unvote <link or id>")
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
	m := team.ByHand(a.team, p.ID, a.By, team.Up, a.At)
	m.Withdrawn = withdrawn
	if _, err := b.record(ctx, m); err != nil {
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

func (b *Bot) record(ctx context.Context, m team.Mark) (bool, error) {
	changed, err := b.store.Mark(ctx, m)
	if changed && m.Kind == team.Up {
		b.metrics.Voted(m.By.Platform, m.Withdrawn)
	}
	return changed, err
}

// Reacted records what an emoji on a message about papers says of them, or that
// it says so no more. On a message about several papers the keycaps 1 to 10 tell
// which is meant; other emoji there mean none in particular.
func (b *Bot) Reacted(ctx context.Context, r chat.Reaction) error {
	if r.Removed && r.By == (chat.Person{}) {
		return b.cleared(ctx, r)
	}
	kind, known := b.options.Emoji.means(r.Emoji)
	number, numbered := keycap(r.Emoji)
	if numbered {
		kind = team.Up
	} else if !known {
		return nil
	}
	m := team.Mark{
		Team: b.options.Pool.Of(r.Post.Place), By: r.By, Kind: kind, On: r.Post, Sign: r.Emoji, At: r.At, Withdrawn: r.Removed, Standing: r.Standing,
	}
	papers, err := b.store.PostPapers(ctx, r.Post)
	if err != nil {
		return err
	}
	if len(papers) == 0 {
		return b.store.MarkStray(ctx, m, number)
	}
	var ok bool
	if m.Paper, ok = team.Meant(papers, number); !ok {
		return nil
	}
	_, err = b.record(ctx, m)
	return err
}

// cleared takes back what reactions on a message said that were taken off for
// everybody.
func (b *Bot) cleared(ctx context.Context, r chat.Reaction) error {
	papers, err := b.store.PostPapers(ctx, r.Post)
	if err != nil {
		return err
	}
	for _, id := range papers {
		if _, err := b.store.ClearMarks(ctx, b.options.Pool.Of(r.Post.Place), r.Post, id, r.Emoji, r.At); err != nil {
			return err
		}
	}
	return nil
}

// Posts are the latest posts about papers on a platform.
func (b *Bot) Posts(ctx context.Context, platform, from string, n int) ([]chat.Post, error) {
	return b.store.LatestPosts(ctx, platform, from, n)
}

// voters tells who voted for a paper.
func (b *Bot) voters(ctx context.Context, a ask) (chat.Message, error) {
	rest, ok := cutWord(a.args, "voted")
	if !ok {
		return chat.Message{}, errSearchInstead
	}
	a.args = strings.TrimSpace(strings.TrimPrefix(rest, "for "))
	p, err := b.stored(ctx, a, "/papers who voted <link or id>")
	if err != nil {
		return chat.Message{}, err
	}
	people, err := b.store.Voters(ctx, a.team, p.ID)
	if err != nil {
		return chat.Message{}, err
	}
	if len(people) == 0 {
		return saying("Nobody here has voted for “%s” yet.", p.Title), nil
	}
	t := chat.Plain("Voted for “" + p.Title + "”: ")
	for i, who := range people {
		if i > 0 {
			t = append(t, chat.Span{Text: ", "})
		}
		t = append(t, chat.Name(who))
	}
	return chat.Message{Text: append(t, chat.Span{Text: "."})}, nil
}

// cutWord is what follows the first word of a line, if that is word.
func cutWord(line, word string) (rest string, ok bool) {
	first, rest := firstWord(line)
	return rest, strings.EqualFold(first, word)
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
