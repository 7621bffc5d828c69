// Package api serves the feed to programs: feeds for readers of RSS, Atom and
// JSON Feed below /feeds/, and JSON below /api/. It changes nothing, except that
// it makes and revokes secret addresses for those who ask in the chat or on the
// page.
package api

import (
	_ "embed"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"paperboy/internal/card"
	"paperboy/internal/date"
	"paperboy/internal/library"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// API serves the feed to programs.
type API struct {
	store   *store.Store
	library *library.Library
	log     *slog.Logger
	options Options
	base    string // of addresses, without a slash at the end
	host    string // in the names of things, which never change
	fresh   freshness
}

// Options are how a deployment wants its API.
type Options struct {
	// Base is the address under which people reach the server, such as
	// https://papers.example.org.
	Base string
	// Public says that everybody may read without a secret address.
	Public bool
	// MayRead decides that request by request where reading is not public.
	MayRead func(*http.Request) bool
	Pool    team.Pool
	// Zone is whose days "today" and "week" mean.
	Zone   *time.Location
	Labels card.Labels
	// Now is the clock.
	Now func() time.Time
}

// New returns an API.
func New(s *store.Store, l *library.Library, log *slog.Logger, o Options) *API {
	a := &API{store: s, library: l, log: log, options: o, base: strings.TrimRight(o.Base, "/"), host: "localhost"}
	// The names of things may not hold what an address of IPv6 is made of.
	if u, err := url.Parse(o.Base); err == nil && u.Hostname() != "" && !strings.Contains(u.Hostname(), ":") {
		a.host = u.Hostname()
	}
	return a
}

//go:embed openapi.json
var openAPI []byte

// Handler serves /api/ and /feeds/.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range a.routes() {
		mux.Handle(pattern, h)
	}
	mux.Handle("/", a.answering(a.nothingHere))
	return mux
}

// routes are all there are; openapi.json describes each.
func (a *API) routes() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /api/papers":           a.reading(a.listPapers),
		"GET /api/papers/{id...}":   a.reading(a.onePaper),
		"GET /api/search":           a.reading(a.search),
		"GET /api/openapi.json":     a.answering(a.describe),
		"GET /api/export/{secret}":  a.answering(a.export),
		"GET /feeds/{file}":         a.reading(a.publicFeed),
		"GET /feeds/private/{file}": a.answering(a.privateFeed),
		"GET /feeds/channel/{file}": a.answering(a.channelFeed),
	}
}

// answer serves a request or says with an error why it can't.
type answer func(http.ResponseWriter, *http.Request) error

// answering turns what goes wrong into an answer. Requests are not logged: their
// addresses may be secret.
func (a *API) answering(do answer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		if err := do(w, r); err != nil {
			a.problem(w, r, err)
		}
	})
}

// reading is answering for what only those may see who may read.
func (a *API) reading(do answer) http.Handler {
	return a.answering(func(w http.ResponseWriter, r *http.Request) error {
		if !a.options.Public {
			w.Header().Set("Vary", "Cookie")
			if a.options.MayRead == nil || !a.options.MayRead(r) {
				return errNotForStrangers
			}
		}
		return do(w, r)
	})
}

// describe serves the description of the API for programs.
func (a *API) describe(w http.ResponseWriter, r *http.Request) error {
	if err := only(r); err != nil {
		return err
	}
	a.serve(w, r, "application/json", openAPI, "public")
	return nil
}

// nothingHere answers what no other route takes: unknown addresses, and methods
// that change things.
func (a *API) nothingHere(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		return problem{http.StatusMethodNotAllowed, "Nothing can be changed here; only GET and HEAD are answered."}
	}
	return problem{http.StatusNotFound, "There is nothing at this address; /api/openapi.json lists what there is."}
}

// today is the day that it is for the team.
func (a *API) today() date.Date { return date.Of(a.options.Now().In(a.options.Zone)) }

// everybody is the team whose votes a request without a person counts. Where
// every space is a team of its own there is none.
func (a *API) everybody() team.ID {
	if a.options.Pool == team.TeamPerSpace {
		return ""
	}
	return team.Everyone
}
