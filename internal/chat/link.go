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

// Joined tells that the bot has come into a place, perhaps again, or may post there
// again.
type Joined struct {
	In Place
	// Everywhere says that it has come into all of In.Space at once, where In is
	// the place for greetings; it has no Channel if there is none.
	Everywhere bool
	By         Person // who brought it; the zero Person if that is not known
	// Quietly says that nobody has brought it at this moment, so that no greeting
	// is due: it got a permission back, or came in while this program was not
	// running. It is not told of what was lost after At.
	Quietly bool
	At      time.Time
}

// Left tells that nothing can be posted to a place any more: the bot was put out,
// the place is gone, or a permission was taken away. What is known of the place is
// kept for when it comes back.
type Left struct {
	In Place
	// Everywhere says that this holds for all of In.Space, where In has no Channel.
	Everywhere bool
	Reason     string // a clause for people, as that of Refused
	At         time.Time
}
