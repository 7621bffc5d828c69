package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const sqlCopyInto = `VACUUM INTO $1`

// Backup writes a consistent copy of a SQLite database that may be in use to a
// file that must not exist yet. The copy appears under its name only when it is
// whole.
func (s *Store) Backup(ctx context.Context, file string) error {
	if s.engine != sqlite {
		return errors.New("backup copies a SQLite database; for PostgreSQL use pg_dump")
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s exists already; name a new file", file)
	}
	dir, err := os.MkdirTemp(filepath.Dir(file), ".paperboy-backup-")
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer os.RemoveAll(dir)
	part := filepath.Join(dir, "copy.db")
	// A connection of the writing pool would make writers wait for the copy;
	// WAL gives a reader its own unchanging view.
	if err := s.copyInto(ctx, part); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := settle(part); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := publish(part, file); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

// publish gives a whole copy its name. Link, unlike Rename, never replaces a
// file that appeared meanwhile, but some file systems have no links.
func publish(part, file string) error {
	err := os.Link(part, file)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.Rename(part, file)
}

// copyInto runs on a reading connection that may write for this once.
func (s *Store) copyInto(ctx context.Context, file string) (err error) {
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "PRAGMA query_only = 0"); err != nil {
		return err
	}
	defer func() {
		_, lockErr := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA query_only = 1")
		err = errors.Join(err, lockErr)
	}()
	_, err = conn.ExecContext(ctx, s.engine.text(sqlCopyInto), file)
	return err
}

// settle makes sure that a file is on the disk and for its owner's eyes only.
func settle(file string) (err error) {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Chmod(0o600); err != nil {
		return err
	}
	return f.Sync()
}
