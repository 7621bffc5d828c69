package team_test

import (
	"archive/zip"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"paperboy/internal/date"
	"paperboy/internal/team"
)

var (
	firstDay = date.New(2024, 1, 1) // five years with two leap days
	lastDay  = date.New(2029, 1, 1)
)

// schedules are at the times of day that zones skip and repeat.
var schedules = []team.Schedule{
	{Hour: 2, Minute: 30, Days: team.EveryDay},
	{Days: team.EveryDay},
	{Hour: 9, Days: team.EveryDay},
	{Hour: 23, Minute: 59, Days: team.EveryDay},
	{Cron: "15,45 0,1,2,3 * * *"},
}

func TestEveryDayInEveryZoneHasOneSlot(t *testing.T) {
	t.Parallel()
	for i, zone := range zones(t) {
		loc := load(t, zone)
		for j, s := range schedules {
			if j == 0 || (i+j)%15 == 0 { // the first in every zone, the others in some
				walk(t, s, loc)
			}
		}
	}
}

// walk goes from slot to slot through all days.
func walk(t *testing.T, s team.Schedule, loc *time.Location) {
	t.Helper()
	at := firstDay.Start(loc).Add(-time.Microsecond)
	for want := firstDay; want.Before(lastDay); want = want.AddDays(1) {
		slot := s.Next(at, loc)
		if slot.Day != want || date.Of(slot.At.In(loc)) != want || !slot.At.After(at) {
			t.Fatalf("%s in %s: after %s comes %s at %s, want one on %s", s, loc, at.In(loc), slot.Day, slot.At.In(loc), want)
		}
		at = slot.At
	}
}

// planned is what a planner that looks at a channel now does with it.
func planned(c *team.Channel, now time.Time, loc *time.Location) (slot team.Slot, ok bool) {
	if c.Next.At.IsZero() || now.Before(c.Next.At) {
		return team.Slot{}, false
	}
	if slot, ok = c.Due(now, loc); ok {
		c.Last = slot
	} else if missed, passed := c.Missed(loc); passed {
		c.Last = missed
	}
	c.Next = c.Upcoming(now, loc)
	return slot, ok
}

// following is a channel that was subscribed at a moment.
func following(s team.Schedule, since time.Time, loc *time.Location) *team.Channel {
	c := &team.Channel{ID: "c", Prefs: team.Default()}
	c.Prefs.Topics, c.Prefs.Schedule = []team.Topic{{Query: "moe"}}, s
	c.Next = c.Upcoming(since, loc)
	return c
}

func TestADayIsPlannedOnceThroughAllOutages(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	looks := []time.Duration{time.Minute, 10 * time.Minute, time.Hour, 5 * time.Hour, 9 * time.Hour, 80 * time.Hour}
	for i, zone := range zones(t) {
		if i%3 > 0 { // the walks above are in all of them
			continue
		}
		loc := load(t, zone)
		s := schedules[i%len(schedules)]
		c := following(s, firstDay.Start(loc), loc)
		last, looked := date.Date{}, firstDay.Start(loc)
		for now := looked; now.Before(lastDay.Start(time.UTC)); now = now.Add(1 + time.Duration(random.Int64N(int64(looks[random.IntN(len(looks))])))) {
			due := c.Next
			slot, ok := planned(c, now, loc)
			switch {
			case ok && !last.Before(slot.Day):
				t.Fatalf("%s in %s: %s was planned after %s", s, zone, slot.Day, last)
			case ok && (now.Before(slot.At) || now.Sub(slot.At) > team.Limit):
				t.Fatalf("%s in %s: the slot of %s was planned at %s", s, zone, slot.At.In(loc), now.In(loc))
			case !ok && looked.Before(due.At) && !now.Before(due.At) && now.Sub(due.At) <= 15*time.Minute:
				t.Fatalf("%s in %s: %s was not planned at %s", s, zone, due.At.In(loc), now.In(loc))
			}
			if ok {
				last = slot.Day
			}
			if !c.Next.At.After(now) {
				t.Fatalf("%s in %s: at %s the next slot is at %s", s, zone, now, c.Next.At)
			}
			looked = now
		}
	}
}

func TestMovesBetweenZonesNeverServeADayTwice(t *testing.T) {
	all := zones(t)
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 7))
		loc := load(t, all[random.IntN(len(all))])
		now := firstDay.Start(loc)
		c := following(schedules[random.IntN(len(schedules))], now, loc)
		for range 400 {
			now = now.Add(time.Duration(random.Int64N(int64(8 * time.Hour))))
			before := c.Last
			slot, ok := planned(c, now, loc)
			if ok && !before.At.IsZero() && date.Of(before.At.In(loc)) == slot.Day {
				t.Fatalf("seed %d: %s was served at %s and again at %s", seed, slot.Day, before.At.In(loc), slot.At.In(loc))
			}
			if random.IntN(8) == 0 {
				loc = load(t, all[random.IntN(len(all))])
				c.Next = c.Upcoming(now, loc)
			}
			if away := c.Next.At.Sub(now); away > 3*24*time.Hour || away < -team.Limit {
				t.Fatalf("seed %d: after a move to %s the next slot is %s away", seed, loc, away)
			}
		}
	}
}

func load(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// zones are all that Go knows.
func zones(t testing.TB) (names []string) {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	file, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, f := range file.File {
		if !strings.HasSuffix(f.Name, "/") {
			names = append(names, f.Name)
		}
	}
	if len(names) < 400 {
		t.Fatalf("only %d zones", len(names))
	}
	return names
}
