package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// Whom and what the stand-in knows.
const (
	testTeam    = "T0001"
	testChannel = "C0001"
	testPrivate = "G0001" // which the app is not in
	testSecret  = "8f742231b10e8888abcd99yyyzzz85a5"
	botUser     = "U0BOT"
	botID       = "B0BOT"
	otherBot    = "U0OTHERBOT"
	ann, bob    = "U0ANN", "U0BOB" // bob is a guest
)

// service is Slack on loopback: its Web API, its websockets, and what people see.
type service struct {
	t         testing.TB
	server    *httptest.Server
	app       *Slack
	unchecked bool // only count answers: looking at them takes longer than making them
	screen    chan seen
	calls     chan string   // the methods that are called, for those who wait for one
	windows   chan struct{} // has something when a window was opened

	mu       sync.Mutex // guards what follows
	clock    int
	posts    []*posted
	faults   []fault           // of the next messages, first to last
	answer   map[string]fault  // of all calls of a method
	views    map[string]any    // open windows by external id
	tokens   map[string]target // of response_urls
	socket   *websocket.Conn   // the connection in use
	sockets  int               // that were opened
	opened   chan struct{}     // closed when there is a socket
	unacked  map[string][]byte // envelopes
	acks     map[string]chan []byte
	seenBad  []string // calls that Slack would turn away
	requests []request
	window   map[string]any           // the one opened last
	onAnswer map[string]chan struct{} // closed when the person is answered
}

type request struct {
	method string
	args   map[string]any
}

// fault is how a call fails.
type fault struct {
	status int
	header http.Header
	body   string
	lose   bool // do it, and lose the answer
}

// posted is a message that exists.
type posted struct {
	channel, ts, thread string
	user                string // who wrote it
	only                string // the only one who sees it
	args                map[string]any
}

// target is where a response_url leads.
type target struct {
	channel, user string
	original      *posted
	uses          int
}

func newService(t testing.TB) *service {
	s := &service{
		t: t, screen: make(chan seen, 1000), calls: make(chan string, 10_000), windows: make(chan struct{}, 1),
		answer: map[string]fault{}, views: map[string]any{}, tokens: map[string]target{},
		opened: make(chan struct{}), unacked: map[string][]byte{}, acks: map[string]chan []byte{},
		onAnswer: map[string]chan struct{}{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("/link", s.serveSocket)
	mux.HandleFunc("/respond/{token}", s.serveResponse)
	s.server = httptest.NewServer(mux)
	t.Cleanup(s.close)
	return s
}

func (s *service) close() {
	s.server.CloseClientConnections()
	s.mu.Lock()
	if s.socket != nil {
		s.socket.Close()
	}
	bad := s.seenBad
	s.mu.Unlock()
	s.server.Close()
	for _, b := range bad {
		s.t.Errorf("Slack would turn this away: %s", b)
	}
}

// connect is the app, connected to the stand-in.
func (s *service) connect(o Options) *Slack {
	o.BotToken, o.URL, o.Log = "xoxb-test-bot-token", s.server.URL+"/api/", cmpLog(o.Log)
	s.app = New(o)
	return s.app
}

func cmpLog(l *slog.Logger) *slog.Logger {
	if l == nil {
		return slog.New(slog.DiscardHandler)
	}
	return l
}

// now is a moment that no message has yet, as Slack numbers them.
func (s *service) now() string {
	s.clock++
	return fmt.Sprintf("%d.%06d", time.Now().Unix(), s.clock)
}

func (s *service) serveAPI(w http.ResponseWriter, r *http.Request) {
	method := r.PathValue("method")
	args := readArgs(r)
	err := checkCall(method, args)
	s.mu.Lock()
	if err != nil {
		s.seenBad = append(s.seenBad, fmt.Sprintf("%s: %v", method, err))
	}
	delete(args, "token")
	s.requests = append(s.requests, request{method, args})
	f, failing := s.answer[method]
	if method == "chat.postMessage" && len(s.faults) > 0 {
		f, failing = s.faults[0], true
		s.faults = s.faults[1:]
	}
	s.mu.Unlock()
	select {
	case s.calls <- method:
	default:
	}
	if failing && !f.lose {
		f.write(w)
		return
	}
	result := s.do(method, args)
	if failing {
		loseAnswer(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(result)
}

func (f fault) write(w http.ResponseWriter) {
	for k, v := range f.header {
		w.Header()[k] = v
	}
	if f.status != 0 {
		w.WriteHeader(f.status)
	}
	_, _ = io.WriteString(w, f.body)
}

func loseAnswer(w http.ResponseWriter) {
	c, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		c.Close()
	}
}

func readArgs(r *http.Request) map[string]any {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		args := map[string]any{}
		_ = json.NewDecoder(r.Body).Decode(&args)
		return args
	}
	_ = r.ParseForm()
	return formArgs(r.Form)
}

func ok(more map[string]any) map[string]any {
	if more == nil {
		more = map[string]any{}
	}
	more["ok"] = true
	return more
}

func refuse(code string) map[string]any { return map[string]any{"ok": false, "error": code} }

// do carries out a call.
func (s *service) do(method string, args map[string]any) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := func(name string) string { v, _ := args[name].(string); return v }
	switch method {
	case "auth.test":
		return ok(map[string]any{"team_id": testTeam, "user_id": botUser, "bot_id": botID, "team": "Test", "user": "paperboy"})
	case "apps.connections.open":
		return ok(map[string]any{"url": "ws" + strings.TrimPrefix(s.server.URL, "http") + "/link"})
	case "chat.postMessage":
		return s.post(args, "")
	case "chat.postEphemeral":
		return s.post(args, text("user"))
	case "chat.update":
		return s.update(args)
	case "conversations.open":
		return ok(map[string]any{"channel": map[string]any{"id": dmOf(text("users"))}})
	case "conversations.join":
		return ok(map[string]any{"channel": map[string]any{"id": text("channel")}})
	case "conversations.info":
		return ok(map[string]any{"channel": map[string]any{"id": text("channel"), "creator": ann}})
	case "conversations.history", "conversations.replies":
		return s.history(text("channel"), text("ts"), text("oldest"))
	case "users.conversations":
		return ok(map[string]any{"channels": []any{map[string]any{"id": testChannel}}})
	case "users.info":
		return s.user(text("user"))
	case "views.update":
		return s.updateView(args)
	case "views.open":
		s.window, _ = args["view"].(map[string]any)
		select {
		case s.windows <- struct{}{}:
		default:
		}
	case "views.publish":
		view, _ := args["view"].(map[string]any)
		s.show(&posted{only: text("user_id"), args: view}, "")
	case "chat.unfurl":
		for _, attachment := range args["unfurls"].(map[string]any) {
			s.show(&posted{args: attachment.(map[string]any)}, "")
		}
	}
	return ok(map[string]any{"view": map[string]any{"id": "V1"}, "channel": text("channel"), "ts": text("ts")})
}

func dmOf(user string) string { return "D" + strings.TrimPrefix(user, "U") }

func (s *service) user(id string) map[string]any {
	names := map[string]string{ann: "Ann Example", bob: "Bob <!here>", botUser: "Paperboy", otherBot: "Other"}
	if names[id] == "" {
		return refuse("user_not_found")
	}
	return ok(map[string]any{"user": map[string]any{
		"id": id, "team_id": testTeam, "name": strings.ToLower(id), "real_name": names[id], "is_bot": id == botUser || id == otherBot,
		"is_restricted": id == bob, "profile": map[string]any{"display_name": names[id], "real_name": names[id]},
	}})
}

// post makes a message and shows it.
func (s *service) post(args map[string]any, only string) map[string]any {
	channel, _ := args["channel"].(string)
	thread, _ := args["thread_ts"].(string)
	if channel == testPrivate {
		return refuse("channel_not_found")
	}
	p := &posted{channel: channel, ts: s.now(), thread: thread, user: botUser, only: only, args: args}
	if strings.HasPrefix(channel, "D") {
		p.only = "U" + channel[1:]
	}
	s.posts = append(s.posts, p)
	s.show(p, "")
	if only != "" {
		return ok(map[string]any{"message_ts": p.ts})
	}
	go s.echo(p)
	return ok(map[string]any{"channel": channel, "ts": p.ts, "message": map[string]any{}})
}

// echo delivers the app's own message as an event, as Slack does.
func (s *service) echo(p *posted) {
	kind := "channel"
	if strings.HasPrefix(p.channel, "D") {
		kind = "im"
	}
	_ = s.event(s.t.Context(), map[string]any{
		"type": "message", "channel": p.channel, "channel_type": kind, "user": p.user, "bot_id": botID, "ts": p.ts, "event_ts": p.ts, "text": p.args["text"],
	})
}

func (s *service) update(args map[string]any) map[string]any {
	p := s.find(args["channel"], args["ts"])
	if p == nil {
		return refuse("message_not_found")
	}
	if args["metadata"] == nil {
		args["metadata"] = p.args["metadata"]
	}
	p.args = args
	s.show(p, p.ts)
	return ok(map[string]any{"channel": p.channel, "ts": p.ts})
}

func (s *service) updateView(args map[string]any) map[string]any {
	id, _ := args["external_id"].(string)
	if id != "" && s.views[id] == nil {
		return refuse("not_found")
	}
	if view, known := args["view"].(map[string]any); known {
		s.show(&posted{args: view}, "")
	}
	return ok(map[string]any{"view": map[string]any{"id": "V1"}})
}

func (s *service) find(channel, ts any) *posted {
	i := slices.IndexFunc(s.posts, func(p *posted) bool { return p.channel == channel && p.ts == ts })
	if i < 0 {
		return nil
	}
	return s.posts[i]
}

// history is a page of messages, the latest first, with one in it that has a
// block nobody knows.
func (s *service) history(channel, thread, oldest string) map[string]any {
	all := []any{map[string]any{"type": "message", "user": ann, "ts": "1.000001", "metadata": "odd", "blocks": []any{map[string]any{"type": "actions", "elements": []any{map[string]any{"type": "hologram"}}}}}}
	for _, p := range slices.Backward(s.posts) {
		in := p.thread == "" && thread == "" || thread != "" && (p.thread == thread || p.ts == thread)
		if p.channel != channel || !in || before(p.ts, oldest) {
			continue
		}
		m := map[string]any{"type": "message", "user": p.user, "ts": p.ts, "text": p.args["text"], "blocks": p.args["blocks"], "metadata": p.args["metadata"]}
		if p.user == botUser {
			m["bot_id"] = botID
		}
		all = append(all, m)
	}
	return ok(map[string]any{"messages": all})
}

func (s *service) serveResponse(w http.ResponseWriter, r *http.Request) {
	if s.unchecked {
		s.countAnswer(w, r)
		return
	}
	var args map[string]any
	_ = json.NewDecoder(r.Body).Decode(&args)
	err := check(map[string]any{"type": "array", "maxItems": 50.0, "items": map[string]any{"$ref": "#/definitions/KnownBlock"}}, args["blocks"], "response_url.blocks")
	s.mu.Lock()
	defer s.mu.Unlock()
	if definitions() != nil && err != nil {
		s.seenBad = append(s.seenBad, err.Error())
	}
	s.requests = append(s.requests, request{"response_url", args})
	t, known := s.tokens[r.PathValue("token")]
	if !known || t.uses >= 5 {
		http.Error(w, "used_url", http.StatusNotFound)
		return
	}
	t.uses++
	s.tokens[r.PathValue("token")] = t
	if args["replace_original"] == true && t.original != nil {
		t.original.args = args
		s.show(t.original, t.original.ts)
	} else {
		p := &posted{channel: t.channel, ts: s.now(), user: botUser, only: t.user, args: args}
		s.posts = append(s.posts, p)
		s.show(p, "")
	}
	_, _ = io.WriteString(w, "ok")
}

// countAnswer only notes that somebody was answered.
func (s *service) countAnswer(w http.ResponseWriter, r *http.Request) {
	n, _ := io.Copy(io.Discard, r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	user := s.tokens[r.PathValue("token")].user
	if done, ok := s.onAnswer[user]; ok && n > 0 {
		close(done)
		delete(s.onAnswer, user)
	}
	_, _ = io.WriteString(w, "ok")
}

// responseURL is a fresh one. The caller holds mu.
func (s *service) responseURL(t target) string {
	token := fmt.Sprintf("token-%d", len(s.tokens))
	s.tokens[token] = t
	return s.server.URL + "/respond/" + token
}

// called waits until a method is called.
func (s *service) called(ctx context.Context, method string) error {
	for {
		select {
		case m := <-s.calls:
			if m == method {
				return nil
			}
		case <-ctx.Done():
			return errors.New(method + " was not called")
		}
	}
}

// last is the last call of a method.
func (s *service) last(method string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range slices.Backward(s.requests) {
		if r.method == method {
			return r.args
		}
	}
	return nil
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}
