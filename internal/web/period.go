package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"paperboy/internal/date"
)

// period is a day, a week or a month of the feed.
type period struct {
	kind     string // "date", "week" or "month", as in its address
	from, to date.Date
}

func dayOf(d date.Date) period { return period{"date", d, d} }

// weekOf is the week that d is in, Monday to Sunday.
func weekOf(d date.Date) period {
	monday := d.AddDays(-(int(d.Weekday()) + 6) % 7)
	return period{"week", monday, monday.AddDays(6)}
}

func monthOf(d date.Date) period {
	return period{"month", date.New(d.Year, d.Month, 1), date.New(d.Year, d.Month+1, 0)}
}

// of is the period of the same kind that d is in.
func (p period) of(d date.Date) period {
	switch p.kind {
	case "week":
		return weekOf(d)
	case "month":
		return monthOf(d)
	}
	return dayOf(d)
}

// earliest is before all papers, latest after all that this program will see.
var earliest, latest = date.New(1900, 1, 1), date.New(2999, 12, 31)

// within reports whether a day is one that the page shows.
func within(d date.Date) bool { return !d.Before(earliest) && !latest.Before(d) }

// parseDay reads "2026-02-27".
func parseDay(s string) (period, bool) {
	d, err := date.Parse(s)
	return dayOf(d), err == nil && within(d)
}

// parseWeek reads "2026-W09", as ISO 8601 numbers weeks.
func parseWeek(s string) (period, bool) {
	year, week, ok := strings.Cut(s, "-W")
	y, err1 := strconv.Atoi(year)
	n, err2 := strconv.Atoi(week)
	if !ok || err1 != nil || err2 != nil || len(year) != 4 || len(week) != 2 || n < 1 {
		return period{}, false
	}
	p := weekOf(date.New(y, time.January, 4).AddDays(7 * (n - 1))) // 4 January is in week 1
	return p, within(p.from) && p.name() == s
}

// parseMonth reads "2026-02".
func parseMonth(s string) (period, bool) {
	d, err := date.Parse(s + "-01")
	return monthOf(d), err == nil && within(d)
}

// name is the period as it stands in its address.
func (p period) name() string {
	switch p.kind {
	case "week":
		y, n := p.from.Start(time.UTC).ISOWeek()
		return fmt.Sprintf("%04d-W%02d", y, n)
	case "month":
		return p.from.String()[:len("2026-02")]
	}
	return p.from.String()
}

func (p period) path() string { return "/" + p.kind + "/" + p.name() }

// title is the period in words.
func (p period) title() string {
	switch p.kind {
	case "week":
		_, n := p.from.Start(time.UTC).ISOWeek()
		return fmt.Sprintf("Week %d, %s to %s", n, shortDay(p.from), longDay(p.to))
	case "month":
		return p.from.Start(time.UTC).Format("January 2006")
	}
	return p.from.Start(time.UTC).Format("Monday, 2 January 2006")
}

func shortDay(d date.Date) string { return d.Start(time.UTC).Format("2 January") }
func longDay(d date.Date) string  { return d.Start(time.UTC).Format("2 January 2006") }
