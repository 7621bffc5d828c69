package outbox_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"paperboy/bots/bottest"
	"paperboy/internal/chat"
	"paperboy/internal/outbox"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
)

// Environment of a child process: the store and the service it posts to.
const (
	envStore   = "PAPERBOY_CHILD_STORE"
	envService = "PAPERBOY_CHILD_SERVICE"
)

func TestMain(m *testing.M) {
	if address := os.Getenv(envStore); address != "" {
		os.Exit(child(address, os.Getenv(envService)))
	}
	os.Exit(m.Run())
}

// childLease is short, so that what a killed process held is soon free.
const childLease = 2 * time.Second

// child posts until it is killed.
func child(address, service string) int {
	ctx := context.Background()
	s, err := store.Open(ctx, address)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	if err := newOutbox(s, bottest.Dial(service, "unruly"), log, outbox.Options{Lease: childLease}).Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return 1
}

// TestKilledProcessesPostOnce has real processes post over loopback, and kills
// them with SIGKILL at random moments. The service loses answers besides.
func TestKilledProcessesPostOnce(t *testing.T) {
	const processes, kills, places = 3, 8, 6
	t.Parallel()
	storetest.EachAddress(t, func(t *testing.T, address string) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
		defer cancel()
		random := rand.New(rand.NewPCG(3, 1)) // for whom to kill; the service has its own
		service := bottest.NewService("unruly", bottest.Mischief{
			Lose: 0.1, CrashBefore: 0.05, CrashAfter: 0.05, Break: 0.05, Slow: 50 * time.Millisecond,
		}, rand.New(rand.NewPCG(3, 2)))
		service.SetPace(chat.Pace{AtOnce: 3})
		server := httptest.NewServer(service.Handler())
		defer server.Close()
		s, err := store.Open(ctx, address)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		want := map[chat.Place][]string{}
		for i := range places {
			messages := texts("heading", "first", "second", "third")
			planFor(t, s, at(fmt.Sprint("C", i)), time.Now(), i%2 == 1, messages...)
			for _, m := range messages {
				want[at(fmt.Sprint("C", i))] = append(want[at(fmt.Sprint("C", i))], m.Key)
			}
		}
		crew := newCrew(t, ctx, address, server.URL, processes)
		allPosted := func() bool { return len(service.Posts()) >= 4*places }
		for range kills {
			requests := random.IntN(6)
			err := service.Wait(ctx, func() bool { requests--; return requests < 0 || allPosted() })
			if err != nil {
				t.Fatal(err)
			}
			crew.kill(random.IntN(processes))
			if allPosted() {
				break
			}
		}
		allSettled(ctx, t, s)
		died := crew.end()
		for place, keys := range want {
			var got []string
			for _, p := range service.Posts(place) {
				got = append(got, p.Key)
			}
			if fmt.Sprint(got) != fmt.Sprint(keys) {
				t.Errorf("%s shows\n%v, want\n%v", place.Channel, got, keys)
			}
		}
		if died < kills/3 {
			t.Errorf("only %d processes died", died)
		}
	})
}

// allSettled waits until nothing is left to post.
func allSettled(ctx context.Context, t *testing.T, s *store.Store) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		waiting, err := s.Waiting(ctx, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(waiting) == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("still waiting: %+v", waiting)
		}
	}
}

// crew is some processes. Whichever dies is followed by another.
type crew struct {
	*testing.T
	hire  func() *exec.Cmd
	seats sync.WaitGroup

	mu      sync.Mutex // guards what follows
	members []*exec.Cmd
	died    int
	over    bool
}

func newCrew(t *testing.T, ctx context.Context, address, service string, n int) *crew {
	c := &crew{T: t, members: make([]*exec.Cmd, n), hire: func() *exec.Cmd {
		cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), envStore+"="+address, envService+"="+service)
		cmd.Stderr = os.Stderr
		return cmd
	}}
	for i := range n {
		c.seats.Go(func() {
			for c.sit(i) {
			}
		})
	}
	return c
}

// sit runs a process in a seat until it dies; it reports whether another follows.
func (c *crew) sit(seat int) bool {
	c.mu.Lock()
	if c.over {
		c.mu.Unlock()
		return false
	}
	cmd := c.hire()
	err := cmd.Start()
	c.members[seat] = cmd
	c.mu.Unlock()
	if err != nil {
		c.Error(err)
		return false
	}
	_ = cmd.Wait() // it is killed sooner or later: that is no news
	c.mu.Lock()
	defer c.mu.Unlock()
	c.died++
	return true
}

// kill kills whoever is in a seat.
func (c *crew) kill(seat int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cmd := c.members[seat]; cmd != nil {
		_ = cmd.Process.Kill() // it may be dead already
	}
}

// end kills all, and tells how many had died before.
func (c *crew) end() (died int) {
	c.mu.Lock()
	died, c.over = c.died, true
	c.mu.Unlock()
	for i := range c.members {
		c.kill(i)
	}
	c.seats.Wait()
	return died
}
