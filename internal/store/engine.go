package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // registers "sqlite"
)

// engine is what differs between the two database systems.
type engine struct {
	name        string
	placeholder string // the character before a parameter's number
	// stepwise is a statement that has the rest of a transaction read indexes in
	// their order instead of sorting; "" where that is done anyway.
	stepwise string
}

var (
	sqlite   = engine{name: "sqlite", placeholder: "?"}
	postgres = engine{name: "postgres", placeholder: "$", stepwise: "SET LOCAL enable_sort = off"}
)

// text is query in the engine's own placeholders. SQLite would number $2, $1 in
// the order they stand in; ?2, ?1 are taken at their word.
func (e engine) text(query string) string {
	return strings.ReplaceAll(query, "$", e.placeholder)
}

// locked is query with the rows locked that it chooses to change, where an
// engine has more than one writer at a time.
func (e engine) locked(query string) string {
	if e == postgres {
		return lockClause.ReplaceAllString(query, "$1")
	}
	return query
}

// lockClause is where a statement says how to lock.
var lockClause = regexp.MustCompile(`/\* (FOR UPDATE .*?) \*/`)

// connect opens the pools for an address without looking at the database yet.
func connect(address string) (*Store, error) {
	if path, ok := File(address); ok {
		return connectSQLite(path)
	}
	scheme, _, _ := strings.Cut(address, "://")
	if scheme != "postgres" && scheme != "postgresql" {
		return nil, fmt.Errorf("DATABASE_URL begins with %s://, but only a file path or postgres://… can be used", scheme)
	}
	return connectPostgres(address)
}

// File is the path of the SQLite database at an address, if it is one.
func File(address string) (path string, ok bool) {
	scheme, rest, found := strings.Cut(address, "://")
	switch {
	case found && (scheme == "file" || scheme == "sqlite"):
		return rest, true
	case found:
		return "", false
	}
	return strings.TrimPrefix(strings.TrimPrefix(address, "sqlite:"), "file:"), true
}

func connectPostgres(address string) (*Store, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		// The error itself is kept back: it quotes parts of the address.
		return nil, errors.New("DATABASE_URL is not a PostgreSQL address such as postgres://user:password@host:5432/name")
	}
	db := stdlib.OpenDB(*config)
	most := 4 * runtime.NumCPU()
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most) // a new connection costs more than a hundred small writes
	db.SetConnMaxIdleTime(time.Minute)
	return &Store{engine: postgres, write: db, read: db}, nil
}

func connectSQLite(path string) (*Store, error) {
	if path == "" || path == ":memory:" {
		return nil, fmt.Errorf("DATABASE_URL needs a file path such as paperboy.db")
	}
	if dir := filepath.Dir(path); dir != "." {
		if _, err := os.Stat(dir); err != nil {
			return nil, fmt.Errorf("the folder of the database does not exist: create %s first", dir)
		}
	}
	if err := createPrivate(path); err != nil {
		return nil, err
	}
	write, err := sql.Open("sqlite", sqliteDSN(path, "_txlock=immediate"))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	read, err := sql.Open("sqlite", sqliteDSN(path, "_pragma=query_only(1)"))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	read.SetMaxOpenConns(max(4, runtime.NumCPU()))
	read.SetMaxIdleConns(2)
	return &Store{engine: sqlite, write: write, read: read}, nil
}

// createPrivate makes a new database file readable for its owner alone: it
// tells who likes what. SQLite gives the files beside it the same rights.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	switch {
	case err == nil:
		return f.Close()
	case errors.Is(err, fs.ErrExist):
		return nil
	}
	return fmt.Errorf("the database file cannot be made: %w", err)
}

// sqliteDSN asks for WAL, so that readers never wait for the writer, with
// synchronous=FULL, without which the last commits are gone after a power cut
// (https://www.sqlite.org/pragma.html#pragma_synchronous): a message of whose
// sending nothing is known would be sent again. It also asks for patience of ten
// seconds with other processes.
func sqliteDSN(path, more string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	u.RawQuery = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&" + more
	return u.String()
}
