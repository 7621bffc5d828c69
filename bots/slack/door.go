package slack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

const (
	stale   = 5 * time.Minute // how old a request may be
	maxBody = 1 << 20
)

// door is where Slack's requests come in over HTTP, each signed
// (https://docs.slack.dev/authentication/verifying-requests-from-slack).
type door struct {
	secret []byte
	now    func() time.Time

	mu       sync.Mutex // guards what follows
	listener *listener  // nil while nobody listens
	context  context.Context
	used     map[string]time.Time // signatures, with when they stop being good anyway
}

func newDoor(secret string, now func() time.Time) *door {
	return &door{secret: []byte(secret), now: now, used: map[string]time.Time{}}
}

// Handler serves /slack/events, /slack/commands and /slack/interactions, for an
// app without Socket Mode.
func (s *Slack) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slack/events", s.door.guard(s.door.events))
	mux.HandleFunc("POST /slack/commands", s.door.guard(s.door.commands))
	mux.HandleFunc("POST /slack/interactions", s.door.guard(s.door.interactions))
	return mux
}

// open lets requests through to l until ctx ends.
func (d *door) open(ctx context.Context, l *listener) error {
	d.set(ctx, l)
	<-ctx.Done()
	d.set(ctx, nil)
	return nil
}

func (d *door) set(ctx context.Context, l *listener) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.context, d.listener = ctx, l
}

// enter is the listener, which waits for leave before it ends; nil if nobody
// listens.
func (d *door) enter() (ctx context.Context, l *listener, leave func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.listener == nil || d.context.Err() != nil {
		return nil, nil, nil
	}
	d.listener.calls.Add(1)
	return d.context, d.listener, d.listener.calls.Done
}

// call is a request that is known to be Slack's.
type call struct {
	*listener
	ctx  context.Context
	body []byte
	form url.Values // nil for JSON
	// again lets the same request come once more, because nothing was done.
	again func()
}

// guard lets through what Slack has signed within the last five minutes and what
// has not come before. Of an event, it lets through what Slack says it sends
// again: events are told by their ids.
func (d *door) guard(serve func(http.ResponseWriter, call)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "too long", http.StatusRequestEntityTooLarge)
			return
		}
		signature := r.Header.Get("X-Slack-Signature")
		if !d.signed(r.Header.Get("X-Slack-Request-Timestamp"), signature, body) {
			http.Error(w, "not signed by Slack", http.StatusUnauthorized)
			return
		}
		ctx, l, leave := d.enter()
		if l == nil {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		defer leave()
		retried := r.URL.Path == "/slack/events" && r.Header.Get("X-Slack-Retry-Num") != ""
		if !d.isFirst(signature) && !retried {
			http.Error(w, "came before", http.StatusUnauthorized)
			return
		}
		c := call{listener: l, ctx: ctx, body: body, again: func() { d.forget(signature) }}
		if r.URL.Path != "/slack/events" {
			if c.form, err = url.ParseQuery(string(body)); err != nil {
				http.Error(w, "not a form", http.StatusBadRequest)
				return
			}
		}
		serve(w, c)
	}
}

// signed checks a request's signature and its time.
func (d *door) signed(stamp, signature string, body []byte) bool {
	sec, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || len(d.secret) == 0 || d.now().Sub(time.Unix(sec, 0)).Abs() > stale {
		return false
	}
	mac := hmac.New(sha256.New, d.secret)
	_, _ = io.WriteString(mac, "v0:"+stamp+":")
	_, _ = mac.Write(body)
	want := "v0=" + hex.EncodeToString(mac.Sum(nil))
	return subtle.ConstantTimeCompare([]byte(want), []byte(signature)) == 1
}

// isFirst uses a signature up.
func (d *door) isFirst(signature string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	for s, until := range d.used {
		if now.After(until) {
			delete(d.used, s)
		}
	}
	if _, used := d.used[signature]; used {
		return false
	}
	d.used[signature] = now.Add(2 * stale)
	return true
}

func (d *door) forget(signature string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.used, signature)
}

func (d *door) events(w http.ResponseWriter, c call) {
	var o outer
	if err := json.Unmarshal(c.body, &o); err == nil && o.Type == "url_verification" {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, o.Challenge)
		return
	}
	if err := c.event(c.ctx, c.body); err != nil {
		c.again()
		http.Error(w, "not taken in, please send it again", http.StatusInternalServerError)
		return
	}
	acknowledge(w)
}

func (d *door) commands(w http.ResponseWriter, c call) {
	if c.form.Get("ssl_check") == "" {
		f := c.form
		cmd := slashCommand{
			Command: f.Get("command"), Text: f.Get("text"), User: f.Get("user_id"), Channel: f.Get("channel_id"),
			ResponseURL: f.Get("response_url"), Trigger: f.Get("trigger_id"),
		}
		c.work(c.ctx, func(ctx context.Context) { c.command(ctx, cmd) })
	}
	acknowledge(w)
}

func (d *door) interactions(w http.ResponseWriter, c call) {
	if c.form.Get("payload") == "" {
		acknowledge(w)
		return
	}
	c.interaction(c.ctx, []byte(c.form.Get("payload")), func(payload any) {
		if payload == nil {
			acknowledge(w)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(payload)
	})
}
