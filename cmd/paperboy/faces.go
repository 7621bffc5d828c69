package main

import (
	"context"
	"net/http"
	"time"

	"paperboy/internal/api"
	"paperboy/internal/bot"
	"paperboy/internal/chat"
	"paperboy/internal/team"
	"paperboy/internal/web"
)

// faces builds what people meet, each with what the others offer: the API with
// its feeds, the page, and the bot. base is the address of the server.
func (p *parts) faces(s partSettings, base string, zone *time.Location, pool team.Pool) {
	p.api = api.New(p.store, p.library, p.log, api.Options{
		Base: base, Public: s.public(), MayRead: func(r *http.Request) bool { return p.web.MayRead(r) },
		Pool: pool, Zone: zone, Labels: sourceLabels, Now: time.Now,
	})
	page := web.Options{
		Base: base, Public: s.public(), Pool: pool, Zone: zone, Labels: sourceLabels, Discussion: s.discussion,
		Feeds:  pageFeeds{p.api},
		Export: func(ctx context.Context, who chat.Person) (any, error) { return p.store.Export(ctx, who) },
		Erase: func(ctx context.Context, who chat.Person) error {
			_, err := p.store.Erase(ctx, who, time.Now())
			return err
		},
	}
	talk := bot.Options{
		Pool: pool, Zone: zone, Labels: sourceLabels, Sources: names(p.sources), Emoji: s.meanings(), Feeds: p.api,
	}
	if p.mail != nil { // an interface with a nil pointer in it would not be nil
		page.Mail, talk.Mail = p.mail, p.mail
		p.platforms[p.mail.Name()] = p.mail
	}
	p.web = web.New(p.store, p.library, p.picker, p.platforms, p.log, p.metrics, page)
	talk.Page = p.web
	p.bot = bot.New(p.store, p.library, p.picker, p.resolvers, p.platforms, p.log, p.metrics, talk)
}

// pageFeeds are the secret addresses of feeds as the page shows them.
type pageFeeds struct{ *api.API }

// Addresses are those that a person has, whose links were told when they were
// made.
func (f pageFeeds) Addresses(ctx context.Context, by chat.Person) (list []web.Address, err error) {
	all, err := f.API.Addresses(ctx, by)
	for _, a := range all {
		list = append(list, web.Address{ID: a.ID, Label: api.Title(a.Feed)})
	}
	return list, err
}

// Make makes one.
func (f pageFeeds) Make(ctx context.Context, by chat.Person, of team.ID, what string) (web.Address, error) {
	feed := team.Feed{What: team.Today}
	switch what {
	case "top":
		feed = team.Feed{What: team.Top, Query: "week"}
	case "saved":
		feed = team.Feed{What: team.List, Person: by}
	}
	a, links, err := f.API.Make(ctx, by, of, feed, time.Now())
	return web.Address{ID: a.ID, Label: api.Title(a.Feed), URL: links.Atom}, err
}

// Revoke ends one.
func (f pageFeeds) Revoke(ctx context.Context, by chat.Person, id string) error {
	_, err := f.API.Revoke(ctx, by, id)
	return err
}
