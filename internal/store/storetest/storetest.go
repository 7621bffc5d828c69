// Package storetest gives tests real databases: a new SQLite file, or a schema
// of its own on the PostgreSQL server that PAPERBOY_TEST_POSTGRES names.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperboy/internal/store"
)

// Environment variables that tests obey.
const (
	EnvPostgres = "PAPERBOY_TEST_POSTGRES"    // the address of a server to make schemas on
	EnvEngine   = "PAPERBOY_TEST_ENGINE"      // "postgres": what Open opens
	EnvRequire  = "PAPERBOY_REQUIRE_POSTGRES" // "1": a test that lacks PostgreSQL fails
)

// Each runs test on a new database of each engine.
func Each(t *testing.T, test func(*testing.T, *store.Store)) {
	t.Helper()
	EachAddress(t, func(t *testing.T, address string) { test(t, open(t, address)) })
}

// EachAddress runs test with the address of a new, empty database of each engine.
func EachAddress(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, file(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, schema(t)) })
}

// Open opens one new database, of the engine that PAPERBOY_TEST_ENGINE says.
// Packages above the store use it; the suite runs once for each engine.
func Open(t testing.TB) *store.Store {
	t.Helper()
	return open(t, Address(t))
}

// Address is where Open would open one.
func Address(t testing.TB) string {
	t.Helper()
	if os.Getenv(EnvEngine) == "postgres" {
		return schema(t)
	}
	return file(t)
}

func open(t testing.TB, address string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), address)
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}

func file(t testing.TB) string {
	return filepath.Join(t.TempDir(), "paperboy.db")
}

// schema makes an empty schema and returns an address that leads into it.
func schema(t testing.TB) string {
	t.Helper()
	server := os.Getenv(EnvPostgres)
	if server == "" {
		if os.Getenv(EnvRequire) != "" {
			t.Fatalf("%s is not set, and this run must test PostgreSQL", EnvPostgres)
		}
		t.Skipf("no PostgreSQL: set %s to a server's address to test with it", EnvPostgres)
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatalf("open %s: %v", EnvPostgres, err)
	}
	name := "test_" + strings.ToLower(rand.Text()[:12])
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatalf("make a schema on %s: %v", EnvPostgres, err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + name + " CASCADE"); err != nil {
			t.Errorf("drop schema %s: %v", name, err)
		}
		db.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s is not a URL: %v", EnvPostgres, err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}
