package arxiv

import (
	"math/rand/v2"
	"testing"
	"time"

	"paperboy/internal/date"
)

func TestAnnouncedFollowsTheSchedule(t *testing.T) {
	for submitted, want := range map[string]date.Date{
		// 2026-09-21 is a Monday.
		"Mon 2026-09-21 13:59": date.New(2026, 9, 22),
		"Mon 2026-09-21 14:00": date.New(2026, 9, 23),
		"Tue 2026-09-22 13:59": date.New(2026, 9, 23),
		"Tue 2026-09-22 23:59": date.New(2026, 9, 24),
		"Wed 2026-09-23 13:00": date.New(2026, 9, 24),
		"Thu 2026-09-24 13:00": date.New(2026, 9, 25),
		"Thu 2026-09-24 14:00": date.New(2026, 9, 28),
		"Fri 2026-09-25 13:59": date.New(2026, 9, 28),
		"Fri 2026-09-25 14:00": date.New(2026, 9, 29),
		"Sat 2026-09-26 10:00": date.New(2026, 9, 29),
		"Sun 2026-09-27 21:00": date.New(2026, 9, 29),
		// Labor Day, a Monday: what came in at the weekend waits for Tuesday.
		"Sat 2026-09-05 10:00": date.New(2026, 9, 9),
		"Mon 2026-09-07 15:00": date.New(2026, 9, 9),
		// Thanksgiving, a Thursday: what came in since Wednesday waits for Sunday.
		"Wed 2026-11-25 15:00": date.New(2026, 11, 30),
		// Two holidays around a Wednesday.
		"Mon 2026-12-28 15:00": date.New(2026, 12, 31),
		"Wed 2026-12-30 15:00": date.New(2027, 1, 4),
		// The last minute before the deadline, in summer and in winter time.
		"Fri 2026-03-06 13:59": date.New(2026, 3, 9),
		"Mon 2026-03-09 13:59": date.New(2026, 3, 10),
	} {
		at, err := time.ParseInLocation("Mon 2006-01-02 15:04", submitted, eastern)
		if err != nil || at.Format("Mon") != submitted[:3] {
			t.Fatalf("%s: %v, which is a %s", submitted, err, at.Format("Mon"))
		}
		if got := Announced(at.UTC()); got != want {
			t.Errorf("Announced(%s) = %s, want %s", submitted, got, want)
		}
	}
}

// Announcement days that arXiv's listings of 2025 and 2026 show.
func TestAnnouncedAgreesWithRealPapers(t *testing.T) {
	for id, row := range map[string][2]string{
		"2506.01084": {"2025-06-01T17:03:02Z", "2025-06-03"},
		"2507.01006": {"2025-07-01T17:55:04Z", "2025-07-02"},
		"2508.01959": {"2025-08-03T23:59:31Z", "2025-08-05"},
		"2509.00676": {"2025-08-31T03:08:02Z", "2025-09-03"}, // Labor Day
		"2510.00526": {"2025-10-01T05:17:47Z", "2025-10-02"},
		"2511.01163": {"2025-11-03T02:27:46Z", "2025-11-04"},
		"2512.22047": {"2025-12-26T14:51:52Z", "2025-12-29"},
		"2601.00664": {"2026-01-02T11:58:48Z", "2026-01-05"},
		"2603.01223": {"2026-03-01T18:41:28Z", "2026-03-03"},
		"2604.00842": {"2026-04-01T12:53:01Z", "2026-04-02"},
	} {
		at, err := time.Parse(time.RFC3339, row[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := Announced(at).String(); got != row[1] {
			t.Errorf("%s: Announced(%s) = %s, want %s", id, row[0], got, row[1])
		}
	}
}

func TestEveryMomentBelongsToOneAnnouncement(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 5000 {
		at := start.Add(time.Duration(r.Int64N(int64(3 * 365 * 24 * time.Hour))))
		day := Announced(at)
		if reason, none := NoFeed(day); none {
			t.Fatalf("Announced(%s) = %s, which has no feed: %s", at, day, reason)
		}
		if from, to := window(day); at.Before(from) || !at.Before(to) {
			t.Fatalf("Announced(%s) = %s, whose papers come in from %s to %s", at, day, from, to)
		}
	}
}

func TestNoFeedTellsWhy(t *testing.T) {
	for day, want := range map[date.Date]string{
		date.New(2026, 9, 24):  "",
		date.New(2026, 9, 26):  "arXiv announces nothing at weekends",
		date.New(2026, 9, 27):  "arXiv announces nothing at weekends",
		date.New(2026, 9, 7):   "",
		date.New(2026, 9, 8):   "arXiv announced nothing on 2026-09-07: Labor Day",
		date.New(2025, 7, 7):   "arXiv announced nothing on 2025-07-06: Independence Day weekend",
		date.New(2026, 11, 27): "arXiv announced nothing on 2026-11-26: Thanksgiving",
	} {
		reason, none := NoFeed(day)
		if reason != want || none != (want != "") {
			t.Errorf("NoFeed(%s) = %q, %v, want %q", day, reason, none, want)
		}
	}
	if !Holiday(date.New(2026, 12, 29)) || Holiday(date.New(2026, 12, 30)) {
		t.Error("Holiday: want 2026-12-29 to be one and 2026-12-30 not")
	}
}
