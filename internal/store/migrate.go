package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// versionTable is goose's record of the migrations that have run.
const versionTable = "goose_db_version"

const sqlSchemaVersion = `SELECT COALESCE(MAX(version_id), 0) FROM ` + versionTable

// newest is the number of the last migration this program has.
func newest() int64 {
	entries, err := migrations.ReadDir("migrations/sqlite")
	if err != nil || len(entries) == 0 {
		panic("store: no migrations embedded")
	}
	var n int64
	fmt.Sscanf(entries[len(entries)-1].Name(), "%d_", &n)
	return n
}

// migrate brings the tables up to date. Several processes may do so at once:
// whoever comes second finds the work done.
func (s *Store) migrate(ctx context.Context) error {
	const tries, pause = 100, 50 * time.Millisecond
	var err error
	for range tries {
		var version int64
		version, err = s.schemaVersion(ctx)
		switch {
		case err == nil && version == newest():
			return nil
		case err == nil && version > newest():
			return fmt.Errorf("this database was written by a newer Paperboy (its tables are of version %d, this program knows up to %d): use that Paperboy, or a backup from before the upgrade", version, newest())
		case err == nil:
			err = s.up(ctx)
		case !busy(err):
			return s.explain(err)
		}
		if err == nil {
			continue
		}
		if errors.Is(err, errForbidden) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
	return fmt.Errorf("bring the database up to date: %w", err)
}

// errForbidden is what PostgreSQL 15 and later answer to any user but the
// database's owner, until somebody changes it.
var errForbidden = errors.New("this PostgreSQL user may not make tables; let an administrator run: GRANT CREATE ON SCHEMA public TO the_user")

// mayMakeTables asks first, since goose and we would try for minutes.
func (s *Store) mayMakeTables(ctx context.Context) error {
	var may sql.NullBool // NULL where the search_path leads nowhere
	err := s.write.QueryRowContext(ctx, "SELECT has_schema_privilege(current_schema(), 'CREATE')").Scan(&may)
	if err == nil && !may.Bool {
		return errForbidden
	}
	return err
}

// busy tells SQLite's word for a file that another process holds. Turning WAL on
// for a new file says so at once, however patient the connection is.
func busy(err error) bool { return strings.Contains(err.Error(), "SQLITE_BUSY") }

// schemaVersion is the last migration the database has seen, 0 for a new one.
func (s *Store) schemaVersion(ctx context.Context) (version int64, err error) {
	if err := s.Ping(ctx); err != nil {
		return 0, err
	}
	err = s.write.QueryRowContext(ctx, sqlSchemaVersion).Scan(&version)
	if err != nil && missingTable(err) {
		return 0, nil
	}
	return version, err
}

// explain turns the usual first failures into what to do about them.
func (s *Store) explain(err error) error {
	switch text := err.Error(); {
	case strings.Contains(text, "file is not a database"):
		return fmt.Errorf("the file that DATABASE_URL names is not a SQLite database; name another, or a new one")
	case strings.Contains(text, "unable to open database file"), strings.Contains(text, "readonly database"):
		return fmt.Errorf("the database file cannot be opened for writing; check its folder and permissions (%w)", err)
	case s.engine == postgres:
		return fmt.Errorf("PostgreSQL does not answer; check DATABASE_URL and that the server runs (%s)", firstLine(text))
	}
	return fmt.Errorf("open the database: %w", err)
}

func firstLine(s string) string { line, _, _ := strings.Cut(s, "\n"); return line }

// missingTable tells the two engines' words for a table that is not there.
func missingTable(err error) bool {
	return strings.Contains(err.Error(), "no such table") || strings.Contains(err.Error(), "SQLSTATE 42P01")
}

func (s *Store) up(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations/"+s.engine.name)
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	dialect := goose.DialectSQLite3
	if s.engine == postgres {
		if err := s.mayMakeTables(ctx); err != nil {
			return err
		}
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // tries, one a second
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	// goose wants a second connection while it holds one, which the writing
	// pool of SQLite does not have.
	db := s.write
	if s.engine == sqlite {
		db.SetMaxOpenConns(2)
		defer db.SetMaxOpenConns(1)
	}
	return upAll(ctx, dialect, db, files, options)
}

func upAll(ctx context.Context, dialect goose.Dialect, db *sql.DB, files fs.FS, options []goose.ProviderOption) error {
	provider, err := goose.NewProvider(dialect, db, files, options...)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}
