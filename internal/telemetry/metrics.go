package telemetry

import (
	"runtime"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Metrics counts what the program does. Its labels have few values: sources and
// platforms are compiled in, and commands are counted by the names it knows.
type Metrics struct {
	commands []string // whose names may be labels

	saved          *prometheus.CounterVec
	fetches        *prometheus.CounterVec
	fetchSeconds   *prometheus.HistogramVec
	commandSeconds *prometheus.HistogramVec
	votes          *prometheus.CounterVec
	searchSeconds  prometheus.Histogram
	plans          *prometheus.CounterVec
	picks          *prometheus.CounterVec
	deliveries     *prometheus.CounterVec
	sendSeconds    *prometheus.HistogramVec
}

// Gauges are read each time that metrics are asked for; NaN stands for unknown.
type Gauges struct {
	Papers  func() float64 // in the feed
	Indexed func() float64 // in the search index
}

// NewMetrics registers all metrics of the program, those of Go and of the
// process among them. commands are the names that people can type.
func NewMetrics(reg *prometheus.Registry, version string, commands []string, now Gauges) *Metrics {
	reg.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	f := promauto.With(reg)
	f.NewGaugeFunc(prometheus.GaugeOpts{
		Name:        "paperboy_build_info",
		Help:        "Always 1; its labels say which build this is.",
		ConstLabels: prometheus.Labels{"version": version, "goversion": runtime.Version()},
	}, func() float64 { return 1 })
	f.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "paperboy_papers",
		Help: "Papers in the feed.",
	}, now.Papers)
	f.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "paperboy_indexed_papers",
		Help: "Papers in the search index of this replica.",
	}, now.Indexed)
	return &Metrics{
		commands: slices.Clone(commands),
		saved: f.NewCounterVec(prometheus.CounterOpts{
			Name: "paperboy_papers_saved_total",
			Help: "Papers that sources brought, by what that did to the feed: added, changed or same.",
		}, []string{"source", "result"}),
		fetches: f.NewCounterVec(prometheus.CounterOpts{
			Name: "paperboy_source_fetches_total",
			Help: "Pages asked of sources, by outcome: ok or failed.",
		}, []string{"source", "outcome"}),
		fetchSeconds: f.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "paperboy_source_fetch_duration_seconds",
			Help:    "How long sources took to answer.",
			Buckets: []float64{.1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"source"}),
		commandSeconds: f.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "paperboy_command_duration_seconds",
			Help:    "How long commands of people took, by command.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 3, 10},
		}, []string{"command"}),
		votes: f.NewCounterVec(prometheus.CounterOpts{
			Name: "paperboy_votes_total",
			Help: "Votes, by platform and change: cast or withdrawn.",
		}, []string{"platform", "change"}),
		searchSeconds: f.NewHistogram(prometheus.HistogramOpts{
			Name:    "paperboy_search_duration_seconds",
			Help:    "How long searches took.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1},
		}),
		plans: f.NewCounterVec(prometheus.CounterOpts{
			Name: "paperboy_channel_days_total",
			Help: "Days planned for channels, by outcome: posted or empty.",
		}, []string{"platform", "outcome"}),
		picks: f.NewCounterVec(prometheus.CounterOpts{
			Name: "paperboy_picks_total",
			Help: "Papers picked for channels.",
		}, []string{"platform"}),
		deliveries: f.NewCounterVec(prometheus.CounterOpts{
			Name: "paperboy_deliveries_total",
			Help: "Attempts to post planned messages, by outcome: sent, throttled, unsure, failed, parked or refused.",
		}, []string{"platform", "outcome"}),
		sendSeconds: f.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "paperboy_send_duration_seconds",
			Help:    "How long platforms took to take a message.",
			Buckets: []float64{.025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"platform"}),
	}
}

// Saved counts the papers of one page.
func (m *Metrics) Saved(source string, added, changed, same int) {
	m.saved.WithLabelValues(source, "added").Add(float64(added))
	m.saved.WithLabelValues(source, "changed").Add(float64(changed))
	m.saved.WithLabelValues(source, "same").Add(float64(same))
}

// Fetched counts one call of a source, which ended with err.
func (m *Metrics) Fetched(source string, took time.Duration, err error) {
	outcome := "ok"
	if err != nil {
		outcome = "failed"
	}
	m.fetches.WithLabelValues(source, outcome).Inc()
	m.fetchSeconds.WithLabelValues(source).Observe(took.Seconds())
}

// Command counts a command. A name that is none of ours is counted as "other".
func (m *Metrics) Command(name string, took time.Duration) {
	if !slices.Contains(m.commands, name) {
		name = "other"
	}
	m.commandSeconds.WithLabelValues(name).Observe(took.Seconds())
}

// Voted counts a vote or its withdrawal.
func (m *Metrics) Voted(platform string, withdrawn bool) {
	change := "cast"
	if withdrawn {
		change = "withdrawn"
	}
	m.votes.WithLabelValues(platform, change).Inc()
}

// Searched counts a search.
func (m *Metrics) Searched(took time.Duration) { m.searchSeconds.Observe(took.Seconds()) }

// Planned counts a channel's day, on which so many papers were picked.
func (m *Metrics) Planned(platform string, papers int) {
	outcome := "posted"
	if papers == 0 {
		outcome = "empty"
	}
	m.plans.WithLabelValues(platform, outcome).Inc()
	m.picks.WithLabelValues(platform).Add(float64(papers))
}

// Delivered counts an attempt to post a message.
func (m *Metrics) Delivered(platform, outcome string) {
	m.deliveries.WithLabelValues(platform, outcome).Inc()
}

// Sent counts how long a platform took over a message.
func (m *Metrics) Sent(platform string, took time.Duration) {
	m.sendSeconds.WithLabelValues(platform).Observe(took.Seconds())
}
