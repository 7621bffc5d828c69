package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"paperboy/internal/chat"
)

const (
	// atOnce is how many events are worked on at a time.
	atOnce = 64
	// farewell is how long an answer may take to go out after the end.
	farewell = 5 * time.Second
)

// Listen takes in what Discord tells until ctx ends, by as many connections as
// Discord recommends.
func (d *Discord) Listen(ctx context.Context, h chat.Handler) error {
	way, err := d.entrance(ctx)
	if err != nil {
		return stopped(ctx, err)
	}
	group, ctx := errgroup.WithContext(ctx)
	l := &listener{
		Discord: d, h: chat.Safe(h, d.log), ctx: ctx, slots: make(chan struct{}, atOnce),
		starts: starts{way: way}, ready: map[string]bool{},
	}
	n := max(way.Shards, 1)
	for i := range n {
		s := &shard{listener: l, number: i, of: n, url: way.URL}
		group.Go(func() error { return s.run(ctx) })
	}
	err = group.Wait()
	l.end()
	return err
}

// listener is a Discord that is listening.
type listener struct {
	*Discord
	h      chat.Handler
	ctx    context.Context // of all work: what the library calls back has none
	slots  chan struct{}   // as many as may work at a time
	starts starts

	mu     sync.Mutex // guards what follows
	calls  sync.WaitGroup
	over   bool
	named  bool            // the commands are registered, or being so
	ready  map[string]bool // the guilds that the bot was in when it connected
	latest time.Time       // of the last event
}

// end waits for all work.
func (l *listener) end() {
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	l.calls.Wait()
}

// entrance asks how to connect, however long that takes.
func (d *Discord) entrance(ctx context.Context) (way entrance, err error) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err = d.get(ctx, "/gateway/bot", &way)
		if err == nil && way.URL != "" {
			return way, nil
		}
		if e, ok := errors.AsType[*answerError](err); ok && e.Status == http.StatusUnauthorized {
			return way, errors.New("discord: " + final[4004])
		}
		if ctx.Err() != nil {
			return way, ctx.Err()
		}
		d.log.Warn("Discord can't be reached", "err", err)
		if throttled, ok := errors.AsType[*chat.Throttled](err); ok {
			wait = max(wait, throttled.After)
		}
		rest(ctx, wait)
	}
}

// starts spends the sessions that may begin. Discord counts them by day and takes
// away the token of a bot that begins too many.
type starts struct {
	mu    sync.Mutex // whoever has it may begin; guards what follows
	way   entrance
	spent bool // way tells of the time before a session began
	last  map[int]time.Time
}

// take waits until the session of a shard may begin.
func (s *starts) take(ctx context.Context, l *listener, shard int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.spent && s.last[shard] != (time.Time{}) {
		way, err := l.entrance(ctx)
		if err != nil {
			return err
		}
		s.way = way
	}
	limit := &s.way.Limit
	if limit.Remaining <= 0 && limit.ResetAfter > 0 {
		wait := time.Duration(limit.ResetAfter) * time.Millisecond
		l.log.Error("no session may begin with Discord before its daily limit is reset", "after", wait)
		if rest(ctx, wait); ctx.Err() != nil {
			return ctx.Err()
		}
	}
	turn := shard % max(limit.AtOnce, 1)
	if before, ok := s.last[turn]; ok {
		if rest(ctx, l.identifyEvery-time.Since(before)); ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if s.last == nil {
		s.last = map[int]time.Time{}
	}
	s.last[turn], s.spent = time.Now(), true
	limit.Remaining--
	return nil
}

// rest waits, or until ctx ends.
func rest(ctx context.Context, d time.Duration) { _ = pause(ctx, d) }

// work does something beside, when there is a slot free.
func (l *listener) work(do func(context.Context)) {
	l.beside(func(ctx context.Context) { l.inSlot(ctx, func() { do(ctx) }) })
}

// beside does something without waiting for a slot. A panic ends that alone.
func (l *listener) beside(do func(context.Context)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return
	}
	l.calls.Go(func() {
		defer l.rescue()
		do(l.ctx)
	})
}

func (l *listener) inSlot(ctx context.Context, do func()) {
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
		do()
	case <-ctx.Done():
	}
}

func (l *listener) rescue() {
	if v := recover(); v != nil {
		l.log.Error("something from Discord could not be worked on", "err", fmt.Sprint("panic: ", v), "stack", string(debug.Stack()))
	}
}

// now is the time of an event: Discord gives those of reactions none. No two are
// the same, so that of two that contradict each other the later one counts.
func (l *listener) now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.o.Now()
	if !now.After(l.latest) {
		now = l.latest.Add(time.Microsecond)
	}
	l.latest = now
	return now
}
