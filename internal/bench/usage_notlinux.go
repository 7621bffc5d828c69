//go:build !linux

package bench

import "time"

func busyTime() time.Duration { return cpuTime() }
