package telemetry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// ask makes one request of a handler for h, without a network.
func ask(h *Health, method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	Handler(h, prometheus.NewRegistry()).ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

func fine(context.Context) error { return nil }

func TestAliveWhateverTheChecksSay(t *testing.T) {
	h := NewHealth(slog.New(slog.DiscardHandler), map[string]Check{
		"database": func(context.Context) error { return errors.New("gone") },
	})
	if w := ask(h, "GET", "/healthz"); w.Code != http.StatusOK || w.Body.String() != "ok\n" {
		t.Errorf("/healthz answers %d %q, want 200 ok", w.Code, w.Body)
	}
}

func TestReadyNamesWhatFailsAndKeepsTheErrorForTheLog(t *testing.T) {
	var log bytes.Buffer
	down := true
	h := NewHealth(Logger(&log, "text", slog.LevelInfo), map[string]Check{
		"index": fine,
		"database": func(context.Context) error {
			if down {
				return errors.New("dial db.internal: connection refused")
			}
			return nil
		},
	})
	steps := []struct {
		down bool
		code int
		body string
	}{
		{true, 503, `{"ready":false,"checks":{"database":"does not work; the log says why","index":"ok"}}`},
		{true, 503, `{"ready":false,"checks":{"database":"does not work; the log says why","index":"ok"}}`},
		{false, 200, `{"ready":true,"checks":{"database":"ok","index":"ok"}}`},
		{false, 200, `{"ready":true,"checks":{"database":"ok","index":"ok"}}`},
	}
	for i, step := range steps {
		down = step.down
		w := ask(h, "GET", "/readyz")
		if got := strings.TrimSpace(w.Body.String()); w.Code != step.code || got != step.body {
			t.Errorf("step %d: /readyz answers %d %s, want %d %s", i, w.Code, got, step.code, step.body)
		}
	}
	for line, want := range map[string]int{"connection refused": 1, "ready again": 1} {
		if got := strings.Count(log.String(), line); got != want {
			t.Errorf("%q is logged %d times, want %d:\n%s", line, got, want, &log)
		}
	}
}

func TestChecksRunTogetherAndEndInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		checks := map[string]Check{"quick": fine}
		for i := range 3 {
			checks[fmt.Sprintf("stuck%d", i)] = func(ctx context.Context) error {
				<-ctx.Done()
				return fmt.Errorf("ping: %w", ctx.Err())
			}
		}
		start := time.Now()
		w := ask(NewHealth(slog.New(slog.DiscardHandler), checks), "GET", "/readyz")
		if took := time.Since(start); took != checkTime {
			t.Errorf("three stuck checks took %s, want %s", took, checkTime)
		}
		if got := strings.Count(w.Body.String(), "gave no answer within 2s"); w.Code != 503 || got != 3 {
			t.Errorf("/readyz answers %d %s, want 503 and three checks without answer", w.Code, w.Body)
		}
	})
}

func TestAProberThatHangsUpBreaksNothing(t *testing.T) {
	h := NewHealth(slog.New(slog.DiscardHandler), map[string]Check{
		"database": func(ctx context.Context) error { return ctx.Err() },
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	Handler(h, prometheus.NewRegistry()).ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/readyz", nil))
	if w.Code != http.StatusOK {
		t.Errorf("/readyz answers %d %s to a request that was cancelled, want 200", w.Code, w.Body)
	}
}

func TestOnlyReading(t *testing.T) {
	h := NewHealth(slog.New(slog.DiscardHandler), nil)
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		for method, want := range map[string]int{"GET": 200, "HEAD": 200, "POST": 405, "PUT": 405, "DELETE": 405} {
			if got := ask(h, method, path).Code; got != want {
				t.Errorf("%s %s answers %d, want %d", method, path, got, want)
			}
		}
	}
	if got := ask(h, "GET", "/").Code; got != 404 {
		t.Errorf("GET / answers %d, want 404", got)
	}
}

// get reads a page of a server.
func get(url string) (string, error) {
	r, err := http.Get(url)
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	return string(body), err
}
