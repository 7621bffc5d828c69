package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/exchange"
	"paperboy/internal/paper"
	"paperboy/internal/polite"
	"paperboy/internal/search"
	"paperboy/internal/team"
)

// resolvePatience is how long a person waits for a paper's details. What takes
// longer is noted and looked up later.
const resolvePatience = 12 * time.Second

// errUnknown is for a paper that every service asked says it does not know.
var errUnknown = errors.New("no service knows the paper")

// named is the paper that a command's argument names: from the feed if it is
// there, else described by the services that know such papers.
func (b *Bot) named(ctx context.Context, a ask, usage string) (paper.Paper, error) {
	ref, ok := paper.ParseID(a.args)
	if !ok {
		return paper.Paper{}, advice("Which paper? Give a link or an id: /papers " + usage)
	}
	p, known, err := b.store.Paper(ctx, ref.ID)
	if err != nil || known {
		return p, err
	}
	p, err = b.resolve(ctx, ref)
	switch {
	case errors.Is(err, errUnknown):
		return paper.Paper{}, advice("No paper with the name " + shown(ref) + " is known. Please check the link or id.")
	case err != nil:
		b.log.Warn("a paper could not be looked up", "paper", ref.ID, "err", err)
		return paper.Paper{}, advice(shown(ref) + " is not in the feed, and the service that knows it does not answer at the moment. Please try again later.")
	}
	return p, nil
}

// resolve asks the services for one paper.
func (b *Bot) resolve(ctx context.Context, ref paper.Ref) (paper.Paper, error) {
	ctx, cancel := context.WithTimeout(ctx, resolvePatience)
	defer cancel()
	found, err := b.resolvers.Resolve(ctx, []paper.Ref{ref})
	if err != nil {
		return paper.Paper{}, err
	}
	if len(found) == 0 {
		return paper.Paper{}, errUnknown
	}
	return found[0], nil
}

// shown is how a paper without a title is called.
func shown(ref paper.Ref) string {
	if ref.Link != "" {
		return paper.Line(ref.Link, 200)
	}
	return paper.Line(string(ref.ID), 200)
}

// add puts the named paper into the feed, brought by the person.
func (b *Bot) add(ctx context.Context, a ask) (chat.Message, error) {
	ref, ok := paper.ParseID(a.args)
	if !ok {
		return chat.Message{}, advice("Which paper? Give a link or an id: /papers add https://arxiv.org/abs/1706.03762")
	}
	got, err := b.bring(ctx, a.team, ref, a.By, chat.Post{Place: a.In}, a.At)
	if err != nil {
		return chat.Message{}, err
	}
	return b.brought(ctx, a.team, []outcome{got})
}

// outcome is what became of a paper that somebody brought.
type outcome struct {
	ref   paper.Ref
	paper paper.Paper // without a title unless it is in the feed now
	known bool        // was in the feed before
	later bool        // will be looked up
	// private is a link into a private network, which is not followed.
	private bool
}

// bring takes a paper into the feed and records who shared it where. A paper
// whose service does not answer is noted and looked up later.
func (b *Bot) bring(ctx context.Context, of team.ID, ref paper.Ref, by chat.Person, post chat.Post, at time.Time) (outcome, error) {
	o := outcome{ref: ref}
	day := b.today(ask{Command: chat.Command{At: at}})
	p, known, err := b.store.Paper(ctx, ref.ID)
	if err != nil {
		return o, err
	}
	o.known = known
	if !known {
		p, err = b.resolve(ctx, ref)
	}
	switch {
	case errors.Is(err, errUnknown):
		return o, nil
	case errors.Is(err, polite.ErrPrivate):
		o.private = true
		return o, nil
	case err != nil:
		b.log.Warn("a paper could not be looked up and is noted for later", "paper", ref.ID, "err", err)
		o.later = true
		if err := b.store.Want(ctx, ref, day, at); err != nil {
			return o, err
		}
	default:
		p.Sightings = append(slices.Clone(p.Sightings), team.Brought(day))
		if _, err := b.store.SavePapers(ctx, []paper.Paper{p}); err != nil {
			return o, err
		}
		o.paper = p
	}
	return o, b.store.Share(ctx, team.Share{Team: of, Paper: ref.ID, By: by, Post: post, At: at})
}

// brought answers with what became of the papers somebody brought.
func (b *Bot) brought(ctx context.Context, of team.ID, outcomes []outcome) (chat.Message, error) {
	var papers []paper.Paper
	var lines []string
	for _, o := range outcomes {
		switch {
		case o.paper.Title != "" && o.known:
			lines = append(lines, "This one is in the feed already.")
		case o.paper.Title != "":
			lines = append(lines, "Added to the feed.")
		case o.private:
			lines = append(lines, shown(o.ref)+" leads into a private network, where Paperboy does not look.")
		case o.later:
			lines = append(lines, shown(o.ref)+" is noted. The service that knows its title does not answer at the moment; the paper joins the feed as soon as it does.")
		default:
			lines = append(lines, "No paper with the name "+shown(o.ref)+" is known. Please check the link or id.")
		}
		if o.paper.Title != "" {
			papers = append(papers, o.paper)
		}
	}
	cards, err := b.cards(ctx, of, papers, 1, search.Query{}, nil)
	if err != nil {
		return chat.Message{}, err
	}
	return chat.Message{Text: chat.Plain(strings.Join(slices.Compact(lines), "\n")), Cards: cards}, nil
}

// similarShown is how many neighbours similar shows.
const similarShown = 5

func (b *Bot) similar(ctx context.Context, a ask) (chat.Message, error) {
	p, err := b.named(ctx, a, "similar <link or id>")
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
	p, err := b.named(ctx, a, "cite <link or id>, with ris behind it for RIS")
	if err != nil {
		return chat.Message{}, err
	}
	p, err = b.withAuthors(ctx, p)
	if err != nil {
		return chat.Message{}, err
	}
	m := chat.Message{Text: chat.Text{{Text: strings.TrimRight(write(p), "\r\n"), Style: chat.Pre}}}
	if len(p.Authors) == 0 {
		m.Foot = chat.Plain("The authors' names are not known here yet, and the service that knows them does not answer at the moment.")
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
	p, err := b.inFeed(ctx, a, "save <link or id>")
	if err != nil {
		return chat.Message{}, err
	}
	if err := b.store.Save(ctx, a.By, p.ID, a.At); err != nil {
		return chat.Message{}, err
	}
	return saying("Saved “%s”. /papers saved shows your list.", p.Title), nil
}

func (b *Bot) unsave(ctx context.Context, a ask) (chat.Message, error) {
	p, err := b.inFeed(ctx, a, "unsave <link or id>")
	if err != nil {
		return chat.Message{}, err
	}
	was, err := b.store.Unsave(ctx, a.By, p.ID)
	if err != nil {
		return chat.Message{}, err
	}
	if !was {
		return saying("“%s” was not on your list.", p.Title), nil
	}
	return saying("“%s” is off your list.", p.Title), nil
}

// inFeed is named for commands that keep something with a paper: it joins the
// feed if it was not there.
func (b *Bot) inFeed(ctx context.Context, a ask, usage string) (paper.Paper, error) {
	p, err := b.named(ctx, a, usage)
	if err != nil {
		return paper.Paper{}, err
	}
	_, err = b.store.SavePapers(ctx, []paper.Paper{p})
	return p, err
}

func saying(format string, args ...any) chat.Message {
	return chat.Message{Text: chat.Plain(fmt.Sprintf(format, args...))}
}
