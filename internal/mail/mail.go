// Package mail brings picks into people's inboxes. An inbox is a place like any
// other: its picks are planned, chosen and delivered as those of a channel are, by
// the same parts, and mail is the platform that they are sent through.
//
// An address is used for nothing before whoever reads mail there has confirmed it.
// Outside of this package and its table it goes by an id; it is in no log line.
package mail

import (
	"context"
	"log/slog"
	netmail "net/mail"
	"strings"
	"sync"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// Name is the platform's.
const Name = "email"

// Options are what a deployment has decided.
type Options struct {
	Server Server
	From   netmail.Address
	// Base is the address of the team's page, without a slash at its end. Links to
	// confirm and to unsubscribe are below it.
	Base string
	// Zone is where a channel's clocks are.
	Zone func(team.Channel) *time.Location
	// Page is where a paper is on the team's page; "" if it has none there. It may
	// be nil.
	Page func(paper.ID) string
	// Planned is called when there is something to send.
	Planned func()
}

// Mail is the platform, and what people ask of it.
type Mail struct {
	store   *store.Store
	log     *slog.Logger
	options Options
	post    *postman

	mu  sync.Mutex // guards key
	key []byte     // of the links, once it has been read
}

// New returns a Mail.
func New(s *store.Store, log *slog.Logger, o Options) *Mail {
	o.Base = strings.TrimRight(o.Base, "/")
	if o.Page == nil {
		o.Page = func(paper.ID) string { return "" }
	}
	return &Mail{store: s, log: log, options: o, post: newPostman(o.Server, o.From)}
}

// Name is "email".
func (m *Mail) Name() string { return Name }

// Pace is what a small mail server takes from one client without a murmur.
func (m *Mail) Pace() chat.Pace { return chat.Pace{Every: 200 * time.Millisecond, AtOnce: atOnce} }

// atOnce is how many connections to the mail server there are at most.
const atOnce = 3

// tidyEvery is between two looks for addresses that nobody has confirmed.
const tidyEvery = time.Hour

// Listen forgets addresses that were not confirmed in time, until ctx ends. People
// have nothing to say here.
func (m *Mail) Listen(ctx context.Context, _ chat.Handler) error {
	defer m.post.close()
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		if _, err := m.store.RemoveUnconfirmed(ctx, Name, time.Now().Add(-confirmWithin)); err != nil && ctx.Err() == nil {
			m.log.Warn("addresses that were not confirmed could not be forgotten", "platform", Name, "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Find finds nothing: a mail server cannot be asked what it has delivered. What
// may have been sent is sent again, byte for byte and with the same Message-ID,
// by which receivers know it for the same mail.
func (m *Mail) Find(context.Context, chat.Place, chat.Message, time.Time) (chat.Post, bool, error) {
	return chat.Post{}, false, nil
}

// Manages reports whether the inbox is the person's own.
func (m *Mail) Manages(ctx context.Context, by chat.Person, in chat.Place) (bool, error) {
	a, ok, err := m.store.AddressAt(ctx, in)
	return ok && a.Owner == by, err
}

// place is the inbox that goes by an id.
func place(id string) chat.Place { return chat.Place{Platform: Name, Channel: id} }
