package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"paperboy/internal/date"
	"paperboy/internal/ingest"
	"paperboy/internal/paper"
	"paperboy/internal/polite"
	"paperboy/internal/source"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/telemetry"
)

// scripted is a source that answers as fetch says and remembers how it was asked.
type scripted struct {
	name  string
	fetch func(source.Ask) (source.Page, error)

	mu   sync.Mutex // guards asks
	asks []source.Ask
}

func (s *scripted) Name() string { return s.name }

func (s *scripted) Fetch(ctx context.Context, ask source.Ask) (source.Page, error) {
	s.mu.Lock()
	s.asks = append(s.asks, ask)
	s.mu.Unlock()
	return s.fetch(ask)
}

func (s *scripted) asked() []source.Ask {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asks
}

// pages is a source of n pages with one paper each; its cursor counts them.
func pages(name string, n int) *scripted {
	return &scripted{name: name, fetch: func(ask source.Ask) (source.Page, error) {
		var at int
		fmt.Sscanf(ask.Cursor, "%d", &at)
		if at >= n {
			return source.Page{Next: ask.Cursor}, nil
		}
		p := paper.Paper{ID: paper.ID(fmt.Sprintf("doi:10.1/%s.%d", name, at)), Title: "T",
			Sightings: []paper.Sighting{{Source: name, Day: date.New(2026, 2, 27)}}}
		at++
		return source.Page{Papers: []paper.Paper{p}, Next: fmt.Sprint(at), More: at < n, Progress: float64(at) / float64(n)}, nil
	}}
}

// broken is a source that fails until it is mended.
func broken(name string, err error) *scripted {
	return &scripted{name: name, fetch: func(source.Ask) (source.Page, error) { return source.Page{}, err }}
}

func newIngest(s *store.Store, resolvers source.Resolvers, sources ...source.Source) *ingest.Ingest {
	unknown := func() float64 { return 0 }
	m := telemetry.NewMetrics(prometheus.NewRegistry(), "test", nil, telemetry.Gauges{Papers: unknown, Indexed: unknown})
	return ingest.New(s, sources, resolvers, slog.New(slog.DiscardHandler), m)
}

func count(t *testing.T, s *store.Store) int {
	t.Helper()
	n, err := s.CountPapers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func state(t *testing.T, s *store.Store, name string) store.SourceState {
	t.Helper()
	states, err := s.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range states {
		if st.Name == name {
			return st
		}
	}
	t.Fatalf("the store has no source %s", name)
	return store.SourceState{}
}

func TestOnceReadsEverySourceToItsEnd(t *testing.T) {
	s := storetest.Open(t)
	in := newIngest(s, nil, pages("one", 3), broken("two", errors.New("two is down")), pages("three", 2))
	var seen []ingest.Progress
	err := in.Once(t.Context(), date.Date{}, func(p ingest.Progress) { seen = append(seen, p) })
	if err == nil || err.Error() != "two: two is down" {
		t.Errorf("error %v, want that of two", err)
	}
	if got := count(t, s); got != 5 {
		t.Errorf("%d papers, want 5", got)
	}
	if len(seen) != 5 {
		t.Errorf("progress was reported %d times, want once a page: %+v", len(seen), seen)
	}
	if st := state(t, s, "two"); st.Error != "two is down" || st.Failures != 1 || st.FailedAt.IsZero() || !st.NextAt.After(time.Now()) {
		t.Errorf("state of the broken source: %+v", st)
	}
	if st := state(t, s, "one"); st.Cursor != "3" || st.SucceededAt.IsZero() || st.Error != "" {
		t.Errorf("state of a good source: %+v", st)
	}
}

func TestSinceStartsOver(t *testing.T) {
	s := storetest.Open(t)
	src := pages("one", 2)
	in := newIngest(s, nil, src)
	since := date.New(2026, 1, 1)
	for _, from := range []date.Date{{}, since} {
		if err := in.Once(t.Context(), from, func(ingest.Progress) {}); err != nil {
			t.Fatal(err)
		}
	}
	asks := src.asked()
	if len(asks) != 4 || asks[2].Cursor != "" || asks[2].Since != since {
		t.Errorf("asked %+v; want the second reading to begin anew from %s", asks, since)
	}
	if got := count(t, s); got != 2 {
		t.Errorf("%d papers after reading twice, want 2", got)
	}
}

func TestAServiceThatAsksForARestGetsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := storetest.Open(t)
		src := pages("one", 4)
		answer, refused := src.fetch, false
		src.fetch = func(ask source.Ask) (source.Page, error) {
			if ask.Cursor == "2" && !refused {
				refused = true
				return source.Page{}, &polite.StatusError{Code: 429, RetryAfter: 5 * time.Minute}
			}
			return answer(ask)
		}
		began := time.Now()
		var last ingest.Progress
		err := newIngest(s, nil, src).Once(t.Context(), date.New(2026, 1, 1), func(p ingest.Progress) { last = p })
		if err != nil || last.Saved.Added != 4 || last.Done != 1 {
			t.Errorf("Once = %v with %+v, want all 4 papers", err, last)
		}
		if waited := time.Since(began); waited < 5*time.Minute || waited > 6*time.Minute {
			t.Errorf("it waited %s, want the five minutes that were asked for", waited)
		}
		if asks := src.asked(); len(asks) != 5 || asks[3].Cursor != "2" {
			t.Errorf("asked %+v; want the page that was refused once more", asks)
		}
	})
}

func TestASourceThatOthersReadIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := storetest.Open(t)
		now := time.Now()
		if _, ok, err := s.LeaseSource(t.Context(), "one", "elsewhere/1/x", now, now.Add(time.Minute), true); !ok || err != nil {
			t.Fatal(ok, err)
		}
		src := pages("one", 1)
		if err := newIngest(s, nil, src).Once(t.Context(), date.Date{}, func(ingest.Progress) {}); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(now); waited < time.Minute || waited > time.Minute+2*time.Second || len(src.asked()) != 1 {
			t.Errorf("read %d times after %s, want once after the minute of the lease", len(src.asked()), waited)
		}
	})
}

func TestTheLeaseOfAKilledProcessIsTakenOver(t *testing.T) {
	child := exec.Command("true")
	if err := child.Run(); err != nil {
		t.Skipf("no process to end: %v", err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.Open(t)
	now := time.Now()
	owner := fmt.Sprintf("%s/%d/x", host, child.Process.Pid)
	if _, ok, err := s.LeaseSource(t.Context(), "one", owner, now, now.Add(time.Hour), true); !ok || err != nil {
		t.Fatal(ok, err)
	}
	src := pages("one", 1)
	if err := newIngest(s, nil, src).Once(t.Context(), date.Date{}, func(ingest.Progress) {}); err != nil || len(src.asked()) != 1 {
		t.Errorf("read %d times, %v; want once, at once", len(src.asked()), err)
	}
}

func TestASourceThatDoesNotMoveOnFails(t *testing.T) {
	s := storetest.Open(t)
	src := &scripted{name: "stuck", fetch: func(ask source.Ask) (source.Page, error) {
		return source.Page{Next: "same", More: true}, nil
	}}
	err := newIngest(s, nil, src).Once(t.Context(), date.Date{}, func(ingest.Progress) {})
	if err == nil || !strings.Contains(err.Error(), "does not move on") {
		t.Errorf("error %v", err)
	}
}

func TestASourceThatPanicsFailsAlone(t *testing.T) {
	s := storetest.Open(t)
	bad := &scripted{name: "bad", fetch: func(source.Ask) (source.Page, error) { panic("index out of range") }}
	err := newIngest(s, nil, bad, pages("good", 1)).Once(t.Context(), date.Date{}, func(ingest.Progress) {})
	if err == nil || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("error %v", err)
	}
	if got := state(t, s, "bad"); !strings.Contains(got.Error, "index out of range") || got.Failures != 1 {
		t.Errorf("the source that panicked is in the state %+v", got)
	}
	if got := count(t, s); got != 1 {
		t.Errorf("%d papers, want the one of the good source", got)
	}
}

func TestBadEntriesDoNotHoldUpTheRest(t *testing.T) {
	s := storetest.Open(t)
	src := &scripted{name: "one", fetch: func(ask source.Ask) (source.Page, error) {
		return source.Page{Next: "1", Problems: []error{errors.New("entry 3 has no id")},
			Papers: []paper.Paper{{ID: "doi:10.1/a"}, {ID: "doi:10.1/b", Title: "B"}, {Title: "C"}, {ID: "doi:10.1/d", Title: "\x00"}}}, nil
	}}
	if err := newIngest(s, nil, src).Once(t.Context(), date.Date{}, func(ingest.Progress) {}); err != nil {
		t.Fatal(err)
	}
	if got := count(t, s); got != 1 {
		t.Errorf("%d papers, want the one that is whole", got)
	}
}

// TestABrokenSourceDelaysNoOther lets six hours pass.
func TestABrokenSourceDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := storetest.Open(t)
		good, bad := pages("good", 1), broken("bad", errors.New("no"))
		hanging := make(chan struct{})
		slow := &scripted{name: "slow", fetch: func(source.Ask) (source.Page, error) {
			<-hanging
			return source.Page{}, errors.New("gave up")
		}}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- newIngest(s, nil, good, bad, slow).Run(ctx) }()
		time.Sleep(6*time.Hour + time.Second)
		synctest.Wait()
		if n := len(good.asked()); n < 6 || n > 8 {
			t.Errorf("the good source was asked %d times in six hours, want about once an hour", n)
		}
		if n := len(bad.asked()); n < 5 || n > 16 {
			t.Errorf("the bad source was asked %d times in six hours; want fewer and fewer", n)
		}
		if n := len(slow.asked()); n != 1 {
			t.Errorf("the slow source was asked %d times while it had not answered", n)
		}
		close(hanging)
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run ended with %v", err)
		}
	})
}

func TestStoppingGivesTheLeaseBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := storetest.Open(t)
		ctx, stop := context.WithCancel(t.Context())
		src := &scripted{name: "one"}
		src.fetch = func(source.Ask) (source.Page, error) {
			<-ctx.Done()
			return source.Page{}, ctx.Err()
		}
		ended := make(chan error)
		go func() { ended <- newIngest(s, nil, src).Run(ctx) }()
		synctest.Wait()
		if st := state(t, s, "one"); !st.LeasedUntil.After(time.Now()) {
			t.Errorf("while it is read: %+v", st)
		}
		stop()
		<-ended
		if st := state(t, s, "one"); !st.LeasedUntil.IsZero() || st.Error != "" || st.Failures != 0 {
			t.Errorf("after stopping: %+v; want no lease and no failure", st)
		}
	})
}

// describing is a resolver that fails a number of times first.
type describing struct{ failures *int }

func (describing) Resolves(id paper.ID) bool { return id.Scheme() == "doi" }

func (d describing) Resolve(_ context.Context, refs []paper.Ref) ([]paper.Paper, error) {
	if *d.failures--; *d.failures >= 0 {
		return nil, errors.New("down")
	}
	return []paper.Paper{{ID: refs[0].ID, Title: "Found"}}, nil
}

func TestWantedPapersAreFoundLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := storetest.Open(t)
		day := date.New(2026, 2, 27)
		for _, id := range []paper.ID{"doi:10.1/a", "arxiv:nobody-knows"} {
			if err := s.Want(t.Context(), paper.Ref{ID: id}, day, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		failures := 2
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- newIngest(s, source.Resolvers{describing{&failures}}).Run(ctx) }()
		time.Sleep(5 * time.Hour)
		stop()
		<-ended
		p, ok, err := s.Paper(t.Context(), "doi:10.1/a")
		if !ok || err != nil || p.Title != "Found" || p.Day() != day {
			t.Errorf("the wanted paper is %+v, %v, %v; want it listed on %s", p, ok, err, day)
		}
		if still, err := s.IsWanted(t.Context(), "arxiv:nobody-knows"); still || err != nil {
			t.Errorf("a paper nobody knows is still looked up: %v, %v", still, err)
		}
	})
}
