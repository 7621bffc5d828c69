package bot

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"paperboy/internal/chat"
	"paperboy/internal/english"
	"paperboy/internal/store"
)

// export gives a person all that is kept about them: a link where there is a
// server, or the data themselves.
func (b *Bot) export(ctx context.Context, a ask) (chat.Message, error) {
	if a.args != "" {
		return chat.Message{}, errSearchInstead
	}
	personal, err := b.store.Export(ctx, a.By)
	if err != nil {
		return chat.Message{}, err
	}
	if personal.Empty() {
		return saying("Nothing is kept about you."), nil
	}
	t := chat.Plain("Kept about you: " + summed(personal) + ".\n")
	if b.options.Feeds == nil {
		text, err := json.MarshalIndent(personal, "", "  ")
		return chat.Message{Text: append(t, chat.Span{Text: string(text), Style: chat.Pre})}, err
	}
	link, until, err := b.options.Feeds.Export(ctx, a.By, a.At)
	if errors.Is(err, store.ErrTooManyFeeds) {
		return chat.Message{}, advice("You have asked for many links in the last minutes. Please use one of them, or try again in ten minutes.")
	}
	if err != nil {
		return chat.Message{}, err
	}
	t = append(t, chat.Span{Text: "Download it all", Link: link}, chat.Span{Text: " as JSON. The link is for you alone and ends at " + until.In(b.options.Zone).Format("15:04") + ".\n"})
	return chat.Message{Text: append(t, b.onlyLocal()...)}, nil
}

// summed is what is kept about a person, in numbers.
func summed(p store.Personal) string {
	var parts []string
	for _, k := range p.Kept {
		parts = append(parts, counted(len(k.Rows), k.What))
	}
	return english.List(parts, "and")
}

// counted is "2 changes of a channel's settings": the first word takes the plural.
func counted(n int, what string) string {
	for _, cut := range []string{" of ", " to ", " that ", " for "} {
		if first, rest, ok := strings.Cut(what, cut); ok {
			return plural(n, first) + cut + rest
		}
	}
	return plural(n, what)
}

func plural(n int, what string) string {
	if n != 1 && strings.HasSuffix(what, "ss") {
		return english.Thousands(n) + " " + what + "es"
	}
	return english.Count(n, what)
}

// forgetNow is what the button types that makes sure.
const forgetNow = "forget me now"

// forget erases what is kept about a person, once they have pressed a button
// that makes sure of it.
func (b *Bot) forget(ctx context.Context, a ask) (chat.Message, error) {
	switch strings.ToLower(strings.Join(strings.Fields(a.args), " ")) {
	case "me":
		return b.mayForget(ctx, a)
	case "me now":
		return b.forgotten(ctx, a)
	}
	return chat.Message{}, errSearchInstead
}

// mayForget says what would be erased and asks whether it is to be.
func (b *Bot) mayForget(ctx context.Context, a ask) (chat.Message, error) {
	personal, err := b.store.Export(ctx, a.By)
	if err != nil {
		return chat.Message{}, err
	}
	if personal.Empty() {
		return saying("Nothing is kept about you, so there is nothing to erase."), nil
	}
	return chat.Message{
		Text: chat.Text{{Text: "Erase all that is kept about you?", Style: chat.Bold}, {Text: " That is " + summed(personal) +
			". Your votes no longer count. Papers you shared and channels you subscribed stay, without your name; what you wrote here in the chat is not Paperboy’s to erase. This cannot be undone.\n"},
			{Text: "Press the button, or type "}, {Text: "/papers " + forgetNow, Style: chat.Code}, {Text: ". "},
			{Text: "/papers export", Style: chat.Code}, {Text: " gives you a copy first."}},
		Buttons: []chat.Button{{Label: "Erase it all", Action: forgetNow}},
	}, nil
}

func (b *Bot) forgotten(ctx context.Context, a ask) (chat.Message, error) {
	personal, err := b.store.Erase(ctx, a.By, a.At)
	if err != nil {
		return chat.Message{}, err
	}
	b.recent.forget(a.By)
	if personal.Empty() {
		return saying("Nothing is kept about you."), nil
	}
	return saying("Erased: %s. Nothing is kept about you any more.", summed(personal)), nil
}
