package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"paperboy/internal/paper"
)

// SourceState is how far a source has been read and how that went.
type SourceState struct {
	Name        string
	Cursor      string
	SucceededAt time.Time // zero: never
	FailedAt    time.Time // zero: never
	Error       string    // what went wrong at FailedAt; "" once it has succeeded since
	Failures    int       // in a row
	NextAt      time.Time // when it is asked again
	Holder      string    // owner of the lease, if somebody is reading it
	LeasedUntil time.Time // until when
}

// ErrLeaseLost says that another process took the source over meanwhile.
var ErrLeaseLost = errors.New("another process has taken the source over")

const (
	sqlAddSource = `
		INSERT INTO sources (name, cursor, succeeded_at, failed_at, error, failures, next_at, lease, leased_until)
		VALUES ($1, '', 0, 0, '', 0, 0, '', 0)
		ON CONFLICT (name) DO NOTHING`

	sqlLeaseSource = `
		UPDATE sources
		SET lease = $2, leased_until = $3
		WHERE name = $1 AND leased_until <= $4 AND next_at <= $5
		RETURNING cursor, failures`

	sqlProlongSource = `
		UPDATE sources
		SET leased_until = $3, cursor = $4
		WHERE name = $1 AND lease = $2`

	sqlSourceDone = `
		UPDATE sources
		SET lease = '', leased_until = 0, succeeded_at = $3, error = '', failures = 0, next_at = $4
		WHERE name = $1 AND lease = $2`

	sqlSourceFailed = `
		UPDATE sources
		SET lease = '', leased_until = 0, failed_at = $3, error = $4, failures = failures + 1, next_at = $5
		WHERE name = $1 AND lease = $2`

	sqlSourceReleased = `
		UPDATE sources
		SET lease = '', leased_until = 0
		WHERE name = $1 AND lease = $2`

	sqlSources = `
		SELECT name, cursor, succeeded_at, failed_at, error, failures, next_at, lease, leased_until
		FROM sources
		ORDER BY name`
)

// Lease is the right to read one source until it runs out. Every page saved
// under it prolongs it.
type Lease struct {
	Source   string
	Owner    string // unique to the holder
	Cursor   string // where reading goes on
	Failures int    // in a row, before this
}

// LeaseSource takes a source that is due and that nobody holds, until the given
// time. With early it need not be due.
func (s *Store) LeaseSource(ctx context.Context, source, owner string, now, until time.Time, early bool) (Lease, bool, error) {
	if _, err := s.exec(ctx, sqlAddSource, source); err != nil {
		return Lease{}, false, fmt.Errorf("add source %s: %w", source, err)
	}
	due := now
	if early {
		due = time.UnixMicro(1<<62 - 1)
	}
	l := Lease{Source: source, Owner: owner}
	err := s.write.QueryRowContext(ctx, s.engine.text(sqlLeaseSource),
		source, owner, micros(until), micros(now), micros(due)).Scan(&l.Cursor, &l.Failures)
	if errors.Is(err, sql.ErrNoRows) {
		return Lease{}, false, nil
	}
	if err != nil {
		return Lease{}, false, fmt.Errorf("lease source %s: %w", source, err)
	}
	return l, true, nil
}

// SavePage saves a page of papers together with the cursor that follows it, and
// prolongs the lease, in one transaction: a process killed at any moment
// neither loses a page nor counts one twice.
func (s *Store) SavePage(ctx context.Context, l *Lease, papers []paper.Paper, next string, until time.Time) (saved Saved, err error) {
	err = s.in(ctx, func(t *tx) error {
		n, err := t.exec(ctx, sqlProlongSource, l.Source, l.Owner, micros(until), next)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrLeaseLost
		}
		saved, err = t.savePapers(ctx, papers)
		return err
	})
	if err != nil {
		return Saved{}, fmt.Errorf("save a page of %s: %w", l.Source, err)
	}
	l.Cursor = next
	return saved, nil
}

// SourceDone gives the lease back after reading all there was.
func (s *Store) SourceDone(ctx context.Context, l Lease, now, next time.Time) error {
	_, err := s.exec(ctx, sqlSourceDone, l.Source, l.Owner, micros(now), micros(next))
	return wrap("settle source "+l.Source, err)
}

// SourceFailed gives the lease back and records why; reason is for people.
func (s *Store) SourceFailed(ctx context.Context, l Lease, reason string, now, next time.Time) error {
	_, err := s.exec(ctx, sqlSourceFailed, l.Source, l.Owner, micros(now), reason, micros(next))
	return wrap("settle source "+l.Source, err)
}

// ReleaseSource gives the lease back unused, as when the process is stopping.
func (s *Store) ReleaseSource(ctx context.Context, l Lease) error {
	_, err := s.exec(ctx, sqlSourceReleased, l.Source, l.Owner)
	return wrap("release source "+l.Source, err)
}

// Sources returns the state of every source that was ever read.
func (s *Store) Sources(ctx context.Context) (states []SourceState, err error) {
	rows, err := s.query(ctx, sqlSources)
	err = each(rows, err, func(rows *sql.Rows) error {
		var st SourceState
		var succeeded, failed, next, leased int64
		err := rows.Scan(&st.Name, &st.Cursor, &succeeded, &failed, &st.Error, &st.Failures, &next, &st.Holder, &leased)
		st.SucceededAt, st.FailedAt, st.NextAt, st.LeasedUntil = moment(succeeded), moment(failed), moment(next), moment(leased)
		states = append(states, st)
		return err
	})
	return states, wrap("list sources", err)
}

func wrap(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
