package rss

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"html"
)

// jsonItem is an item of https://www.jsonfeed.org/version/1.1/.
type jsonItem struct {
	ID            any          `json:"id"` // numbers happen
	URL           string       `json:"url"`
	Title         string       `json:"title"`
	ContentHTML   string       `json:"content_html"`
	ContentText   string       `json:"content_text"`
	Summary       string       `json:"summary"`
	DatePublished string       `json:"date_published"`
	DateModified  string       `json:"date_modified"`
	Author        jsonPerson   `json:"author"` // of version 1.0
	Authors       []jsonPerson `json:"authors"`
	Tags          []string     `json:"tags"`
}

type jsonPerson struct {
	Name string `json:"name"`
}

// readJSON reads the items one by one, so that a feed of a million empty ones
// is no trouble.
func readJSON(body []byte) ([]item, error) {
	if !bytes.Contains(body, []byte("jsonfeed.org")) {
		return nil, errNotFeed
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if err := enterItems(d); err != nil {
		return nil, err
	}
	var items []item
	for d.More() && len(items) < maxItems {
		var it jsonItem
		if err := decode(d, &it); err != nil {
			return nil, fmt.Errorf("the feed is broken: %w", err)
		}
		items = append(items, it.item())
	}
	if len(items) < maxItems {
		if _, err := d.Token(); err != nil {
			return nil, fmt.Errorf("the feed is broken: %w", err)
		}
	}
	return items, nil
}

// enterItems reads up to the beginning of the list of items.
func enterItems(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("the feed is broken: %w", err)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return fmt.Errorf("the feed is broken: %w", err)
		}
		if key == "items" {
			if begin, err := d.Token(); err != nil || begin != json.Delim('[') {
				return errNotFeed
			}
			return nil
		}
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return fmt.Errorf("the feed is broken: %w", err)
		}
	}
	return errNotFeed
}

// decode reads what it can: a field of the wrong type stays empty.
func decode(d *json.Decoder, it *jsonItem) error {
	err := d.Decode(it)
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		return nil
	}
	return err
}

func (j jsonItem) item() item {
	id, _ := j.ID.(string)
	it := item{
		title:     html.EscapeString(j.Title), // plain text, unlike in RSS
		link:      j.URL,
		guid:      id,
		summary:   html.EscapeString(j.Summary),
		content:   cmp.Or(j.ContentHTML, html.EscapeString(j.ContentText)),
		tags:      j.Tags,
		published: j.DatePublished,
		updated:   j.DateModified,
	}
	for _, a := range append(j.Authors, j.Author) {
		it.authors = append(it.authors, a.Name)
	}
	return it
}
