package web

import (
	"sync"
	"time"
)

// What one address may ask for: an office with one address reads along, a flood
// does not get through.
const (
	perSecond    = 20
	atOnce       = 120
	addressesMax = 10_000
)

// limits count requests by address.
type limits struct {
	now func() time.Time

	mu   sync.Mutex // guards what follows
	left map[string]allowance
}

// allowance is how many requests an address had left at a moment.
type allowance struct {
	left float64
	at   time.Time
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, left: map[string]allowance{}}
}

// allow reports whether one more request of an address is served.
func (l *limits) allow(address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	a, known := l.left[address]
	if !known && len(l.left) >= addressesMax {
		l.forget(now)
	}
	a = a.later(now, known)
	ok := a.left >= 1
	if ok {
		a.left--
	}
	l.left[address] = a
	return ok
}

// later is what is left at a later moment.
func (a allowance) later(now time.Time, known bool) allowance {
	if !known {
		return allowance{atOnce, now}
	}
	return allowance{min(atOnce, a.left+max(0, now.Sub(a.at).Seconds())*perSecond), now}
}

// forget drops addresses that may ask for all again, and everything if that is
// nothing: what is known must not grow without end. The caller holds mu.
func (l *limits) forget(now time.Time) {
	for address, a := range l.left {
		if a.later(now, true).left >= atOnce {
			delete(l.left, address)
		}
	}
	if len(l.left) >= addressesMax {
		clear(l.left)
	}
}
