// Package web is the team's page: the feed, its search, each paper, what people
// saved, and the settings of channels, in a browser. Pages are plain HTML that
// works without a script; a small script of our own makes some of it quicker.
//
// Who may read is decided in guard.go, who is signed in by session.go. feed.go,
// search.go, paper.go, topics.go, me.go and settings.go are the pages, cards.go
// is a paper in a list, names.go what chat services tell of people and places, and
// render.go turns all of it into HTML.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/library"
	"paperboy/internal/paper"
	"paperboy/internal/picks"
	"paperboy/internal/store"
	"paperboy/internal/team"
	"paperboy/internal/telemetry"
)

// Options are how a deployment wants its page.
type Options struct {
	// Base is the page's own address as people reach it, without a final slash.
	Base string
	// Public lets everybody read; otherwise who is at this machine or signed in.
	Public bool
	Pool   team.Pool
	// Zone is whose days "today" and "week" mean.
	Zone *time.Location
	// Labels are the names of sources as people write them.
	Labels card.Labels
	// Discussion is where people talk about a paper at a source; "" if nowhere.
	Discussion func(source string, id paper.ID) string
	Now        func() time.Time // time.Now if nil

	// What other parts of the program offer on the page; nil where that is off.

	Mail   Mail
	Feeds  Feeds
	Export func(context.Context, chat.Person) (any, error) // all that is stored about a person, for JSON
	Erase  func(context.Context, chat.Person) error        // and the end of it
}

// Mail sends the digest by e-mail.
type Mail interface {
	// Ask does what a person wants of the digest, as typed after /papers email, and
	// answers with a sentence.
	Ask(ctx context.Context, by chat.Person, text string) (sentence string, err error)
}

// Feeds has the private addresses of feeds that people gave to their readers.
type Feeds interface {
	Addresses(ctx context.Context, by chat.Person) ([]Address, error)
	// Make makes one of "today", "top" or "saved"; its URL is known this one time.
	Make(ctx context.Context, by chat.Person, of team.ID, what string) (Address, error)
	Revoke(ctx context.Context, by chat.Person, id string) error
}

// Address is a private feed.
type Address struct {
	ID    string // names it in Revoke
	Label string
	URL   string // only of one that was just made
}

// Bot is who carries out what people ask for, the same as in the chat.
type Bot interface {
	Command(context.Context, chat.Command) chat.Message
	Pressed(context.Context, chat.Press) chat.Message
	Submitted(context.Context, chat.Filled) chat.Verdict
	// Draft is what a channel would be with a form that is not handed in yet, or
	// what is wrong with which field.
	Draft(context.Context, chat.Filled) (team.Channel, map[string]string, error)
}

// Web is the page.
type Web struct {
	store     *store.Store
	library   *library.Library
	picker    *picks.Picker
	platforms chat.Platforms
	log       *slog.Logger
	metrics   *telemetry.Metrics
	options   Options
	base      *url.URL
	secure    bool // people reach it through TLS
	limits    *limits
	names     *names
	subjects  *subjects
	listings  *listings
	bot       Bot
}

// New returns the page. Platforms are asked who may see what, and for names.
func New(s *store.Store, l *library.Library, p *picks.Picker, platforms chat.Platforms, log *slog.Logger, m *telemetry.Metrics, o Options) *Web {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.Local
	}
	o.Base = strings.TrimRight(o.Base, "/")
	base, err := url.Parse(o.Base)
	if err != nil {
		base = &url.URL{}
	}
	return &Web{
		store: s, library: l, picker: p, platforms: platforms, log: log, metrics: m, options: o,
		base: base, secure: base.Scheme == "https", limits: newLimits(o.Now), names: newNames(platforms, o.Now), subjects: &subjects{}, listings: &listings{},
	}
}

// Handler serves the page. bot carries out what people ask for.
func (w *Web) Handler(bot Bot) http.Handler {
	served := *w
	served.bot = bot
	return served.guarded(served.routes())
}

// routes is every page there is.
func (w *Web) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/{name}", w.static)
	for pattern, p := range map[string]page{
		"GET /{$}":           {reading, w.today},
		"GET /date":          {reading, w.goToDay},
		"GET /date/{day}":    {reading, w.day},
		"GET /week/{week}":   {reading, w.week},
		"GET /month/{month}": {reading, w.month},
		"GET /search":        {reading, w.search},
		"GET /topics":        {reading, w.topics},
		"GET /paper/{id...}": {reading, w.paper},

		"POST /paper/{id...}": {signedIn, w.mark},
		"POST /add":           {signedIn, w.add},
		"GET /saved":          {signedIn, w.saved},

		"GET /settings":            {signedIn, w.channels},
		"GET /settings/{channel}":  {signedIn, w.settings},
		"POST /settings/{channel}": {signedIn, w.changeSettings},
		"GET /me":                  {signedIn, w.me},
		"POST /me/email":           {signedIn, w.email},
		"POST /me/feeds":           {signedIn, w.changeFeeds},
		"POST /me/sessions":        {signedIn, w.endSessions},
		"GET /me/export":           {signedIn, w.export},
		"GET /me/erase":            {signedIn, w.askErase},
		"POST /me/erase":           {signedIn, w.erase},
		"GET /signin":              {open, w.howToSignIn},
		"GET /signin/{secret}":     {open, w.offer},
		"POST /signin/{secret}":    {open, w.signIn},
		"POST /signout":            {signedIn, w.signOut},
	} {
		mux.Handle(pattern, w.serve(p))
	}
	return mux
}
