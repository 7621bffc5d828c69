package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/chat"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// bury gives d's place up some time after nine, and returns whom that was told.
func bury(t testing.TB, s *store.Store, d store.Delivery, after time.Duration) (told []team.Channel) {
	t.Helper()
	now := nine.At.Add(after)
	err := s.Bury(t.Context(), d, "the channel is archived", now, func(c team.Channel) (chat.Message, time.Time) {
		told = append(told, c)
		return chat.Message{Key: fmt.Sprintf("gone/%s/%d", c.ID, now.Unix()), Text: chat.Plain("It is gone.")}, now.Add(team.Limit)
	})
	if err != nil {
		t.Fatalf("bury %s: %v", d.Message.Key, err)
	}
	return told
}

func TestADeadChannelIsPausedWithOneNotice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		due(t, s, false, "C1", "C2")
		taken := claim(t, s, 0, 9)
		d, other := taken[0], taken[1]
		told := bury(t, s, d, time.Second)
		if len(told) != 1 || told[0].Gone != "the channel is archived" || told[0].By != person("U1") || len(told[0].Prefs.Topics) != 1 {
			t.Errorf("told were %+v, want the subscriber once", told)
		}
		c := read(t, s, d.Place)
		if c.Gone != "the channel is archived" || !c.GoneAt.Equal(nine.At.Add(time.Second)) || !c.Next.At.IsZero() || len(c.Prefs.Topics) != 1 {
			t.Errorf("the channel is %+v, want it gone with its topics", c)
		}
		parked, err := s.Parked(ctx, nine.At, 9)
		if len(parked) != 3 || err != nil {
			t.Errorf("parked are %+v, %v; want all three of the place", parked, err)
		}
		for _, p := range parked {
			if p.Place != d.Place || p.Reason != "the channel is archived" || p.Waiting || !p.ParkedAt.Equal(nine.At.Add(time.Second)) {
				t.Errorf("parked is %+v", p)
			}
		}
		notice := claim(t, s, time.Second, 9)
		if len(notice) != 1 || notice[0].Place != chat.Direct(person("U1")) || notice[0].Message.Text.String() != "It is gone." {
			t.Fatalf("the notice is %+v", notice)
		}
		if told := bury(t, s, notice[0], 2*time.Second); len(told) > 0 {
			t.Errorf("that the notice could not be sent was told as well: %+v", told)
		}
		if ok, err := s.Retry(ctx, d.Message.Key, nine.At.Add(3*time.Second), noon); !ok || err != nil {
			t.Fatal(ok, err)
		}
		again := claim(t, s, 3*time.Second, 9)
		sees(t, "taken up again", again, parts([]store.Delivery{d})[0])
		if told := bury(t, s, again[0], 4*time.Second); len(told) > 0 {
			t.Errorf("a channel that is gone already was told again: %+v", told)
		}
		change(t, s, d.Place, func(c *team.Channel) { c.Gone = "" })
		if ok, err := s.Retry(ctx, d.Message.Key, nine.At.Add(5*time.Second), noon); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if told := bury(t, s, claim(t, s, 5*time.Second, 9)[0], 6*time.Second); len(told) != 1 {
			t.Errorf("resumed and gone again, it was told %d times, want once", len(told))
		}
		sent(t, s, other, time.Second, 0)
		if c := read(t, s, other.Place); c.Gone != "" || c.Next != tomorrow {
			t.Errorf("another channel is %+v", c)
		}
	})
}

func TestNobodyIsToldOfAChannelThatNobodySubscribed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := change(t, s, channel("C1"), func(c *team.Channel) { c.Next = nine })
		plan(t, s, planOf(c, "doi:10.1/a"))
		if told := bury(t, s, claim(t, s, 0, 9)[0], 0); len(told) > 0 {
			t.Errorf("told were %+v", told)
		}
		if c := read(t, s, channel("C1")); c.Gone == "" {
			t.Errorf("the channel is not gone: %+v", c)
		}
		if waiting := keys(t, s); len(waiting) > 0 {
			t.Errorf("waiting are %q", waiting)
		}
	})
}

func TestAnEmptyNoticeIsNotSent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		due(t, s, false, "C1")
		err := s.Bury(ctx, claim(t, s, 0, 9)[0], "gone", noon, func(team.Channel) (m chat.Message, _ time.Time) { return })
		if waiting := keys(t, s); err != nil || len(waiting) > 0 {
			t.Errorf("waiting are %q, %v", waiting, err)
		}
	})
}

func TestAParkedMessageCanBeTriedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		due(t, s, false, "C1")
		d := claim(t, s, 0, 9)[0]
		if ok, err := s.Retry(ctx, d.Message.Key, noon, noon); ok || err != nil {
			t.Errorf("a message under way was tried again: %v, %v", ok, err)
		}
		unsure := claim(t, s, lease, 9)[0]
		if err := s.Park(ctx, unsure, "it can't be looked up", nine.At.Add(lease)); err != nil {
			t.Fatal(err)
		}
		sees(t, "the next is free", claim(t, s, lease, 9), "C1/1")
		states, err := s.DeliveriesTo(ctx, channel("C1"), nine.At)
		if len(states) != 3 || states[0].Waiting || !states[1].Waiting || states[0].Tries != 2 || states[0].Reason != "it can't be looked up" || err != nil {
			t.Errorf("of the place is told %+v, %v", states, err)
		}
		if states, err := s.DeliveriesTo(ctx, channel("C2"), time.Time{}); len(states) > 0 || err != nil {
			t.Errorf("of another place is told %+v, %v", states, err)
		}
		if ok, err := s.Retry(ctx, d.Message.Key, nine.At.Add(2*lease), noon.Add(time.Hour)); !ok || err != nil {
			t.Fatal(ok, err)
		}
		again := claim(t, s, 2*lease-1000, 9)
		sees(t, "before it is due", again)
		again = claim(t, s, 2*lease, 9)
		if len(again) != 1 || again[0].Message.Key != d.Message.Key || !again[0].Unsure || !again[0].Expires.Equal(noon.Add(time.Hour)) || !again[0].FirstAt.Equal(nine.At) {
			t.Errorf("taken again it is %+v, want it to be looked up first", again)
		}
		if ok, err := s.Retry(ctx, "no such key", noon, noon); ok || err != nil {
			t.Errorf("an unknown key: %v, %v", ok, err)
		}
	})
}

func TestOldDeliveriesAreForgottenAndTheirPostsAreNot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		due(t, s, false, "C1")
		d := claim(t, s, 0, 9)[0]
		sent(t, s, d, 0, 0)
		next := claim(t, s, time.Hour, 9)[0]
		if err := s.Park(ctx, next, "no", nine.At.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.Prune(ctx, nine.At.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		if got := keys(t, s); len(got) != 1 {
			t.Errorf("waiting are %q, want one", got)
		}
		if parked, err := s.Parked(ctx, nine.At, 9); len(parked) != 1 || err != nil {
			t.Errorf("parked are %+v, %v; want the later", parked, err)
		}
		papers, err := s.PostPapers(ctx, chat.Post{Place: d.Place, ID: "post of " + d.Message.Key})
		if diff := cmp.Diff(d.Message.Cards[0].Paper, append(papers, "")[0]); diff != "" || err != nil {
			t.Errorf("the post is about %q, %v", papers, err)
		}
		upvote(t, s, d.Message.Cards[0].Paper, "U1", noon, false)
		if got := stale(t, s, noon.Add(-time.Hour), noon); len(got) > 0 {
			t.Errorf("to be refreshed are %q", got)
		}
	})
}
