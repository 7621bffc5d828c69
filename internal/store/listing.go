package store

import (
	"context"
	"database/sql"
	"fmt"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// Listing is one page of a longer list.
type Listing struct {
	Papers []paper.ID
	Total  int // over all pages
}

// Page says which part of a list to give.
type Page struct{ Offset, Limit int }

const (
	sqlCountListed = `
		SELECT COUNT(DISTINCT paper)
		FROM sightings
		WHERE day >= $1 AND day <= $2 AND kind <> 'replace'`

	sqlLatestDay = `
		SELECT COALESCE(MAX(day), '')
		FROM sightings
		WHERE day < $1 AND kind <> 'replace'`
)

// Listed returns the papers that sources listed from one day to another, both
// included, the most voted first: by votes at the source and of the team together.
func (s *Store) Listed(ctx context.Context, by team.ID, from, to date.Date, page Page) (Listing, error) {
	return s.ListedBy(ctx, by, from, to, ByVotes, page)
}

// LatestDay is the last day before the given one on which a source listed
// something; the zero Date if there is none.
func (s *Store) LatestDay(ctx context.Context, before date.Date) (day date.Date, err error) {
	var text string
	if err = s.queryRow(ctx, sqlLatestDay, before.String()).Scan(&text); err == nil {
		err = day.UnmarshalText([]byte(text))
	}
	if err != nil {
		return date.Date{}, fmt.Errorf("find the latest day: %w", err)
	}
	return day, nil
}

// ids reads a column of paper IDs.
func (s *Store) ids(ctx context.Context, query string, args ...any) (ids []paper.ID, err error) {
	rows, err := s.query(ctx, query, args...)
	err = each(rows, err, func(rows *sql.Rows) error {
		var id paper.ID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}
