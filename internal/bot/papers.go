package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/exchange"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/team"
)

// resolvePatience is how long a person waits for a paper's details. What takes
// longer is noted and looked up later.
const resolvePatience = 12 * time.Second

// errUnknown is for a paper that every service asked says it does not know.
var errUnknown = errors.New("no service knows the paper")

// asked is the paper that a command's argument names, as far as the feed has it.
func (b *Bot) asked(ctx context.Context, a ask, usage string) (ref paper.Ref, p paper.Paper, known bool, err error) {
	ref, ok := paper.ParseID(a.args)
	if !ok {
		return ref, p, false, advice("Which paper? Give a link or an id: " + usage)
	}
	p, known, err = b.store.Paper(ctx, ref.ID)
	return ref, p, known, err
}

// named is the paper that a command's argument names: from the feed if it is
// there, else described by the services that know such papers.
func (b *Bot) named(ctx context.Context, a ask, usage string) (p paper.Paper, known bool, err error) {
	ref, p, known, err := b.asked(ctx, a, usage)
	if err != nil || known {
		return p, known, err
	}
	p, err = b.resolve(ctx, ref)
	switch {
	case errors.Is(err, errUnknown):
		err = advice("No paper with the name " + shown(ref) + " is known. Please check the link or id.")
	case err != nil:
		b.log.Warn("a paper could not be looked up", "paper", ref.ID, "err", err)
		err = advice(shown(ref) + " is not in the feed, and the service that knows it does not answer at the moment. Please try again later.")
	}
	return p, false, err
}

// inFeed is named for commands that keep something with a paper: it joins the
// feed if it was not there.
func (b *Bot) inFeed(ctx context.Context, a ask, usage string) (paper.Paper, error) {
	p, known, err := b.named(ctx, a, usage)
	if err != nil || known {
		return p, err
	}
	return p, b.enlist(ctx, p, b.today(a))
}

// enlist puts a paper into the feed, or tells it that people brought it.
func (b *Bot) enlist(ctx context.Context, p paper.Paper, day date.Date) error {
	p.Sightings = append(slices.Clone(p.Sightings), team.Brought(day))
	_, err := b.store.SavePapers(ctx, []paper.Paper{p})
	return err
}

// stored is named for commands that take something back: a paper that is not in
// the feed has nothing to take.
func (b *Bot) stored(ctx context.Context, a ask, usage string) (paper.Paper, error) {
	ref, p, known, err := b.asked(ctx, a, usage)
	if err == nil && !known {
		err = advice(shown(ref) + " is not in the feed.")
	}
	return p, err
}

// resolve asks the services for one paper.
func (b *Bot) resolve(ctx context.Context, ref paper.Ref) (paper.Paper, error) {
	ctx, cancel := context.WithTimeout(ctx, resolvePatience)
	defer cancel()
	found, err := b.resolvers.Resolve(ctx, []paper.Ref{ref})
	switch {
	case len(found) > 0:
		return found[0], nil
	case err != nil:
		return paper.Paper{}, err
	}
	return paper.Paper{}, errUnknown
}

// shown is how a paper without a title is called.
func shown(ref paper.Ref) string {
	if ref.Link != "" {
		return paper.Line(ref.Link, 200)
	}
	return paper.Line(string(ref.ID), 200)
}

// similarShown is how many neighbours similar shows.
const similarShown = 5

func (b *Bot) similar(ctx context.Context, a ask) (chat.Message, error) {
	p, _, err := b.named(ctx, a, "/papers similar <link or id>")
	if err != nil {
		return chat.Message{}, err
	}
	hits, err := b.library.Similar(ctx, p, similarShown)
	if err != nil {
		return chat.Message{}, err
	}
	papers, why, err := b.found(ctx, hits)
	if err != nil {
		return chat.Message{}, err
	}
	if len(papers) == 0 {
		return chat.Message{}, advice("Nothing in the feed is like “" + p.Title + "” yet.")
	}
	for id, text := range why {
		why[id] = append(chat.Text{{Text: "both have "}}, text[1:]...)
	}
	cards, err := b.cards(ctx, a.team, papers, 1, search.Query{}, why)
	if err != nil {
		return chat.Message{}, err
	}
	return chat.Message{Text: chat.Text{{Text: "Papers like “" + p.Title + "”", Style: chat.Bold}}, Cards: cards}, nil
}

// cite answers with a paper's BibTeX entry, or its RIS record.
func (b *Bot) cite(ctx context.Context, a ask) (chat.Message, error) {
	write := exchange.BibTeX
	if rest, ris := strings.CutSuffix(strings.ToLower(a.args), " ris"); ris {
		a.args, write = a.args[:len(rest)], exchange.RIS
	}
	p, _, err := b.named(ctx, a, "/papers cite <link or id>, with ris behind it for RIS")
	if err != nil {
		return chat.Message{}, err
	}
	p, err = b.withAuthors(ctx, p)
	if err != nil {
		return chat.Message{}, err
	}
	m := chat.Message{Text: chat.Text{{Text: strings.TrimRight(write(p), "\r\n"), Style: chat.Pre}}}
	if len(p.Authors) == 0 {
		m.Foot = chat.Plain("The authors' names are not known here yet.")
	}
	return m, nil
}

// withAuthors asks for the names that a listing left out, as far as they can be
// had now: without them a citation is of little use.
func (b *Bot) withAuthors(ctx context.Context, p paper.Paper) (paper.Paper, error) {
	if len(p.Authors) > 0 {
		return p, nil
	}
	more, err := b.resolve(ctx, paper.Ref{ID: p.ID, Link: p.Link})
	if err != nil {
		b.log.Info("authors could not be looked up", "paper", p.ID, "err", err)
		return p, nil
	}
	p = paper.Merge(p, paper.Clean(more))
	_, err = b.store.SavePapers(ctx, []paper.Paper{p})
	return p, err
}

func (b *Bot) save(ctx context.Context, a ask) (chat.Message, error) {
	p, err := b.inFeed(ctx, a, "/papers save <link or id>")
	if err != nil {
		return chat.Message{}, err
	}
	if _, err := b.record(ctx, team.ByHand(a.team, p.ID, a.By, team.Save, a.At)); err != nil {
		return chat.Message{}, err
	}
	return saying("Saved “%s”. /papers saved shows your list.", p.Title), nil
}

func (b *Bot) unsave(ctx context.Context, a ask) (chat.Message, error) {
	p, err := b.stored(ctx, a, "/papers unsave <link or id>")
	if err != nil {
		return chat.Message{}, err
	}
	was, err := b.store.Unsave(ctx, a.By, p.ID, a.At)
	if err != nil {
		return chat.Message{}, err
	}
	if !was {
		return saying("“%s” was not on your list.", p.Title), nil
	}
	return saying("“%s” is off your list.", p.Title), nil
}

func saying(format string, args ...any) chat.Message {
	return chat.Message{Text: chat.Plain(fmt.Sprintf(format, args...))}
}
