package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/chat"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// nine is the slot of feb27.
var nine = team.Slot{Day: feb27, At: time.Date(2026, 2, 27, 9, 0, 0, 0, time.UTC)}

// tomorrow is the slot after nine.
var tomorrow = team.Slot{Day: feb27.AddDays(1), At: nine.At.Add(24 * time.Hour)}

func channel(name string) chat.Place {
	return chat.Place{Platform: "slack", Space: "T1", Channel: name}
}

// change lets U1 change a channel at noon.
func change(t testing.TB, s *store.Store, place chat.Place, do func(*team.Channel)) team.Channel {
	t.Helper()
	c, err := s.ChangeChannel(t.Context(), place, person("U1"), noon, func(c *team.Channel) error {
		do(c)
		return nil
	})
	if err != nil {
		t.Fatalf("change %s: %v", place.Channel, err)
	}
	return c
}

// subscribed is a channel that U1 subscribed and that is due at nine.
func subscribed(t testing.TB, s *store.Store, place chat.Place) team.Channel {
	t.Helper()
	return change(t, s, place, func(c *team.Channel) {
		c.By, c.Next = person("U1"), nine
		c.Prefs.Topics = []team.Topic{{Query: "moe", By: person("U1"), Since: feb27}}
	})
}

func read(t testing.TB, s *store.Store, place chat.Place) team.Channel {
	t.Helper()
	c, err := s.Channel(t.Context(), place)
	if err != nil {
		t.Fatalf("read %s: %v", place.Channel, err)
	}
	return c
}

func TestChannelsComeBackAsChanged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		fresh := read(t, s, channel("C1"))
		if diff := cmp.Diff(team.Channel{ID: fresh.ID, Place: channel("C1"), Prefs: team.Default()}, fresh); diff != "" {
			t.Errorf("a channel that nobody changed (-want +got):\n%s", diff)
		}
		want := change(t, s, channel("C1"), func(c *team.Channel) {
			c.By, c.Next = person("U1"), nine
			c.Prefs = team.Prefs{
				Topics: []team.Topic{{Query: `"mixture of experts" -“x”`, By: person("U1"), Since: feb27}, {Query: team.Everything}},
				Count:  10, Layout: team.Thread, Sources: []string{"arxiv"}, Settled: true, MinVotes: 3, NoCross: true, Replaced: true,
				Schedule: team.Schedule{Cron: "0 9 * * 1", Zone: "Asia/Tokyo", Hour: 9, Days: team.Weekdays}, Paused: true, PausedUntil: feb27,
			}
			c.Gone, c.GoneAt = "the channel is archived", noon
		})
		if diff := cmp.Diff(want, read(t, s, channel("C1"))); diff != "" {
			t.Errorf("a changed channel (-want +got):\n%s", diff)
		}
		if want.ID != fresh.ID || want.Edition != 1 {
			t.Errorf("it has the ID %q and edition %d, want %q and 1", want.ID, want.Edition, fresh.ID)
		}
		if other := read(t, s, chat.Place{Platform: "discord", Space: "T1", Channel: "C1"}); other.ID == want.ID || other.Edition != 0 {
			t.Errorf("the same name on another platform is %+v", other)
		}
		if n, err := s.CountChannels(ctx); n != (store.ChannelCount{All: 1, Running: 1, Gone: 1}) || err != nil {
			t.Errorf("counted %+v, %v", n, err)
		}
	})
}

func TestAnErrorOfTheChangeLeavesAllAsItWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		want := subscribed(t, s, channel("C1"))
		sorry := errors.New("not so")
		for _, place := range []chat.Place{channel("C1"), channel("C2")} {
			_, err := s.ChangeChannel(ctx, place, person("U2"), noon, func(c *team.Channel) error {
				c.Prefs.Topics = append(c.Prefs.Topics, team.Topic{Query: "agents"})
				c.Prefs.Count = 9
				return sorry
			})
			if !errors.Is(err, sorry) {
				t.Errorf("%s: the error is %v", place.Channel, err)
			}
		}
		if diff := cmp.Diff(want, read(t, s, channel("C1"))); diff != "" {
			t.Errorf("the channel (-want +got):\n%s", diff)
		}
		if _, total, err := s.History(ctx, channel("C1"), store.Page{Limit: 9}); total != 1 || err != nil {
			t.Errorf("%d changes are in its history, %v; want the first alone", total, err)
		}
		if n, err := s.CountChannels(ctx); n.All != 1 || err != nil {
			t.Errorf("%d channels, %v; want 1", n.All, err)
		}
	})
}

func TestAPanicOfTheChangeGivesTheDatabaseBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			s.ChangeChannel(ctx, channel("C1"), person("U1"), noon, func(*team.Channel) error { panic("a bug") })
		}()
		subscribed(t, s, channel("C1")) // would wait for ever
	})
}

func TestChangesAtTheSameTimeLoseNothing(t *testing.T) {
	const people = 20
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var wg sync.WaitGroup
		for i := range people {
			wg.Go(func() {
				_, err := s.ChangeChannel(ctx, channel("C1"), person(fmt.Sprint("U", i)), noon, func(c *team.Channel) error {
					c.Prefs.Topics = append(c.Prefs.Topics, team.Topic{Query: fmt.Sprint("topic ", i)})
					return nil
				})
				if err != nil {
					t.Errorf("change %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		c := read(t, s, channel("C1"))
		for i := range people {
			if _, ok := c.Prefs.Topic(fmt.Sprint("topic ", i)); !ok {
				t.Errorf("topic %d is lost", i)
			}
		}
		if len(c.Prefs.Topics) != people || c.Edition != people {
			t.Errorf("%d topics, edition %d; want %d of both", len(c.Prefs.Topics), c.Edition, people)
		}
		if changes, total, err := s.History(ctx, channel("C1"), store.Page{Limit: 99}); len(changes) != people || total != people || err != nil {
			t.Errorf("%d of %d changes in the history, %v; want %d", len(changes), total, err, people)
		}
	})
}

func TestTheHistoryIsTheLatestFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for i := range 5 {
			_, err := s.ChangeChannel(ctx, channel("C1"), person(fmt.Sprint("U", i)), noon.Add(-time.Duration(i)*time.Hour), func(c *team.Channel) error {
				c.Prefs.Count = 5 + i
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		change(t, s, channel("C1"), func(*team.Channel) {}) // changes nothing and is not told
		change(t, s, channel("C2"), func(c *team.Channel) { c.Prefs.Count = 1 })
		got, total, err := s.History(ctx, channel("C1"), store.Page{Offset: 1, Limit: 2})
		want := []team.Change{ // in the order they were made, whatever the platforms' clocks say
			{At: noon.Add(-3 * time.Hour), By: person("U3"), What: "count: 7 → 8"},
			{At: noon.Add(-2 * time.Hour), By: person("U2"), What: "count: 6 → 7"},
		}
		if diff := cmp.Diff(want, got); diff != "" || total != 5 || err != nil {
			t.Errorf("the second page of %d, %v (-want +got):\n%s", total, err, diff)
		}
	})
}

func TestDueChannelsComePageByPage(t *testing.T) {
	const many = 1203
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		store.AddChannels(t, s, many, nine)
		subscribed(t, s, chat.Place{Platform: "discord", Channel: "C1"})
		change(t, s, channel("later"), func(c *team.Channel) { c.Next = tomorrow })
		change(t, s, channel("never"), func(c *team.Channel) { c.Prefs.Count = 1 })
		for _, test := range []struct {
			now       time.Time
			platforms []string
			pages     []int
		}{
			{nine.At, []string{"slack"}, []int{1000, 203}},
			{nine.At, []string{"discord", "slack"}, []int{1000, 204}},
			{nine.At, []string{"discord"}, []int{1}},
			{nine.At, []string{"zulip"}, nil},
			{nine.At, nil, nil},
			{nine.At.Add(-time.Microsecond), []string{"discord", "slack"}, nil},
			{tomorrow.At, []string{"slack"}, []int{1000, 204}},
		} {
			var pages []int
			seen := make(map[string]bool)
			for after := ""; ; {
				due, err := s.DueChannels(ctx, test.now, test.platforms, after)
				if err != nil {
					t.Fatal(err)
				}
				if len(due) == 0 {
					break
				}
				for _, c := range due {
					if c.ID <= after || seen[c.ID] || c.Next.At.After(test.now) {
						t.Fatalf("at %s, after %q, came %+v", test.now, after, c)
					}
					after, seen[c.ID] = c.ID, true
				}
				pages = append(pages, len(due))
			}
			if diff := cmp.Diff(test.pages, pages); diff != "" {
				t.Errorf("pages of %v at %s (-want +got):\n%s", test.platforms, test.now, diff)
			}
		}
	})
}
