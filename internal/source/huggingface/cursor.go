package huggingface

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/source"
)

const lookBack = 7 // days that are read again for late votes

// firstDay had the first Daily Papers.
var firstDay = date.New(2023, 5, 4)

// cursor is how far a walk over the days has come. Between two walks it has no
// Day.
type cursor struct {
	Day  date.Date `json:"day,omitzero"`  // to be read next
	Page int       `json:"page,omitzero"` // of Day
	// First is the first paper of the page before: a server that does not know
	// about pages gives the same one again and again.
	First paper.ID  `json:"first,omitzero"`
	From  date.Date `json:"from,omitzero"` // where the walk began
	Week  date.Date `json:"week,omitzero"` // when the last walk over a week began
}

// String is the cursor as it is stored.
func (c cursor) String() string {
	b, _ := json.Marshal(c) // of text and numbers: cannot fail
	return string(b)
}

// resume is where ask goes on. A walk over the week begins a week before the
// first day that the last such walk did not reach. After weeks of being off,
// every day is therefore read, and once more when it is a week old or older.
func resume(ask source.Ask, today date.Date) (cursor, error) {
	if ask.Cursor == "" {
		day := today.AddDays(-lookBack)
		if !ask.Since.IsZero() {
			day = earlier(later(ask.Since, firstDay), today)
		}
		return cursor{Day: day, From: day, Week: today}, nil
	}
	var c cursor
	if err := json.Unmarshal([]byte(ask.Cursor), &c); err != nil {
		return cursor{}, fmt.Errorf("cursor %q: %w", paper.Line(ask.Cursor, paper.MaxName), err)
	}
	if c.Week.IsZero() || c.Page < 0 || c.Page >= maxPages {
		return cursor{}, errors.New("the cursor is not one of this source")
	}
	switch {
	case c.Day.IsZero() && c.Week == today:
		c.Day = today.AddDays(-1)
		c.From = c.Day
	case c.Day.IsZero():
		c.Day = earlier(c.Week.AddDays(1), today).AddDays(-lookBack)
		c.From, c.Week = c.Day, today
	case today.Before(c.Day): // the clock was wrong
		c = cursor{Day: today, From: today, Week: today}
	}
	return c, nil
}

// after is where to go on after a list with so many entries, of which papers
// could be read. It also reports whether it was the list of the page before.
func (c cursor) after(papers []paper.Paper, entries int, today date.Date) (next cursor, repeated bool) {
	var first paper.ID
	if len(papers) > 0 {
		first = papers[0].ID
	}
	repeated = c.Page > 0 && first != "" && first == c.First
	switch {
	case !repeated && entries >= defaultLimit && c.Page+1 < maxPages:
		c.Page, c.First = c.Page+1, first
		return c, false
	case c.Day.Before(today):
		return cursor{Day: c.Day.AddDays(1), From: c.From, Week: c.Week}, repeated
	}
	return cursor{Week: c.Week}, repeated
}

// progress is how much of the walk is done, from 0 to 1.
func (c cursor) progress(today date.Date) float64 {
	if c.Day.IsZero() {
		return 1
	}
	return float64(days(c.From, c.Day)) / float64(days(c.From, today)+1)
}

func days(from, to date.Date) int {
	return int(to.Start(time.UTC).Sub(from.Start(time.UTC)) / (24 * time.Hour))
}

func earlier(a, b date.Date) date.Date {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b date.Date) date.Date {
	if a.Before(b) {
		return b
	}
	return a
}
