package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// paperboy is what the bot answers to /paperboy text.
func (s *scene) paperboy(by chat.Person, text string) string {
	return show(s.asked("paperboy", by, text, now))
}

func (s *scene) asked(name string, by chat.Person, text string, at time.Time) chat.Message {
	return s.Command(s.Context(), chat.Command{Name: name, Text: text, By: by, In: place, At: at})
}

// channel is what is kept of the scene's channel.
func (s *scene) channel() team.Channel {
	s.Helper()
	c, err := s.store.Channel(s.Context(), place)
	if err != nil {
		s.Fatal(err)
	}
	return c
}

func (s *scene) topics() (queries []string) {
	for _, t := range s.channel().Prefs.Topics {
		queries = append(queries, t.Query)
	}
	return queries
}

const (
	monday = "Next post: Monday, 2 March at 09:00 (UTC)."
	nobody = "This channel follows no topic yet. Add one, such as /paperboy subscribe mixture of experts, or type only /paperboy subscribe for the best of everything."
	notMay = "Only people who manage this channel can change what is posted here. Ask one of them, or subscribe in a conversation with the bot alone."
)

func TestSubscribingAddsTopicsAndLosesNone(t *testing.T) {
	s := newScene(t, nil, week()...)
	for _, step := range []struct {
		text, want string
		topics     []string
	}{
		{"list", nobody, nil},
		{"unsubscribe", "This channel follows no topic, so there is nothing to take away.", nil},
		{`subscribe "mixture of  experts"   -survey`, "This channel now follows “\"mixture of experts\" -survey”. " + monday + " Nothing listed before today is posted.\n" +
			"Try /paperboy preview to see what it would be, and /paperboy schedule 09:00 weekdays Europe/Berlin to say when.", []string{`"mixture of experts" -survey`}},
		{`subscribe "MIXTURE of experts" -survey`, "This channel follows “\"MIXTURE of experts\" -survey” already. " + monday, []string{`"mixture of experts" -survey`}},
		{"subscribe author:shazeer OR cat:cs.LG", "This channel now follows “author:shazeer OR cat:cs.LG” as well; that makes 2 topics. " + monday,
			[]string{`"mixture of experts" -survey`, "author:shazeer OR cat:cs.LG"}},
		{"subscribe", "This channel now follows everything as well; that makes 3 topics. " + monday,
			[]string{`"mixture of experts" -survey`, "author:shazeer OR cat:cs.LG", "*"}},
		{"subscribe everything", "This channel follows everything already. " + monday, []string{`"mixture of experts" -survey`, "author:shazeer OR cat:cs.LG", "*"}},
		{"list", "Topics followed here; a paper on any of them can be picked:\n1. “\"mixture of experts\" -survey”, added by ada on 27 February 2026\n" +
			"2. “author:shazeer OR cat:cs.LG”, added by ada on 27 February 2026\n3. everything, added by ada on 27 February 2026\n" + monday,
			[]string{`"mixture of experts" -survey`, "author:shazeer OR cat:cs.LG", "*"}},
		{"unsubscribe 4", "Which topic? This channel follows 1: “\"mixture of experts\" -survey”, 2: “author:shazeer OR cat:cs.LG” and 3: everything. Say its words or its number: /paperboy unsubscribe 1",
			[]string{`"mixture of experts" -survey`, "author:shazeer OR cat:cs.LG", "*"}},
		{"unsubscribe 2", "This channel no longer follows “author:shazeer OR cat:cs.LG”. It still follows “\"mixture of experts\" -survey” and everything.", []string{`"mixture of experts" -survey`, "*"}},
		{"unsubscribe everything", "This channel no longer follows everything. It still follows “\"mixture of experts\" -survey”.", []string{`"mixture of experts" -survey`}},
		{"unsubscribe “\"mixture of experts\" -survey”", "This channel no longer follows “\"mixture of experts\" -survey”. That leaves no topic, so nothing will be posted here. All other settings are kept.", nil},
	} {
		if got := s.paperboy(ada, step.text); got != step.want {
			t.Errorf("/paperboy %s says\n%s\nwant\n%s", step.text, got, step.want)
		}
		if got := s.topics(); !slices.Equal(got, step.topics) {
			t.Errorf("after /paperboy %s the topics are %q, want %q", step.text, got, step.topics)
		}
	}
}

func TestUnsubscribingAllKeepsTheSettings(t *testing.T) {
	s := newScene(t, nil, week()...)
	for _, text := range []string{"subscribe experts", "subscribe diffusion", "count 5", "unsubscribe ALL"} {
		s.paperboy(ada, text)
	}
	c := s.channel()
	if c.Prefs.Follows() || c.Prefs.Count != 5 || !c.Next.At.IsZero() {
		t.Errorf("topics %q, count %d, next %v; want none, 5 and none", s.topics(), c.Prefs.Count, c.Next)
	}
}

func TestAChannelFollowsFiftyTopicsAtMost(t *testing.T) {
	s := newScene(t, nil)
	for i := range team.MaxTopics {
		s.paperboy(ada, fmt.Sprintf("subscribe topic%d", i))
	}
	want := "This channel follows 50 topics, which is the most. /paperboy list shows them; take one away first."
	if got := s.paperboy(ada, "subscribe one more"); got != want || len(s.topics()) != team.MaxTopics {
		t.Errorf("the 51st topic is answered with %q and leaves %d, want %q", got, len(s.topics()), want)
	}
	if got := s.paperboy(ada, "status"); !strings.HasPrefix(got, "This channel follows “topic0”, “topic1”, “topic2”, “topic3”, “topic4” and 45 more topics, with up to 3 papers a day.\n") {
		t.Errorf("status: %s", got)
	}
	if got := s.paperboy(ada, "unsubscribe nothing"); !strings.Contains(got, "5: “topic4” and 45 more topics.") {
		t.Errorf("unsubscribe: %s", got)
	}
	page := s.asked("paperboy", ada, "list", now)
	seen := page.Text.String()
	for range 4 {
		page = s.press(ada, page, 0, chat.Next, now)
		seen += page.Text.String()
	}
	if page.Foot.String() != "41 to 50 of 50" || len(page.Buttons) != 0 || !page.Replace {
		t.Errorf("the last page of the list has foot %q and %d buttons:\n%s", page.Foot.String(), len(page.Buttons), page.Text.String())
	}
	for i := range team.MaxTopics {
		if n := strings.Count(seen, fmt.Sprintf("\n%d. “topic%d”", i+1, i)); n != 1 {
			t.Errorf("topic%d stands %d times on the pages, want once", i, n)
		}
	}
}

func TestTopicsThatSayNothingAreTurnedDown(t *testing.T) {
	s := newScene(t, nil)
	for text, want := range map[string]string{
		`subscribe ""`:                            "There is nothing to search for",
		"subscribe author:":                       "There is nothing to search for",
		"subscribe sort:new":                      "There is nothing to search for",
		"subscribe -":                             "There is nothing to search for",
		"subscribe \x00\x1b":                      "There is nothing to search for",
		"subscribe " + strings.Repeat("ab ", 101): "That is too long for a topic. Several short topics find more",
	} {
		if got := s.paperboy(ada, text); !strings.HasPrefix(got, want) {
			t.Errorf("/paperboy %.40q says %q, want %q", text, got, want)
		}
	}
	if got := s.topics(); got != nil {
		t.Errorf("the channel follows %q, want nothing", got)
	}
}

func TestHostileTopicsAreKeptAsTyped(t *testing.T) {
	s := newScene(t, nil, week()...)
	for typed, want := range map[string]string{
		"'; DROP TABLE channels; --": "'; DROP TABLE channels; --",
		"a\nb\tc":                    "a b c",
		"<@U123> <!channel> @here":   "<@U123> <!channel> @here",
		"$1 %s {{.}} ((((":           "$1 %s {{.}} ((((",
		"cat:cs.LG":                  "cat:cs.LG",
		"-survey":                    "-survey",
		"x\x1b[31mred":               "x [31mred",
	} {
		s.paperboy(ada, "subscribe "+typed)
		got := s.topics()
		if len(got) == 0 || strings.Join(strings.Fields(got[len(got)-1]), " ") != want && got[len(got)-1] != strings.ReplaceAll(want, "x [", "x[") {
			t.Errorf("subscribe %q keeps %q, want %q", typed, got, want)
		}
		for _, look := range []string{"list", "status", "preview", "settings", "settings history", "why 2602.00001"} {
			if text := s.paperboy(ada, look); strings.Contains(text, "broke") || strings.ContainsAny(text, "\x00\x1b") {
				t.Errorf("with topic %q, %s says %q", typed, look, text)
			}
		}
		s.paperboy(ada, "unsubscribe all")
	}
}

func TestOnlyManagersChangeAChannel(t *testing.T) {
	s := newScene(t, nil, week()...)
	s.paperboy(ada, "subscribe experts")
	before := s.channel()
	for _, text := range []string{
		"subscribe diffusion", "subscribe experts", "unsubscribe experts", "unsubscribe all", "schedule 10:00", "count 5", "layout digest", "sources arxiv",
		"picks settled", "min-votes 3", "cross-lists off", "replacements on", "pause", "pause until Monday", "resume",
	} {
		for _, name := range []string{"paperboy", "papers"} {
			if got := show(s.asked(name, bob, text, now)); got != notMay {
				t.Errorf("/%s %s by bob says %q, want %q", name, text, got, notMay)
			}
		}
	}
	if after := s.channel(); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("the channel was %+v and is %+v", before, after)
	}
	for text, want := range map[string]string{
		"": "This channel follows “experts”", "list": "1. “experts”, added by ada", "status": monday, "settings": "Settings of this channel",
		"settings history": "ada: topic “experts” added", "count": "Up to 3 papers a day are posted.", "schedule": "Picks are posted at 09:00, Monday to Friday, UTC.",
		"preview": "This would be posted now", "why 2602.00001": "It would be pick number 1",
	} {
		if got := s.paperboy(bob, text); !strings.Contains(got, want) {
			t.Errorf("bob may look, but /paperboy %s says %q, want %q", text, got, want)
		}
	}
}

func TestAnybodyManagesTheirOwnConversation(t *testing.T) {
	s := newScene(t, nil, week()...)
	m := s.Command(t.Context(), chat.Command{Name: "paperboy", Text: "subscribe experts", By: bob, In: chat.Direct(bob), At: now})
	if got := show(m); !strings.HasPrefix(got, "This channel now follows “experts”.") {
		t.Errorf("bob alone with the bot is told %q", got)
	}
}

// TestWordsAfterPapersStaySearches has lines that begin with a command's word
// by chance. bob, who may change nothing, may search as well.
func TestWordsAfterPapersStaySearches(t *testing.T) {
	var papers []paper.Paper
	lines := []string{
		"why do transformers work", "sources of hallucination", "sources and sinks", "count sketches", "layout generation", "pause tokens", "schedule sampling",
		"list decoding", "who invented attention", "settings of a game", "preview of results", "status quo", "resume parsing", "picks of destiny",
		"cross-lists compared", "replacements for softmax", "min-votes elections", "count 3d points", "layout posts again", "week supervision",
	}
	for i, line := range lines {
		papers = append(papers, on(today, i, 1, line))
	}
	s := newScene(t, nil, papers...)
	for _, by := range []chat.Person{ada, bob} {
		for _, line := range lines {
			if got := titles(s.typed(by, line)); !slices.Contains(got, line) {
				t.Errorf("/papers %s by %s shows %q, not the paper of that title", line, by.ID, got)
			}
		}
	}
	if c := s.channel(); len(c.Prefs.Topics) != 0 || c.Prefs.Count != team.DefaultCount {
		t.Errorf("a search changed the channel to %+v", c.Prefs)
	}
}

// TestWordsAfterPaperboyAreNoSearches has the same mistakes where only commands
// are known: the answer says how the command is typed.
func TestWordsAfterPaperboyAreNoSearches(t *testing.T) {
	s := newScene(t, nil, week()...)
	for text, want := range map[string]string{
		"moe":                  "There is no /paperboy moe. /paperboy help shows what there is; to search, type /papers and the words.",
		"\x1b[31m":             "There is no /paperboy [31m.",
		"why do they":          "Say it like this: /paperboy why <link or id> — ",
		"why":                  "Which paper? Give a link or an id: /paperboy why <link or id>",
		"why 2401.99999":       "arxiv:2401.99999 is not in the feed, so it could not be picked.",
		"count many":           "Say it like this: /paperboy count 3 — ",
		"count 99999999999999": "A day can have 1 to 10 papers, not 99999999999999.",
		"layout poster":        "Say it like this: /paperboy layout posts|thread|digest — ",
		"schedule sampling":    "Say it like this: /paperboy schedule 09:00 weekdays Europe/Berlin — ",
		"pause tokens":         "Say it like this: /paperboy pause [until 2026-12-01] — ",
		"resume now":           "Say it like this: /paperboy resume — ",
		"list them":            "Say it like this: /paperboy list — ",
		"status quo":           "Say it like this: /paperboy status — ",
		"preview tomorrow":     "Say it like this: /paperboy preview — ",
		"settings foo":         "Say it like this: /paperboy settings [history] — ",
		"picks some":           "Say it like this: /paperboy picks fresh|settled — ",
		"min-votes few":        "Say it like this: /paperboy min-votes 5 — ",
		"cross-lists maybe":    "Say it like this: /paperboy cross-lists on|off — ",
	} {
		if got := s.paperboy(ada, text); !strings.HasPrefix(got, want) {
			t.Errorf("/paperboy %q says %q, want %q", text, got, want)
		}
	}
}

func TestHelpForTheChannelStandsAlone(t *testing.T) {
	s := newScene(t, nil)
	got := s.paperboy(ada, "help")
	if !strings.HasPrefix(got, "Daily picks for this channel\n/paperboy subscribe <topic> — ") || strings.Contains(got, "/papers ") {
		t.Errorf("/paperboy help says\n%s", got)
	}
	if got := s.says("help"); !strings.HasSuffix(got, "/paperboy help shows how to have picks posted here every day.") {
		t.Errorf("/papers help says\n%s", got)
	}
}
