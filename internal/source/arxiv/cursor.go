package arxiv

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/source"
)

const lookBack = 3 // days to begin with

// firstDay is when arXiv began.
var firstDay = date.New(1991, time.August, 14)

// cursor is the announcement to read next. While it is a past one, the cursor
// is also a place in its list of papers.
type cursor struct {
	Day   date.Date `json:"day"`
	ETag  string    `json:"etag,omitzero"`  // of the feed read last
	From  date.Date `json:"from,omitzero"`  // where catching up began
	Start int       `json:"start,omitzero"` // of the next page of Day's papers
	First string    `json:"first,omitzero"` // entry of the page before
	Tries int       `json:"tries,omitzero"` // of this page, in vain
}

// String is the cursor as it is stored.
func (c cursor) String() string {
	b, _ := json.Marshal(c) // of text and numbers: cannot fail
	return string(b)
}

// resume is where ask goes on: at the first day not yet read that has an
// announcement, at the latest tomorrow.
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
	if today.AddDays(1).Before(c.Day) { // the clock was wrong, or is asked about the future
		c = cursor{Day: today}
	}
	for c.Day.Before(today) && none(c.Day) {
		c.Day = c.Day.AddDays(1)
	}
	if c.From.IsZero() && c.Day.Before(today) {
		c.From = c.Day
	}
	return c, nil
}

// nextDay is the cursor for the announcement after c's.
func (c cursor) nextDay() cursor {
	return cursor{Day: c.Day.AddDays(1), ETag: c.ETag, From: c.From}
}

// progress is how much of catching up until today is done, from 0 to 1; the
// feed of today belongs to it.
func (c cursor) progress(today date.Date) float64 {
	days := func(to date.Date) float64 { return to.Start(time.UTC).Sub(c.From.Start(time.UTC)).Hours() / 24 }
	return days(c.Day) / (days(today) + 1)
}
