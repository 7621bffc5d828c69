package bottest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"paperboy/internal/chat"
)

// Mischief is what a Service does to those who use it. The first group are
// shares of the sends and edits, from 0 to 1 and at most 1 together.
type Mischief struct {
	Lose        float64 // done, and the answer got lost
	Throttle    float64 // turned away for a while
	Refuse      float64 // turned away for good; it is about the message
	Hang        float64 // no answer at all; half of them are done
	Break       float64 // certain not to have reached the service
	CrashBefore float64 // the sending process dies before it is done
	CrashAfter  float64 // the sending process dies when it is done, before it hears so

	FindFails  float64       // share of the look-ups that fail
	Everywhere float64       // share of the throttles that are for all places
	After      time.Duration // what throttles ask for; a second if 0
	Slow       time.Duration // a request takes up to this long
	// Gone are places that refuse everything, with the reason; Blind are those
	// that cannot be looked through.
	Gone, Blind map[chat.Place]string
}

// More faults, which only an Unruly has.
const (
	ThrottleAll Fault = "throttle everywhere"
	Hang        Fault = "hang"
	CrashBefore Fault = "crash before"
	CrashAfter  Fault = "crash after"
	Gone        Fault = "gone"  // sent to a place that is Mischief.Gone
	Hurry       Fault = "hurry" // sent sooner than a throttle had asked for; throttled again
	FindFails   Fault = "find fails"
	Blind       Fault = "blind" // looked for in a place that is Mischief.Blind
)

var (
	errLost    = errors.New("the connection was cut before the answer")
	errRefused = errors.New("connection refused")
	errDied    = errors.New("the process died")
)

// Unruly is a chat.Editor whose Service misbehaves as told. It is the handle of
// one process, which the Service may end.
type Unruly struct {
	service *Service
	crash   func()
	dead    atomic.Bool
	onWay   atomic.Int32 // sends under way
}

// NewUnruly is the only handle of a Service of its own.
func NewUnruly(name string, o Mischief, random *rand.Rand) *Unruly {
	return NewService(name, o, random).Client(nil)
}

// Client is the handle of another process. When that is to die, crash is called
// (it may be nil); it should end all that the process does besides, such as its
// use of a store. From then on every call blocks until its context ends, and
// returns an error.
func (s *Service) Client(crash func()) *Unruly { return &Unruly{service: s, crash: crash} }

// Service is the other end.
func (u *Unruly) Service() *Service { return u.service }

// Name is the service's.
func (u *Unruly) Name() string { return u.service.name }

// Pace is as SetPace says.
func (u *Unruly) Pace() chat.Pace { return u.service.currentPace() }

// Listen hears nothing.
func (u *Unruly) Listen(ctx context.Context, _ chat.Handler) error {
	<-ctx.Done()
	return nil
}

// Manages is true: there is nobody who could not.
func (u *Unruly) Manages(context.Context, chat.Person, chat.Place) (bool, error) { return true, nil }

// Send posts m, or not.
func (u *Unruly) Send(ctx context.Context, to chat.Place, m chat.Message) (chat.Post, error) {
	now := int(u.onWay.Add(1))
	defer u.onWay.Add(-1)
	u.service.countOnWay(now)
	return u.request(ctx, func(asked time.Time) outcome { return u.service.send(to, m, asked) })
}

// Edit changes post, or not.
func (u *Unruly) Edit(ctx context.Context, post chat.Post, m chat.Message) error {
	_, err := u.request(ctx, func(time.Time) outcome { return u.service.edit(post, m) })
	return err
}

// Find looks among what was posted.
func (u *Unruly) Find(ctx context.Context, in chat.Place, m chat.Message, since time.Time) (chat.Post, bool, error) {
	var found bool
	post, err := u.request(ctx, func(time.Time) (a outcome) {
		a.post, found, a.err = u.service.find(in, m, since)
		return a
	})
	return post, found && err == nil, err
}

// request has the service do something, and suffers what comes of it.
func (u *Unruly) request(ctx context.Context, do func(asked time.Time) outcome) (chat.Post, error) {
	if u.dead.Load() {
		return chat.Post{}, never(ctx)
	}
	if err := ctx.Err(); err != nil {
		return chat.Post{}, fmt.Errorf("not begun: %w", err)
	}
	asked := time.Now()
	if err := u.service.dawdle(ctx); err != nil {
		return chat.Post{}, &chat.Unsure{Err: err}
	}
	a := do(asked)
	if a.fate == CrashBefore || a.fate == CrashAfter {
		u.die()
	}
	if u.dead.Load() {
		return chat.Post{}, never(ctx)
	}
	if a.fate == Hang {
		<-ctx.Done()
		return chat.Post{}, &chat.Unsure{Err: ctx.Err()}
	}
	return a.post, a.err
}

// die ends the process, once.
func (u *Unruly) die() {
	if u.dead.CompareAndSwap(false, true) && u.crash != nil {
		u.crash()
	}
}

// never is what a call of a dead process comes to: nothing, for as long as
// somebody waits for it.
func never(ctx context.Context) error {
	<-ctx.Done()
	return &chat.Unsure{Err: errors.Join(errDied, ctx.Err())}
}
