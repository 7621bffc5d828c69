package bench

import (
	"time"

	"golang.org/x/sys/unix"
)

// busyTime is how long this process has kept processors busy. (getrusage counts in
// ticks, which are too coarse.)
func busyTime() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
