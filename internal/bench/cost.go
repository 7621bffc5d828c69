package bench

import "time"

// cost is what a piece of work took: time as it went by, and the time that it kept
// processors busy.
type cost struct{ wall, cpu time.Duration }

func (c cost) plus(d cost) cost  { return cost{c.wall + d.wall, c.cpu + d.cpu} }
func (c cost) least(d cost) cost { return cost{min(c.wall, d.wall), min(c.cpu, d.cpu)} }

// stopwatch measures the cost of what the process does meanwhile.
type stopwatch struct {
	wall time.Time
	cpu  time.Duration
}

func start() stopwatch { return stopwatch{time.Now(), busyTime()} }

func (s stopwatch) cost() cost { return cost{time.Since(s.wall), busyTime() - s.cpu} }
