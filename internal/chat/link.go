package chat

import "time"

// Linked is a message with links of papers, on a platform that asks what to show
// for them.
type Linked struct {
	Post  Post
	By    Person
	Links []string // as they are written in the message
	At    time.Time
}

// Preview is what a link is shown as.
type Preview struct {
	Link string // one of Linked.Links
	Card Card
}

// Visit is a look at the bot's own page.
type Visit struct {
	By Person
	At time.Time
}

// Joined tells that the bot has come into a place, perhaps again.
type Joined struct {
	In Place
	// Everywhere says that it has come into all of In.Space at once, where In is
	// the place for greetings; it has no Channel if there is none.
	Everywhere bool
	By         Person // who brought it; the zero Person if that is not known
	At         time.Time
}
