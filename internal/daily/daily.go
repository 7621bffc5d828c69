// Package daily decides when each channel gets its picks, and has them planned:
// once for every day of the channel's own calendar, on time, or somewhat late
// where the program was not running. What is planned is posted by others.
package daily

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/robfig/cron/v3"
	"golang.org/x/sync/errgroup"

	"paperboy/internal/picks"
	"paperboy/internal/store"
	"paperboy/internal/team"
	"paperboy/internal/telemetry"
)

const (
	// atOnce is how many channels are planned in one transaction: enough that its
	// commit doesn't count, few enough that nobody waits long for the database.
	atOnce = 100
	// remember is how long settled deliveries are kept, to refresh the counts they
	// show and to tell what became of them.
	remember   = 60 * 24 * time.Hour
	pruneEvery = 24 * time.Hour
)

// Daily plans channels when they are due.
type Daily struct {
	store     *store.Store
	picker    *picks.Picker
	platforms []string
	log       *slog.Logger
	metrics   *telemetry.Metrics
	planned   func()

	pruned time.Time // when; used by the heartbeat only, which does not overlap itself
}

// New returns a Daily for the channels of some platforms. planned is called
// when there is something new to post.
func New(s *store.Store, p *picks.Picker, platforms []string, log *slog.Logger, m *telemetry.Metrics, planned func()) *Daily {
	return &Daily{store: s, picker: p, platforms: platforms, log: log, metrics: m, planned: planned}
}

// Run plans what is due every minute until ctx ends.
func (d *Daily) Run(ctx context.Context) error {
	beat := cron.New(cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger)))
	id, err := beat.AddFunc("* * * * *", func() { d.beat(ctx) })
	if err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	var first sync.WaitGroup
	first.Go(beat.Entry(id).WrappedJob.Run)
	beat.Start()
	<-ctx.Done()
	<-beat.Stop().Done()
	first.Wait()
	return nil
}

func (d *Daily) beat(ctx context.Context) {
	now := time.Now()
	if _, err := d.Plan(ctx, now); err != nil && ctx.Err() == nil {
		d.log.Error("channels could not be planned and are tried again in a minute", "err", err)
	}
	if now.Sub(d.pruned) < pruneEvery {
		return
	}
	d.pruned = now
	if err := d.store.Prune(ctx, now.Add(-remember)); err != nil && ctx.Err() == nil {
		d.log.Warn("old deliveries could not be forgotten", "err", err)
	}
}

// Plan plans every channel that is due at now, and returns how many were given
// something to post. Others may be planning at the same time, here or elsewhere:
// each channel is planned by one of them.
func (d *Daily) Plan(ctx context.Context, now time.Time) (int, error) {
	var round *picks.Round
	var posted atomic.Int64
	for after := ""; ; {
		channels, err := d.store.DueChannels(ctx, now, d.platforms, after)
		if err != nil || len(channels) == 0 {
			return int(posted.Load()), err
		}
		after = channels[len(channels)-1].ID
		if round == nil {
			if round, err = d.picker.Begin(ctx, now); err != nil {
				return 0, err
			}
		}
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(2 * runtime.GOMAXPROCS(0)) // half of them wait for the database
		for some := range slices.Chunk(channels, atOnce) {
			group.Go(func() error {
				n, err := d.plan(ctx, round, some, now)
				posted.Add(int64(n))
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return int(posted.Load()), err
		}
	}
}

// plan plans some channels in one transaction, and once more those whose picks
// turned out to be repeats.
func (d *Daily) plan(ctx context.Context, round *picks.Round, channels []team.Channel, now time.Time) (posted int, err error) {
	due, late := d.due(channels, now)
	if err := d.skip(ctx, late, now); err != nil {
		return 0, err
	}
	for len(due) > 0 {
		plans, failed, err := round.Plans(ctx, due)
		if err != nil {
			return posted, err
		}
		for id, err := range failed {
			d.log.Error("a channel could not be planned", "channel", id, "err", err)
		}
		outcomes, err := d.keep(ctx, plans)
		if err != nil {
			return posted, err
		}
		n, again := d.review(plans, outcomes)
		posted += n
		due = repeated(due, again)
	}
	if posted > 0 {
		d.planned()
	}
	return posted, nil
}

// keep keeps plans in one transaction. If that fails each has its own, so that
// what is wrong with one channel keeps no other from its picks.
func (d *Daily) keep(ctx context.Context, plans []store.Plan) ([]store.Outcome, error) {
	outcomes, err := d.store.Plan(ctx, plans)
	if err == nil || ctx.Err() != nil || len(plans) == 1 {
		return outcomes, err
	}
	outcomes = make([]store.Outcome, len(plans))
	var failed error
	for i := range plans {
		one, err := d.store.Plan(ctx, plans[i:i+1])
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("channel %s: %w", plans[i].Channel.ID, err))
			continue
		}
		outcomes[i] = one[0]
	}
	if failed != nil {
		d.log.Error("channels could not be planned and are tried again in a minute", "err", failed)
	}
	return outcomes, nil
}

// due tells the channels that have a slot now from those whose slot has passed.
func (d *Daily) due(channels []team.Channel, now time.Time) (due []picks.Due, late []team.Channel) {
	for _, c := range channels {
		loc := d.picker.Zone(c)
		slot, ok := c.Due(now, loc)
		if !ok {
			late = append(late, c)
			continue
		}
		served := c
		served.Last = slot
		due = append(due, picks.Due{Channel: c, Slot: slot, Next: served.Upcoming(now, loc)})
	}
	return due, late
}

// missed is the note of a slot that nobody was there to plan.
const missed = "Paperboy was not running at that time, nor in the hours after it."

// skip moves channels on whose slot has passed. A day that was missed is noted.
func (d *Daily) skip(ctx context.Context, late []team.Channel, now time.Time) error {
	if len(late) == 0 {
		return nil
	}
	plans := make([]store.Plan, len(late))
	for i, c := range late {
		loc := d.picker.Zone(c)
		plans[i] = store.Plan{Channel: c, At: now}
		if slot, ok := c.Missed(loc); ok {
			plans[i].Slot, plans[i].Note = slot, missed
			c.Last = slot
		}
		plans[i].Next = c.Upcoming(now, loc)
	}
	_, err := d.store.Plan(ctx, plans)
	return err
}

// review counts what was planned, and returns the repeats by channel.
func (d *Daily) review(plans []store.Plan, outcomes []store.Outcome) (posted int, again map[string]store.Outcome) {
	again = map[string]store.Outcome{}
	for i, o := range outcomes {
		p := plans[i]
		switch {
		case len(o.Repeats) > 0:
			again[p.Channel.ID] = o
		case o.Planned:
			d.metrics.Planned(p.Channel.Place.Platform, len(p.Picks))
			if len(p.Messages) > 0 {
				posted++
			}
		}
	}
	return posted, again
}

// repeated are the channels to choose for again, with what to leave out.
func repeated(due []picks.Due, again map[string]store.Outcome) (more []picks.Due) {
	for _, d := range due {
		if o, ok := again[d.Channel.ID]; ok {
			d.Repeats = append(d.Repeats, o.Repeats...)
			more = append(more, d)
		}
	}
	return more
}
