package bot

import (
	"context"

	"paperboy/internal/chat"
)

// help lists the commands for papers and the query language; after /paperboy, the
// commands for the channel.
func (b *Bot) help(_ context.Context, a ask) (chat.Message, error) {
	if a.Name == "paperboy" {
		return chat.Message{Text: table("Daily picks for this channel", channelCommands())[1:]}, nil
	}
	return help(), nil
}

func help() chat.Message {
	t := chat.Text{{Text: "Search", Style: chat.Bold}, {Text: " by typing what you look for:\n"}}
	for _, row := range [][2]string{
		{"/papers mixture of experts", "papers with all of these words"},
		{`/papers "state space" -vision`, "a phrase, and a word to leave out"},
		{"/papers moe OR routing", "one or the other"},
		{"/papers author:shazeer cat:cs.LG", "by author and category; also source: and has:code"},
		{"/papers moe since:2024-03 votes:3", "by date and votes; also before:"},
		{"/papers moe sort:new", "the newest first; also sort:votes"},
		{`/papers "top"`, "search for a word that is a command"},
	} {
		t = append(t, line(row[0], row[1])...)
	}
	t = append(t, table("Commands", paperCommands())...)
	return chat.Message{Text: t, Foot: chat.Text{{Text: "/paperboy help", Style: chat.Code}, {Text: " shows how to have picks posted here every day."}}}
}

// table lists commands under a heading.
func table(heading string, rows []command) chat.Text {
	t := chat.Text{{Text: "\n"}, {Text: heading, Style: chat.Bold}, {Text: "\n"}}
	for _, c := range rows {
		t = append(t, line(c.typed(), c.help)...)
	}
	return t
}

// line is what to type and what it does.
func line(typed, does string) chat.Text {
	return chat.Text{{Text: typed, Style: chat.Code}, {Text: " — " + does + "\n"}}
}

// shortHelp is the foot of an empty /papers.
func shortHelp() chat.Text {
	return chat.Text{
		{Text: "Try "}, {Text: "/papers mixture of experts", Style: chat.Code}, {Text: ", "},
		{Text: "/papers week", Style: chat.Code}, {Text: " or "}, {Text: "/papers help", Style: chat.Code}, {Text: "; for daily picks, "},
		{Text: "/paperboy help", Style: chat.Code}, {Text: "."},
	}
}
