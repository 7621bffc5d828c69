// Package ingest keeps the feed level with its sources: it asks each when it is
// due, saves what it brings together with how far it got, and looks up the
// papers that people named. A source that is broken or slow delays no other.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/polite"
	"paperboy/internal/source"
	"paperboy/internal/store"
	"paperboy/internal/telemetry"
)

const (
	// leaseFor is how long a reader of a source may be silent before another
	// takes over. It uses half of it at most, so that the two cannot overlap.
	leaseFor = 2 * time.Minute
	// usualWait is between two polls of a source that does not say otherwise.
	usualWait = time.Hour
	// longestRest is how long Once waits for a service that asks for it.
	longestRest = 15 * time.Minute
)

// Ingest reads sources into a store.
type Ingest struct {
	store     *store.Store
	sources   []source.Source
	resolvers source.Resolvers
	log       *slog.Logger
	metrics   *telemetry.Metrics
	owner     string // tells our leases from those of other processes
}

// New returns an Ingest; nothing is read until Run or Once.
func New(s *store.Store, sources []source.Source, resolvers source.Resolvers, log *slog.Logger, m *telemetry.Metrics) *Ingest {
	return &Ingest{s, sources, resolvers, log, m, newOwner()}
}

// Run asks every source when it is due, until ctx ends; then it waits for what
// is under way, which ends soon.
func (in *Ingest) Run(ctx context.Context) error {
	// The heartbeat only asks the store what is due. A source that is still
	// being read skips a beat, and no other waits for it.
	beat := cron.New(cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger)))
	jobs := []func(){func() { in.lookUpWanted(ctx) }}
	for _, src := range in.sources {
		jobs = append(jobs, func() { in.poll(ctx, src) })
	}
	var first sync.WaitGroup
	for _, job := range jobs {
		id, err := beat.AddFunc("* * * * *", job)
		if err != nil {
			return fmt.Errorf("schedule: %w", err)
		}
		first.Go(beat.Entry(id).WrappedJob.Run)
	}
	beat.Start()
	<-ctx.Done()
	<-beat.Stop().Done()
	first.Wait()
	return nil
}

// poll reads src if it is due. Whatever goes wrong is kept with the source.
func (in *Ingest) poll(ctx context.Context, src source.Source) {
	lease, ok, err := in.lease(ctx, src, false)
	if err != nil {
		if ctx.Err() == nil {
			in.log.Error("a source could not be leased", "source", src.Name(), "err", err)
		}
		return
	}
	if !ok {
		return
	}
	if err := in.read(ctx, src, lease, date.Date{}, func(Progress) {}); err != nil && ctx.Err() == nil {
		in.log.Warn("a source could not be read and is asked again later", "source", src.Name(), "err", err)
	}
}

// lease takes src if nobody is reading it, or if whoever was is gone.
func (in *Ingest) lease(ctx context.Context, src source.Source, early bool) (store.Lease, bool, error) {
	now := time.Now()
	lease, ok, err := in.store.LeaseSource(ctx, src.Name(), in.owner, now, now.Add(leaseFor), early)
	if err != nil || ok {
		return lease, ok, err
	}
	released, err := in.releaseDead(ctx, src.Name())
	if err != nil || !released {
		return lease, false, err
	}
	return in.store.LeaseSource(ctx, src.Name(), in.owner, now, now.Add(leaseFor), early)
}

// releaseDead ends the lease of a process that was killed on this machine.
func (in *Ingest) releaseDead(ctx context.Context, name string) (bool, error) {
	states, err := in.store.Sources(ctx)
	if err != nil {
		return false, err
	}
	for _, s := range states {
		if s.Name == name && gone(s.Holder) {
			return true, in.store.ReleaseSource(ctx, store.Lease{Source: name, Owner: s.Holder})
		}
	}
	return false, nil
}

// Progress says how far the reading of one source is.
type Progress struct {
	Source string
	Done   float64 // of the way to the present, from 0 to 1
	Saved  store.Saved
	// Problems are entries that could not be read, by source's own words.
	Problems int
}

// Once reads all sources to the present, side by side, due or not. With since
// they are read again from that day. A source that another process is reading
// is waited for. report is called after every page, by one goroutine at a time.
// The error joins those of the sources that failed.
func (in *Ingest) Once(ctx context.Context, since date.Date, report func(Progress)) error {
	var (
		reading sync.WaitGroup
		mu      sync.Mutex // guards report and errs
		errs    []error
	)
	for _, src := range in.sources {
		reading.Go(func() {
			err := in.once(ctx, src, since, func(p Progress) {
				mu.Lock()
				defer mu.Unlock()
				report(p)
			})
			if err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, fmt.Errorf("%s: %w", src.Name(), err))
			}
		})
	}
	reading.Wait()
	in.lookUpWanted(ctx)
	return errors.Join(errs...)
}

// once reads src to the present. Where the service asks for a rest in between,
// as in a long walk through the past, it gets it.
func (in *Ingest) once(ctx context.Context, src source.Source, since date.Date, report func(Progress)) error {
	var before, now store.Saved
	for {
		lease, err := in.await(ctx, src)
		if err != nil {
			return err
		}
		err = in.read(ctx, src, lease, since, func(p Progress) {
			since = date.Date{} // a page is saved: its cursor knows the way
			p.Saved = before.Add(p.Saved)
			now = p.Saved
			report(p)
		})
		rest, asked := polite.RetryAfter(err)
		if err == nil || !asked || rest > longestRest {
			return err
		}
		before = now
		in.log.Warn("a source asks for a rest; waiting", "source", src.Name(), "rest", rest)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rest):
		}
	}
}

// await leases src as soon as nobody else is reading it.
func (in *Ingest) await(ctx context.Context, src source.Source) (store.Lease, error) {
	for told := false; ; told = true {
		lease, ok, err := in.lease(ctx, src, true)
		if err != nil || ok {
			return lease, err
		}
		if !told {
			in.log.Warn("another process is reading a source at this moment; waiting for it", "source", src.Name())
		}
		select {
		case <-ctx.Done():
			return store.Lease{}, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// read fetches pages until the source has caught up, and settles the lease.
func (in *Ingest) read(ctx context.Context, src source.Source, lease store.Lease, since date.Date, report func(Progress)) error {
	if !since.IsZero() {
		lease.Cursor = ""
	}
	wait, err := in.pages(ctx, src, &lease, since, report)
	// What is known must be written down even while the program stops.
	settle := context.WithoutCancel(ctx)
	now := time.Now()
	switch {
	case err == nil:
		return in.store.SourceDone(settle, lease, now, now.Add(wait))
	case ctx.Err() != nil:
		return errors.Join(err, in.store.ReleaseSource(settle, lease))
	case errors.Is(err, store.ErrLeaseLost):
		return err
	}
	next := now.Add(backOff(lease.Failures, err))
	return errors.Join(err, in.store.SourceFailed(settle, lease, reason(err), now, next))
}

// pages fetches and saves page after page and returns how long the source wants
// to be left alone afterwards.
func (in *Ingest) pages(ctx context.Context, src source.Source, lease *store.Lease, since date.Date, report func(Progress)) (time.Duration, error) {
	progress := Progress{Source: src.Name()}
	for {
		now := time.Now()
		page, err := in.fetch(ctx, src, source.Ask{Cursor: lease.Cursor, Now: now, Since: since})
		if err != nil {
			return 0, err
		}
		if page.More && page.Next == lease.Cursor {
			return 0, errors.New("it promises more but does not move on")
		}
		for _, problem := range page.Problems {
			in.log.Warn("an entry was left out", "source", src.Name(), "err", problem)
		}
		saved, err := in.store.SavePage(ctx, lease, usable(page.Papers), page.Next, time.Now().Add(leaseFor))
		if err != nil {
			return 0, err
		}
		in.metrics.Saved(src.Name(), saved.Added, saved.Changed, saved.Same)
		progress.Saved = progress.Saved.Add(saved)
		progress.Problems += len(page.Problems)
		progress.Done = page.Progress
		if !page.More {
			progress.Done = 1
			report(progress)
			in.logRead(progress)
			return waitOf(page), nil
		}
		report(progress)
	}
}

func (in *Ingest) fetch(ctx context.Context, src source.Source, ask source.Ask) (source.Page, error) {
	ctx, cancel := context.WithTimeout(ctx, leaseFor/2)
	defer cancel()
	began := time.Now()
	page, err := rescued(ctx, src, ask)
	in.metrics.Fetched(src.Name(), time.Since(began), err)
	return page, err
}

func rescued(ctx context.Context, src source.Source, ask source.Ask) (page source.Page, err error) {
	defer source.Rescue(&err)
	return src.Fetch(ctx, ask)
}

// logRead tells of news only: nothing at info repeats every hour.
func (in *Ingest) logRead(p Progress) {
	level := slog.LevelDebug
	if p.Saved.Added > 0 {
		level = slog.LevelInfo
	}
	in.log.Log(context.Background(), level, "a source was read", "source", p.Source,
		"added", p.Saved.Added, "changed", p.Saved.Changed, "left_out", p.Problems)
}

// usable leaves out what the store would refuse, so that one bad entry of a
// source does not hold up the others for ever.
func usable(papers []paper.Paper) []paper.Paper {
	kept := papers[:0]
	for _, p := range papers {
		if p.ID != "" && paper.Line(p.Title, paper.MaxTitle) != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

func waitOf(page source.Page) time.Duration {
	if page.Wait > 0 {
		return page.Wait
	}
	return usualWait
}
