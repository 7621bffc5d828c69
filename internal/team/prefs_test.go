package team_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/team"
)

func TestDaysInWords(t *testing.T) {
	for days, want := range map[team.Days]string{
		0: "", team.Weekdays: "Monday to Friday", team.Weekends: "Saturday and Sunday", team.EveryDay: "every day",
		sun: "Sunday", mon | thu: "Monday, Thursday", sun | mon: "Monday, Sunday", team.Weekdays | sat: "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday",
	} {
		if got := days.String(); got != want {
			t.Errorf("%07b is %q, want %q", days, got, want)
		}
	}
}

func TestTheDefault(t *testing.T) {
	p := team.Default()
	if p.Count != 3 || p.Layout != team.Posts || p.Schedule.String() != "09:00, Monday to Friday" || p.Follows() {
		t.Errorf("the default is %+v", p)
	}
}

func TestTopicsAreFoundInAnyCaseAndSpacing(t *testing.T) {
	p := team.Prefs{Topics: []team.Topic{{Query: "moe"}, {Query: "Mixture of  Experts"}}}
	for query, want := range map[string]int{"moe": 0, "MoE": 0, " mixture of experts ": 1, "mixture": -1, "": -1} {
		if got, ok := p.Topic(query); got != want || ok != (want >= 0) {
			t.Errorf("%q is topic %d, %v; want %d", query, got, ok, want)
		}
	}
}

func TestRestsUntilTheDay(t *testing.T) {
	day := date.New(2026, 2, 27)
	for _, test := range []struct {
		prefs team.Prefs
		rests [3]bool // the day before, the day, the day after
	}{
		{team.Prefs{}, [3]bool{}},
		{team.Prefs{Paused: true}, [3]bool{true, true, true}},
		{team.Prefs{Paused: true, PausedUntil: day}, [3]bool{true, false, false}},
	} {
		for i, want := range test.rests {
			if d := day.AddDays(i - 1); test.prefs.Rests(d) != want {
				t.Errorf("%+v rests on %s: %v, want %v", test.prefs, d, !want, want)
			}
		}
	}
}

func TestChangesTellEverythingThatDiffers(t *testing.T) {
	from := team.Default()
	from.Topics = []team.Topic{{Query: "moe"}, {Query: "diffusion"}}
	to := team.Prefs{
		Topics: []team.Topic{{Query: "MoE"}, {Query: "agents"}}, Count: 5, Layout: team.Digest, Sources: []string{"arxiv", "team"},
		Schedule: team.Schedule{Cron: "0 8 * * 1", Zone: "Asia/Tokyo"}, Settled: true, MinVotes: 2, NoCross: true, Replaced: true,
		Paused: true, PausedUntil: date.New(2026, 12, 1),
	}
	want := []string{
		"topic “diffusion” removed", "topic “agents” added", "count: 3 → 5", "schedule: 09:00, Monday to Friday → cron 0 8 * * 1, Asia/Tokyo",
		"layout: posts → digest", "sources: all → arxiv team", "lists: fresh → settled", "minimum of votes: 0 → 2", "cross-lists: on → off",
		"replacements: off → on", "picks: running → paused until 2026-12-01",
	}
	if diff := cmp.Diff(want, team.Changes(from, to)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if got := team.Changes(to, to); got != nil {
		t.Errorf("nothing differs, but told were %q", got)
	}
}

func TestPrefsComeBackFromJSON(t *testing.T) {
	p := team.Default()
	p.Topics = []team.Topic{{Query: `"x" OR y`, By: chat.Person{Platform: "slack", Space: "T1", ID: "U1"}, Since: date.New(2026, 2, 27)}}
	p.Paused, p.PausedUntil = true, date.New(2026, 12, 1)
	for _, p := range []team.Prefs{{}, team.Default(), p} {
		body, err := json.Marshal(p)
		var got team.Prefs
		if err == nil {
			err = json.Unmarshal(body, &got)
		}
		if diff := cmp.Diff(p, got); diff != "" || err != nil {
			t.Errorf("%s came back different (-want +got) %v:\n%s", body, err, diff)
		}
	}
}

func TestTeams(t *testing.T) {
	in := chat.Place{Platform: "slack", Space: "T1", Channel: "C1"}
	if got := team.OneTeam.Of(in); got != team.Everyone {
		t.Errorf("one team: %q", got)
	}
	other := chat.Place{Platform: "discord", Space: "T1", Channel: "C1"}
	if a, b := team.TeamPerSpace.Of(in), team.TeamPerSpace.Of(other); a == b || a == team.Everyone {
		t.Errorf("a team per space: %q and %q", a, b)
	}
}

func TestTheTeamBehindAnInbox(t *testing.T) {
	ada := chat.Person{Platform: "slack", Space: "T1", ID: "ada"}
	theirs := team.TeamPerSpace.Of(chat.Place{Platform: "slack", Space: "T1"})
	for name, c := range map[string]team.Channel{
		"an inbox":  {Place: chat.Place{Platform: "inbox", Channel: "x"}, By: ada},
		"a channel": {Place: chat.Place{Platform: "slack", Space: "T1", Channel: "C1"}, By: chat.Person{Platform: "slack", Space: "T2", ID: "guest"}},
	} {
		if got := team.TeamPerSpace.Behind(c); got != theirs {
			t.Errorf("behind %s is the team %q, want %q", name, got, theirs)
		}
	}
	if got := team.OneTeam.Behind(team.Channel{By: ada}); got != team.Everyone {
		t.Errorf("one team: %q", got)
	}
}

func TestWeekly(t *testing.T) {
	for words, want := range map[string]bool{"friday 9:00": true, "weekdays": false, "mon,thu": false, "cron 0 9 * * 1": false} {
		if s, err := team.ParseSchedule(team.Default().Schedule, words); err != nil || s.Weekly() != want {
			t.Errorf("%q is weekly: %t, %v; want %t", words, s.Weekly(), err, want)
		}
	}
}

func FuzzDue(f *testing.F) {
	f.Add("09:00 weekdays", "Europe/Berlin", int64(1772000000), uint32(3600), uint32(90000))
	f.Add("0 0,23 29 2 *", "America/Havana", int64(1709000000), uint32(60), uint32(1))
	f.Add("23:59 daily", "America/Scoresbysund", int64(1711800000), uint32(600), uint32(36000))
	f.Fuzz(func(t *testing.T, words, zone string, start int64, often, seldom uint32) {
		s, err := team.ParseSchedule(team.Default().Schedule, words)
		loc, lost := time.LoadLocation(zone)
		if err != nil || lost != nil || start < 0 || start > 4e9 {
			t.Skip()
		}
		now := time.Unix(start, 0)
		c := following(s, now, loc)
		for i := range 40 {
			step := often
			if i%3 == 0 {
				step = seldom
			}
			now = now.Add(time.Duration(step%1_000_000+1) * time.Second)
			before := c.Last
			slot, ok := planned(c, now, loc)
			if ok && (date.Of(slot.At.In(loc)) != slot.Day || !before.Day.Before(slot.Day) || now.Before(slot.At) || now.Sub(slot.At) > team.Limit) {
				t.Fatalf("%s in %s: at %s planned %v after %v", s, loc, now.In(loc), slot, before)
			}
			if !c.Next.At.IsZero() && !c.Next.At.After(now) {
				t.Fatalf("%s in %s: at %s the next slot is %v", s, loc, now.In(loc), c.Next)
			}
		}
	})
}
