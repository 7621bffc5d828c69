package discord

import (
	"context"
	"sync"
	"testing"

	"paperboy/internal/chat"
)

// ear is a chat.Handler that writes down what it hears and answers as told.
type ear struct {
	events  chan any
	answer  func(event any) chat.Message
	fail    func(event any) error
	suggest []chat.Suggestion

	problems map[string]string // of forms
	posts    []chat.Post
}

func newEar() *ear {
	return &ear{
		events: make(chan any, 10_000),
		answer: func(any) chat.Message { return chat.Message{} },
		fail:   func(any) error { return nil },
	}
}

func (e *ear) hear(event any) chat.Message {
	e.events <- event
	return e.answer(event)
}

func (e *ear) Command(_ context.Context, c chat.Command) chat.Message { return e.hear(c) }
func (e *ear) Pressed(_ context.Context, p chat.Press) chat.Message   { return e.hear(p) }

func (e *ear) Reacted(_ context.Context, r chat.Reaction) error {
	if err := e.fail(r); err != nil {
		return err
	}
	e.hear(r)
	return nil
}

func (e *ear) Said(_ context.Context, s chat.Said) (chat.Message, error) { return e.hear(s), e.fail(s) }

func (e *ear) Linked(context.Context, chat.Linked) ([]chat.Preview, error) { return nil, nil }

func (e *ear) Posts(context.Context, string, string, int) ([]chat.Post, error) { return e.posts, nil }

func (e *ear) Complete(_ context.Context, c chat.Command) []chat.Suggestion {
	e.hear(c)
	return e.suggest
}

func (e *ear) Submitted(_ context.Context, f chat.Filled) chat.Verdict {
	return chat.Verdict{Answer: e.hear(f), Problems: e.problems}
}
func (e *ear) Home(context.Context, chat.Visit) []chat.Message { return nil }

func (e *ear) Joined(_ context.Context, j chat.Joined) (chat.Message, error) { return e.hear(j), nil }

func (e *ear) Left(_ context.Context, l chat.Left) error {
	e.hear(l)
	return nil
}

// listening is a fake whose bot is listening until the test ends.
func listening(t testing.TB, e *ear) *fake {
	f := newFake(t)
	f.listen(t, e)
	return f
}

func (f *fake) listen(t testing.TB, h chat.Handler) {
	ctx, stop := context.WithCancel(t.Context())
	var ended sync.WaitGroup
	ended.Go(func() {
		if err := f.app.Listen(ctx, h); err != nil {
			t.Errorf("Listen: %v", err)
		}
	})
	t.Cleanup(func() {
		stop()
		ended.Wait()
	})
	if err := f.connected(soon(t)); err != nil {
		t.Fatal(err)
	}
}

// next is what the ear hears next, which must be an E.
func next[E any](t testing.TB, e *ear) E {
	t.Helper()
	select {
	case event := <-e.events:
		got, ok := event.(E)
		if !ok {
			t.Fatalf("the handler hears %T %+v, want a %T", event, event, got)
		}
		return got
	case <-soon(t).Done():
		t.Fatalf("the handler hears nothing, want a %T", *new(E))
	}
	panic("unreachable")
}

// see is what is shown next.
func (f *fake) see(t testing.TB) seen {
	t.Helper()
	select {
	case s := <-f.screen:
		return s
	case <-soon(t).Done():
		t.Fatal("nothing is shown")
	}
	panic("unreachable")
}

// wait waits until the bot makes a request, and returns it.
func (f *fake) wait(t testing.TB, wanted func(call) bool) call {
	t.Helper()
	for {
		select {
		case c := <-f.calls:
			if wanted(c) {
				return c
			}
		case <-soon(t).Done():
			t.Fatal("the bot does not make the request")
		}
	}
}
