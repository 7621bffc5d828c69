// Package library is the feed as people look things up in it: a search index
// that follows the store's changes. The index is derived: lost or damaged, it is
// built again while answers keep coming from what is there.
package library

import (
	"context"
	"log/slog"
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
	log   *slog.Logger
	index *search.Index

	following sync.Mutex // held by whoever feeds the index, one at a time
}

// Open opens the index that is kept in a folder, if it is whole and of this feed,
// and starts a new one otherwise. A Library without a folder forgets its index.
func Open(ctx context.Context, s *store.Store, dir string, log *slog.Logger) (*Library, error) {
	feed, err := s.Feed(ctx)
	if err != nil {
		return nil, err
	}
	last, err := s.LastChange(ctx)
	if err != nil {
		return nil, err
	}
	l := &Library{store: s, log: log, index: open(dir, feed, log)}
	if l.index.Upto() > last {
		log.Info("the search index is ahead of the feed, as after a backup was put back, and is built anew", "folder", dir)
		l.index.Reset()
	}
	return l, nil
}

// open opens the index in a folder, or says why it can't be kept there.
func open(dir, feed string, log *slog.Logger) *search.Index {
	if dir == "" {
		return search.New()
	}
	ix, problem, err := search.Open(dir, feed)
	switch {
	case err != nil:
		log.Warn("the search index can't be kept; it will be built again at the next start", "folder", dir, "err", err)
		return search.New()
	case problem != nil:
		log.Warn("the search index could not be used and is built anew", "folder", dir, "reason", problem)
	case !ix.Kept():
		log.Info("another process keeps the search index; this one follows the feed in memory", "folder", dir)
	}
	return ix
}

// Close gives the folder of the index free. What was not saved is indexed again
// at the next start.
func (l *Library) Close() error { return l.index.Close() }

// Follow keeps the index level with the store until ctx ends.
func (l *Library) Follow(ctx context.Context) error {
	var tending sync.WaitGroup
	defer tending.Wait()
	tending.Go(func() { l.index.Tend(ctx) })
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	lastSave, failing := time.Now(), false
	for {
		if err := l.CatchUp(ctx); err != nil && ctx.Err() == nil {
			l.log.Warn("the search index could not follow the feed", "err", err)
		}
		since := time.Since(lastSave)
		if since > saveEvery || since > saveSoon && !failing && l.index.Unsaved() > saveAfter {
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

// keep saves the index and reports whether that failed. It warns unless the time
// before had failed too: a folder that cannot be written to stays so.
func (l *Library) keep(failedBefore bool) (failed bool) {
	err := l.Save()
	if err != nil && !failedBefore {
		l.log.Warn("the search index could not be saved; unless that changes, it will be built again at the next start", "err", err)
	}
	return err != nil
}

// CatchUp takes in everything that has changed in the store.
func (l *Library) CatchUp(ctx context.Context) error {
	l.following.Lock()
	defer l.following.Unlock()
	if l.index.Mend() {
		l.log.Warn("part of the search index was damaged and is built anew; until then some papers are not found")
	}
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

// Save writes the index to its folder, if it has one and anything is new.
func (l *Library) Save() error { return l.index.Flush() }

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

// Among prepares matching topics against some papers, as the index has them now:
// see CatchUp.
func (l *Library) Among(ids []paper.ID) *search.Matcher { return l.index.Among(ids) }
