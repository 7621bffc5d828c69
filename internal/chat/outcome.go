package chat

import (
	"fmt"
	"time"
)

// Throttled says that the platform wants to be left alone for a while. The
// message was not posted.
type Throttled struct {
	After time.Duration // from now
	// Everywhere tells a limit of the whole platform from one of the place.
	Everywhere bool
}

func (e *Throttled) Error() string { return fmt.Sprintf("throttled for %s", e.After) }

// Refused says that the message was not posted and that asking again won't
// help: an archived channel, a removed bot, a missing permission.
type Refused struct {
	Reason string // a clause for people: "the channel is archived"
	// Gone says that nothing can be posted to the place until somebody there
	// changes something, not only that this message was unacceptable.
	Gone bool
}

func (e *Refused) Error() string { return "refused: " + e.Reason }

// Unsure says that the request went out and its answer was lost: the message
// may have been posted. Ask Find before sending it again.
type Unsure struct{ Err error }

func (e *Unsure) Error() string { return fmt.Sprintf("unsure whether it was sent: %v", e.Err) }
func (e *Unsure) Unwrap() error { return e.Err }
