package outbox_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"paperboy/bots/bottest"
	"paperboy/internal/chat"
	"paperboy/internal/outbox"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/team"
	"paperboy/internal/telemetry"
)

var ada = chat.Person{Platform: "unruly", Space: "T1", ID: "ada"}

// world is a store with things to post and a service to post them to.
type world struct {
	testing.TB
	store   *store.Store
	service *bottest.Service
	logs    strings.Builder
}

func newWorld(t testing.TB, s *store.Store, m bottest.Mischief) *world {
	return &world{TB: t, store: s, service: bottest.NewService("unruly", m, rand.New(rand.NewPCG(1, 1)))}
}

func at(channel string) chat.Place {
	return chat.Place{Platform: "unruly", Space: "T1", Channel: channel}
}

// texts are one message for each of lines.
func texts(lines ...string) (all []chat.Message) {
	for _, line := range lines {
		all = append(all, chat.Message{Text: chat.Plain(line)})
	}
	return all
}

// plan has messages posted in a channel now; in its thread, but for the first.
func (w *world) plan(in chat.Place, thread bool, messages ...chat.Message) {
	w.Helper()
	planFor(w, w.store, in, time.Now(), thread, messages...)
}

func planFor(t testing.TB, s *store.Store, in chat.Place, now time.Time, thread bool, messages ...chat.Message) {
	t.Helper()
	slot := team.Slot{At: now.Truncate(time.Microsecond)}
	c, err := s.ChangeChannel(t.Context(), in, ada, now, func(c *team.Channel) error {
		c.Next, c.By = slot, ada
		if !c.Prefs.Follows() {
			c.Prefs.Topics = []team.Topic{{Query: "moe", By: ada}}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range messages {
		messages[i].Key = fmt.Sprintf("daily/%s/%d/%d", c.ID, now.UnixMicro(), i)
	}
	done, err := s.Plan(t.Context(), []store.Plan{{
		Channel: c, Team: team.Everyone, Slot: slot, At: now, Messages: messages, Thread: thread, Expires: now.Add(team.Limit),
	}})
	if err != nil || !done[0].Planned {
		t.Fatalf("plan: %+v, %v", done, err)
	}
}

// outbox is a new one for a platform.
func (w *world) outbox(p chat.Platform) *outbox.Outbox {
	return newOutbox(w.store, p, slog.New(slog.NewTextHandler(&w.logs, nil)), outbox.Options{})
}

func newOutbox(s *store.Store, p chat.Platform, log *slog.Logger, o outbox.Options) *outbox.Outbox {
	unknown := func() float64 { return 0 }
	m := telemetry.NewMetrics(prometheus.NewRegistry(), "test", nil, telemetry.Gauges{Papers: unknown, Indexed: unknown})
	return outbox.New(s, chat.Platforms{p.Name(): p}, log, m, o)
}

// run runs an outbox over the service for a while.
func (w *world) run(d time.Duration) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), d)
	defer cancel()
	if err := w.outbox(w.service.Client(nil)).Run(ctx); err != nil {
		w.Errorf("the outbox ended with %v", err)
	}
}

// shown is what people see in a place, a line for each message; replies are
// indented.
func shown(s *bottest.Service, in chat.Place) string {
	var lines []string
	for _, p := range s.Posts(in) {
		text := p.Message.Text.String()
		for _, c := range p.Message.Cards {
			text += c.Title.String() + " " + c.Counts
		}
		if p.Under != "" {
			text = "  " + text
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

// parked are the reasons of all deliveries that were given up.
func (w *world) parked() (reasons []string) {
	w.Helper()
	all, err := w.store.Parked(w.Context(), time.Time{}, 100)
	if err != nil {
		w.Fatal(err)
	}
	for _, d := range all {
		reasons = append(reasons, d.Reason)
	}
	return reasons
}

// waiting is how many deliveries are not settled.
func (w *world) waiting() int {
	w.Helper()
	all, err := w.store.Waiting(w.Context(), 1000)
	if err != nil {
		w.Fatal(err)
	}
	return len(all)
}

// card is a message about one paper, which the store has.
func (w *world) card(id paper.ID) chat.Message {
	w.Helper()
	p := paper.Paper{ID: id, Title: "Paper " + string(id), Sightings: []paper.Sighting{{Source: "daily", Votes: 7}}}
	if _, err := w.store.SavePapers(w.Context(), []paper.Paper{p}); err != nil {
		w.Fatal(err)
	}
	return chat.Message{Cards: []chat.Card{{Paper: id, Title: chat.Plain(p.Title), Counts: "▲ 7 on daily"}}}
}
