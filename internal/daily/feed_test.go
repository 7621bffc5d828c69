package daily_test

import (
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/daily"
	"paperboy/internal/date"
	"paperboy/internal/library"
	"paperboy/internal/paper"
	"paperboy/internal/picks"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/telemetry"
)

var (
	nine  = time.Date(2026, 2, 27, 9, 0, 0, 0, time.UTC) // a Friday
	today = date.Of(nine)
	ada   = chat.Person{Platform: "test", Space: "T1", ID: "ada"}
	place = chat.Place{Platform: "test", Space: "T1", Channel: "C1"}
)

// feed is a real store with papers, and what plans from it.
type feed struct {
	testing.TB
	store  *store.Store
	picker *picks.Picker
	woken  atomic.Int32 // how often something new was to be posted
}

func newFeed(t testing.TB, papers ...paper.Paper) *feed {
	t.Helper()
	return openFeed(t, storetest.Open(t), papers...)
}

func openFeed(t testing.TB, s *store.Store, papers ...paper.Paper) *feed {
	t.Helper()
	f := &feed{TB: t, store: s}
	f.add(papers...)
	l, err := library.Open(t.Context(), s, "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	f.picker = picks.New(s, l, slog.New(slog.DiscardHandler), picks.Options{
		Zone: time.UTC, Labels: card.Labels{"daily": "The Daily"}, Sources: []string{"daily"},
	})
	return f
}

func (f *feed) add(papers ...paper.Paper) {
	f.Helper()
	if _, err := f.store.SavePapers(f.Context(), papers); err != nil {
		f.Fatal(err)
	}
}

func (f *feed) daily() *daily.Daily {
	unknown := func() float64 { return 0 }
	m := telemetry.NewMetrics(prometheus.NewRegistry(), "test", nil, telemetry.Gauges{Papers: unknown, Indexed: unknown})
	return daily.New(f.store, f.picker, []string{"test"}, slog.New(slog.DiscardHandler), m, func() { f.woken.Add(1) })
}
