package discord

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"paperboy/internal/manypapers"
)

const benchAskers = 50

// BenchmarkFiftyAskers measures the time from INTERACTION_CREATE on the gateway to
// the first response, and to the full answer, with 50 people asking the real bot
// at the same moment, over and over:
//
//	go test ./bots/discord -run '^$' -bench Fifty -benchtime 3000x
func BenchmarkFiftyAskers(b *testing.B) {
	c := newCrowd(b)
	c.ask(b, func(n int) any {
		return map[string]any{"name": "papers", "type": 1, "options": []any{map[string]any{"name": "ask", "type": ofText, "value": manypapers.Queries[n%len(manypapers.Queries)]}}}
	}, isCommand)
	report(b, c.first, "first")
	report(b, c.full, "answer")
}

// BenchmarkFiftyTypists has 50 people type at once, a key each.
func BenchmarkFiftyTypists(b *testing.B) {
	c := newCrowd(b)
	lines := []string{"m", "mixture of", "diff", "subscr", "author:lov", "language mod", "top", "graph neu", "reinf", "2401.0"}
	c.ask(b, func(n int) any {
		return map[string]any{"name": "papers", "type": 1, "options": []any{map[string]any{"name": "ask", "type": ofText, "value": lines[n%len(lines)], "focused": true}}}
	}, isTyping)
	report(b, c.first, "completion")
}

// crowd asks and notes how long it took.
type crowd struct {
	*fake

	mu          sync.Mutex // guards what follows
	asked       map[string]time.Time
	first, full []time.Duration
	done        chan struct{} // one for each full answer
}

func newCrowd(b *testing.B) *crowd {
	s := newService(b)
	s.connect(Options{})
	c := &crowd{fake: &fake{s}, asked: map[string]time.Time{}, done: make(chan struct{}, benchAskers)}
	s.onAnswer = c.answered
	c.listen(b, manypapers.Bot(b, c.app))
	return c
}

// answered takes in the first response to an interaction, or what follows it.
func (c *crowd) answered(path string, body []byte) bool {
	parts := strings.Split(path, "/")
	if parts[1] != "interactions" && parts[1] != "webhooks" {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	took := time.Since(c.asked[parts[3]])
	if parts[1] == "interactions" {
		c.first = append(c.first, took)
	}
	if !bytes.HasPrefix(body, fmt.Appendf(nil, `{"type":%d`, showLater)) {
		c.full = append(c.full, took)
		c.done <- struct{}{}
	}
	return true
}

// ask has everybody do the same kind of thing, again and again.
func (c *crowd) ask(b *testing.B, data func(n int) any, kind int) {
	if err := c.connected(soon(b)); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for n := 0; n < b.N; n += benchAskers {
		askers := min(benchAskers, b.N-n)
		for i := range askers {
			id := fmt.Sprint(n + i + 1)
			c.mu.Lock()
			c.asked[id] = time.Now()
			c.mu.Unlock()
			c.dispatch("INTERACTION_CREATE", map[string]any{
				"id": id, "application_id": testApp, "type": kind, "token": id, "guild_id": testGuild, "channel_id": testChannel,
				"member": map[string]any{"user": map[string]any{"id": ann}, "permissions": "0"}, "data": data(n + i),
			})
		}
		for range askers {
			<-c.done
		}
	}
	b.StopTimer()
}

func report(b *testing.B, times []time.Duration, what string) {
	if len(times) == 0 {
		return
	}
	slices.Sort(times)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(times[(len(times)-1)*p/100].Microseconds())/1000, fmt.Sprintf("ms/%s-p%d", what, p))
	}
}

func BenchmarkRenderTenPapers(b *testing.B) {
	m := pageOf(10)
	for b.Loop() {
		render(m)
	}
}
