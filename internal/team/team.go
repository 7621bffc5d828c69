// Package team has the nouns of the people who share papers: their votes, what
// they saved and shared. Who may see whose is a matter of the Team they are in.
package team

import (
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
)

// ID names a team: all people whose votes are counted together.
type ID string

// Everyone is the team of a deployment that pools all its spaces.
const Everyone ID = "everyone"

// Pool says which team a space belongs to.
type Pool bool

// The two ways of pooling votes.
const (
	OneTeam      Pool = false // all spaces of the deployment are one team
	TeamPerSpace Pool = true  // every workspace or guild is a team of its own
)

// Of is the team of the people in place.
func (p Pool) Of(in chat.Place) ID {
	if p == TeamPerSpace {
		return ID(in.Platform + "/" + in.Space)
	}
	return Everyone
}

// Behind is the team for which a channel's picks are made: that of its place, or,
// where the place lies in no space, as an inbox does, that of who subscribed it.
func (p Pool) Behind(c Channel) ID {
	if c.Place.Space == "" && c.By.ID != "" {
		return p.Of(chat.Place{Platform: c.By.Platform, Space: c.By.Space})
	}
	return p.Of(c.Place)
}

// Mark is what a person put on a paper: a reaction to a post, a button, a typed
// command. A person may do so in several posts and with several emoji: they
// count once for the paper for as long as one of their marks of a kind stands.
type Mark struct {
	Team  ID
	Paper paper.ID
	By    chat.Person
	Kind  Kind
	// On is the post and Sign the emoji put on it; or no post, and ByHand.
	On   chat.Post
	Sign string
	// At is the platform's own time of the event. An event that is not newer than
	// the one known for the same mark changes nothing, so that late and repeated
	// deliveries do no harm.
	At        time.Time
	Withdrawn bool
	// Standing says that the mark was found on the post at that time, and may have
	// been put there long before.
	Standing bool
}

// stood is how long before it was found a standing mark may have been put on its
// post, at most: platforms look at the posts of a few days.
const stood = 7 * 24 * time.Hour

// Since is the earliest time at which the mark may have been made.
func (m Mark) Since() time.Time {
	if m.Standing {
		return m.At.Add(-stood)
	}
	return m.At
}

// Kind is what a mark says of a paper.
type Kind string

// The kinds.
const (
	Up   Kind = "up"   // a vote
	Down Kind = "down" // less like this: private, and counted nowhere
	Save Kind = "save" // it is on the person's own list
)

// Meant is the paper of a post that a mark means: by its number, or the only one.
func Meant(papers []paper.ID, number int) (paper.ID, bool) {
	switch {
	case number == 0 && len(papers) == 1:
		return papers[0], true
	case number > 0 && number <= len(papers):
		return papers[number-1], true
	}
	return "", false
}

// ByHand is a mark that a button or a typed command made; it has no post.
func ByHand(of ID, id paper.ID, by chat.Person, kind Kind, at time.Time) Mark {
	sign := string(kind)
	if kind == Up {
		sign = "button" // as it was called when there were only votes
	}
	return Mark{Team: of, Paper: id, By: by, Kind: kind, On: chat.Post{Place: chat.Place{Platform: by.Platform}}, Sign: sign, At: at}
}

// Share is a paper that a person brought into a channel.
type Share struct {
	Team  ID
	Paper paper.ID
	By    chat.Person
	Post  chat.Post // the message with the link; its ID is empty for a command
	At    time.Time
}

// SourceName is the source of papers that people brought themselves.
const SourceName = "team"

// Brought is the sighting of a paper that somebody brought on a day.
func Brought(on date.Date) paper.Sighting {
	return paper.Sighting{Source: SourceName, Day: on}
}
