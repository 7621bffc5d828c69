package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// gateway is the websocket side of the stand-in.
type gateway struct {
	mu         sync.Mutex // guards what follows, and writing
	conns      []*websocket.Conn
	opened     chan struct{} // closed when there is a session
	identified chan map[string]any
	session    int
	sequence   int
	sent       []map[string]any // to be sent again to who resumes
	greet      func(c *websocket.Conn) bool
	resumes    []string // the paths at which the session was resumed
	resumeAt   string   // where it is to be
	invalid    []bool   // answers to the next sessions, first to last: whether they can be resumed
	interval   int      // of heartbeats, in milliseconds
	guilds     []string // that the bot is in
	mute       bool     // heartbeats are not answered
	beats      chan struct{}
	offline    bool // events are kept, as while a connection is lost
}

func (g *gateway) cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range g.conns {
		c.Close()
	}
	g.conns = nil
}

// payloadOf is a frame of the gateway.
func payloadOf(op int, d any) map[string]any { return map[string]any{"op": op, "d": d} }

func (s *service) serveGateway(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{}
	c, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer c.Close()
	g := &s.gateway
	g.mu.Lock()
	greet := g.greet
	g.mu.Unlock()
	if greet != nil && greet(c) {
		return
	}
	g.mu.Lock()
	_ = c.WriteJSON(payloadOf(10, map[string]any{"heartbeat_interval": g.interval}))
	g.mu.Unlock()
	for {
		var in struct {
			Op int
			D  json.RawMessage
		}
		if c.ReadJSON(&in) != nil {
			return
		}
		s.hears(c, r.URL.Path, in.Op, in.D)
	}
}

func (s *service) hears(c *websocket.Conn, path string, op int, d json.RawMessage) {
	g := &s.gateway
	switch op {
	case 1:
		g.mu.Lock()
		defer g.mu.Unlock()
		select {
		case g.beats <- struct{}{}:
		default:
		}
		if !g.mute {
			_ = c.WriteJSON(payloadOf(opAnswered, nil))
		}
	case 2:
		var id map[string]any
		_ = json.Unmarshal(d, &id)
		s.begin(c, id)
	case 6:
		var r struct {
			Session string `json:"session_id"`
			Seq     int
		}
		_ = json.Unmarshal(d, &r)
		s.resume(c, path, r.Session, r.Seq)
	}
}

func (s *service) begin(c *websocket.Conn, id map[string]any) {
	g := &s.gateway
	g.mu.Lock()
	defer g.mu.Unlock()
	g.session++
	g.offline = false
	g.identified <- id
	g.conns = append(g.conns, c)
	guilds := []any{}
	for _, id := range g.guilds {
		guilds = append(guilds, map[string]any{"id": id, "unavailable": true})
	}
	g.write(c, "READY", map[string]any{
		"v": 9, "session_id": fmt.Sprint(g.session), "resume_gateway_url": g.resumeAt, "user": map[string]any{"id": botUser, "username": "Paperboy"},
		"application": map[string]any{"id": testApp}, "guilds": guilds,
	})
	select {
	case <-g.opened:
	default:
		close(g.opened)
	}
}

// write sends an event. The caller holds mu.
func (g *gateway) write(c *websocket.Conn, kind string, d any) {
	g.sequence++
	e := map[string]any{"op": 0, "t": kind, "s": g.sequence, "d": d}
	g.sent = append(g.sent, e)
	if c != nil {
		_ = c.WriteJSON(e)
	}
}

func (s *service) resume(c *websocket.Conn, path, session string, seq int) {
	g := &s.gateway
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.invalid) > 0 {
		_ = c.WriteJSON(payloadOf(opInvalid, g.invalid[0]))
		g.invalid = g.invalid[1:]
		return
	}
	if session != fmt.Sprint(g.session) {
		_ = c.WriteJSON(payloadOf(opInvalid, false))
		return
	}
	g.resumes = append(g.resumes, path)
	g.offline = false
	g.conns = append(g.conns, c)
	for _, e := range g.sent[min(seq, len(g.sent)):] {
		_ = c.WriteJSON(e)
	}
	g.write(c, "RESUMED", map[string]any{})
}

// dispatch sends an event, or keeps it for the next connection.
func (s *service) dispatch(kind string, d any) {
	g := &s.gateway
	g.mu.Lock()
	defer g.mu.Unlock()
	var c *websocket.Conn
	if len(g.conns) > 0 && !g.offline {
		c = g.conns[len(g.conns)-1]
	}
	g.write(c, kind, d)
}

// tell says something that is no event. What ends a connection has events kept
// for the next one.
func (s *service) tell(op int, d any) {
	g := &s.gateway
	g.mu.Lock()
	defer g.mu.Unlock()
	g.offline = g.offline || op == opReconnect || op == opInvalid
	_ = g.conns[len(g.conns)-1].WriteJSON(payloadOf(op, d))
}

// connected waits for a session.
func (s *service) connected(ctx context.Context) error {
	select {
	case <-s.gateway.opened:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// closeWith ends the connection in use as Discord does.
func (s *service) closeWith(code int) {
	g := &s.gateway
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.conns[len(g.conns)-1]
	g.offline = true
	_ = c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, "bye"), time.Now().Add(time.Second))
	c.Close()
}
