package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// upvote records a vote by hand, or its withdrawal.
func upvote(t testing.TB, s *store.Store, id paper.ID, who string, at time.Time, withdrawn bool) {
	t.Helper()
	m := team.ByHand(team.Everyone, id, person(who), team.Up, at)
	m.Withdrawn = withdrawn
	if _, err := s.Mark(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

// stale takes the posts to refresh at now that were not looked at after before,
// and returns their channels.
func stale(t testing.TB, s *store.Store, before, now time.Time) (channels []string) {
	t.Helper()
	if err := s.SpreadRecounts(t.Context(), nine.At.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	shown, err := s.TakeStale(t.Context(), "slack", before, now, 99)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range shown {
		channels = append(channels, h.Post.Channel)
	}
	slices.Sort(channels)
	return channels
}

// posted are posts of one paper each: in C1 and C2 of everyone's team, in C3 of another.
func posted(t testing.TB, s *store.Store) {
	t.Helper()
	for name, of := range map[string]team.ID{"C1": team.Everyone, "C2": team.Everyone, "C3": "another"} {
		p := planOf(subscribed(t, s, channel(name)), "doi:10.1/a")
		p.Team = of
		plan(t, s, p)
	}
	for _, d := range claim(t, s, 0, 9) {
		sent(t, s, d, 0, 0)
	}
}

func TestAVoteRefreshesThePostsOfItsTeam(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		posted(t, s)
		at := func(d time.Duration) time.Time { return noon.Add(d) }
		never, both := []string(nil), []string{"C1", "C2"}
		for _, step := range []struct {
			what string
			do   func()
			now  time.Duration
			want []string
		}{
			{"nobody has voted", func() {}, 0, never},
			{"a vote for another paper", func() { upvote(t, s, "doi:10.1/z", "U1", noon, false) }, 0, never},
			{"a vote", func() { upvote(t, s, "doi:10.1/a", "U1", noon, false) }, 0, both},
			{"the same again", func() { upvote(t, s, "doi:10.1/a", "U1", noon, false) }, 2 * time.Minute, never},
			{"another vote", func() { upvote(t, s, "doi:10.1/a", "U2", noon, false) }, 2 * time.Minute, both},
			{"one more within the minute", func() { upvote(t, s, "doi:10.1/a", "U3", noon, false) }, 2*time.Minute + 30*time.Second, never},
			{"the minute is over", func() {}, 3 * time.Minute, both},
			{"a vote taken back", func() { upvote(t, s, "doi:10.1/a", "U1", at(time.Second), true) }, 5 * time.Minute, both},
			{"given to one who looks", func() {}, 9 * time.Minute, never},
		} {
			step.do()
			if got := stale(t, s, at(step.now-time.Minute), at(step.now)); !slices.Equal(got, step.want) {
				t.Errorf("%s: to be refreshed are %q, want %q", step.what, got, step.want)
			}
		}
		upvote(t, s, "doi:10.1/a", "U9", noon, false)
		if err := s.SpreadRecounts(ctx, nine.At.Add(time.Microsecond)); err != nil {
			t.Fatal(err)
		}
		if got := stale(t, s, at(time.Hour), at(time.Hour)); len(got) > 0 {
			t.Errorf("posts that are too old are refreshed: %q", got)
		}
	})
}

func TestARefreshedPostKeepsWhatItShows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		posted(t, s)
		take := func(now time.Duration) []store.Shown {
			t.Helper()
			if err := s.SpreadRecounts(ctx, nine.At); err != nil {
				t.Fatal(err)
			}
			shown, err := s.TakeStale(ctx, "slack", noon.Add(now-time.Minute), noon.Add(now), 1)
			if err != nil {
				t.Fatal(err)
			}
			return shown
		}
		upvote(t, s, "doi:10.1/a", "U1", noon, false)
		first := take(0)
		if len(first) != 1 || first[0].Team != team.Everyone || first[0].Post != (chat.Post{Place: first[0].Post.Place, ID: "post of " + first[0].Message.Key}) {
			t.Fatalf("taken is %+v", first)
		}
		rest := take(0)
		if len(rest) != 1 || rest[0].Message.Key == first[0].Message.Key {
			t.Fatalf("then %+v is taken, want the other post", rest)
		}
		m := first[0].Message
		m.Cards[0].Counts = "1 here"
		if err := s.Refreshed(ctx, m, true); err != nil {
			t.Fatal(err)
		}
		again := take(2 * time.Minute)
		if len(again) != 1 || again[0].Message.Key != m.Key || again[0].Message.Cards[0].Counts != "1 here" {
			t.Fatalf("to be refreshed again is %+v, want %s as last shown", again, m.Key)
		}
		upvote(t, s, "doi:10.1/a", "U2", noon, false) // while the post is edited
		if err := s.SpreadRecounts(ctx, nine.At); err != nil {
			t.Fatal(err)
		}
		if err := s.Refreshed(ctx, m, false); err != nil {
			t.Fatal(err)
		}
		if got := stale(t, s, noon.Add(4*time.Minute), noon.Add(5*time.Minute)); !slices.Equal(got, []string{"C1", "C2"}) {
			t.Errorf("a vote during the edit refreshes %q, want both posts", got)
		}
	})
}

func TestVotesDuringRecountsAreNotForgotten(t *testing.T) {
	const voters, spreaders = 6, 2
	storetest.EachAddress(t, func(t *testing.T, address string) {
		stores := []*store.Store{open(t, address), open(t, address)}
		posted(t, stores[0])
		var votes, spreads sync.WaitGroup
		done := make(chan struct{})
		for i := range voters {
			votes.Go(func() {
				for j := range 10 {
					for _, id := range []paper.ID{"doi:10.1/a", "doi:10.1/b", "doi:10.1/c"} {
						upvote(t, stores[i%2], id, fmt.Sprint("U", i), noon.Add(time.Duration(j)*time.Second), j%2 == 1)
					}
				}
			})
		}
		for i := range spreaders {
			spreads.Go(func() {
				for {
					if err := stores[i%2].SpreadRecounts(ctx, nine.At); err != nil {
						t.Error(err)
						return
					}
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		votes.Wait()
		close(done)
		spreads.Wait()
		if got := stale(t, stores[0], noon, noon); !slices.Equal(got, []string{"C1", "C2"}) {
			t.Errorf("to be refreshed are %q, want C1 and C2", got)
		}
		upvote(t, stores[0], "doi:10.1/a", "last", noon, false)
		if got := stale(t, stores[1], noon.Add(time.Hour), noon.Add(time.Hour)); !slices.Equal(got, []string{"C1", "C2"}) {
			t.Errorf("after one more vote %q, want C1 and C2", got)
		}
	})
}
