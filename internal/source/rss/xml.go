package rss

import (
	"bytes"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"
)

// copier copies RSS and Atom: items only, of each its fields, of each field its
// text and four attributes.
type copier struct {
	in     *xml.Decoder
	out    *xml.Encoder
	depth  int
	fields int
}

// field is an element of an item. Without its type, gofeed takes the text as it
// is, instead of building its HTML as a tree.
type field struct {
	Href  string `xml:"href,attr,omitempty"`
	Rel   string `xml:"rel,attr,omitempty"`
	Term  string `xml:"term,attr,omitempty"`
	Label string `xml:"label,attr,omitempty"`
	Name  string `xml:"name,omitempty"` // of an author, in Atom
	Text  string `xml:",chardata"`
}

func tameXML(body []byte) ([]byte, error) {
	var out bytes.Buffer
	c := copier{in: xml.NewDecoder(bytes.NewReader(printable(body))), out: xml.NewEncoder(&out)}
	c.in.Strict = false
	c.in.Entity = xml.HTMLEntity
	c.in.CharsetReader = charset.NewReaderLabel
	if err := c.feed(); err != nil {
		return nil, err
	}
	if err := c.out.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// printable drops the control characters that XML forbids, but feeds have.
func printable(body []byte) []byte {
	return slices.DeleteFunc(slices.Clone(body), func(b byte) bool {
		return b < ' ' && b != '\t' && b != '\n' && b != '\r'
	})
}

func (c *copier) feed() error {
	root, err := c.root()
	if err != nil {
		return err
	}
	if err := c.out.EncodeToken(xml.StartElement{Name: root.Name}); err != nil {
		return err
	}
	for items := 0; items < maxItems; {
		token, err := c.token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		start, ok := token.(xml.StartElement)
		if !ok || !named(start, "item", "entry") {
			continue
		}
		if err := c.item(start); err != nil {
			return err
		}
		items++
	}
	return c.out.EncodeToken(root.End())
}

func (c *copier) root() (xml.StartElement, error) {
	for {
		token, err := c.token()
		if err != nil {
			return xml.StartElement{}, errNotFeed
		}
		if start, ok := token.(xml.StartElement); ok {
			if !named(start, "rss", "rdf", "feed") {
				return xml.StartElement{}, errNotFeed
			}
			return start, nil
		}
	}
}

func named(start xml.StartElement, names ...string) bool {
	return slices.Contains(names, strings.ToLower(start.Name.Local))
}

// token is the next one of the feed, as long as that looks real.
func (c *copier) token() (xml.Token, error) {
	token, err := c.in.Token()
	switch t := token.(type) {
	case xml.StartElement:
		if c.depth++; c.depth > maxDepth {
			return nil, errDeep
		}
		if len(t.Name.Space)+len(t.Name.Local) > maxName {
			return nil, errName
		}
	case xml.EndElement:
		c.depth--
	}
	return token, err
}

func (c *copier) item(start xml.StartElement) error {
	if err := c.out.EncodeToken(xml.StartElement{Name: start.Name}); err != nil {
		return err
	}
	for {
		token, err := c.token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := c.field(t); err != nil {
				return err
			}
		case xml.EndElement:
			return c.out.EncodeToken(start.End())
		}
	}
}

func (c *copier) field(start xml.StartElement) (err error) {
	if c.fields++; c.fields > maxFields {
		return errFields
	}
	f := field{
		Href:  attribute(start, "href"),
		Rel:   attribute(start, "rel"),
		Term:  attribute(start, "term"),
		Label: attribute(start, "label"),
	}
	if named(start, "author") {
		f.Name, f.Text, err = c.person()
	} else {
		f.Text, err = c.content(attribute(start, "type") == "xhtml")
	}
	if err != nil {
		return err
	}
	return c.out.EncodeElement(f, xml.StartElement{Name: start.Name})
}

func attribute(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// person reads an author, whose name is an element in Atom and the text in RSS.
func (c *copier) person() (name, text string, err error) {
	var b strings.Builder
	for {
		token, err := c.token()
		if err != nil {
			return "", "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			inner, err := c.content(false)
			if err != nil {
				return "", "", err
			}
			if named(t, "name") {
				name = inner
			}
		case xml.EndElement:
			return name, b.String(), nil
		case xml.CharData:
			b.Write(t)
		}
	}
}

// content is the text up to the end of the element whose start was just read.
// Tags inside come out as tags, so that it is HTML like any other; the text
// between them is HTML already, unless escape says that it is XHTML's.
func (c *copier) content(escape bool) (string, error) {
	var text strings.Builder
	for end := c.depth; ; {
		token, err := c.token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			text.WriteString("<" + t.Name.Local + ">")
		case xml.EndElement:
			if c.depth < end {
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
