package syndicate

import (
	"encoding/xml"
	"time"
)

// rss is https://www.rssboard.org/rss-specification, with the elements of Atom
// and Dublin Core that https://www.rssboard.org/rss-profile recommends.
type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	Built       string    `xml:"lastBuildDate,omitempty"`
	Generator   string    `xml:"generator"`
	Self        atomLink  `xml:"atom:link"`
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link,omitempty"`
	Description string   `xml:"description"`
	Creators    []string `xml:"dc:creator"`
	Categories  []string `xml:"category"`
	GUID        rssGUID  `xml:"guid"`
	Date        string   `xml:"pubDate,omitempty"`
}

type rssGUID struct {
	PermaLink bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

// RSS writes a feed as RSS 2.0.
func RSS(f Feed) []byte {
	c := rssChannel{
		Title: text(f.Title), Link: link(f.Home), Description: text(f.About), Language: "en", Built: rssTime(f.Modified()), Generator: generator,
		Self: atomLink{Rel: "self", Type: "application/rss+xml", Href: link(f.Self)},
	}
	for _, e := range f.Entries {
		c.Items = append(c.Items, rssItem{
			Title: text(e.Title), Link: link(e.Link), Description: e.html(), Creators: e.authors(), Categories: e.topics(),
			GUID: rssGUID{ID: text(e.ID)}, Date: rssTime(e.Published),
		})
	}
	return marshal(rss{Version: "2.0", Atom: atomSpace, DC: "http://purl.org/dc/elements/1.1/", Channel: c})
}

// rssTime is empty where no time is known.
func rssTime(t time.Time) string {
	if t.IsZero() || t.Equal(unknown) {
		return ""
	}
	return t.UTC().Format(time.RFC1123Z)
}

// marshal writes XML. What it is given are structs of this package, so it cannot
// fail.
func marshal(v any) []byte {
	b, err := xml.Marshal(v)
	if err != nil {
		panic("syndicate: a feed did not marshal: " + err.Error())
	}
	return append([]byte(xml.Header), b...)
}
