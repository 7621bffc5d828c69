package slack

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gorilla/websocket"

	"paperboy/internal/chat"
)

// TestNothingIsLostOrDoubledInAStorm delivers reactions in any order, each up to
// three times and all at once, while sockets drop, Slack asks to reconnect, and
// every seventh fails for the first time.
func TestNothingIsLostOrDoubledInAStorm(t *testing.T) {
	const reactions = 150
	e := newEar()
	var failed sync.Map
	var tries atomic.Int32
	e.fail = func(event any) error {
		r, ok := event.(chat.Reaction)
		if !ok {
			return nil
		}
		tries.Add(1)
		if _, again := failed.LoadOrStore(r.Post.ID, true); !again && strings.HasSuffix(r.Post.ID, "7") {
			return errors.New("the store is away")
		}
		return nil
	}
	f := listening(t, bySocket, e)
	r := rand.New(rand.NewPCG(1, 2))
	var deliveries []func() error
	for n := range reactions {
		ts := fmt.Sprintf("1700000000.%06d", n)
		payload := callback("Ev-storm-"+ts, map[string]any{
			"type": "reaction_added", "user": ann, "reaction": "+1", "event_ts": ts, "item": map[string]any{"type": "message", "channel": testChannel, "ts": ts},
		})
		for copy := range 1 + r.IntN(3) {
			deliveries = append(deliveries, func() error {
				_, err := f.deliverSocket(soon(t), fmt.Sprintf("storm-%d-%d", n, copy), "events_api", payload)
				return err
			})
		}
	}
	r.Shuffle(len(deliveries), func(i, j int) { deliveries[i], deliveries[j] = deliveries[j], deliveries[i] })
	var all sync.WaitGroup
	for i, deliver := range deliveries {
		all.Go(func() {
			if err := deliver(); err != nil {
				t.Errorf("a delivery is not acknowledged: %v", err)
			}
		})
		if i%60 == 59 {
			f.disturb(t, i%120 == 59)
		}
	}
	stopped := make(chan struct{})
	go f.resend(stopped)
	all.Wait()
	close(stopped)
	heard := map[string]int{}
	for len(e.events) > 0 {
		heard[(<-e.events).(chat.Reaction).Post.ID]++
	}
	for ts, n := range heard {
		if n != 1 {
			t.Errorf("the reaction on %s is heard %d times", ts, n)
		}
	}
	if len(heard) != reactions {
		t.Errorf("%d of %d reactions are heard", len(heard), reactions)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.sockets < 3 {
		t.Errorf("there were %d sockets, want it to reconnect", f.sockets)
	}
}

// disturb drops the socket, or asks for a new one.
func (f *fake) disturb(t *testing.T, politely bool) {
	t.Helper()
	if err := f.write(soon(t), []byte(`{"type":"hello"}`)); err != nil { // there is a socket
		t.Fatal(err)
	}
	f.mu.Lock()
	before, socket := f.sockets, f.socket
	if politely && socket != nil {
		_ = socket.WriteMessage(websocket.TextMessage, []byte(`{"type":"disconnect","reason":"refresh_requested","debug_info":{"host":"x"}}`))
	} else if socket != nil {
		socket.Close()
	}
	f.mu.Unlock()
	for ctx := soon(t); ; {
		f.mu.Lock()
		after := f.sockets
		f.mu.Unlock()
		if after > before {
			return
		}
		select {
		case <-tick():
		case <-ctx.Done():
			t.Fatal("the app does not connect again")
		}
	}
}

// resend sends again what is not acknowledged, as Slack does after a while.
func (f *fake) resend(stopped chan struct{}) {
	for {
		f.mu.Lock()
		var again [][]byte
		for _, raw := range f.unacked {
			again = append(again, raw)
		}
		f.mu.Unlock()
		for _, raw := range again {
			_ = f.write(f.t.Context(), raw)
		}
		select {
		case <-stopped:
			return
		case <-f.calls:
		case <-tick():
		}
	}
}

func TestUnknownThingsAreAcknowledgedAndPassedOver(t *testing.T) {
	var log bytes.Buffer
	o := bySocket
	sink := &locked{b: &log}
	o.Log = slog.New(slog.NewTextHandler(sink, &slog.HandlerOptions{Level: slog.LevelDebug}))
	e := newEar()
	f := listening(t, o, e)
	hologram := []any{map[string]any{"type": "actions", "elements": []any{map[string]any{"type": "hologram"}}}}
	for name, inner := range map[string]map[string]any{
		"an unknown event":              {"type": "hologram_projected", "user": ann},
		"a message with unknown blocks": {"type": "message", "channel": testChannel, "channel_type": "channel", "user": ann, "ts": "1.000001", "text": "hi", "blocks": hologram},
		"an event of an odd shape":      {"type": "reaction_added", "user": map[string]any{"id": ann}},
		"a channel that is an object":   {"type": "channel_rename", "channel": map[string]any{"id": testChannel}},
	} {
		if err := f.event(soon(t), inner); err != nil {
			t.Errorf("%s is not acknowledged: %v", name, err)
		}
	}
	if s := next[chat.Said](t, e); s.Text != "hi" {
		t.Errorf("the message with unknown blocks is heard as %+v", s)
	}
	for _, kind := range []string{"hologram", "interactive", "slash_commands", "events_api"} {
		if _, err := f.deliverSocket(soon(t), "odd-"+kind, kind, "not an object"); err != nil {
			t.Errorf("an odd envelope of kind %s is not acknowledged: %v", kind, err)
		}
	}
	for _, raw := range []string{`{`, `[]`, `{"type":"hologram"}`, `"x"`} {
		if err := f.write(soon(t), []byte(raw)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Command(soon(t), person(ann), "papers", "moe"); err != nil {
		t.Fatal(err)
	}
	next[chat.Command](t, e)
	sink.mu.Lock()
	defer sink.mu.Unlock()
	if !strings.Contains(log.String(), "an event is of an unknown kind") {
		t.Errorf("the log has no line about an unknown event:\n%s", log.String())
	}
	for _, secret := range []string{"xapp-test", "xoxb-test", "token-", "/respond/"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%q is in the log:\n%s", secret, log.String())
		}
	}
}

// locked is a log that several goroutines write.
type locked struct {
	mu sync.Mutex
	b  *bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func TestCommandIsAcknowledgedWhateverTheStoreIsDoing(t *testing.T) {
	both(t, func(t *testing.T, f *fake, e *ear) {
		release := make(chan struct{})
		e.answer = func(any) chat.Message {
			<-release
			return chat.Message{Text: chat.Plain("at last")}
		}
		for range 20 {
			if err := f.Command(soon(t), person(ann), "papers", "moe"); err != nil { // returns when it is acknowledged
				t.Fatal(err)
			}
		}
		close(release)
		for range 20 {
			if s := f.see(t); !strings.Contains(s.Text, "at last") {
				t.Errorf("shown is %q", s.Text)
			}
		}
	})
}

func TestSlowEventIsPromisedAndTriedAgain(t *testing.T) {
	both(t, func(t *testing.T, f *fake, e *ear) {
		release := make(chan struct{})
		var tries atomic.Int32
		e.fail = func(event any) error {
			if tries.Add(1) == 1 {
				<-release
				return errors.New("the store is away")
			}
			return nil
		}
		if err := f.React(soon(t), person(ann), chat.Post{Place: f.Place(), ID: "1.000001"}, "+1", false); err != nil {
			t.Fatalf("an event that takes long is not acknowledged: %v", err)
		}
		close(release)
		next[chat.Reaction](t, e)
	})
}

func TestRevokedTokenEndsListening(t *testing.T) {
	for _, method := range []string{"auth.test", "apps.connections.open"} {
		f := newFake(t, bySocket)
		f.answer[method] = fault{body: `{"ok":false,"error":"invalid_auth"}`}
		err := f.app.Listen(soon(t), newEar())
		if err == nil || strings.Contains(err.Error(), "xapp-") || strings.Contains(err.Error(), "xoxb-") {
			t.Errorf("%s: Listen ends with %v, want an error without the token", method, err)
		}
	}
}
