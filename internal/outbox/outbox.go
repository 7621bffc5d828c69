// Package outbox posts what has been planned: every message once, in order
// within its place, as fast as each platform allows and no faster. What may have
// been posted is looked up before it is posted again.
package outbox

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/store"
	"paperboy/internal/telemetry"
)

const (
	// usualLease is how long a message belongs to the worker that took it. The
	// worker uses half of it at most: the other half is silence, so that a request
	// of its that is still under way has arrived before anybody looks.
	usualLease = time.Minute
	// pollEvery is how long a message that another process planned may lie unseen.
	pollEvery = 15 * time.Second
	// refreshEvery is between two looks for posts with outdated counts, and
	// refreshRest between two edits of one post.
	refreshEvery = 10 * time.Second
	refreshRest  = time.Minute
	// refreshAge is how old a post may be whose counts are still kept up.
	refreshAge = 30 * 24 * time.Hour
	// restAfterTrouble is the pause when the store does not answer.
	restAfterTrouble = 5 * time.Second
	// lastCalls is how long messages under way may take when the program stops.
	lastCalls = 5 * time.Second
)

// Outbox posts planned messages.
type Outbox struct {
	store     *store.Store
	platforms chat.Platforms
	log       *slog.Logger
	metrics   *telemetry.Metrics
	options   Options
	wake      map[string]chan struct{} // by platform; holds one token at most

	mu     sync.Mutex // guards random
	random *rand.Rand
}

// Options are what differs from one deployment to the next, and in tests.
type Options struct {
	Labels card.Labels
	Lease  time.Duration // usualLease if 0
	Random *rand.Rand    // for jitter; seeded by chance if nil
}

// New returns an Outbox that posts to platforms.
func New(s *store.Store, platforms chat.Platforms, log *slog.Logger, m *telemetry.Metrics, o Options) *Outbox {
	if o.Lease == 0 {
		o.Lease = usualLease
	}
	if o.Random == nil {
		o.Random = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	wake := make(map[string]chan struct{})
	for name := range platforms {
		wake[name] = make(chan struct{}, 1)
	}
	return &Outbox{store: s, platforms: platforms, log: log, metrics: m, options: o, wake: wake, random: o.Random}
}

// Wake tells that something was planned, so that nobody waits for the next look.
func (o *Outbox) Wake() {
	for _, wake := range o.wake {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

// Run posts until ctx ends, then waits for messages under way, which are given
// some seconds. No platform waits for another.
func (o *Outbox) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for name, platform := range o.platforms {
		group.Go(func() error { return o.newLane(ctx, platform, o.wake[name]).run(ctx) })
	}
	group.Go(func() error { return o.refresh(ctx) })
	return group.Wait()
}

// jitter is d give or take a quarter, so that what failed together does not try
// again together.
func (o *Outbox) jitter(d time.Duration) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	return d*3/4 + time.Duration(o.random.Int64N(int64(d)/2+1))
}

// backoff is the pause after so many failures in a row: with the usual lease
// 5 s, 10 s, … 10 min.
func (o *Outbox) backoff(failures int) time.Duration {
	first, longest := o.options.Lease/12, 10*o.options.Lease
	return o.jitter(min(first<<min(failures, 10), longest))
}
