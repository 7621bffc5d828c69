package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
)

// Wanted is a paper that somebody named and that no service has described yet.
type Wanted struct {
	Ref   paper.Ref
	Day   date.Date // on which it was asked for first
	Tries int
}

const (
	sqlWant = `
		INSERT INTO wanted (paper, version, link, day, tries, next_at)
		VALUES ($1, $2, $3, $4, 0, $5)
		ON CONFLICT (paper) DO NOTHING`

	// Taking moves next_at, so that replicas don't look the same paper up twice.
	// The outer condition on it is for PostgreSQL: who waited for another's
	// taking still has the subquery's answer from before, and takes nothing.
	sqlTakeWanted = `
		UPDATE wanted
		SET tries = tries + 1, next_at = $2
		WHERE paper = (
			SELECT paper FROM wanted
			WHERE next_at <= $1
			ORDER BY next_at, paper
			LIMIT 1
		) AND next_at <= $1
		RETURNING paper, version, link, day, tries`

	sqlUnwant = `DELETE FROM wanted WHERE paper = $1`

	sqlIsWanted = `SELECT COUNT(*) FROM wanted WHERE paper = $1`
)

// Want notes a paper to be looked up at the given time or later.
func (s *Store) Want(ctx context.Context, ref paper.Ref, day date.Date, at time.Time) error {
	_, err := s.exec(ctx, sqlWant, string(ref.ID), ref.Version, ref.Link, day.String(), micros(at))
	return wrap("note a wanted paper", err)
}

// TakeWanted gives one paper whose time has come, and again after retry unless
// it was found or given up by then.
func (s *Store) TakeWanted(ctx context.Context, now, retry time.Time) (w Wanted, ok bool, err error) {
	var day string
	err = s.write.QueryRowContext(ctx, s.engine.text(sqlTakeWanted), micros(now), micros(retry)).
		Scan(&w.Ref.ID, &w.Ref.Version, &w.Ref.Link, &day, &w.Tries)
	if errors.Is(err, sql.ErrNoRows) {
		return Wanted{}, false, nil
	}
	if err == nil {
		err = w.Day.UnmarshalText([]byte(day))
	}
	return w, err == nil, wrap("take a wanted paper", err)
}

// IsWanted reports whether a paper is noted to be looked up.
func (s *Store) IsWanted(ctx context.Context, id paper.ID) (bool, error) {
	var n int
	err := s.queryRow(ctx, sqlIsWanted, string(id)).Scan(&n)
	return n > 0, wrap("look for a wanted paper", err)
}

// Found saves what was found out about a wanted paper.
func (s *Store) Found(ctx context.Context, p paper.Paper) error {
	err := s.in(ctx, func(t *tx) error {
		if _, err := t.exec(ctx, sqlUnwant, string(p.ID)); err != nil {
			return err
		}
		_, err := t.savePapers(ctx, []paper.Paper{p})
		return err
	})
	return wrap("save a wanted paper", err)
}

// GiveUp forgets a wanted paper that nobody could describe.
func (s *Store) GiveUp(ctx context.Context, id paper.ID) error {
	_, err := s.exec(ctx, sqlUnwant, string(id))
	return wrap("give a wanted paper up", err)
}
