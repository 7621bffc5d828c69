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
// text and the few attributes that say something. What is left out is what makes
// gofeed slow: text in pieces, an xml:base, namespaces to copy for each element,
// and the type by which it knows HTML, which it would build as a tree.
type copier struct {
	in     *xml.Decoder
	out    *xml.Encoder
	depth  int
	fields int
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
	root, err := c.next()
	if err != nil || !named(root, "rss", "rdf", "feed") {
		return errNotFeed
	}
	if err := c.write(xml.StartElement{Name: root.Name}); err != nil {
		return err
	}
	for items := 0; items < maxItems; {
		start, err := c.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if !named(start, "item", "entry") {
			continue
		}
		if err := c.group(start); err != nil {
			return err
		}
		items++
	}
	return c.write(root.End())
}

func named(start xml.StartElement, names ...string) bool {
	return slices.Contains(names, strings.ToLower(start.Name.Local))
}

func (c *copier) write(tokens ...xml.Token) error {
	for _, t := range tokens {
		if err := c.out.EncodeToken(t); err != nil {
			return err
		}
	}
	return nil
}

// next is the start of the next element.
func (c *copier) next() (xml.StartElement, error) {
	for {
		token, err := c.token()
		if err != nil {
			return xml.StartElement{}, err
		}
		if start, ok := token.(xml.StartElement); ok {
			return start, nil
		}
	}
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

// group copies an item, or an author: a text in RSS, a name and more in Atom.
func (c *copier) group(start xml.StartElement) error {
	if err := c.write(xml.StartElement{Name: start.Name}); err != nil {
		return err
	}
	for text := named(start, "author"); ; {
		token, err := c.token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			text = false
			err = c.field(t)
		case xml.CharData:
			if text {
				err = c.write(t)
			}
		case xml.EndElement:
			return c.write(start.End())
		}
		if err != nil {
			return err
		}
	}
}

func (c *copier) field(start xml.StartElement) error {
	if c.fields++; c.fields > maxFields {
		return errFields
	}
	if named(start, "author") {
		return c.group(start)
	}
	xhtml := false
	start.Attr = slices.DeleteFunc(start.Attr, func(a xml.Attr) bool {
		xhtml = xhtml || a.Name.Local == "type" && strings.Contains(a.Value, "xhtml")
		return a.Name.Space != "" || !slices.Contains([]string{"href", "rel", "term", "label"}, a.Name.Local)
	})
	text, err := c.content(xhtml)
	if err != nil {
		return err
	}
	return c.write(start, xml.CharData(text[:min(len(text), maxText)]), start.End())
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
