// Package paper is the noun everything here is about: a research paper, the
// names it goes by, and how two sightings of one paper become one.
package paper

import (
	"time"

	"paperboy/internal/date"
)

// Paper is what the feed knows of a paper. Every text field is clean: valid
// UTF-8, no control characters, and on one line except Abstract, which may hold
// paragraphs (see Clean). It is still written by strangers, so whoever shows it
// escapes it.
type Paper struct {
	ID       ID       `json:"id"`
	Version  int      `json:"version,omitempty"` // the highest seen; 0 where unknown
	Title    string   `json:"title"`             // never empty in the store
	Abstract string   `json:"abstract,omitempty"`
	Summary  string   `json:"summary,omitempty"` // one or two sentences, shorter than the abstract
	Authors  []string `json:"authors,omitempty"`
	// AuthorCount is never less than len(Authors); some sources tell only the number.
	AuthorCount  int       `json:"author_count,omitempty"`
	Categories   []string  `json:"categories,omitempty"` // the first is the primary one
	Keywords     []string  `json:"keywords,omitempty"`
	Published    time.Time `json:"published,omitzero"` // of the first version, UTC
	Updated      time.Time `json:"updated,omitzero"`   // of Version, UTC
	DOI          string    `json:"doi,omitempty"`      // of the published article, without scheme
	Venue        string    `json:"venue,omitempty"`    // journal reference or conference
	Comment      string    `json:"comment,omitempty"`  // the authors' own, such as "12 pages, ACL 2026"
	Link         string    `json:"link,omitempty"`     // only where ID.URL has none
	Code         string    `json:"code,omitempty"`     // repository address
	Stars        int       `json:"stars,omitempty"`    // of Code
	Project      string    `json:"project,omitempty"`  // home page address
	Organization string    `json:"organization,omitempty"`
	// Sightings say where and when sources listed it, ordered by source and kind.
	Sightings []Sighting `json:"sightings,omitempty"`
}

// Kind tells a first announcement from later ones.
type Kind string

// The kinds that arXiv announces; Listed is everything else.
const (
	Listed  Kind = ""
	New     Kind = "new"
	Cross   Kind = "cross"   // also announced in a category it is not primarily of
	Replace Kind = "replace" // a later version
)

// Sighting is one source's listing of a paper. A paper has at most one of a
// source and kind.
type Sighting struct {
	Source   string    `json:"source"`
	Kind     Kind      `json:"kind,omitempty"`
	Day      date.Date `json:"day,omitzero"`       // the source's own day; the first one, if it listed the paper twice
	Votes    int       `json:"votes,omitempty"`    // at the source
	Comments int       `json:"comments,omitempty"` // at the source
	By       string    `json:"by,omitempty"`       // who put it there
}

// URL is the page to send a reader to.
func (p Paper) URL() string {
	if u := p.ID.URL(); u != "" {
		return u
	}
	return p.Link
}

// Votes is the highest count that any source reported.
func (p Paper) Votes() int {
	n := 0
	for _, s := range p.Sightings {
		n = max(n, s.Votes)
	}
	return n
}

// Comments is the highest count that any source reported.
func (p Paper) Comments() int {
	n := 0
	for _, s := range p.Sightings {
		n = max(n, s.Comments)
	}
	return n
}

// Day is the first day any source listed the paper, not counting replacements;
// the zero Date if none did.
func (p Paper) Day() date.Date {
	var first date.Date
	for _, s := range p.Sightings {
		if s.Kind == Replace || s.Day.IsZero() {
			continue
		}
		if first.IsZero() || s.Day.Before(first) {
			first = s.Day
		}
	}
	return first
}
