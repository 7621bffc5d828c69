package bot

import (
	"context"
	"errors"
	"strings"

	"paperboy/internal/chat"
	"paperboy/internal/team"
)

// ask is one command with what is known about it.
type ask struct {
	chat.Command
	team   team.ID
	args   string // Text after the command's word
	offset int    // of the first result to show, when paging
}

// command is a row of the tables below. Help, and later autocompletion and docs,
// come from the row.
type command struct {
	name  string
	usage string // what may follow the name
	help  string
	run   func(*Bot, context.Context, ask) (chat.Message, error)
	// channel says that it is about the channel rather than about papers: people
	// type it after /paperboy.
	channel bool
}

// typed is how the command is typed.
func (c command) typed() string {
	line := "/papers " + c.name
	if c.channel {
		line = "/paperboy " + c.name
	}
	return strings.TrimSpace(line + " " + c.usage)
}

// errSearchInstead is for a line that begins with a command's word by chance
// and is a search: "week supervision".
var errSearchInstead = errors.New("this is a search")

// commands is every command, in the order of help. To add one, add its row and
// its function.
func commands() []command {
	return append(paperCommands(), channelCommands()...)
}

func paperCommands() []command {
	return []command{
		{name: "today", help: "the papers of today, the most upvoted first", run: day(0)},
		{name: "yesterday", help: "those of yesterday", run: day(-1)},
		{name: "day", usage: "2026-02-27", help: "those of any other day", run: (*Bot).anyDay},
		{name: "week", help: "those of the last 7 days", run: lastDays(7)},
		{name: "month", help: "those of the last 30 days", run: lastDays(30)},
		{name: "top", usage: "day|week|month|all", help: "what people here voted for", run: (*Bot).top},
		{name: "who", usage: "voted <link or id>", help: "who here voted for a paper", run: (*Bot).voters},
		{name: "add", usage: "<link or id>", help: "put a paper into the feed", run: (*Bot).add},
		{name: "similar", usage: "<link or id>", help: "papers like this one", run: (*Bot).similar},
		{name: "cite", usage: "<link or id> [ris]", help: "BibTeX for a paper, or RIS", run: (*Bot).cite},
		{name: "share", usage: "<link or id>", help: "show a paper to everybody here", run: (*Bot).share},
		{name: "save", usage: "<link or id>", help: "put a paper on your own list", run: (*Bot).save},
		{name: "unsave", usage: "<link or id>", help: "take it off again", run: (*Bot).unsave},
		{name: "saved", help: "your own list", run: (*Bot).saved},
		{name: "email", usage: `you@example.org daily|weekly trending|topics moe, "kv cache"`, help: "papers by mail; without an address, what is set; with stop, no more", run: (*Bot).email},
		{name: "vote", usage: "<link or id>", help: "upvote a paper, as a reaction does", run: (*Bot).vote},
		{name: "unvote", usage: "<link or id>", help: "take your vote back", run: (*Bot).unvote},
		{name: "web", help: "your personal link to the team’s page in the browser", run: (*Bot).web},
		{name: "feed", usage: "[today|top week|saved|<search>]", help: "the address of a feed for your feed reader; revoke and its name ends one", run: (*Bot).feed},
		{name: "export", help: "all that is kept about you", run: (*Bot).export},
		{name: "forget", usage: "me", help: "have all that is kept about you erased", run: (*Bot).forget},
		{name: "help", help: "this list and how to search", run: (*Bot).help},
	}
}

func channelCommands() []command {
	return []command{
		{channel: true, name: "subscribe", usage: "<topic>", help: "follow a topic, which is a search; without one, the best of everything", run: (*Bot).subscribe},
		{channel: true, name: "unsubscribe", usage: "<topic, its number, or all>", help: "follow a topic no longer", run: (*Bot).unsubscribe},
		{channel: true, name: "list", help: "the topics followed here", run: (*Bot).topics},
		{channel: true, name: "schedule", usage: "09:00 weekdays Europe/Berlin", help: "when picks are posted: time, days and time zone, or some of these; or cron 30 8 * * 1-5", run: (*Bot).schedule},
		{channel: true, name: "count", usage: "3", help: "how many papers a day, 1 to 10", run: (*Bot).count},
		{channel: true, name: "layout", usage: "posts|thread|digest", help: "a message for each paper, a thread, or all in one message", run: (*Bot).layout},
		{channel: true, name: "sources", usage: "arxiv huggingface|all", help: "whose lists picks come from; alone, which there are", run: (*Bot).sources},
		{channel: true, name: "picks", usage: "fresh|settled", help: "from today’s lists, or from yesterday’s once their votes have settled", run: (*Bot).freshness},
		{channel: true, name: "min-votes", usage: "5", help: "only papers with so many votes, at the source and here together", run: (*Bot).minVotes},
		{channel: true, name: "cross-lists", usage: "on|off", help: "whether papers that are only cross-listed can be picked", run: (*Bot).crossLists},
		{channel: true, name: "replacements", usage: "on|off", help: "whether new versions of older papers can be picked", run: (*Bot).replacements},
		{channel: true, name: "pause", usage: "[until 2026-12-01]", help: "post nothing until that day, or until somebody resumes", run: (*Bot).pause},
		{channel: true, name: "resume", help: "post again", run: (*Bot).resume},
		{channel: true, name: "preview", help: "what would be posted now, shown to you alone", run: (*Bot).preview},
		{channel: true, name: "why", usage: "<link or id>", help: "why a paper was picked, or not", run: (*Bot).why},
		{channel: true, name: "feed", usage: "[new|revoke <name>]", help: "the picks of this channel as a feed, for who knows its address", run: (*Bot).feed},
		{channel: true, name: "status", help: "the next and the last post, and what holds them up", run: (*Bot).status},
		{channel: true, name: "settings", usage: "[history]", help: "all settings of this channel, or who changed them", run: (*Bot).settings},
	}
}

// Names are what answers are counted under: the commands, and what is none of
// them.
func Names() []string {
	names := []string{"welcome", "search", "paperboy", "press", "form"}
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}

// lookUp finds the row of a word typed after /papers or /paperboy; the empty word
// has one too.
func lookUp(after, word string) (command, bool) {
	switch {
	case word == "" && after == "paperboy":
		return command{name: "paperboy", run: (*Bot).overview}, true
	case word == "":
		return command{name: "welcome", run: (*Bot).welcome}, true
	}
	for _, c := range commands() {
		if strings.EqualFold(c.name, word) {
			return c, true
		}
	}
	return command{}, false
}
