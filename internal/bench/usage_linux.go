package bench

import (
	"syscall"
	"time"
)

// threadTime is how long this thread has kept a processor busy; see
// runtime.LockOSThread.
func threadTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_THREAD, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
