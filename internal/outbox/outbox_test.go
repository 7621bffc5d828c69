package outbox_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"paperboy/bots/bottest"
	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// bubble runs a test where time passes only when everybody waits.
func bubble(t *testing.T, m bottest.Mischief, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(newWorld(t, storetest.Open(t), m)) })
}

func TestMessagesArePostedInOrderAndThreads(t *testing.T) {
	bubble(t, bottest.Mischief{}, func(w *world) {
		w.plan(at("C1"), false, texts("one", "two", "three")...)
		w.plan(at("C2"), true, texts("heading", "first", "second")...)
		w.run(time.Second)
		for channel, want := range map[string]string{"C1": "one\ntwo\nthree", "C2": "heading\n  first\n  second"} {
			if got := shown(w.service, at(channel)); got != want {
				t.Errorf("%s shows %q, want %q", channel, got, want)
			}
		}
	})
}

// TestEachFaultIsOvercome has one thing go wrong with the second of three messages.
func TestEachFaultIsOvercome(t *testing.T) {
	for _, test := range []struct {
		fault  bottest.Fault
		within time.Duration
	}{
		{bottest.Lose, 2 * time.Minute},
		{bottest.Break, 20 * time.Second},
		{bottest.Throttle, 40 * time.Second},
		{bottest.ThrottleAll, 40 * time.Second},
		{bottest.Hang, 3 * time.Minute},
	} {
		t.Run(string(test.fault), func(t *testing.T) {
			bubble(t, bottest.Mischief{After: 20 * time.Second}, func(w *world) {
				w.service.Next("", test.fault)
				w.plan(at("C1"), false, texts("one", "two", "three")...)
				w.run(test.within)
				if got := shown(w.service, at("C1")); got != "one\ntwo\nthree" {
					t.Errorf("after the fault the channel shows %q\n%s", got, w.logs.String())
				}
				if w.service.Happened(test.fault) == 0 {
					t.Error("the fault did not happen")
				}
			})
		})
	}
}

func TestARetryAfterIsKept(t *testing.T) {
	for _, test := range []struct {
		fault bottest.Fault
		other time.Duration // when the other channel gets its message, at most
	}{{bottest.Throttle, time.Second}, {bottest.ThrottleAll, 5 * time.Minute}} {
		bubble(t, bottest.Mischief{After: 3 * time.Minute}, func(w *world) {
			began := time.Now()
			w.service.Next(test.fault)
			w.plan(at("C1"), false, texts("one")...)
			w.run(time.Second)
			w.plan(at("C2"), false, texts("two")...)
			w.run(10 * time.Minute)
			first, second := w.service.Posts(at("C1")), w.service.Posts(at("C2"))
			if len(first) != 1 || len(second) != 1 {
				t.Fatalf("%s: %d and %d messages", test.fault, len(first), len(second))
			}
			if got := first[0].At.Sub(began); got < 3*time.Minute || got > 4*time.Minute {
				t.Errorf("%s: posted again after %s, want a little over 3 min", test.fault, got)
			}
			if got := second[0].At.Sub(began); got > test.other+time.Second || test.fault == bottest.ThrottleAll && got < 3*time.Minute {
				t.Errorf("%s: the other channel was posted to after %s", test.fault, got)
			}
			if n := w.service.Happened(bottest.Hurry); n > 0 {
				t.Errorf("%s: %d messages were sent too early", test.fault, n)
			}
		})
	}
}

func TestARefusedMessageIsParkedAndOthersGoOn(t *testing.T) {
	bubble(t, bottest.Mischief{}, func(w *world) {
		w.service.Next(bottest.Refuse)
		w.plan(at("C1"), false, texts("one", "two")...)
		w.run(time.Second)
		if got := shown(w.service, at("C1")); got != "two" {
			t.Errorf("the channel shows %q, want the second message", got)
		}
		if got := w.parked(); len(got) != 1 || got[0] == "" {
			t.Errorf("parked for %q, want one reason", got)
		}
	})
}

func TestAThreadWithoutItsHeadingIsNotPosted(t *testing.T) {
	bubble(t, bottest.Mischief{}, func(w *world) {
		w.service.Next(bottest.Refuse)
		w.plan(at("C1"), true, texts("heading", "first", "second")...)
		w.run(time.Second)
		if got := shown(w.service, at("C1")); got != "" {
			t.Errorf("the channel shows %q, want nothing", got)
		}
		if got := w.parked(); len(got) != 3 {
			t.Errorf("parked for %q, want three reasons", got)
		}
	})
}

func TestADeadChannelIsPausedWithOneNotice(t *testing.T) {
	bubble(t, bottest.Mischief{Gone: map[chat.Place]string{at("C1"): "the channel is archived"}}, func(w *world) {
		w.plan(at("C1"), false, texts("one", "two", "three")...)
		w.run(time.Minute)
		c, err := w.store.Channel(w.Context(), at("C1"))
		if err != nil || c.Gone != "the channel is archived" || !c.Next.At.IsZero() {
			t.Errorf("the channel is gone for %q and has the next slot %v, %v", c.Gone, c.Next, err)
		}
		notices := w.service.Posts(chat.Direct(ada))
		if len(notices) != 1 || !strings.Contains(notices[0].Message.Text.String(), "“moe”") || !strings.Contains(notices[0].Message.Text.String(), "the channel is archived") {
			t.Errorf("who subscribed it was told %q, want one message with topic and reason", shown(w.service, chat.Direct(ada)))
		}
		if got := w.parked(); len(got) != 3 || w.waiting() != 0 {
			t.Errorf("parked for %q, %d wait; want three parked", got, w.waiting())
		}
	})
}

func TestWhatCannotBeLookedUpIsNotSentAgain(t *testing.T) {
	bubble(t, bottest.Mischief{Blind: map[chat.Place]string{at("C1"): "history may not be read"}}, func(w *world) {
		w.service.Next(bottest.Lose)
		w.plan(at("C1"), false, texts("one", "two")...)
		w.run(5 * time.Minute)
		if got := shown(w.service, at("C1")); got != "one\ntwo" {
			t.Errorf("the channel shows %q, want each message once", got)
		}
		if got := w.parked(); len(got) != 1 || !strings.Contains(got[0], "history may not be read") {
			t.Errorf("parked for %q, want the reason why it can't be looked up", got)
		}
	})
}

func TestWhatIsTooLateIsLeftOut(t *testing.T) {
	bubble(t, bottest.Mischief{Break: 1}, func(w *world) {
		w.plan(at("C1"), false, texts("one", "two")...)
		w.run(team.Limit - time.Minute)
		if w.waiting() != 2 {
			t.Errorf("%d wait before the limit, want 2", w.waiting())
		}
		w.service.Calm()
		w.run(20 * time.Minute) // the longest pause between two tries is ten
		w.plan(at("C1"), false, texts("tomorrow")...)
		w.run(time.Minute)
		if got := shown(w.service, at("C1")); got != "tomorrow" {
			t.Errorf("the channel shows %q, want what is in time", got)
		}
		if got := w.parked(); len(got) != 2 {
			t.Errorf("parked for %q, want two reasons", got)
		}
	})
}

func TestThePaceIsKeptByAllReplicas(t *testing.T) {
	const channels = 40
	pace := chat.Pace{Every: 100 * time.Millisecond, InPlace: time.Second, AtOnce: 8}
	bubble(t, bottest.Mischief{Slow: 2 * time.Second}, func(w *world) {
		w.service.SetPace(pace)
		for i := range channels {
			w.plan(at(strings.Repeat("C", i+1)), false, texts("one", "two", "three")...)
		}
		began := time.Now()
		done := make(chan bool)
		for range 3 {
			go func() {
				w.run(time.Minute)
				done <- true
			}()
		}
		for range 3 {
			<-done
		}
		posts := w.service.Posts()
		if len(posts) != 3*channels || len(w.service.Floods()) > 0 {
			t.Fatalf("%d posts, want %d; too fast: %q", len(posts), 3*channels, w.service.Floods())
		}
		took, ideal := posts[len(posts)-1].At.Sub(began), 3*channels*pace.Every
		if took > ideal*11/10+3*time.Second { // an answer takes up to two
			t.Errorf("that took %s, want hardly more than %s", took, ideal)
		}
	})
}

// TestAThrottledPlatformHoldsNoOther has one service that takes nothing.
func TestAThrottledPlatformHoldsNoOther(t *testing.T) {
	bubble(t, bottest.Mischief{Hang: 1}, func(w *world) {
		other := newWorld(t, w.store, bottest.Mischief{})
		quick := named{other.service.Client(nil), "quick"}
		w.plan(at("C1"), false, texts("one")...)
		in := chat.Place{Platform: "quick", Space: "T1", Channel: "C1"}
		w.plan(in, false, texts("two", "three")...)
		both := runBoth(w, w.service.Client(nil), quick)
		synctest.Wait()
		if got := len(other.service.Posts()); got != 2 {
			t.Errorf("the other platform got %d messages while the first hangs, want 2", got)
		}
		both()
	})
}

func TestCountsOnPostsAreRefreshed(t *testing.T) {
	bubble(t, bottest.Mischief{}, func(w *world) {
		w.plan(at("C1"), false, w.card("arxiv:2602.00001"), w.card("arxiv:2602.00002"))
		stop := start(w, w.service.Client(nil))
		time.Sleep(time.Minute)
		for i := range 90 { // a vote every two seconds
			vote(w, "arxiv:2602.00001", string(rune('a'+i/26))+string(rune('a'+i%26)))
			time.Sleep(2 * time.Second)
		}
		time.Sleep(2 * time.Minute)
		stop()
		posts := w.service.Posts(at("C1"))
		if got := shown(w.service, at("C1")); !strings.Contains(got, "90 votes here") {
			t.Errorf("in the end the channel shows %q, want 90 votes", got)
		}
		edits := posts[0].Edits
		if len(edits) < 3 || len(posts[1].Edits) != 0 {
			t.Errorf("the post was edited %d times and the other %d times; want some and none", len(edits), len(posts[1].Edits))
		}
		for i := 1; i < len(edits); i++ {
			if gap := edits[i].Sub(edits[i-1]); gap < time.Minute {
				t.Errorf("edited again after %s, want a minute at least", gap)
			}
		}
	})
}

func TestAnEditThatFailsIsMadeUpFor(t *testing.T) {
	for _, fault := range []bottest.Fault{bottest.Throttle, bottest.Break, bottest.Lose, bottest.Hang} {
		bubble(t, bottest.Mischief{After: 30 * time.Second}, func(w *world) {
			w.plan(at("C1"), false, w.card("arxiv:2602.00001"))
			stop := start(w, w.service.Client(nil))
			time.Sleep(time.Minute)
			w.service.Next(fault)
			vote(w, "arxiv:2602.00001", "bob")
			time.Sleep(5 * time.Minute)
			stop()
			if got := shown(w.service, at("C1")); !strings.Contains(got, "1 vote here") || w.service.HappenedToEdits(fault) == 0 {
				t.Errorf("%s: in the end the channel shows %q", fault, got)
			}
		})
	}
}

func TestAReactionFindsThePaperOfItsPost(t *testing.T) {
	bubble(t, bottest.Mischief{}, func(w *world) {
		one, two := w.card("arxiv:2602.00001"), w.card("arxiv:2602.00002")
		digest := chat.Message{Cards: append(slices.Clone(one.Cards), two.Cards...)}
		w.plan(at("C1"), false, digest)
		w.run(time.Second)
		got, err := w.store.PostPapers(w.Context(), w.service.Posts(at("C1"))[0].Post)
		if want := []paper.ID{"arxiv:2602.00001", "arxiv:2602.00002"}; !slices.Equal(got, want) || err != nil {
			t.Errorf("the post shows %v, %v; want %v", got, err, want)
		}
	})
}
