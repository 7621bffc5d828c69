package discord

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// between is the time from one request to the next. Discord takes 50 in a
	// second from a bot, whatever they are: this is 98 % of that.
	between = 20400 * time.Microsecond
	// behind is how much of the time that a request came too late is made up for.
	// With it no second has more than 50 requests in it.
	behind = 18 * time.Millisecond
	// bucketsKept is when buckets that are full again are forgotten.
	bucketsKept = 20_000
)

// limits keep requests within what Discord allows, by what its answers say. The
// library's own limiter sleeps through the end of a context, and a global limit
// that comes without X-RateLimit-Reset-After does not hold its other buckets.
type limits struct {
	mu      sync.Mutex // guards what follows
	buckets map[string]*bucket
	shared  map[string]string // by route, the name of the limit that it shares with others
	held    time.Time         // until when nothing goes
	next    time.Time         // when the next request may go
}

// bucket is the limit of one kind of request to one channel or guild. Requests
// of a bucket go one after the other, so that each knows what is left.
type bucket struct {
	turn chan struct{} // holds one; whoever puts it in may ask

	mu    sync.Mutex // guards what follows
	left  int
	reset time.Time
}

func newLimits() *limits { return &limits{buckets: map[string]*bucket{}, shared: map[string]string{}} }

// route is a kind of request, and whom it is about: limits are for each channel
// and guild (https://docs.discord.com/developers/topics/rate-limits).
type route struct{ kind, about string }

// routeOf is the route of a request. What is below a channel or a guild does not
// tell routes apart.
func routeOf(method, path string) (r route) {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for i, part := range parts {
		_, err := strconv.ParseUint(part, 10, 64)
		switch {
		case err == nil && i == 2 && (parts[1] == "channels" || parts[1] == "guilds"):
			r.about, parts[i] = part, "*"
		case err == nil, i > 0 && parts[i-1] == "reactions":
			parts[i] = "*"
		}
	}
	r.kind = method + " " + strings.Join(parts, "/")
	return r
}

// take waits until a request may go. Its answer's header has to be given back.
func (l *limits) take(ctx context.Context, r route) (*bucket, error) {
	b := l.bucket(r)
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

func (l *limits) bucket(r route) *bucket {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := cmp.Or(l.shared[r.kind], r.kind) + " " + r.about
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
	// A request that could not go on the dot does not delay those after it.
	l.next = l.next.Add(between)
	if soonest := now.Add(between - behind); l.next.Before(soonest) {
		l.next = soonest
	}
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
func (l *limits) give(r route, b *bucket, header http.Header) {
	if name := header.Get("X-RateLimit-Bucket"); name != "" {
		l.mu.Lock()
		l.shared[r.kind] = name
		l.mu.Unlock()
	}
	left, err := strconv.Atoi(header.Get("X-RateLimit-Remaining"))
	after, _ := strconv.ParseFloat(header.Get("X-RateLimit-Reset-After"), 64)
	if retry, _ := strconv.ParseFloat(header.Get("Retry-After"), 64); retry > 0 { // a 429, which may be of a limit that has some left
		left, after, err = 0, max(after, retry), nil
	}
	if err == nil {
		b.set(left, seconds(after))
	}
	<-b.turn
}

// set says how many more requests a bucket takes before it is full again.
func (b *bucket) set(left int, after time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left, b.reset = left, time.Now().Add(after)
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
