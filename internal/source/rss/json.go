package rss

import (
	"bytes"
	"encoding/json"
	"errors"
	"html"
	"slices"

	jsonfeed "github.com/mmcdole/gofeed/json"
)

// tameJSON copies a feed of https://www.jsonfeed.org/version/1.1/, item by item,
// so that one of a million empty ones is no trouble.
func tameJSON(body []byte) ([]byte, error) {
	if !bytes.Contains(body, []byte("jsonfeed.org")) {
		return nil, errNotFeed
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if err := enterItems(d); err != nil {
		return nil, err
	}
	var feed jsonfeed.Feed
	for fields := 0; d.More() && len(feed.Items) < maxItems; {
		it, err := tameItem(d)
		if err != nil {
			return nil, err
		}
		if fields += len(it.Authors) + len(it.Tags); fields > maxFields {
			return nil, errFields
		}
		feed.Items = append(feed.Items, it)
	}
	if len(feed.Items) < maxItems {
		if _, err := d.Token(); err != nil {
			return nil, err
		}
	}
	return json.Marshal(feed)
}

// enterItems reads up to the beginning of the list of items.
func enterItems(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		if key == "items" {
			if begin, err := d.Token(); err != nil || begin != json.Delim('[') {
				return errNotFeed
			}
			return nil
		}
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return err
		}
	}
	return errNotFeed
}

// tameItem reads what it can of an item: a field of the wrong type stays empty.
func tameItem(d *json.Decoder) (*jsonfeed.Item, error) {
	var raw json.RawMessage
	if err := d.Decode(&raw); err != nil {
		return nil, err
	}
	if len(raw) > maxEntry {
		return nil, errEntry
	}
	var it jsonfeed.Item // which null leaves empty; gofeed panics at null items and authors
	if err := json.Unmarshal(raw, &it); err != nil && !errors.As(err, new(*json.UnmarshalTypeError)) {
		return nil, err
	}
	it.Attachments = nil
	it.Authors = slices.DeleteFunc(it.Authors, func(a *jsonfeed.Author) bool { return a == nil })
	// These are plain text, unlike in RSS.
	it.Title = html.EscapeString(it.Title)
	it.Summary = html.EscapeString(it.Summary)
	it.ContentText = html.EscapeString(it.ContentText)
	return &it, nil
}
