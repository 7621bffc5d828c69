package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/polite"
	"paperboy/internal/search"
	"paperboy/internal/team"
)

// bringing is the act of a person who names papers somewhere.
type bringing struct {
	team team.ID
	refs []paper.Ref
	by   chat.Person
	post chat.Post // its ID is empty for a command
	at   time.Time
}

// add puts the named paper into the feed, brought by the person.
func (b *Bot) add(ctx context.Context, a ask) (chat.Message, error) {
	ref, ok := paper.ParseID(a.args)
	if !ok {
		return chat.Message{}, advice("Which paper? Give a link or an id: /papers add https://arxiv.org/abs/1706.03762")
	}
	outcomes, err := b.bring(ctx, bringing{a.team, []paper.Ref{ref}, a.By, chat.Post{Place: a.In}, a.At})
	if err != nil {
		return chat.Message{}, err
	}
	return b.brought(ctx, a.team, outcomes)
}

// outcome is what became of a paper that somebody brought.
type outcome struct {
	ref   paper.Ref
	paper paper.Paper // without a title unless it is in the feed now
	fate  fate
}

type fate int

const (
	unknown fate = iota // no service knows it
	known               // it was in the feed before
	added               // it is in the feed now
	later               // its service does not answer; it is looked up later
	young               // so new that no service may know it yet; it is looked up later
	private             // a link into a private network, which is not followed
)

// bring takes papers into the feed and records who shared them where. Those
// that cannot be described now are noted and looked up later.
func (b *Bot) bring(ctx context.Context, x bringing) ([]outcome, error) {
	papers, missing, err := b.divide(ctx, x.refs)
	if err != nil {
		return nil, err
	}
	found, failed := b.describe(ctx, missing)
	outcomes := make([]outcome, len(x.refs))
	for i, ref := range x.refs {
		o := outcome{ref: ref}
		if p, ok := papers[ref.ID]; ok {
			o.paper, o.fate = p, known
		} else if p, ok := found[ref.ID]; ok {
			o.paper, o.fate = p, added
		} else {
			o.fate = missed(ref, failed, x.at)
		}
		if err := b.keep(ctx, x, o); err != nil {
			return nil, err
		}
		outcomes[i] = o
	}
	return outcomes, nil
}

// divide tells the papers that are in the feed from those that are not.
func (b *Bot) divide(ctx context.Context, refs []paper.Ref) (map[paper.ID]paper.Paper, []paper.Ref, error) {
	there, err := b.store.Papers(ctx, idsOf(refs))
	if err != nil {
		return nil, nil, err
	}
	papers := byID(there)
	missing := slices.DeleteFunc(slices.Clone(refs), func(ref paper.Ref) bool {
		_, ok := papers[ref.ID]
		return ok
	})
	return papers, missing, nil
}

// describe asks the services for papers. Its error concerns those not found.
func (b *Bot) describe(ctx context.Context, refs []paper.Ref) (map[paper.ID]paper.Paper, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, resolvePatience)
	defer cancel()
	found, err := b.resolvers.Resolve(ctx, refs)
	if err != nil {
		b.log.Warn("papers could not be looked up", "papers", refs, "err", err)
	}
	return byID(found), err
}

func byID(papers []paper.Paper) map[paper.ID]paper.Paper {
	m := make(map[paper.ID]paper.Paper, len(papers))
	for _, p := range papers {
		m[p.ID] = p
	}
	return m
}

// missed is the fate of a paper that was not found; failed is the error of
// asking for it.
func missed(ref paper.Ref, failed error, at time.Time) fate {
	switch {
	case ref.ID.Scheme() == paper.SchemeURL && errors.Is(failed, polite.ErrPrivate):
		return private
	case failed != nil:
		return later
	case newborn(ref.ID, at):
		return young
	}
	return unknown
}

// newborn reports whether an arXiv id is of this month or the last: such a
// paper may exist on its page some hours before any service knows it.
func newborn(id paper.ID, at time.Time) bool {
	if id.Scheme() != paper.SchemeArXiv {
		return false
	}
	month, _, _ := strings.Cut(id.Value(), ".")
	return month == at.UTC().Format("0601") || month == at.UTC().AddDate(0, 0, -31).Format("0601")
}

// keep stores what became of one paper.
func (b *Bot) keep(ctx context.Context, x bringing, o outcome) error {
	day := b.dayOf(x.at)
	switch o.fate {
	case unknown, private:
		return nil
	case later, young:
		if err := b.store.Want(ctx, o.ref, day, x.at); err != nil {
			return err
		}
	default:
		if err := b.enlist(ctx, o.paper, day); err != nil {
			return err
		}
	}
	return b.store.Share(ctx, team.Share{Team: x.team, Paper: o.ref.ID, By: x.by, Post: x.post, At: x.at})
}

// brought answers with what became of the papers somebody brought.
func (b *Bot) brought(ctx context.Context, of team.ID, outcomes []outcome) (chat.Message, error) {
	var papers []paper.Paper
	var lines []string
	for _, o := range outcomes {
		lines = append(lines, o.sentence())
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

// sentence says what became of the paper.
func (o outcome) sentence() string {
	switch o.fate {
	case known:
		return "This one is in the feed already."
	case added:
		return "Added to the feed."
	case later:
		return shown(o.ref) + " is noted. The service that knows its title does not answer at the moment; the paper joins the feed as soon as it does."
	case young:
		return shown(o.ref) + " is noted. It is so new that no service knows it yet; it joins the feed as soon as one does."
	case private:
		return shown(o.ref) + " leads into a private network, where Paperboy does not look."
	}
	return "No paper with the name " + shown(o.ref) + " is known. Please check the link or id."
}
