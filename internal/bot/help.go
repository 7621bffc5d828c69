package bot

import (
	"context"

	"paperboy/internal/chat"
)

func (b *Bot) help(context.Context, ask) (chat.Message, error) { return help(""), nil }

// help lists the commands and the query language.
func help(before string) chat.Message {
	var t chat.Text
	if before != "" {
		t = append(t, chat.Span{Text: before + "\n\n"})
	}
	t = append(t, chat.Span{Text: "Search", Style: chat.Bold}, chat.Span{Text: " by typing what you look for:\n"})
	for _, row := range [][2]string{
		{"/papers mixture of experts", "papers with all of these words"},
		{`/papers "state space" -vision`, "a phrase, and a word to leave out"},
		{"/papers moe OR routing", "one or the other"},
		{"/papers author:shazeer cat:cs.LG", "by author and category; also source:"},
		{"/papers moe since:2024-03 votes:3", "by date and votes; also before:"},
		{"/papers moe sort:new", "the newest first; also sort:votes"},
		{`/papers "top"`, "search for a word that is a command"},
	} {
		t = append(t, line(row[0], row[1])...)
	}
	t = append(t, chat.Span{Text: "\nCommands", Style: chat.Bold}, chat.Span{Text: "\n"})
	for _, c := range commands() {
		typed := "/papers " + c.name
		if c.usage != "" {
			typed += " " + c.usage
		}
		t = append(t, line(typed, c.help)...)
	}
	return chat.Message{Text: t}
}

// line is what to type and what it does.
func line(typed, does string) chat.Text {
	return chat.Text{{Text: typed, Style: chat.Code}, {Text: " — " + does + "\n"}}
}

// shortHelp is the foot of an empty /papers.
func shortHelp() chat.Text {
	return chat.Text{
		{Text: "Try "}, {Text: "/papers mixture of experts", Style: chat.Code}, {Text: ", "},
		{Text: "/papers week", Style: chat.Code}, {Text: " or "}, {Text: "/papers help", Style: chat.Code}, {Text: "."},
	}
}
