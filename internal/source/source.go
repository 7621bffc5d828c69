// Package source is the contract between the feed and the services papers come
// from. To add one, create a folder beside this file whose type implements
// Source (and Resolver, if the service can describe a single paper), make
// sourcetest.Run pass, and add its line to cmd/paperboy/sources.go.
package source

import (
	"context"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
)

// Source lists papers, a page at a time, from where its cursor left off.
type Source interface {
	// Name is short, lower-case and never changes: it is stored with papers and
	// typed by people (source:arxiv).
	Name() string
	// Fetch makes about one request and returns the page that follows
	// ask.Cursor. It keeps no state of its own: the same ask gives the same
	// page, so a page whose saving failed is simply asked for again. An error
	// means nothing of the page is usable and the cursor stays where it is;
	// entries that could not be read are Page.Problems instead. Neither repeats
	// the source's name, which whoever shows it adds.
	Fetch(ctx context.Context, ask Ask) (Page, error)
}

// Ask is one call of Fetch.
type Ask struct {
	Cursor string    // the Next of the page before; "" the first time
	Now    time.Time // the present
	Since  date.Date // go back to this day; only looked at while Cursor is ""
}

// Page is what one Fetch brought.
type Page struct {
	Papers []paper.Paper
	// Next is stored in the same transaction as Papers. Its form is the
	// source's own business.
	Next string
	// More says that Next can be fetched at once. Otherwise the source has
	// caught up and the next Fetch is due after Wait.
	More bool
	// Wait is how long nothing new can be expected; 0 is an hour.
	Wait time.Duration
	// Progress is how much of the way to the present is done, from 0 to 1.
	Progress float64
	// Problems are entries left out of Papers, each with the reason.
	Problems []error
}

// Resolver describes single papers by ID.
type Resolver interface {
	// Resolves reports whether the service could know about id.
	Resolves(id paper.ID) bool
	// Resolve describes those of refs that the service knows; the others are
	// missing from the answer, which is no error. It asks in batches.
	Resolve(ctx context.Context, refs []paper.Ref) ([]paper.Paper, error)
}
