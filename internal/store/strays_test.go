package store_test

import (
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// TestAMarkOnAPostWhoseAnswerIsLostCounts has people react to a message that
// they see and whose sending is not settled.
func TestAMarkOnAPostWhoseAnswerIsLostCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		in := chat.Place{Platform: "test", Space: "T1", Channel: "C1"}
		seen := chat.Post{Place: in, ID: "seen"}
		stray := func(who, sign string, kind team.Kind, number int, at time.Duration, withdrawn bool) {
			t.Helper()
			m := team.Mark{Team: team.Everyone, By: chat.Person{Platform: "test", Space: "T1", ID: who}, Kind: kind, On: seen, Sign: sign, At: noon.Add(at), Withdrawn: withdrawn}
			if err := s.MarkStray(ctx, m, number); err != nil {
				t.Fatal(err)
			}
		}
		stray("early", "+1", team.Up, 0, 0, false) // nothing is being sent: it is about something else

		c, err := s.ChangeChannel(ctx, in, chat.Person{}, noon, func(c *team.Channel) error {
			c.Next = team.Slot{Day: feb27, At: noon}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		digest := chat.Message{Key: "daily/x/0", Cards: []chat.Card{{Paper: "doi:10.1/a"}, {Paper: "doi:10.1/b"}}}
		done, err := s.Plan(ctx, []store.Plan{{Channel: c, Team: team.Everyone, Slot: c.Next, At: noon, Messages: []chat.Message{digest}, Expires: noon.Add(time.Hour)}})
		if err != nil || !done[0].Planned {
			t.Fatal(done, err)
		}
		taken, err := s.Claim(ctx, "test", noon, noon.Add(time.Minute), 9)
		if err != nil || len(taken) != 1 {
			t.Fatal(taken, err)
		}
		stray("ann", "one", team.Up, 1, 2*time.Second, false)
		stray("bob", "two", team.Up, 2, 2*time.Second, false)
		stray("cid", "two", team.Up, 2, 2*time.Second, false)
		stray("cid", "two", team.Up, 2, 3*time.Second, true)  // taken back
		stray("cid", "two", team.Up, 2, 1*time.Second, false) // and the first, delivered late
		stray("dan", "+1", team.Up, 0, 2*time.Second, false)  // which of the two papers?
		stray("eve", "ten", team.Up, 10, 2*time.Second, false)
		if err := s.Sent(ctx, taken[0], seen, noon.Add(time.Minute), time.Time{}); err != nil {
			t.Fatal(err)
		}
		got, err := s.Votes(ctx, team.Everyone, []paper.ID{"doi:10.1/a", "doi:10.1/b"})
		if err != nil || got["doi:10.1/a"] != 1 || got["doi:10.1/b"] != 1 {
			t.Errorf("votes are %v, %v; want ann's for a and bob's for b", got, err)
		}
	})
}
