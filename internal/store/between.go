package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// Position is a place in a sorted list: after it goes on what comes next, whatever
// has moved before it meanwhile. The zero Position is the beginning.
type Position struct {
	Score int64
	Day   string
	Paper paper.ID
}

// first is before all papers: no day and no name begins with this character.
var first = Position{math.MaxInt64, "\U0010FFFF", ""}

// See sqlListedBy.
const sqlBetween = `
		SELECT ranked.paper, ranked.score, ranked.day
		FROM (
			SELECT s.paper, MAX(s.day) AS day,
			       CASE CAST($4 AS TEXT)
			         WHEN 'new'  THEN 0
			         WHEN 'team' THEN COALESCE(MAX(v.votes), 0)
			         ELSE MAX(anywhere.votes) + COALESCE(MAX(v.votes), 0)
			       END AS score
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
		) ranked
		WHERE (ranked.score, ranked.day, ranked.paper) < (CAST($5 AS BIGINT), $6, $7)
		ORDER BY ranked.score DESC, ranked.day DESC, ranked.paper DESC
		LIMIT $8`

// Between lists papers that sources listed from one day to another, both
// included, after a place in that list. next is where it goes on; the zero Position
// at its end. Total counts all days' papers.
func (s *Store) Between(ctx context.Context, by team.ID, from, to date.Date, order Order, after Position, limit int) (l Listing, next Position, err error) {
	if after == (Position{}) {
		after = first
	}
	err = s.queryRow(ctx, sqlCountListed, from.String(), to.String()).Scan(&l.Total)
	if err != nil {
		return Listing{}, Position{}, fmt.Errorf("count papers of %s to %s: %w", from, to, err)
	}
	var last Position
	rows, err := s.query(ctx, sqlBetween, string(by), from.String(), to.String(), string(order), after.Score, after.Day, string(after.Paper), limit+1)
	err = each(rows, err, func(rows *sql.Rows) error {
		var m Position
		if err := rows.Scan(&m.Paper, &m.Score, &m.Day); err != nil {
			return err
		}
		if len(l.Papers) == limit { // there is more
			next = last
			return nil
		}
		l.Papers, last = append(l.Papers, m.Paper), m
		return nil
	})
	if err != nil {
		return Listing{}, Position{}, fmt.Errorf("list papers of %s to %s: %w", from, to, err)
	}
	return l, next, nil
}
