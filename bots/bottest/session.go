package bottest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"paperboy/internal/chat"
)

// session is a Fake with its platform listening.
type session struct {
	Fake
	bot *bot
	me  chat.Person // the first person
}

// listening is a check during which the platform listens. The platform must not
// stop by itself, and must stop without an error in the end.
func listening(run func(context.Context, *session) error) func(context.Context, Fake) error {
	return func(ctx context.Context, f Fake) error {
		s, during, stop := listen(ctx, f)
		err := run(during, s)
		if stopped := stop(); err == nil {
			err = stopped
		}
		return err
	}
}

// listen starts Listen. The context during ends early if Listen does, so that
// nobody waits in vain; stop ends Listen and tells what was wrong with that.
func listen(ctx context.Context, f Fake) (s *session, during context.Context, stop func() error) {
	s = &session{Fake: f, bot: newBot(), me: f.People()[0]}
	during, early := context.WithCancelCause(ctx)
	listenCtx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		err := f.Platform().Listen(listenCtx, s.bot)
		early(fmt.Errorf("listening ended too early: %v", err))
		ended <- err
	}()
	return s, during, func() error {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				return fmt.Errorf("listening ended with the error %q, want none when its context ends", err)
			}
		case <-ctx.Done():
			return errors.New("listening went on when its context had ended")
		}
		if n := s.bot.running.Load(); n > 0 {
			return fmt.Errorf("listening ended while %d calls of the handler were running", n)
		}
		return nil
	}
}

// heard is the next thing that reaches the handler, which must be an E.
func heard[E any](ctx context.Context, s *session) (e E, err error) {
	select {
	case got := <-s.bot.events:
		e, ok := got.(E)
		if !ok {
			return e, fmt.Errorf("the handler got a %T %+v, want a %T", got, got, e)
		}
		return e, nil
	case <-ctx.Done():
		return e, fmt.Errorf("no %T reached the handler: %w", e, context.Cause(ctx))
	}
}

// commanded is a command as it arrived, and the answer that was shown.
func (s *session) commanded(ctx context.Context, by chat.Person, name, text string) (chat.Command, Shown, error) {
	if err := s.Command(ctx, by, name, text); err != nil {
		return chat.Command{}, Shown{}, fmt.Errorf("type /%s %s: %w", name, short(text), err)
	}
	c, err := heard[chat.Command](ctx, s)
	if err != nil {
		return c, Shown{}, err
	}
	shown, err := saw(ctx, s, "the answer to a command")
	return c, shown, err
}

// saw is the next thing on a screen.
func saw(ctx context.Context, f Fake, what string) (Shown, error) {
	shown, err := f.Shown(ctx)
	if err != nil {
		return shown, fmt.Errorf("wait for %s: %w", what, cmp.Or(context.Cause(ctx), err))
	}
	if shown.Harm != "" {
		return shown, fmt.Errorf("%s does harm: it %s", what, shown.Harm)
	}
	return shown, nil
}

// has reports what of want cannot be read in s. White space is left out of it:
// where lines break is the platform's choice.
func (s Shown) has(want ...string) error {
	text := squeezed(s.Text)
	for _, w := range want {
		if !strings.Contains(text, squeezed(w)) {
			return fmt.Errorf("people cannot read %q in %q", short(w), short(s.Text))
		}
	}
	return nil
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

// short keeps failure messages readable.
func short(s string) string {
	r := []rune(s)
	if len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}

// bot is a chat.Handler that reports what reaches it and answers as told.
type bot struct {
	events  chan any     // everything that reached it, in order
	running atomic.Int32 // calls under way

	mu       sync.Mutex // guards what follows
	answers  map[string]answer
	problems map[string]string // of the next forms
}

// answer is what the bot says to something typed, said or pressed.
type answer func(context.Context) chat.Message

// standard is its answer to anything else.
const standard = "The bot has heard it."

func newBot() *bot {
	return &bot{
		events:  make(chan any, 100), // more than any check causes
		answers: map[string]answer{},
	}
}

// on sets the answer to text.
func (b *bot) on(text string, a answer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answers[text] = a
}

// object sets the problems of the next forms.
func (b *bot) object(problems map[string]string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = problems
}

func saying(m chat.Message) answer { return func(context.Context) chat.Message { return m } }

func (b *bot) answer(text string) answer {
	b.mu.Lock()
	defer b.mu.Unlock()
	if a, ok := b.answers[text]; ok {
		return a
	}
	return saying(chat.Message{Text: chat.Plain(standard)})
}

func (b *bot) hear(ctx context.Context, event any, text string) chat.Message {
	b.running.Add(1)
	defer b.running.Add(-1)
	b.events <- event
	return b.answer(text)(ctx)
}

func (b *bot) Command(ctx context.Context, c chat.Command) chat.Message {
	return b.hear(ctx, c, c.Text)
}

func (b *bot) Pressed(ctx context.Context, p chat.Press) chat.Message {
	return b.hear(ctx, p, p.Action)
}

func (b *bot) Reacted(ctx context.Context, r chat.Reaction) error {
	b.hear(ctx, r, r.Emoji)
	return nil
}

// Posts is nothing: what a platform reads again is no part of the contract.
func (b *bot) Posts(context.Context, string, string, int) ([]chat.Post, error) { return nil, nil }

func (b *bot) Said(ctx context.Context, d chat.Said) (chat.Message, error) {
	return b.hear(ctx, d, d.Text), nil
}

func (b *bot) Linked(ctx context.Context, l chat.Linked) ([]chat.Preview, error) {
	answer := b.hear(ctx, l, "linked")
	var shown []chat.Preview
	for _, link := range l.Links {
		shown = append(shown, chat.Preview{Link: link, Card: chat.Card{Title: answer.Text, Link: link}})
	}
	return shown, nil
}

func (b *bot) Complete(ctx context.Context, c chat.Command) []chat.Suggestion {
	b.hear(ctx, c, "")
	return []chat.Suggestion{{Label: standard, Text: c.Text}}
}

func (b *bot) Submitted(ctx context.Context, f chat.Filled) chat.Verdict {
	v := chat.Verdict{Answer: b.hear(ctx, f, f.Form)}
	b.mu.Lock()
	defer b.mu.Unlock()
	if v.Problems = b.problems; len(v.Problems) > 0 {
		v.Answer = chat.Message{}
	}
	return v
}

func (b *bot) Home(ctx context.Context, v chat.Visit) []chat.Message {
	return []chat.Message{b.hear(ctx, v, "home")}
}

func (b *bot) Left(_ context.Context, l chat.Left) error {
	b.events <- l
	return nil
}

func (b *bot) Joined(ctx context.Context, j chat.Joined) (chat.Message, error) {
	return b.hear(ctx, j, "joined"), nil
}
