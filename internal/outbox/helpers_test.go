package outbox_test

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"paperboy/internal/chat"
	"paperboy/internal/outbox"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// named is a platform under another name.
type named struct {
	chat.Platform
	name string
}

func (n named) Name() string { return n.name }

// start runs an outbox until stop is called.
func start(w *world, p chat.Platform) (stop func()) { return runBoth(w, p) }

// runBoth runs outboxes, each with a platform, until stop is called.
func runBoth(w *world, platforms ...chat.Platform) (stop func()) {
	ctx, cancel := context.WithCancel(w.Context())
	group, ctx := errgroup.WithContext(ctx)
	for _, p := range platforms {
		group.Go(func() error {
			return newOutbox(w.store, p, slog.New(slog.DiscardHandler), outbox.Options{}).Run(ctx)
		})
	}
	return func() {
		cancel()
		if err := group.Wait(); err != nil {
			w.Error(err)
		}
	}
}

// vote is an upvote of a person with a button.
func vote(w *world, id paper.ID, who string) {
	w.Helper()
	m := team.ByHand(team.Everyone, id, chat.Person{Platform: "unruly", Space: "T1", ID: who}, team.Up, time.Now())
	if _, err := w.store.Mark(w.Context(), m); err != nil {
		w.Fatal(err)
	}
}
