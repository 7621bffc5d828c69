package chat

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
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
	defer s.recover(ctx, func(f fault) { m = f.sorry() })
	return s.h.Command(ctx, c)
}

func (s safe) Pressed(ctx context.Context, p Press) (m Message) {
	defer s.recover(ctx, func(f fault) { m = f.sorry() })
	return s.h.Pressed(ctx, p)
}

func (s safe) Reacted(ctx context.Context, r Reaction) (err error) {
	defer s.recover(ctx, func(f fault) { err = f })
	return s.h.Reacted(ctx, r)
}

func (s safe) Posts(ctx context.Context, platform, from string, n int) (all []Post, err error) {
	defer s.recover(ctx, func(f fault) { err = f })
	return s.h.Posts(ctx, platform, from, n)
}

func (s safe) Said(ctx context.Context, d Said) (m Message, err error) {
	defer s.recover(ctx, func(f fault) { err = f })
	return s.h.Said(ctx, d)
}

func (s safe) Linked(ctx context.Context, l Linked) (p []Preview, err error) {
	defer s.recover(ctx, func(f fault) { err = f })
	return s.h.Linked(ctx, l)
}

func (s safe) Complete(ctx context.Context, c Command) (all []Suggestion) {
	defer s.recover(ctx, func(fault) { all = nil })
	return s.h.Complete(ctx, c)
}

func (s safe) Submitted(ctx context.Context, f Filled) (v Verdict) {
	defer s.recover(ctx, func(f fault) { v = Verdict{Answer: f.sorry()} })
	return s.h.Submitted(ctx, f)
}

func (s safe) Home(ctx context.Context, v Visit) (parts []Message) {
	defer s.recover(ctx, func(f fault) { parts = []Message{f.sorry()} })
	return s.h.Home(ctx, v)
}

func (s safe) Joined(ctx context.Context, j Joined) (m Message, err error) {
	defer s.recover(ctx, func(f fault) { err = f })
	return s.h.Joined(ctx, j)
}

func (s safe) Left(ctx context.Context, l Left) (err error) {
	defer s.recover(ctx, func(f fault) { err = f })
	return s.h.Left(ctx, l)
}

// fault is a panic that was logged under a reference.
type fault struct {
	ref   string
	value any
}

func (f fault) Error() string { return fmt.Sprintf("panic: %v", f.value) }

// sorry is Sorry with what leads to the line in the log.
func (f fault) sorry() Message {
	return Message{Text: Plain("Something went wrong (reference " + f.ref + "), and it has been logged. Please try again.")}
}

// recover hands the panic that is under way, if any, to then. It has to be
// deferred itself.
func (s safe) recover(ctx context.Context, then func(fault)) {
	v := recover()
	if v == nil {
		return
	}
	f := fault{strings.ToLower(rand.Text()[:6]), v}
	s.log.ErrorContext(ctx, "the handler panicked", "ref", f.ref, "err", f, "stack", string(debug.Stack()))
	then(f)
}
