// Package chat is the contract between Paperboy and the chat platforms: what a
// platform tells the bot, what the bot gives it to show, and what became of a
// message that was sent.
//
// To add a platform, create bots/NAME with the files of its neighbours
// (listen.go, send.go, render.go), implement Platform, make bottest.Run pass, and
// add its line to cmd/paperboy/bots.go. A platform translates; it decides
// nothing. Render every Text through one escape function: titles are written by
// strangers.
package chat

import (
	"context"
	"strings"
	"time"
)

// Place is where people talk. Space is a Slack workspace or a Discord guild.
type Place struct{ Platform, Space, Channel string }

// direct begins the Channel of a conversation with one person alone.
const direct = "@"

// Direct is the conversation of the bot with a person alone. A platform opens
// it, where it has to, when something is sent there.
func Direct(p Person) Place {
	return Place{Platform: p.Platform, Space: p.Space, Channel: direct + p.ID}
}

// Person is whom a Direct place leads to.
func (p Place) Person() (who Person, ok bool) {
	id, ok := strings.CutPrefix(p.Channel, direct)
	return Person{Platform: p.Platform, Space: p.Space, ID: id}, ok && id != ""
}

// Person is an account. The same human on two platforms is two persons.
type Person struct{ Platform, Space, ID string }

// Post is a message that exists. Its Place may be another than it was sent to: a
// thread within that, where a platform makes one of its own, or the conversation
// that a Direct place stands for.
type Post struct {
	Place
	ID string
}

// Platform is one chat service.
type Platform interface {
	// Name is short, lower-case and never changes: it is stored with every Place.
	Name() string
	// Listen connects and hands what people do to h until ctx ends or nobody can
	// say anything any more (the console's input is over), which is no error.
	// Calls of h may overlap; none is left running when it returns. It returns
	// an error only when trying again would not help, such as a revoked token.
	Listen(ctx context.Context, h Handler) error
	// Send posts m. Its error says what became of the message: *Throttled,
	// *Refused or *Unsure; any other error means it was not posted.
	Send(ctx context.Context, to Place, m Message) (Post, error)
	// Find returns the post that Send(ctx, in, m) made since then, if the chat
	// shows one. It is told by m.Key; m.Under says in which thread to look. A
	// *Refused error says that this place cannot be looked through.
	Find(ctx context.Context, in Place, m Message, since time.Time) (Post, bool, error)
	// Manages reports whether a person may decide what is posted in a place. In
	// a Direct place the person may.
	Manages(ctx context.Context, by Person, in Place) (bool, error)
	// Pace is how fast the service takes messages.
	Pace() Pace
}

// Editor is a Platform whose posts can be changed.
type Editor interface {
	Platform
	// Edit puts m in the place of what post shows. Its errors are those of Send;
	// doing it twice does no harm.
	Edit(ctx context.Context, post Post, m Message) error
}

// Platforms are the platforms of a process, by name.
type Platforms map[string]Platform

// Pace is how fast a service takes messages. All replicas share it.
type Pace struct {
	Every   time.Duration // from one message to the next, wherever they go; 0: at once
	InPlace time.Duration // from one message to the next in one place; 0: at once
	AtOnce  int           // messages on their way at a time, per process; 0: one
}

// Handler is the bot, seen from a platform. Command and Pressed always answer:
// faults are logged inside and become a sentence. An error of Reacted or Said
// means that nothing was recorded, so a platform that can deliver the event
// again should let that happen.
type Handler interface {
	Command(context.Context, Command) Message
	Pressed(context.Context, Press) Message
	Reacted(context.Context, Reaction) error
	// Posts are up to n of the platform's posts that reactions count on, those with
	// the highest IDs first and none below from: a platform that has missed
	// reactions reads those again.
	Posts(ctx context.Context, platform, from string, n int) ([]Post, error)
	// Said answers a plain message; most deserve none (Message.Empty).
	Said(context.Context, Said) (Message, error)
	// Linked takes in the papers that a message links to, and says which of the
	// links are to be shown as cards.
	Linked(context.Context, Linked) ([]Preview, error)
	// Complete suggests how a line that is being typed may go on, the best first.
	// It is asked at every key and answers at once.
	Complete(context.Context, Command) []Suggestion
	// Submitted is what becomes of a form that an answer carried (Message.Form).
	Submitted(context.Context, Filled) Verdict
	// Home is the bot's own page for a person, part by part.
	Home(context.Context, Visit) []Message
	// Joined is how the bot introduces itself to a place.
	Joined(context.Context, Joined) (Message, error)
	// Left pauses what is posted to a place until Joined. Both are told in their
	// order, and again if nothing was recorded.
	Left(context.Context, Left) error
}

// Command is a line that a person typed to the bot.
type Command struct {
	Name string // without the slash: "papers" or "paperboy"
	Text string // the rest of the line, as typed
	By   Person
	In   Place
	At   time.Time
}

// Press is a press on one of our buttons.
type Press struct {
	Action string // Button.Action, unchanged
	By     Person
	In     Place
	At     time.Time
}

// Suggestion is one way in which a line may go on.
type Suggestion struct {
	Label string // what the person sees
	Text  string // Command.Text, if it is chosen
}

// Reaction is an emoji that a person put on a post, or took off. Those of bots,
// our own among them, are not handed over.
//
// Where a platform tells that reactions were cleared, Removed is true, By is the
// zero Person, which means everybody, and Emoji may be "", which means all.
type Reaction struct {
	Post    Post
	By      Person
	Emoji   string // the plain name or character: aliases, skin tones and variation selectors folded
	Removed bool
	// Standing tells that it was found on the post at that time, and may have been
	// put there some days before.
	Standing bool
	At       time.Time // the platform's own time of the event
}

// Said is a message of a person that is not a command.
type Said struct {
	Post   Post
	By     Person
	Text   string // plain, links written out
	Direct bool   // said to the bot alone
	// Asked tells that By, who may not have written it, asked for the papers in it
	// to be taken in, and wants to know what became of them.
	Asked bool
	At    time.Time
}
