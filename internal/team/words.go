package team

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"paperboy/internal/date"
)

// ErrNotASchedule is for words that say nothing about when.
var ErrNotASchedule = errors.New("this says neither a time nor days nor a time zone")

// sentence is an error that is a whole answer for people.
type sentence string

func (s sentence) Error() string { return string(s) }

// ParseSchedule reads what people type: a time, days and a time zone, in any
// order and each as they like, or "cron" and five fields. What is not said stays
// as it is in now. Its errors are sentences for people.
func ParseSchedule(now Schedule, text string) (Schedule, error) {
	text = strings.ReplaceAll(text, "–", "-")
	words := strings.Fields(strings.ReplaceAll(text, ",", " , "))
	if len(words) == 0 {
		return now, ErrNotASchedule
	}
	if fields, zone, ok := cronFields(text); ok {
		return withCron(now, fields, zone)
	}
	next := now
	var days Days
	timed, zoned := false, false
	for i, n := 0, 1; i < len(words); i += n {
		n = 1
		if hour, minute, took, ok := clock(words[i:]); ok {
			if timed {
				return now, sentence("A day has one post, so say one time for it.")
			}
			next.Hour, next.Minute, n, timed = hour, minute, took, true
		} else if d, took, ok := someDays(words[i:]); ok {
			days, n = days|d, took
		} else if z, ok := zone(words[i]); ok {
			if zoned {
				return now, sentence("Say one time zone, not several.")
			}
			next.Zone, zoned = z, true
		} else if isFiller(words[i]) {
			continue
		} else if !timed && !zoned && days == 0 {
			return now, ErrNotASchedule
		} else {
			return now, sentence(fmt.Sprintf("%q is no time, day or time zone here. Say it like 09:00 weekdays Europe/Berlin, or mon,wed 8:30.", cut(words[i])))
		}
	}
	if !timed && !zoned && days == 0 {
		return now, ErrNotASchedule
	}
	return plainly(next, timed, days), nil
}

// isFiller reports whether a word only joins others.
func isFiller(w string) bool {
	switch strings.ToLower(w) {
	case ",", "at", "on", "in", "from", "and", "every", "each":
		return true
	}
	return false
}

// plainly leaves a cron expression where a time or days are said; a zone alone
// goes with it.
func plainly(s Schedule, timed bool, days Days) Schedule {
	if timed || days != 0 {
		s.Cron = ""
	}
	if days != 0 {
		s.Days = days
	}
	if s.Cron == "" && s.Days == 0 {
		s.Days = Weekdays
	}
	return s
}

// cronFields finds a cron expression: after the word cron, or five fields that
// no sentence has.
func cronFields(text string) (fields, zone string, ok bool) {
	words := strings.Fields(text)
	if strings.EqualFold(words[0], "cron") {
		words, ok = words[1:], true
	} else if !strings.HasPrefix(words[0], "@") && (len(words) < 5 || !cronLike.MatchString(strings.Join(words[:5], " "))) {
		return "", "", false
	}
	n := 5
	if len(words) > 0 && strings.HasPrefix(words[0], "@") {
		n = 1
	}
	n = min(n, len(words))
	fields = strings.TrimRight(strings.Join(words[:n], " "), ", ")
	return fields, strings.Trim(strings.Join(words[n:], " "), ", "), true
}

var cronLike = regexp.MustCompile(`^[0-9*/,?-]+ [0-9*/,?-]+ [0-9*/,?LW-]+ \S+ \S+$`)

func withCron(now Schedule, fields, where string) (Schedule, error) {
	next := now
	next.Cron = fields
	spec, err := parseCron(fields)
	if err != nil {
		return now, sentence(fmt.Sprintf("%q is no cron expression: it has five fields, minute hour day month weekday, as in 30 8 * * 1-5.", cut(fields)))
	}
	if spec.Next(time.Unix(0, 0).UTC()).IsZero() {
		return now, sentence(fmt.Sprintf("%q never comes.", cut(fields)))
	}
	if where != "" {
		z, ok := zone(where)
		if !ok {
			return now, sentence(fmt.Sprintf("%q is no time zone. Use a name such as Europe/Berlin or America/New_York.", cut(where)))
		}
		next.Zone = z
	}
	return next, nil
}

// SeveralTimes reports whether a schedule names more than one time a day, of
// which only the first counts.
func (s Schedule) SeveralTimes() bool {
	spec, err := parseCron(s.Cron)
	if s.Cron == "" || err != nil {
		return false
	}
	first := spec.Next(time.Unix(-1, 0).UTC()) // midnight is the day's first minute
	return date.Of(spec.Next(first)) == date.Of(first)
}

var clockWord = regexp.MustCompile(`^(\d{1,2})(?:[:.h](\d{2}))?(am|pm)?$`)

// clock reads a time of day at the beginning of words: "9", "9:30", "09.30",
// "9am", "9:30 pm", "noon". It says how many words that took.
func clock(words []string) (hour, minute, n int, ok bool) {
	w := strings.ToLower(words[0])
	switch w {
	case "noon":
		return 12, 0, 1, true
	case "midnight":
		return 0, 0, 1, true
	}
	m := clockWord.FindStringSubmatch(w)
	if m == nil {
		return 0, 0, 0, false
	}
	n = 1
	half := m[3]
	if len(words) > 1 && half == "" {
		if next := strings.ToLower(words[1]); next == "am" || next == "pm" {
			half, n = next, 2
		}
	}
	hour, _ = strconv.Atoi(m[1])
	minute, _ = strconv.Atoi(m[2])
	switch {
	case half != "" && (hour < 1 || hour > 12):
		return 0, 0, 0, false
	case half == "am":
		hour %= 12
	case half == "pm":
		hour = hour%12 + 12
	}
	return hour, minute, n, hour < 24 && minute < 60
}

// someDays reads days at the beginning of words: "weekdays", "mon-fri", "Monday to
// Friday". It says how many words that took.
func someDays(words []string) (days Days, n int, ok bool) {
	if len(words) > 2 && (words[1] == "-" || strings.EqualFold(words[1], "to")) {
		if days, ok := dayRange(words[0], words[2]); ok {
			return days, 3, true
		}
	}
	if from, to, isRange := strings.Cut(words[0], "-"); isRange {
		if days, ok := dayRange(from, to); ok {
			return days, 1, true
		}
	}
	days, ok = dayWord(strings.ToLower(words[0]))
	return days, 1, ok
}

// dayWord reads "weekdays", "tuesdays", "daily".
func dayWord(w string) (Days, bool) {
	switch w {
	case "weekday", "weekdays", "workdays", "working-days":
		return Weekdays, true
	case "weekend", "weekends":
		return Weekends, true
	case "daily", "everyday", "day", "days":
		return EveryDay, true
	}
	d, ok := dayName(w)
	return 1 << d, ok
}

// dayRange is the days from one to another, over the end of the week where need be.
func dayRange(from, to string) (Days, bool) {
	first, ok1 := dayName(strings.ToLower(from))
	last, ok2 := dayName(strings.ToLower(to))
	if !ok1 || !ok2 {
		return 0, false
	}
	days := Days(1) << first
	for d := first; d != last; {
		d = (d + 1) % 7
		days |= 1 << d
	}
	return days, true
}

// dayName reads the name of a day of the week, or its beginning.
func dayName(w string) (time.Weekday, bool) {
	w = strings.TrimSuffix(strings.TrimSuffix(w, "."), "s")
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		if w == name || len(w) >= 2 && len(w) <= 5 && strings.HasPrefix(name, w) {
			return d, true
		}
	}
	return 0, false
}

// zone finds a time zone by its IANA name, in any case, or UTC.
func zone(w string) (string, bool) {
	if strings.EqualFold(w, "utc") || strings.EqualFold(w, "gmt") {
		return "UTC", true
	}
	if !zoneName.MatchString(w) {
		return "", false
	}
	parts := strings.Split(strings.ToLower(w), "/")
	for i, p := range parts {
		parts[i] = capitals(p)
	}
	for _, name := range []string{w, small.Replace(strings.Join(parts, "/"))} {
		if loc, err := time.LoadLocation(name); err == nil {
			return loc.String(), true
		}
	}
	return "", false
}

// zoneName is what can be a name with a region: not a path that leads elsewhere.
var zoneName = regexp.MustCompile(`^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)+$`)

// small are the words in names that have no capital: Port_of_Spain, Dar_es_Salaam,
// Port-au-Prince.
var small = strings.NewReplacer("_Of_", "_of_", "_Es_", "_es_", "-Au-", "-au-")

// capitals is "new_york" as the time zone database writes it: "New_York".
func capitals(s string) string {
	b := []byte(s)
	up := true
	for i, c := range b {
		if up && c >= 'a' && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
		up = c == '_' || c == '-'
	}
	return string(b)
}

// cut keeps what people typed short enough to be said back.
func cut(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
