package web

import (
	"cmp"
	"context"
	"sync"
	"time"

	"paperboy/internal/chat"
)

const (
	namesKept = 10 * time.Minute
	namesMax  = 10_000
	nameTime  = time.Second // how long a page waits for a chat service
	slowFor   = 30 * time.Second
)

// names are what people and places are called and who can see which, as the chat
// services told some minutes ago.
type names struct {
	platforms chat.Platforms
	now       func() time.Time

	mu    sync.Mutex // guards what follows
	known map[any]told
	slow  map[string]time.Time // until when a service is not asked, since it was slow
}

// told is an answer of a chat service.
type told struct {
	name  string
	reads bool
	until time.Time
}

// seen asks whether a person can read what is said in a place.
type seen struct {
	by chat.Person
	in chat.Place
}

func newNames(platforms chat.Platforms, now func() time.Time) *names {
	return &names{platforms: platforms, now: now, known: map[any]told{}, slow: map[string]time.Time{}}
}

// ask is what is known of key, or what find tells. A page asks many times; a
// service that let it wait once is left alone for a while.
func (n *names) ask(ctx context.Context, platform string, key any, find func(context.Context) told) told {
	now := n.now()
	n.mu.Lock()
	t, ok := n.known[key]
	slow := now.Before(n.slow[platform])
	n.mu.Unlock()
	switch {
	case ok && (slow || now.Before(t.until)):
		return t
	case slow:
		return told{}
	}
	ctx, cancel := context.WithTimeout(ctx, nameTime)
	defer cancel()
	t = find(ctx)
	t.until = now.Add(namesKept)
	n.mu.Lock()
	defer n.mu.Unlock()
	if ctx.Err() != nil {
		n.slow[platform] = now.Add(slowFor)
		return t
	}
	if len(n.known) >= namesMax {
		clear(n.known)
	}
	n.known[key] = t
	return t
}

// person is what people call somebody; their ID if that can't be told.
func (n *names) person(ctx context.Context, who chat.Person) string {
	t := n.ask(ctx, who.Platform, who, func(ctx context.Context) (t told) {
		if namer, ok := n.platforms[who.Platform].(chat.Namer); ok {
			t.name = namer.PersonName(ctx, who)
		}
		return t
	})
	return chat.Harmless(cmp.Or(t.name, who.ID))
}

// place is what people call a place; its ID if that can't be told.
func (n *names) place(ctx context.Context, in chat.Place) string {
	if _, direct := in.Person(); direct {
		return "you alone"
	}
	t := n.ask(ctx, in.Platform, in, func(ctx context.Context) (t told) {
		if namer, ok := n.platforms[in.Platform].(chat.Namer); ok {
			t.name = namer.PlaceName(ctx, in)
		}
		return t
	})
	return chat.Harmless(cmp.Or(t.name, in.Channel))
}

// reads reports whether a person can read what is said in a place. Where that
// can't be found out they cannot.
func (n *names) reads(ctx context.Context, by chat.Person, in chat.Place) bool {
	if who, direct := in.Person(); direct {
		return who == by
	}
	if by.Platform == "" || by.Platform != in.Platform {
		return false
	}
	return n.ask(ctx, in.Platform, seen{by, in}, func(ctx context.Context) (t told) {
		if viewer, ok := n.platforms[in.Platform].(chat.Viewer); ok {
			may, err := viewer.Reads(ctx, by, in)
			t.reads = may && err == nil
		}
		return t
	}).reads
}

// link is where a post can be seen; "" if that is not known.
func (n *names) link(p chat.Post) string {
	linker, ok := n.platforms[p.Platform].(chat.Linker)
	if !ok || p.ID == "" {
		return ""
	}
	address, ok := linker.Link(p)
	if !ok {
		return ""
	}
	return chat.WebLink(address, maxLink, "")
}

// maxLink is the longest address that is shown as a link.
const maxLink = 2000
