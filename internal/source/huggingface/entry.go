package huggingface

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
)

// maxEntries bounds what is read of a list that is longer than asked for.
const maxEntries = 10 * listLimit

// entry is one item of a list. Its own publishedAt is left out on purpose: it
// is hours off, which moves papers to the day before.
type entry struct {
	Paper        details
	Title        string
	Summary      string
	NumComments  int
	SubmittedBy  struct{ Name string } // the login, which is called user elsewhere
	Organization organization
}

// details are a paper inside of an entry, or on its own.
type details struct {
	ID                 string
	Title              string
	Summary            string
	Authors            []author
	PublishedAt        string
	SubmittedOnDailyAt string
	SubmittedOnDailyBy struct{ User string }
	Upvotes            int
	AISummary          string   `json:"ai_summary"`
	AIKeywords         []string `json:"ai_keywords"`
	GitHubRepo         string   `json:"githubRepo"`
	GitHubStars        int      `json:"githubStars"`
	ProjectPage        string
	Organization       organization
}

// author is one of a paper's. Some are marked hidden, which is about the page's
// links to accounts; they wrote the paper all the same, and citations need them.
type author struct{ Name string }

type organization struct{ Name, FullName string }

// parseList splits a list into its entries without looking into them, so that a
// strange one spoils no other.
func parseList(body []byte) ([]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	if open, err := dec.Token(); err != nil || open != json.Delim('[') {
		return nil, fmt.Errorf("the answer is no JSON list but begins with %q", beginning(body))
	}
	entries := []json.RawMessage{}
	for dec.More() {
		if len(entries) == maxEntries {
			return nil, fmt.Errorf("the answer has more than %d entries where %d were asked for", maxEntries, listLimit)
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, fmt.Errorf("the answer is broken after %d entries: %w", len(entries), err)
		}
		entries = append(entries, raw)
	}
	if _, err := dec.Token(); err != nil {
		return nil, fmt.Errorf("the answer is cut after %d entries: %w", len(entries), err)
	}
	return entries, nil
}

func beginning(body []byte) string { return paper.Line(string(body[:min(len(body), 60)]), 60) }

// parseEntry describes the paper of an entry that day's list holds. A few papers
// are listed on two days; the day they carry is the one that counts.
func parseEntry(raw json.RawMessage, day date.Date) (paper.Paper, error) {
	var e entry
	if err := lenient(raw, &e); err != nil {
		return paper.Paper{}, err
	}
	e.Paper.Title = cmp.Or(e.Paper.Title, e.Title)
	e.Paper.Summary = cmp.Or(e.Paper.Summary, e.Summary)
	e.Paper.SubmittedOnDailyBy.User = cmp.Or(e.Paper.SubmittedOnDailyBy.User, e.SubmittedBy.Name)
	if e.Paper.Organization == (organization{}) {
		e.Paper.Organization = e.Organization
	}
	p, err := e.Paper.paper()
	if err != nil {
		return paper.Paper{}, err
	}
	p.Sightings = []paper.Sighting{e.Paper.sighting(day)}
	p.Sightings[0].Comments = max(0, e.NumComments)
	return p, nil
}

// lenient decodes raw into v, except for fields that are of another type than
// ever seen: one of them is no reason to lose a paper.
func lenient(raw []byte, v any) error {
	var other *json.UnmarshalTypeError
	if err := json.Unmarshal(raw, v); err != nil && !errors.As(err, &other) {
		return err
	}
	return nil
}

func (d details) paper() (paper.Paper, error) {
	ref, ok := paper.ArXiv(d.ID)
	if !ok {
		return paper.Paper{}, fmt.Errorf("the paper's id is no arXiv identifier in a string: %q", paper.Line(d.ID, paper.MaxName))
	}
	p := paper.Paper{
		ID:           ref.ID,
		Version:      ref.Version,
		Title:        paper.Line(d.Title, paper.MaxTitle),
		Abstract:     paper.Paragraphs(d.Summary, paper.MaxAbstract),
		Summary:      paper.Line(d.AISummary, paper.MaxSummary),
		Authors:      names(d.Authors),
		AuthorCount:  min(len(d.Authors), paper.MaxAuthors),
		Keywords:     keywords(d.AIKeywords),
		Published:    moment(d.PublishedAt),
		Code:         link(d.GitHubRepo),
		Stars:        max(0, d.GitHubStars),
		Project:      link(d.ProjectPage),
		Organization: paper.Line(cmp.Or(d.Organization.FullName, d.Organization.Name), paper.MaxName),
	}
	if p.Title == "" {
		return paper.Paper{}, fmt.Errorf("%s has no title", ref.ID)
	}
	return p, nil
}

// sighting is d's place on the daily page, on day unless d itself knows better.
func (d details) sighting(day date.Date) paper.Sighting {
	if at := moment(d.SubmittedOnDailyAt); !at.IsZero() {
		day = date.Of(at)
	}
	return paper.Sighting{
		Source: name,
		Day:    day,
		Votes:  max(0, d.Upvotes),
		By:     paper.Line(d.SubmittedOnDailyBy.User, paper.MaxName),
	}
}

// names are those of authors who have one.
func names(authors []author) []string {
	var list []string
	for _, a := range authors[:min(len(authors), paper.MaxAuthors)] {
		if n := paper.Line(a.Name, paper.MaxName); n != "" {
			list = append(list, n)
		}
	}
	return list
}

func keywords(words []string) []string {
	var clean []string
	for _, w := range words[:min(len(words), paper.MaxWords)] {
		if w = paper.Line(w, paper.MaxName); w != "" {
			clean = append(clean, w)
		}
	}
	return clean
}

// moment reads a time of the service; the zero time stands for none, and for
// one in no year of ours.
func moment(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1900 || t.Year() > 2100 {
		return time.Time{}
	}
	return t.UTC()
}

// link is s if it is a web address that is worth keeping.
func link(s string) string {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	if err != nil || len(s) > paper.MaxLink || s != paper.Line(s, paper.MaxLink) ||
		u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return s
}
