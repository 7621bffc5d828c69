package daily_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// A bubble's clock begins on Saturday, 1 January 2000, at midnight UTC.

// bubble runs a test of a feed where time passes only when everybody waits.
func bubble(t *testing.T, test func(f *feed)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(newFeed(t)) })
}

// until lets time pass up to a moment.
func until(t testing.TB, moment string) {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", moment)
	if err != nil || at.Before(time.Now()) {
		t.Fatalf("%s has passed or is no moment (%v)", moment, err)
	}
	time.Sleep(time.Until(at))
}

// running has channels planned until stop is called.
func (f *feed) running() (stop func()) {
	ctx, cancel := context.WithCancel(f.Context())
	var alive sync.WaitGroup
	alive.Go(func() {
		if err := f.daily().Run(ctx); err != nil {
			f.Errorf("daily ended with %v", err)
		}
	})
	return func() {
		cancel()
		alive.Wait()
	}
}

// runs has channels planned until a moment.
func (f *feed) runs(moment string) {
	f.Helper()
	stop := f.running()
	until(f, moment)
	stop()
}

// runsAround has channels planned in the hour before and after some moments.
func (f *feed) runsAround(moments ...string) {
	f.Helper()
	for _, m := range moments {
		at, err := time.Parse("2006-01-02 15:04", m)
		if err != nil {
			f.Fatal(err)
		}
		time.Sleep(time.Until(at.Add(-time.Hour)))
		f.runs(at.Add(time.Hour).Format("2006-01-02 15:04"))
	}
}

// subscribe has a channel follow everything from now on.
func (f *feed) subscribe(in chat.Place, schedule team.Schedule) {
	f.Helper()
	f.change(in, func(c *team.Channel) {
		c.Prefs.Schedule = schedule
		c.Prefs.Topics = []team.Topic{{Query: team.Everything, By: ada, Since: date.Of(time.Now().In(f.picker.Zone(*c)))}}
	})
}

// change is what a person changes of a channel, as the bot does it.
func (f *feed) change(in chat.Place, do func(*team.Channel)) {
	f.Helper()
	now := time.Now()
	_, err := f.store.ChangeChannel(f.Context(), in, ada, now, func(c *team.Channel) error {
		do(c)
		c.Next = c.Upcoming(now, f.picker.Zone(*c))
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
}

// list has the daily source list so many papers on the day that it is.
func (f *feed) list(n int) {
	f.Helper()
	day := date.Of(time.Now())
	var papers []paper.Paper
	for i := range n {
		papers = append(papers, paper.Paper{
			ID: paper.ID(fmt.Sprintf("doi:10.1/%s.%d", day, i)), Title: fmt.Sprintf("Paper %d of %s", i, day),
			Sightings: []paper.Sighting{{Source: "daily", Day: day, Votes: n - i}},
		})
	}
	f.add(papers...)
}

// listDaily has papers listed at midnight of every day, in the background.
func (f *feed) listDaily() {
	go func() {
		for {
			f.list(5)
			select {
			case <-time.After(24 * time.Hour):
			case <-f.Context().Done():
				return
			}
		}
	}()
}

// days is what became of a channel's slots, the first first: "01-03 09:00 3" for
// three papers planned then, by the channel's clocks.
func (f *feed) days(in chat.Place) string {
	f.Helper()
	c, err := f.store.Channel(f.Context(), in)
	if err != nil {
		f.Fatal(err)
	}
	plans, err := f.store.Plans(f.Context(), c.ID, 100)
	if err != nil {
		f.Fatal(err)
	}
	var lines []string
	for i := range plans {
		p := plans[len(plans)-1-i]
		lines = append(lines, fmt.Sprintf("%s %d", p.PlannedAt.In(f.picker.Zone(c)).Format("01-02 15:04"), p.Papers))
	}
	return strings.Join(lines, ", ")
}

func (f *feed) wantDays(in chat.Place, want string) {
	f.Helper()
	if got := f.days(in); got != want {
		f.Errorf("planned %q, want %q", got, want)
	}
}

var daily9 = team.Schedule{Hour: 9, Days: team.EveryDay}

func TestChannelsGetTheirPicksOnTheirDays(t *testing.T) {
	bubble(t, func(f *feed) {
		f.listDaily()
		f.subscribe(place, team.Default().Schedule)
		other := chat.Place{Platform: "test", Space: "T1", Channel: "C2"}
		f.subscribe(other, team.Schedule{Hour: 18, Minute: 30, Days: team.Weekends, Zone: "Asia/Tokyo"})
		f.runs("2000-01-04 23:00")
		f.wantDays(place, "01-03 09:00 3, 01-04 09:00 3") // Monday and Tuesday
		f.wantDays(other, "01-01 18:30 3, 01-02 18:30 3")
		if f.woken.Load() != 4 {
			t.Errorf("told of something to post %d times, want 4", f.woken.Load())
		}
	})
}

func TestNothingOldIsPostedAndNothingTwice(t *testing.T) {
	bubble(t, func(f *feed) {
		f.list(5)
		until(t, "2000-01-02 08:00")
		f.list(4)
		f.subscribe(place, daily9)
		f.runs("2000-01-02 10:00")
		f.runsAround("2000-01-03 09:00", "2000-01-04 09:00", "2000-01-05 09:00")
		f.wantDays(place, "01-02 09:00 3, 01-03 09:00 1, 01-04 09:00 0, 01-05 09:00 0")
		c, err := f.store.Channel(f.Context(), place)
		if err != nil {
			t.Fatal(err)
		}
		for i, day := range []string{"2000-01-01", "2000-01-02", "2000-01-02"} {
			id := fmt.Sprintf("doi:10.1/%s.%d", day, i)
			if _, ok, err := f.store.Picked(f.Context(), c.ID, id); ok == (i == 0) || err != nil {
				t.Errorf("%s was picked: %t, %v", id, ok, err)
			}
		}
		plans, err := f.store.Plans(f.Context(), c.ID, 1)
		want := "Of 9 papers listed from 30 December to 5 January, 4 were shown here before and 5 were listed before this channel was subscribed."
		if err != nil || plans[0].Note != want {
			t.Errorf("an empty day is explained with %q, %v; want %q", plans[0].Note, err, want)
		}
	})
}

func TestDownAtTheHour(t *testing.T) {
	for _, test := range []struct {
		back string // when the program runs again
		want string
	}{
		{"2000-01-02 08:59", "01-02 09:00 3"},
		{"2000-01-02 11:30", "01-02 11:30 3"},
		{"2000-01-02 14:59", "01-02 14:59 3"},
		{"2000-01-02 15:01", "01-02 15:01 0"}, // too late: noted as missed
		{"2000-01-05 10:00", "01-05 10:00 3"}, // one day's picks after three days away
		{"2000-01-05 08:00", "01-05 08:00 0, 01-05 09:00 3"},
	} {
		t.Run(test.back, func(t *testing.T) {
			bubble(t, func(f *feed) {
				f.listDaily()
				until(t, "2000-01-01 10:00")
				f.subscribe(place, daily9)
				until(t, test.back)
				f.runs(test.back[:10] + " 16:00")
				f.wantDays(place, test.want)
			})
		})
	}
}

func TestClocksThatChange(t *testing.T) {
	for _, test := range []struct {
		zone     string
		schedule team.Schedule
		from     string   // UTC
		around   []string // UTC
		want     string   // by the clocks there
	}{
		{"America/New_York", team.Schedule{Hour: 2, Minute: 30, Days: team.EveryDay}, "2000-04-01 12:00",
			[]string{"2000-04-02 07:00", "2000-04-03 06:30"}, "04-02 03:00 3, 04-03 02:30 3"}, // 2:30 is skipped
		{"America/New_York", team.Schedule{Hour: 1, Minute: 30, Days: team.EveryDay}, "2000-10-28 12:00",
			[]string{"2000-10-29 05:30", "2000-10-29 07:00", "2000-10-30 06:30"}, "10-29 01:30 3, 10-30 01:30 3"}, // 1:30 comes twice
		{"Europe/London", team.Schedule{Days: team.EveryDay}, "2000-03-25 12:00",
			[]string{"2000-03-26 00:00", "2000-03-26 23:00"}, "03-26 00:00 3, 03-27 00:00 3"},
		{"UTC", team.Schedule{Cron: "0 9 29 2 *"}, "2000-02-27 12:00",
			[]string{"2000-02-28 09:00", "2000-02-29 09:00", "2000-03-01 09:00"}, "02-29 09:00 3"},
	} {
		t.Run(test.zone+" "+test.schedule.String(), func(t *testing.T) {
			bubble(t, func(f *feed) {
				until(t, test.from)
				f.listDaily()
				test.schedule.Zone = test.zone
				f.subscribe(place, test.schedule)
				f.runsAround(test.around...)
				f.wantDays(place, test.want)
			})
		})
	}
}

// TestAPersonWhoMovesGetsOnePostADay changes the channel's zone after a post.
func TestAPersonWhoMovesGetsOnePostADay(t *testing.T) {
	for _, test := range []struct {
		from, to string
		want     string // by the clocks in to
	}{
		// 9:00 in Auckland is noon of the day before in Los Angeles.
		{"Pacific/Auckland", "America/Los_Angeles", "01-02 12:00 3, 01-03 09:00 3, 01-04 09:00 3"},
		// 9:00 in Los Angeles is the small hours of the next day in Auckland, which is served by that.
		{"America/Los_Angeles", "Pacific/Auckland", "01-03 06:00 3, 01-04 09:00 3, 01-05 09:00 3"},
	} {
		t.Run(test.from+" to "+test.to, func(t *testing.T) {
			bubble(t, func(f *feed) {
				f.listDaily()
				until(t, "2000-01-02 10:00")
				schedule := daily9
				schedule.Zone = test.from
				f.subscribe(place, schedule)
				f.runs("2000-01-02 21:00")
				f.change(place, func(c *team.Channel) { c.Prefs.Schedule.Zone = test.to })
				f.runsAround("2000-01-03 17:00", "2000-01-03 20:00", "2000-01-04 17:00", "2000-01-04 20:00")
				f.wantDays(place, test.want)
			})
		})
	}
}

func TestAnHourThatIsMovedOnTheDayIsServedOnce(t *testing.T) {
	bubble(t, func(f *feed) {
		f.listDaily()
		f.subscribe(place, daily9)
		f.runsAround("2000-01-01 09:00")
		f.change(place, func(c *team.Channel) { c.Prefs.Schedule.Hour = 11 }) // it has been
		f.runsAround("2000-01-01 11:05", "2000-01-02 08:30")
		f.change(place, func(c *team.Channel) { c.Prefs.Schedule.Hour = 10 }) // it has not
		f.runsAround("2000-01-02 10:30", "2000-01-02 12:05")
		f.wantDays(place, "01-01 09:00 3, 01-02 10:00 3")
	})
}

func TestPauseAndResume(t *testing.T) {
	bubble(t, func(f *feed) {
		f.listDaily()
		f.subscribe(place, daily9)
		f.runsAround("2000-01-01 09:00")
		f.change(place, func(c *team.Channel) { c.Prefs.Paused, c.Prefs.PausedUntil = true, date.New(2000, 1, 4) })
		f.runsAround("2000-01-02 09:00", "2000-01-03 09:00", "2000-01-04 09:00", "2000-01-05 09:00")
		f.change(place, func(c *team.Channel) { c.Prefs.Paused, c.Prefs.PausedUntil = true, date.Date{} })
		f.runsAround("2000-01-06 09:00")
		f.change(place, func(c *team.Channel) { c.Prefs.Paused = false })
		f.runsAround("2000-01-07 09:00")
		f.wantDays(place, "01-01 09:00 3, 01-04 09:00 3, 01-05 09:00 3, 01-07 09:00 3")
	})
}

// TestReplicasPlanADayOnce has several plan the same channels at the same time.
func TestReplicasPlanADayOnce(t *testing.T) {
	const channels, replicas = 250, 4
	f := newFeed(t)
	f.add(manyPapers(200)...)
	for i := range channels {
		in := chat.Place{Platform: "test", Space: "T1", Channel: fmt.Sprint("C", i)}
		_, err := f.store.ChangeChannel(t.Context(), in, ada, nine, func(c *team.Channel) error {
			c.Prefs.Topics = []team.Topic{{Query: team.Everything}}
			c.Next = team.Slot{Day: today, At: nine}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var posted [replicas]int
	var group sync.WaitGroup
	for i := range replicas {
		group.Go(func() {
			n, err := f.daily().Plan(t.Context(), nine)
			if err != nil {
				t.Error(err)
			}
			posted[i] = n
		})
	}
	group.Wait()
	total := 0
	for _, n := range posted {
		total += n
	}
	waiting, err := f.store.Waiting(t.Context(), 10_000)
	if total != channels || len(waiting) != channels*team.DefaultCount || err != nil {
		t.Errorf("%v channels posted by the replicas and %d messages, %v; want %d and %d", posted, len(waiting), err, channels, channels*team.DefaultCount)
	}
}

// TestAPaperShownLongAgoIsNotShownAgain lists a paper again after a season.
func TestAPaperShownLongAgoIsNotShownAgain(t *testing.T) {
	bubble(t, func(f *feed) {
		f.list(1)
		f.subscribe(place, daily9)
		f.runs("2000-01-01 10:00")
		until(t, "2000-05-01 00:00")
		f.change(place, func(c *team.Channel) {}) // from today on, as if it had been running
		again := paper.Paper{ID: "doi:10.1/2000-01-01.0", Title: "Paper 0 of 2000-01-01", Sightings: []paper.Sighting{{Source: "other", Day: date.New(2000, 5, 1)}}}
		f.add(again)
		f.list(2)
		f.runs("2000-05-01 10:00")
		f.wantDays(place, "01-01 09:00 1, 05-01 09:00 2")
	})
}

func TestAChannelElsewhereIsLeftToItsOwn(t *testing.T) {
	bubble(t, func(f *feed) {
		f.list(1)
		other := chat.Place{Platform: "elsewhere", Space: "T1", Channel: "C1"}
		f.subscribe(other, daily9)
		f.runs("2000-01-01 12:00")
		f.wantDays(other, "")
	})
}
