package arxiv

import (
	"embed"
	"fmt"
	"path"
	"strings"
	"time"
	_ "time/tzdata" // arXiv keeps New York's time, which a bare container does not know

	"paperboy/internal/date"
)

// arXiv announces at 20:00 Eastern time on Sundays to Thursdays what came in
// before 14:00 on the last working day, and each night at 00:00 the feeds turn
// to what was announced in the evening
// (https://info.arxiv.org/help/availability.html). A feed's day is therefore
// the one after the evening of its announcement, and that is the day used here.
const (
	deadlineHour = 14
	zone         = "America/New_York"
)

//go:embed holidays/*.txt
var holidayFiles embed.FS

var (
	eastern  = mustLoad(zone)
	holidays = mustRead(holidayFiles)
)

// dayOf is the day on arXiv's clocks.
func dayOf(t time.Time) date.Date { return date.Of(t.In(eastern)) }

// Announced is the day of the feed in which a paper that was submitted then
// appears, if no moderator takes longer over it.
func Announced(submitted time.Time) date.Date {
	day := dayOf(submitted).AddDays(1)
	for none(day) || !submitted.Before(deadline(day)) {
		day = day.AddDays(1)
	}
	return day
}

// Holiday reports whether arXiv announces nothing in the evening of d though it
// is a day of the week on which it otherwise may.
func Holiday(d date.Date) bool { return holidays[d] != "" }

// NoFeed reports whether the feeds of d are empty because there was no
// announcement in the evening before, and why there was none.
func NoFeed(d date.Date) (reason string, none bool) {
	switch evening := d.AddDays(-1); {
	case evening.Weekday() == time.Friday || evening.Weekday() == time.Saturday:
		return "arXiv announces nothing at weekends", true
	case Holiday(evening):
		return fmt.Sprintf("arXiv announced nothing on %s: %s", evening, holidays[evening]), true
	}
	return "", false
}

func none(d date.Date) bool {
	_, none := NoFeed(d)
	return none
}

// deadline is the moment before which papers for the feed of d, which is no
// weekend, had to be submitted.
func deadline(d date.Date) time.Time {
	last := d.AddDays(-1)
	for last.Weekday() == time.Saturday || last.Weekday() == time.Sunday {
		last = last.AddDays(-1)
	}
	return time.Date(last.Year, last.Month, last.Day, deadlineHour, 0, 0, 0, eastern)
}

// window is when papers for the feed of d were submitted: from, until before to.
func window(d date.Date) (from, to time.Time) {
	before := d.AddDays(-1)
	for none(before) {
		before = before.AddDays(-1)
	}
	return deadline(before), deadline(d)
}

func mustLoad(zone string) *time.Location {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(err) // it is part of the program
	}
	return loc
}

// mustRead reads the embedded lists of days and their names.
func mustRead(files embed.FS) map[date.Date]string {
	days := map[date.Date]string{}
	list, err := files.ReadDir("holidays")
	if err != nil {
		panic(err)
	}
	for _, file := range list {
		text, err := files.ReadFile(path.Join("holidays", file.Name()))
		if err != nil {
			panic(err)
		}
		for line := range strings.Lines(string(text)) {
			day, name, found := strings.Cut(strings.TrimSpace(line), " ")
			if day == "" || strings.HasPrefix(line, "#") {
				continue
			}
			d, err := date.Parse(day)
			if err != nil || !found {
				panic(fmt.Sprintf("holidays/%s: %q is not a day and its name", file.Name(), line))
			}
			days[d] = name
		}
	}
	return days
}
