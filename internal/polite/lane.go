package polite

import (
	"context"
	"maps"
	"sync"
	"time"
)

// lane lets the requests of one pace through one at a time.
type lane struct {
	turn  chan struct{} // holds a token while somebody has the turn
	users int           // who have the turn or wait for it; guarded by lanes.mu
	// until is when the pacer will have a moment again, if that was too long to
	// wait for: asking it meanwhile would only push the moment further away.
	// Whoever has the turn may use it.
	until time.Time
}

type lanes struct {
	mu    sync.Mutex // guards byKey and the users of each lane
	byKey map[string]*lane
}

// enter waits for the turn in key's lane.
func (l *lanes) enter(ctx context.Context, key string) (*lane, error) {
	in := l.join(key)
	select {
	case in.turn <- struct{}{}:
		return in, nil
	case <-ctx.Done():
		l.part(in)
		return nil, ctx.Err()
	}
}

// leave passes the turn on.
func (l *lanes) leave(in *lane) {
	<-in.turn
	l.part(in)
}

func (l *lanes) join(key string) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	in := l.byKey[key]
	if in == nil {
		now := time.Now()
		maps.DeleteFunc(l.byKey, func(_ string, idle *lane) bool { return idle.users == 0 && idle.until.Before(now) })
		in = &lane{turn: make(chan struct{}, 1)}
		l.byKey[key] = in
	}
	in.users++
	return in
}

func (l *lanes) part(in *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	in.users--
}
