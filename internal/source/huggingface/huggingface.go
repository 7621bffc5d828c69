// Package huggingface reads Hugging Face's Daily Papers
// (https://huggingface.co/papers), a page that people fill with papers by hand
// and vote on, day by day.
package huggingface

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/polite"
	"paperboy/internal/source"
)

const (
	name = "huggingface"
	home = "https://huggingface.co"

	listLimit    = 100 // entries of one list, the most that can be asked for
	defaultLimit = 50  // entries of one list where the limit is not looked at
	maxPages     = 10  // lists of one day; the busiest days fill one

	// 500 requests are free in 300 s. Only a walk of more days than that would
	// be slowed down, by the RateLimit header that package polite heeds.
	every = 50 * time.Millisecond
)

// Source is Daily Papers.
type Source struct {
	client *polite.Client
	base   string
}

var (
	_ source.Source   = (*Source)(nil)
	_ source.Resolver = (*Source)(nil)
)

// New returns a Source that asks base, or Hugging Face itself if base is empty.
func New(client *polite.Client, base string) *Source {
	return &Source{client: client, base: strings.TrimRight(cmp.Or(base, home), "/")}
}

// Name implements source.Source.
func (s *Source) Name() string { return name }

// Fetch reads one list, at most 100 papers of one day. The first time it starts
// a week ago. From then on it reads today and yesterday again each hour, since
// lists fill and votes come in over the day, and once a day the week before,
// for late votes and the summaries that Hugging Face writes by machine.
func (s *Source) Fetch(ctx context.Context, ask source.Ask) (source.Page, error) {
	today := date.Of(ask.Now.UTC())
	at, err := resume(ask, today)
	if err != nil {
		return source.Page{}, err
	}
	entries, err := s.list(ctx, at.Day, at.Page)
	if err != nil {
		return source.Page{}, fmt.Errorf("list of %s: %w", at.Day, err)
	}
	page := read(entries, at.Day)
	next, repeated := at.after(page.Papers, len(entries), today)
	switch {
	case repeated:
		page.Papers, page.Problems = nil, nil
	case len(entries) >= defaultLimit && next.Day != at.Day:
		page.Problems = append(page.Problems, fmt.Errorf("list of %s: more than %d pages; the rest is left out", at.Day, maxPages))
	}
	page.Next = next.String()
	page.More = !next.Day.IsZero()
	page.Progress = next.progress(today)
	if !page.More {
		page.Wait = time.Hour
	}
	return page, nil
}

// read describes the papers of day's list.
func read(entries []json.RawMessage, day date.Date) source.Page {
	var page source.Page
	for i, raw := range entries {
		p, err := parseEntry(raw, day)
		if err != nil {
			page.Problems = append(page.Problems, fmt.Errorf("list of %s, entry %d: %w", day, i+1, err))
			continue
		}
		page.Papers = append(page.Papers, p)
	}
	return page
}

func (s *Source) list(ctx context.Context, day date.Date, page int) ([]json.RawMessage, error) {
	body, err := s.get(ctx, "/api/daily_papers?"+url.Values{
		"date":  {day.String()},
		"limit": {strconv.Itoa(listLimit)},
		"p":     {strconv.Itoa(page)},
	}.Encode())
	if err != nil {
		return nil, err
	}
	return parseList(body)
}

func (s *Source) get(ctx context.Context, path string) ([]byte, error) {
	resp, err := s.client.Get(ctx, polite.Request{
		URL:    s.base + path,
		Accept: "application/json",
		Pace:   polite.Pace{Key: name, Every: every},
	})
	if err != nil {
		return nil, explain(err)
	}
	return resp.Body, nil
}

// explain adds the reason that Hugging Face itself gives.
func explain(err error) error {
	var (
		status *polite.StatusError
		answer struct{ Error string }
	)
	if !errors.As(err, &status) || json.Unmarshal(status.Body, &answer) != nil || answer.Error == "" {
		return err
	}
	return fmt.Errorf("%w: %s", err, paper.Line(answer.Error, paper.MaxName))
}
