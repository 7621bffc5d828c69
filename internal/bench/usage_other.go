//go:build !unix

package bench

import "time"

// start stands for when the process began to use processors, which this system
// does not tell here.
var start = time.Now()

func cpuTime() time.Duration { return time.Since(start) }

func peakMemory() int64 { return 0 }
