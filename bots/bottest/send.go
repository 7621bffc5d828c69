package bottest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
)

// ago is before anything that a check sends.
func ago() time.Time { return time.Now().Add(-time.Hour) }

func keyed(key, text string) chat.Message {
	return chat.Message{Key: key, Text: chat.Plain(text)}
}

func sentIsFound(ctx context.Context, f Fake) error {
	p, in := f.Platform(), f.Place()
	const key, shorter = "daily/team-1/2026-02-27", "daily/team-1/2026-02-2"
	first, err := sendKeyed(ctx, f, key)
	if err != nil {
		return err
	}
	if _, ok, err := p.Find(ctx, in, picks(shorter), ago()); ok || err != nil {
		return fmt.Errorf("find %q gives %t, %v where only %q was sent", shorter, ok, err, key)
	}
	second, err := sendKeyed(ctx, f, shorter)
	if err != nil {
		return err
	}
	if first == second {
		return fmt.Errorf("two messages are one post: %+v", first)
	}
	for key, want := range map[string]chat.Post{key: first, shorter: second} {
		got, ok, err := p.Find(ctx, in, picks(key), ago())
		if got != want || !ok || err != nil {
			return fmt.Errorf("find %q = %+v, %t, %v, want %+v", key, got, ok, err, want)
		}
	}
	if got, ok, err := p.Find(ctx, in, picks(key), time.Now().Add(time.Hour)); ok || err != nil {
		return fmt.Errorf("find %q since an hour from now = %+v, %t, %v, want nothing", key, got, ok, err)
	}
	return nil
}

func picks(key string) chat.Message { return keyed(key, "The picks of today") }

// sendKeyed sends a message with key, which must be seen.
func sendKeyed(ctx context.Context, f Fake, key string) (chat.Post, error) {
	post, err := f.Platform().Send(ctx, f.Place(), picks(key))
	if err != nil {
		return post, fmt.Errorf("send: %w", err)
	}
	if post.Place != f.Place() || post.ID == "" {
		return post, fmt.Errorf("sent to %+v, the post is %+v", f.Place(), post)
	}
	shown, err := saw(ctx, f, "a sent message")
	if err != nil {
		return post, err
	}
	return post, shown.has("The picks of today")
}

// keyInWordsIsNotFound has a person write what looks like the bot's message.
func keyInWordsIsNotFound(ctx context.Context, s *session) error {
	c, ok := s.Fake.(Channels)
	if !ok {
		return skip("the platform has no channels")
	}
	const key = "daily/team-1/2026-02-28"
	if err := c.SayAloud(ctx, s.me, key); err != nil {
		return fmt.Errorf("say: %w", err)
	}
	if _, err := heard[chat.Said](ctx, s); err != nil {
		return err
	}
	if got, ok, err := s.Platform().Find(ctx, s.Place(), picks(key), ago()); ok || err != nil {
		return fmt.Errorf("find %q = %+v, %t, %v; a person wrote that", key, got, ok, err)
	}
	return nil
}

func linksLead(ctx context.Context, f Fake) error {
	const title, span, button = "https://arxiv.org/abs/2401.08383", "https://example.org/a?b=c&d=e", "https://github.com/example/code"
	shown, err := sendAndSee(ctx, f, chat.Message{
		Text: chat.Text{{Text: "See "}, {Text: "this page", Link: span}},
		Cards: []chat.Card{{
			Number:  1,
			Title:   chat.Plain("A title"),
			Link:    title,
			Buttons: []chat.Button{{Label: "Code", Link: button}},
		}},
	}, "a message with links")
	if err != nil {
		return err
	}
	for _, link := range []string{title, span, button} {
		if !slices.Contains(shown.Links, link) {
			return fmt.Errorf("people cannot follow %s; the links are %q", link, shown.Links)
		}
	}
	return shown.has("this page", "A title", "Code")
}

// longest is a message with as much in it as the contract allows and more than
// any platform shows.
func longest() chat.Message {
	fill := func(start string, n int) string {
		s := start + " " + strings.Repeat("mixture of experts 専門家 & <more> ", n/30)
		return strings.ToValidUTF8(s[:min(n, len(s))], "")
	}
	m := chat.Message{
		Text:    chat.Text{{Text: fill("Everything at once.", 2000), Style: chat.Bold}},
		Foot:    chat.Plain(fill("That was it.", 1000)),
		Buttons: pressable().Buttons,
	}
	for n := range chat.MaxCards {
		card := chat.Card{
			Paper:   "arxiv:2401.08383",
			Number:  n + 1,
			Title:   chat.Plain(fill(longTitle(n), paper.MaxTitle)),
			Link:    "https://example.org/" + strings.Repeat("a", paper.MaxLink-20),
			Byline:  fill("Shazeer et al.", 2*paper.MaxName),
			Summary: chat.Text{{Text: fill("In short,", paper.MaxSummary), Style: chat.Italic}},
			Why:     chat.Plain(fill("matches", 1000)),
			Counts:  fill("▲ 162", paper.MaxName),
		}
		for i := range paper.MaxWords {
			card.Topics = append(card.Topics, fill(fmt.Sprintf("topic %d", i), paper.MaxName))
		}
		for _, deed := range []chat.Deed{chat.Vote, chat.Save, chat.Similar} {
			b := button(deed, fmt.Sprintf("%s %d", deed, n))
			b.Label = fill(b.Label, paper.MaxName)
			card.Buttons = append(card.Buttons, b)
		}
		m.Cards = append(m.Cards, card)
	}
	return m
}

func longTitle(n int) string { return fmt.Sprintf("Paper number %d.", n+1) }

func longestIsSent(ctx context.Context, f Fake) error {
	m := longest()
	shown, err := sendAndSee(ctx, f, m, "the longest message")
	if err != nil {
		return err
	}
	if err := shown.has("Everything at once."); err != nil {
		return err
	}
	for n := range m.Cards {
		if err := shown.has(longTitle(n)); err != nil {
			return err
		}
	}
	return nil
}

// concurrentStayWhole sends from many goroutines. Every message must be seen
// once, with all of its own lines and none of another.
func concurrentStayWhole(ctx context.Context, f Fake) error {
	const messages = 8
	failed := make(chan error, messages)
	for n := range messages {
		go func() {
			_, err := f.Platform().Send(ctx, f.Place(), numbered(n))
			failed <- err
		}()
	}
	var all error
	for range messages {
		all = errors.Join(all, <-failed)
	}
	if all != nil {
		return fmt.Errorf("send concurrently: %w", all)
	}
	times := make([]int, messages)
	for range messages {
		shown, err := saw(ctx, f, "a message sent beside others")
		if err != nil {
			return err
		}
		n, err := whole(shown, messages)
		if err != nil {
			return err
		}
		times[n]++
	}
	if slices.Max(times) > 1 {
		return fmt.Errorf("messages were shown so many times: %v", times)
	}
	return nil
}

func numbered(n int) chat.Message {
	m := chat.Message{Text: chat.Plain(mark(n, "begins")), Foot: chat.Plain(mark(n, "ends"))}
	for i := range 5 {
		m.Cards = append(m.Cards, chat.Card{Number: i + 1, Title: chat.Plain(mark(n, fmt.Sprintf("goes on %d.", i)))})
	}
	return m
}

func mark(n int, what string) string { return fmt.Sprintf("Message %d %s", n, what) }

// whole tells which of the numbered messages s is.
func whole(s Shown, messages int) (int, error) {
	found := -1
	for n := range messages {
		if s.has(mark(n, "")) != nil {
			continue
		}
		if found >= 0 {
			return 0, fmt.Errorf("messages %d and %d are mixed up: %q", found, n, s.Text)
		}
		found = n
	}
	if found < 0 {
		return 0, fmt.Errorf("none of the messages is in %q", s.Text)
	}
	m := numbered(found)
	want := []string{m.Text.String(), m.Foot.String()}
	for _, c := range m.Cards {
		want = append(want, c.Title.String())
	}
	return found, s.has(want...)
}
