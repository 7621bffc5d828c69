package web

import (
	"context"
	"sync"
	"time"

	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

const (
	// listingsKept is how old the order of a week or a month may be. Putting
	// thousands of papers in order takes longer than anything else on a page; new
	// papers show at once all the same.
	listingsKept = 30 * time.Second
	listingsMax  = 16
	longest      = 50_000 // papers of a month; arXiv lists half of that
)

// listings are the papers of weeks and months in their order, as of a moment ago.
type listings struct {
	mu    sync.Mutex // guards known
	known map[listingKey]ordered
}

type listingKey struct {
	of     team.ID
	period period
	by     store.Order
}

type ordered struct {
	ids    []paper.ID
	change int64 // of the feed
	until  time.Time
}

// listing is a page of the papers of a period.
func (w *Web) listing(ctx context.Context, v visit, p period, by store.Order, page store.Page) (store.Listing, error) {
	if p.kind == "date" {
		return w.store.ListedBy(ctx, v.team, p.from, p.to, by, page)
	}
	change, err := w.store.LastChange(ctx)
	if err != nil {
		return store.Listing{}, err
	}
	l, key := w.listings, listingKey{v.team, p, by}
	l.mu.Lock()
	o, ok := l.known[key]
	l.mu.Unlock()
	if !ok || o.change != change || !v.now.Before(o.until) {
		all, err := w.store.ListedBy(ctx, v.team, p.from, p.to, by, store.Page{Limit: longest})
		if err != nil {
			return store.Listing{}, err
		}
		o = ordered{all.Papers, change, v.now.Add(listingsKept)}
		l.keep(key, o)
	}
	from := min(page.Offset, len(o.ids))
	return store.Listing{Papers: o.ids[from:min(from+page.Limit, len(o.ids))], Total: len(o.ids)}, nil
}

func (l *listings) keep(key listingKey, o ordered) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil || len(l.known) >= listingsMax {
		l.known = map[listingKey]ordered{}
	}
	l.known[key] = o
}
