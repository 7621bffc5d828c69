package bot

import (
	"context"

	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/team"
)

// cards makes the numbered cards of papers, with the team's votes. query, which
// may be empty, says what to highlight; why has a reason per paper.
func (b *Bot) cards(ctx context.Context, of team.ID, papers []paper.Paper, first int, query search.Query, why map[paper.ID]chat.Text) ([]chat.Card, error) {
	ids := make([]paper.ID, len(papers))
	for i, p := range papers {
		ids[i] = p.ID
	}
	votes, err := b.store.Votes(ctx, of, ids)
	if err != nil {
		return nil, err
	}
	cards := make([]chat.Card, len(papers))
	for i, p := range papers {
		cards[i] = card.Of(p, votes[p.ID], b.options.Labels, query)
		cards[i].Number = first + i
		cards[i].Why = why[p.ID]
		cards[i].Buttons = append(cards[i].Buttons, chat.Button{Label: "Share", Action: "share " + string(p.ID), Does: chat.Share})
	}
	return cards, nil
}
