package slack

import (
	"context"
	"sync"
	"testing"
	"time"

	"paperboy/internal/chat"
)

// ear is a chat.Handler that writes down what it hears and answers as told.
type ear struct {
	events chan any
	answer func(event any) chat.Message
	fail   func(event any) error
	parts  []chat.Message
	wrong  map[string]string // problems of forms
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

func (e *ear) Linked(_ context.Context, l chat.Linked) (all []chat.Preview, err error) {
	e.hear(l)
	for _, link := range l.Links {
		all = append(all, chat.Preview{Link: link, Card: paperCard(1)})
	}
	return all, nil
}

func (e *ear) Submitted(_ context.Context, f chat.Filled) chat.Verdict {
	return chat.Verdict{Problems: e.wrong, Answer: e.hear(f)}
}

func (e *ear) Home(_ context.Context, v chat.Visit) []chat.Message {
	e.hear(v)
	return e.parts
}

func (e *ear) Posts(context.Context, string, string, int) ([]chat.Post, error) { return nil, nil }

func (e *ear) Complete(context.Context, chat.Command) []chat.Suggestion { return nil }

func (e *ear) Joined(_ context.Context, j chat.Joined) (chat.Message, error) {
	return e.hear(j), nil
}

func (e *ear) Left(_ context.Context, l chat.Left) error {
	e.hear(l)
	return nil
}

// listening is a fake whose app is listening until the test ends.
func listening(t testing.TB, o Options, e *ear) *fake {
	f := newFake(t, o)
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

// wait waits until the app calls a method, and returns with what.
func (f *fake) wait(t testing.TB, method string) map[string]any {
	t.Helper()
	if err := f.called(soon(t), method); err != nil {
		t.Fatal(err)
	}
	return f.last(method)
}

var (
	bySocket = Options{AppToken: "xapp-test"}
	byHTTP   = Options{SigningSecret: testSecret}
)

// tick is when a stand-in looks again.
func tick() <-chan time.Time { return time.After(20 * time.Millisecond) }
