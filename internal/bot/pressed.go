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

// kept marks the action of a button as a handle of the store.
const kept = "="

// fit replaces the actions of m that have no room in a button by handles.
func (b *Bot) fit(ctx context.Context, m *chat.Message) error {
	buttons := [][]chat.Button{m.Buttons}
	for _, c := range m.Cards {
		buttons = append(buttons, c.Buttons)
	}
	for _, some := range buttons {
		for i := range some {
			if len(some[i].Action) <= chat.MaxAction {
				continue
			}
			handle, err := b.store.KeepAction(ctx, some[i].Action)
			if err != nil {
				return err
			}
			some[i].Action = kept + handle
		}
	}
	return nil
}

// Pressed carries out a button's action, which is written as a command is.
func (b *Bot) Pressed(ctx context.Context, p chat.Press) chat.Message {
	began := time.Now()
	_, m := b.guard(ctx, p.In, func() (string, chat.Message, error) { return b.pressed(ctx, p) })
	b.metrics.Command("press", time.Since(began))
	return m
}

func (b *Bot) pressed(ctx context.Context, p chat.Press) (string, chat.Message, error) {
	action := p.Action
	if handle, ok := strings.CutPrefix(action, kept); ok {
		var err error
		if action, ok, err = b.store.Action(ctx, handle); err != nil {
			return "press", chat.Message{}, err
		}
		if !ok {
			return "press", chat.Message{}, staleButton
		}
	}
	a := ask{Command: chat.Command{Name: "papers", Text: action, By: p.By, In: p.In, At: p.At}, team: b.options.Pool.Of(p.In)}
	if rest, ok := strings.CutPrefix(action, "page "); ok {
		return b.turnPage(ctx, a, rest)
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
