package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
)

// requests of each kind that are fine, by path.
func fine(t *testing.T, f *fake) map[string][]byte {
	t.Helper()
	event, err := json.Marshal(callback("Ev-door", map[string]any{
		"type": "reaction_added", "user": ann, "reaction": "+1", "event_ts": "1700000000.000100", "item": map[string]any{"type": "message", "channel": testChannel, "ts": "1.000001"},
	}))
	if err != nil {
		t.Fatal(err)
	}
	press := `{"type":"block_actions","user":{"id":"` + ann + `"},"channel":{"id":"` + testChannel + `"},"container":{"type":"message"},"actions":[{"type":"button","action_id":"vote 0","value":"vote x","action_ts":"1.1"}]}`
	return map[string][]byte{
		"/slack/events":       event,
		"/slack/commands":     []byte(values("command", "/papers", "text", "moe", "user_id", ann, "channel_id", testChannel).Encode()),
		"/slack/interactions": []byte(values("payload", press).Encode()),
	}
}

func TestUnsignedRequestsAreRefusedAndDoNothing(t *testing.T) {
	for _, test := range []struct {
		name string
		mar  func(r *http.Request)
		key  string
		at   time.Duration
	}{
		{name: "wrong key", key: "another secret"},
		{name: "stale time", at: -6 * time.Minute},
		{name: "time to come", at: 6 * time.Minute},
		{name: "changed body", mar: func(r *http.Request) {
			r.Body = http.NoBody
		}},
		{name: "body with one more byte", mar: func(r *http.Request) {
			var b bytes.Buffer
			_, _ = b.ReadFrom(r.Body)
			b.WriteByte(' ')
			r.Body = readCloser{&b}
		}},
		{name: "no signature", mar: func(r *http.Request) { r.Header.Del("X-Slack-Signature") }},
		{name: "no time", mar: func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") }},
		{name: "another time", mar: func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", "1700000000") }},
		{name: "time that is none", mar: func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", "today") }},
		{name: "empty signature", mar: func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0=") }},
		{name: "version of the signature", mar: func(r *http.Request) {
			r.Header.Set("X-Slack-Signature", strings.Replace(r.Header.Get("X-Slack-Signature"), "v0=", "v1=", 1))
		}},
		{name: "replay with a retry's header", mar: func(r *http.Request) {
			r.Header.Set("X-Slack-Retry-Num", "1")
			r.Header.Del("X-Slack-Signature")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := newEar()
			f := listening(t, byHTTP, e)
			for path, body := range fine(t, f) {
				key := testSecret
				if test.key != "" {
					key = test.key
				}
				r := signed(path, body, key, time.Now().Add(test.at))
				if test.mar != nil {
					test.mar(r)
				}
				w := httptest.NewRecorder()
				f.app.Handler().ServeHTTP(w, r)
				if w.Code != http.StatusUnauthorized {
					t.Errorf("%s is answered %d, want 401", path, w.Code)
				}
			}
			if len(e.events) > 0 {
				t.Errorf("the handler heard %+v, want nothing", <-e.events)
			}
		})
	}
}

type readCloser struct{ *bytes.Buffer }

func (readCloser) Close() error { return nil }

// ready waits until the app lets requests in.
func (f *fake) ready(t *testing.T) {
	t.Helper()
	if _, err := f.deliverHTTP(soon(t), "events_api", map[string]any{"type": "url_verification", "challenge": "x"}); err != nil {
		t.Fatal(err)
	}
}

func TestReplayIsRefusedAndDoesNothing(t *testing.T) {
	e := newEar()
	f := listening(t, byHTTP, e)
	f.ready(t)
	for path, body := range fine(t, f) {
		at := time.Now()
		for n, want := range []int{http.StatusOK, http.StatusUnauthorized, http.StatusUnauthorized} {
			w := httptest.NewRecorder()
			f.app.Handler().ServeHTTP(w, signed(path, body, testSecret, at))
			if w.Code != want {
				t.Errorf("%s, time %d: answered %d, want %d", path, n+1, w.Code, want)
			}
		}
		<-e.events
	}
	if len(e.events) > 0 {
		t.Errorf("the handler heard %+v once more", <-e.events)
	}
}

func TestRetryIsKnownByItsEvent(t *testing.T) {
	e := newEar()
	f := listening(t, byHTTP, e)
	f.ready(t)
	body := fine(t, f)["/slack/events"]
	for n, at := range []time.Time{time.Now(), time.Now(), time.Now().Add(time.Minute), time.Now().Add(4 * time.Minute)} {
		r := signed("/slack/events", body, testSecret, at)
		if n > 0 {
			r.Header.Set("X-Slack-Retry-Num", "1")
			r.Header.Set("X-Slack-Retry-Reason", "http_timeout")
		}
		w := httptest.NewRecorder()
		f.app.Handler().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Errorf("delivery %d is answered %d, want 200", n+1, w.Code)
		}
	}
	next[chat.Reaction](t, e)
	if len(e.events) > 0 {
		t.Errorf("the handler heard it again: %+v", <-e.events)
	}
}

func TestEventThatWasNotTakenInMayComeAgain(t *testing.T) {
	e := newEar()
	down := true
	e.fail = func(any) error {
		if down {
			return errors.New("the store is away")
		}
		return nil
	}
	f := listening(t, byHTTP, e)
	f.ready(t)
	body, at := fine(t, f)["/slack/events"], time.Now()
	for _, want := range []int{http.StatusInternalServerError, http.StatusOK} {
		w := httptest.NewRecorder()
		f.app.Handler().ServeHTTP(w, signed("/slack/events", body, testSecret, at))
		if w.Code != want {
			t.Errorf("answered %d, want %d", w.Code, want)
		}
		down = false
	}
	next[chat.Reaction](t, e)
}

func TestAddressIsVerified(t *testing.T) {
	f := listening(t, byHTTP, newEar())
	got, err := f.deliverHTTP(soon(t), "events_api", map[string]any{"type": "url_verification", "token": "t", "challenge": "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"})
	if err != nil || string(got) != "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P" {
		t.Errorf("the answer is %q, %v, want the challenge", got, err)
	}
}

func TestNobodyIsHeardBeforeAndAfterListening(t *testing.T) {
	f := newFake(t, byHTTP)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := f.app.Listen(ctx, newEar()); err != nil {
		t.Errorf("Listen: %v", err)
	}
	for path, body := range fine(t, f) {
		if w := f.knock(path, body); w.Code != http.StatusServiceUnavailable {
			t.Errorf("%s is answered %d, want 503: Slack sends it again", path, w.Code)
		}
	}
}

func TestBigRequestsAndOtherMethodsAreTurnedAway(t *testing.T) {
	f := listening(t, byHTTP, newEar())
	if w := f.knock("/slack/events", bytes.Repeat([]byte("x"), maxBody+1)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a big request is answered %d, want 413", w.Code)
	}
	w := httptest.NewRecorder()
	f.app.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/slack/events", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET is answered %d, want 405", w.Code)
	}
}
