package bottest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	"paperboy/internal/chat"
)

func TestSoundPlatformPasses(t *testing.T) {
	for _, f := range []flaw{"", "does not show the same again"} {
		Run(t, func(t *testing.T) Fake { return newMemory(t, f) })
	}
}

// bare hides the optional abilities of a Fake and its platform.
type bare struct{ Fake }

func (b bare) Platform() chat.Platform { return struct{ chat.Platform }{b.Fake.Platform()} }

func TestPlatformWithoutAnAbilityIsSkippedAndToldWhy(t *testing.T) {
	skipped := 0
	for _, c := range checks() {
		err := inTime(t, func(ctx context.Context, t *testing.T) error {
			return c.run(ctx, bare{newMemory(t, "calls people by their IDs")})
		})
		var why skip
		switch {
		case errors.As(err, &why) && why != "":
			skipped++
		case err != nil:
			t.Errorf("%s: %v, want it to pass or be skipped", c.name, err)
		}
	}
	if skipped != 17 {
		t.Errorf("%d checks were skipped, want 17: channels (2), reactions (3), joining, leaving, links, page, form (4), managers (1), edits (2), faults (4)", skipped)
	}
}

func TestFlawsAreFound(t *testing.T) {
	for _, test := range []struct {
		flaw  flaw
		check string
		want  string // in the error
	}{
		{"shouts its name", "NameIsShortAndLowerCase", `"MEMORY" does not match`},
		{"folds white space", "CommandArrivesVerbatimAndIsAnsweredToTheAsker", `text "mixture of experts"`},
		{"forgets the place", "CommandArrivesVerbatimAndIsAnsweredToTheAsker", "it came from place"},
		{"answers in public", "CommandArrivesVerbatimAndIsAnsweredToTheAsker", "was shown to"},
		{"mixes people up", "TwoPeopleAreToldApart", "ID:bob} typed"},
		{"answers in public", "TwoPeopleAreToldApart", "was shown to"},
		{"cuts actions", "ButtonComesBackWithItsAction", "the handler got"},
		{"never says direct", "WordsToTheBotAreDirect", "Direct false"},
		{"always says direct", "WordsInAChannelAreNotDirect", "Direct true"},
		{"hears itself", "OwnMessagesAreNotHeard", "own message reached the handler"},
		{"shows what is empty", "EmptyAnswerShowsNothing", "an empty answer showed something"},
		{"passes emoji on as written", "ReactionArrivesFoldedAndIsTakenBack", "skin-tone"},
		{"only adds", "ReactionArrivesFoldedAndIsTakenBack", "Removed:false"},
		{"takes a reply for its thread", "ReactionOnAReplyNamesTheReply", "ID:0}"},
		{"hears itself react", "ReactionsOfBotsAreNotHeard", "ID:paperboy}"},
		{"hears other bots react", "ReactionsOfBotsAreNotHeard", "ID:another bot}"},
		{"forgets the place", "JoiningIsHeardAndIntroduced", "the handler got"},
		{"leaves without a reason", "LeavingIsHeardBeforeComingBack", "the handler got"},
		{"is shy", "JoiningIsHeardAndIntroduced", "an introduction"},
		{"drops links", "LinksAreShownAsCards", "the handler got"},
		{"answers in public", "PageIsShownToItsPersonAlone", "was shown to"},
		{"has no problems", "FormComesBackAndShowsItsProblems", "shows the problems"},
		{"takes one value", "FormComesBackAndShowsItsProblems", "the handler got"},
		{"ends on a panic", "PanicEndsNothing", "panic: boom"},
		{"is silent on a panic", "PanicEndsNothing", "answered with nothing"},
		{"calls the end an error", "ListenEndsWithItsContext", "context canceled"},
		{"is deaf to its context", "ListenEndsWithItsContext", "went on"},
		{"abandons calls", "ListenEndsWithItsContext", "while 1 calls of the handler"},
		{"finds by beginnings", "SentMessageIsFoundByItsKey", `find "daily/team-1/2026-02-2" gives true`},
		{"finds nothing", "SentMessageIsFoundByItsKey", "false, <nil>, want"},
		{"finds what is old", "SentMessageIsFoundByItsKey", "since an hour from now"},
		{"has one post", "SentMessageIsFoundByItsKey", "are one post"},
		{"finds the words of people", "KeyInSomebodysWordsIsNotFound", "a person wrote that"},
		{"hurries back in time", "PaceIsSane", "Every:-1ns"},
		{"takes seconds for hours", "PaceIsSane", "InPlace:1h0m0s"},
		{"sends less than nothing", "PaceIsSane", "AtOnce:-1"},
		{"has no threads", "ReplyIsFoundInItsThread", `in the thread of ""`},
		{"has one post", "ReplyIsFoundInItsThread", "the post of a reply"},
		{"looks into no thread", "ReplyIsFoundInItsThread", "false, <nil>, want"},
		{"tells everybody", "DirectMessageReachesThePersonAlone", "alone was shown to"},
		{"finds nothing", "DirectMessageReachesThePersonAlone", "false, <nil>, want"},
		{"lets everybody decide", "WhoManagesIsToldFromWhoDoesNot", "ID:bob} manages"},
		{"lets nobody decide", "WhoManagesIsToldFromWhoDoesNot", "ID:ann} manages"},
		{"forgets whose conversation it is", "WhoManagesIsToldFromWhoDoesNot", "Channel:@ann}"},
		{"pings those whom it names", "PersonIsNamedAndNotPinged", "pings somebody"},
		{"leaves names out", "PersonIsNamedAndNotPinged", "Shared by ANN"},
		{"shows text as it is", "PersonIsNamedAndNotPinged", "drives the terminal"},
		{"drops links", "LinksLeadWhereTheyShould", "cannot follow"},
		{"shows text as it is", "HostileTextIsShownUnharmed", "does harm"},
		{"shows ASCII only", "HostileTextIsShownUnharmed", "in 0 of 7 fields"},
		{"links to anything", "HostileLinkIsNoLink", "javascript:"},
		{"edits by posting anew", "EditedPostIsShownInItsPlace", `in the place of ""`},
		{"edits nothing", "EditedPostIsShownInItsPlace", `in the place of ""`},
		{"edits once", "EditedPostIsShownInItsPlace", "it says that already"},
		{"loses the key of what it edits", "EditedPostIsShownInItsPlace", "find a post that was changed"},
		{"shows text as it is", "HostileEditIsShownUnharmed", "a hostile edit does harm"},
		{"shows ASCII only", "HostileEditIsShownUnharmed", "in 0 of 7 fields"},
		{"turns long messages away", "LongestMessageIsSent", "too long"},
		{"tears messages apart", "ConcurrentMessagesStayWhole", "cannot read"},
		{"cannot tell faults apart", "ThrottledSendSaysSo", "want *chat.Throttled"},
		{"hides faults", "ThrottledSendSaysSo", "without an error"},
		{"cannot tell faults apart", "RefusedSendSaysSo", "want *chat.Refused"},
		{"posts what it says it did not", "RefusedSendSaysSo", "The second attempt"},
		{"is never sure", "BrokenSendWasNotPosted", "want another error"},
		{"cannot tell faults apart", "LostAnswerIsUnsureAndPostedOnce", "want *chat.Unsure"},
		{"finds nothing", "LostAnswerIsUnsureAndPostedOnce", "Find = false"},
		{"tries again by itself", "LostAnswerIsUnsureAndPostedOnce", "posted again"},
	} {
		t.Run(string(test.flaw)+"/"+test.check, func(t *testing.T) {
			c := named(t, test.check)
			err := inTime(t, func(ctx context.Context, t *testing.T) error { return c.run(ctx, newMemory(t, test.flaw)) })
			if err == nil {
				t.Fatalf("a platform that %s passes %s", test.flaw, test.check)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("a platform that %s: %q, want %q in it", test.flaw, err, test.want)
			}
		})
	}
}

func named(t *testing.T, name string) check {
	for _, c := range checks() {
		if c.name == name {
			return c
		}
	}
	t.Fatalf("there is no check %s", name)
	return check{}
}

// inTime runs a check in a bubble, where waiting in vain takes no time.
func inTime(t *testing.T, run func(context.Context, *testing.T) error) (err error) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		err = run(ctx, t)
	})
	return err
}

func TestHostileTextsContainWhatShouldBeReadable(t *testing.T) {
	for _, n := range Hostile() {
		for _, r := range n.Readable {
			if !strings.Contains(n.Text, r) || !utf8.ValidString(r) {
				t.Errorf("%s: %q cannot be read in %q", n.Name, r, n.Text)
			}
		}
	}
}
