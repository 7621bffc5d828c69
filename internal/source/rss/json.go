package rss

import (
	"bytes"
	"encoding/json"
	"errors"
	"html"
	"slices"

	jsonfeed "github.com/mmcdole/gofeed/json"
)

// tameJSON copies the items of a feed of https://www.jsonfeed.org/version/1.1/.
func tameJSON(body []byte) ([]byte, error) {
	if !bytes.Contains(body, []byte("jsonfeed.org")) {
		return nil, errNotFeed
	}
	var whole struct{ Items []json.RawMessage }
	if err := json.Unmarshal(body, &whole); err != nil {
		return nil, err
	}
	if whole.Items == nil {
		return nil, errNotFeed
	}
	var feed jsonfeed.Feed
	fields := 0
	for _, raw := range whole.Items[:min(len(whole.Items), maxItems)] {
		it, err := tameItem(raw)
		if err != nil {
			return nil, err
		}
		if fields += len(it.Authors) + len(it.Tags); fields > maxFields {
			return nil, errFields
		}
		feed.Items = append(feed.Items, it)
	}
	return json.Marshal(feed)
}

// tameItem reads what it can of an item: a field of the wrong type stays empty.
func tameItem(raw []byte) (*jsonfeed.Item, error) {
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
