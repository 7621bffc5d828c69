package bottest

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/chat"
)

// dialled is a service and a handle on it over loopback, for which death is an
// event.
func dialled(t *testing.T, o Mischief) (*Service, chat.Editor, *int) {
	s := NewService("unruly", o, seeded(1))
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	deaths := new(int)
	c := Dial(server.URL, "unruly").(*remote)
	c.die = func() { *deaths++ }
	return s, c, deaths
}

// moment is long enough for a request over loopback that is answered, and short
// enough to wait for one that is not.
const moment = 300 * time.Millisecond

func TestDialledServiceSortsItsErrors(t *testing.T) {
	for _, test := range []struct {
		fault  Fault
		want   string
		posts  int
		deaths int
	}{
		{"", "done", 1, 0},
		{Lose, "unsure", 1, 0},
		{Throttle, "throttled for 1s, everywhere false", 0, 0},
		{ThrottleAll, "throttled for 1s, everywhere true", 0, 0},
		{Refuse, "refused, gone false", 0, 0},
		{Break, "not done", 0, 0},
		{CrashBefore, "unsure", 0, 1},
		{CrashAfter, "unsure", 1, 1},
	} {
		s, c, deaths := dialled(t, Mischief{})
		s.Next(test.fault)
		limit := patience
		if test.deaths > 0 { // nobody answers the dead
			limit = moment
		}
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		_, err := c.Send(ctx, lobby, keyed("k", "Picks"))
		cancel()
		if got := kind(err); got != test.want || len(s.Posts()) != test.posts || *deaths != test.deaths {
			t.Errorf("%q: Send returns %s (%v) with %d posts and %d deaths, want %s, %d and %d", test.fault, got, err, len(s.Posts()), *deaths, test.want, test.posts, test.deaths)
		}
	}
}

func TestDialledServiceHangs(t *testing.T) {
	s, c, _ := dialled(t, Mischief{Hang: 1})
	ctx, cancel := context.WithTimeout(t.Context(), moment)
	defer cancel()
	if _, err := c.Send(ctx, lobby, keyed("k", "Picks")); kind(err) != "unsure" || ctx.Err() == nil || s.Happened(Hang) != 1 {
		t.Errorf("Send returns %v, want it unsure when its time is over", err)
	}
}

func TestWithoutAServiceNothingIsSent(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	c := Dial(server.URL, "unruly")
	if _, err := c.Send(t.Context(), lobby, keyed("k", "Picks")); kind(err) != "not done" {
		t.Errorf("Send without a service: %v, want a plain error", err)
	}
	if p := c.Pace(); p != (chat.Pace{}) {
		t.Errorf("the pace without a service is %+v, want none", p)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Send(ended, lobby, keyed("k", "Picks")); kind(err) != "not done" || !errors.Is(err, context.Canceled) {
		t.Errorf("Send without time: %v, want a plain error", err)
	}
}

func TestDialledServiceKeepsWhatWasSent(t *testing.T) {
	s, c, _ := dialled(t, Mischief{Blind: map[chat.Place]string{attic: "it may not be read"}})
	s.SetPace(chat.Pace{Every: time.Second, AtOnce: 2})
	if got, want := c.Pace(), (chat.Pace{Every: time.Second, AtOnce: 2}); got != want {
		t.Errorf("the pace is %+v, want %+v", got, want)
	}
	m := longest()
	m.Key = "k/1"
	before := time.Now()
	post, err := c.Send(t.Context(), lobby, m)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, s.Posts()[0].Message); diff != "" {
		t.Errorf("what was sent is not what arrived (-want +got):\n%s", diff)
	}
	for since, want := range map[time.Time]bool{before: true, time.Now(): false} {
		if got, ok, err := c.Find(t.Context(), lobby, m, since); ok != want || ok && got != post || err != nil {
			t.Errorf("Find since %s = %+v, %t, %v, want %t", since, got, ok, err, want)
		}
	}
	if _, _, err := c.Find(t.Context(), attic, m, before); kind(err) != "refused, gone false" {
		t.Errorf("Find in a place that cannot be looked through: %v, want it refused", err)
	}
	if err := c.Edit(t.Context(), post, keyed("k/1", "Corrected")); err != nil || s.Posts()[0].Message.Text.String() != "Corrected" {
		t.Errorf("Edit: %v; people see %q", err, s.Posts()[0].Message.Text)
	}
	s.Stir(Mischief{FindFails: 1})
	if _, _, err := c.Find(t.Context(), lobby, m, before); kind(err) != "not done" {
		t.Errorf("Find that fails: %v, want a plain error", err)
	}
}

// childURL tells a copy of this test that it is the child, and where to send.
const childURL = "BOTTEST_CHILD_URL"

func TestProcessIsKilledBeforeAndAfterItSends(t *testing.T) {
	if url := os.Getenv(childURL); url != "" {
		_, err := Dial(url, "unruly").Send(t.Context(), lobby, keyed("k", "Picks"))
		t.Fatalf("the child is alive: %v", err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for fault, posts := range map[Fault]int{CrashBefore: 0, CrashAfter: 1} {
		s := NewService("unruly", Mischief{}, seeded(1))
		server := httptest.NewServer(s.Handler())
		t.Cleanup(server.Close)
		s.Next(fault)
		child := exec.CommandContext(t.Context(), self, "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), childURL+"="+server.URL)
		out, err := child.CombinedOutput()
		if want := "signal: killed"; fmt.Sprint(err) != want {
			t.Errorf("%q: the child ended with %v, want %q\n%s", fault, err, want, out)
		}
		if got := len(s.Posts()); got != posts {
			t.Errorf("%q: %d messages are posted, want %d", fault, got, posts)
		}
	}
}
