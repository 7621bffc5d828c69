package outbox_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"paperboy/bots/bottest"
	"paperboy/internal/chat"
	"paperboy/internal/outbox"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// EnvSeeds is how many seeds the chaos test tries on SQLite; a quarter as many on
// PostgreSQL.
const EnvSeeds = "PAPERBOY_CHAOS_SEEDS"

const (
	usualSeeds  = 24
	workers     = 4
	chaosPlaces = 6
	chaosRounds = 2 // batches of messages a place
)

// harsh is the weather of the chaos test: one send in two goes wrong.
var harsh = bottest.Mischief{
	Lose: 0.20, CrashBefore: 0.05, CrashAfter: 0.05, Throttle: 0.10, Hang: 0.03, Break: 0.05,
	FindFails: 0.10, Everywhere: 0.30, After: 20 * time.Second, Slow: 3 * time.Second,
}

// TestChaos has four workers on one store post to a service that loses answers,
// throttles, hangs and kills them, with many seeds. Every message must be shown
// once, and in order.
func TestChaos(t *testing.T) {
	t.Parallel()
	storetest.EachAddress(t, func(t *testing.T, address string) {
		seeds := seedsFor(address)
		var mu sync.Mutex // guards happened
		happened := map[bottest.Fault]int{}
		t.Run("seeds", func(t *testing.T) { // ends when all of them have
			for seed := range uint64(seeds) {
				t.Run(fmt.Sprint(seed), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						c := newChaos(t, ofSeed(address, seed), seed)
						c.run()
						mu.Lock()
						defer mu.Unlock()
						for _, f := range faults {
							happened[f] += c.service.Happened(f)
						}
					})
				})
			}
		})
		for _, f := range faults {
			if happened[f] == 0 {
				t.Errorf("%q never happened in %d seeds", f, seeds)
			}
		}
	})
}

// faults are those that must have happened.
var faults = []bottest.Fault{
	bottest.Lose, bottest.CrashBefore, bottest.CrashAfter, bottest.Throttle, bottest.ThrottleAll, bottest.Hang, bottest.Break, bottest.FindFails,
}

// seedsFor is how many seeds are tried. PostgreSQL has fewer: its time passes
// while time stands still in a bubble.
func seedsFor(address string) int {
	seeds := usualSeeds
	if n, err := strconv.Atoi(os.Getenv(EnvSeeds)); err == nil {
		seeds = n
	}
	if _, isFile := store.File(address); !isFile {
		return (seeds + 3) / 4
	}
	return seeds
}

// ofSeed gives every seed an SQLite file of its own; on PostgreSQL they share a
// schema, which takes long to make.
func ofSeed(address string, seed uint64) string {
	if _, isFile := store.File(address); isFile {
		return fmt.Sprint(address, seed)
	}
	return address
}

// chaos is the world of one seed.
type chaos struct {
	*testing.T
	address string
	seed    uint64
	service *bottest.Service
	store   *store.Store
}

func newChaos(t *testing.T, address string, seed uint64) *chaos {
	c := &chaos{T: t, address: address, seed: seed, service: bottest.NewService(platformOf(seed), harsh, rand.New(rand.NewPCG(seed, 7)))}
	c.service.SetPace(chat.Pace{Every: 20 * time.Millisecond, InPlace: time.Second, AtOnce: 3})
	c.store = c.open()
	t.Cleanup(func() { c.store.Close() })
	return c
}

func (c *chaos) open() *store.Store {
	c.Helper()
	s, err := store.Open(c.Context(), c.address)
	if err != nil {
		c.Fatal(err)
	}
	return s
}

// platformOf keeps seeds apart, which use one database and each begin the year
// 2000 anew.
func platformOf(seed uint64) string { return fmt.Sprint("unruly", seed) }

func (c *chaos) place(i int) chat.Place {
	return chat.Place{Platform: platformOf(c.seed), Space: "S", Channel: fmt.Sprint("C", i)}
}

func (c *chaos) run() {
	began := time.Now()
	ctx, stop := context.WithCancel(c.Context())
	var alive sync.WaitGroup
	defer alive.Wait()
	defer stop()
	for n := range uint64(workers) {
		alive.Go(func() { c.work(ctx, rand.New(rand.NewPCG(c.seed, n))) })
	}
	want := c.planAll()
	c.settle(began)
	stop()
	alive.Wait()
	c.check(began, want)
}

// planAll plans batches for all places, in threads for some, while workers work.
func (c *chaos) planAll() (want map[chat.Place][]string) {
	want = map[chat.Place][]string{}
	for round := range chaosRounds {
		for i := range chaosPlaces {
			messages := texts("heading", "first", "second")
			planFor(c, c.store, c.place(i), time.Now(), i%2 == 1, messages...)
			for _, m := range messages {
				want[c.place(i)] = append(want[c.place(i)], m.Key)
			}
		}
		time.Sleep(time.Duration(round+1) * 10 * time.Second)
	}
	return want
}

// work is one worker: when it dies, another takes its place after a while.
func (c *chaos) work(ctx context.Context, random *rand.Rand) {
	for ctx.Err() == nil {
		s := c.open()
		life, end := context.WithCancel(ctx)
		client := c.service.Client(func() {
			s.Close() // whatever it still wants to write down is lost
			end()
		})
		err := newOutbox(s, careful{client}, slog.New(slog.DiscardHandler), outbox.Options{Random: random}).Run(life)
		if err != nil {
			c.Errorf("a worker ended with %v", err)
		}
		end()
		s.Close()
		time.Sleep(time.Duration(random.IntN(20_000)) * time.Millisecond)
	}
}

// careful is a platform that stays below what its service allows, as adapters do:
// a database that is busy delays one message and not the next.
type careful struct{ *bottest.Unruly }

func (p careful) Pace() chat.Pace {
	pace := p.Unruly.Pace()
	pace.Every += 200 * time.Millisecond
	return pace
}

// settle waits until nothing is left to post, and calms the weather after a while.
func (c *chaos) settle(began time.Time) {
	for {
		time.Sleep(10 * time.Second)
		waiting, err := c.store.Waiting(c.Context(), 10_000)
		if err != nil {
			c.Fatal(err)
		}
		if waiting = c.own(waiting); len(waiting) == 0 {
			return
		}
		switch passed := time.Since(began); {
		case passed > team.Limit:
			c.Fatalf("still waiting after %s: %+v", passed, waiting)
		case passed > team.Limit/2:
			c.service.Calm()
		}
	}
}

// own are those of deliveries that are of this seed.
func (c *chaos) own(all []store.DeliveryState) (own []store.DeliveryState) {
	for _, d := range all {
		if d.Place.Platform == platformOf(c.seed) {
			own = append(own, d)
		}
	}
	return own
}

// check compares what people see with what was planned.
func (c *chaos) check(began time.Time, want map[chat.Place][]string) {
	for place, keys := range want {
		var got []string
		for _, p := range c.service.Posts(place) {
			got = append(got, p.Key)
		}
		if fmt.Sprint(got) != fmt.Sprint(keys) {
			c.Errorf("seed %d: %s shows\n%v, want\n%v", c.seed, place.Channel, got, keys)
		}
	}
	if twice := c.service.Duplicates(); len(twice) > 0 {
		c.Errorf("seed %d: posted more than once: %v", c.seed, twice)
	}
	if floods := c.service.Floods(); len(floods) > 0 {
		c.Errorf("seed %d: too fast: %v", c.seed, floods)
	}
	parked, err := c.store.Parked(c.Context(), began, 10_000)
	if parked = c.own(parked); err != nil || len(parked) > 0 {
		c.Errorf("seed %d: given up: %+v, %v", c.seed, parked, err)
	}
}
