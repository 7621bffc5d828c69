package api

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/store"
	"paperboy/internal/syndicate"
	"paperboy/internal/team"
)

// ErrTooMany says that no more addresses can be made before one is revoked.
var ErrTooMany = store.ErrTooManyFeeds

// Local reports whether the addresses work on this machine alone, since nobody
// has said how others reach it.
func (a *API) Local() bool { return a.host == "localhost" || strings.HasPrefix(a.host, "127.") }

// Public are the addresses of a feed that everybody may read; ok is false if it
// needs a secret one.
func (a *API) Public(f team.Feed) (links team.Links, ok bool) {
	if !a.options.Public || f.What == team.List || f.What == team.Picked {
		return team.Links{}, false
	}
	return a.public(f), true
}

func (a *API) public(f team.Feed) team.Links {
	query := ""
	switch {
	case f.What == team.Newest || f.What == team.Found:
		query = "?q=" + url.QueryEscape(f.Query)
	case f.What == team.Top && f.Query != Periods()[0]:
		query = "?period=" + url.QueryEscape(f.Query)
	}
	return a.links("/feeds/"+string(f.What), query)
}

// secret are the addresses of a feed below a secret.
func (a *API) secret(f team.Feed, secret string) team.Links {
	if f.What == team.Picked {
		return a.links("/feeds/channel/"+secret, "")
	}
	return a.links("/feeds/private/"+secret, "")
}

func (a *API) links(path, query string) team.Links {
	at := func(f syndicate.Format) string { return a.base + path + "." + f.Name + query }
	return team.Links{RSS: at(syndicate.Formats[0]), Atom: at(syndicate.Formats[1]), JSON: at(syndicate.Formats[2])}
}

// nameOf names a feed for good.
func nameOf(f team.Feed) string {
	name := "feeds/" + string(f.What)
	if f.Query != "" {
		name += "/" + f.Query
	}
	return name
}

// Addresses are the secret addresses that a person has made for themselves.
func (a *API) Addresses(ctx context.Context, by chat.Person) ([]team.Address, error) {
	return a.store.FeedsOf(ctx, by)
}

// ChannelAddresses are the secret addresses of a channel's picks. Ask first
// whether the person may change the channel.
func (a *API) ChannelAddresses(ctx context.Context, in chat.Place) ([]team.Address, error) {
	return a.store.FeedsIn(ctx, in)
}

// Make makes a secret address of a feed. Its links are told this one time: only
// a hash of the secret is kept.
func (a *API) Make(ctx context.Context, by chat.Person, of team.ID, f team.Feed, at time.Time) (team.Address, team.Links, error) {
	address, secret, err := a.make(ctx, by, of, f, at, time.Time{})
	return address, a.secret(f, secret), err
}

func (a *API) make(ctx context.Context, by chat.Person, of team.ID, f team.Feed, at, expires time.Time) (team.Address, string, error) {
	secret := strings.ToLower(rand.Text()) // 130 bits
	address := team.Address{ID: strings.ToLower(rand.Text()[:6]), Feed: f, Team: of, By: by, MadeAt: at}
	return address, secret, a.store.AddFeed(ctx, address, secret, expires)
}

// Revoke ends one of a person's own addresses, or all if id is "", and returns
// how many those were.
func (a *API) Revoke(ctx context.Context, by chat.Person, id string) (int64, error) {
	return a.store.RevokeFeedsOf(ctx, by, id)
}

// RevokeChannel ends one of a channel's addresses, or all if id is "". Ask first
// whether the person may change the channel.
func (a *API) RevokeChannel(ctx context.Context, in chat.Place, id string) (int64, error) {
	return a.store.RevokeFeedsIn(ctx, in, id)
}
