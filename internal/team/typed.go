package team

import (
	"fmt"
	"strings"
	"time"
)

// Typed is the schedule as people could type it: ParseSchedule reads it back.
func (s Schedule) Typed() string {
	when := fmt.Sprintf("%02d:%02d %s", s.Hour, s.Minute, s.Days.typed())
	if s.Cron != "" {
		when = "cron " + s.Cron
	}
	return strings.TrimSpace(when + " " + s.Zone)
}

func (ds Days) typed() string {
	switch ds {
	case Weekdays:
		return "weekdays"
	case Weekends:
		return "weekends"
	case EveryDay:
		return "daily"
	}
	var names []string
	for i := range 7 {
		if d := time.Weekday((i + 1) % 7); ds.Has(d) {
			names = append(names, strings.ToLower(d.String()[:3]))
		}
	}
	return strings.Join(names, ",")
}
