// Package bottest is the contract of chat.Platform as a test suite. A platform
// that passes Run is done.
//
// A platform's own test brings a Fake: the adapter, connected to a stand-in of
// its service on loopback, and hands and eyes to use it with.
//
//	func TestPlatform(t *testing.T) {
//		bottest.Run(t, func(t *testing.T) bottest.Fake { return newFake(t) })
//	}
package bottest

import (
	"context"
	"errors"
	"testing"
	"time"

	"paperboy/internal/chat"
)

// Fake is a platform under test, seen from both ends. Its stand-in behaves like
// the real service in what the suite cannot ask for: it delivers the bot's own
// messages as events too, and turns away what the real one would.
//
// What people do waits until the platform is listening, and returns when the
// service has taken it. A method that cannot do its part returns an error.
type Fake interface {
	// Platform is the adapter. Each Fake has its own.
	Platform() chat.Platform
	// Place is a place that people and bot are in.
	Place() chat.Place
	// People can act in Place: at least one, and two where the platform knows
	// more than one.
	People() []chat.Person
	// Command types "/name text" in Place.
	Command(ctx context.Context, by chat.Person, name, text string) error
	// Press presses the button with b's label on the card (by number; 0 is the
	// message's own), in the latest message that has it.
	Press(ctx context.Context, by chat.Person, card int, b chat.Button) error
	// Say writes to the bot alone.
	Say(ctx context.Context, by chat.Person, text string) error
	// Shown waits for the next message of the bot that appears on a screen,
	// be it a new one or in the place of another.
	Shown(ctx context.Context) (Shown, error)
}

// Channels is for a Fake whose Place has more people in it than one.
type Channels interface {
	// SayAloud writes to everybody in Place.
	SayAloud(ctx context.Context, by chat.Person, text string) error
}

// Reactions is for a Fake whose platform has them.
type Reactions interface {
	// React puts an emoji on a post or takes it off.
	React(ctx context.Context, by chat.Person, on chat.Post, emoji string, removed bool) error
	// Emoji are some as the service writes them, with aliases and skin tones,
	// each with the name or character that must arrive.
	Emoji() map[string]string
	// BotReacts has a bot put an emoji on a post: ours or another. It returns
	// ErrNoBots if the platform knows no others, or not even ours, as an account.
	BotReacts(ctx context.Context, ours bool, on chat.Post, emoji string) error
}

// ErrNoBots says that the platform has no such bot.
var ErrNoBots = errors.New("the platform has no such bot")

// Threads is for a Fake whose platform has them.
type Threads interface {
	// ThreadOf is the ID of the post in whose thread a message was shown; "" if
	// it was shown outside of any.
	ThreadOf(Shown) string
}

// Editing is for a Fake whose platform is a chat.Editor.
type Editing interface {
	// Edited is the ID of the post in whose place a message was shown; "" if it
	// was shown as a new one.
	Edited(Shown) string
}

// Managers is for a Fake whose platform tells who may decide for a place.
type Managers interface {
	// Manager may decide what is posted in Place.
	Manager() chat.Person
	// Member may not.
	Member() chat.Person
}

// Names is for a Fake whose platform does not show people by their IDs.
type Names interface {
	// Called is the name that a person is shown by.
	Called(chat.Person) string
}

// Faults is for a Fake whose service can be made to fail.
type Faults interface {
	// Faults are those that can happen on the platform. Calling one makes the
	// next message that is sent end so, and only that one.
	Faults() map[Fault]func()
}

// Fault is a way in which sending a message fails.
type Fault string

// The faults.
const (
	Throttle Fault = "throttle" // turned away for going too fast
	Refuse   Fault = "refuse"   // turned away for good, such as by an archived channel
	Break    Fault = "break"    // certain not to have reached the service
	Lose     Fault = "lose"     // posted, and the answer got lost
)

// Shown is a message of the bot as people see it.
type Shown struct {
	To chat.Person // the only one who sees it; the zero Person if everybody does
	// Text is all that can be read from top to bottom, markup undone.
	Text string
	// Links are where clicking leads.
	Links []string
	// Harm is what the message does besides being read, such as "pings
	// @everyone" or "moves the cursor"; "" if nothing.
	Harm string
	// Raw is for the Fake itself, such as the request that made the message.
	Raw any
}

// patience is how long the suite waits for what should happen at once.
const patience = 10 * time.Second

// Run checks the platform that start brings up, once for each check.
func Run(t *testing.T, start func(t *testing.T) Fake) {
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			err := c.run(ctx, start(t))
			if errors.As(err, new(skip)) {
				t.Skip(err)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// check is one rule of the contract.
type check struct {
	name string
	run  func(ctx context.Context, f Fake) error
}

// checks are all rules, in the order in which somebody who writes a platform
// would get them to pass.
func checks() []check {
	return []check{
		{"NameIsShortAndLowerCase", nameIsShort},
		{"CommandArrivesVerbatimAndIsAnsweredToTheAsker", listening(commandArrives)},
		{"TwoPeopleAreToldApart", listening(peopleAreToldApart)},
		{"ButtonComesBackWithItsAction", listening(buttonComesBack)},
		{"WordsToTheBotAreDirect", listening(directWordsArrive)},
		{"WordsInAChannelAreNotDirect", listening(channelWordsArrive)},
		{"OwnMessagesAreNotHeard", ownMessagesAreNotHeard},
		{"EmptyAnswerShowsNothing", listening(emptyShowsNothing)},
		{"ReactionArrivesFoldedAndIsTakenBack", listening(reactionArrives)},
		{"ReactionOnAReplyNamesTheReply", listening(reactionOnReplyArrives)},
		{"ReactionsOfBotsAreNotHeard", botReactionsAreNotHeard},
		{"PanicEndsNothing", listening(panicEndsNothing)},
		{"JoiningIsHeardAndIntroduced", listening(joiningIsHeard)},
		{"LeavingIsHeardBeforeComingBack", listening(leavingIsHeard)},
		{"LinksAreShownAsCards", listening(linksAreShown)},
		{"PageIsShownToItsPersonAlone", listening(pageIsShown)},
		{"FormComesBackAndShowsItsProblems", listening(formComesBack)},
		{"ListenEndsWithItsContext", listenEnds},
		{"SentMessageIsFoundByItsKey", sentIsFound},
		{"KeyInSomebodysWordsIsNotFound", listening(keyInWordsIsNotFound)},
		{"PaceIsSane", paceIsSane},
		{"ReplyIsFoundInItsThread", replyIsFound},
		{"DirectMessageReachesThePersonAlone", directReachesOne},
		{"WhoManagesIsToldFromWhoDoesNot", managersAreTold},
		{"PersonIsNamedAndNotPinged", personIsNamed},
		{"LinksLeadWhereTheyShould", linksLead},
		{"HostileTextIsShownUnharmed", hostileIsShown},
		{"HostileLinkIsNoLink", hostileLinkIsNone},
		{"EditedPostIsShownInItsPlace", editedIsShownInPlace},
		{"HostileEditIsShownUnharmed", hostileEditIsShown},
		{"LongestMessageIsSent", longestIsSent},
		{"ConcurrentMessagesStayWhole", concurrentStayWhole},
		{"ThrottledSendSaysSo", throttledSaysSo},
		{"RefusedSendSaysSo", refusedSaysSo},
		{"BrokenSendWasNotPosted", brokenWasNotPosted},
		{"LostAnswerIsUnsureAndPostedOnce", lostIsUnsure},
	}
}

// skip is the reason why a check does not apply.
type skip string

func (s skip) Error() string { return string(s) }
