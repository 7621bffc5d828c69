package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"paperboy/bots/discord"
	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/settings"
)

// discordService is as much of Discord as a person in a channel needs.
type discordService struct {
	*testing.T
	url     string
	gateway chan *websocket.Conn
	said    chan string // what the bot says, as it is sent
	slot    time.Time   // the minute after the person's clock: it has come in truth
	numbers atomic.Uint64
}

const (
	discordServer  = "900000000000000001"
	discordChannel = "900000000000000002"
	discordPerson  = "900000000000000003"
)

func newDiscord(t *testing.T) *discordService {
	d := &discordService{T: t, gateway: make(chan *websocket.Conn, 1), said: make(chan string, 100), slot: time.Now().UTC().Truncate(time.Minute)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/gateway/bot", func(out http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(out, `{"url":"ws%s/gateway","shards":1,"session_start_limit":{"total":1000,"remaining":999,"reset_after":0,"max_concurrency":1}}`, strings.TrimPrefix(d.url, "http"))
	})
	mux.HandleFunc("GET /gateway/", d.connect)
	mux.HandleFunc("POST /api/channels/{channel}/messages", func(out http.ResponseWriter, r *http.Request) {
		id := fmt.Sprint(950000000000000000 + d.numbers.Add(1))
		fmt.Fprintf(out, `{"id":%q,"channel_id":%q}`, id, r.PathValue("channel"))
		d.hear(r, id)
	})
	mux.HandleFunc("POST /api/interactions/{id}/{token}/callback", func(out http.ResponseWriter, r *http.Request) {
		out.WriteHeader(http.StatusNoContent)
		d.hear(r, "")
	})
	mux.HandleFunc("PATCH /api/webhooks/{app}/{token}/messages/@original", func(_ http.ResponseWriter, r *http.Request) { d.hear(r, "") })
	mux.HandleFunc("GET /api/applications/1/commands", func(out http.ResponseWriter, _ *http.Request) { io.WriteString(out, "[]") })
	mux.HandleFunc("PUT /api/applications/1/commands", func(out http.ResponseWriter, _ *http.Request) { io.WriteString(out, "[]") })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

// connect greets the bot and goes on answering its heartbeats.
func (d *discordService) connect(out http.ResponseWriter, r *http.Request) {
	c, err := new(websocket.Upgrader).Upgrade(out, r, nil)
	if err != nil {
		return
	}
	defer c.Close()
	_ = c.WriteJSON(map[string]any{"op": 10, "d": map[string]any{"heartbeat_interval": 600_000}})
	var in struct{ Op int }
	for c.ReadJSON(&in) == nil && in.Op != 2 {
	}
	_ = c.WriteJSON(map[string]any{"op": 0, "s": 1, "t": "READY", "d": map[string]any{
		"session_id": "s", "user": map[string]any{"id": "2"}, "application": map[string]any{"id": "1"}, "guilds": []any{map[string]any{"id": discordServer}},
	}})
	d.gateway <- c
	for c.ReadJSON(&in) == nil {
	}
}

// hear takes in what the bot says: the message's number, and its text.
func (d *discordService) hear(r *http.Request, id string) {
	body, _ := io.ReadAll(r.Body)
	d.said <- id + " " + string(body)
}

// types types a command, whose words are options of a subcommand's line.
func (d *discordService) types(c *websocket.Conn, name, line string, want ...string) {
	d.Helper()
	const epoch = 1420070400000 // of Discord's numbers, in milliseconds
	at := d.slot.Add(-time.Minute).UnixMilli() - epoch
	options := []any{map[string]any{"name": "ask", "type": 3, "value": line}}
	if name == "paperboy" {
		options = []any{map[string]any{"name": "line", "type": 1, "options": []any{map[string]any{"name": "text", "type": 3, "value": line}}}}
	}
	d.tell(c, "INTERACTION_CREATE", map[string]any{
		"id": strconv.FormatUint(uint64(at)<<22|d.numbers.Add(1), 10), "application_id": "1", "type": 2, "token": "t", "guild_id": discordServer, "channel_id": discordChannel,
		"member": map[string]any{"user": map[string]any{"id": discordPerson}, "permissions": "16"}, "data": map[string]any{"name": name, "type": 1, "options": options},
	})
	d.hears(want...)
}

func (d *discordService) tell(c *websocket.Conn, kind string, event any) {
	d.Helper()
	if err := c.WriteJSON(map[string]any{"op": 0, "s": d.numbers.Add(1) + 1, "t": kind, "d": event}); err != nil {
		d.Fatal(err)
	}
}

// hears waits until the bot has said all of want, and returns the number of the
// message that said the last of it.
func (d *discordService) hears(want ...string) (id string) {
	d.Helper()
	for late := time.After(30 * time.Second); len(want) > 0; {
		select {
		case said := <-d.said:
			var text string
			id, text, _ = strings.Cut(said, " ")
			for len(want) > 0 && strings.Contains(text, want[0]) {
				want = want[1:]
			}
		case <-late:
			d.Fatalf("the bot does not say %q", want[0])
		}
	}
	return id
}

// TestStoryDiscord is the second, third and fourth story on Discord: the whole
// program is asked for a paper, subscribes a channel, posts what another replica
// has planned, and counts a reaction on it.
func TestStoryDiscord(t *testing.T) {
	t.Parallel()
	w, d := newWorld(t, 0), newDiscord(t)
	w.env["PAPERBOY_SOURCES"], w.env["PAPERBOY_ADDR"] = "none", freeAddr(t)
	w.env["DISCORD_BOT_TOKEN"], w.env["DISCORD_API_URL"] = "secret", d.url+"/api"
	other, err := wire(t.Context(), &common{Database: settings.Secret(w.env["DATABASE_URL"])}, partSettings{
		searchSettings: searchSettings{Index: w.env["PAPERBOY_INDEX"] + "2", TimeZone: "UTC"}, sourceSettings: sourceSettings{Sources: []string{"none"}},
		webSettings: webSettings{Addr: "127.0.0.1:8080"},
	}, chat.Platforms{"discord": discord.New(discord.Options{})}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer other.store.Close()
	today := date.Of(d.slot)
	if _, err := other.store.SavePapers(t.Context(), []paper.Paper{listed(today, 1, 120, "Routing Experts")}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var out, errs lockedBuffer
	ended := make(chan int)
	go func() {
		ended <- run(ctx, nil, streams{strings.NewReader(""), &out, &errs}, func(name string) string { return w.env[name] })
	}()
	defer func() {
		stop()
		if status := <-ended; status != 0 || strings.Contains(errs.String(), "secret") {
			t.Errorf("serve ended with %d:\n%s", status, errs.String())
		}
	}()
	var c *websocket.Conn
	select {
	case c = <-d.gateway:
	case <-time.After(30 * time.Second):
		t.Fatalf("the program does not connect:\n%s", errs.String())
	}
	d.types(c, "papers", "routing", "Routing Experts")
	d.types(c, "paperboy", "subscribe routing", "This channel now follows “routing”.")
	d.types(c, "paperboy", "schedule "+d.slot.Format("15:04")+" every day", "Picks are now posted at")
	if err := other.library.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := other.daily.Plan(t.Context(), time.Now()); err != nil || n > 1 { // the program may have been first
		t.Fatalf("%d channels were given picks, %v, want one at most", n, err)
	}
	pick := d.hears("Today’s picks", "Routing Experts")
	eventually(t, func() bool {
		waiting, err := other.store.Waiting(t.Context(), 1)
		return err == nil && len(waiting) == 0
	})
	d.tell(c, "MESSAGE_REACTION_ADD", map[string]any{
		"user_id": discordPerson, "guild_id": discordServer, "channel_id": discordChannel, "message_id": pick, "emoji": map[string]any{"id": nil, "name": "👍🏽"},
		"member": map[string]any{"user": map[string]any{"id": discordPerson}},
	})
	eventually(t, func() bool {
		voted, err := other.store.HasVoted(t.Context(), chat.Person{Platform: "discord", ID: discordPerson}, "arxiv:2611.00001")
		return err == nil && voted
	})
	d.types(c, "papers", "top day", "Routing Experts", "1 vote here")
}
