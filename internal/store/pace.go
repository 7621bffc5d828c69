package store

import (
	"context"
	"time"
)

const (
	sqlReserve = `
		INSERT INTO paces (key, next_at)
		VALUES ($1, CAST($2 AS BIGINT) + CAST($3 AS BIGINT))
		ON CONFLICT (key) DO UPDATE SET
			next_at = CASE WHEN paces.next_at > $2 THEN paces.next_at ELSE $2 END + CAST($3 AS BIGINT)
		RETURNING next_at - CAST($3 AS BIGINT)`

	sqlHold = `
		INSERT INTO paces (key, next_at)
		VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET
			next_at = CASE WHEN paces.next_at > excluded.next_at THEN paces.next_at ELSE excluded.next_at END`
)

// Reserve takes the next free moment for requests under key, at least every
// after the one before, over all processes on this database, and returns how
// long from now it is.
func (s *Store) Reserve(ctx context.Context, key string, now time.Time, every time.Duration) (wait time.Duration, err error) {
	var at int64
	err = s.write.QueryRowContext(ctx, s.engine.text(sqlReserve), key, micros(now), every.Microseconds()).Scan(&at)
	if err != nil {
		return 0, wrap("reserve a request", err)
	}
	return max(0, time.UnixMicro(at).Sub(now)), nil
}

// Hold keeps everybody from reserving a moment under key before until.
func (s *Store) Hold(ctx context.Context, key string, until time.Time) error {
	_, err := s.exec(ctx, sqlHold, key, micros(until))
	return wrap("hold requests", err)
}

const sqlHeldUntil = `SELECT COALESCE(MAX(next_at), 0) FROM paces WHERE key = $1`

// HeldUntil is the moment before which nothing is free under key; the zero Time
// if it never was reserved or held.
func (s *Store) HeldUntil(ctx context.Context, key string) (time.Time, error) {
	var at int64
	err := s.queryRow(ctx, sqlHeldUntil, key).Scan(&at)
	return moment(at), wrap("look for a hold", err)
}
