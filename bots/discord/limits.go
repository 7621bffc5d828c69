package discord

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// between is the time from one request to the next. Discord takes 50 in a
	// second from a bot, whatever they are.
	between = 20200 * time.Microsecond
	// bucketsKept is when buckets that are full again are forgotten.
	bucketsKept = 20_000
)

// limits keep requests within what Discord allows, by what its answers say. The
// library's own limiter sleeps through the end of a context, and a global limit
// that comes without X-RateLimit-Reset-After does not hold its other buckets.
type limits struct {
	mu      sync.Mutex // guards what follows
	buckets map[string]*bucket
	held    time.Time // until when nothing goes
	next    time.Time // when the next request may go
}

// bucket is the limit of one kind of request to one channel or guild. Requests
// of a bucket go one after the other, so that each knows what is left.
type bucket struct {
	turn chan struct{} // holds one; whoever puts it in may ask

	mu    sync.Mutex // guards what follows
	left  int
	reset time.Time
}

func newLimits() *limits { return &limits{buckets: map[string]*bucket{}} }

// take waits until a request may go. Its answer's header has to be given back.
func (l *limits) take(ctx context.Context, key string) (*bucket, error) {
	b := l.bucket(key)
	select {
	case b.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := pause(ctx, b.wait(time.Now())); err != nil {
		<-b.turn
		return nil, err
	}
	for {
		wait := l.slot(time.Now())
		if wait <= 0 {
			return b, nil
		}
		if err := pause(ctx, wait); err != nil {
			<-b.turn
			return nil, err
		}
	}
}

func (l *limits) bucket(key string) *bucket {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, ok := l.buckets[key]; ok {
		return b
	}
	if len(l.buckets) >= bucketsKept {
		l.forget(time.Now())
	}
	b := &bucket{turn: make(chan struct{}, 1), left: 1}
	l.buckets[key] = b
	return b
}

// forget drops buckets that limit nothing. The caller holds mu.
func (l *limits) forget(now time.Time) {
	for key, b := range l.buckets {
		if len(b.turn) == 0 && b.wait(now) == 0 {
			delete(l.buckets, key)
		}
	}
}

// slot takes the next place in the flow of all requests, or says how long to wait
// before trying that.
func (l *limits) slot(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := max(l.held.Sub(now), l.next.Sub(now)); wait > 0 {
		return wait
	}
	l.next = now.Add(between)
	// A request that could not go on the dot does not delay those after it.
	return 0
}

// hold lets nothing go for a while.
func (l *limits) hold(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := time.Now().Add(d); until.After(l.held) {
		l.held = until
	}
}

func (b *bucket) wait(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left > 0 {
		return 0
	}
	return max(b.reset.Sub(now), 0)
}

// give ends a request with the header of its answer, which may be missing.
func (l *limits) give(b *bucket, header http.Header) {
	b.mu.Lock()
	if left, err := strconv.Atoi(header.Get("X-RateLimit-Remaining")); err == nil {
		b.left = left
		after, _ := strconv.ParseFloat(header.Get("X-RateLimit-Reset-After"), 64)
		b.reset = time.Now().Add(seconds(after))
	}
	b.mu.Unlock()
	<-b.turn
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
