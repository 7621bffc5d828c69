package polite

import (
	"context"
	"maps"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Pace is how often a service may be asked. Requests of one Key share it, and
// are made one at a time. The zero Pace is the host's own: once a second.
type Pace struct {
	Key   string // the same for all hosts of one service; "" for the host of the address
	Every time.Duration
}

// of fills in what p leaves open. A named pace also holds for where its
// addresses redirect to.
func (p Pace) of(address *url.URL) Pace {
	if p.Key == "" {
		p.Key = strings.ToLower(address.Hostname())
	}
	if p.Every == 0 {
		p.Every = defaultEvery
	}
	return p
}

// Pacer hands out the moments at which a service may be asked. The store is
// one, so that all replicas and commands share a pace.
type Pacer interface {
	// Reserve takes the next free moment for key, at least every after the one
	// before, and returns how long from now it is.
	Reserve(ctx context.Context, key string, now time.Time, every time.Duration) (wait time.Duration, err error)
	// Hold keeps key from being reserved before until. It never shortens an
	// earlier hold.
	Hold(ctx context.Context, key string, until time.Time) error
}

// LocalPacer is the Pacer of a single process.
type LocalPacer struct {
	mu   sync.Mutex           // guards free
	free map[string]time.Time // when each key may be reserved next
}

// NewPacer returns a LocalPacer.
func NewPacer() *LocalPacer { return &LocalPacer{free: map[string]time.Time{}} }

// Reserve implements Pacer.
func (p *LocalPacer) Reserve(_ context.Context, key string, now time.Time, every time.Duration) (time.Duration, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	moment, known := p.free[key]
	if !known {
		// Hosts come from people, so their number has no bound.
		maps.DeleteFunc(p.free, func(_ string, free time.Time) bool { return free.Before(now) })
	}
	if moment.Before(now) {
		moment = now
	}
	p.free[key] = moment.Add(every)
	return moment.Sub(now), nil
}

// Hold implements Pacer.
func (p *LocalPacer) Hold(_ context.Context, key string, until time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.free[key].Before(until) {
		p.free[key] = until
	}
	return nil
}
