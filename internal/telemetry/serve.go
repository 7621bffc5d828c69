package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// Serve listens on addr and answers with h until ctx ends; requests that are
// running then have the time of grace to finish. It returns once the address is
// bound. wait returns when everything has stopped.
func Serve(ctx context.Context, addr string, h http.Handler, grace time.Duration, log *slog.Logger) (bound net.Addr, wait func() error, err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, nil, listenError(addr, err)
	}
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve %s: %w", addr, err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			log.Warn("requests were cut off by the shutdown", "err", err)
			return server.Close()
		}
		return nil
	})
	return listener.Addr(), group.Wait, nil
}

// listenError says what to do about an address that cannot be had.
func listenError(addr string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("another program, perhaps another Paperboy, listens on %s: stop it or set PAPERBOY_ADDR to a free address: %w", addr, err)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("this user may not listen on %s: set PAPERBOY_ADDR to a port above 1023: %w", addr, err)
	}
	return fmt.Errorf("PAPERBOY_ADDR is %q, which cannot be listened on (it should look like 127.0.0.1:8080): %w", addr, err)
}
