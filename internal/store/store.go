// Package store keeps everything that must not be lost: papers, votes, shares,
// and how far each source has been read. It holds all SQL, one text for SQLite
// and PostgreSQL.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Store is an open database. Its methods may be called from any goroutine, and
// other processes may have the same database open.
type Store struct {
	engine engine
	write  *sql.DB // SQLite: one connection, so that writers queue here and not in busy loops
	read   *sql.DB // SQLite: connections that cannot write; PostgreSQL: the same as write
	group  group   // SQLite: small writes that share a commit
	salt   string  // what fingerprints of people are made with, of this feed alone
}

// Open opens the database at address, a file path or postgres://…, and brings
// its tables up to date. A database that a newer Paperboy wrote is refused.
func Open(ctx context.Context, address string) (*Store, error) {
	s, err := connect(address)
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if s.salt, err = s.Feed(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close lets go of the database.
func (s *Store) Close() error {
	if s.read == s.write {
		return s.write.Close()
	}
	return errors.Join(s.read.Close(), s.write.Close())
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	if err := s.read.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return fmt.Errorf("ask the database: %w", err)
	}
	return nil
}

// Engine names the database system: "sqlite" or "postgres".
func (s *Store) Engine() string { return s.engine.name }

// in runs do within a writing transaction. SQLite's begins by taking the write
// lock, so do never fails half-way for another writer's sake.
func (s *Store) in(ctx context.Context, do func(*tx) error) error {
	began, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer began.Rollback() // also where do panics: SQLite has no second writing connection
	if err := do(&tx{began, s.engine, s.salt}); err != nil {
		return err
	}
	if err := began.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// tx is a transaction that writes placeholders the engine's way.
type tx struct {
	*sql.Tx
	engine engine
	salt   string
}

func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := t.ExecContext(ctx, t.engine.text(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (t *tx) queryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return t.QueryRowContext(ctx, t.engine.text(query), args...)
}

func (t *tx) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.QueryContext(ctx, t.engine.text(query), args...)
}

// exec runs one writing statement of its own.
func (s *Store) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := s.write.ExecContext(ctx, s.engine.text(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (s *Store) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return s.read.QueryContext(ctx, s.engine.text(query), args...)
}

func (s *Store) queryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return s.read.QueryRowContext(ctx, s.engine.text(query), args...)
}

// each scans every row of rows and closes them.
func each(rows *sql.Rows, err error, scan func(*sql.Rows) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// manyKeys is where a statement takes a list, which neither engine's
// placeholders can express alike.
const manyKeys = "$keys"

// listed writes placeholders $from, $from+1, … for n values in the place of manyKeys.
func listed(query string, from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", from+i)
	}
	return strings.Replace(query, manyKeys, b.String(), 1)
}

// anys makes a slice of strings fit for a variadic call, after the arguments before.
func anys[S ~string](list []S, before ...any) []any {
	for _, s := range list {
		before = append(before, string(s))
	}
	return before
}

// micros is how a moment is stored; the zero Time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// moment is what micros stored.
func moment(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
