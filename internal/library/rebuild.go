package library

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"paperboy/internal/search"
	"paperboy/internal/store"
)

// ErrKept says that a running Paperboy keeps the index.
var ErrKept = errors.New("a running Paperboy keeps the search index")

// Rebuild makes the index in dir anew from the store, aside, and puts it in the
// place of the old one, which answers until then. It tells of its progress: papers
// done.
func Rebuild(ctx context.Context, s *store.Store, dir string, log *slog.Logger, progress func(papers int)) error {
	old, err := keep(ctx, s, dir)
	if err != nil {
		return err
	}
	defer old.Close() // where something fails before it is closed below
	aside := dir + ".rebuilt"
	if err := os.RemoveAll(aside); err != nil { // of one that was interrupted
		return err
	}
	if err := buildAside(ctx, s, aside, log, progress); err != nil {
		return errors.Join(err, os.RemoveAll(aside))
	}
	if err := os.RemoveAll(dir + ".old"); err != nil {
		return err
	}
	if err := old.Close(); err != nil {
		return err
	}
	if err := os.Rename(dir, dir+".old"); err != nil {
		return err
	}
	if err := os.Rename(aside, dir); err != nil {
		return errors.Join(err, os.Rename(dir+".old", dir))
	}
	return os.RemoveAll(dir + ".old")
}

// keep opens the index in dir so that nobody else keeps it.
func keep(ctx context.Context, s *store.Store, dir string) (*search.Index, error) {
	feed, err := s.Feed(ctx)
	if err != nil {
		return nil, err
	}
	ix, _, err := search.Open(dir, feed) // whatever is wrong with it
	if err != nil {
		return nil, err
	}
	if !ix.Kept() {
		return nil, ErrKept
	}
	return ix, nil
}

// buildAside makes an index of all papers in a folder.
func buildAside(ctx context.Context, s *store.Store, dir string, log *slog.Logger, progress func(papers int)) (err error) {
	l, err := Open(ctx, s, dir, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if !l.index.Kept() {
		return fmt.Errorf("the search index can't be kept in %s", dir)
	}
	tending, stop := context.WithCancel(ctx)
	var tender sync.WaitGroup
	tender.Go(func() { l.index.Tend(tending) })
	defer tender.Wait()
	defer stop()
	for {
		more, err := l.more(ctx)
		if err != nil {
			return err
		}
		progress(l.Len())
		if !more {
			break
		}
	}
	if err := l.Save(); err != nil {
		return err
	}
	stop()
	tender.Wait()
	l.index.Settle(ctx)
	return ctx.Err()
}

// more is take, for one batch.
func (l *Library) more(ctx context.Context) (bool, error) {
	l.following.Lock()
	defer l.following.Unlock()
	return l.take(ctx)
}
