package team

import (
	"fmt"
	"math/bits"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"paperboy/internal/date"
)

// Schedule says on which days, and when on them, a channel gets its picks. A day
// has one slot: of a cron expression with several times a day the first counts.
type Schedule struct {
	Hour   int  `json:"hour,omitempty"`
	Minute int  `json:"minute,omitempty"`
	Days   Days `json:"days,omitempty"`
	// Cron, if set, stands instead of the above: five fields, as in
	// https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format.
	Cron string `json:"cron,omitempty"`
	Zone string `json:"zone,omitempty"` // IANA name; "" for the deployment's own
}

// Slot is the one moment of a day at which a channel gets its picks.
type Slot struct {
	Day date.Date
	At  time.Time
}

// Days are days of the week, a bit each, time.Sunday the lowest.
type Days uint8

// Days that go by a name.
const (
	Weekdays Days = 1<<time.Monday | 1<<time.Tuesday | 1<<time.Wednesday | 1<<time.Thursday | 1<<time.Friday
	Weekends Days = 1<<time.Saturday | 1<<time.Sunday
	EveryDay Days = Weekdays | Weekends
)

// Has reports whether d is among the days.
func (ds Days) Has(d time.Weekday) bool { return ds&(1<<d) != 0 }

// String is "Monday to Friday", "every day", "Monday, Thursday".
func (ds Days) String() string {
	switch ds {
	case Weekdays:
		return "Monday to Friday"
	case Weekends:
		return "Saturday and Sunday"
	case EveryDay:
		return "every day"
	}
	var names []string
	for i := range 7 {
		if d := time.Weekday((i + 1) % 7); ds.Has(d) { // the week begins on Monday
			names = append(names, d.String())
		}
	}
	return strings.Join(names, ", ")
}

// Weekly reports whether there is one day in a week.
func (s Schedule) Weekly() bool { return s.Cron == "" && bits.OnesCount8(uint8(s.Days)) == 1 }

// String is "09:00, Monday to Friday, Europe/Berlin".
func (s Schedule) String() string {
	when := fmt.Sprintf("%02d:%02d, %s", s.Hour, s.Minute, s.Days)
	if s.Cron != "" {
		when = "cron " + s.Cron
	}
	if s.Zone != "" {
		when += ", " + s.Zone
	}
	return when
}

// Next is the first slot after a moment; zero if there is none within five years.
func (s Schedule) Next(after time.Time, loc *time.Location) Slot {
	const horizon = 5 * 366
	first := date.Of(after.In(loc))
	for d := first; d.Since(first) < horizon; d = d.AddDays(1) {
		day, hour, minute, ok := s.onOrAfter(d)
		if !ok {
			return Slot{}
		}
		d = day
		if at := d.At(hour, minute, loc); at.After(after) && date.Of(at.In(loc)) == d {
			return Slot{d, at}
		}
	}
	return Slot{}
}

// last is the latest slot of today or yesterday that has come at now.
func (s Schedule) last(now time.Time, loc *time.Location) Slot {
	today := date.Of(now.In(loc))
	for _, d := range []date.Date{today, today.AddDays(-1)} {
		day, hour, minute, ok := s.onOrAfter(d)
		if !ok || day != d {
			continue
		}
		if at := d.At(hour, minute, loc); !at.After(now) && date.Of(at.In(loc)) == d {
			return Slot{d, at}
		}
	}
	return Slot{}
}

// onOrAfter is the first day from d on that has a slot, and what clocks show
// then.
func (s Schedule) onOrAfter(d date.Date) (day date.Date, hour, minute int, ok bool) {
	if s.Cron == "" {
		for range 7 {
			if s.Days.Has(d.Weekday()) {
				return d, s.Hour, s.Minute, true
			}
			d = d.AddDays(1)
		}
		return d, 0, 0, false
	}
	spec, err := parseCron(s.Cron)
	if err != nil {
		return d, 0, 0, false
	}
	// In a zone whose clocks never change, cron's moments are what clocks show.
	t := spec.Next(d.Start(time.UTC).Add(-time.Second))
	return date.Of(t), t.Hour(), t.Minute(), !t.IsZero()
}

// parseCron reads five fields or a name such as @daily.
func parseCron(text string) (*cron.SpecSchedule, error) {
	if strings.Contains(text, "=") { // TZ= is what Zone is for; alone it makes the parser panic
		return nil, fmt.Errorf("%q has a time zone in it", text)
	}
	parsed, err := cron.ParseStandard(text)
	if err != nil {
		return nil, err
	}
	spec, ok := parsed.(*cron.SpecSchedule)
	if !ok { // @every has no days
		return nil, fmt.Errorf("%q is no cron expression of five fields", text)
	}
	spec.Location = time.UTC
	return spec, nil
}
