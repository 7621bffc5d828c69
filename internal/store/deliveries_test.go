package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/chat"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

const lease = time.Minute

// due plans three messages for each of some channels and returns their IDs.
func due(t testing.TB, s *store.Store, thread bool, channels ...string) (ids []string) {
	t.Helper()
	for _, name := range channels {
		p := planOf(subscribed(t, s, channel(name)), "doi:10.1/a", "doi:10.1/b", "doi:10.1/c")
		p.Thread = thread
		if got := plan(t, s, p); !got[0].Planned {
			t.Fatalf("%s: %+v", name, got[0])
		}
		ids = append(ids, p.Channel.ID)
	}
	return ids
}

// claim takes up to n messages some time after nine.
func claim(t testing.TB, s *store.Store, after time.Duration, n int) []store.Delivery {
	t.Helper()
	now := nine.At.Add(after)
	taken, err := s.Claim(t.Context(), "slack", now, now.Add(lease), n)
	if err != nil {
		t.Fatalf("claim: %v", err)
	}
	return taken
}

// sent settles d as posted under its key, and holds its place.
func sent(t testing.TB, s *store.Store, d store.Delivery, after, hold time.Duration) {
	t.Helper()
	now := nine.At.Add(after)
	if err := s.Sent(t.Context(), d, chat.Post{Place: d.Place, ID: "post of " + d.Message.Key}, now, now.Add(hold)); err != nil {
		t.Fatalf("settle %s: %v", d.Message.Key, err)
	}
}

// parts are places and the ends of keys, as "C1/0".
func parts(taken []store.Delivery) (all []string) {
	for _, d := range taken {
		all = append(all, d.Place.Channel+d.Message.Key[len(d.Message.Key)-2:])
	}
	slices.Sort(all)
	return all
}

func sees(t testing.TB, what string, got []store.Delivery, want ...string) {
	t.Helper()
	if p := parts(got); !slices.Equal(p, want) {
		t.Errorf("%s: took %q, want %q", what, p, want)
	}
}

func TestMessagesAreTakenInOrderWithinAPlaceAndInTurnAmongPlaces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		due(t, s, false, "C1", "C2", "C3")
		if taken, err := s.Claim(ctx, "discord", noon, noon, 9); len(taken) > 0 || err != nil {
			t.Errorf("another platform took %q, %v", parts(taken), err)
		}
		sees(t, "too early", claim(t, s, -time.Microsecond, 9))
		first := claim(t, s, 0, 2)
		if len(first) != 2 {
			t.Fatalf("took %q, want two", parts(first))
		}
		rest := claim(t, s, 0, 9)
		sees(t, "every place once", slices.Concat(first, rest), "C1/0", "C2/0", "C3/0")
		sees(t, "nothing after a message under way", claim(t, s, 0, 9))
		sent(t, s, rest[0], 0, 0)
		next := claim(t, s, 0, 9)
		sees(t, "the one after", next, rest[0].Place.Channel+"/1")
		sent(t, s, next[0], 0, 0)
		sent(t, s, first[0], 0, 0)
		one := claim(t, s, 0, 1)
		sees(t, "the second of a place before the third of another", one, first[0].Place.Channel+"/1")
		d := one[0]
		if d.Unsure || d.Headless || d.Message.Under != "" || d.Failures != 0 || d.Team != team.Everyone || !d.FirstAt.Equal(nine.At) || !d.Expires.Equal(nine.At.Add(team.Limit)) {
			t.Errorf("it is %+v", d)
		}
		if diff := cmp.Diff(planOf(team.Channel{ID: d.Message.Key[6:22]}, "doi:10.1/a", "doi:10.1/b").Messages[1], d.Message); diff != "" {
			t.Errorf("the message (-want +got):\n%s", diff)
		}
	})
}

func TestWhoeverIsLateSettlesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		due(t, s, false, "C1")
		late := claim(t, s, 0, 9)[0]
		sees(t, "while the lease lasts", claim(t, s, lease-time.Microsecond, 9))
		again := claim(t, s, lease, 9)
		sees(t, "when it has run out", again, "C1/0")
		if !again[0].Unsure || !again[0].FirstAt.Equal(nine.At) {
			t.Errorf("taken over, it is %+v; want it unsure since the first try", again[0])
		}
		at := nine.At.Add(lease)
		for what, err := range map[string]error{
			"sent":   s.Sent(ctx, late, post("1"), at, at.Add(time.Hour)),
			"putoff": s.PutOff(ctx, late, at.Add(time.Hour), true, "late"),
			"park":   s.Park(ctx, late, "late", at),
			"bury":   s.Bury(ctx, late, "late", at, func(team.Channel) (chat.Message, time.Time) { panic("nobody is told") }),
		} {
			if !errors.Is(err, store.ErrTaken) {
				t.Errorf("%s: %v, want ErrTaken", what, err)
			}
		}
		if c := read(t, s, channel("C1")); c.Gone != "" {
			t.Errorf("the channel is gone: %s", c.Gone)
		}
		if papers, err := s.PostPapers(ctx, post("1")); len(papers) > 0 || err != nil {
			t.Errorf("the late post is known to show %q, %v", papers, err)
		}
		sent(t, s, again[0], lease, 0)
		if err := s.Park(ctx, again[0], "twice", at); !errors.Is(err, store.ErrTaken) {
			t.Errorf("settled twice: %v, want ErrTaken", err)
		}
		sees(t, "the next is free at once", claim(t, s, lease, 9), "C1/1")
		if papers, err := s.PostPapers(ctx, chat.Post{Place: channel("C1"), ID: "post of " + again[0].Message.Key}); len(papers) != 1 || err != nil {
			t.Errorf("the post is known to show %q, %v", papers, err)
		}
	})
}

func TestNoTwoClaimersTakeTheSame(t *testing.T) {
	const places, claimers = 40, 8
	storetest.EachAddress(t, func(t *testing.T, address string) {
		stores := []*store.Store{open(t, address), open(t, address)}
		plans := make([]store.Plan, places)
		for i := range plans {
			plans[i] = planOf(subscribed(t, stores[0], channel(fmt.Sprint("C", i))), "doi:10.1/a", "doi:10.1/b")
		}
		plan(t, stores[0], plans...)
		var mu sync.Mutex // guards order
		order := make(map[string][]string)
		var wg sync.WaitGroup
		for i := range claimers {
			wg.Go(func() {
				for range 200 {
					taken := claim(t, stores[i%2], 0, 3)
					for _, d := range taken {
						mu.Lock()
						order[d.Place.Channel] = append(order[d.Place.Channel], d.Message.Key[len(d.Message.Key)-1:])
						mu.Unlock()
						sent(t, stores[i%2], d, 0, 0)
					}
					if next, err := stores[i%2].NextDue(ctx, "slack"); next.IsZero() || err != nil {
						return
					}
				}
			})
		}
		wg.Wait()
		for name, got := range order {
			if !slices.Equal(got, []string{"0", "1"}) {
				t.Errorf("%s was given %q", name, got)
			}
		}
		if len(order) != places || len(keys(t, stores[0])) > 0 {
			t.Errorf("%d places were served and %q wait", len(order), keys(t, stores[0]))
		}
	})
}

func TestRepliesGoUnderTheirHeading(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		due(t, s, true, "C1", "C2")
		for _, d := range claim(t, s, 0, 9) {
			if d.Place.Channel == "C1" {
				sent(t, s, d, 0, 0)
			} else if err := s.Park(ctx, d, "too long", nine.At); err != nil {
				t.Fatal(err)
			}
		}
		replies := claim(t, s, 0, 9)
		sees(t, "replies", replies, "C1/1", "C2/1")
		for _, d := range replies {
			want := map[string]string{"C1": "post of " + d.Message.Key[:len(d.Message.Key)-1] + "0"}[d.Place.Channel]
			if d.Message.Under != want || d.Headless != (want == "") {
				t.Errorf("%s is under %q, headless %v; want %q", d.Place.Channel, d.Message.Under, d.Headless, want)
			}
		}
		t.Run("also when the heading is forgotten", func(t *testing.T) {
			for _, d := range replies {
				if err := s.Park(ctx, d, "no", nine.At.Add(time.Hour)); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.Prune(ctx, nine.At.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			if ok, err := s.Retry(ctx, replies[0].Message.Key, nine.At, noon); !ok || err != nil {
				t.Fatal(ok, err)
			}
			for _, d := range claim(t, s, 0, 9) {
				if d.Message.Key == replies[0].Message.Key && !d.Headless {
					t.Errorf("%s has lost its heading and is %+v", d.Message.Key, d)
				}
			}
		})
	})
}

func TestWaitingBetweenMessages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		nextIs := func(what string, want time.Duration) {
			t.Helper()
			if got, err := s.NextDue(ctx, "slack"); got.Sub(nine.At) != want || err != nil {
				t.Errorf("%s: the next is due %s after nine, %v; want %s", what, got.Sub(nine.At), err, want)
			}
		}
		if next, err := s.NextDue(ctx, "slack"); !next.IsZero() || err != nil {
			t.Errorf("nothing planned, but %s, %v is next", next, err)
		}
		due(t, s, false, "C1", "C2")
		nextIs("planned", 0)
		taken := claim(t, s, 0, 9)
		nextIs("taken", lease)
		sent(t, s, taken[0], time.Second, 5*time.Second)
		nextIs("a place holds the next for a while", 6*time.Second)
		sees(t, "before that", claim(t, s, 6*time.Second-1000, 9))
		if err := s.PutOff(ctx, taken[1], nine.At.Add(3*time.Second), true, "the chat service can't be reached"); err != nil {
			t.Fatal(err)
		}
		nextIs("put off", 3*time.Second)
		sees(t, "what comes after it waits with it", claim(t, s, 3*time.Second-1000, 9))
		again := claim(t, s, 3*time.Second, 9)
		sees(t, "put off, and taken again", again, taken[1].Place.Channel+"/0")
		if d := again[0]; d.Failures != 1 || d.Unsure {
			t.Errorf("it is %+v, want one failure and no doubt", d)
		}
		d := again[0]
		d.Unsure = true
		if err := s.PutOff(ctx, d, nine.At.Add(4*time.Second), false, "lost"); err != nil {
			t.Fatal(err)
		}
		if again := claim(t, s, 4*time.Second, 9); len(again) != 1 || !again[0].Unsure || again[0].Failures != 1 {
			t.Errorf("put off in doubt, it is %+v", again)
		}
	})
}
