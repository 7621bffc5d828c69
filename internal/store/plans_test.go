package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// planOf is what c gets at nine: a message for each paper.
func planOf(c team.Channel, papers ...paper.ID) store.Plan {
	p := store.Plan{Channel: c, Team: team.Everyone, Slot: nine, Next: tomorrow, At: nine.At, Note: "a note", Expires: nine.At.Add(team.Limit)}
	for i, id := range papers {
		p.Picks = append(p.Picks, store.Pick{Paper: id, Why: fmt.Sprint("reason ", i)})
		p.Messages = append(p.Messages, chat.Message{
			Key: fmt.Sprintf("daily/%s/%s/%d", c.ID, nine.Day, i), Text: chat.Plain("text"), Cards: []chat.Card{{Paper: id, Title: chat.Plain("T")}},
		})
	}
	return p
}

func plan(t testing.TB, s *store.Store, plans ...store.Plan) []store.Outcome {
	t.Helper()
	outcomes, err := s.Plan(t.Context(), plans)
	if err != nil {
		t.Fatalf("plan: %v", err)
	}
	return outcomes
}

// keys are those of the messages that wait, in their order.
func keys(t testing.TB, s *store.Store) (all []string) {
	t.Helper()
	waiting, err := s.Waiting(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range waiting {
		all = append(all, d.Key)
	}
	return all
}

func TestAPlanIsKeptOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := planOf(subscribed(t, s, channel("C1")), "doi:10.1/a", "doi:10.1/b")
		for i, want := range []bool{true, false} {
			if got := plan(t, s, p); got[0].Planned != want || got[0].Repeats != nil && want {
				t.Errorf("planner %d: %+v, want planned %v", i, got[0], want)
			}
		}
		c := read(t, s, channel("C1"))
		if c.Next != tomorrow || c.Last != nine {
			t.Errorf("the last slot is %v and the next %v, want %v and %v", c.Last, c.Next, nine, tomorrow)
		}
		if got := keys(t, s); !slices.Equal(got, []string{p.Messages[0].Key, p.Messages[1].Key}) {
			t.Errorf("waiting are %q", got)
		}
		plans, err := s.Plans(ctx, c.ID, 9)
		if diff := cmp.Diff([]store.Planned{{Slot: nine, PlannedAt: nine.At, Papers: 2, Note: "a note"}}, plans); diff != "" || err != nil {
			t.Errorf("plans (-want +got) %v:\n%s", err, diff)
		}
		for id, want := range map[string]store.Picked{"doi:10.1/b": {Day: feb27, Number: 2, Why: "reason 1"}, "doi:10.1/c": {}} {
			if got, ok, err := s.Picked(ctx, c.ID, id); got != want || ok != (want.Number > 0) || err != nil {
				t.Errorf("%s was picked: %+v, %v, %v; want %+v", id, got, ok, err, want)
			}
		}
	})
}

func TestOneOfManyPlannersPlansEachChannel(t *testing.T) {
	const channels, planners = 30, 6
	storetest.EachAddress(t, func(t *testing.T, address string) {
		stores := []*store.Store{open(t, address), open(t, address)}
		plans := make([]store.Plan, channels)
		for i := range plans {
			plans[i] = planOf(subscribed(t, stores[0], channel(fmt.Sprint("C", i))), "doi:10.1/a")
		}
		var wg sync.WaitGroup
		var kept atomic.Int64
		for i := range planners {
			mine := slices.Clone(plans)
			if i%2 == 1 {
				slices.Reverse(mine)
			}
			wg.Go(func() {
				outcomes, err := stores[i%2].Plan(ctx, mine)
				if err != nil {
					t.Errorf("planner %d: %v", i, err)
				}
				for _, o := range outcomes {
					if o.Planned {
						kept.Add(1)
					}
				}
			})
		}
		wg.Wait()
		if n := len(keys(t, stores[0])); n != channels || kept.Load() != channels {
			t.Errorf("%d plans were kept and %d messages wait, want %d of both", kept.Load(), n, channels)
		}
	})
}

func TestWhatIsNotKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		t.Run("a plan for a channel that was changed meanwhile", func(t *testing.T) {
			p := planOf(subscribed(t, s, channel("C1")), "doi:10.1/a")
			change(t, s, channel("C1"), func(c *team.Channel) { c.Prefs.Count = 1 })
			if got := plan(t, s, p); got[0].Planned || got[0].Repeats != nil {
				t.Errorf("it came out as %+v", got[0])
			}
			if c := read(t, s, channel("C1")); c.Next != nine || !c.Last.At.IsZero() {
				t.Errorf("the channel moved on to %v, last %v", c.Next, c.Last)
			}
			if got := plan(t, s, planOf(read(t, s, channel("C1")), "doi:10.1/a")); !got[0].Planned {
				t.Errorf("planned anew, it came out as %+v", got[0])
			}
		})
		t.Run("a repeat, while others are kept", func(t *testing.T) {
			before := keys(t, s)
			again := planOf(read(t, s, channel("C1")), "doi:10.1/b", "doi:10.1/a")
			other := planOf(subscribed(t, s, channel("C2")), "doi:10.1/a", "doi:10.1/b")
			outcomes := plan(t, s, again, other)
			if diff := cmp.Diff([]store.Outcome{{Repeats: []paper.ID{"doi:10.1/a"}}, {Planned: true}}, outcomes); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			if got := keys(t, s); len(got) != len(before)+2 {
				t.Errorf("waiting are %q, want two more than %q", got, before)
			}
			if _, ok, err := s.Picked(ctx, again.Channel.ID, "doi:10.1/b"); ok || err != nil {
				t.Errorf("a pick beside the repeat was kept: %v, %v", ok, err)
			}
		})
		t.Run("anything, where one key is too long", func(t *testing.T) {
			before := keys(t, s)
			good, bad := planOf(subscribed(t, s, channel("C3")), "doi:10.1/a"), planOf(subscribed(t, s, channel("C4")), "doi:10.1/a")
			for _, key := range []string{"", strings.Repeat("k", chat.MaxKey+1)} {
				bad.Messages[0].Key = key
				if _, err := s.Plan(ctx, []store.Plan{good, bad}); err == nil {
					t.Errorf("the key %q was taken", key)
				}
			}
			if c := read(t, s, channel("C3")); c.Next != nine || !slices.Equal(keys(t, s), before) {
				t.Errorf("the other channel moved on to %v; waiting are %q", c.Next, keys(t, s))
			}
			bad.Messages[0].Key = strings.Repeat("k", chat.MaxKey)
			if got := plan(t, s, good, bad); !got[0].Planned || !got[1].Planned {
				t.Errorf("a key of %d bytes came out as %+v", chat.MaxKey, got)
			}
		})
	})
}

func TestAPlanWithoutASlotOnlyMovesOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := subscribed(t, s, channel("C1"))
		if got := plan(t, s, store.Plan{Channel: c, Next: tomorrow, At: noon}); !got[0].Planned {
			t.Errorf("it came out as %+v", got[0])
		}
		after := read(t, s, channel("C1"))
		if after.Next != tomorrow || after.Last != (team.Slot{}) {
			t.Errorf("next is %v, last %v; want %v and none", after.Next, after.Last, tomorrow)
		}
		if plans, err := s.Plans(ctx, c.ID, 9); len(plans) > 0 || err != nil {
			t.Errorf("plans are %+v, %v; want none", plans, err)
		}
		if got := plan(t, s, store.Plan{Channel: after, Slot: tomorrow, At: noon, Note: "weekend"}); !got[0].Planned {
			t.Errorf("an empty day came out as %+v", got[0])
		}
		if c := read(t, s, channel("C1")); !c.Next.At.IsZero() || c.Last != tomorrow {
			t.Errorf("next is %v, last %v; want none and %v", c.Next, c.Last, tomorrow)
		}
	})
}

func TestShownArePicksAndWhatPeopleShared(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		one, two := subscribed(t, s, channel("C1")), subscribed(t, s, channel("C2"))
		plan(t, s, planOf(one, "doi:10.1/a"))
		in := channel("C2")
		share := team.Share{Team: team.Everyone, Paper: "doi:10.1/s", By: person("U1"), Post: chat.Post{Place: in, ID: "1"}, At: noon}
		for range 2 {
			if err := s.Share(ctx, share); err != nil {
				t.Fatal(err)
			}
		}
		for _, test := range []struct {
			days int
			want map[string][]paper.ID
		}{
			{0, map[string][]paper.ID{one.ID: {"doi:10.1/a"}, two.ID: {"doi:10.1/s"}}},
			{1, map[string][]paper.ID{two.ID: {"doi:10.1/s"}}}, // shares count for ever
		} {
			got, err := s.Shown(ctx, []string{one.ID, two.ID, "unknown"}, feb27.AddDays(test.days))
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("shown since %d days later (-want +got) %v:\n%s", test.days, err, diff)
			}
		}
	})
}

func TestRecentPapersAreThoseOfTheDaysWithoutTheirTexts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		early, late := full("arxiv:2602.00001"), full("arxiv:2602.00002")
		late.Sightings = []paper.Sighting{{Source: "rss", Day: feb27.AddDays(3)}}
		save(t, s, early, late, paper.Paper{ID: "doi:10.1/undated", Title: "T"})
		for _, test := range []struct {
			from, to int // days after feb27
			want     []paper.ID
		}{
			{0, 0, []paper.ID{early.ID}}, {1, 2, []paper.ID{early.ID}}, {-9, 9, []paper.ID{early.ID, late.ID}}, {2, 2, nil}, {4, 9, nil},
		} {
			got, err := s.RecentPapers(ctx, feb27.AddDays(test.from), feb27.AddDays(test.to))
			if err != nil {
				t.Fatal(err)
			}
			var want []paper.Paper
			for _, id := range test.want {
				p := get(t, s, id)
				want = append(want, paper.Paper{
					ID: p.ID, Title: p.Title, Authors: p.Authors, AuthorCount: p.AuthorCount, Categories: p.Categories, Keywords: p.Keywords,
					Published: p.Published, DOI: p.DOI, Sightings: p.Sightings,
				})
			}
			if diff := cmp.Diff(want, got[:len(got):len(got)]); diff != "" && len(want)+len(got) > 0 {
				t.Errorf("papers from day %d to %d (-want +got):\n%s", test.from, test.to, diff)
			}
		}
	})
}

// open is another process on the database at address.
func open(t testing.TB, address string) *store.Store {
	t.Helper()
	s, err := store.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
