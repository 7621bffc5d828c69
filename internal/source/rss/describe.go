package rss

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"paperboy/internal/polite"
)

const (
	maxPage  = 1 << 20 // how far into a page its feeds are looked for
	maxFeeds = 5       // that a message names
)

// describe says what to do about an answer that is no feed. Mostly somebody
// gave the address of a blog instead of its feed's.
func describe(resp *polite.Response, err error) error {
	if !errors.Is(err, errNotFeed) || !isPage(resp) {
		return err
	}
	feeds := feedsOf(resp.Body[:min(len(resp.Body), maxPage)], resp.URL)
	if len(feeds) == 0 {
		return errors.New("this is a web page, not a feed, and it names no feed")
	}
	return fmt.Errorf("this is a web page, not a feed; it names these feeds: %s", strings.Join(feeds, ", "))
}

func isPage(resp *polite.Response) bool {
	start := bytes.ToLower(bytes.TrimSpace(resp.Body[:min(len(resp.Body), 1<<10)]))
	return strings.Contains(resp.ContentType, "html") || bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}

// feedsOf are the addresses in a page's <link rel="alternate" type="application/rss+xml">.
func feedsOf(page []byte, base string) []string {
	var feeds []string
	for z := html.NewTokenizer(bytes.NewReader(page)); len(feeds) < maxFeeds; {
		switch z.Next() {
		case html.ErrorToken:
			return feeds
		case html.StartTagToken, html.SelfClosingTagToken:
			if feed := resolve(alternate(z.Token()), base); feed != "" && !slices.Contains(feeds, feed) {
				feeds = append(feeds, feed)
			}
		}
	}
	return feeds
}

func alternate(tag html.Token) string {
	if tag.Data != "link" {
		return ""
	}
	attributes := map[string]string{}
	for _, a := range tag.Attr {
		attributes[a.Key] = a.Val
	}
	if !slices.Contains(strings.Fields(strings.ToLower(attributes["rel"])), "alternate") {
		return ""
	}
	switch strings.ToLower(attributes["type"]) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json":
		return attributes["href"]
	}
	return ""
}
