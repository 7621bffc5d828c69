package team

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
)

// Bounds on what a channel may ask for.
const (
	DefaultCount = 3
	MaxCount     = chat.MaxCards
	MaxTopics    = 50
	MaxTopic     = 300 // bytes of a topic's text
)

// Everything is the topic that every paper is about.
const Everything = "*"

// Layout is how a day's picks are laid out in a channel.
type Layout string

// The layouts.
const (
	Posts  Layout = "posts"  // one paper a message, the first carries the heading
	Thread Layout = "thread" // a heading in the channel, the papers as replies to it
	Digest Layout = "digest" // one message, the papers numbered
	Letter Layout = "letter" // the same as a letter, to which nobody can react
)

// Layouts are those that people choose from, as they type them.
var Layouts = []Layout{Posts, Thread, Digest}

// Prefs is what a channel wants. The zero Prefs follow nothing; Default fills in
// the rest. They are stored as JSON, where absent fields mean their zero value.
type Prefs struct {
	Topics   []Topic  `json:"topics,omitempty"` // a paper of any of them will do
	Count    int      `json:"count"`            // papers a day, at most
	Schedule Schedule `json:"schedule"`
	Sources  []string `json:"sources,omitempty"` // empty: every source that is read
	Layout   Layout   `json:"layout"`
	// Settled takes the lists up to yesterday, whose votes have been given,
	// instead of those up to today.
	Settled  bool `json:"settled,omitempty"`
	MinVotes int  `json:"min_votes,omitempty"` // at the source and of the team together
	NoCross  bool `json:"no_cross,omitempty"`  // a cross-list alone is not enough
	Replaced bool `json:"replaced,omitempty"`  // a new version counts as news
	// Paused posts nothing until PausedUntil, or, without a day, until resumed.
	Paused      bool      `json:"paused,omitempty"`
	PausedUntil date.Date `json:"paused_until,omitzero"`
}

// Topic is a search query that a channel follows.
type Topic struct {
	Query string      `json:"query"` // as typed, on one line; or Everything
	By    chat.Person `json:"by"`
	Since date.Date   `json:"since"` // the first day whose papers count: nothing old is posted
}

// Default is what a channel has before anybody changes it.
func Default() Prefs {
	return Prefs{Count: DefaultCount, Layout: Posts, Schedule: Schedule{Hour: 9, Days: Weekdays}}
}

// Follows reports whether anything is posted at all.
func (p Prefs) Follows() bool { return len(p.Topics) > 0 }

// Topic finds a topic by its text, in any case and spacing.
func (p Prefs) Topic(query string) (index int, ok bool) {
	index = slices.IndexFunc(p.Topics, func(t Topic) bool { return sameWords(t.Query, query) })
	return index, index >= 0
}

func sameWords(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

// Rests reports whether posts of day are paused.
func (p Prefs) Rests(day date.Date) bool {
	return p.Paused && (p.PausedUntil.IsZero() || day.Before(p.PausedUntil))
}

// Channel is a place that picks are posted in, with all that is known of it.
type Channel struct {
	ID    string // short, made from the place; part of the keys of its deliveries
	Place chat.Place
	Prefs Prefs
	By    chat.Person // who subscribed it first, and is told if it can't be posted to
	// Next is the slot that is planned next; zero for none.
	Next Slot
	// Last is the slot that was planned last; zero before the first.
	Last Slot
	// Gone says why nothing can be posted there, as a clause; "" if it can.
	Gone   string
	GoneAt time.Time
	// Edition counts the changes that people have made.
	Edition int
}

// Limit is how late a slot may still be planned and its messages sent. After
// that the day goes without.
const Limit = 6 * time.Hour

// grace is how long after midnight a slot of the day before may be planned: one
// at 23:59 needs it.
const grace = 15 * time.Minute

// Due is the slot to plan at now, in the zone of the channel: the latest one
// that has come, unless it is served or too late.
func (c Channel) Due(now time.Time, loc *time.Location) (Slot, bool) {
	if c.Next.At.IsZero() || now.Before(c.Next.At) {
		return Slot{}, false
	}
	s := c.Prefs.Schedule.last(now, loc)
	late := now.Sub(s.At)
	switch {
	case s.At.IsZero(), s.At.Before(c.Next.At), c.Served(s.Day, loc), c.Prefs.Rests(s.Day):
		return Slot{}, false
	case late > Limit, date.Of(now.In(loc)) != s.Day && late > grace:
		return Slot{}, false
	}
	return s, true
}

// Served reports whether the channel's last slot lies in day, by the clocks it
// has now: after a change of zone a day must neither be served twice nor left out.
func (c Channel) Served(day date.Date, loc *time.Location) bool {
	return !c.Last.At.IsZero() && date.Of(c.Last.At.In(loc)) == day
}

// Missed is the slot that was to be planned next, for one that has passed without.
// A slot that the schedule has no longer, as after a change of the deployment's
// own zone, was not missed.
func (c Channel) Missed(loc *time.Location) (Slot, bool) {
	s := c.Prefs.Schedule.Next(c.Next.At.Add(-time.Microsecond), loc)
	return c.Next, s.At.Equal(c.Next.At) && !c.Served(c.Next.Day, loc) && !c.Prefs.Rests(c.Next.Day)
}

// Upcoming is the slot to plan next: the one that is due at now, so that a change
// of preferences before it is planned takes no day away, or else the first after
// now that is not served and not paused; zero if there is none.
func (c Channel) Upcoming(now time.Time, loc *time.Location) Slot {
	if !c.Prefs.Follows() || c.Gone != "" || c.Prefs.Paused && c.Prefs.PausedUntil.IsZero() {
		return Slot{}
	}
	if s, ok := c.Due(now, loc); ok {
		return s
	}
	after := now
	if c.Prefs.Paused {
		if resumed := c.Prefs.PausedUntil.Start(loc).Add(-time.Microsecond); resumed.After(after) {
			after = resumed
		}
	}
	s := c.Prefs.Schedule.Next(after, loc)
	for !s.At.IsZero() && (c.Served(s.Day, loc) || c.Prefs.Rests(s.Day)) {
		s = c.Prefs.Schedule.Next(s.At, loc)
	}
	return s
}

// Change is an entry of a channel's history.
type Change struct {
	At   time.Time
	By   chat.Person
	What string // a clause: "count: 3 → 5"
}

// Changes lists in words what differs between two preferences.
func Changes(from, to Prefs) (what []string) {
	add := func(format string, args ...any) { what = append(what, fmt.Sprintf(format, args...)) }
	for _, t := range from.Topics {
		if _, kept := to.Topic(t.Query); !kept {
			add("%s removed", t.named())
		}
	}
	for _, t := range to.Topics {
		if _, known := from.Topic(t.Query); !known {
			add("%s added", t.named())
		}
	}
	differ := func(name, a, b string) {
		if a != b {
			add("%s: %s → %s", name, a, b)
		}
	}
	differ("count", fmt.Sprint(from.Count), fmt.Sprint(to.Count))
	differ("schedule", from.Schedule.String(), to.Schedule.String())
	differ("layout", string(from.Layout), string(to.Layout))
	differ("sources", orAll(from.Sources), orAll(to.Sources))
	differ("lists", from.Lists(), to.Lists())
	differ("minimum of votes", fmt.Sprint(from.MinVotes), fmt.Sprint(to.MinVotes))
	differ("cross-lists", onOff(!from.NoCross), onOff(!to.NoCross))
	differ("replacements", onOff(from.Replaced), onOff(to.Replaced))
	differ("picks", from.pauses(), to.pauses())
	return what
}

func (t Topic) named() string {
	if t.Query == Everything {
		return "topic everything"
	}
	return "topic “" + t.Query + "”"
}

// Lists is "fresh" or "settled".
func (p Prefs) Lists() string {
	if p.Settled {
		return "settled"
	}
	return "fresh"
}

func (p Prefs) pauses() string {
	switch {
	case !p.Paused:
		return "running"
	case p.PausedUntil.IsZero():
		return "paused"
	}
	return "paused until " + p.PausedUntil.String()
}

func orAll(sources []string) string {
	if len(sources) == 0 {
		return "all"
	}
	return strings.Join(sources, " ")
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
