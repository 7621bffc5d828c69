package arxiv

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/source"
)

const (
	lookBack = 3 // days to begin with
	weekDays = 7 // that are asked for at once: some 5,000 papers, a few pages
)

// firstDay is when arXiv began.
var firstDay = date.New(1991, time.August, 14)

// cursor is what was read: of the feeds, which are there for one day each, and
// of the announcements before today's, which are caught up with in order.
type cursor struct {
	Read  []date.Date `json:"read,omitempty"` // days, none before Day, whose feeds were read
	Asked time.Time   `json:"asked,omitzero"` // when the feed was asked for last
	ETag  string      `json:"etag,omitzero"`  // of the feed read last

	Day   date.Date `json:"day"`            // the announcement to catch up with next; today's if there is none
	Last  date.Date `json:"last,omitzero"`  // the last one that is asked for together with Day's
	From  date.Date `json:"from,omitzero"`  // where catching up began
	Start int       `json:"start,omitzero"` // of the next page of their papers
	First string    `json:"first,omitzero"` // entry of the page before
	Tries int       `json:"tries,omitzero"` // of this page, in vain
}

// String is the cursor as it is stored.
func (c cursor) String() string {
	b, _ := json.Marshal(c) // of text, times and numbers: cannot fail
	return string(b)
}

// resume is where ask goes on.
func resume(ask source.Ask, today date.Date) (cursor, error) {
	c := cursor{Day: today.AddDays(-lookBack)}
	if ask.Cursor == "" && !ask.Since.IsZero() {
		c.Day = ask.Since
	}
	if ask.Cursor != "" {
		c = cursor{}
		if err := json.Unmarshal([]byte(ask.Cursor), &c); err != nil {
			return cursor{}, fmt.Errorf("cursor %q: %w", paper.Line(ask.Cursor, paper.MaxName), err)
		}
		if c.Day.IsZero() || c.Start < 0 {
			return cursor{}, errors.New("the cursor is not one of this source")
		}
	}
	if c.Day.Before(firstDay) {
		c.Day = firstDay
	}
	if today.Before(c.Day) { // the clock was wrong, or is asked about the future
		c = cursor{Day: today}
	}
	return c.forward(today), nil
}

// forward is c past the days that need no catching up: those without an
// announcement, and those whose feeds were read.
func (c cursor) forward(today date.Date) cursor {
	for c.Day.Before(today) && (none(c.Day) || slices.Contains(c.Read, c.Day)) {
		c.Day = c.Day.AddDays(1)
	}
	if c.Start == 0 && c.Tries == 0 {
		c.Last = c.lastWith(today)
	}
	c.Read = slices.DeleteFunc(c.Read, func(d date.Date) bool { return d.Before(c.Day) })
	switch {
	case c.Day == today:
		c.From = date.Date{}
	case c.From.IsZero():
		c.From = c.Day
	}
	return c
}

// lastWith is the last announcement before today that can be asked for together
// with Day's: at most a week's, and none whose feed was read.
func (c cursor) lastWith(today date.Date) date.Date {
	last := c.Day
	for d := c.Day; d.Before(today) && d.Before(c.Day.AddDays(weekDays)) && !slices.Contains(c.Read, d); d = d.AddDays(1) {
		if !none(d) {
			last = d
		}
	}
	return last
}

// nextWeek is the cursor for the announcements after those asked for together.
func (c cursor) nextWeek() cursor {
	c.Day = c.Last.AddDays(1)
	c.Start, c.First, c.Tries = 0, "", 0
	return c
}

// feedDue reports whether now's feed is to be asked for: until it has been read,
// but once only on a day that should have none.
func (c cursor) feedDue(now time.Time) bool {
	switch today := dayOf(now); {
	case slices.Contains(c.Read, today):
		return false
	case dayOf(c.Asked) != today:
		return true
	case none(today):
		return false
	}
	return now.Sub(c.Asked).Abs() >= feedEvery // in the future, if the clock was wrong
}

// wait is how long nothing is to be asked for, if nothing is now.
func (c cursor) wait(now time.Time) time.Duration {
	today := dayOf(now)
	night := today.AddDays(1).Start(eastern).Add(turnover).Sub(now)
	if none(today) || slices.Contains(c.Read, today) {
		return night
	}
	return min(night, c.Asked.Add(feedEvery).Sub(now))
}

// progress is how much of reading until today is done, from 0 to 1. The feed,
// which comes first, counts as a day.
func (c cursor) progress(today date.Date) float64 {
	if c.Day == today {
		return 1
	}
	days := func(to date.Date) float64 { return to.Start(time.UTC).Sub(c.From.Start(time.UTC)).Hours() / 24 }
	return (days(c.Day) + 1) / (days(today) + 1)
}
