package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/english"
	"paperboy/internal/paper"
)

const (
	usualLimit = 20
	maxLimit   = 100
	maxQuery   = 1_000 // bytes
	// maxOffset bounds how far a search is paged through: each page has to find
	// all before it.
	maxOffset = 10_000
	// maxSpan is how many days a list may cover: sorting a year of them takes a
	// tenth of a second each time.
	maxSpan = 31
)

// parameters are what follows the question mark, each at most once.
type parameters map[string]string

// params reads a request's parameters, of which only those named may be given.
func params(r *http.Request, names ...string) (parameters, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, wrong("The parameters cannot be read: they are not encoded as addresses are.")
	}
	p := parameters{}
	for name, all := range values {
		switch {
		case !slices.Contains(names, name) && len(names) == 0:
			return nil, wrong("This address takes no parameters, and %q was given.", paper.Line(name, 50))
		case !slices.Contains(names, name):
			return nil, wrong("There is no parameter %q here; there %s %s.", paper.Line(name, 50), english.Are(len(names)), english.List(names, "and"))
		case len(all) > 1:
			return nil, wrong("The parameter %s is given more than once.", name)
		}
		p[name] = all[0]
	}
	return p, nil
}

// only refuses parameters altogether.
func only(r *http.Request) error {
	_, err := params(r)
	return err
}

// number is a whole number between two bounds, or what is usual if it is not given.
func (p parameters) number(name string, usual, from, to int) (int, error) {
	text, given := p[name]
	if !given {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < from || n > to {
		return 0, wrong("%s has to be a whole number from %s to %s.", name, english.Thousands(from), english.Thousands(to))
	}
	return n, nil
}

// word is one of some words; the first if it is not given.
func (p parameters) word(name string, words ...string) (string, error) {
	text, given := p[name]
	if !given {
		return words[0], nil
	}
	if !slices.Contains(words, text) {
		return "", wrong("%s has to be %s.", name, english.List(words, "or"))
	}
	return text, nil
}

// query is the text of a search.
func (p parameters) query() (string, error) {
	q := strings.TrimSpace(p["q"])
	switch {
	case q == "":
		return "", wrong("What to search for is missing: add ?q= and the words, such as ?q=mixture+of+experts.")
	case len(q) > maxQuery:
		return "", wrong("The search is too long; it may have up to %s bytes.", english.Thousands(maxQuery))
	}
	return q, nil
}

// span is from one day to another, both included.
type span struct{ from, to date.Date }

// span is the days that are asked for; ok is false if none are.
func (p parameters) span() (s span, ok bool, err error) {
	var given []string
	for _, name := range []string{"date", "week", "month"} {
		if p[name] != "" {
			given = append(given, name)
		}
	}
	ranged := p["since"] != "" || p["before"] != ""
	switch {
	case len(given) > 1 || len(given) == 1 && ranged:
		return span{}, false, wrong("Give one of date, week and month, or else since and before.")
	case ranged:
		s, err = between(p["since"], p["before"])
		return s, err == nil, err
	case len(given) == 0:
		return span{}, false, nil
	}
	s, good := period(given[0], p[given[0]])
	if !good {
		return span{}, false, wrong("%s has to be written like %s.", given[0], map[string]string{"date": "2026-02-27", "week": "2026-W09", "month": "2026-02"}[given[0]])
	}
	return s, true, nil
}

// period reads 2026-02-27, 2026-W09 or 2026-02.
func period(kind, text string) (span, bool) {
	switch kind {
	case "date":
		d, ok := day(text)
		return span{d, d}, ok
	case "month":
		t, err := time.Parse("2006-01", text)
		first := date.Of(t)
		return span{first, date.New(first.Year, first.Month+1, 0)}, err == nil && first.Year > 0
	}
	year, week, ok := strings.Cut(text, "-W")
	y, err1 := strconv.Atoi(year)
	w, err2 := strconv.Atoi(week)
	if !ok || err1 != nil || err2 != nil || len(year) != 4 || len(week) != 2 || y < 1 || w < 1 {
		return span{}, false
	}
	// The first week of a year is the one that the 4th of January is in.
	fourth := date.New(y, time.January, 4)
	monday := fourth.AddDays(-(int(fourth.Weekday())+6)%7 + 7*(w-1))
	if gotYear, gotWeek := monday.Start(time.UTC).ISOWeek(); gotYear != y || gotWeek != w {
		return span{}, false // a year without a week 53
	}
	return span{monday, monday.AddDays(6)}, true
}

// between is from since up to the day before before, at most maxSpan days.
func between(since, before string) (span, error) {
	if since == "" || before == "" {
		return span{}, wrong("Give both since and before, such as since=2026-02-01&before=2026-03-01.")
	}
	from, ok1 := day(since)
	end, ok2 := day(before)
	switch {
	case !ok1 || !ok2:
		return span{}, wrong("since and before have to be written like 2026-02-27.")
	case !from.Before(end):
		return span{}, wrong("since has to be before before.")
	case end.Since(from) > maxSpan:
		return span{}, wrong("From since to before may be up to %d days.", maxSpan)
	}
	return span{from, end.AddDays(-1)}, nil
}

func day(text string) (date.Date, bool) {
	d, err := date.Parse(text)
	return d, err == nil && d.Year > 0
}
