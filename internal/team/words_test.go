package team_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"

	"paperboy/internal/team"
)

const (
	mon = 1 << time.Monday
	tue = 1 << time.Tuesday
	wed = 1 << time.Wednesday
	thu = 1 << time.Thursday
	fri = 1 << time.Friday
	sat = 1 << time.Saturday
	sun = 1 << time.Sunday
)

func TestParseScheduleReadsWhatPeopleType(t *testing.T) {
	usual := team.Schedule{Hour: 9, Days: team.Weekdays, Zone: "Asia/Tokyo"}
	with := func(hour, minute int, days team.Days, zone string) team.Schedule {
		return team.Schedule{Hour: hour, Minute: minute, Days: days, Zone: zone}
	}
	at := func(hour, minute int) team.Schedule { return with(hour, minute, team.Weekdays, "Asia/Tokyo") }
	on := func(days team.Days) team.Schedule { return with(9, 0, days, "Asia/Tokyo") }
	in := func(zone string) team.Schedule { return with(9, 0, team.Weekdays, zone) }
	by := func(cron, zone string) team.Schedule {
		s := in(zone)
		s.Cron = cron
		return s
	}
	for text, want := range map[string]team.Schedule{
		"9": at(9, 0), "09:30": at(9, 30), "9.30": at(9, 30), "9h30": at(9, 30), "00:00": at(0, 0), "23:59": at(23, 59), "0": at(0, 0),
		"9am": at(9, 0), "9 am": at(9, 0), "9:15PM": at(21, 15), "9:15 pm": at(21, 15), "12am": at(0, 0), "12:05 AM": at(0, 5), "12pm": at(12, 0),
		"noon": at(12, 0), "Midnight": at(0, 0), "at 8": at(8, 0),

		"mon": on(mon), "Tues": on(tue), "thurs": on(thu), "mondays": on(mon), "fri.": on(fri), "su": on(sun), "Wednesday": on(wed),
		"mon,wed": on(mon | wed), "mon, wed": on(mon | wed), "mon , wed": on(mon | wed), "mondays and thursdays": on(mon | thu), "tue thu": on(tue | thu),
		"mon-fri": on(team.Weekdays), "mon–fri": on(team.Weekdays), "mon - fri": on(team.Weekdays), "Monday to Friday": on(team.Weekdays),
		"from monday to wednesday": on(mon | tue | wed), "fri-mon": on(fri | sat | sun | mon), "mon-mon": on(mon), "mon-wed,sat": on(mon | tue | wed | sat),
		"weekdays": on(team.Weekdays), "workdays": on(team.Weekdays), "weekend": on(team.Weekends), "daily": on(team.EveryDay), "every day": on(team.EveryDay),
		"everyday": on(team.EveryDay), "every weekday": on(team.Weekdays), "each Sunday": on(sun),

		"Europe/Berlin": in("Europe/Berlin"), "europe/berlin": in("Europe/Berlin"), "EUROPE/BERLIN": in("Europe/Berlin"), "america/new_york": in("America/New_York"),
		"america/port_of_spain": in("America/Port_of_Spain"), "america/port-au-prince": in("America/Port-au-Prince"), "africa/dar_es_salaam": in("Africa/Dar_es_Salaam"),
		"america/argentina/buenos_aires": in("America/Argentina/Buenos_Aires"), "utc": in("UTC"), "GMT": in("UTC"), "in Asia/Kolkata": in("Asia/Kolkata"), "Etc/GMT+5": in("Etc/GMT+5"),

		"09:00 weekdays Europe/Berlin":         with(9, 0, team.Weekdays, "Europe/Berlin"),
		"weekdays at 8:30":                     at(8, 30),
		"every monday at 10:15 am in utc":      with(10, 15, mon, "UTC"),
		"Europe/Berlin 7 sat,sun":              with(7, 0, team.Weekends, "Europe/Berlin"),
		"mon, wed and fri at 9, Europe/Berlin": with(9, 0, mon|wed|fri, "Europe/Berlin"),

		"cron 30 8 * * 1-5": by("30 8 * * 1-5", "Asia/Tokyo"), "30 8 * * 1-5": by("30 8 * * 1-5", "Asia/Tokyo"), "CRON 0 9 1,15 * *": by("0 9 1,15 * *", "Asia/Tokyo"),
		"0 9 * * MON-FRI Europe/Berlin": by("0 9 * * MON-FRI", "Europe/Berlin"), "cron 0 9 * * 1-5, Europe/Berlin": by("0 9 * * 1-5", "Europe/Berlin"),
		"@daily": by("@daily", "Asia/Tokyo"), "cron @weekly utc": by("@weekly", "UTC"), "0 9 29 2 *": by("0 9 29 2 *", "Asia/Tokyo"), "*/15 9 * * *": by("*/15 9 * * *", "Asia/Tokyo"),
	} {
		if got, err := team.ParseSchedule(usual, text); got != want || err != nil {
			t.Errorf("%q is %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestParseScheduleSaysWhatItDoesNotUnderstand(t *testing.T) {
	const none = "neither a time nor days"
	usual := team.Default().Schedule
	for text, want := range map[string]string{
		"": none, "   ": none, "learning rate": none, "at": none, ",": none, "every": none, "25:00": none, "24": none, "9:60": none, "13pm": none, "0am": none, "9:5": none,
		"Europe/Berln": none, "../etc/passwd": none, "/etc/localtime": none, "Europe/../UTC": none, "./Europe/Berlin": none, "Europe//Berlin": none, "Local": none, "-": none,
		"9:00 weekdys":           `"weekdys" is no time, day or time zone here`,
		"9:00 weekdays berlin":   `"berlin" is no time, day or time zone here`,
		"mon-fry":                none,
		"9 mon-fry":              `"mon-fry" is no`,
		"9:00 Europe/Paris2":     `"Europe/Paris2" is no`,
		"weekdays except friday": `"except" is no`,
		"monday to nine":         `"to" is no`,
		"9 17":                   "one time",
		"9:00 and 17:00":         "one time",
		"9 UTC Europe/Berlin":    "one time zone",

		"cron": "five fields", "cron 1 2 3": "five fields", "60 8 * * *": "five fields", "cron * * * * L": "five fields", "cron @every 1h": "five fields",
		"cron TZ=UTC": "five fields", "cron TZ=UTC 0 9 * * *": "five fields", "CRON CRON_TZ=": "five fields", "cron @midnite": "five fields", "*/0 8 * * *": "five fields",
		"0 9 30 2 *":                          "never comes",
		"0 9 * * * Berlin":                    `"Berlin" is no time zone`,
		"cron 0 9 * * * * ":                   `"*" is no time zone`,
		"9:00 " + strings.Repeat("long ", 99): `"long" is no`,
		"9:00 " + strings.Repeat("é", 99):     "é…\" is no",
	} {
		got, err := team.ParseSchedule(usual, text)
		if err == nil || !strings.Contains(err.Error(), want) || (want == none) != errors.Is(err, team.ErrNotASchedule) {
			t.Errorf("%q says %v, want %q", text, err, want)
		}
		if got != usual {
			t.Errorf("%q was not understood and made %v of %v", text, got, usual)
		}
		if want != none && err != nil && !isSentence(err.Error()) {
			t.Errorf("%q says %q, which is no sentence", text, err)
		}
	}
}

func isSentence(s string) bool {
	first := []rune(strings.TrimLeft(s, `"`))
	return strings.HasSuffix(s, ".") && (strings.HasPrefix(s, `"`) || unicode.IsUpper(first[0]))
}

func TestAPlainTimeTakesThePlaceOfACronExpression(t *testing.T) {
	usual := team.Default().Schedule // 09:00 lies under the expression
	cron, err := team.ParseSchedule(usual, "cron 30 8 * * 1")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"09:00":         "09:00, Monday to Friday",
		"10:00":         "10:00, Monday to Friday",
		"sat":           "09:00, Saturday",
		"weekdays":      "09:00, Monday to Friday",
		"Europe/Berlin": "cron 30 8 * * 1, Europe/Berlin",
		"0 0 * * *":     "cron 0 0 * * *",
	} {
		if got, err := team.ParseSchedule(cron, text); got.String() != want || err != nil {
			t.Errorf("%s, then %q, is %q, %v; want %q", cron, text, got, err, want)
		}
	}
}

func TestSeveralTimesADayAreNoticed(t *testing.T) {
	for expr, want := range map[string]bool{
		"0 9 * * *": false, "0 9,17 * * *": true, "0 0,12 * * *": true, "0 0 * * *": false, "*/5 9 * * 1": true, "0 9 1,2 * *": false, "@hourly": true, "@daily": false, "": false,
	} {
		if got := (team.Schedule{Cron: expr}).SeveralTimes(); got != want {
			t.Errorf("%q has several times a day: %v, want %v", expr, got, want)
		}
	}
}

func FuzzParseSchedule(f *testing.F) {
	for _, text := range []string{
		"09:00 weekdays Europe/Berlin", "mon,wed 8:30", "cron 0 9 * * 1-5, Europe/Berlin", "@daily", "cron TZ=UTC", "30 8 29 2 ?",
		"Monday to Friday", "sat - sun noon", "12:30 am utc", "Etc/GMT+5", "5-9/2 1,2 */3 jan,feb sun", ", , , , ,", "cron", "9–5",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		before := team.Default().Schedule
		s, err := team.ParseSchedule(before, text)
		if err != nil {
			if s != before {
				t.Errorf("%q: the error %v came with %+v", text, err, s)
			}
			return
		}
		if s.Hour < 0 || s.Hour > 23 || s.Minute < 0 || s.Minute > 59 || s.Days == 0 || s.Days > team.EveryDay {
			t.Errorf("%q: %+v is no schedule", text, s)
		}
		loc, err := time.LoadLocation(s.Zone)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if slot := s.Next(time.Date(2026, 2, 27, 12, 0, 0, 0, time.UTC), loc); slot.At.IsZero() {
			t.Errorf("%q: %v never comes", text, s)
		}
		again, err := team.ParseSchedule(before, s.String())
		if err != nil || again.String() != s.String() {
			t.Errorf("%q: %q is read as %q, %v", text, s, again, err)
		}
	})
}
