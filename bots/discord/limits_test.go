package discord

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// leftHeader is what Discord says of a bucket.
func leftHeader(left int, after string) http.Header {
	return http.Header{"X-Ratelimit-Remaining": {fmt.Sprint(left)}, "X-Ratelimit-Reset-After": {after}}
}

// TestPostsLeaveAsFastAsDiscordAllows sends to 10,000 channels at once.
func TestPostsLeaveAsFastAsDiscordAllows(t *testing.T) {
	const channels, perSecond = 10_000, 50
	synctest.Test(t, func(t *testing.T) {
		l := newLimits()
		var mu sync.Mutex
		var left []time.Time
		began := time.Now()
		var all sync.WaitGroup
		slots := make(chan struct{}, 32)
		for n := range channels {
			slots <- struct{}{}
			all.Go(func() {
				defer func() { <-slots }()
				b, err := l.take(t.Context(), fmt.Sprintf("POST /channels/%d/messages", n))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				left = append(left, time.Now())
				mu.Unlock()
				time.Sleep(200 * time.Millisecond) // Discord takes its time
				l.give(b, leftHeader(4, "5"))
			})
		}
		all.Wait()
		slices.SortFunc(left, time.Time.Compare)
		for i := perSecond; i < len(left); i++ {
			if d := left[i].Sub(left[i-perSecond]); d < time.Second {
				t.Fatalf("%d requests left within %s", perSecond+1, d)
			}
		}
		if rate := channels / time.Since(began).Seconds(); rate < 0.95*perSecond {
			t.Errorf("posts left at %.1f a second, want 95 %% of %d", rate, perSecond)
		}
	})
}

func TestBucketThatIsEmptyWaitsForItsResetAndDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits()
		began := time.Now()
		take := func(key string) time.Duration {
			b, err := l.take(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			l.give(b, leftHeader(0, "1.5"))
			return time.Since(began)
		}
		take("a")
		if d := take("b"); d > time.Second {
			t.Errorf("another bucket waits for %s", d)
		}
		if d := take("a"); d < 1500*time.Millisecond || d > 1600*time.Millisecond {
			t.Errorf("the empty bucket waits for %s, want 1.5 s", d)
		}
	})
}

func TestGlobalLimitHoldsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits()
		l.hold(3 * time.Second)
		l.hold(time.Second) // a shorter one later changes nothing
		began := time.Now()
		var all sync.WaitGroup
		for n := range 5 {
			all.Go(func() {
				b, err := l.take(t.Context(), fmt.Sprint(n))
				if d := time.Since(began); err != nil || d < 3*time.Second {
					t.Errorf("a request left after %s, %v, want 3 s", d, err)
					return
				}
				l.give(b, nil)
			})
		}
		all.Wait()
	})
}

func TestWaitingForALimitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits()
		b, err := l.take(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if _, err := l.take(ctx, "a"); err == nil || time.Since(began) != time.Second {
			t.Errorf("behind a request that lasts, it is %v after %s", err, time.Since(began))
		}
		l.give(b, leftHeader(0, "60"))
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := l.take(ctx, "a"); err == nil {
			t.Error("a request leaves though its bucket is empty")
		}
	})
}

func TestFullBucketsAreForgotten(t *testing.T) {
	l := newLimits()
	busy, err := l.take(t.Context(), "busy")
	if err != nil {
		t.Fatal(err)
	}
	for n := range bucketsKept + 10 {
		l.bucket(fmt.Sprint(n))
	}
	if n := len(l.buckets); n > bucketsKept/2 || l.bucket("busy") != busy {
		t.Errorf("%d buckets are kept, the busy one among them: %t", n, l.bucket("busy") == busy)
	}
}
