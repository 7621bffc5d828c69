package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// Feeds are what can be taken away from the server.
type Feeds interface {
	// Public are the addresses of a feed that everybody may read; ok is false if it
	// needs a secret one.
	Public(f team.Feed) (links team.Links, ok bool)
	// Make makes a secret address, whose links are told this one time.
	Make(ctx context.Context, by chat.Person, of team.ID, f team.Feed, at time.Time) (team.Address, team.Links, error)
	Addresses(ctx context.Context, by chat.Person) ([]team.Address, error)
	ChannelAddresses(ctx context.Context, in chat.Place) ([]team.Address, error)
	// Revoke and RevokeChannel end one address, or all if id is "".
	Revoke(ctx context.Context, by chat.Person, id string) (int64, error)
	RevokeChannel(ctx context.Context, in chat.Place, id string) (int64, error)
	// Export makes a link to all that is kept about a person.
	Export(ctx context.Context, by chat.Person, at time.Time) (link string, until time.Time, err error)
	// Local reports whether the addresses work on the server's own machine alone.
	Local() bool
}

const errNothingServed = advice("Feeds come from Paperboy’s server, and only this console is running. Start it with: paperboy")

// feed tells the addresses of feeds: of papers, or after /paperboy of the
// channel's picks.
func (b *Bot) feed(ctx context.Context, a ask) (chat.Message, error) {
	word, rest := firstWord(a.args)
	if a.Name == "papers" && strings.HasPrefix(strings.ToLower(word), "forward") { // networks, which are searched for
		return chat.Message{}, errSearchInstead
	}
	switch {
	case b.options.Feeds == nil:
		return chat.Message{}, errNothingServed
	case a.Name == "paperboy":
		return b.channelFeed(ctx, a, strings.ToLower(word), rest)
	case word == "":
		return b.feeds(ctx, a)
	case strings.EqualFold(word, "revoke"):
		return b.revoke(rest, func(id string) (int64, error) { return b.options.Feeds.Revoke(ctx, a.By, id) })
	}
	f, err := feedOf(a)
	if err != nil {
		return chat.Message{}, err
	}
	if links, ok := b.options.Feeds.Public(f); ok {
		return chat.Message{Text: append(linked(called(f), links), b.onlyLocal()...)}, nil
	}
	return b.makeFeed(ctx, a, f, "/papers feed")
}

// feedOf is the feed that a line names.
func feedOf(a ask) (team.Feed, error) {
	f := team.Feed{Person: a.By}
	word, rest := firstWord(strings.ToLower(a.args))
	switch {
	case word == "today" && rest == "":
		f.What = team.Today
	case word == "saved" && rest == "":
		f.What = team.List
	case word == "top" && rest == "":
		f.What, f.Query = team.Top, "week"
	case word == "top" && isPeriod(rest):
		f.What, f.Query = team.Top, rest
	default:
		topic, notes, err := readTopic(a.args)
		switch {
		case len(a.args) > team.MaxTopic:
			return f, advice("That is too long for a feed; fewer words find more.")
		case err != nil:
			return f, advice("There is nothing to search for in that. Say it like this: /papers feed mixture of experts")
		case len(notes) > 0:
			return f, advice(strings.Join(notes, " "))
		}
		f.What, f.Query = team.Newest, topic
		if topic == team.Everything {
			f.What, f.Query = team.Today, ""
		}
		if strings.Contains(strings.ToLower(topic), "sort:") {
			f.What = team.Found
		}
	}
	return f, nil
}

func isPeriod(word string) bool {
	for _, p := range periods {
		if p.word == word {
			return true
		}
	}
	return false
}

// called is a feed at the beginning of a sentence.
func called(f team.Feed) string {
	switch f.What {
	case team.Newest:
		return "New papers for “" + f.Query + "”"
	case team.Found:
		return "Papers for “" + f.Query + "”"
	case team.Top:
		for _, p := range periods {
			if p.word == f.Query {
				return "What people here voted for " + p.heading
			}
		}
	case team.Picked:
		return "The picks of this channel"
	case team.List:
		return "Your saved papers"
	}
	return "The papers of the day"
}

// linked shows the addresses of a feed; the first to be copied.
func linked(what string, l team.Links) chat.Text {
	return chat.Text{{Text: what, Style: chat.Bold}, {Text: ": "}, {Text: l.RSS, Link: l.RSS}, {Text: " (RSS; also as "},
		{Text: "Atom", Link: l.Atom}, {Text: " and "}, {Text: "JSON", Link: l.JSON}, {Text: ")\n"}}
}

// onlyLocal warns of addresses that others cannot reach.
func (b *Bot) onlyLocal() chat.Text {
	if !b.options.Feeds.Local() {
		return nil
	}
	return chat.Plain("This address works on Paperboy’s own machine alone, until whoever runs it says under which address others reach it.\n")
}

// feeds shows which feeds there are.
func (b *Bot) feeds(ctx context.Context, a ask) (chat.Message, error) {
	var t chat.Text
	today, public := b.options.Feeds.Public(team.Feed{What: team.Today})
	if public {
		top, _ := b.options.Feeds.Public(team.Feed{What: team.Top, Query: "week"})
		t = append(linked("The papers of the day", today), linked("What people here voted for in the last 7 days", top)...)
		t = append(t, b.onlyLocal()...)
	} else {
		t = chat.Plain("Papers are shown to the team alone, so a feed gets a secret address of your own, which a feed reader can read without signing in.\n")
		t = append(append(t, line("/papers feed today", "the papers of the day")...), line("/papers feed top week", "what people here voted for; also day, month, all")...)
	}
	t = append(t, line("/papers feed mixture of experts", "new papers that match a search")...)
	t = append(t, line("/papers feed saved", "your own list")...)
	all, err := b.options.Feeds.Addresses(ctx, a.By)
	if err != nil {
		return chat.Message{}, err
	}
	return chat.Message{Text: append(t, theirs("Your secret addresses", "/papers feed revoke", all)...)}, nil
}

// theirs lists secret addresses by their names, and says how to end one.
func theirs(heading, revoke string, all []team.Address) chat.Text {
	if len(all) == 0 {
		return nil
	}
	t := chat.Text{{Text: heading, Style: chat.Bold}, {Text: ", which are told only when they are made:\n"}}
	for _, address := range all {
		t = append(t, chat.Span{Text: address.ID, Style: chat.Code},
			chat.Span{Text: " — " + called(address.Feed) + ", made on " + address.MadeAt.UTC().Format("2 January 2006") + "\n"})
	}
	return append(append(t, chat.Span{Text: "To end one: "}), chat.Span{Text: revoke + " " + all[0].ID, Style: chat.Code})
}

// makeFeed makes a secret address and tells it.
func (b *Bot) makeFeed(ctx context.Context, a ask, f team.Feed, command string) (chat.Message, error) {
	address, links, err := b.options.Feeds.Make(ctx, a.By, a.team, f, a.At)
	if errors.Is(err, store.ErrTooManyFeeds) {
		return chat.Message{}, advice(fmt.Sprintf("There are %d secret addresses here already, which is the most. %s revoke and a name ends one; %s lists them.", store.FeedsEach, command, command))
	}
	if err != nil {
		return chat.Message{}, err
	}
	t := append(linked(called(f), links), b.onlyLocal()...)
	t = append(t, chat.Span{Text: "Whoever knows this address can read the feed, so give it to your feed reader alone. It is not shown again. To end it: "},
		chat.Span{Text: command + " revoke " + address.ID, Style: chat.Code})
	return chat.Message{Text: t}, nil
}

// revoke ends the address of a name, or all.
func (b *Bot) revoke(name string, do func(id string) (int64, error)) (chat.Message, error) {
	id := strings.ToLower(strings.Trim(name, "`“”\""))
	if id == "" {
		return chat.Message{}, advice("Which address? Say its name, which stands in the list, or all.")
	}
	all := id == "all"
	if all {
		id = ""
	}
	n, err := do(id)
	switch {
	case err != nil:
		return chat.Message{}, err
	case n == 0 && all:
		return saying("There was no address to end."), nil
	case n == 0:
		return chat.Message{}, advice("There is no address with the name " + paper.Line(name, 40) + "; it may have ended already.")
	case all:
		return saying("%s ended; feed readers that use them get nothing more.", plural(int(n), "address")), nil
	}
	return saying("The address %s has ended; feed readers that use it get nothing more.", id), nil
}

// channelFeed is about the feed of a channel's picks, for those who may change
// the channel.
func (b *Bot) channelFeed(ctx context.Context, a ask, word, rest string) (chat.Message, error) {
	if err := b.mayManage(ctx, a); err != nil {
		return chat.Message{}, err
	}
	if word == "revoke" {
		return b.revoke(rest, func(id string) (int64, error) { return b.options.Feeds.RevokeChannel(ctx, a.In, id) })
	}
	if word != "" && word != "new" {
		return chat.Message{}, errSearchInstead
	}
	all, err := b.options.Feeds.ChannelAddresses(ctx, a.In)
	if err != nil {
		return chat.Message{}, err
	}
	if word == "" && len(all) > 0 {
		t := theirs("Secret addresses of this channel’s picks", "/paperboy feed revoke", all)
		return chat.Message{Text: append(t, chat.Span{Text: "; to make another: "}, chat.Span{Text: "/paperboy feed new", Style: chat.Code})}, nil
	}
	return b.makeFeed(ctx, a, team.Feed{What: team.Picked, Place: a.In}, "/paperboy feed")
}
