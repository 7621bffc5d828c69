package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"paperboy/bots/console"
	"paperboy/internal/chat"
	"paperboy/internal/ingest"
	"paperboy/internal/telemetry"
)

// stopWithin is how long an orderly end may take.
const stopWithin = 10 * time.Second

type serveCmd struct {
	partSettings
	platformSettings
}

// Run serves until ctx ends or the person at the terminal leaves.
func (s *serveCmd) Run(ctx context.Context, c *common, std streams) error {
	var screen *console.Console // where a person sits at the terminal
	log := c.serverLog(std.err)
	if isTerminal(std.in) {
		screen = terminal(std, os.Getenv)
		log = c.personLog(screen)
	}
	platforms := chat.Platforms{}
	if screen != nil {
		platforms[screen.Name()] = screen
	}
	connections, err := s.platformSettings.open(log)
	if err != nil {
		return err
	}
	for _, c := range connections {
		platforms[c.Name()] = c.Platform
	}
	p, err := wire(ctx, c, s.partSettings, platforms, log)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- s.serve(ctx, stop, p, connections, screen) }()
	select {
	case err = <-ended:
	case <-ctx.Done():
		select {
		case err = <-ended:
		case <-time.After(stopWithin):
			err = errors.New("some work did not end in time and was cut off; nothing saved is lost")
		}
	}
	return errors.Join(err, p.close())
}

// serve runs all parts and waits for them. The person at screen, if there is
// one, ends them by leaving.
func (s *serveCmd) serve(ctx context.Context, stop func(), p *parts, connections []connection, screen *console.Console) error {
	health := telemetry.NewHealth(p.log, map[string]telemetry.Check{"database": p.store.Ping})
	mux := http.NewServeMux()
	mux.Handle("/", p.web.Handler(p.bot))
	programs := p.web.Paced(p.api.Handler())
	mux.Handle("/api/", programs)
	mux.Handle("/feeds/", programs)
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		mux.Handle(path, telemetry.Handler(health, p.registry))
	}
	for _, c := range connections {
		if c.web != nil {
			mux.Handle(c.path, c.web)
		}
	}
	if p.mail != nil {
		mux.Handle("/mail/", p.web.Paced(p.mail.Handler()))
	}
	addr, wait, err := telemetry.Serve(ctx, s.Addr, mux, stopWithin/2, p.log)
	if err != nil {
		return err
	}
	p.log.Info("serving", "addr", addr.String(), "database", p.store.Engine())
	group, ctx := errgroup.WithContext(ctx)
	group.Go(wait)
	group.Go(func() error { return p.library.Follow(ctx) })
	group.Go(func() error { return ingest.New(p.store, p.sources, p.resolvers, p.log, p.metrics).Run(ctx) })
	group.Go(func() error { return p.outbox.Run(ctx) })
	group.Go(func() error { return p.daily.Run(ctx) })
	for _, c := range connections {
		group.Go(func() error { return c.Listen(ctx, p.bot) })
	}
	if p.mail != nil {
		group.Go(func() error { return p.mail.Listen(ctx, p.bot) })
	}
	if screen != nil {
		fmt.Fprintf(screen, "Paperboy is running, with its page at http://%s\nTry /papers moe, /paperboy subscribe moe, or help. Ctrl-D ends it.\n", reachable(addr.String()))
		group.Go(func() error {
			defer stop()
			return screen.Listen(ctx, p.bot)
		})
	}
	return group.Wait()
}

type chatCmd struct {
	partSettings
}

// Run answers what is typed until the input ends.
func (s *chatCmd) Run(ctx context.Context, c *common, std streams) (err error) {
	screen := terminal(std, os.Getenv)
	log := c.personLog(std.err)
	if isTerminal(std.in) {
		log = c.personLog(screen)
	}
	p, err := wire(ctx, c, s.partSettings, chat.Platforms{screen.Name(): screen}, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if !isTerminal(std.in) {
		// Nobody at the end of a pipe asks again in a minute.
		if err := p.library.CatchUp(ctx); err != nil {
			return fmt.Errorf("index the feed: %w", err)
		}
	}
	following, stop := context.WithCancel(ctx)
	group, following := errgroup.WithContext(following)
	group.Go(func() error { return p.library.Follow(following) })
	if isTerminal(std.in) { // somebody sits there to read them
		group.Go(func() error { return p.outbox.Run(following) })
		group.Go(func() error { return p.daily.Run(following) })
	}
	group.Go(func() error {
		defer stop()
		return screen.Listen(following, p.bot)
	})
	return group.Wait()
}
