package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/picks"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// slotDay is when the first slot after now comes, and an hour later.
var (
	slotAt = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	after  = slotAt.Add(time.Hour)
)

// planNext plans the channel's next slot: a message for each paper, or a note.
func (s *scene) planNext(note string, papers ...paper.ID) {
	s.Helper()
	c := s.channel()
	p := store.Plan{
		Channel: c, Team: team.Everyone, Slot: c.Next, Next: team.Slot{Day: c.Next.Day.AddDays(1), At: c.Next.At.AddDate(0, 0, 1)},
		At: c.Next.At, Note: note, Expires: c.Next.At.Add(team.Limit),
	}
	for i, id := range papers {
		p.Picks = append(p.Picks, store.Pick{Paper: id, Why: "matches experts"})
		p.Messages = append(p.Messages, chat.Message{Key: fmt.Sprintf("%s/%d", picks.Batch(c, c.Next), i), Cards: []chat.Card{{Paper: id}}})
	}
	outcomes, err := s.store.Plan(s.Context(), []store.Plan{p})
	if err != nil || !outcomes[0].Planned {
		s.Fatalf("plan: %+v, %v", outcomes, err)
	}
}

// take claims the message that is first in the channel.
func (s *scene) take() store.Delivery {
	s.Helper()
	taken, err := s.store.Claim(s.Context(), place.Platform, slotAt.Add(time.Second), slotAt.Add(time.Minute), 1)
	if err != nil || len(taken) != 1 {
		s.Fatalf("claimed %d messages (%v), want one", len(taken), err)
	}
	return taken[0]
}

// post settles the first message as posted.
func (s *scene) post(id string) {
	s.Helper()
	if err := s.store.Sent(s.Context(), s.take(), chat.Post{Place: place, ID: id}, slotAt, time.Time{}); err != nil {
		s.Fatal(err)
	}
}

func TestStatusTellsEachState(t *testing.T) {
	const (
		follows = "This channel follows “experts”, with up to 3 papers a day.\n"
		tuesday = "Next post: Tuesday, 3 March at 09:00 (UTC)."
		slot    = "Monday, 2 March at 09:00 (UTC)"
	)
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, state := range map[string]struct {
		do   func(*scene)
		want string
	}{
		"never posted": {func(*scene) {}, follows + "The next post is due now.\nNothing has been posted here yet."},
		"posted": {func(s *scene) {
			s.planNext("", "arxiv:2602.00001")
			s.post("p1")
		}, follows + tuesday + "\nLast post: " + slot + ", 1 paper."},
		"empty": {func(s *scene) { s.planNext("Of 7 papers listed, 7 are off the topics.") },
			follows + tuesday + "\nNothing was posted on " + slot + ": Of 7 papers listed, 7 are off the topics."},
		"waiting": {func(s *scene) {
			s.planNext("", "arxiv:2602.00001", "arxiv:2602.00002")
			check(s.store.PutOff(s.Context(), s.take(), after, true, "the chat service can’t be reached"))
		}, follows + tuesday + "\nLast picks: " + slot + ", 2 papers, not all of which are posted.\n2 messages are waiting to be posted: the chat service can’t be reached."},
		"partly posted": {func(s *scene) {
			s.planNext("", "arxiv:2602.00001", "arxiv:2602.00002")
			s.post("p1")
		}, follows + tuesday + "\nLast picks: " + slot + ", 2 papers, not all of which are posted.\n1 message is waiting to be posted."},
		"given up": {func(s *scene) {
			s.planNext("", "arxiv:2602.00001", "arxiv:2602.00002")
			check(s.store.Park(s.Context(), s.take(), "the message is too long", slotAt))
			s.post("p2")
		}, follows + tuesday + "\nLast picks: " + slot + ", 2 papers, not all of which are posted.\nIn the last 7 days 1 message could not be posted: the message is too long."},
		"gone": {func(s *scene) {
			s.planNext("", "arxiv:2602.00001")
			check(s.store.Bury(s.Context(), s.take(), "the channel is archived", slotAt, func(team.Channel) (chat.Message, time.Time) { return chat.Message{}, slotAt }))
		}, follows + "Nothing can be posted here: the channel is archived. When that is mended, type /paperboy resume.\n" +
			"Last picks: " + slot + ", 1 paper, not all of which are posted.\nIn the last 7 days 1 message could not be posted: the channel is archived."},
		"source down": {func(s *scene) {
			lease, _, err := s.store.LeaseSource(s.Context(), "daily", "x", now, now.Add(time.Minute), false)
			check(err)
			check(s.store.SourceDone(s.Context(), lease, now, now))
			lease, _, err = s.store.LeaseSource(s.Context(), "daily", "x", now.Add(time.Second), now.Add(time.Minute), false)
			check(err)
			check(s.store.SourceFailed(s.Context(), lease, "Get http://10.0.0.1?token=secret: refused", now, now))
		}, follows + "The next post is due now.\nNothing has been posted here yet.\nThe Daily could not be read lately; the last time was on 27 February at 15:00."},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, nil, week()...)
			s.paperboy(ada, "subscribe experts")
			state.do(s)
			if got := show(s.asked("paperboy", bob, "status", after)); got != state.want {
				t.Errorf("got\n%s\nwant\n%s", got, state.want)
			}
		})
	}
}

func TestStatusOfAnEmptyDayTellsTheLastPostToo(t *testing.T) {
	s := newScene(t, nil, week()...)
	s.paperboy(ada, "subscribe experts")
	s.planNext("", "arxiv:2602.00001")
	s.post("p1")
	s.planNext("No source listed anything.")
	got := show(s.asked("paperboy", ada, "status", after.AddDate(0, 0, 1)))
	want := "\nNothing was posted on Tuesday, 3 March at 09:00 (UTC): No source listed anything.\nLast post: Monday, 2 March at 09:00 (UTC), 1 paper."
	if !strings.HasSuffix(got, want) {
		t.Errorf("got\n%s\nwant it to end with\n%s", got, want)
	}
}

func TestResumingBringsAGoneChannelBack(t *testing.T) {
	s := newScene(t, nil, week()...)
	s.paperboy(ada, "subscribe experts")
	s.planNext("", "arxiv:2602.00001")
	err := s.store.Bury(t.Context(), s.take(), "the channel is archived", slotAt, func(team.Channel) (chat.Message, time.Time) { return chat.Message{}, slotAt })
	if err != nil {
		t.Fatal(err)
	}
	want := "Picks are posted again. Next post: Tuesday, 3 March at 09:00 (UTC)."
	if got := show(s.asked("paperboy", ada, "resume", after)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheOverviewIsTheStatusAndWhatToType(t *testing.T) {
	s := newScene(t, nil, week()...)
	if got := s.paperboy(ada, ""); got != nobody {
		t.Errorf("at first it says %q, want %q", got, nobody)
	}
	s.paperboy(ada, "subscribe experts")
	got := s.paperboy(ada, "")
	if !strings.HasPrefix(got, s.paperboy(ada, "status")) || !strings.HasSuffix(got, "/paperboy settings shows all settings, /paperboy help how to change them.") {
		t.Errorf("/paperboy says\n%s", got)
	}
}

func TestPreviewShowsWhatWouldBePostedNow(t *testing.T) {
	s := newScene(t, nil, week()...)
	if got := s.paperboy(ada, "preview"); got != nobody {
		t.Errorf("without a topic it says %q, want %q", got, nobody)
	}
	s.paperboy(ada, "subscribe experts")
	want := "This would be posted now, as one message for each paper:\n" +
		"1 Sparse Experts Routed | Ada Lovelace et al. · 6 authors · 26 Feb 2026 | ▲ 5 on The Daily · 1 comment | matches experts · 5 upvotes on The Daily\n" + monday
	for range 2 { // nothing is kept
		if got := s.paperboy(bob, "preview"); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestAPreviewWithNothingGivesATaste(t *testing.T) {
	s := newScene(t, nil, on(today.AddDays(-3), 1, 9, "Older Experts"), on(today.AddDays(-3), 2, 9, "Diffusion"))
	s.paperboy(ada, "subscribe experts")
	got := s.paperboy(ada, "preview")
	want := "Nothing would be posted now. Of 2 papers listed from 21 February to 27 February, 2 are off the topics (or were listed before they were followed).\n" +
		"For a taste, with these settings Tuesday, 24 February 2026 would have given:\n1 Older Experts | "
	if !strings.HasPrefix(got, want) || strings.Contains(got, "Diffusion") || !strings.HasSuffix(got, monday) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	empty := newScene(t, nil)
	empty.paperboy(ada, "subscribe experts")
	if got := empty.paperboy(ada, "preview"); got != "Nothing would be posted now. No source listed anything from 21 February to 27 February." {
		t.Errorf("with an empty feed it says %q", got)
	}
}

func TestWhyAnswersInPlainWords(t *testing.T) {
	s := newScene(t, nil, week()...)
	if got := s.paperboy(ada, "why 2602.00001"); got != "“Sparse Experts Routed”: This channel follows no topic yet, so nothing is picked for it." {
		t.Errorf("without a topic it says %q", got)
	}
	s.paperboy(ada, "subscribe experts")
	s.planNext("", "arxiv:2602.00002")
	for id, want := range map[string]string{
		"2602.00001":                       "“Sparse Experts Routed”: It would be pick number 1 if picks were made now: matches experts · 5 upvotes on The Daily.",
		"https://arxiv.org/abs/2602.00002": "“A Survey of Diffusion”: It was pick number 1 here on Monday, 2 March 2026: matches experts.",
		"2602.00003":                       "“Yesterday's Transformers”: It does not match the topic followed here: “experts”.",
		"2602.00006":                       "“Last Month”: It was listed on Thursday, 29 January 2026. Picks come from the lists of the last 7 days, so that nothing old is posted.",
	} {
		for _, name := range []string{"papers", "paperboy"} {
			if got := show(s.asked(name, bob, "why "+id, now)); got != want {
				t.Errorf("/%s why %s says %q, want %q", name, id, got, want)
			}
		}
	}
}
