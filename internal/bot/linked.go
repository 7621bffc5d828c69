package bot

import (
	"context"
	"slices"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/search"
)

const (
	// manyLinks is from how many links on a message is a list of its own, which
	// cards would bury.
	manyLinks = 3
	// shownFor is how long a paper need not be shown again in the same place.
	shownFor = 30 * time.Minute
)

// Linked takes the papers of a message's links into the feed, as Said does, and
// has them shown as cards unless there are many or they have just been shown.
func (b *Bot) Linked(ctx context.Context, l chat.Linked) ([]chat.Preview, error) {
	links, refs := linkedPapers(l.Links)
	if len(refs) == 0 {
		return nil, nil
	}
	if err := b.recordPost(ctx, l.Post, refs); err != nil {
		return nil, err
	}
	of := b.options.Pool.Of(l.Post.Place)
	outcomes, err := b.bring(ctx, bringing{of, refs, l.By, l.Post, l.At})
	if err != nil || len(l.Links) >= manyLinks {
		return nil, err
	}
	lately, err := b.store.ShownLately(ctx, l.Post, idsOf(refs), l.At.Add(-shownFor))
	if err != nil {
		return nil, err
	}
	var papers []paper.Paper
	for _, o := range outcomes {
		if o.paper.Title != "" && !lately[o.ref.ID] {
			papers = append(papers, o.paper)
		}
	}
	cards, err := b.cards(ctx, of, papers, 1, search.Query{}, nil)
	if err != nil {
		return nil, err
	}
	m := chat.Message{Cards: public(cards)}
	if err := b.store.FitButtons(ctx, &m); err != nil {
		return nil, err
	}
	return previews(links, m.Cards), nil
}

// linkedPapers are the papers that links name, each with its first link.
func linkedPapers(all []string) (links map[paper.ID]string, refs []paper.Ref) {
	links = map[paper.ID]string{}
	for _, link := range all[:min(len(all), linksAtOnce)] {
		ref, ok := paper.ParseID(link)
		if _, known := links[ref.ID]; ok && !known {
			links[ref.ID] = link
			refs = append(refs, ref)
		}
	}
	return links, refs
}

func previews(links map[paper.ID]string, cards []chat.Card) (all []chat.Preview) {
	for _, c := range cards {
		if link, ok := links[c.Paper]; ok {
			all = append(all, chat.Preview{Link: link, Card: c})
		}
	}
	return all
}

// recordPost remembers which papers a message names. Several events may tell of
// it, each of a part: the first is kept, so that a number means one paper.
func (b *Bot) recordPost(ctx context.Context, post chat.Post, refs []paper.Ref) error {
	known, err := b.store.PostPapers(ctx, post)
	if err != nil || len(known) > 0 {
		return err
	}
	return b.store.RecordPost(ctx, post, idsOf(refs))
}

// public are cards as everybody in a place sees them: there they need no numbers
// and no button to share them with the place.
func public(cards []chat.Card) []chat.Card {
	for i := range cards {
		cards[i].Number = 0
		cards[i].Buttons = slices.DeleteFunc(slices.Clone(cards[i].Buttons), func(b chat.Button) bool { return b.Does == chat.Share })
	}
	return cards
}
