//go:build !unix

package bench

import "time"

// began stands for when the process began to use processors, which this system
// does not tell here.
var began = time.Now()

func cpuTime() time.Duration { return time.Since(began) }

func peakMemory() int64 { return 0 }
