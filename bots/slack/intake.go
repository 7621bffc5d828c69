package slack

import (
	"sync"
	"time"
)

const (
	// remembered is for how long an event is known by its id. Slack delivers
	// again at once, after a minute and after five.
	remembered    = time.Hour
	rememberedMax = 100_000
)

// intake tells events that come for the first time from those delivered again.
type intake struct {
	now func() time.Time

	mu     sync.Mutex // guards what follows
	events map[string]*event
	swept  time.Time
}

// event is one that is being taken in or was.
type event struct {
	at   time.Time
	done chan struct{} // closed when err is settled

	mu       sync.Mutex // guards what follows
	promised bool       // Slack was told that it is taken
	over     bool
	err      error
}

func newIntake(now func() time.Time) *intake {
	return &intake{now: now, events: map[string]*event{}}
}

// begin is the event of an id, and whether it comes for the first time.
func (n *intake) begin(id string) (e *event, first bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sweep()
	if e, ok := n.events[id]; ok && id != "" {
		return e, false
	}
	e = &event{at: n.now(), done: make(chan struct{})}
	if id != "" {
		n.events[id] = e
	}
	return e, true
}

// sweep forgets what is old. The caller holds mu.
func (n *intake) sweep() {
	now := n.now()
	if now.Sub(n.swept) < time.Minute && len(n.events) < rememberedMax {
		return
	}
	n.swept = now
	for id, e := range n.events {
		if now.Sub(e.at) > remembered {
			delete(n.events, id)
		}
	}
}

// forget lets an event come again.
func (n *intake) forget(id string, e *event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.events[id] == e {
		delete(n.events, id)
	}
}

// promise tells Slack that the event is taken, unless it is known that it was
// not.
func (e *event) promise() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.over {
		return e.err
	}
	e.promised = true
	return nil
}

// settle ends the event. If it failed and Slack was told otherwise, it is not
// over: it is ours to try again.
func (e *event) settle(err error, last bool) (over bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil && e.promised && !last {
		return false
	}
	e.over, e.err = true, err
	close(e.done)
	return true
}
