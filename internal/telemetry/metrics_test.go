package telemetry

import (
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
)

// scrape is what Prometheus sees after the program did things.
func scrape(t *testing.T, do func(*Metrics)) string {
	t.Helper()
	reg := prometheus.NewRegistry()
	m := NewMetrics(reg, "v1.2.3", []string{"top", "week"}, Gauges{
		Papers:  func() float64 { return 42 },
		Indexed: func() float64 { return 41 },
	})
	do(m)
	w := httptest.NewRecorder()
	Handler(NewHealth(slog.New(slog.DiscardHandler), nil), reg).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("/metrics answers %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func doAll(m *Metrics) {
	m.Saved("arxiv", 3, 2, 0)
	m.Fetched("arxiv", 300*time.Millisecond, nil)
	m.Fetched("arxiv", 3*time.Second, errors.New("down"))
	m.Command("top", time.Millisecond)
	m.Command("top; drop table", time.Millisecond)
	m.Command(strings.Repeat("x", 1000), time.Millisecond)
	m.Voted("slack", false)
	m.Voted("slack", true)
	m.Searched(2 * time.Millisecond)
}

func TestMetricsCountWhatWasDone(t *testing.T) {
	body := scrape(t, doAll)
	for _, want := range []string{
		`paperboy_papers_saved_total{result="added",source="arxiv"} 3`,
		`paperboy_papers_saved_total{result="changed",source="arxiv"} 2`,
		`paperboy_papers_saved_total{result="same",source="arxiv"} 0`,
		`paperboy_source_fetches_total{outcome="ok",source="arxiv"} 1`,
		`paperboy_source_fetches_total{outcome="failed",source="arxiv"} 1`,
		`paperboy_source_fetch_duration_seconds_bucket{source="arxiv",le="0.5"} 1`,
		`paperboy_source_fetch_duration_seconds_sum{source="arxiv"} 3.3`,
		`paperboy_command_duration_seconds_count{command="top"} 1`,
		`paperboy_command_duration_seconds_count{command="other"} 2`,
		`paperboy_votes_total{change="cast",platform="slack"} 1`,
		`paperboy_votes_total{change="withdrawn",platform="slack"} 1`,
		`paperboy_search_duration_seconds_count 1`,
		`paperboy_papers 42`,
		`paperboy_indexed_papers 41`,
		`version="v1.2.3"} 1`,
		`go_goroutines `,
		`process_start_time_seconds `,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
	if strings.Contains(body, "drop table") {
		t.Error("what a person typed became a label")
	}
}

func TestMetricNamesFollowPrometheus(t *testing.T) {
	problems, err := promlint.New(strings.NewReader(scrape(t, doAll))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "paperboy_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}
