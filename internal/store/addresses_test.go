package store_test

import (
	"errors"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

var (
	inboxOwner = chat.Person{Platform: "a", Space: "T", ID: "ada"}
	morning    = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

func inbox(id string) chat.Place { return chat.Place{Platform: "inbox", Channel: id} }

// keepInbox keeps an unconfirmed address and a message to it.
func keepInbox(t *testing.T, s *store.Store, id string, at time.Time) {
	t.Helper()
	m := chat.Message{Key: store.AskKey + channelOf(t, s, id) + "/1", Text: chat.Plain("sure?")}
	_, err := s.AskAddress(ctx, store.Inbox{Place: inbox(id), Owner: inboxOwner, Address: id + "@example.org", AskedAt: at},
		func(c *team.Channel) error {
			c.Prefs.Topics, c.Prefs.Paused = []team.Topic{{Query: "moe"}}, true
			return nil
		}, m, at.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
}

func channelOf(t *testing.T, s *store.Store, id string) string {
	t.Helper()
	c, err := s.Channel(ctx, inbox(id))
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

func confirmInbox(t *testing.T, s *store.Store, id string, since time.Time) bool {
	t.Helper()
	_, ok, err := s.ConfirmAddress(ctx, inbox(id), since, morning, func(c *team.Channel) error {
		c.Prefs.Paused = false
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

// ids are the ids of the owner's addresses, those that are confirmed marked.
func ids(t *testing.T, s *store.Store) (all string) {
	t.Helper()
	found, err := s.AddressesOf(ctx, inboxOwner, "inbox")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range found {
		all += a.Place.Channel
		if a.Confirmed {
			all += "!"
		}
		all += " "
	}
	return all
}

func TestOneAddressAPersonAndOneToBe(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		keepInbox(t, s, "one", morning)
		keepInbox(t, s, "two", morning) // in the place of the first
		if got := ids(t, s); got != "two " {
			t.Errorf("addresses %q, want only the second", got)
		}
		if confirmInbox(t, s, "one", morning.Add(-time.Hour)) || confirmInbox(t, s, "two", morning.Add(time.Second)) {
			t.Error("one that is gone, or was asked for too long ago, could be confirmed")
		}
		for range 2 {
			if !confirmInbox(t, s, "two", morning.Add(-time.Hour)) {
				t.Error("it can't be confirmed, or not again")
			}
		}
		keepInbox(t, s, "three", morning)
		if got := ids(t, s); got != "two! three " {
			t.Errorf("addresses %q, want the confirmed one and the one that is to be", got)
		}
		if !confirmInbox(t, s, "three", morning) || ids(t, s) != "three! " {
			t.Errorf("addresses %q, want that the third has taken the place of the second", ids(t, s))
		}
	})
}

func TestARemovedAddressLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		keepInbox(t, s, "one", morning)
		confirmInbox(t, s, "one", morning)
		waiting, err := s.Waiting(ctx, 10)
		if err != nil || len(waiting) != 0 {
			t.Errorf("it is still asked: %+v, %v", waiting, err)
		}
		c, err := s.ChangeChannel(ctx, inbox("one"), inboxOwner, morning, func(c *team.Channel) error {
			c.Next = team.Slot{Day: date.Of(morning), At: morning}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		done, err := s.Plan(ctx, []store.Plan{{
			Channel: c, Slot: c.Next, At: morning, Expires: morning.Add(time.Hour), Picks: []store.Pick{{Paper: "arxiv:1"}},
			Messages: []chat.Message{{Key: "daily/" + c.ID + "/2026-03-02/0", Cards: []chat.Card{{Paper: "arxiv:1"}}}},
		}})
		if err != nil || !done[0].Planned {
			t.Fatalf("plan: %+v, %v", done, err)
		}
		taken, err := s.Claim(ctx, "inbox", morning, morning.Add(time.Minute), 1)
		if err != nil || len(taken) != 1 {
			t.Fatalf("claimed %d, %v", len(taken), err)
		}
		if at, ok, err := s.PlannedAt(ctx, taken[0].Message.Key); err != nil || !ok || !at.Equal(morning) {
			t.Errorf("planned at %s, %v, %v", at, ok, err)
		}
		if n, err := s.RemoveAddresses(ctx, inboxOwner, "inbox"); err != nil || n != 1 {
			t.Fatalf("%d were removed, %v", n, err)
		}
		if err := s.Sent(ctx, taken[0], chat.Post{Place: inbox("one"), ID: "x"}, morning, morning); !errors.Is(err, store.ErrTaken) {
			t.Errorf("whoever was sending is told %v", err)
		}
		waiting, err = s.Waiting(ctx, 10)
		if err != nil || len(waiting) != 0 {
			t.Errorf("there is still to send: %+v, %v", waiting, err)
		}
		after, err := s.Channel(ctx, inbox("one"))
		plans, err2 := s.Plans(ctx, c.ID, 10)
		_, changes, err3 := s.History(ctx, inbox("one"), store.Page{Limit: 10})
		_, picked, err4 := s.Picked(ctx, c.ID, "arxiv:1")
		if err := errors.Join(err, err2, err3, err4); err != nil || after.Prefs.Follows() || len(plans) > 0 || changes > 0 || picked {
			t.Errorf("left are %+v, %d plans, %d changes, picked %v; %v", after, len(plans), changes, picked, err)
		}
		if err := s.RemoveAddress(ctx, inbox("one")); err != nil {
			t.Errorf("removing it again: %v", err)
		}
	})
}

func TestUnconfirmedAddressesAreForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		keepInbox(t, s, "kept", morning)
		confirmInbox(t, s, "kept", morning)
		keepInbox(t, s, "late", morning)
		for _, test := range []struct {
			before time.Time
			want   int
		}{{morning, 0}, {morning.Add(time.Second), 1}} {
			if n, err := s.RemoveUnconfirmed(ctx, "inbox", test.before); err != nil || n != test.want {
				t.Errorf("%d were forgotten that were asked for before %s, %v; want %d", n, test.before, err, test.want)
			}
		}
		if got := ids(t, s); got != "kept! " {
			t.Errorf("addresses %q, want the confirmed one", got)
		}
	})
}

func TestAllowCountsWithinATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		one := store.Limit{Subject: "one", Most: 2, Within: time.Hour}
		all := store.Limit{Subject: "all", Most: 3, Within: 2 * time.Hour}
		for _, step := range []struct {
			after  time.Duration
			limits []store.Limit
			ok     bool
			over   string
		}{
			{0, []store.Limit{one, all}, true, ""},
			{time.Minute, []store.Limit{one, all}, true, ""},
			{2 * time.Minute, []store.Limit{one, all}, false, "one"}, // and is not counted
			{3 * time.Minute, []store.Limit{{Subject: "two", Most: 2, Within: time.Hour}, all}, true, ""},
			{61 * time.Minute, []store.Limit{one, all}, false, "all"},
			{121 * time.Minute, []store.Limit{one, all}, true, ""},
		} {
			over, ok, err := s.Allow(ctx, morning.Add(step.after), step.limits...)
			if err != nil || ok != step.ok || !ok && over.Subject != step.over {
				t.Errorf("after %s: %v, %q, %v; want %v, %q", step.after, ok, over.Subject, err, step.ok, step.over)
			}
		}
	})
}

func TestKeyStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		first, err := s.Key(ctx, "mail")
		again, err2 := s.Key(ctx, "mail")
		other, err3 := s.Key(ctx, "other")
		if err := errors.Join(err, err2, err3); err != nil || len(first) < 40 || again != first || other == first {
			t.Errorf("keys %q, %q, %q, %v", first, again, other, err)
		}
	})
}
