package bot

import (
	"context"
	"strconv"
	"strings"
	"time"

	"paperboy/internal/chat"
)

// staleButton is for a press that no version of this program understands.
const staleButton = advice("This button is from another version of Paperboy; please ask again.")

// Pressed carries out a button's action, which is written as a command is.
func (b *Bot) Pressed(ctx context.Context, p chat.Press) chat.Message {
	began := time.Now()
	_, m := b.guard(ctx, p.In, func() (string, chat.Message, error) { return b.pressed(ctx, p) })
	b.metrics.Command("press", time.Since(began))
	return m
}

func (b *Bot) pressed(ctx context.Context, p chat.Press) (string, chat.Message, error) {
	action, ok, err := b.store.Action(ctx, p.Action)
	if err != nil {
		return "press", chat.Message{}, err
	}
	if !ok {
		return "press", chat.Message{}, staleButton
	}
	a := ask{Command: chat.Command{Name: "papers", Text: action, By: p.By, In: p.In, At: p.At}, team: b.options.Pool.Of(p.In)}
	if rest, ok := strings.CutPrefix(action, "page "); ok {
		return b.turnPage(ctx, a, rest)
	}
	if rest, ok := strings.CutPrefix(action, "form "); ok {
		return b.form(ctx, a, rest)
	}
	return b.run(ctx, a)
}

// turnPage answers with another page of an answer: "<offset> <line>".
func (b *Bot) turnPage(ctx context.Context, a ask, rest string) (string, chat.Message, error) {
	number, line, _ := strings.Cut(rest, " ")
	offset, err := strconv.Atoi(number)
	if err != nil || offset < 0 {
		return "page", chat.Message{}, staleButton
	}
	a.offset, a.Text = offset, line
	name, m, err := b.run(ctx, a)
	m.Replace = true
	return name, m, err
}
