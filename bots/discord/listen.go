package discord

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"paperboy/internal/chat"
)

const (
	// hogs is for how long a piece of work may keep its slot. What takes longer
	// waits for something, and waits beside the others.
	hogs = 200 * time.Millisecond
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
		Discord: d, h: chat.Safe(h, d.log), ctx: ctx,
		slots: make(chan struct{}, max(runtime.GOMAXPROCS(0)-1, 1)), keys: make(chan struct{}, runtime.GOMAXPROCS(0)),
		starts: starts{way: way, begun: map[int]bool{}, last: map[int]time.Time{}},
	}
	n := max(way.Shards, 1)
	for i := range n {
		s := &shard{listener: l, number: i, of: n, url: way.URL, wire: wire{leastSilence: d.leastSilence}}
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
	slots  chan struct{}   // one fewer than there are processors: the last is for what has to be quick
	keys   chan struct{}   // likewise for lines that are being typed, which nothing may delay
	starts starts
	drafts drafts

	mu     sync.Mutex // guards what follows
	calls  sync.WaitGroup
	over   bool
	named  bool      // the commands are registered, or being so
	latest time.Time // of the last event
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
	begun map[int]bool      // by shard: a session has begun, of which way may not know
	last  map[int]time.Time // by turn: when one began
}

// take waits until the session of a shard may begin.
func (s *starts) take(ctx context.Context, l *listener, shard int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.begun[shard] || s.way.Limit.Remaining <= 0 && s.way.Limit.ResetAfter > 0 {
		if !s.begun[shard] {
			wait := time.Duration(s.way.Limit.ResetAfter) * time.Millisecond
			l.log.Error("no session may begin with Discord before its daily limit is reset", "after", wait)
			rest(ctx, wait)
		}
		way, err := l.entrance(ctx)
		if err != nil {
			return err
		}
		s.way, s.begun[shard] = way, false
	}
	turn := shard % max(s.way.Limit.AtOnce, 1)
	if before, ok := s.last[turn]; ok {
		if rest(ctx, l.identifyEvery-time.Since(before)); ctx.Err() != nil {
			return ctx.Err()
		}
	}
	s.begun[shard], s.last[turn] = true, time.Now()
	s.way.Limit.Remaining--
	return nil
}

// rest waits, or until ctx ends.
func rest(ctx context.Context, d time.Duration) { _ = pause(ctx, d) }

// work does something beside, when there is a slot free.
func (l *listener) work(do func(context.Context)) {
	l.beside(func(ctx context.Context) { inSlot(ctx, l.slots, func() { do(ctx) }) })
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

// inSlot does something when there is a slot free.
func inSlot(ctx context.Context, slots chan struct{}, do func()) {
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return
	}
	leave := sync.OnceFunc(func() { <-slots })
	late := time.AfterFunc(hogs, leave)
	defer func() { late.Stop(); leave() }()
	do()
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
