package date_test

import (
	"archive/zip"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"paperboy/internal/date"
)

func TestAtIsWhatClocksShow(t *testing.T) {
	for _, test := range []struct {
		zone         string
		day          date.Date
		hour, minute int
		want         string // as clocks show it, with their offset
	}{
		{"Europe/Berlin", date.New(2026, 2, 27), 9, 0, "2026-02-27T09:00:00+01:00"},
		{"Europe/Berlin", date.New(2026, 3, 29), 2, 30, "2026-03-29T03:00:00+02:00"},         // skipped
		{"Europe/Berlin", date.New(2026, 10, 25), 2, 30, "2026-10-25T02:30:00+02:00"},        // twice: the first
		{"America/New_York", date.New(2026, 3, 8), 2, 0, "2026-03-08T03:00:00-04:00"},        // skipped
		{"America/New_York", date.New(2026, 11, 1), 1, 15, "2026-11-01T01:15:00-04:00"},      // twice
		{"America/Havana", date.New(2026, 3, 8), 0, 30, "2026-03-08T01:00:00-04:00"},         // midnight is skipped
		{"America/Scoresbysund", date.New(2026, 3, 28), 23, 30, "2026-03-28T22:59:00-02:00"}, // so is the day's last hour
		{"Australia/Lord_Howe", date.New(2026, 10, 4), 2, 15, "2026-10-04T02:30:00+11:00"},   // half an hour
		{"UTC", date.New(2028, 2, 29), 0, 0, "2028-02-29T00:00:00Z"},
	} {
		loc := load(t, test.zone)
		if got := test.day.At(test.hour, test.minute, loc).Format(time.RFC3339); got != test.want {
			t.Errorf("%s at %d:%02d in %s is %s, want %s", test.day, test.hour, test.minute, test.zone, got, test.want)
		}
	}
}

// TestAtStaysInItsDay looks at every day of five years in every zone, at the
// times of day that zones skip.
func TestAtStaysInItsDay(t *testing.T) {
	for _, name := range zones(t) {
		loc := load(t, name)
		for d := date.New(2024, 1, 1); d.Before(date.New(2029, 1, 1)); d = d.AddDays(1) {
			for _, clock := range [][2]int{{0, 0}, {0, 30}, {2, 30}, {23, 59}} {
				at := d.At(clock[0], clock[1], loc)
				if date.Of(at) != d {
					t.Fatalf("%s at %v in %s is %s, in another day", d, clock, name, at)
				}
				if (at.Hour() != clock[0] || at.Minute() != clock[1]) && !changes(at) {
					t.Fatalf("%s at %v in %s is %s, and clocks don't change then", d, clock, name, at)
				}
			}
		}
	}
}

// changes reports whether clocks change within a minute of t.
func changes(t time.Time) bool {
	_, before := t.Add(-time.Minute).Zone()
	_, after := t.Add(time.Minute).Zone()
	return before != after
}

func TestADayThatIsSkippedWholeHasNoMoment(t *testing.T) {
	d := date.New(2011, 12, 30) // when Samoa crossed the date line
	if got := d.At(9, 0, load(t, "Pacific/Apia")); date.Of(got) == d {
		t.Errorf("%s has the moment %s", d, got)
	}
}

func load(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// zones are all that Go knows.
func zones(t *testing.T) (names []string) {
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
