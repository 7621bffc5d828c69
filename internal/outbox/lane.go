package outbox

import (
	"context"
	"sync/atomic"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/store"
)

// lane sends the messages of one platform.
type lane struct {
	*Outbox
	platform chat.Platform
	pace     chat.Pace
	wake     chan struct{}   // as in Outbox
	free     chan struct{}   // holds a token for every message that may be under way besides
	working  context.Context // ends a while after Run's context does
	held     atomic.Int64    // until when, in microseconds as in the store, the platform asked this process for silence
}

func (o *Outbox) newLane(ctx context.Context, p chat.Platform, wake chan struct{}) *lane {
	l := &lane{Outbox: o, platform: p, pace: p.Pace(), wake: wake}
	l.free = make(chan struct{}, max(l.pace.AtOnce, 1))
	for range cap(l.free) {
		l.free <- struct{}{}
	}
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() { time.AfterFunc(lastCalls, stop) })
	l.working = working
	return l
}

// run takes and sends messages until ctx ends and those under way are settled.
func (l *lane) run(ctx context.Context) error {
	for ctx.Err() == nil {
		if wait := l.round(ctx); wait > 0 {
			l.sleep(ctx, wait)
		}
	}
	for range cap(l.free) { // everybody is back
		<-l.free
	}
	return nil
}

// sleep waits, unless something is planned or ctx ends.
func (l *lane) sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-l.wake:
	case <-timer.C:
	}
}

// round takes as many messages as may be under way and starts sending them. It
// returns how long there is nothing more to do.
func (l *lane) round(ctx context.Context) (wait time.Duration) {
	n, ok := l.places(ctx)
	if !ok {
		return 0
	}
	taken, wait, err := l.take(ctx, n)
	for range n - len(taken) {
		l.free <- struct{}{}
	}
	if err != nil {
		if ctx.Err() == nil {
			l.log.Error("messages could not be taken", "platform", l.platform.Name(), "err", err)
		}
		return restAfterTrouble
	}
	start := time.Now().Add(wait)
	for i, d := range taken {
		start := start.Add(time.Duration(i) * l.pace.Every)
		go func() {
			defer l.back()
			l.deliver(ctx, d, start)
		}()
	}
	if len(taken) > 0 {
		return 0
	}
	return wait
}

// back gives the place of a message back, and lets the lane look for the one
// after it.
func (l *lane) back() {
	l.free <- struct{}{}
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// places waits until a message may be sent, and takes all places there are then.
func (l *lane) places(ctx context.Context) (n int, ok bool) {
	select {
	case <-ctx.Done():
		return 0, false
	case <-l.free:
	}
	for n = 1; n < cap(l.free); n++ {
		select {
		case <-l.free:
		default:
			return n, true
		}
	}
	return n, true
}

// paceKey is under what the platform's pace is kept in the store.
func (l *lane) paceKey() string { return "send/" + l.platform.Name() }

// take claims up to n messages, and says after which time the first may go out,
// or else how long to wait before asking again.
func (l *lane) take(ctx context.Context, n int) (taken []store.Delivery, wait time.Duration, err error) {
	now := time.Now()
	held, err := l.store.HeldUntil(ctx, l.paceKey())
	if err != nil {
		return nil, 0, err
	}
	if wait := held.Sub(now); wait > l.options.Lease/8 {
		return nil, min(wait, pollEvery), nil
	}
	if l.pace.Every > 0 { // what can't go out within an eighth of the lease is left to others
		n = min(n, 1+int(l.options.Lease/8/l.pace.Every))
	}
	taken, err = l.store.Claim(ctx, l.platform.Name(), now, now.Add(l.options.Lease), n)
	if err != nil || len(taken) == 0 {
		wait, err := l.idle(ctx, now, err)
		return nil, wait, err
	}
	if l.pace.Every == 0 {
		return taken, 0, nil
	}
	now = time.Now()
	wait, err = l.store.Reserve(ctx, l.paceKey(), now, time.Duration(len(taken))*l.pace.Every)
	wait -= time.Since(now) // asking took some of it
	if err != nil {
		l.log.Warn("the pace of a platform could not be kept", "platform", l.platform.Name(), "err", err)
		wait = 0
	}
	return taken, wait, nil
}

// idle is how long nothing can be claimed, unless a message that is under way is
// settled before.
func (l *lane) idle(ctx context.Context, now time.Time, err error) (time.Duration, error) {
	if err != nil {
		return 0, err
	}
	due, err := l.store.NextDue(ctx, l.platform.Name())
	if err != nil || due.IsZero() {
		return pollEvery, err
	}
	return min(max(due.Sub(now), time.Millisecond), pollEvery), nil
}
