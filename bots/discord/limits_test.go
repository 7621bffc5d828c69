package discord

import (
	"context"
	"fmt"
	"math/rand/v2"
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
				b, err := l.take(t.Context(), routeOf("POST", fmt.Sprintf("/channels/%d/messages", n)))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				left = append(left, time.Now())
				mu.Unlock()
				time.Sleep(200 * time.Millisecond) // Discord takes its time
				l.give(route{}, b, leftHeader(4, "5"))
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

// TestLatenessIsMadeUpFor has requests wake up later than they should, as on a
// machine that is busy.
func TestLatenessIsMadeUpFor(t *testing.T) {
	const perSecond, requests = 50, 20_000
	l := newLimits()
	r := rand.New(rand.NewPCG(1, 2))
	began := time.Unix(0, 0)
	now := began
	var left []time.Time
	for len(left) < requests {
		if wait := l.slot(now); wait > 0 {
			now = now.Add(wait + time.Duration(r.ExpFloat64()*float64(2*time.Millisecond)))
			continue
		}
		left = append(left, now)
		if n := len(left) - 1 - perSecond; n >= 0 && now.Sub(left[n]) < time.Second {
			t.Fatalf("%d requests left within %s", perSecond+1, now.Sub(left[n]))
		}
	}
	if rate := requests / now.Sub(began).Seconds(); rate < 0.95*perSecond {
		t.Errorf("requests left at %.1f a second, want 95 %% of %d", rate, perSecond)
	}
}

func TestRoutesAreToldApartByChannelAndKind(t *testing.T) {
	for _, test := range []struct {
		path string
		want route
	}{
		{"/channels/1/messages?limit=5", route{"GET /channels/*/messages", "1"}},
		{"/channels/1/messages/22", route{"GET /channels/*/messages/*", "1"}},
		{"/channels/2/messages/22/reactions/%F0%9F%91%8D?after=0", route{"GET /channels/*/messages/*/reactions/*", "2"}},
		{"/guilds/3/members/4", route{"GET /guilds/*/members/*", "3"}},
		{"/applications/5/commands", route{"GET /applications/*/commands", ""}},
		{"/gateway/bot", route{"GET /gateway/bot", ""}},
	} {
		if got := routeOf("GET", test.path); got != test.want {
			t.Errorf("the route of %s is %+v, want %+v", test.path, got, test.want)
		}
	}
}

func TestRoutesShareTheLimitThatDiscordNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits()
		began := time.Now()
		take := func(kind, about, left string) time.Duration {
			r := route{kind, about}
			b, err := l.take(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			l.give(r, b, http.Header{"X-Ratelimit-Bucket": {"abcd"}, "X-Ratelimit-Remaining": {left}, "X-Ratelimit-Reset-After": {"9"}})
			return time.Since(began)
		}
		take("GET /a", "1", "5")
		take("GET /b", "1", "5")
		take("GET /a", "1", "0")
		if d := take("GET /b", "2", "5"); d > time.Second {
			t.Errorf("another channel waits for %s", d)
		}
		if d := take("GET /b", "1", "5"); d < 9*time.Second {
			t.Errorf("the route that shares the limit leaves after %s, want 9 s", d)
		}
	})
}

func TestThrottledBucketWaitsThoughItHasSomeLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits()
		began := time.Now()
		for range 2 {
			b, err := l.take(t.Context(), route{kind: "a"})
			if err != nil {
				t.Fatal(err)
			}
			l.give(route{}, b, http.Header{"Retry-After": {"30"}, "X-Ratelimit-Remaining": {"9"}, "X-Ratelimit-Reset-After": {"2"}, "X-Ratelimit-Scope": {"shared"}})
		}
		if d := time.Since(began); d < 30*time.Second {
			t.Errorf("the next request leaves after %s, want 30 s", d)
		}
	})
}

func TestBucketThatIsEmptyWaitsForItsResetAndDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits()
		began := time.Now()
		take := func(key string) time.Duration {
			b, err := l.take(t.Context(), route{kind: key})
			if err != nil {
				t.Fatal(err)
			}
			l.give(route{}, b, leftHeader(0, "1.5"))
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
				b, err := l.take(t.Context(), route{kind: fmt.Sprint(n)})
				if d := time.Since(began); err != nil || d < 3*time.Second {
					t.Errorf("a request left after %s, %v, want 3 s", d, err)
					return
				}
				l.give(route{}, b, nil)
			})
		}
		all.Wait()
	})
}

func TestWaitingForALimitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimits()
		b, err := l.take(t.Context(), route{kind: "a"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if _, err := l.take(ctx, route{kind: "a"}); err == nil || time.Since(began) != time.Second {
			t.Errorf("behind a request that lasts, it is %v after %s", err, time.Since(began))
		}
		l.give(route{}, b, leftHeader(0, "60"))
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := l.take(ctx, route{kind: "a"}); err == nil {
			t.Error("a request leaves though its bucket is empty")
		}
	})
}

func TestFullBucketsAreForgotten(t *testing.T) {
	l := newLimits()
	busy, err := l.take(t.Context(), route{kind: "busy"})
	if err != nil {
		t.Fatal(err)
	}
	for n := range bucketsKept + 10 {
		l.bucket(route{kind: fmt.Sprint(n)})
	}
	if n := len(l.buckets); n > bucketsKept/2 || l.bucket(route{kind: "busy"}) != busy {
		t.Errorf("%d buckets are kept, the busy one among them: %t", n, l.bucket(route{kind: "busy"}) == busy)
	}
}
