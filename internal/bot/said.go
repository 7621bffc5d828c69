package bot

import (
	"context"
	"slices"
	"strings"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
)

// linksAtOnce is how many papers of one message are taken in.
const linksAtOnce = 10

// Said takes the papers that a message names into the feed, so that a reaction
// on the message is a vote for them. Said to the bot alone, they are answered
// with cards, and a message that names none is a search.
func (b *Bot) Said(ctx context.Context, s chat.Said) (chat.Message, error) {
	refs := paper.FindIDs(s.Text)
	refs = refs[:min(len(refs), linksAtOnce)]
	of := b.options.Pool.Of(s.Post.Place)
	if len(refs) == 0 && s.Asked {
		return chat.Message{Text: chat.Plain("There is no paper in this message: no link to one, and no arXiv number or DOI.")}, nil
	}
	if len(refs) == 0 {
		if !s.Direct || strings.TrimSpace(s.Text) == "" {
			return chat.Message{}, nil
		}
		c := chat.Command{Name: "papers", Text: s.Text, By: s.By, In: s.Post.Place, At: s.At}
		_, m := b.guard(ctx, s.Post.Place, func() (string, chat.Message, error) {
			m, err := b.search(ctx, ask{Command: c, team: of})
			return "search", m, err
		})
		return m, nil
	}
	// The post is known before its papers are: a reaction may come while they are
	// still being looked up.
	if err := b.recordPost(ctx, s.Post, refs); err != nil {
		return chat.Message{}, err
	}
	outcomes, err := b.bring(ctx, bringing{of, refs, s.By, s.Post, s.At})
	if err != nil || !s.Direct && !s.Asked {
		return chat.Message{Taken: err == nil && taken(outcomes)}, err
	}
	m, err := b.brought(ctx, of, outcomes)
	if err == nil {
		err = b.store.FitButtons(ctx, &m)
	}
	return m, err
}

// taken reports whether any of the papers is in the feed now.
func taken(outcomes []outcome) bool {
	return slices.ContainsFunc(outcomes, func(o outcome) bool { return o.paper.Title != "" })
}

func idsOf(refs []paper.Ref) (ids []paper.ID) {
	for _, ref := range refs {
		ids = append(ids, ref.ID)
	}
	return ids
}
