package ingest

import (
	"math/rand/v2"
	"strings"
	"time"

	"paperboy/internal/paper"
	"paperboy/internal/polite"
)

const (
	firstBackOff = time.Minute
	maxBackOff   = 6 * time.Hour
	maxReason    = 300 // bytes of an error that are kept with a source
)

// backOff is how long to leave a source alone that has failed once more after
// failures in a row: twice as long each time, with jitter so that replicas and
// sources don't march in step, and never shorter than the service asked for.
func backOff(failures int, err error) time.Duration {
	wait := maxBackOff
	if failures < 10 {
		wait = min(maxBackOff, firstBackOff<<failures)
	}
	wait = wait/2 + rand.N(wait/2)
	if asked, ok := polite.RetryAfter(err); ok {
		wait = max(wait, asked)
	}
	return wait
}

// reason is an error as status shows it: one line, not too long.
func reason(err error) string {
	return paper.Line(strings.ReplaceAll(err.Error(), "\n", "; "), maxReason)
}
