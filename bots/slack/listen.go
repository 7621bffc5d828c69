package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"paperboy/internal/chat"
)

const (
	// ackWithin is how long Slack waits for us to take an event in; it allows
	// three seconds.
	ackWithin = time.Second
	// hogs is for how long a piece of work may keep its slot. What takes longer
	// waits for something, and waits beside the others.
	hogs = 200 * time.Millisecond
	// farewell is how long an answer may take to go out after the end.
	farewell = 5 * time.Second
)

// Listen takes in what Slack tells until ctx ends. What Slack tells twice is
// done once.
func (s *Slack) Listen(ctx context.Context, h chat.Handler) error {
	l := &listener{Slack: s, h: chat.Safe(h, s.log), slots: make(chan struct{}, runtime.NumCPU())}
	var err error
	if l.self, err = l.introduce(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	if s.o.AppToken != "" {
		err = l.socket(ctx)
	} else {
		err = s.door.open(ctx, l)
	}
	stop()
	l.calls.Wait()
	return err
}

// listener is a Slack that is listening.
type listener struct {
	*Slack
	h     chat.Handler
	self  identity
	slots chan struct{}  // as many as there are processors: more at a time only delay acknowledgements
	calls sync.WaitGroup // all work
}

// introduce finds out who the app is, however long that takes.
func (l *listener) introduce(ctx context.Context) (identity, error) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		self, err := l.whoAmI(ctx)
		if err == nil {
			return self, nil
		}
		if dead[errorCode(err)] != "" {
			return self, fmt.Errorf("slack: %s", dead[errorCode(err)])
		}
		if ctx.Err() != nil {
			return self, ctx.Err()
		}
		l.log.Warn("Slack can't be reached", "err", err)
		if throttled, ok := errors.AsType[*chat.Throttled](err); ok {
			wait = max(wait, throttled.After)
		}
		rest(ctx, wait)
	}
}

// rest waits, or until ctx ends.
func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// work does something beside, when there is a slot free. A panic ends that
// alone.
func (l *listener) work(ctx context.Context, do func(context.Context)) {
	l.calls.Go(func() {
		select {
		case l.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		leave := sync.OnceFunc(func() { <-l.slots })
		late := time.AfterFunc(hogs, leave)
		defer func() { late.Stop(); leave() }()
		defer l.rescue()
		do(ctx)
	})
}

func (l *listener) rescue() {
	if v := recover(); v != nil {
		l.log.Error("something from Slack could not be worked on", "err", fmt.Sprint("panic: ", v), "stack", string(debug.Stack()))
	}
}

// outer is an event with what it comes in.
type outer struct {
	Type      string
	Challenge string
	TeamID    string `json:"team_id"`
	EventID   string `json:"event_id"`
	EventTime int64  `json:"event_time"`
	Event     json.RawMessage
}

// event takes an event in. An error means that it was not, and that Slack should
// deliver it again. What takes longer than Slack waits is promised, and tried
// again here if it fails.
func (l *listener) event(ctx context.Context, payload []byte) error {
	var o outer
	if err := json.Unmarshal(payload, &o); err != nil {
		l.log.Debug("an event is not understood", "err", err)
		return nil
	}
	if o.Type != "event_callback" {
		l.notice(o)
		return nil
	}
	e, first := l.intake.begin(o.EventID)
	if first {
		l.work(ctx, func(ctx context.Context) { l.take(ctx, o, e) })
	}
	timer := time.NewTimer(ackWithin)
	defer timer.Stop()
	select {
	case <-e.done:
		return e.err
	case <-timer.C:
		return e.promise()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// notice logs what Slack tells about itself.
func (l *listener) notice(o outer) {
	if o.Type == "app_rate_limited" {
		l.log.Warn("Slack holds events back: the app gets more than 30,000 an hour")
		return
	}
	l.log.Debug("something from Slack is of an unknown kind", "kind", o.Type)
}

// retries are the pauses before a promised event that failed is tried again.
var retries = [...]time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute}

func (l *listener) take(ctx context.Context, o outer, e *event) {
	for try := 0; ; try++ {
		err := l.inner(ctx, o)
		if err != nil {
			l.log.Warn("an event was not taken in", "key", o.EventID, "err", err)
		}
		last := try == len(retries) || ctx.Err() != nil
		if e.settle(err, last) {
			if err != nil {
				l.intake.forget(o.EventID, e)
			}
			return
		}
		rest(ctx, retries[try])
	}
}
