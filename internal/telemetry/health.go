package telemetry

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// checkTime is how long one check may take.
const checkTime = 2 * time.Second

// Check reports whether a part of the program can do its work. It ends when its
// context does.
type Check func(context.Context) error

// Health knows whether the program can do its work: whether it is ready. That
// it is alive shows in its answering at all.
type Health struct {
	log    *slog.Logger
	checks map[string]Check

	mu      sync.Mutex // guards failing
	failing map[string]bool
}

// NewHealth is the health of a program whose parts have the named checks.
func NewHealth(log *slog.Logger, checks map[string]Check) *Health {
	return &Health{log: log, checks: checks, failing: map[string]bool{}}
}

// Handler serves /healthz, /readyz and /metrics.
func Handler(h *Health, reg *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		_, _ = io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /readyz", h.serveReady)
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{Timeout: 10 * time.Second}))
	return mux
}

// serveReady answers with the verdict of each check.
func (h *Health) serveReady(w http.ResponseWriter, r *http.Request) {
	// A prober that hangs up must not make the checks look broken.
	answer := h.run(context.WithoutCancel(r.Context()))
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !answer.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// readiness is the answer of /readyz.
type readiness struct {
	Ready  bool              `json:"ready"`
	Checks map[string]string `json:"checks"`
}

// run makes all checks at the same time.
func (h *Health) run(ctx context.Context) readiness {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	answer := readiness{Ready: true, Checks: map[string]string{}}
	var (
		wg sync.WaitGroup
		mu sync.Mutex // guards answer
	)
	for name, check := range h.checks {
		wg.Go(func() {
			err := check(ctx)
			h.note(name, err)
			mu.Lock()
			defer mu.Unlock()
			answer.Checks[name] = verdict(err)
			answer.Ready = answer.Ready && err == nil
		})
	}
	wg.Wait()
	return answer
}

// verdict says how a check went. The error is for the log: it may name hosts
// and files, and the page is open to everyone.
func verdict(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, context.DeadlineExceeded):
		return "gave no answer within " + checkTime.String() + "; the log says more"
	}
	return "does not work; the log says why"
}

// note logs when a check begins to fail and when it works again.
func (h *Health) note(name string, err error) {
	h.mu.Lock()
	was := h.failing[name]
	h.failing[name] = err != nil
	h.mu.Unlock()
	switch {
	case err != nil && !was:
		h.log.Warn("not ready", "check", name, "err", err)
	case err == nil && was:
		h.log.Info("ready again", "check", name)
	}
}
