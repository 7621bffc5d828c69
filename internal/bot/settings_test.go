package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/team"
)

// TestEverySettingIsShownSetAndTurnedDown types each setting's command without
// a value, with a good one and with bad ones.
func TestEverySettingIsShownSetAndTurnedDown(t *testing.T) {
	s := newScene(t, nil, week()...)
	s.paperboy(ada, "subscribe experts")
	for _, step := range []struct{ text, want string }{
		{"count", "Up to 3 papers a day are posted. " + monday},
		{"count 10", "From now on, up to 10 papers a day are posted. " + monday},
		{"count 1", "From now on, up to 1 paper a day is posted. " + monday},
		{"count 11", "A day can have 1 to 10 papers, not 11. To have none for a while, type /paperboy pause"},
		{"count 0", "A day can have 1 to 10 papers, not 0. To have none for a while, type /paperboy pause"},
		{"count -1", "A day can have 1 to 10 papers, not -1. To have none for a while, type /paperboy pause"},
		{"count", "Up to 1 paper a day is posted. " + monday},

		{"layout", "Picks come as one message for each paper. " + monday},
		{"layout Thread", "From now on, picks come as a heading with the papers in its thread. " + monday},
		{"layout digest", "From now on, picks come as one message with all papers. " + monday},

		{"sources", "Picks come from all sources that are read. To choose from: daily, arxiv and team, which is what people here share. " + monday},
		{"sources daily, daily and TEAM", "From now on, picks come from The Daily and team. " + monday},
		{"sources arxiv nature", "There is no source “nature”. To choose from: daily, arxiv and team, or all for every source that is read."},
		{"sources and", "There is no source “and”. To choose from: daily, arxiv and team, or all for every source that is read."},
		{"sources all arxiv", "There is no source “all”. To choose from: daily, arxiv and team, or all for every source that is read."},
		{"sources all", "From now on, picks come from all sources that are read. " + monday},

		{"picks", "Picks come from lists up to today. " + monday},
		{"picks settled", "From now on, picks come from lists up to yesterday, whose votes have settled. " + monday},

		{"min-votes", "A paper needs no votes. " + monday},
		{"min-votes 1", "From now on, a paper needs at least 1 vote, at the source and here together. " + monday},
		{"min-votes 10001", "The minimum can be 0 to 10,000 votes."},
		{"min-votes -1", "The minimum can be 0 to 10,000 votes."},
		{"min-votes 0", "From now on, a paper needs no votes. " + monday},

		{"cross-lists", "At the moment, papers that are only cross-listed can be picked. " + monday},
		{"cross-lists OFF", "From now on, papers that are only cross-listed are not picked. " + monday},
		{"replacements", "At the moment, new versions of older papers are not picked. " + monday},
		{"replacements on", "From now on, new versions of older papers can be picked. " + monday},

		{"schedule", "Picks are posted at 09:00, Monday to Friday, UTC. " + monday},
		{"schedule 8:30 Mon,Wed europe/berlin", "Picks are now posted at 08:30, Monday, Wednesday, Europe/Berlin. Next post: Monday, 2 March at 08:30 (Europe/Berlin)."},
		{"schedule 25:00", "Say it like this: /paperboy schedule 09:00 weekdays Europe/Berlin — when picks are posted: time, days and time zone, or some of these; or cron 30 8 * * 1-5."},
		{"schedule cron 0 9 29 2 *", "Picks are now posted at cron 0 9 29 2 *, Europe/Berlin. Next post: Tuesday, 29 February 2028 at 09:00 (Europe/Berlin)."},
		{"schedule cron 0 9,18 * * *", "Picks are now posted at cron 0 9,18 * * *, Europe/Berlin. A day has one post: of several times a day the first counts. Next post: Saturday, 28 February at 09:00 (Europe/Berlin)."},
		{"schedule 09:00 weekdays UTC", "Picks are now posted at 09:00, Monday to Friday, UTC. " + monday},
	} {
		if got := s.paperboy(ada, step.text); got != step.want {
			t.Errorf("/paperboy %s says\n%s\nwant\n%s", step.text, got, step.want)
		}
	}
	for _, bad := range []string{"cron 99 * * * *", "cron 0 0 31 2 *", "cron", "09:00 Mars/Phobos", "@every 1s"} {
		if got := s.paperboy(ada, "schedule "+bad); got == "" || strings.Contains(got, "are now posted") || strings.Contains(got, "broke") {
			t.Errorf("schedule %s says %q", bad, got)
		}
	}
	want := team.Prefs{
		Count: 1, Layout: team.Digest, Settled: true, NoCross: true, Replaced: true,
		Schedule: team.Schedule{Hour: 9, Days: team.Weekdays, Zone: "UTC"},
	}
	got := s.channel().Prefs
	got.Topics = nil
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("in the end the channel wants\n%+v, want\n%+v", got, want)
	}
}

func TestPausingAndResuming(t *testing.T) {
	s := newScene(t, nil, week()...)
	for _, step := range []struct{ text, want string }{
		{"pause", nobody},
		{"resume", nobody},
		{"subscribe experts", "This channel now follows “experts”."},
		{"resume", "Picks were not paused. " + monday},
		{"pause", "Done. Picks are paused until somebody types /paperboy resume."},
		{"status", "Picks are paused until somebody types /paperboy resume.\nNothing has been posted here yet."},
		{"pause until Friday", "Done. Picks are paused until Friday, 6 March 2026. Next post: Friday, 6 March at 09:00 (UTC)."},
		{"pause tomorrow", "Done. Picks are paused until Saturday, 28 February 2026. " + monday},
		{"pause until 2027-01-01", "Done. Picks are paused until Friday, 1 January 2027. Next post: Friday, 1 January 2027 at 09:00 (UTC)."},
		{"pause until 2026-02-27", "2026-02-27 is not in the future. Say the day on which posts begin again: /paperboy pause until 2026-03-06"},
		{"pause until 2031-12-01", "2031-12-01 is very far away. To pause for good, type /paperboy pause"},
		{"pause until 2026-13-01", "Until when? Say a day like 2026-12-01, or a day of the week: /paperboy pause until Monday"},
		{"status", "Picks are paused until Friday, 1 January 2027."},
		{"resume", "Picks are posted again. " + monday},
		{"settings history", "ada: picks: paused until 2027-01-01 → running\n"},
	} {
		if got := s.paperboy(ada, step.text); !strings.Contains(got, step.want) {
			t.Errorf("/paperboy %s says %q, want %q", step.text, got, step.want)
		}
	}
}

func TestAPauseThatIsOverIsNotTold(t *testing.T) {
	s := newScene(t, nil, week()...)
	s.paperboy(ada, "subscribe experts")
	s.paperboy(ada, "pause until Monday")
	tuesday := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	got := show(s.asked("paperboy", ada, "status", tuesday))
	if strings.Contains(got, "paused") || !strings.Contains(got, "The next post is due now.") {
		t.Errorf("after the pause, with a slot nobody has planned, status says %q", got)
	}
}

func TestChangingTheTimeAfterTodaysPicksSaysSo(t *testing.T) {
	s := newScene(t, nil, week()...)
	s.paperboy(ada, "subscribe experts")
	s.planNext("", "arxiv:2602.00001")
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	want := "Picks are now posted at 13:00, Monday to Friday, UTC. Today’s picks have been made already. Next post: Tuesday, 3 March at 13:00 (UTC)."
	if got := show(s.asked("paperboy", ada, "schedule 13:00", noon)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHistorySaysWhoDidWhatTheLatestFirst(t *testing.T) {
	s := newScene(t, nil)
	if got := s.paperboy(ada, "settings history"); got != "Nobody has changed the settings of this channel yet." {
		t.Errorf("at first it says %q", got)
	}
	eve := chat.Person{Platform: "test", Space: "T1", ID: "eve"}
	for i, step := range []struct {
		by   chat.Person
		text string
	}{
		{ada, "subscribe experts"}, {eve, "subscribe"}, {ada, "count 5"}, {ada, "count 5"}, {bob, "count 6"}, {eve, "schedule 8:00 daily Europe/Berlin"},
		{ada, "sources arxiv"}, {ada, "unsubscribe 1"}, {ada, "pause until 2026-12-01"},
	} {
		s.asked("paperboy", step.by, step.text, now.Add(time.Duration(i)*time.Minute))
	}
	want := `Changes to this channel’s settings, the latest first:
27 Feb 2026 16:08 ada: picks: running → paused until 2026-12-01
27 Feb 2026 16:07 ada: topic “experts” removed
27 Feb 2026 16:06 ada: sources: all → arxiv
27 Feb 2026 16:05 eve: schedule: 09:00, Monday to Friday → 08:00, every day, Europe/Berlin
27 Feb 2026 16:02 ada: count: 3 → 5
27 Feb 2026 16:01 eve: topic everything added
27 Feb 2026 16:00 ada: topic “experts” added`
	if got := s.paperboy(bob, "settings history"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestALongHistoryIsPaged(t *testing.T) {
	s := newScene(t, nil)
	for i := range 25 {
		s.paperboy(ada, fmt.Sprintf("min-votes %d", i+1))
	}
	first := s.asked("paperboy", ada, "settings history", now)
	second := s.press(ada, first, 0, chat.Next, now)
	if first.Foot.String() != "1 to 20 of 25" || second.Foot.String() != "21 to 25 of 25" || !second.Replace || len(second.Buttons) > 0 {
		t.Errorf("the pages end with %q and %q", first.Foot.String(), second.Foot.String())
	}
	if all := show(first) + show(second); strings.Count(all, "minimum of votes: ") != 25 || !strings.Contains(show(second), "minimum of votes: 0 → 1") {
		t.Errorf("the pages are\n%s\n%s", show(first), show(second))
	}
}

func TestSettingsShowEverythingAndHowToChangeIt(t *testing.T) {
	s := newScene(t, nil)
	s.paperboy(ada, "subscribe experts")
	want := `Settings of this channel
topics: “experts” — /paperboy subscribe <topic>
posted at 09:00, Monday to Friday, UTC — /paperboy schedule 09:00 weekdays
up to 3 papers a day — /paperboy count 3
laid out as posts: one message for each paper — /paperboy layout posts|thread|digest
from all sources that are read — /paperboy sources all
from lists up to today — /paperboy picks fresh|settled
with any number of votes — /paperboy min-votes 5
with papers that are only cross-listed — /paperboy cross-lists on|off
without new versions of older papers — /paperboy replacements on|off
` + monday + "\n/paperboy settings history shows who changed what."
	if got := s.paperboy(bob, "settings"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
