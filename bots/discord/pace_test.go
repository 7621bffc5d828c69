package discord

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"paperboy/internal/chat"
	"paperboy/internal/outbox"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
	"paperboy/internal/telemetry"
)

// BenchmarkChannelsDueAtOnce has the real outbox post to so many channels, and
// measures how much of Discord's 50 requests a second is used, and how many there
// were in the fullest second:
//
//	go test ./bots/discord -run '^$' -bench ChannelsDue -benchtime 10000x
func BenchmarkChannelsDueAtOnce(b *testing.B) {
	s := newService(b)
	s.connect(Options{})
	var mu sync.Mutex // guards what follows
	var came []time.Time
	all := make(chan struct{})
	s.onAnswer = func(path string, _ []byte) bool {
		if !strings.HasSuffix(path, "/messages") {
			return false
		}
		mu.Lock()
		defer mu.Unlock()
		if came = append(came, time.Now()); len(came) == b.N {
			close(all)
		}
		return true
	}
	db := storetest.Open(b)
	planMany(b, db, b.N)
	zero := func() float64 { return 0 }
	m := telemetry.NewMetrics(prometheus.NewRegistry(), "bench", nil, telemetry.Gauges{Papers: zero, Indexed: zero})
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error)
	b.ResetTimer()
	go func() {
		ended <- outbox.New(db, chat.Platforms{name: s.app}, slog.New(slog.DiscardHandler), m, outbox.Options{}).Run(ctx)
	}()
	<-all
	b.StopTimer()
	stop()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	slices.SortFunc(came, time.Time.Compare)
	fullest := 0
	for i, last := range came {
		first, _ := slices.BinarySearchFunc(came, last.Add(-time.Second), time.Time.Compare)
		fullest = max(fullest, i-first+1)
	}
	b.ReportMetric(float64(fullest), "in-fullest-second")
	if took := came[len(came)-1].Sub(came[0]).Seconds(); took > 0 {
		b.ReportMetric(float64(len(came)-1)/took, "posts/s")
		b.ReportMetric(100*float64(len(came)-1)/took/50, "%-of-the-limit")
	}
}

// planMany plans a message for each of many channels.
func planMany(b *testing.B, db *store.Store, channels int) {
	now := time.Now()
	slot := team.Slot{At: now.Truncate(time.Microsecond)}
	var plans []store.Plan
	for n := range channels {
		in := place(testGuild, fmt.Sprint(960000000000000000+n))
		c, err := db.ChangeChannel(b.Context(), in, person(ann), now, func(c *team.Channel) error {
			c.Next, c.By, c.Prefs.Topics = slot, person(ann), []team.Topic{{Query: "moe", By: person(ann)}}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		m := pageOf(1)
		m.Key = fmt.Sprintf("daily/%s/1/0", c.ID)
		plans = append(plans, store.Plan{Channel: c, Team: team.Everyone, Slot: slot, At: now, Messages: []chat.Message{m}, Expires: now.Add(team.Limit)})
	}
	for some := range slices.Chunk(plans, 500) {
		if _, err := db.Plan(b.Context(), some); err != nil {
			b.Fatal(err)
		}
	}
}
