package team

import (
	"time"

	"paperboy/internal/chat"
)

// Feed says which papers a feed to take away has.
type Feed struct {
	What   FeedKind
	Query  string // of Found and Newest: a search; of Top: a period
	Place  chat.Place
	Person chat.Person // of List: whose
}

// FeedKind says how a feed's papers are chosen.
type FeedKind string

// The kinds of feeds.
const (
	Today  FeedKind = "today"   // what is listed today, or was on the last day with papers
	Newest FeedKind = "topic"   // the newest that match Query
	Found  FeedKind = "search"  // the best that match Query
	Top    FeedKind = "top"     // what the team voted for in the period Query
	Picked FeedKind = "channel" // what was picked for Place
	List   FeedKind = "saved"   // what Person saved
)

// Address is a secret address of a feed. What makes it secret is known to those
// alone who were told it.
type Address struct {
	ID     string // short and no secret: how people name it
	Feed   Feed
	Team   ID // whose votes count
	By     chat.Person
	MadeAt time.Time
}

// Links are the addresses of one feed in all formats.
type Links struct{ RSS, Atom, JSON string }
