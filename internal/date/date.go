// Package date is a calendar day without a clock or a time zone: the day a
// paper was listed, the day a channel is due.
package date

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a day of the Gregorian calendar. The zero Date is no day at all.
// Dates are comparable with ==.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Of is the day that t's own location shows.
func Of(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	y, m, d := t.Date()
	return Date{y, m, d}
}

// New is the day y-m-d; days beyond the end of a month roll over, as in time.Date.
func New(y int, m time.Month, d int) Date {
	return Of(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}

// Parse reads "2026-02-27".
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a day like 2026-02-27", s)
	}
	return Of(t), nil
}

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// String is "2026-02-27", or "" for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Start is the first instant of d in loc. Where clocks skip midnight, as in
// Havana in spring, it is the moment of the change.
func (d Date) Start(loc *time.Location) time.Time {
	t := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
	if Of(t) != d {
		if _, change := t.ZoneBounds(); !change.IsZero() {
			return change
		}
	}
	return t
}

// At is the moment of d at which clocks in loc show hour:minute, the first one if
// they do so twice. Where they skip that time it is the moment at which they go
// on, or, if that lies in the next day already, the minute before they jump
// (https://data.iana.org/time-zones/tz-link.html; America/Scoresbysund skips the
// last hour of a day). A day that is skipped whole has no such moment: then the
// answer lies in another day.
func (d Date) At(hour, minute int, loc *time.Location) time.Time {
	wanted := time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, time.UTC)
	t := time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, loc)
	from, until := t.ZoneBounds()
	switch wall(t).Compare(wanted) {
	case -1: // skipped, and t is before the jump
		return goingOn(d, until)
	case +1: // skipped, and t is after it
		return goingOn(d, from)
	}
	return firstOf(t, from)
}

// wall is what clocks show at t, as a time that can be compared.
func wall(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// firstOf is t, or the earlier moment before the change of clocks at which they
// showed the same.
func firstOf(t, change time.Time) time.Time {
	if change.IsZero() {
		return t
	}
	_, before := change.Add(-time.Nanosecond).Zone()
	_, after := t.Zone()
	if earlier := t.Add(time.Duration(after-before) * time.Second); earlier.Before(change) {
		return earlier
	}
	return t
}

// goingOn is where d goes on when clocks jump at change.
func goingOn(d Date, change time.Time) time.Time {
	if Of(change) == d {
		return change
	}
	return change.Add(-time.Minute)
}

// AddDays is n days after d (before it, when n is negative).
func (d Date) AddDays(n int) Date { return New(d.Year, d.Month, d.Day+n) }

// Weekday of d.
func (d Date) Weekday() time.Weekday { return d.Start(time.UTC).Weekday() }

// Before reports whether d lies before e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// Compare is negative, zero or positive as d lies before, on or after e.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Since is how many days d lies after e.
func (d Date) Since(e Date) int {
	return int(d.Start(time.UTC).Sub(e.Start(time.UTC)) / (24 * time.Hour))
}

// MarshalText and UnmarshalText make a Date readable in JSON and settings.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote; empty text is no day.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = Parse(string(b))
	return err
}
