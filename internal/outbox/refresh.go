package outbox

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
)

const (
	editsAtOnce  = 20 // taken from the store
	editPatience = 15 * time.Second
)

// refresh keeps the counts on posts true, each post once a minute at most. It is
// done as well as can be: what fails is mended by the next vote.
func (o *Outbox) refresh(ctx context.Context) error {
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := o.refreshAll(ctx, time.Now()); err != nil && ctx.Err() == nil {
			o.log.Warn("counts on posts could not be refreshed", "err", err)
		}
	}
}

func (o *Outbox) refreshAll(ctx context.Context, now time.Time) error {
	if err := o.store.SpreadRecounts(ctx, now.Add(-refreshAge)); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, platform := range o.platforms {
		if editor, ok := platform.(chat.Editor); ok {
			group.Go(func() error { return o.refreshPosts(ctx, editor) })
		}
	}
	return group.Wait()
}

// refreshPosts edits the posts of one platform whose counts have changed, one
// after the other at its pace.
func (o *Outbox) refreshPosts(ctx context.Context, editor chat.Editor) error {
	key := "edit/" + editor.Name()
	for ctx.Err() == nil {
		now := time.Now()
		held, err := o.store.HeldUntil(ctx, key)
		if err != nil || held.Sub(now) > refreshEvery {
			return err
		}
		stale, err := o.store.TakeStale(ctx, editor.Name(), now.Add(-refreshRest), now, editsAtOnce)
		if err != nil || len(stale) == 0 {
			return err
		}
		for _, shown := range stale {
			if err := o.refreshPost(ctx, editor, key, shown); err != nil {
				return err
			}
		}
	}
	return nil
}

// refreshPost edits a post if its counts have changed.
func (o *Outbox) refreshPost(ctx context.Context, editor chat.Editor, key string, shown store.Shown) error {
	m, changed, err := o.recount(ctx, shown)
	if err != nil || !changed {
		return err
	}
	wait, err := o.store.Reserve(ctx, key, time.Now(), editor.Pace().Every)
	if err != nil {
		return err
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return o.store.Refreshed(context.WithoutCancel(ctx), shown.Message, true)
	case <-timer.C:
	}
	return o.edit(ctx, editor, key, shown, m)
}

func (o *Outbox) edit(ctx context.Context, editor chat.Editor, key string, shown store.Shown, m chat.Message) error {
	editing, cancel := context.WithTimeout(ctx, editPatience)
	defer cancel()
	err := editor.Edit(editing, shown.Post, m)
	var throttled *chat.Throttled
	settling := context.WithoutCancel(ctx)
	switch {
	case err == nil:
		return o.store.Refreshed(settling, m, false)
	case errors.As(err, new(*chat.Refused)):
		o.log.Debug("a post can't be edited", "platform", editor.Name(), "key", m.Key, "err", err)
		return nil
	case errors.As(err, &throttled):
		if err := o.store.Hold(settling, key, time.Now().Add(throttled.After)); err != nil {
			return err
		}
	}
	return o.store.Refreshed(settling, shown.Message, true)
}

// recount is what a post should show.
func (o *Outbox) recount(ctx context.Context, shown store.Shown) (m chat.Message, changed bool, err error) {
	ids := make([]paper.ID, len(shown.Message.Cards))
	for i, c := range shown.Message.Cards {
		ids[i] = c.Paper
	}
	papers, err := o.store.Papers(ctx, ids)
	if err != nil {
		return m, false, err
	}
	votes, err := o.store.Votes(ctx, shown.Team, ids)
	if err != nil {
		return m, false, err
	}
	m = shown.Message
	m.Cards = append([]chat.Card(nil), m.Cards...)
	for _, p := range papers {
		for i := range m.Cards {
			if c := &m.Cards[i]; c.Paper == p.ID {
				counts := card.Counts(p, votes[p.ID], o.options.Labels)
				changed = changed || counts != c.Counts
				c.Counts = counts
			}
		}
	}
	return m, changed, nil
}
