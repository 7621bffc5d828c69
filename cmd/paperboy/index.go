package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"text/tabwriter"
	"time"

	"paperboy/internal/english"
	"paperboy/internal/library"
	"paperboy/internal/paper"
	"paperboy/internal/search"
)

type indexCmd struct {
	searchSettings

	Status  indexStatusCmd  `cmd:"" help:"Show what the index consists of and how far it is behind the feed."`
	Check   indexCheckCmd   `cmd:"" help:"Read all of the index, and see whether it is whole and has every paper of the feed."`
	Rebuild indexRebuildCmd `cmd:"" help:"Make the index anew and put it in the place of the old one."`
}

// kept is an index as it is on disk, beside the feed that it is of.
type kept struct {
	*feed
	*search.Index
	dir    string
	papers int   // in the feed
	behind int64 // changes of the feed that the index does not know yet
}

// open looks at the index. The feed has to be closed if there is no error.
func (i *indexCmd) open(ctx context.Context, c *common, std streams) (k *kept, err error) {
	f, err := openExisting(ctx, c, c.personLog(std.err))
	if err != nil {
		return nil, err
	}
	k = &kept{feed: f, dir: i.indexFolder(c.Database.Reveal())}
	if err := k.look(ctx); err != nil {
		return nil, errors.Join(err, f.store.Close())
	}
	return k, nil
}

func (k *kept) look(ctx context.Context) error {
	name, err := k.store.Feed(ctx)
	if err != nil {
		return err
	}
	if k.papers, err = k.store.CountPapers(ctx); err != nil {
		return err
	}
	last, err := k.store.LastChange(ctx)
	if err != nil {
		return err
	}
	switch k.Index, err = search.Peek(k.dir, name); {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no search index in %s yet; a running Paperboy makes it, or paperboy index rebuild", k.dir)
	case errors.Is(err, search.ErrOtherFeed):
		return fmt.Errorf("the search index in %s is of another feed; paperboy index rebuild makes it anew", k.dir)
	case err != nil:
		return fmt.Errorf("the search index in %s can't be used: %w; paperboy index rebuild makes it anew", k.dir, err)
	}
	k.behind = last - k.Upto()
	return nil
}

type indexStatusCmd struct{}

// Run describes the index.
func (*indexStatusCmd) Run(ctx context.Context, i *indexCmd, c *common, std streams) (err error) {
	k, err := i.open(ctx, c, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.store.Close()) }()
	s := k.Stats()
	fmt.Fprintf(std.out, "%s of %s in the feed, in %s, %s (%.0f bytes a paper): %s\n", english.Count(s.Papers, "paper"), english.Thousands(k.papers),
		english.Count(len(s.Segments), "segment"), size(s.Bytes), float64(s.Bytes)/float64(max(s.Papers, 1)), k.dir)
	fmt.Fprintln(std.out, k.lag())
	return printSegments(std.out, s.Segments)
}

// lag says how far the index is behind the feed.
func (k *kept) lag() string {
	switch {
	case k.behind < 0:
		return "The index is ahead of the feed, as after a backup was put back; a running Paperboy makes it anew."
	case k.behind == 0:
		return "It is level with the feed."
	}
	return fmt.Sprintf("What is saved is %s behind the feed; a running Paperboy knows more and catches up by itself.", english.Count(int(k.behind), "change"))
}

func printSegments(out io.Writer, segments []search.SegmentStats) error {
	if len(segments) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nSEGMENT\tPAPERS\tREPLACED\tSIZE")
	for _, s := range segments {
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\n", s.File, s.Papers, s.Dead, size(s.Bytes))
	}
	return table.Flush()
}

// size is a number of bytes as people say it.
func size(bytes int64) string {
	switch {
	case bytes >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
	case bytes >= 1e6:
		return fmt.Sprintf("%.0f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%.0f kB", float64(bytes)/1e3)
}

type indexCheckCmd struct{}

// Run reads every byte of the index, and looks every paper of the feed up in it.
// The exit status says whether all is well.
func (*indexCheckCmd) Run(ctx context.Context, i *indexCmd, c *common, std streams) (err error) {
	k, err := i.open(ctx, c, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.store.Close()) }()
	if _, err := search.Check(k.dir); err != nil {
		return fmt.Errorf("the search index is damaged: %w; a running Paperboy mends it, and so does paperboy index rebuild", err)
	}
	missing, err := k.missing(ctx)
	switch {
	case err != nil:
		return interrupted(ctx, err)
	case missing > 0 && k.behind > 0:
		return fmt.Errorf("the search index is whole, but %s not in what is saved of it, which is %s behind; a running Paperboy catches up by itself",
			absent(missing), english.Count(int(k.behind), "change"))
	case missing > 0:
		return fmt.Errorf("the search index is whole, but %s not in it; paperboy index rebuild makes it anew", absent(missing))
	}
	fmt.Fprintf(std.out, "The index is whole and has all %s of the feed.\n", english.Count(k.papers, "paper"))
	return nil
}

func absent(papers int) string {
	if papers == 1 {
		return "1 paper is"
	}
	return english.Count(papers, "paper") + " are"
}

// missing counts the papers of the feed that the index does not have.
func (k *kept) missing(ctx context.Context) (n int, err error) {
	for after := int64(0); ; {
		papers, upto, err := k.store.Changes(ctx, after, importBatch)
		if err != nil || len(papers) == 0 {
			return n, err
		}
		ids := make([]paper.ID, len(papers))
		for i, p := range papers {
			ids[i] = p.ID
		}
		n += len(k.Missing(ids))
		after = upto
	}
}

type indexRebuildCmd struct{}

// Run makes the index anew.
func (*indexRebuildCmd) Run(ctx context.Context, i *indexCmd, c *common, std streams) (err error) {
	f, err := openExisting(ctx, c, c.personLog(std.err))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.store.Close()) }()
	dir := i.indexFolder(c.Database.Reveal())
	if dir == "" {
		return errors.New("there is no folder for a search index; say where with PAPERBOY_INDEX")
	}
	began, papers := time.Now(), 0
	err = library.Rebuild(ctx, f.store, dir, f.log, func(n int) { papers = n })
	switch {
	case errors.Is(err, library.ErrKept):
		return fmt.Errorf("a running Paperboy keeps the search index in %s and mends it by itself; stop it to rebuild the index", dir)
	case err != nil && ctx.Err() != nil:
		return errors.New("interrupted; the index is the old one")
	case err != nil:
		return err
	}
	took := time.Since(began).Seconds()
	fmt.Fprintf(std.out, "Indexed %s in %.1f s (%.0f a second): %s\n", english.Count(papers, "paper"), took, float64(papers)/max(took, 0.001), dir)
	return nil
}
