package bench

import "time"

// cost is what a piece of work took: time as it went by, and the time that its
// thread kept a processor busy.
type cost struct{ wall, cpu time.Duration }

func (c cost) plus(d cost) cost  { return cost{c.wall + d.wall, c.cpu + d.cpu} }
func (c cost) least(d cost) cost { return cost{min(c.wall, d.wall), min(c.cpu, d.cpu)} }

// stopwatch measures the cost of what its goroutine does, which has to stay on its
// thread (runtime.LockOSThread).
type stopwatch struct {
	wall time.Time
	cpu  time.Duration
}

func start() stopwatch { return stopwatch{time.Now(), threadTime()} }

func (s stopwatch) cost() cost { return cost{time.Since(s.wall), threadTime() - s.cpu} }
