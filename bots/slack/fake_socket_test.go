package slack

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// serveSocket is one connection of Socket Mode. What was not acknowledged on the
// one before comes again.
func (s *service) serveSocket(w http.ResponseWriter, r *http.Request) {
	c, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	s.mu.Lock()
	_ = c.WriteJSON(map[string]any{"type": "hello", "num_connections": 1, "connection_info": map[string]any{"app_id": "A1"}})
	_ = c.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(time.Second))
	for _, envelope := range s.unacked {
		_ = c.WriteMessage(websocket.TextMessage, envelope)
	}
	if s.socket == nil {
		close(s.opened)
	}
	s.socket = c
	s.sockets++
	s.mu.Unlock()
	for {
		var ack struct {
			ID      string `json:"envelope_id"`
			Payload json.RawMessage
		}
		if err := c.ReadJSON(&ack); err != nil {
			break
		}
		s.acked(ack.ID, ack.Payload)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.socket == c {
		s.socket, s.opened = nil, make(chan struct{})
	}
	c.Close()
}

func (s *service) acked(id string, payload []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.unacked, id)
	if done, ok := s.acks[id]; ok {
		done <- payload
		delete(s.acks, id)
	}
}

// deliver hands a payload to the app, by the way that it is connected, and
// returns what the acknowledgement carries.
func (s *service) deliver(ctx context.Context, kind string, payload any) ([]byte, error) {
	if s.app.o.AppToken == "" {
		return s.deliverHTTP(ctx, kind, payload)
	}
	s.mu.Lock()
	s.clock++
	id := fmt.Sprintf("envelope-%d", s.clock)
	s.mu.Unlock()
	return s.deliverSocket(ctx, id, kind, payload)
}

func (s *service) deliverSocket(ctx context.Context, id, kind string, payload any) ([]byte, error) {
	raw, err := json.Marshal(map[string]any{"envelope_id": id, "type": kind, "payload": payload, "accepts_response_payload": kind != "events_api"})
	if err != nil {
		return nil, err
	}
	acked := make(chan []byte, 1)
	s.mu.Lock()
	s.acks[id], s.unacked[id] = acked, raw
	s.mu.Unlock()
	if err := s.write(ctx, raw); err != nil {
		return nil, err
	}
	select {
	case payload := <-acked:
		return payload, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// write sends a frame on the connection in use, once there is one.
func (s *service) write(ctx context.Context, raw []byte) error {
	s.mu.Lock()
	opened := s.opened
	s.mu.Unlock()
	select {
	case <-opened:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.socket != nil {
		_ = s.socket.WriteMessage(websocket.TextMessage, raw) // if it breaks, it is sent again on the next
	}
	return nil
}

func (s *service) deliverHTTP(ctx context.Context, kind string, payload any) ([]byte, error) {
	raw, err := json.Marshal(payload)
	if err != nil {
		return nil, err
	}
	path, body := "/slack/events", raw
	switch kind {
	case "interactive":
		path, body = "/slack/interactions", []byte(values("payload", string(raw)).Encode())
	case "slash_commands":
		path = "/slack/commands"
		form := url.Values{}
		for name, v := range payload.(map[string]any) {
			form.Set(name, v.(string))
		}
		body = []byte(form.Encode())
	}
	for {
		answer := s.knock(path, body)
		if answer.Code != http.StatusServiceUnavailable {
			if answer.Code != http.StatusOK {
				return nil, fmt.Errorf("the app answers %d: %s", answer.Code, answer.Body)
			}
			return answer.Body.Bytes(), nil
		}
		select { // nobody listens yet
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(time.Millisecond):
		}
	}
}

// knock makes a signed request.
func (s *service) knock(path string, body []byte) *httptest.ResponseRecorder {
	r := signed(path, body, testSecret, time.Now())
	w := httptest.NewRecorder()
	s.app.Handler().ServeHTTP(w, r)
	return w
}

func signed(path string, body []byte, secret string, at time.Time) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return r
}

// event delivers an event, each with an id of its own.
func (s *service) event(ctx context.Context, inner map[string]any) error {
	s.mu.Lock()
	s.clock++
	id := fmt.Sprintf("Ev%d", s.clock)
	s.mu.Unlock()
	_, err := s.deliver(ctx, "events_api", callback(id, inner))
	return err
}

func callback(id string, inner map[string]any) map[string]any {
	return map[string]any{"type": "event_callback", "team_id": testTeam, "api_app_id": "A1", "event_id": id, "event_time": time.Now().Unix(), "event": inner}
}

// marked is text as Slack delivers it: escaped, links in angle brackets.
func marked(text string) string {
	return linkLike.ReplaceAllString(escape.Replace(text), "<$0>")
}

var linkLike = regexp.MustCompile(`https?://[^\s<>]+`)
