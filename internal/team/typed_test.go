package team_test

import (
	"testing"
	"time"

	"paperboy/internal/team"
)

func TestTypedScheduleIsReadBack(t *testing.T) {
	for _, s := range []team.Schedule{
		{Hour: 9, Days: team.Weekdays},
		{Hour: 0, Minute: 5, Days: team.EveryDay, Zone: "Europe/Berlin"},
		{Hour: 23, Minute: 59, Days: team.Weekends, Zone: "UTC"},
		{Hour: 8, Minute: 30, Days: 1<<time.Monday | 1<<time.Thursday | 1<<time.Sunday, Zone: "America/New_York"},
		{Cron: "30 8 * * 1-5", Zone: "Asia/Tokyo"},
		{Cron: "@daily"},
	} {
		got, err := team.ParseSchedule(s, s.Typed())
		if got != s || err != nil {
			t.Errorf("%q is read as %+v, %v, want %+v", s.Typed(), got, err, s)
		}
	}
}
