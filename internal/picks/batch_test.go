package picks_test

import (
	"testing"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/picks"
	"paperboy/internal/team"
)

// TestSlotsOfOneDateHaveKeysOfTheirOwn moves a channel to the west again and again:
// from Kiritimati to Baker Island a date lasts fifty hours.
func TestSlotsOfOneDateHaveKeysOfTheirOwn(t *testing.T) {
	day, next := date.New(2026, 2, 27), date.New(2026, 2, 28)
	at := func(hours int) time.Time { return time.Date(2026, 2, 26, 10+hours, 0, 0, 0, time.UTC) }
	c := team.Channel{ID: "0123456789abcdef"}
	seen := make(map[string]bool)
	for _, slot := range []team.Slot{{Day: day, At: at(0)}, {Day: day, At: at(14)}, {Day: next, At: at(24)}, {Day: day, At: at(26)}, {Day: day, At: at(49)}} {
		key := picks.Batch(c, slot)
		if seen[key] {
			t.Errorf("the slot of %s at %s has the key %q of another", slot.Day, slot.At, key)
		}
		seen[key], c.Last = true, slot
	}
}
