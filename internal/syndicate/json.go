package syndicate

import (
	"bytes"
	"encoding/json"
	"time"
)

// jsonFeed is https://www.jsonfeed.org/version/1.1/.
type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	Home        string       `json:"home_page_url,omitempty"`
	Self        string       `json:"feed_url,omitempty"`
	Description string       `json:"description,omitempty"`
	Language    string       `json:"language"`
	Authors     []jsonAuthor `json:"authors"`
	Items       []jsonItem   `json:"items"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url,omitempty"`
	Title     string       `json:"title"`
	HTML      string       `json:"content_html"`
	Summary   string       `json:"summary,omitempty"`
	Published *time.Time   `json:"date_published,omitempty"`
	Modified  *time.Time   `json:"date_modified,omitempty"`
	Authors   []jsonAuthor `json:"authors,omitempty"`
	Tags      []string     `json:"tags,omitempty"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

// JSON writes a feed as JSON Feed 1.1.
func JSON(f Feed) []byte {
	j := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: text(f.Title), Home: link(f.Home), Self: link(f.Self), Description: text(f.About),
		Language: "en", Authors: []jsonAuthor{{generator}}, Items: []jsonItem{},
	}
	for _, e := range f.Entries {
		item := jsonItem{
			ID: text(e.ID), URL: link(e.Link), Title: text(e.Title), HTML: e.html(), Summary: text(e.Summary),
			Published: jsonTime(e.Published), Modified: jsonTime(e.Updated), Tags: e.topics(),
		}
		for _, name := range e.authors() {
			item.Authors = append(item.Authors, jsonAuthor{name})
		}
		j.Items = append(j.Items, item)
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(j); err != nil { // times of a year beyond 9999, which papers have none of
		panic("syndicate: a feed did not marshal: " + err.Error())
	}
	return b.Bytes()
}

func jsonTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}
