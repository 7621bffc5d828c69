package bench

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is how long this thread has kept a processor busy; see
// runtime.LockOSThread. (getrusage counts in ticks, which are too coarse.)
func threadTime() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
