package date_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones below, wherever the tests run

	"paperboy/internal/date"
)

func TestADayStartsAtItsFirstInstant(t *testing.T) {
	for _, c := range []struct {
		zone string
		day  date.Date
		want string
	}{
		{"UTC", date.New(2026, 2, 27), "2026-02-27T00:00:00Z"},
		{"Europe/Berlin", date.New(2026, 3, 29), "2026-03-29T00:00:00+01:00"},
		{"America/Havana", date.New(2012, 4, 1), "2012-04-01T01:00:00-04:00"}, // 00:00 to 01:00 is skipped
		{"Asia/Beirut", date.New(2011, 3, 27), "2011-03-27T01:00:00+03:00"},
		{"America/Sao_Paulo", date.New(2012, 10, 21), "2012-10-21T01:00:00-02:00"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		got := c.day.Start(zone)
		if got.Format(time.RFC3339) != c.want {
			t.Errorf("%s in %s starts at %s, want %s", c.day, c.zone, got.Format(time.RFC3339), c.want)
		}
		if date.Of(got.Add(-time.Nanosecond)) == c.day {
			t.Errorf("%s in %s starts before %s", c.day, c.zone, got)
		}
	}
}

func TestDaysReadBackAsWritten(t *testing.T) {
	for _, d := range []date.Date{{}, date.New(2026, 2, 27), date.New(1, 1, 1), date.New(2024, 2, 28).AddDays(1)} {
		text, err := d.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		got := date.New(1999, 9, 9)
		if err := got.UnmarshalText(text); got != d || err != nil {
			t.Errorf("%q read as %v, %v; want %v", text, got, err, d)
		}
	}
}

func TestWhatIsNoDayIsRefused(t *testing.T) {
	for _, s := range []string{"", "2026-02-30", "2026-2-7", "27.2.2026", "2026-02-27T00:00:00Z", "12345-01-01"} {
		if d, err := date.Parse(s); err == nil {
			t.Errorf("%q read as %v", s, d)
		}
	}
}

func TestDaysAreOrdered(t *testing.T) {
	early, late := date.New(2025, 12, 31), date.New(2026, 1, 1)
	if !early.Before(late) || late.Before(early) || early.Before(early) || !(date.Date{}).Before(early) {
		t.Errorf("%v, %v and no day are not in order", early, late)
	}
	if got := early.AddDays(1); got != late {
		t.Errorf("the day after %v is %v", early, got)
	}
}
