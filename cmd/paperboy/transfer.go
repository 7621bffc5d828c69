package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"paperboy/internal/english"
	"paperboy/internal/exchange"
	"paperboy/internal/library"
	"paperboy/internal/paper"
	"paperboy/internal/store"
)

// importBatch is how many papers are saved in one transaction: enough to make
// its cost small, few enough that others on the database hardly wait.
const importBatch = 2_000

// shownErrors is how many bad lines are reported one by one.
const shownErrors = 20

type importCmd struct {
	searchSettings

	File   string `arg:"" optional:"" default:"-" help:"The file; - or nothing is standard input."`
	Format string `enum:",jsonl,bibtex,ris" default:"" placeholder:"FORMAT" help:"jsonl, bibtex or ris; otherwise found out from the content."`
}

// Run reads the file and saves what it holds. Bad records are reported and
// skipped; the exit status says whether there were any.
func (i *importCmd) Run(ctx context.Context, c *common, std streams) (err error) {
	in, err := i.open(std)
	if err != nil {
		return err
	}
	defer in.Close()
	head := bufio.NewReaderSize(in, 64<<10)
	format := exchange.Format(i.Format)
	if format == "" {
		peek, err := head.Peek(4 << 10)
		if err != nil && err != io.EOF {
			return fmt.Errorf("read %s: %w", i.shown(), err)
		}
		if format = exchange.Detect(peek, i.File); format == "" {
			return fmt.Errorf("%s is neither JSON Lines, BibTeX nor RIS; if it is, say which with --format", i.shown())
		}
	}
	f, err := openFeed(ctx, c, c.personLog(std.err))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.store.Close()) }()
	l, err := library.Open(ctx, f.store, i.indexFolder(c.Database.Reveal()), f.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	// Most of what is read lives for a moment only: collecting it early keeps the
	// import small for a tenth more time.
	defer debug.SetGCPercent(debug.SetGCPercent(40))
	t := &transfer{store: f.store, library: l, std: std, began: time.Now()}
	return t.run(ctx, exchangeReader{head, format})
}

// shown is what the file is called in a sentence.
func (i *importCmd) shown() string {
	if i.File == "-" {
		return "standard input"
	}
	return i.File
}

func (i *importCmd) open(std streams) (io.ReadCloser, error) {
	if i.File == "-" {
		return io.NopCloser(std.in), nil
	}
	file, err := os.Open(i.File)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	return file, nil
}

type exchangeReader struct {
	io.Reader
	format exchange.Format
}

// transfer is one import under way.
type transfer struct {
	store   *store.Store
	library *library.Library
	std     streams
	began   time.Time

	saved store.Saved
	bad   int
}

// run reads, saves and indexes side by side.
func (t *transfer) run(ctx context.Context, in exchangeReader) error {
	batches := make(chan []paper.Paper, 1) // bounds what is held between reading and saving
	fresh := make(chan struct{}, 1)        // says that there is something to index
	group, working := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(batches)
		return t.read(working, in, batches)
	})
	group.Go(func() error {
		defer close(fresh)
		return t.save(working, batches, fresh)
	})
	group.Go(func() error {
		for range fresh {
			if err := t.library.CatchUp(working); err != nil {
				return fmt.Errorf("index what was imported: %w", err)
			}
		}
		return nil
	})
	err := group.Wait()
	if ctx.Err() != nil {
		err = errors.New("interrupted; what was read until then is saved, and importing again is harmless")
	}
	t.report(time.Since(t.began))
	if err == nil {
		err = t.library.Save()
	}
	if err == nil && t.bad > 0 {
		err = errFailed
	}
	return err
}

// save saves batch after batch and tells so.
func (t *transfer) save(ctx context.Context, batches <-chan []paper.Paper, fresh chan<- struct{}) error {
	for papers := range batches {
		saved, err := t.store.SavePapers(ctx, papers)
		if err != nil {
			return err
		}
		t.saved = t.saved.Add(saved)
		select {
		case fresh <- struct{}{}:
		default: // the word is out already
		}
	}
	return nil
}

// read hands over what is in the file in batches, and reports what is not.
func (t *transfer) read(ctx context.Context, in exchangeReader, batches chan<- []paper.Paper) error {
	batch := make([]paper.Paper, 0, importBatch)
	hand := func() error {
		select {
		case batches <- batch:
			batch = make([]paper.Paper, 0, importBatch)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for r := range exchange.Read(in, in.format) {
		if r.Err != nil {
			t.complain(r)
			continue
		}
		if batch = append(batch, r.Paper); len(batch) == importBatch {
			if err := hand(); err != nil {
				return err
			}
		}
	}
	return hand()
}

func (t *transfer) complain(r exchange.Record) {
	switch t.bad++; {
	case t.bad <= shownErrors:
		fmt.Fprintf(t.std.err, "line %d: %v\n", r.Line, r.Err)
	case t.bad == shownErrors+1:
		fmt.Fprintln(t.std.err, "further bad records are only counted")
	}
}

func (t *transfer) report(took time.Duration) {
	n := t.saved.Added + t.saved.Changed + t.saved.Same
	fmt.Fprintf(t.std.out, "%s imported in %.1f s (%.0f a second): %d new, %d changed, %d known already. %s skipped.\n",
		english.Count(n, "paper"), took.Seconds(), float64(n)/max(took.Seconds(), 0.001), t.saved.Added, t.saved.Changed, t.saved.Same, english.Count(t.bad, "record"))
}

type exportCmd struct {
	Format string `enum:"jsonl,bibtex,ris,csv" default:"jsonl" placeholder:"FORMAT" help:"jsonl, bibtex, ris or csv."`
}

// Run writes all papers, in the order in which they changed last.
func (e *exportCmd) Run(ctx context.Context, c *common, std streams) (err error) {
	f, err := openExisting(ctx, c, c.personLog(std.err))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.store.Close()) }()
	out, err := exchange.NewWriter(std.out, exchange.Format(e.Format))
	if err != nil {
		return err
	}
	written := make(map[paper.ID]bool) // a paper that changes meanwhile comes up again
	var after int64
	for {
		papers, upto, err := f.store.Changes(ctx, after, importBatch)
		if err != nil {
			return err
		}
		if len(papers) == 0 {
			return out.Close()
		}
		for _, p := range papers {
			if written[p.ID] {
				continue
			}
			written[p.ID] = true
			if err := out.Write(p); err != nil {
				return err
			}
		}
		after = upto
	}
}

type backupCmd struct {
	File string `arg:"" help:"The copy to make; it must not exist yet."`
}

// Run copies the database.
func (b *backupCmd) Run(ctx context.Context, c *common, std streams) (err error) {
	f, err := openExisting(ctx, c, c.personLog(std.err))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.store.Close()) }()
	if err := f.store.Backup(ctx, b.File); err != nil {
		return err
	}
	fmt.Fprintf(std.out, "Copied the database to %s.\n", b.File)
	return nil
}
