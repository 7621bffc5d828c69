package rss

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"
)

// readXML reads RSS 0.9 to 2.0 and Atom.
func readXML(body []byte) ([]item, error) {
	d := xml.NewDecoder(bytes.NewReader(printable(body)))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = charset.NewReaderLabel
	var items []item
	for root := true; len(items) < maxItems; {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && !root:
			return items, nil
		case err != nil && root:
			return nil, errNotFeed
		case err != nil:
			return nil, fmt.Errorf("the feed is broken: %w", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch tag := strings.ToLower(start.Name.Local); {
		case root && tag != "rss" && tag != "rdf" && tag != "feed":
			return nil, errNotFeed
		case root:
			root = false
		case tag == "item" || tag == "entry":
			it, err := readItem(d, start)
			if err != nil {
				return nil, fmt.Errorf("the feed is broken: %w", err)
			}
			items = append(items, it)
		}
	}
	return items, nil
}

// printable drops the control characters that XML forbids, but feeds have.
func printable(body []byte) []byte {
	return slices.DeleteFunc(slices.Clone(body), func(b byte) bool {
		return b < ' ' && b != '\t' && b != '\n' && b != '\r'
	})
}

// readItem reads the element whose start was just read.
func readItem(d *xml.Decoder, parent xml.StartElement) (item, error) {
	var it item
	for {
		token, err := d.Token()
		if err != nil {
			return it, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := it.readField(d, t, vocabulary(t.Name.Space, parent.Name.Space)); err != nil {
				return it, err
			}
		case xml.EndElement:
			return it, nil
		}
	}
}

// vocabulary is a short name for the namespace that a field belongs to: "" for
// the feed's own and "other" for one nobody here knows. Feeds that forgot to
// declare a prefix get away with it.
func vocabulary(space, own string) string {
	switch {
	case space == own:
		return ""
	case strings.HasPrefix(space, "http://purl.org/dc/"):
		return "dc"
	case strings.HasPrefix(space, "http://prismstandard.org/namespaces/"):
		return "prism"
	case space == "http://purl.org/rss/1.0/modules/content/":
		return "content"
	case space == "http://arxiv.org/schemas/atom":
		return "arxiv"
	case slices.Contains([]string{"dc", "prism", "content", "arxiv"}, space):
		return space
	}
	return "other"
}

func (it *item) readField(d *xml.Decoder, start xml.StartElement, vocabulary string) error {
	name := strings.TrimPrefix(vocabulary+":"+strings.ToLower(start.Name.Local), ":")
	switch name {
	case "link":
		if href := attribute(start, "href"); href != "" {
			if rel := attribute(start, "rel"); rel == "" || rel == "alternate" {
				it.link = cmp.Or(it.link, href)
			}
			return d.Skip()
		}
	case "category":
		if term := cmp.Or(attribute(start, "label"), attribute(start, "term")); term != "" {
			it.tags = append(it.tags, term)
			return d.Skip()
		}
	case "author":
		var author struct {
			Name string `xml:"name"`
			Text string `xml:",chardata"`
		}
		if err := d.DecodeElement(&author, &start); err != nil {
			return err
		}
		it.authors = append(it.authors, cmp.Or(author.Name, withoutEmail(author.Text)))
		return nil
	}
	keep := it.field(name)
	if keep == nil {
		return d.Skip()
	}
	text, err := content(d, attribute(start, "type") == "xhtml")
	keep(text)
	return err
}

// field returns what to do with the text of a field, or nil for nothing.
func (it *item) field(name string) func(string) {
	first := func(field *string) func(string) {
		return func(s string) { *field = cmp.Or(*field, strings.TrimSpace(s)) }
	}
	each := func(list *[]string) func(string) {
		return func(s string) { *list = append(*list, s) }
	}
	switch name {
	case "title", "dc:title":
		return first(&it.title)
	case "link":
		return first(&it.link)
	case "guid", "id":
		return first(&it.guid)
	case "description", "summary", "dc:description":
		return first(&it.summary)
	case "content", "content:encoded":
		return first(&it.content)
	case "dc:creator":
		return each(&it.authors)
	case "category", "dc:subject":
		return each(&it.tags)
	case "prism:doi", "arxiv:doi", "dc:identifier":
		return each(&it.dois)
	case "pubdate", "published", "issued", "dc:date", "prism:publicationdate":
		return first(&it.published)
	case "updated", "modified":
		return first(&it.updated)
	}
	return nil
}

func attribute(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// content is the text up to the end of the element whose start was just read.
// Tags inside come out as tags, so that it is HTML like any other; the text
// between them is HTML already, unless escape says that it is XHTML's.
func content(d *xml.Decoder, escape bool) (string, error) {
	var text strings.Builder
	for depth := 1; ; {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			text.WriteString("<" + t.Name.Local + ">")
		case xml.EndElement:
			if depth--; depth == 0 {
				return text.String(), nil
			}
			text.WriteString("</" + t.Name.Local + ">")
		case xml.CharData:
			if escape {
				text.WriteString(html.EscapeString(string(t)))
			} else {
				text.Write(t)
			}
		}
	}
}

// withoutEmail is the name in RSS's "ada@example.org (Ada Lovelace)".
func withoutEmail(s string) string {
	if _, name, ok := strings.Cut(s, "("); ok {
		return strings.TrimSuffix(strings.TrimSpace(name), ")")
	}
	if strings.Contains(s, "@") {
		return ""
	}
	return s
}
