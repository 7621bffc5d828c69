// Package syndicate writes a list of papers as a feed that any reader takes: RSS
// 2.0, Atom or JSON Feed. Data in, bytes out; the same data make the same bytes.
//
// All text of an Entry is plain and hostile. It is written as text: what looks
// like markup is shown, never obeyed.
package syndicate

import (
	"html"
	"strings"
	"time"
	"unicode/utf8"

	"paperboy/internal/chat"
)

// Feed is a list of entries with what readers show above it.
type Feed struct {
	ID      string // a URI that never changes, whatever the address
	Title   string
	About   string // a sentence
	Home    string // the page for people
	Self    string // the address of the feed itself
	Entries []Entry
}

// Entry is one paper.
type Entry struct {
	ID        string // a URI that never changes
	Title     string
	Link      string
	Summary   string   // one or two sentences
	Text      []string // paragraphs: all that is shown
	Links     []Link   // shown below Text
	Authors   []string
	Topics    []string
	Published time.Time // when it came into the feed; zero if unknown
	Updated   time.Time
}

// Link is a way on.
type Link struct{ Label, URL string }

// Format is a way of writing feeds.
type Format struct {
	Name  string // as the address ends: "rss"
	Type  string // the media type
	Write func(Feed) []byte
}

// Formats are all there are.
var Formats = []Format{
	{"rss", "application/rss+xml; charset=utf-8", RSS},
	{"atom", "application/atom+xml; charset=utf-8", Atom},
	{"json", "application/feed+json; charset=utf-8", JSON},
}

// Named is the format of a name.
func Named(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

const (
	generator   = "Paperboy"
	maxAuthors  = 25    // of an entry; collaborations have thousands
	maxLink     = 2_100 // bytes
	linkEscapes = `<>"` + "`{}|\\^"
)

// unknown stands where Atom wants a time and none is known.
var unknown = time.Unix(0, 0).UTC()

// Modified is the latest time of a feed's entries.
func (f Feed) Modified() time.Time {
	latest := unknown
	for _, e := range f.Entries {
		if t := e.modified(); t.After(latest) {
			latest = t
		}
	}
	return latest
}

func (e Entry) modified() time.Time {
	if e.Updated.After(e.Published) {
		return e.Updated
	}
	return e.Published
}

// authors are those that are named, of which there are not too many.
func (e Entry) authors() (names []string) {
	for _, a := range e.Authors[:min(len(e.Authors), maxAuthors)] {
		if a = text(a); a != "" {
			names = append(names, a)
		}
	}
	return names
}

func (e Entry) topics() (topics []string) {
	for _, t := range e.Topics {
		if t = text(t); t != "" {
			topics = append(topics, t)
		}
	}
	return topics
}

// html is what a reader shows of the entry.
func (e Entry) html() string {
	var b strings.Builder
	for _, p := range e.Text {
		if p = text(p); p != "" {
			b.WriteString("<p>" + html.EscapeString(p) + "</p>\n")
		}
	}
	var links []string
	for _, l := range e.Links {
		if u := link(l.URL); u != "" {
			links = append(links, `<a href="`+html.EscapeString(u)+`">`+html.EscapeString(text(l.Label))+`</a>`)
		}
	}
	if len(links) > 0 {
		b.WriteString("<p>" + strings.Join(links, " · ") + "</p>\n")
	}
	return b.String()
}

// link is an address of the web; "" if s is none.
func link(s string) string { return chat.WebLink(s, maxLink, linkEscapes) }

// text is s with the characters alone that XML 1.0 can hold
// (https://www.w3.org/TR/xml/#charsets): one other makes a whole feed unreadable.
func text(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n':
			return ' '
		case r < ' ', r >= 0x7f && r < 0xa0, r == utf8.RuneError, r == 0xfffe, r == 0xffff:
			return -1
		}
		return r
	}, s))
}
