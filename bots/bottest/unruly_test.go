package bottest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/chat"
)

var (
	_ chat.Editor = (*Unruly)(nil)

	lobby = chat.Place{Platform: "unruly", Space: "s", Channel: "lobby"}
	attic = chat.Place{Platform: "unruly", Space: "s", Channel: "attic"}
)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// kind is which of the contract's outcomes an error is.
func kind(err error) string {
	var throttled *chat.Throttled
	var refused *chat.Refused
	switch {
	case err == nil:
		return "done"
	case errors.As(err, &throttled):
		return fmt.Sprintf("throttled for %s, everywhere %t", throttled.After, throttled.Everywhere)
	case errors.As(err, &refused):
		return fmt.Sprintf("refused, gone %t", refused.Gone)
	case errors.As(err, new(*chat.Unsure)):
		return "unsure"
	}
	return "not done"
}

// fates are what a send and an edit come to, by the mischief that is certain.
func fates() []struct {
	o     Mischief
	fault Fault
	want  string
	done  bool
} {
	return []struct {
		o     Mischief
		fault Fault
		want  string
		done  bool
	}{
		{Mischief{}, "", "done", true},
		{Mischief{Lose: 1}, Lose, "unsure", true},
		{Mischief{Throttle: 1}, Throttle, "throttled for 1s, everywhere false", false},
		{Mischief{Throttle: 1, After: time.Minute, Everywhere: 1}, ThrottleAll, "throttled for 1m0s, everywhere true", false},
		{Mischief{Refuse: 1}, Refuse, "refused, gone false", false},
		{Mischief{Break: 1}, Break, "not done", false},
		{Mischief{CrashBefore: 1}, CrashBefore, "unsure", false},
		{Mischief{CrashAfter: 1}, CrashAfter, "unsure", true},
		{Mischief{Gone: map[chat.Place]string{lobby: "it is archived"}}, Gone, "refused, gone true", false},
		{Mischief{Slow: time.Second}, "", "done", true},
	}
}

func TestEveryMischiefHappensToSends(t *testing.T) {
	for _, test := range fates() {
		synctest.Test(t, func(t *testing.T) {
			u := NewUnruly("unruly", test.o, seeded(1))
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_, err := u.Send(ctx, lobby, keyed("k/1", "Picks"))
			if got := kind(err); got != test.want {
				t.Errorf("%+v: Send returns %s (%v), want %s", test.o, got, err, test.want)
			}
			if got := len(u.Service().Posts(lobby)); got != 0 != test.done {
				t.Errorf("%+v: %d messages are posted, want it to be done: %t", test.o, got, test.done)
			}
			if got := u.Service().Happened(test.fault); test.fault != "" && got != 1 {
				t.Errorf("%+v: %q happened %d times, want once", test.o, test.fault, got)
			}
		})
	}
}

func TestEveryMischiefHappensToEdits(t *testing.T) {
	for _, test := range fates() {
		synctest.Test(t, func(t *testing.T) {
			u := NewUnruly("unruly", Mischief{}, seeded(1))
			post, err := u.Send(t.Context(), lobby, keyed("k/1", "Picks"))
			if err != nil {
				t.Fatal(err)
			}
			u.Service().Stir(test.o)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			err = u.Edit(ctx, post, keyed("k/1", "Corrected"))
			if got := kind(err); got != test.want {
				t.Errorf("%+v: Edit returns %s (%v), want %s", test.o, got, err, test.want)
			}
			p := u.Service().Posts()[0]
			if done := p.Message.Text.String() == "Corrected" && len(p.Edits) == 1; done != test.done {
				t.Errorf("%+v: people see %q after %d edits, want it to be done: %t", test.o, p.Message.Text, len(p.Edits), test.done)
			}
			if got := u.Service().HappenedToEdits(test.fault); test.fault != "" && got != 1 {
				t.Errorf("%+v: %q happened %d times, want once", test.o, test.fault, got)
			}
		})
	}
}

func TestHangingSendWaitsForItsContextAndHalfOfThemArePosted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := NewUnruly("unruly", Mischief{Hang: 1}, seeded(1))
		for range 20 {
			start := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			_, err := u.Send(ctx, lobby, keyed("k", "Picks"))
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) || kind(err) != "unsure" || time.Since(start) != time.Minute {
				t.Fatalf("Send returns %v after %s, want it unsure when its time is over", err, time.Since(start))
			}
		}
		if n := len(u.Service().Posts()); n < 5 || n > 15 || u.Service().Happened(Hang) != 20 {
			t.Errorf("%d of 20 are posted, want about half; %d hung", n, u.Service().Happened(Hang))
		}
	})
}

func TestThrottleLastsAsLongAsItSays(t *testing.T) {
	for fault, elsewhere := range map[Fault]string{
		Throttle:    "done",
		ThrottleAll: "throttled for 10s, everywhere true",
	} {
		synctest.Test(t, func(t *testing.T) {
			s := NewService("unruly", Mischief{After: 10 * time.Second}, seeded(1))
			u := s.Client(nil)
			s.Next(fault)
			send := func(to chat.Place) string {
				_, err := u.Send(t.Context(), to, keyed("", "Picks"))
				return kind(err)
			}
			send(lobby)
			if got := send(attic); got != elsewhere {
				t.Errorf("%s: in another place the send is %s, want %s", fault, got, elsewhere)
			}
			time.Sleep(7 * time.Second)
			if got, want := send(lobby), fmt.Sprintf("throttled for 3s, everywhere %t", fault == ThrottleAll); got != want {
				t.Errorf("%s: after 7 s of 10 the send is %s, want %s", fault, got, want)
			}
			time.Sleep(3 * time.Second)
			if got := send(lobby); got != "done" {
				t.Errorf("%s: when the time is over the send is %s, want it done", fault, got)
			}
			if s.Happened(Hurry) == 0 {
				t.Errorf("%s: nobody was in a hurry", fault)
			}
		})
	}
}

func TestDeadProcessDoesNothingMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewService("unruly", Mischief{}, seeded(1))
		crashes := 0
		dying, other := s.Client(func() { crashes++ }), s.Client(nil)
		s.Next(Hang, CrashAfter)
		ctx, cancel := context.WithCancel(t.Context())
		var returned []error
		results := make(chan error, 5)
		call := func(do func() error) {
			go func() { results <- do() }()
			synctest.Wait()
		}
		send := func() error { _, err := dying.Send(ctx, lobby, keyed("k/1", "Picks")); return err }
		call(send) // hangs, and dies with its process
		call(send) // crashes it
		call(send)
		call(func() error { return dying.Edit(ctx, chat.Post{}, chat.Message{}) })
		call(func() error { _, _, err := dying.Find(ctx, lobby, keyed("k/1", ""), ago()); return err })
		if len(results) > 0 || crashes != 1 {
			t.Errorf("%d calls of a dead process returned and it crashed %d times, want none and once", len(results), crashes)
		}
		before := len(s.Posts())
		if _, err := other.Send(t.Context(), lobby, keyed("k/2", "More")); err != nil || len(s.Posts()) != before+1 {
			t.Errorf("another process sends: %v, want it to be unharmed", err)
		}
		cancel()
		for range cap(results) {
			returned = append(returned, <-results)
		}
		if slices.Contains(returned, nil) {
			t.Errorf("calls of a dead process return %v, want errors only", returned)
		}
	})
}

func TestSameSeedSameMischief(t *testing.T) {
	play := func(seed uint64) (story []string) {
		synctest.Test(t, func(t *testing.T) {
			u := NewUnruly("unruly", Mischief{Lose: .2, Throttle: .2, Refuse: .2, Hang: .1, Break: .1, FindFails: .3, Everywhere: .5, Slow: time.Second}, seeded(seed))
			for i := range 100 {
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				post, err := u.Send(ctx, lobby, keyed(fmt.Sprint(i), "Picks"))
				_, found, lookup := u.Find(ctx, lobby, keyed(fmt.Sprint(i), "Picks"), ago())
				cancel()
				story = append(story, fmt.Sprint(post.ID, kind(err), found, lookup, time.Now().UnixNano()))
			}
		})
		return story
	}
	first := play(1)
	if diff := cmp.Diff(first, play(1)); diff != "" {
		t.Errorf("two runs with one seed differ:\n%s", diff)
	}
	if slices.Equal(first, play(2)) {
		t.Error("two seeds give the same")
	}
}

func TestSharesAreKept(t *testing.T) {
	const sends = 4000
	synctest.Test(t, func(t *testing.T) {
		u := NewUnruly("unruly", Mischief{Lose: .1, Throttle: .2, Everywhere: .25, Refuse: .1, Break: .1, FindFails: .1, After: time.Nanosecond}, seeded(1))
		for range sends {
			_, _ = u.Send(t.Context(), lobby, keyed("k", "Picks"))
			_, _, _ = u.Find(t.Context(), lobby, keyed("k", "Picks"), ago())
			time.Sleep(time.Second)
		}
		for fault, want := range map[Fault]float64{Lose: .1, Throttle: .15, ThrottleAll: .05, Refuse: .1, Break: .1, FindFails: .1} {
			if got := float64(u.Service().Happened(fault)) / sends; got < want*.7 || got > want*1.3 {
				t.Errorf("%q happened to %.3f of the sends, want about %.3f", fault, got, want)
			}
		}
	})
}

func TestCalmLeavesOnlyPlacesThatAreGone(t *testing.T) {
	u := NewUnruly("unruly", Mischief{Refuse: 1, FindFails: 1, Gone: map[chat.Place]string{attic: "it is archived"}}, seeded(1))
	u.Service().Next(Break)
	u.Service().Calm()
	picks := keyed("k", "Picks")
	post, err := u.Send(t.Context(), lobby, picks)
	if err != nil {
		t.Errorf("Send: %v, want it calm", err)
	}
	if got, ok, err := u.Find(t.Context(), lobby, picks, ago()); got != post || !ok || err != nil {
		t.Errorf("Find = %+v, %t, %v, want %+v", got, ok, err, post)
	}
	if _, err := u.Send(t.Context(), attic, picks); kind(err) != "refused, gone true" {
		t.Errorf("Send to a place that is gone: %v, want it refused", err)
	}
}

func TestFindLooksOnlyWhereItIsTold(t *testing.T) {
	s := NewService("unruly", Mischief{Blind: map[chat.Place]string{attic: "it may not be read"}}, seeded(1))
	u := s.Client(nil)
	root, err := u.Send(t.Context(), lobby, keyed("k/1", "Heading"))
	if err != nil {
		t.Fatal(err)
	}
	reply := chat.Message{Key: "k/2", Under: root.ID, Text: chat.Plain("Reply")}
	if _, err := u.Send(t.Context(), lobby, reply); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		in   chat.Place
		m    chat.Message
		want bool
	}{
		{"the reply", lobby, reply, true},
		{"outside the thread", lobby, keyed("k/2", ""), false},
		{"in another place", chat.Place{}, reply, false},
		{"another key", lobby, chat.Message{Key: "k/", Under: root.ID}, false},
		{"no key", lobby, chat.Message{}, false},
	} {
		if _, ok, err := u.Find(t.Context(), test.in, test.m, ago()); ok != test.want || err != nil {
			t.Errorf("%s: Find = %t, %v, want %t", test.name, ok, err, test.want)
		}
	}
	if _, _, err := u.Find(t.Context(), attic, reply, ago()); kind(err) != "refused, gone false" || s.Happened(Blind) != 1 {
		t.Errorf("Find in a place that cannot be looked through: %v, want it refused", err)
	}
	if _, err := u.Send(t.Context(), attic, reply); kind(err) != "refused, gone false" {
		t.Errorf("a reply where its thread is not: %v, want it refused", err)
	}
	if err := u.Edit(t.Context(), chat.Post{Place: lobby, ID: "none"}, reply); kind(err) != "refused, gone false" {
		t.Errorf("an edit of nothing: %v, want it refused", err)
	}
}

func TestPeopleSeeDuplicates(t *testing.T) {
	u := NewUnruly("unruly", Mischief{}, seeded(1))
	for _, key := range []string{"b", "a", "b", "", "", "c", "a"} {
		if _, err := u.Send(t.Context(), lobby, keyed(key, "Picks")); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := u.Service().Duplicates(), []string{"a", "b"}; !slices.Equal(got, want) {
		t.Errorf("the duplicates are %q, want %q", got, want)
	}
}

func TestFloodsAreNoticed(t *testing.T) {
	type step struct {
		after time.Duration
		to    chat.Place
	}
	for _, test := range []struct {
		name  string
		pace  chat.Pace
		steps []step
		want  int
	}{
		{"no pace", chat.Pace{}, []step{{0, lobby}, {0, lobby}}, 0},
		{"kept in a place", chat.Pace{InPlace: time.Second}, []step{{0, lobby}, {0, attic}, {time.Second, lobby}}, 0},
		{"too fast in a place", chat.Pace{InPlace: time.Second}, []step{{0, lobby}, {999 * time.Millisecond, lobby}}, 1},
		{"kept overall", chat.Pace{Every: time.Second}, []step{{0, lobby}, {time.Second, attic}}, 0},
		{"too fast overall", chat.Pace{Every: time.Second}, []step{{0, lobby}, {999 * time.Millisecond, attic}}, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			u := NewUnruly("unruly", Mischief{}, seeded(1))
			u.Service().SetPace(test.pace)
			for _, s := range test.steps {
				time.Sleep(s.after)
				if _, err := u.Send(t.Context(), s.to, keyed("", "Picks")); err != nil {
					t.Fatal(err)
				}
			}
			if got := u.Service().Floods(); len(got) != test.want {
				t.Errorf("%s: the floods are %q, want %d", test.name, got, test.want)
			}
		})
	}
}

func TestMoreAtOnceThanAllowedIsAFlood(t *testing.T) {
	for atOnce, want := range map[int]int{0: 2, 1: 2, 2: 1, 3: 0} {
		synctest.Test(t, func(t *testing.T) {
			u := NewUnruly("unruly", Mischief{Slow: time.Second}, seeded(1))
			u.Service().SetPace(chat.Pace{AtOnce: atOnce})
			for range 3 {
				go func() { _, _ = u.Send(t.Context(), lobby, keyed("", "Picks")) }()
			}
			if err := u.Service().Wait(t.Context(), func() bool { return len(u.Service().Posts()) == 3 }); err != nil {
				t.Fatal(err)
			}
			if got := u.Service().Floods(); len(got) != want {
				t.Errorf("three sends where %d are allowed at once: the floods are %q, want %d", atOnce, got, want)
			}
		})
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := NewService("unruly", Mischief{}, seeded(1))
	if err := s.Wait(ctx, func() bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("Wait for what never comes: %v, want %v", err, context.Canceled)
	}
}
