// Package discord is Discord as a chat: one bot in any number of servers, which
// Discord calls guilds, connected by the gateway.
//
// A paper's card is an embed with a row of buttons rather than a container of
// Components V2. The same card as both:
//
//	{"content": "Picks", "embeds": [{"author": {"name": "Shazeer et al."}, "title": "…", "url": "https://…",
//	  "description": "…", "footer": {"text": "▲ 162 · moe"}, "color": 3893416}], "components": [{"type": 1, "components": […]}]}
//
//	{"flags": 32768, "components": [{"type": 10, "content": "Picks"}, {"type": 17, "accent_color": 3893416, "components": [
//	  {"type": 10, "content": "-# Shazeer et al.\n### […](https://…)\n…\n-# ▲ 162 · moe"}, {"type": 1, "components": […]}]}]}
//
// The second puts the buttons of each paper inside its frame, which is nicer. But
// it has room for 4,000 characters and 40 components, and ten papers are 80
// (frame, text, row and five buttons each), where embeds have 8,000 characters
// beside 25 buttons; all of its text is markdown, where an embed's author and
// footer are shown as they are; and no message can be changed back from it.
package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"paperboy/internal/chat"
)

const (
	name = "discord"

	// usualURL is the REST API's base.
	usualURL = "https://discord.com/api/v10"

	// patience is how long one request may take. Posting is quick or not at all.
	patience = 12 * time.Second
)

// Options are what differs from one bot to the next.
type Options struct {
	Token string
	// URL is the REST API's base; Discord's own if empty. The gateway is where
	// GET /gateway/bot there says.
	URL string
	// Words has the bot read what people write in channels, for the links in it.
	// Discord gives that only to bots with the privileged message content intent.
	Words bool
	// Acknowledge puts a ✅ on messages of people from which papers were taken in.
	Acknowledge bool
	Log         *slog.Logger     // slog.Default() if nil
	Now         func() time.Time // time.Now if nil
}

// Discord is a chat.Platform.
type Discord struct {
	o      Options
	log    *slog.Logger
	http   *http.Client
	limits *limits
	people *people
	// openWithin is how long connecting may take. The library waits for ever for a
	// gateway that greets nobody, and hangs where it is told to reconnect before it
	// is ready.
	openWithin time.Duration
	// identifyEvery is how soon the next session of the same turn may begin.
	identifyEvery time.Duration
	leastSilence  time.Duration // of a connection that is taken for dead

	mu   sync.Mutex // guards what follows
	self identity
	dms  map[string]string // the conversation with a person alone
	// forums are channels that turned out to be some, which a channel stays.
	forums map[string]bool
}

// identity is whom the token belongs to.
type identity struct{ app, user string }

// New is the bot that o describes. It connects when it is used.
func New(o Options) *Discord {
	o.Log = cmp.Or(o.Log, slog.Default()).With("platform", name)
	o.URL = strings.TrimRight(cmp.Or(o.URL, usualURL), "/")
	o.Token = strings.TrimPrefix(strings.TrimSpace(o.Token), "Bot ")
	if o.Now == nil {
		o.Now = time.Now
	}
	d := &Discord{o: o, log: o.Log, http: newClient(), limits: newLimits(), dms: map[string]string{}, forums: map[string]bool{}, openWithin: openWithin, identifyEvery: identifyEvery, leastSilence: leastSilence}
	d.people = newPeople(d)
	return d
}

// Name is "discord".
func (d *Discord) Name() string { return name }

// Pace is Discord's own: 50 requests a second in all, of which a few are left for
// what is not a post, and five messages in five seconds in a channel
// (https://docs.discord.com/developers/topics/rate-limits).
func (d *Discord) Pace() chat.Pace {
	return chat.Pace{Every: 20500 * time.Microsecond, InPlace: time.Second, AtOnce: 32}
}

// whoAmI asks Discord once whom the token belongs to.
func (d *Discord) whoAmI(ctx context.Context) (identity, error) {
	d.mu.Lock()
	self := d.self
	d.mu.Unlock()
	if self.user != "" {
		return self, nil
	}
	var app struct {
		ID  string
		Bot struct{ ID string }
	}
	if err := d.get(ctx, "/applications/@me", &app); err != nil {
		return self, fmt.Errorf("ask who the bot is: %w", err)
	}
	self = identity{app: app.ID, user: app.Bot.ID}
	if self.user == "" {
		var me struct{ ID string }
		if err := d.get(ctx, "/users/@me", &me); err != nil {
			return self, fmt.Errorf("ask who the bot is: %w", err)
		}
		self.user = me.ID
	}
	if self.user == "" {
		return self, errors.New("Discord does not say who the bot is")
	}
	d.know(self)
	return self, nil
}

func (d *Discord) know(self identity) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.self = self
}

// place is a channel of a guild, or a conversation, whose guild is "".
func place(guild, channel string) chat.Place {
	return chat.Place{Platform: name, Space: guild, Channel: channel}
}

// person is an account, which is the same in all guilds.
func person(user string) chat.Person { return chat.Person{Platform: name, ID: user} }
