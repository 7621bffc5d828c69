package slack

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"paperboy/internal/manypapers"
)

const benchAskers = 50

// BenchmarkFiftyAskers measures the time from an envelope on the socket to its
// acknowledgement, and to the answer, with 50 people asking at the same moment,
// over and over:
//
//	go test ./bots/slack -run '^$' -bench FiftyAskers -benchtime 3000x
func BenchmarkFiftyAskers(b *testing.B) {
	f := newFake(b, bySocket)
	f.unchecked = true
	f.listen(b, manypapers.Bot(b, f.app))
	f.screen = make(chan seen, b.N+benchAskers)
	var mu sync.Mutex // guards what follows
	var acks, answers []time.Duration
	if err := f.write(soon(b), []byte(`{"type":"hello"}`)); err != nil { // it is connected
		b.Fatal(err)
	}
	b.ResetTimer()
	for n := 0; n < b.N; n += benchAskers {
		var all sync.WaitGroup
		for i := range min(benchAskers, b.N-n) {
			all.Go(func() {
				ack, answer, err := f.ask(b, n+i)
				if err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				acks, answers = append(acks, ack), append(answers, answer)
			})
		}
		all.Wait()
	}
	b.StopTimer()
	report(b, acks, "ack")
	report(b, answers, "answer")
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

// ask types a command and waits for the acknowledgement and the answer.
func (f *fake) ask(b *testing.B, n int) (ack, answer time.Duration, err error) {
	user := fmt.Sprintf("U0ASKER%d", n)
	answered := make(chan struct{})
	f.mu.Lock()
	url := f.responseURL(target{channel: testChannel, user: user})
	f.onAnswer[user] = answered
	f.mu.Unlock()
	began := time.Now()
	_, err = f.deliverSocket(b.Context(), fmt.Sprint("ask-", n), "slash_commands", map[string]any{
		"command": "/papers", "text": manypapers.Queries[n%len(manypapers.Queries)], "channel_id": testChannel, "user_id": user, "response_url": url, "trigger_id": "1",
	})
	ack = time.Since(began)
	if err != nil {
		return
	}
	select {
	case <-answered:
	case <-time.After(time.Minute):
		err = fmt.Errorf("no answer to %s", user)
	}
	return ack, time.Since(began), err
}
