package discord

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"paperboy/internal/chat"
)

// BenchmarkAnswer has 50 people ask at once, again and again, and measures from
// INTERACTION_CREATE to the first answer, which has ten papers on it. Its time is
// that of the adapter, the library and the stand-in together.
func BenchmarkAnswer(b *testing.B) {
	const askers = 50
	e := newEar()
	e.events = make(chan any, 100_000)
	e.answer = func(any) chat.Message { return pageOf(10) }
	f := listening(b, e)
	f.screen = make(chan seen, 100_000)
	var mu sync.Mutex
	asked, took := map[string]time.Time{}, []time.Duration{}
	f.onCallback = func(token string) {
		mu.Lock()
		defer mu.Unlock()
		took = append(took, time.Since(asked[token]))
	}
	f.mu.Lock()
	f.unchecked = true
	f.mu.Unlock()
	ask := func() {
		for n := range askers {
			f.mu.Lock()
			id := f.number()
			f.tokens["tok"+id] = &token{user: ann, channel: testChannel}
			f.mu.Unlock()
			mu.Lock()
			asked["tok"+id] = time.Now()
			mu.Unlock()
			f.dispatch("INTERACTION_CREATE", map[string]any{
				"id": id, "application_id": testApp, "type": isCommand, "token": "tok" + id, "guild_id": testGuild, "channel_id": testChannel,
				"member": map[string]any{"user": map[string]any{"id": ann}, "permissions": "0"},
				"data":   map[string]any{"name": "papers", "type": 1, "options": []any{map[string]any{"name": "ask", "type": ofText, "value": fmt.Sprint("moe ", n)}}},
			})
		}
		for range askers {
			<-f.screen
		}
	}
	ask() // connections are made
	mu.Lock()
	took = nil
	mu.Unlock()
	for b.Loop() {
		ask()
	}
	mu.Lock()
	defer mu.Unlock()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

func BenchmarkRenderTenPapers(b *testing.B) {
	m := pageOf(10)
	for b.Loop() {
		render(m)
	}
}
