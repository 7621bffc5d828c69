package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/term"

	"paperboy/internal/date"
	"paperboy/internal/ingest"
	"paperboy/internal/library"
	"paperboy/internal/telemetry"
)

type ingestCmd struct {
	sourceSettings
	searchSettings

	Since string `placeholder:"DATE" help:"Read again from this day, such as 2026-02-27, to fill the feed with the past."`
}

// Run reads every source to the present. The exit status says whether any failed.
func (i *ingestCmd) Run(ctx context.Context, c *common, std streams) (err error) {
	var since date.Date
	if i.Since != "" {
		if since, err = date.Parse(i.Since); err != nil {
			return fmt.Errorf("--since: %w", err)
		}
	}
	f, err := openFeed(ctx, c, c.personLog(std.err))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.store.Close()) }()
	client := i.client(f.store)
	sources, err := i.open(client)
	if err != nil {
		return err
	}
	l, err := library.Open(ctx, f.store, i.indexFolder(c.Database.Reveal()), f.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	metrics := telemetry.NewMetrics(prometheus.NewRegistry(), version(), nil, telemetry.Gauges{
		Papers: func() float64 { return f.count(ctx) }, Indexed: func() float64 { return float64(l.Len()) },
	})
	show := newProgress(std.err)
	failed := ingest.New(f.store, sources, i.resolvers(client), f.log, metrics).Once(ctx, since, show.report)
	show.end()
	if ctx.Err() != nil {
		return errors.New("interrupted; what was read until then is saved, and the next run goes on from there")
	}
	if err := errors.Join(l.CatchUp(ctx), l.Save()); err != nil {
		return fmt.Errorf("index what was read: %w", err)
	}
	for _, p := range show.last {
		fmt.Fprintf(std.out, "%s: %d new papers, %d changed, %d known already, %d entries left out\n",
			p.Source, p.Saved.Added, p.Saved.Changed, p.Saved.Same, p.Problems)
	}
	return failed
}

// progress shows how far sources are: as one line that is drawn over on a
// terminal, and elsewhere as a line for every tenth of the way.
type progress struct {
	out      io.Writer
	terminal bool
	last     []ingest.Progress // of every source, in the order of their first page
}

func newProgress(out io.Writer) *progress {
	f, ok := out.(*os.File)
	return &progress{out: out, terminal: ok && term.IsTerminal(int(f.Fd()))}
}

func (p *progress) report(now ingest.Progress) {
	before, at := -1.0, len(p.last)
	for i, known := range p.last {
		if known.Source == now.Source {
			before, at = known.Done, i
		}
	}
	if at == len(p.last) {
		p.last = append(p.last, now)
	}
	p.last[at] = now
	if p.terminal {
		fmt.Fprintf(p.out, "\r%s\x1b[K", p.line())
	} else if int(now.Done*10) > int(before*10) {
		fmt.Fprintf(p.out, "%s: %.0f%%, %d new papers\n", now.Source, now.Done*100, now.Saved.Added)
	}
}

// line is "huggingface [#####-----] 52%  arxiv [##--------] 21%  1204 new".
func (p *progress) line() string {
	var b strings.Builder
	added := 0
	for _, s := range p.last {
		full := min(10, max(0, int(s.Done*10)))
		fmt.Fprintf(&b, "%s [%s%s] %3.0f%%  ", s.Source, strings.Repeat("#", full), strings.Repeat("-", 10-full), s.Done*100)
		added += s.Saved.Added
	}
	fmt.Fprintf(&b, "%d new", added)
	return b.String()
}

func (p *progress) end() {
	if p.terminal && len(p.last) > 0 {
		fmt.Fprintln(p.out)
	}
}
