package rss

import (
	"bytes"
	"errors"
	"strings"
	"time"
)

// item is an entry of any kind of feed, as it was written.
type item struct {
	title     string
	link      string
	guid      string
	dois      []string // and other identifiers
	summary   string
	content   string
	authors   []string
	tags      []string
	published string
	updated   string
}

var (
	errNotFeed = errors.New("the answer is neither RSS, Atom nor JSON Feed")
	errEmpty   = errors.New("the answer is empty")
)

// read returns the first items of a feed.
func read(body []byte) ([]item, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	switch {
	case len(body) == 0:
		return nil, errEmpty
	case body[0] == '{':
		return readJSON(body)
	case body[0] == '<':
		return readXML(body)
	}
	return nil, errNotFeed
}

// The forms of dates found in feeds; the standards know the first four.
var layouts = []string{
	time.RFC3339, time.RFC1123Z, time.RFC1123, "2006-01-02",
	"Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04 MST", "Mon, 2 Jan 2006",
	"2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 MST", "2 Jan 2006", "2 January 2006", "January 2, 2006",
	"2006-01-02T15:04:05-0700", "2006-01-02T15:04-07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05",
}

// moment reads a date as its writer saw it: in the zone it names.
func moment(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if len(s) > 50 {
		return time.Time{}, false
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
