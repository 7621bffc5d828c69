//go:build !linux

package bench

import "time"

// threadTime is that of the whole process, the rest of which has nothing to do.
func threadTime() time.Duration { return cpuTime() }
