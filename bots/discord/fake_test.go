package discord

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Whom and what the stand-in knows.
const (
	testApp     = "800000000000000001"
	botUser     = "800000000000000002"
	otherBot    = "800000000000000003"
	ann, bob    = "800000000000000004", "800000000000000005" // ann manages the channel
	testGuild   = "900000000000000001"
	testChannel = "900000000000000002"
	testSecret  = "900000000000000003" // a channel which the bot can't see
	testForum   = "950000000000000004"
	testToken   = "secret-bot-token"
)

// service is Discord on loopback: its REST API, its gateway, and what people see.
type service struct {
	t      testing.TB
	server *httptest.Server
	app    *Discord
	screen chan seen
	forms  chan opened
	calls  chan call // those of interest to a test, in order

	mu       sync.Mutex // guards what follows
	clock    uint64
	posts    []*posted
	threads  map[string]string // the channel that a thread is in
	archived map[string]bool   // the threads that are
	faults   []fault           // of the next messages, first to last
	answer   map[string]fault  // of all requests of a method and path
	tokens   map[string]*token // of interactions
	commands []map[string]any
	puts     int // times that commands were registered
	bad      []string
	shards   int

	reactions []any               // on every message
	reacted   map[string][]string // who put an emoji there

	// onAnswer takes answers in, where checking them would take longer than making
	// them; nil if they are checked.
	onAnswer func(path string, body []byte) bool

	loseCallbacks int // so many of the next first answers are done, and not said so
	gateway       gateway
}

// call is a request that was made.
type call struct {
	method, path string
	body         map[string]any
}

// fault is how a request fails.
type fault struct {
	status int
	header http.Header
	body   string
	lose   bool // do it, and lose the answer
}

// posted is a message that exists.
type posted struct {
	id, channel string
	user        string // who wrote it
	only        string // the only one who sees it
	body        map[string]any
}

// token is of an interaction.
type token struct {
	user, channel string
	source        *posted // whose button was pressed
	answered      bool
	original      *posted
}

func newService(t testing.TB) *service {
	s := &service{
		t: t, screen: make(chan seen, 1000), forms: make(chan opened, 100), calls: make(chan call, 100_000),
		threads: map[string]string{}, archived: map[string]bool{}, answer: map[string]fault{}, tokens: map[string]*token{}, shards: 1,
	}
	s.gateway.beats = make(chan struct{}, 100)
	s.gateway.opened = make(chan struct{})
	s.gateway.identified = make(chan map[string]any, 100)
	mux := http.NewServeMux()
	mux.HandleFunc("/ws/", s.serveGateway)
	mux.HandleFunc("/api/v10/", s.serveREST)
	s.server = httptest.NewServer(mux)
	s.gateway.guilds = []string{testGuild}
	s.gateway.interval, s.gateway.resumeAt = 41250, "ws"+strings.TrimPrefix(s.server.URL, "http")+"/ws/resume"
	t.Cleanup(s.close)
	return s
}

func (s *service) close() {
	s.server.CloseClientConnections()
	s.gateway.cut()
	s.server.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.bad {
		s.t.Errorf("Discord would turn this away: %s", b)
	}
}

// connect is the bot, connected to the stand-in.
func (s *service) connect(o Options) *Discord {
	o.Token, o.URL = testToken, s.server.URL+"/api/v10"
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s.app = New(o)
	return s.app
}

// number is one that nothing has yet, as Discord numbers things. The caller holds
// mu.
func (s *service) number() string {
	s.clock++
	return strconv.FormatUint(uint64(time.Now().UnixMilli()-epoch)<<22|s.clock&0x3fffff, 10)
}

func (s *service) serveREST(w http.ResponseWriter, r *http.Request) {
	c := call{method: r.Method, path: strings.TrimPrefix(r.URL.Path, "/api/v10")}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return // the bot was ended in the middle of its request
	}
	if s.onAnswer != nil && s.onAnswer(c.path, raw) {
		fmt.Fprint(w, `{"id":"1"}`)
		return
	}
	s.mu.Lock()
	if err := checkRequest(r, c.path, raw); err != nil {
		s.bad = append(s.bad, fmt.Sprintf("%s %s: %v", c.method, c.path, err))
	}
	var list []map[string]any
	if json.Unmarshal(raw, &c.body) != nil && json.Unmarshal(raw, &list) == nil {
		c.body = map[string]any{"list": list}
	}
	f, failing := s.answer[c.method+" "+c.path]
	if isPost(c) && !failing && len(s.faults) > 0 {
		f, failing = s.faults[0], true
		s.faults = s.faults[1:]
	}
	if strings.HasSuffix(c.path, "/callback") && s.loseCallbacks > 0 {
		s.loseCallbacks--
		f, failing = fault{lose: true}, true
	}
	s.mu.Unlock()
	select {
	case s.calls <- c:
	default:
	}
	if failing && !f.lose {
		f.write(w)
		return
	}
	status, result := s.do(c, r)
	if failing {
		if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
			conn.Close()
		}
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if status != http.StatusNoContent {
		_ = json.NewEncoder(w).Encode(result)
	}
}

func isPost(c call) bool {
	return c.method == http.MethodPost && strings.HasPrefix(c.path, "/channels/") && strings.HasSuffix(c.path, "/messages")
}

func (f fault) write(w http.ResponseWriter) {
	for k, v := range f.header {
		w.Header()[k] = v
	}
	w.WriteHeader(f.status)
	_, _ = io.WriteString(w, f.body)
}

func refuse(status, code int) (int, any) {
	return status, map[string]any{"code": code, "message": "No"}
}

// do carries out a request.
func (s *service) do(c call, r *http.Request) (int, any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	parts := strings.Split(strings.Trim(c.path, "/"), "/")
	switch {
	case c.path == "/gateway/bot":
		return http.StatusOK, map[string]any{
			"url": "ws" + strings.TrimPrefix(s.server.URL, "http") + "/ws/", "shards": s.shards,
			"session_start_limit": map[string]any{"total": 1000, "remaining": 999, "reset_after": 14400000, "max_concurrency": 16},
		}
	case c.path == "/applications/@me":
		return http.StatusOK, map[string]any{"id": testApp, "name": "Paperboy", "flags": contentIntentLimited, "bot": map[string]any{"id": botUser}}
	case c.path == "/users/@me/channels":
		return http.StatusOK, map[string]any{"id": dmOf(c.body["recipient_id"].(string)), "type": 1}
	case c.path == "/users/@me/guilds":
		return http.StatusOK, []any{map[string]any{"id": testGuild, "name": "Test"}}
	case parts[0] == "guilds":
		return s.guild(parts)
	case parts[0] == "applications":
		return s.registered(c)
	case parts[0] == "channels":
		return s.channel(c, r, parts)
	case parts[0] == "interactions":
		return s.callback(parts[2], c.body)
	case parts[0] == "webhooks":
		return s.webhook(c, parts)
	}
	return refuse(http.StatusNotFound, 0)
}

func (s *service) guild(parts []string) (int, any) {
	if parts[1] != testGuild {
		return refuse(http.StatusNotFound, 10004)
	}
	switch {
	case len(parts) == 2:
		return http.StatusOK, map[string]any{"id": testGuild, "name": "Test", "owner_id": "1", "roles": []any{
			map[string]any{"id": testGuild, "permissions": strconv.FormatUint(viewChannel|sendMessages, 10)},
			map[string]any{"id": "77", "permissions": strconv.FormatUint(manageChannels, 10)},
			map[string]any{"id": "78", "permissions": strconv.FormatUint(embedLinks|readHistory|publicThreads|threadMessages, 10)},
		}}
	case parts[2] == "threads":
		threads := []any{}
		for id, in := range s.threads {
			if s.archived[id] {
				continue
			}
			threads = append(threads, map[string]any{"id": id, "parent_id": in})
		}
		return http.StatusOK, map[string]any{"threads": threads, "members": []any{}}
	case parts[2] == "channels":
		return http.StatusOK, []any{channelOf(testChannel), channelOf(testSecret)}
	}
	roles := map[string][]string{ann: {"77"}, bob: {}, botUser: {"78"}}[parts[3]]
	if roles == nil {
		return refuse(http.StatusNotFound, 10007)
	}
	return http.StatusOK, map[string]any{"roles": roles}
}

func channelOf(id string) map[string]any {
	c := map[string]any{"id": id, "guild_id": testGuild, "type": 0, "name": "general", "permission_overwrites": []any{}}
	if id == testForum {
		c["type"], c["flags"] = kindForum, wantsTag
		c["available_tags"] = []any{map[string]any{"id": "11", "name": "Other"}, map[string]any{"id": "12", "name": "MoE"}}
	}
	if id == testSecret {
		c["name"] = "secret"
		c["permission_overwrites"] = []any{map[string]any{"id": testGuild, "type": 0, "allow": "0", "deny": strconv.Itoa(viewChannel)}}
	}
	return c
}

func (s *service) registered(c call) (int, any) {
	if c.method == http.MethodPut {
		s.puts++
		s.commands = nil
		for i, cmd := range c.body["list"].([]map[string]any) { // Discord adds its own
			cmd = maps.Clone(cmd)
			cmd["id"], cmd["version"], cmd["nsfw"] = fmt.Sprint(i+1), "1", false
			s.commands = append(s.commands, cmd)
		}
	}
	return http.StatusOK, slices.Concat([]map[string]any{}, s.commands)
}

func dmOf(user string) string { return "7" + user[1:] }

func ownerOf(channel string) string {
	for _, u := range []string{ann, bob} {
		if dmOf(u) == channel {
			return u
		}
	}
	return ""
}

func (s *service) channel(c call, r *http.Request, parts []string) (int, any) {
	id := parts[1]
	_, isThread := s.threads[id]
	if id != testChannel && !isThread && ownerOf(id) == "" && !strings.HasPrefix(id, "95") {
		if id == testSecret {
			return refuse(http.StatusForbidden, 50001)
		}
		return refuse(http.StatusNotFound, 10003)
	}
	switch {
	case len(parts) == 2:
		return http.StatusOK, channelOf(id)
	case c.path == "/channels/"+id+"/threads/archived/public":
		threads := []any{}
		for t := range s.archived {
			threads = append(threads, map[string]any{"id": t, "parent_id": s.threads[t]})
		}
		return http.StatusOK, map[string]any{"threads": threads, "members": []any{}, "has_more": false}
	case len(parts) == 3 && parts[2] == "threads":
		return s.publish(id, c.body)
	case id == testForum && c.method == http.MethodPost && len(parts) == 3:
		return refuse(http.StatusBadRequest, codeForum)
	case len(parts) == 4 && c.method == http.MethodGet:
		m := messageOf(s.find(parts[3]))
		m["reactions"] = s.reactions
		return http.StatusOK, m
	case len(parts) == 7 && c.method == http.MethodPut && parts[6] == "@me":
		return http.StatusNoContent, nil
	case len(parts) == 6 && parts[4] == "reactions":
		return http.StatusOK, s.reactors(parts[5]+map[string]string{"1": " super"}[r.URL.Query().Get("type")], r.URL.Query().Get("after"))
	case len(parts) == 3 && c.method == http.MethodGet:
		return http.StatusOK, s.history(id, r.URL.Query().Get("before"))
	case len(parts) == 3:
		return s.post(id, c.body)
	case len(parts) == 5:
		return s.openThread(id, parts[3])
	}
	return s.edit(id, parts[3], c.body)
}

// reactors is a page of people who put an emoji on a message, and a bot.
func (s *service) reactors(emoji, after string) []any {
	page := []any{}
	for _, u := range s.reacted[emoji] {
		if u > after && len(page) < 100 {
			page = append(page, map[string]any{"id": u, "bot": u == otherBot})
		}
	}
	return page
}

func messageOf(p *posted) map[string]any {
	return map[string]any{"id": p.id, "author": map[string]any{"id": p.user}, "content": p.body["content"], "components": p.body["components"]}
}

// publish makes a post of a forum: a thread with a message of the same number.
func (s *service) publish(channel string, body map[string]any) (int, any) {
	if channel != testForum {
		return refuse(http.StatusBadRequest, codeWrongChannel)
	}
	id := s.number()
	s.threads[id] = channel
	p := &posted{id: id, channel: id, user: botUser, body: body["message"].(map[string]any)}
	s.posts = append(s.posts, p)
	s.show(p, "")
	return http.StatusCreated, map[string]any{"id": id}
}

func (s *service) openThread(channel, message string) (int, any) {
	if _, there := s.threads[message]; there {
		return refuse(http.StatusBadRequest, 160004)
	}
	if s.find(message) == nil {
		return refuse(http.StatusNotFound, 10008)
	}
	s.threads[message] = channel
	return http.StatusCreated, map[string]any{"id": message}
}

// post makes a message and shows it. The same nonce is the same message.
func (s *service) post(channel string, body map[string]any) (int, any) {
	for _, p := range s.posts {
		if p.channel == channel && p.user == botUser && p.body["nonce"] == body["nonce"] && body["enforce_nonce"] == true {
			return http.StatusOK, map[string]any{"id": p.id, "channel_id": channel}
		}
	}
	p := &posted{id: s.number(), channel: channel, user: botUser, only: ownerOf(channel), body: body}
	s.posts = append(s.posts, p)
	s.show(p, "")
	go s.dispatch("MESSAGE_CREATE", s.written(p))
	return http.StatusOK, map[string]any{"id": p.id, "channel_id": channel}
}

// written is a message as an event.
func (s *service) written(p *posted) map[string]any {
	m := map[string]any{"id": p.id, "type": 0, "channel_id": p.channel, "content": p.body["content"], "author": map[string]any{"id": p.user, "bot": p.user == botUser}, "flags": 0}
	if ownerOf(p.channel) == "" {
		m["guild_id"] = testGuild
	}
	return m
}

func (s *service) edit(channel, id string, body map[string]any) (int, any) {
	p := s.find(id)
	if p == nil || p.channel != channel {
		return refuse(http.StatusNotFound, 10008)
	}
	p.body = body
	s.show(p, p.id)
	return http.StatusOK, map[string]any{"id": id}
}

func (s *service) find(id string) *posted {
	for _, p := range s.posts {
		if p.id == id {
			return p
		}
	}
	return nil
}

// history is a page of messages, the latest first, with one in it that has a
// component nobody knows.
func (s *service) history(channel, before string) []any {
	all := []any{}
	for _, p := range slices.Backward(s.posts) {
		if p.channel != channel || p.only != "" && ownerOf(channel) == "" || before != "" && p.id >= before || len(all) == 100 {
			continue
		}
		all = append(all, messageOf(p))
	}
	if before == "" && len(all) > 0 {
		odd := map[string]any{"id": s.number(), "author": map[string]any{"id": ann}, "components": []any{map[string]any{"type": 99, "components": []any{map[string]any{"type": 98}}}}}
		all = append([]any{odd}, all...)
	}
	return all
}
