package bottest

import (
	"context"
	"errors"
	"fmt"

	"paperboy/internal/chat"
)

func reactionArrives(ctx context.Context, s *session) error {
	r, ok := s.Fake.(Reactions)
	if !ok {
		return skip("the platform has no reactions")
	}
	post, err := s.Platform().Send(ctx, s.Place(), chat.Message{Text: chat.Plain("React to this")})
	if err != nil {
		return fmt.Errorf("send: %w", err)
	}
	for written, folded := range r.Emoji() {
		for _, removed := range []bool{false, true} {
			if err := s.reacted(ctx, r, post, written, folded, removed); err != nil {
				return err
			}
		}
	}
	return nil
}

// reacted reacts and checks what reaches the handler.
func (s *session) reacted(ctx context.Context, r Reactions, on chat.Post, written, folded string, removed bool) error {
	if err := r.React(ctx, s.me, on, written, removed); err != nil {
		return fmt.Errorf("react with %q: %w", written, err)
	}
	got, err := heard[chat.Reaction](ctx, s)
	if err != nil {
		return err
	}
	want := chat.Reaction{Post: on, By: s.me, Emoji: folded, Removed: removed, At: got.At}
	if got != want || got.At.IsZero() {
		return fmt.Errorf("reacted with %q, the handler got %+v, want %+v and a time", written, got, want)
	}
	return nil
}

func reactionOnReplyArrives(ctx context.Context, s *session) error {
	r, ok := s.Fake.(Reactions)
	if !ok {
		return skip("the platform has no reactions")
	}
	_, post, _, err := sendThread(ctx, s)
	if err != nil {
		return err
	}
	written, folded := someEmoji(r)
	return s.reacted(ctx, r, post, written, folded, false)
}

func someEmoji(r Reactions) (written, folded string) {
	for written, folded = range r.Emoji() {
		break
	}
	return written, folded
}

// botReactionsAreNotHeard looks at what reached the handler when listening has
// ended: calls overlap, and only then none is still under way.
func botReactionsAreNotHeard(ctx context.Context, f Fake) error {
	r, ok := f.(Reactions)
	if !ok {
		return skip("the platform has no reactions")
	}
	s, during, stop := listen(ctx, f)
	err := s.allReact(during, r)
	if stopped := stop(); err == nil {
		err = stopped
	}
	for err == nil && len(s.bot.events) > 0 {
		err = s.isMine(<-s.bot.events)
	}
	return err
}

func (s *session) isMine(event any) error {
	if got, ok := event.(chat.Reaction); !ok || got.By != s.me {
		return fmt.Errorf("the reaction of a bot reached the handler: %+v", event)
	}
	return nil
}

// allReact has bots react to a post and then a person, who must be heard.
func (s *session) allReact(ctx context.Context, r Reactions) error {
	post, err := s.Platform().Send(ctx, s.Place(), chat.Message{Text: chat.Plain("React to this")})
	if err != nil {
		return fmt.Errorf("send: %w", err)
	}
	emoji, _ := someEmoji(r)
	bots := 0
	for _, ours := range []bool{true, false} {
		switch err := r.BotReacts(ctx, ours, post, emoji); {
		case err == nil:
			bots++
		case !errors.Is(err, ErrNoBots):
			return fmt.Errorf("have a bot react: %w", err)
		}
	}
	if bots == 0 {
		return skip(ErrNoBots.Error())
	}
	if err := r.React(ctx, s.me, post, emoji, false); err != nil {
		return fmt.Errorf("react: %w", err)
	}
	got, err := heard[chat.Reaction](ctx, s)
	if err != nil {
		return err
	}
	return s.isMine(got)
}
