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

// Vote is a person's "this one", put on a paper through a post or a button.
// A person may do so in several posts and with several emoji: they count once
// for the paper for as long as one of these marks stands.
type Vote struct {
	Team  ID
	Paper paper.ID
	By    chat.Person
	// On is what was marked: a post and the emoji put on it, or ButtonMark.
	On   chat.Post
	Mark string
	// At is the platform's own time of the event. An event older than one
	// already known for the same mark changes nothing, so that late and
	// repeated deliveries do no harm.
	At        time.Time
	Withdrawn bool
}

// ButtonMark is the mark of a vote that came from a button or a typed command
// and not from a reaction; such votes have no post.
const ButtonMark = "button"

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
