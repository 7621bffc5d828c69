// Package slack is Slack as a chat: an app in one workspace, connected by Socket
// Mode or over HTTP.
package slack

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"paperboy/internal/chat"
)

const name = "slack"

// patience is how long one request may take. Posting is quick or not at all.
const patience = 12 * time.Second

// Options are what differs from one app to the next. It is connected by Socket
// Mode if there is an AppToken, else over HTTP.
type Options struct {
	BotToken      string
	AppToken      string // of Socket Mode
	SigningSecret string // of HTTP
	// URL is the Web API's base; Slack's own if empty.
	URL string
	// Strict leaves it to admins, owners and whoever made a channel to decide what
	// is posted in it; otherwise all members but guests may.
	Strict bool
	Log    *slog.Logger     // slog.Default() if nil
	Now    func() time.Time // time.Now if nil
}

// Slack is a chat.Platform.
type Slack struct {
	o      Options
	log    *slog.Logger
	http   *http.Client
	web    *api.Client
	people *people
	door   *door // of HTTP
	intake *intake

	mu   sync.Mutex // guards what follows
	self identity
	dms  map[string]string // the conversation with a person alone
}

// identity is whom the bot token belongs to.
type identity struct{ team, user, bot, url string }

// New is the app that o describes. It connects when it is used.
func New(o Options) *Slack {
	o.Log = cmp.Or(o.Log, slog.Default()).With("platform", name)
	o.URL = strings.TrimRight(cmp.Or(o.URL, api.APIURL), "/") + "/"
	if o.Now == nil {
		o.Now = time.Now
	}
	client := newClient()
	s := &Slack{o: o, log: o.Log, http: client, dms: map[string]string{}}
	s.web = api.New(o.BotToken,
		api.OptionHTTPClient(client), api.OptionAPIURL(o.URL), api.OptionAppLevelToken(o.AppToken))
	s.people = newPeople(s)
	s.intake = newIntake(o.Now)
	s.door = newDoor(o.SigningSecret, o.Now)
	return s
}

// Name is "slack".
func (s *Slack) Name() string { return name }

// Pace is Slack's own: about one message a second in a channel, and several
// hundred a minute in a workspace (https://docs.slack.dev/apis/web-api/rate-limits).
func (s *Slack) Pace() chat.Pace {
	return chat.Pace{Every: 150 * time.Millisecond, InPlace: 1100 * time.Millisecond, AtOnce: 10}
}

// whoAmI asks Slack once whom the token belongs to.
func (s *Slack) whoAmI(ctx context.Context) (identity, error) {
	s.mu.Lock()
	self := s.self
	s.mu.Unlock()
	if self.team != "" {
		return self, nil
	}
	r, err := s.web.AuthTestContext(ctx)
	if err != nil {
		return identity{}, fmt.Errorf("ask who the app is: %w", sorted(ctx, err))
	}
	self = identity{team: r.TeamID, user: r.UserID, bot: r.BotID, url: r.URL}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.self = self
	return self, nil
}

// place is a channel of the workspace. A conversation with the bot alone is a
// place like any other to people; only the core tells them apart.
func (i identity) place(channel string) chat.Place {
	return chat.Place{Platform: name, Space: i.team, Channel: channel}
}

func (i identity) person(user string) chat.Person {
	return chat.Person{Platform: name, Space: i.team, ID: user}
}
