package store

import (
	"context"
	"sync"
)

// group lets small writes that come at the same time share one commit. SQLite
// waits for the disk at every commit, some hundred times a second at best;
// together they are as durable, and a thousand fit into a second.
type group struct {
	mu      sync.Mutex // guards what follows
	waiting []*job
	running bool // somebody is committing, and takes what waits next
}

// job is one small write. Its do may run twice, so it changes nothing but the
// database and what it returns.
type job struct {
	do   func(context.Context, *tx) error
	done chan error
}

// groupLimit is how many writes share a commit at most.
const groupLimit = 500

// soon runs do within a writing transaction that it may share with others. Its
// error is its own: when a shared transaction fails, each is tried alone. The end
// of ctx does not break a shared one off, so do uses the context it is given.
func (s *Store) soon(ctx context.Context, do func(context.Context, *tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.engine == postgres { // which lets writers commit side by side
		return s.in(ctx, func(t *tx) error { return do(ctx, t) })
	}
	j := &job{do, make(chan error, 1)}
	s.group.mu.Lock()
	s.group.waiting = append(s.group.waiting, j)
	lead := !s.group.running
	s.group.running = true
	s.group.mu.Unlock()
	if lead {
		go s.commitWaiting()
	}
	return <-j.done
}

// commitWaiting commits what waits, and what came meanwhile, until nothing does.
// Everybody it works for waits for it.
func (s *Store) commitWaiting() {
	for {
		s.group.mu.Lock()
		n := min(len(s.group.waiting), groupLimit)
		jobs := s.group.waiting[:n:n]
		s.group.waiting = s.group.waiting[n:]
		s.group.running = n > 0
		s.group.mu.Unlock()
		if n == 0 {
			return
		}
		s.commit(jobs)
	}
}

func (s *Store) commit(jobs []*job) {
	ctx := context.Background()
	err := s.in(ctx, func(t *tx) error {
		for _, j := range jobs {
			if err := j.do(ctx, t); err != nil {
				return err
			}
		}
		return nil
	})
	for _, j := range jobs {
		if err != nil && len(jobs) > 1 {
			j.done <- s.in(ctx, func(t *tx) error { return j.do(ctx, t) })
		} else {
			j.done <- err
		}
	}
}
