// Package library is the feed as people look things up in it: a search index
// that follows the store's changes. The index is derived: lost or damaged, it is
// built again while answers keep coming from what is there.
package library

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

const (
	followEvery = 2 * time.Second
	saveEvery   = 5 * time.Minute
	// After saveAfter changes the index is saved saveSoon after the last time: a
	// start after kill -9 should not have much to index before its first answer,
	// and a long backfill should not write the whole file with every page.
	saveAfter = 1_000
	saveSoon  = 30 * time.Second
	// batch is how many changes are read at once: some ten megabytes of text.
	batch = 5_000
	// atOnce is how many new papers a search takes in before it answers, which
	// takes some ten milliseconds. If more are waiting it answers without them.
	atOnce = 500
)

// Library answers searches.
type Library struct {
	store *store.Store
	file  string // where the index is kept; "" for memory only
	log   *slog.Logger
	index *search.Index

	following sync.Mutex // held by whoever feeds the index, one at a time
	saved     int64      // how far the index on disk reaches; guarded by following
}

// Open loads the index that is kept in file, if it is whole and of this feed,
// and starts a new one otherwise. A Library without a file forgets its index.
func Open(ctx context.Context, s *store.Store, file string, log *slog.Logger) (*Library, error) {
	feed, err := s.Feed(ctx)
	if err != nil {
		return nil, err
	}
	last, err := s.LastChange(ctx)
	if err != nil {
		return nil, err
	}
	l := &Library{store: s, file: file, log: log}
	l.index = l.load(feed, last)
	l.tidy()
	return l, nil
}

// abandoned is the age of an unfinished index file that nobody writes any more.
const abandoned = time.Hour

// tidy removes what a process left behind that was killed while it saved.
func (l *Library) tidy() {
	parts, err := filepath.Glob(l.file + search.PartSuffix)
	if err != nil || l.file == "" {
		return
	}
	for _, part := range parts {
		if info, err := os.Stat(part); err == nil && time.Since(info.ModTime()) > abandoned {
			if err := os.Remove(part); err != nil {
				l.log.Warn("an unfinished search index could not be removed", "file", part, "err", err)
			}
		}
	}
}

// load reads the index file, or says why it can't be used and begins anew.
func (l *Library) load(feed string, last int64) *search.Index {
	if l.file == "" {
		return search.New(feed)
	}
	ix, err := search.Load(l.file)
	switch {
	case err == nil && ix.Feed() == feed && ix.Upto() <= last:
		l.saved = ix.Upto()
		return ix
	case err == nil:
		l.log.Info("the search index is of another feed and is built anew", "file", l.file)
	case !errors.Is(err, fs.ErrNotExist):
		l.log.Warn("the search index could not be read and is built anew", "file", l.file, "err", err)
	}
	return search.New(feed)
}

// Follow keeps the index level with the store until ctx ends.
func (l *Library) Follow(ctx context.Context) error {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	lastSave, failing := time.Now(), false
	for {
		if err := l.CatchUp(ctx); err != nil && ctx.Err() == nil {
			l.log.Warn("the search index could not follow the feed", "err", err)
		}
		since := time.Since(lastSave)
		if since > saveEvery || since > saveSoon && !failing && l.unsaved() > saveAfter {
			failing = l.keep(failing)
			lastSave = time.Now()
		}
		select {
		case <-ctx.Done():
			l.keep(failing)
			return nil
		case <-tick.C:
		}
	}
}

// unsaved is how many changes the index on disk lacks.
func (l *Library) unsaved() int64 {
	l.following.Lock()
	defer l.following.Unlock()
	return l.index.Upto() - l.saved
}

// keep saves the index and reports whether that failed. It warns unless the time
// before had failed too: a folder that cannot be written to stays so.
func (l *Library) keep(failedBefore bool) (failed bool) {
	err := l.Save()
	if err != nil && !failedBefore {
		l.log.Warn("the search index could not be saved; unless that changes, it will be built again at the next start", "file", l.file, "err", err)
	}
	return err != nil
}

// CatchUp takes in everything that has changed in the store.
func (l *Library) CatchUp(ctx context.Context) error {
	l.following.Lock()
	defer l.following.Unlock()
	for ctx.Err() == nil {
		more, err := l.take(ctx)
		if err != nil || !more {
			return err
		}
	}
	return ctx.Err()
}

// take feeds one batch of changes to the index. The caller holds following.
func (l *Library) take(ctx context.Context) (more bool, err error) {
	papers, upto, err := l.store.Changes(ctx, l.index.Upto(), batch)
	if err != nil || len(papers) == 0 {
		return false, err
	}
	l.index.Put(papers, upto)
	return len(papers) == batch, nil
}

// Save writes the index to its file, if it has one and anything is new.
func (l *Library) Save() error {
	l.following.Lock()
	defer l.following.Unlock()
	if l.file == "" || l.index.Upto() == l.saved {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(l.file), 0o700); err != nil {
		return err
	}
	if err := l.index.Save(l.file); err != nil {
		return err
	}
	l.saved = l.index.Upto()
	return nil
}

// Len is how many papers the index has.
func (l *Library) Len() int { return l.index.Len() }

// Search returns a page of the papers that answer query, counting a team's
// votes where votes matter.
func (l *Library) Search(ctx context.Context, query search.Query, of team.ID, page store.Page) (search.Results, error) {
	note, err := l.Refresh(ctx)
	if err != nil {
		return search.Results{}, err
	}
	options := search.Options{Offset: page.Offset, Limit: page.Limit}
	if query.NeedsVotes() {
		options.TeamVotes, err = l.store.AllVotes(ctx, of)
		if err != nil {
			return search.Results{}, err
		}
	}
	results := l.index.Search(query, options)
	if note != "" {
		results.Notes = append(results.Notes, note)
	}
	return results, nil
}

// Suggest lists up to n things to ask for that prefix may be the beginning of.
func (l *Library) Suggest(ctx context.Context, prefix string, n int) ([]search.Suggestion, error) {
	if _, err := l.Refresh(ctx); err != nil {
		return nil, err
	}
	return l.index.Suggest(prefix, n), nil
}

// Among prepares matching topics against some papers, as the index has them now:
// see CatchUp.
func (l *Library) Among(ids []paper.ID) *search.Matcher { return l.index.Among(ids) }

// Similar returns up to n papers that share rare words with p.
func (l *Library) Similar(ctx context.Context, p paper.Paper, n int) ([]search.Hit, error) {
	if _, err := l.Refresh(ctx); err != nil {
		return nil, err
	}
	return l.index.Similar(p, n), nil
}

// Refresh takes in the latest changes before a search, so that a paper just
// added is found, but keeps nobody waiting for a large import: then it returns
// a sentence about it.
func (l *Library) Refresh(ctx context.Context) (note string, err error) {
	last, err := l.store.LastChange(ctx)
	if err != nil {
		return "", err
	}
	behind := last - l.index.Upto()
	if behind <= 0 {
		return "", nil
	}
	if behind <= atOnce {
		return "", l.CatchUp(ctx)
	}
	return "Many papers have just arrived and some are not searchable yet; ask again in a minute to see them all.", nil
}
