package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"text/tabwriter"
	"time"

	"paperboy/internal/english"
	"paperboy/internal/store"
)

type statusCmd struct{}

// Run shows the feed, its channels and its sources.
func (*statusCmd) Run(ctx context.Context, c *common, std streams) (err error) {
	f, err := openExisting(ctx, c, c.personLog(std.err))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.store.Close()) }()
	n, err := f.store.CountPapers(ctx)
	if err != nil {
		return err
	}
	states, err := f.store.Sources(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "%s in the feed.\n", english.Count(n, "paper"))
	if err := printPosting(ctx, f.store, time.Now(), std.out); err != nil {
		return err
	}
	if len(states) == 0 {
		fmt.Fprintln(std.out, "No source has been read yet: paperboy ingest does so once, and a running Paperboy all the time.")
		return nil
	}
	return printSources(std.out, states, time.Now())
}

func printSources(out io.Writer, states []store.SourceState, now time.Time) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nSOURCE\tLAST SUCCESS\tNEXT TRY\tSTATE")
	for _, s := range states {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", s.Name, ago(s.SucceededAt, now), soon(s, now), stateOf(s, now))
	}
	return table.Flush()
}

// stateOf is what there is to say of a source.
func stateOf(s store.SourceState, now time.Time) string {
	switch {
	case s.Error != "" && s.Failures > 1:
		return fmt.Sprintf("failed %d times, last %s: %s", s.Failures, ago(s.FailedAt, now), s.Error)
	case s.Error != "":
		return fmt.Sprintf("failed %s: %s", ago(s.FailedAt, now), s.Error)
	case s.LeasedUntil.After(now):
		return "being read"
	case s.SucceededAt.IsZero():
		return "not read to its end yet"
	}
	return "fine"
}

func soon(s store.SourceState, now time.Time) string {
	switch {
	case s.LeasedUntil.After(now):
		return "now"
	case s.NextAt.Sub(now) < time.Minute:
		return "within a minute"
	}
	return "in " + span(s.NextAt.Sub(now))
}

func ago(t, now time.Time) string {
	switch {
	case t.IsZero():
		return "never"
	case now.Sub(t) < time.Minute:
		return "just now"
	}
	return span(now.Sub(t)) + " ago"
}

// span is a length of time as people say it: "5 min", "3 h", "2 days".
func span(d time.Duration) string {
	switch {
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.0f h", d.Hours())
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}

type healthcheckCmd struct {
	Addr string `env:"PAPERBOY_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where the Paperboy to ask is serving."`
}

// Run asks the Paperboy that serves on this machine.
func (h *healthcheckCmd) Run(ctx context.Context, std streams) error {
	host, port, err := net.SplitHostPort(h.Addr)
	if err != nil {
		return fmt.Errorf("PAPERBOY_ADDR is %q; it should look like 127.0.0.1:8080", h.Addr)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("no Paperboy answers on %s: %w", h.Addr, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the Paperboy on %s is not well: it answered %s", h.Addr, answer.Status)
	}
	fmt.Fprintln(std.out, "ok")
	return nil
}

type versionCmd struct{}

// Run prints which build this is.
func (versionCmd) Run(std streams) error {
	fmt.Fprintln(std.out, "paperboy", version())
	return nil
}

// version is that of the module if it was built as one, else of the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "dev-" + s.Value[:12]
		}
	}
	return "dev"
}
