package bottest

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"paperboy/internal/chat"
)

// TestUnrulyKeepsTheContract runs the suite over what an Unruly sends, finds and
// edits; its people are a memory's.
func TestUnrulyKeepsTheContract(t *testing.T) {
	Run(t, func(t *testing.T) Fake {
		m := newMemory(t, "")
		return &unrulyFake{memory: m, unruly: NewUnruly(m.Name(), Mischief{}, rand.New(rand.NewPCG(1, 1)))}
	})
}

type unrulyFake struct {
	*memory
	unruly *Unruly
}

func (f *unrulyFake) Platform() chat.Platform { return f }
func (f *unrulyFake) Pace() chat.Pace         { return f.unruly.Pace() }

func (f *unrulyFake) Send(ctx context.Context, to chat.Place, m chat.Message) (chat.Post, error) {
	post, err := f.unruly.Send(ctx, to, m)
	if err == nil || errors.As(err, new(*chat.Unsure)) {
		f.show(f.seen(to, m), m)
		f.mu.Lock()
		f.posts = append(f.posts, &stored{post: post, under: m.Under})
		f.mu.Unlock()
	}
	return post, err
}

func (f *unrulyFake) Edit(ctx context.Context, post chat.Post, m chat.Message) error {
	if err := f.unruly.Edit(ctx, post, m); err != nil {
		return err
	}
	return f.memory.Edit(ctx, post, m)
}

func (f *unrulyFake) Find(ctx context.Context, in chat.Place, m chat.Message, since time.Time) (chat.Post, bool, error) {
	return f.unruly.Find(ctx, in, m, since)
}

func (f *unrulyFake) Faults() map[Fault]func() {
	all := map[Fault]func(){}
	for _, fault := range []Fault{Throttle, Refuse, Break, Lose} {
		all[fault] = func() { f.unruly.Service().Next(fault) }
	}
	return all
}
