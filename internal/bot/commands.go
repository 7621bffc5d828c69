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

// command is a row of the table below. Help, and later autocompletion and docs,
// come from the row.
type command struct {
	name  string
	usage string // what may follow the name
	help  string
	run   func(*Bot, context.Context, ask) (chat.Message, error)
}

// errSearchInstead is for a line that begins with a command's word by chance
// and is a search: "week supervision".
var errSearchInstead = errors.New("this is a search")

// commands is every command, in the order of help. To add one, add its row and
// its function.
func commands() []command {
	return []command{
		{"today", "", "the papers of today, the most upvoted first", day(0)},
		{"yesterday", "", "those of yesterday", day(-1)},
		{"day", "2026-02-27", "those of any other day", (*Bot).anyDay},
		{"week", "", "those of the last 7 days", lastDays(7)},
		{"month", "", "those of the last 30 days", lastDays(30)},
		{"top", "day|week|month|all", "what people here voted for", (*Bot).top},
		{"add", "<link or id>", "put a paper into the feed", (*Bot).add},
		{"similar", "<link or id>", "papers like this one", (*Bot).similar},
		{"cite", "<link or id> [ris]", "BibTeX for a paper, or RIS", (*Bot).cite},
		{"save", "<link or id>", "put a paper on your own list", (*Bot).save},
		{"unsave", "<link or id>", "take it off again", (*Bot).unsave},
		{"saved", "", "your own list", (*Bot).saved},
		{"vote", "<link or id>", "upvote a paper, as a reaction does", (*Bot).vote},
		{"unvote", "<link or id>", "take your vote back", (*Bot).unvote},
		{"help", "", "this list and how to search", (*Bot).help},
	}
}

// Names are what answers are counted under: the commands, and what is none of
// them.
func Names() []string {
	names := []string{"welcome", "search", "paperboy", "press"}
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}

// lookUp finds the row of a word; the empty word has one too.
func lookUp(word string) (command, bool) {
	if word == "" {
		return command{name: "welcome", run: (*Bot).welcome}, true
	}
	for _, c := range commands() {
		if strings.EqualFold(c.name, word) {
			return c, true
		}
	}
	return command{}, false
}
