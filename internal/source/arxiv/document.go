package arxiv

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"paperboy/internal/paper"
)

const (
	maxDepth   = 30    // of elements in each other; real answers need five
	maxEntries = 5_000 // of an answer; arXiv's feeds end at 2,000
)

// document is an answer of arXiv in any of its three forms: the query
// interface's Atom, a feed's Atom, a feed's RSS.
type document struct {
	Title   string
	About   string // the description or subtitle
	Day     string // of a feed, as it is written there
	Total   int    // results of the query, over all pages; -1 if it is not said
	Start   int    // the first of them on this page; -1 if it is not said
	Entries []entry
}

// entry holds what any of the forms tells about a paper. Elements are told apart
// by name alone, since no name has two meanings.
type entry struct {
	ID          string     `xml:"id"`
	GUID        string     `xml:"guid"`
	Title       string     `xml:"title"`
	Summary     string     `xml:"summary"`
	Description string     `xml:"description"`
	Published   string     `xml:"published"`
	PubDate     string     `xml:"pubDate"`
	Updated     string     `xml:"updated"`
	Authors     []string   `xml:"author>name"`
	Creators    []string   `xml:"creator"` // each with all authors
	Primary     category   `xml:"primary_category"`
	Categories  []category `xml:"category"`
	Comment     string     `xml:"comment"`
	Journal     string     `xml:"journal_ref"`
	JournalRSS  string     `xml:"journal_reference"`
	DOI         string     `xml:"doi"`
	DOIRSS      string     `xml:"DOI"`
	Type        string     `xml:"announce_type"`
}

// category is an attribute in Atom and text in RSS.
type category struct {
	Term string `xml:"term,attr"`
	Text string `xml:",chardata"`
}

var (
	errDeep    = errors.New("the answer's elements are nested too deep")
	errEntries = fmt.Errorf("the answer has more than %d entries", maxEntries)
)

// parse reads an answer. What was read before an error is returned with it.
func parse(body []byte) (document, error) {
	doc := document{Total: -1, Start: -1}
	dec := decoder(body)
	rooted := false
	for {
		token, err := dec.Token()
		if err == io.EOF && rooted {
			return doc, nil
		}
		if err == io.EOF {
			return doc, errors.New("the answer is empty")
		}
		if err != nil {
			return doc, fmt.Errorf("the answer is broken after %d entries: %w", len(doc.Entries), err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !rooted && start.Name.Local != "feed" && start.Name.Local != "rss" {
			return doc, fmt.Errorf("the answer is no feed but begins with <%s>", paper.Line(start.Name.Local, 60))
		}
		rooted = true
		if err := doc.read(dec, start); err != nil {
			return doc, fmt.Errorf("the answer is broken after %d entries: %w", len(doc.Entries), err)
		}
	}
}

// read takes in the element that start begins.
func (doc *document) read(dec *xml.Decoder, start xml.StartElement) error {
	var (
		text string
		err  error
	)
	switch start.Name.Local {
	case "feed", "rss", "channel":
		return nil // its children come next
	case "entry", "item":
		if len(doc.Entries) == maxEntries {
			return errEntries
		}
		var e entry
		err = dec.DecodeElement(&e, &start)
		if err == nil {
			doc.Entries = append(doc.Entries, e)
		}
		return err
	case "title", "description", "subtitle", "pubDate", "totalResults", "startIndex":
		err = dec.DecodeElement(&text, &start)
	default:
		return dec.Skip()
	}
	switch start.Name.Local {
	case "title":
		doc.Title = text
	case "description", "subtitle":
		doc.About = text
	case "pubDate":
		doc.Day = text
	case "totalResults":
		doc.Total = number(text)
	case "startIndex":
		doc.Start = number(text)
	}
	return err
}

func number(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// complaint is what arXiv says about a request that it could not answer: an
// entry with an address of its own, or a feed of that title. A paper may well
// be called "Error".
func (doc document) complaint() string {
	for _, e := range doc.Entries {
		if strings.Contains(e.ID, "/api/errors") {
			return paper.Line(e.Summary, paper.MaxTitle)
		}
	}
	if strings.HasPrefix(strings.TrimSpace(doc.Title), "Feed error") {
		return paper.Line(doc.About, paper.MaxTitle)
	}
	return ""
}

// decoder reads XML as forgivingly as can be done: a slip in one entry should
// not cost the others. encoding/xml knows no entities of a document's own, so
// that there is nothing to expand.
func decoder(body []byte) *xml.Decoder {
	raw := xml.NewDecoder(bytes.NewReader(legal(body)))
	raw.Strict = false
	raw.Entity = xml.HTMLEntity
	raw.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // legal made it UTF-8
	dec := xml.NewTokenDecoder(&shallow{tokens: raw})
	dec.Strict = false
	return dec
}

// shallow gives up on a document that is nested too deep.
type shallow struct {
	tokens *xml.Decoder
	depth  int
}

// Token implements xml.TokenReader.
func (s *shallow) Token() (xml.Token, error) {
	token, err := s.tokens.Token() // of matching starts and ends, where RawToken's may not match
	switch token.(type) {
	case xml.StartElement:
		s.depth++
	case xml.EndElement:
		s.depth--
	}
	if s.depth > maxDepth {
		return nil, errDeep
	}
	return token, err
}

var charRef = regexp.MustCompile(`&#([xX]?)([0-9a-fA-F]+);`)

// legal replaces what may not be in XML at all, written out or as a reference,
// since encoding/xml refuses a whole document for one such character.
func legal(body []byte) []byte {
	body = bytes.Map(func(r rune) rune { // invalid UTF-8 comes as U+FFFD
		if !inXML(r) {
			return ' '
		}
		return r
	}, body)
	return charRef.ReplaceAllFunc(body, func(ref []byte) []byte {
		m, base := charRef.FindSubmatch(ref), 10
		if len(m[1]) > 0 {
			base = 16
		}
		if n, err := strconv.ParseUint(string(m[2]), base, 32); err == nil && !inXML(rune(n)) {
			return []byte(" ")
		}
		return ref
	})
}

// inXML is the production Char of https://www.w3.org/TR/xml/#charsets.
func inXML(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}
