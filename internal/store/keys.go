package store

import (
	"context"
	"crypto/rand"
	"time"
)

const (
	sqlMakeKey = `
		INSERT INTO keys (name, value)
		VALUES ($1, $2)
		ON CONFLICT (name) DO NOTHING`

	sqlKey = `SELECT value FROM keys WHERE name = $1`
)

// Key is a secret of the deployment, made by whoever asks for it first.
func (s *Store) Key(ctx context.Context, name string) (value string, err error) {
	if _, err := s.exec(ctx, sqlMakeKey, name, rand.Text()+rand.Text()); err != nil {
		return "", wrap("make a key", err)
	}
	err = s.queryRow(ctx, sqlKey, name).Scan(&value)
	return value, wrap("read a key", err)
}

// Limit says how often something may be asked for.
type Limit struct {
	Subject string // what is counted; it is kept as it is for as long as Within
	Most    int
	Within  time.Duration
}

const (
	// All who ask wait for each other here: counting and noting is one step.
	sqlLockAsked = `
		INSERT INTO keys (name, value)
		VALUES ('asked', '')
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`

	sqlForgetAsked = `DELETE FROM asked WHERE at < $1`
	sqlCountAsked  = `SELECT COUNT(*) FROM asked WHERE subject = $1 AND at > $2`
	sqlAddAsked    = `INSERT INTO asked (subject, at) VALUES ($1, $2)`
)

// askedKept is the longest that a Limit may look back.
const askedKept = 48 * time.Hour

// Allow notes that something is asked for now, unless that is too often by one
// of limits; then it says by which.
func (s *Store) Allow(ctx context.Context, now time.Time, limits ...Limit) (over Limit, ok bool, err error) {
	err = s.in(ctx, func(t *tx) error {
		ok = false
		if _, err := t.exec(ctx, sqlLockAsked); err != nil {
			return err
		}
		if _, err := t.exec(ctx, sqlForgetAsked, micros(now.Add(-askedKept))); err != nil {
			return err
		}
		for _, over = range limits {
			var n int
			if err := t.queryRow(ctx, sqlCountAsked, over.Subject, micros(now.Add(-over.Within))).Scan(&n); err != nil {
				return err
			}
			if n >= over.Most {
				return nil
			}
		}
		for _, l := range limits {
			if _, err := t.exec(ctx, sqlAddAsked, l.Subject, micros(now)); err != nil {
				return err
			}
		}
		ok = true
		return nil
	})
	return over, ok, wrap("count what was asked for", err)
}
