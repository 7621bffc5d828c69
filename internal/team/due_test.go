package team_test

import (
	"testing"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/team"
)

// happening is something that happens to a channel at a moment; a plain one is
// that a planner looks.
type happening struct {
	at      string // "2026-02-27 09:00", by the channel's clocks
	zone    string // that the channel moves to before
	what    func(*team.Prefs)
	planned string // the day that is planned then; "" for none
	next    string // the next slot afterwards, by the channel's clocks; "" for none
}

func at(hour, minute int) func(*team.Prefs) {
	return func(p *team.Prefs) { p.Schedule.Hour, p.Schedule.Minute, p.Schedule.Cron = hour, minute, "" }
}

func everyDay(p *team.Prefs) { p.Schedule.Days = team.EveryDay }

func cron(expr string) func(*team.Prefs) { return func(p *team.Prefs) { p.Schedule.Cron = expr } }

func pause(until date.Date) func(*team.Prefs) {
	return func(p *team.Prefs) { p.Paused, p.PausedUntil = true, until }
}

func resume(p *team.Prefs) { p.Paused, p.PausedUntil = false, date.Date{} }

func nothing(*team.Prefs) {}

// subscribe is what happens to a channel first.
func subscribe(p *team.Prefs) { p.Topics = []team.Topic{{Query: "moe"}} }

func TestWhatAChannelGetsAndWhen(t *testing.T) {
	tests := map[string]struct {
		zone  string
		story []happening
	}{
		"on time, Friday to Monday": {"Europe/Berlin", []happening{
			{at: "2026-02-27 08:00", what: subscribe, next: "2026-02-27 09:00"},
			{at: "2026-02-27 08:59", next: "2026-02-27 09:00"},
			{at: "2026-02-27 09:00", planned: "2026-02-27", next: "2026-03-02 09:00"},
			{at: "2026-02-27 09:01", next: "2026-03-02 09:00"},
		}},
		"subscribed after the hour": {"Europe/Berlin", []happening{
			{at: "2026-02-26 09:00", what: subscribe, next: "2026-02-27 09:00"},
			{at: "2026-02-26 09:01", next: "2026-02-27 09:00"},
		}},
		"clocks skip the hour": {"Europe/Berlin", []happening{
			{at: "2026-03-28 12:00", what: func(p *team.Prefs) { subscribe(p); everyDay(p); at(2, 30)(p) }, next: "2026-03-29 03:00"},
			{at: "2026-03-29 01:59", next: "2026-03-29 03:00"},
			{at: "2026-03-29 03:00", planned: "2026-03-29", next: "2026-03-30 02:30"},
		}},
		"clocks show the hour twice": {"America/New_York", []happening{
			{at: "2026-10-31 12:00", what: func(p *team.Prefs) { subscribe(p); everyDay(p); at(1, 30)(p) }, next: "2026-11-01 01:30"},
			{at: "2026-11-01 01:30", planned: "2026-11-01", next: "2026-11-02 01:30"},
			{at: "2026-11-01 02:30", next: "2026-11-02 01:30"},
		}},
		"cron on leap days": {"UTC", []happening{
			{at: "2026-02-27 12:00", what: func(p *team.Prefs) { subscribe(p); cron("0 9 29 2 *")(p) }, next: "2028-02-29 09:00"},
			{at: "2028-02-29 09:00", planned: "2028-02-29", next: "2032-02-29 09:00"},
		}},
		"cron with two times a day counts the first": {"UTC", []happening{
			{at: "2026-02-27 00:00", what: func(p *team.Prefs) { subscribe(p); cron("0 9,17 * * *")(p) }, next: "2026-02-27 09:00"},
			{at: "2026-02-27 09:00", planned: "2026-02-27", next: "2026-02-28 09:00"},
			{at: "2026-02-27 17:00", next: "2026-02-28 09:00"},
		}},
		"cron subscribed between two times": {"UTC", []happening{
			{at: "2026-02-27 12:00", what: func(p *team.Prefs) { subscribe(p); cron("0 9,17 * * *")(p) }, next: "2026-02-28 09:00"},
		}},
		"down at the hour, back in time": {"UTC", []happening{
			{at: "2026-02-26 12:00", what: subscribe, next: "2026-02-27 09:00"},
			{at: "2026-02-27 15:00", planned: "2026-02-27", next: "2026-03-02 09:00"},
		}},
		"down until after the limit": {"UTC", []happening{
			{at: "2026-02-26 12:00", what: subscribe, next: "2026-02-27 09:00"},
			{at: "2026-02-27 15:01", next: "2026-03-02 09:00"},
		}},
		"down over midnight": {"UTC", []happening{
			{at: "2026-02-25 12:00", what: func(p *team.Prefs) { subscribe(p); at(23, 0)(p) }, next: "2026-02-25 23:00"},
			{at: "2026-02-26 00:16", next: "2026-02-26 23:00"},
		}},
		"a minute before midnight, planned after it": {"UTC", []happening{
			{at: "2026-02-25 12:00", what: func(p *team.Prefs) { subscribe(p); at(23, 59)(p) }, next: "2026-02-25 23:59"},
			{at: "2026-02-26 00:10", planned: "2026-02-25", next: "2026-02-26 23:59"},
			{at: "2026-02-26 23:59", planned: "2026-02-26", next: "2026-02-27 23:59"},
		}},
		"down for three days plans the last alone": {"UTC", []happening{
			{at: "2026-02-23 08:00", what: subscribe, next: "2026-02-23 09:00"},
			{at: "2026-02-26 10:00", planned: "2026-02-26", next: "2026-02-27 09:00"},
			{at: "2026-02-26 10:01", next: "2026-02-27 09:00"},
		}},
		"moved to later in the day, before": {"UTC", []happening{
			{at: "2026-02-26 08:00", what: subscribe, next: "2026-02-26 09:00"},
			{at: "2026-02-26 08:30", what: at(10, 0), next: "2026-02-26 10:00"},
			{at: "2026-02-26 09:00", next: "2026-02-26 10:00"},
			{at: "2026-02-26 10:00", planned: "2026-02-26", next: "2026-02-27 10:00"},
		}},
		"moved to later in the day, after": {"UTC", []happening{
			{at: "2026-02-26 08:00", what: subscribe, next: "2026-02-26 09:00"},
			{at: "2026-02-26 09:00", planned: "2026-02-26", next: "2026-02-27 09:00"},
			{at: "2026-02-26 09:30", what: at(10, 0), next: "2026-02-27 10:00"},
			{at: "2026-02-26 10:00", next: "2026-02-27 10:00"},
		}},
		"moved to an hour that has passed": {"UTC", []happening{
			{at: "2026-02-26 08:00", what: subscribe, next: "2026-02-26 09:00"},
			{at: "2026-02-26 08:30", what: at(8, 0), next: "2026-02-27 08:00"},
			{at: "2026-02-26 08:31", next: "2026-02-27 08:00"},
		}},
		"changed between the slot and its planning": {"UTC", []happening{
			{at: "2026-02-26 08:00", what: subscribe, next: "2026-02-26 09:00"},
			{at: "2026-02-26 09:05", what: func(p *team.Prefs) { p.Count = 5 }, next: "2026-02-26 09:00"},
			{at: "2026-02-26 09:06", planned: "2026-02-26", next: "2026-02-27 09:00"},
		}},
		"unsubscribed between the slot and its planning": {"UTC", []happening{
			{at: "2026-02-26 08:00", what: subscribe, next: "2026-02-26 09:00"},
			{at: "2026-02-26 09:05", what: func(p *team.Prefs) { p.Topics = nil }},
			{at: "2026-02-26 09:06"},
		}},
		"paused until a day": {"UTC", []happening{
			{at: "2026-02-23 08:00", what: subscribe, next: "2026-02-23 09:00"},
			{at: "2026-02-23 08:30", what: pause(date.New(2026, 2, 26)), next: "2026-02-26 09:00"},
			{at: "2026-02-25 09:00", next: "2026-02-26 09:00"},
			{at: "2026-02-26 09:00", planned: "2026-02-26", next: "2026-02-27 09:00"},
		}},
		"paused until a day, resumed before": {"UTC", []happening{
			{at: "2026-02-23 08:00", what: subscribe, next: "2026-02-23 09:00"},
			{at: "2026-02-23 08:30", what: pause(date.New(2026, 3, 26)), next: "2026-03-26 09:00"},
			{at: "2026-02-25 08:00", what: resume, next: "2026-02-25 09:00"},
		}},
		"paused until resumed, after the hour": {"UTC", []happening{
			{at: "2026-02-23 08:00", what: subscribe, next: "2026-02-23 09:00"},
			{at: "2026-02-23 08:30", what: pause(date.Date{})},
			{at: "2026-02-24 09:00"},
			{at: "2026-02-25 10:00", what: resume, next: "2026-02-26 09:00"},
		}},
		"paused between the slot and its planning": {"UTC", []happening{
			{at: "2026-02-26 08:00", what: subscribe, next: "2026-02-26 09:00"},
			{at: "2026-02-26 09:05", what: pause(date.New(2026, 2, 27)), next: "2026-02-27 09:00"},
			{at: "2026-02-26 09:06", next: "2026-02-27 09:00"},
		}},
		"Auckland to Los Angeles, where the day is still served": {"Pacific/Auckland", []happening{
			{at: "2026-02-26 08:00", what: subscribe, next: "2026-02-26 09:00"},
			{at: "2026-02-26 09:00", planned: "2026-02-26", next: "2026-02-27 09:00"}, // 12:00 on the 25th in Los Angeles
			{at: "2026-02-25 12:30", zone: "America/Los_Angeles", what: nothing, next: "2026-02-26 09:00"},
			{at: "2026-02-26 09:00", planned: "2026-02-26", next: "2026-02-27 09:00"},
		}},
		"Los Angeles to Auckland, where it is tomorrow": {"America/Los_Angeles", []happening{
			{at: "2026-02-25 08:00", what: subscribe, next: "2026-02-25 09:00"},
			{at: "2026-02-25 09:00", planned: "2026-02-25", next: "2026-02-26 09:00"}, // 06:00 on the 26th in Auckland
			{at: "2026-02-26 06:30", zone: "Pacific/Auckland", what: nothing, next: "2026-02-27 09:00"},
		}},
		"there and back on one day": {"Pacific/Auckland", []happening{
			{at: "2026-02-26 09:00", what: subscribe, next: "2026-02-27 09:00"},
			{at: "2026-02-27 09:00", planned: "2026-02-27", next: "2026-03-02 09:00"}, // the 26th, 12:00, in Los Angeles
			{at: "2026-02-26 13:00", zone: "America/Los_Angeles", what: nothing, next: "2026-02-27 09:00"},
			{at: "2026-02-27 10:30", zone: "Pacific/Auckland", what: nothing, next: "2026-03-02 09:00"},
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			loc, c := load(t, test.zone), &team.Channel{ID: "c", Prefs: team.Default()}
			for _, h := range test.story {
				if h.zone != "" {
					loc = load(t, h.zone)
				}
				now := clock(t, h.at, loc)
				var slot team.Slot
				if h.what != nil {
					h.what(&c.Prefs)
					c.Next = c.Upcoming(now, loc)
				} else {
					slot, _ = planned(c, now, loc)
				}
				if got := slot.Day.String(); got != h.planned {
					t.Errorf("at %s (%s): %q was planned, want %q", h.at, loc, got, h.planned)
				}
				if got := shown(c.Next.At, loc); got != h.next || h.next != "" && c.Next.Day.String() != h.next[:10] {
					t.Errorf("at %s (%s): the next slot is %q of %s, want %q", h.at, loc, got, c.Next.Day, h.next)
				}
			}
		})
	}
}

func TestAChannelThatIsGoneHasNoSlot(t *testing.T) {
	now := clock(t, "2026-02-27 08:00", time.UTC)
	c := following(team.Default().Schedule, now, time.UTC)
	c.Gone = "the channel is archived"
	if got := c.Upcoming(now, time.UTC); got != (team.Slot{}) {
		t.Errorf("the next slot is %v, want none", got)
	}
}

func TestASlotThatTheScheduleHasNoLongerIsNotMissed(t *testing.T) {
	berlin, la := load(t, "Europe/Berlin"), load(t, "America/Los_Angeles")
	c := following(team.Default().Schedule, clock(t, "2026-02-26 12:00", berlin), berlin)
	if _, missed := c.Missed(berlin); !missed {
		t.Errorf("the slot at %s passed without being missed", c.Next.At.In(berlin))
	}
	// The deployment's own zone was changed: the hour in Berlin means nothing now.
	if slot, missed := c.Missed(la); missed {
		t.Errorf("the slot at %s counts as missed in Los Angeles, where none is then", slot.At.In(la))
	}
	if got := shown(c.Upcoming(clock(t, "2026-02-27 00:00", la), la).At, la); got != "2026-02-27 09:00" {
		t.Errorf("the next slot there is %s", got)
	}
}

func clock(t *testing.T, text string, loc *time.Location) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func shown(at time.Time, loc *time.Location) string {
	if at.IsZero() {
		return ""
	}
	return at.In(loc).Format("2006-01-02 15:04")
}
