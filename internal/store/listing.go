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
	// Replacements are later versions of papers listed before, no news of a day.
	// Votes count wherever they were given: arXiv lists a paper some days before
	// Hugging Face does.
	sqlListed = `
		SELECT s.paper
		FROM (
			SELECT paper, MAX(day) AS day
			FROM sightings
			WHERE day >= $2 AND day <= $3 AND kind <> 'replace'
			GROUP BY paper
		) s
		JOIN sightings anywhere ON anywhere.paper = s.paper
		LEFT JOIN (
			SELECT once.paper, COUNT(*) AS votes
			FROM (
				SELECT DISTINCT paper, platform, by_space, by_id
				FROM marks
				WHERE team = $1 AND kind = 'up' AND NOT withdrawn
			) once
			GROUP BY once.paper
		) v ON v.paper = s.paper
		GROUP BY s.paper
		ORDER BY MAX(anywhere.votes) + COALESCE(MAX(v.votes), 0) DESC, MAX(s.day) DESC, s.paper DESC
		LIMIT $4 OFFSET $5`

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
	var l Listing
	err := s.queryRow(ctx, sqlCountListed, from.String(), to.String()).Scan(&l.Total)
	if err == nil {
		l.Papers, err = s.ids(ctx, sqlListed, string(by), from.String(), to.String(), page.Limit, page.Offset)
	}
	if err != nil {
		return Listing{}, fmt.Errorf("list papers of %s to %s: %w", from, to, err)
	}
	return l, nil
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
