package rss

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
)

const maxText = 1 << 20 // bytes of a field's text; no more is read of it anyway

// Shapes that no real feed has.
const (
	maxDepth  = 100     // of elements in elements; HTML in XML may be 40
	maxName   = 500     // bytes of an element's name and vocabulary
	maxFields = 100_000 // of all items together; a paper may have 3,000 authors
	maxEntry  = 2 << 20 // bytes of an item in JSON
)

var (
	errNotFeed = errors.New("the answer is neither RSS, Atom nor JSON Feed")
	errEmpty   = errors.New("the answer is empty")
	errDeep    = fmt.Errorf("it is nested more than %d deep; real ones are not", maxDepth)
	errName    = fmt.Errorf("it has a name of more than %d bytes; real ones do not", maxName)
	errFields  = fmt.Errorf("its first %d items have more than %d fields; real ones do not", maxItems, maxFields)
	errEntry   = fmt.Errorf("it has an item of more than %d bytes; real ones do not", maxEntry)
)

// read returns the first items of a feed.
func read(body []byte) ([]*gofeed.Item, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	copied, err := tame(body)
	if errors.Is(err, errNotFeed) || errors.Is(err, errEmpty) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("the feed is broken: %w", err)
	}
	return parse(copied)
}

// tame copies what papers are made of, and nothing that gofeed is slow at.
func tame(body []byte) ([]byte, error) {
	switch {
	case len(body) == 0:
		return nil, errEmpty
	case body[0] == '{':
		return tameJSON(body)
	case body[0] == '<':
		return tameXML(body)
	}
	return nil, errNotFeed
}

// parse hands a tame feed to gofeed, which is known to panic.
func parse(body []byte) (items []*gofeed.Item, err error) {
	defer func() {
		if p := recover(); p != nil {
			items, err = nil, fmt.Errorf("the feed is broken: gofeed panics: %v", p)
		}
	}()
	parser := gofeed.NewParser()
	// Looking for a picture, it would build every item's HTML as a tree.
	parser.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	feed, err := parser.Parse(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("the feed is broken: %w", err)
	}
	return feed.Items, nil
}

// The forms of dates found in feeds; the standards know the first four.
var layouts = []string{
	time.RFC3339, time.RFC1123Z, time.RFC1123, "2006-01-02",
	"Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04 MST", "Mon, 2 Jan 2006",
	"2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 MST", "2 Jan 2006", "2 January 2006", "January 2, 2006",
	"2006-01-02T15:04:05-0700", "2006-01-02T15:04-07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05",
}

// moment reads a date as its writer saw it: in the zone it names. gofeed knows
// more forms, but turns most of them into UTC.
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
