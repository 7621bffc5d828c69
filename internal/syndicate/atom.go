package syndicate

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

const atomSpace = "http://www.w3.org/2005/Atom"

// atomFeed is https://www.rfc-editor.org/rfc/rfc4287.
type atomFeed struct {
	XMLName   xml.Name    `xml:"feed"`
	Space     string      `xml:"xmlns,attr"`
	Language  string      `xml:"xml:lang,attr"`
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Subtitle  string      `xml:"subtitle,omitempty"`
	Updated   string      `xml:"updated"`
	Author    atomPerson  `xml:"author"` // of entries that name none
	Links     []atomLink  `xml:"link"`
	Generator string      `xml:"generator"`
	Entries   []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published,omitempty"`
	Authors    []atomPerson   `xml:"author"`
	Categories []atomCategory `xml:"category"`
	Links      []atomLink     `xml:"link"`
	Summary    string         `xml:"summary,omitempty"`
	Content    atomText       `xml:"content"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// Atom writes a feed as Atom.
func Atom(f Feed) []byte {
	a := atomFeed{
		Space: atomSpace, Language: "en", ID: text(f.ID), Title: text(f.Title), Subtitle: text(f.About), Updated: atomTime(f.Modified()),
		Author: atomPerson{generator}, Generator: generator,
	}
	a.link("self", "application/atom+xml", f.Self)
	a.link("alternate", "text/html", f.Home)
	for _, e := range f.Entries {
		a.Entries = append(a.Entries, e.atom())
	}
	return marshal(a)
}

func (a *atomFeed) link(rel, kind, to string) {
	if to = link(to); to != "" {
		a.Links = append(a.Links, atomLink{rel, kind, to})
	}
}

func (e Entry) atom() atomEntry {
	a := atomEntry{
		ID: text(e.ID), Title: text(e.Title), Updated: atomTime(e.modified()), Summary: text(e.Summary),
		Content: atomText{"html", e.html()},
	}
	if !e.Published.IsZero() {
		a.Published = atomTime(e.Published)
	}
	for _, name := range e.authors() {
		a.Authors = append(a.Authors, atomPerson{name})
	}
	for _, topic := range e.topics() {
		a.Categories = append(a.Categories, atomCategory{topic})
	}
	if to := link(e.Link); to != "" {
		a.Links = append(a.Links, atomLink{Rel: "alternate", Href: to})
	}
	return a
}

// atomTime is always one: Atom demands it.
func atomTime(t time.Time) string {
	if t.IsZero() {
		t = unknown
	}
	return t.UTC().Format(time.RFC3339)
}

// Tag is a URI for a thing that host named in 2026, which never changes
// (https://www.rfc-editor.org/rfc/rfc4151). Bytes that have no place in one are
// escaped.
func Tag(host, name string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/@!$&'()*+,;="
	var b strings.Builder
	b.WriteString("tag:" + host + ",2026:")
	for i := range len(name) {
		if strings.IndexByte(plain, name[i]) >= 0 {
			b.WriteByte(name[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", name[i])
		}
	}
	return b.String()
}
