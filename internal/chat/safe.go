package chat

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// Safe is h as platforms should call it. SDKs run callbacks in goroutines of
// their own, where a panic ends the whole process; here it is logged and the
// person gets a sentence.
func Safe(h Handler, log *slog.Logger) Handler { return safe{h, log} }

// Sorry is the answer where something of ours broke.
func Sorry() Message {
	return Message{Text: Plain("Something went wrong here, and it has been logged. Please try again.")}
}

type safe struct {
	h   Handler
	log *slog.Logger
}

func (s safe) Command(ctx context.Context, c Command) (m Message) {
	defer s.recover(ctx, func(error) { m = Sorry() })
	return s.h.Command(ctx, c)
}

func (s safe) Pressed(ctx context.Context, p Press) (m Message) {
	defer s.recover(ctx, func(error) { m = Sorry() })
	return s.h.Pressed(ctx, p)
}

func (s safe) Reacted(ctx context.Context, r Reaction) (err error) {
	defer s.recover(ctx, func(fault error) { err = fault })
	return s.h.Reacted(ctx, r)
}

func (s safe) Said(ctx context.Context, d Said) (m Message, err error) {
	defer s.recover(ctx, func(fault error) { err = fault })
	return s.h.Said(ctx, d)
}

// recover hands the panic that is under way, if any, to then. It has to be
// deferred itself.
func (s safe) recover(ctx context.Context, then func(error)) {
	v := recover()
	if v == nil {
		return
	}
	err := fmt.Errorf("panic: %v", v)
	s.log.ErrorContext(ctx, "the handler panicked", "err", err, "stack", string(debug.Stack()))
	then(err)
}
