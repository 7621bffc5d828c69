package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"paperboy/internal/ingest"
	"paperboy/internal/telemetry"
)

// stopWithin is how long an orderly end may take.
const stopWithin = 10 * time.Second

type serveCmd struct {
	sourceSettings
	searchSettings

	Addr string `env:"PAPERBOY_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where health and metrics are served."`
}

// Run serves until ctx ends or the person at the terminal leaves.
func (s *serveCmd) Run(ctx context.Context, c *common, std streams) error {
	p, err := wire(ctx, c, s.searchSettings, s.sourceSettings, std)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- s.serve(ctx, stop, p, std) }()
	select {
	case err = <-ended:
	case <-ctx.Done():
		select {
		case err = <-ended:
		case <-time.After(stopWithin):
			err = errors.New("some work did not end in time and was cut off; nothing saved is lost")
		}
	}
	return errors.Join(err, p.store.Close())
}

// serve runs all parts and waits for them. stop ends them.
func (s *serveCmd) serve(ctx context.Context, stop func(), p *parts, std streams) error {
	health := telemetry.NewHealth(p.log, map[string]telemetry.Check{"database": p.store.Ping})
	addr, wait, err := telemetry.Serve(ctx, s.Addr, telemetry.Handler(health, p.registry), stopWithin/2, p.log)
	if err != nil {
		return err
	}
	p.log.Info("serving", "addr", addr.String(), "database", p.store.Engine())
	group, ctx := errgroup.WithContext(ctx)
	group.Go(wait)
	group.Go(func() error { return p.library.Follow(ctx) })
	group.Go(func() error { return ingest.New(p.store, p.sources, p.resolvers, p.log, p.metrics).Run(ctx) })
	if isTerminal(std.in) {
		fmt.Fprintf(std.out, "Paperboy is running; its health is at http://%s/healthz. Try /papers moe, or help. Ctrl-D ends it.\n", addr)
		group.Go(func() error {
			defer stop()
			return terminal(std, os.Getenv, p.log).Listen(ctx, p.bot)
		})
	}
	return group.Wait()
}

type chatCmd struct {
	sourceSettings
	searchSettings
}

// Run answers what is typed until the input ends.
func (s *chatCmd) Run(ctx context.Context, c *common, std streams) (err error) {
	p, err := wire(ctx, c, s.searchSettings, s.sourceSettings, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.store.Close()) }()
	following, stop := context.WithCancel(ctx)
	group, following := errgroup.WithContext(following)
	group.Go(func() error { return p.library.Follow(following) })
	group.Go(func() error {
		defer stop()
		return terminal(std, os.Getenv, p.log).Listen(following, p.bot)
	})
	return group.Wait()
}
