package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"paperboy/bots/console"
	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/settings"
)

// sitting is a person at a terminal of a running Paperboy. The person's clock is
// a little behind: every look at it is a millisecond later.
type sitting struct {
	*testing.T
	*parts
	keys   *io.PipeWriter
	screen *lockedBuffer
	slot   time.Time // the minute after the person's clock: it has come in truth
	looks  atomic.Int64
}

func (s *sitting) clock() time.Time {
	return s.slot.Add(-time.Minute + time.Duration(s.looks.Add(1))*time.Millisecond)
}

func sit(t *testing.T, papers ...paper.Paper) *sitting {
	t.Helper()
	w := newWorld(t, 0)
	s := &sitting{T: t, screen: new(lockedBuffer), slot: time.Now().UTC().Truncate(time.Minute)}
	var in *io.PipeReader
	in, s.keys = io.Pipe()
	screen := console.New(in, s.screen, console.Options{User: "ada", Width: 100, Now: s.clock})

	c := common{Database: settings.Secret(w.env["DATABASE_URL"])}
	var err error
	s.parts, err = wire(t.Context(), &c, partSettings{
		searchSettings: searchSettings{Index: w.env["PAPERBOY_INDEX"], TimeZone: "UTC"}, sourceSettings: sourceSettings{Sources: []string{"none"}},
		webSettings: webSettings{Addr: "127.0.0.1:8080"},
	}, chat.Platforms{screen.Name(): screen}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.SavePapers(t.Context(), papers); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.outbox.Run(ctx) })
	group.Go(func() error { return screen.Listen(ctx, s.bot) })
	t.Cleanup(func() {
		stop()
		s.keys.Close()
		if err := group.Wait(); err != nil {
			t.Error(err)
		}
		s.store.Close()
	})
	return s
}

// types types a line and waits until the screen shows all of want below what was
// there before. It returns what is new.
func (s *sitting) types(line string, want ...string) string {
	s.Helper()
	return s.shows(func() { fmt.Fprintln(s.keys, line) }, line, want...)
}

// shows waits for what do brings to the screen.
func (s *sitting) shows(do func(), what string, want ...string) (fresh string) {
	s.Helper()
	before := len(s.screen.String())
	do()
	for late := time.After(20 * time.Second); ; {
		fresh = s.screen.String()[before:]
		missing := ""
		for _, w := range want {
			if !strings.Contains(strings.Join(strings.Fields(fresh), " "), w) {
				missing = w
			}
		}
		if missing == "" {
			return fresh
		}
		select {
		case <-late:
			s.Fatalf("%s: %q is missing in:\n%s", what, missing, fresh)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// plan has the picks planned, as the heartbeat does every minute, and says how
// many channels were given something.
func (s *sitting) plan() int {
	s.Helper()
	n, err := s.daily.Plan(s.Context(), time.Now())
	if err != nil {
		s.Fatal(err)
	}
	return n
}

// settled waits until what is on the screen is known to be there.
func (s *sitting) settled() {
	s.Helper()
	eventually(s.T, func() bool {
		waiting, err := s.store.Waiting(s.Context(), 1)
		if err != nil {
			s.Fatal(err)
		}
		return len(waiting) == 0
	})
}

func listed(day date.Date, n, votes int, title string) paper.Paper {
	return paper.Paper{
		ID: paper.ID(fmt.Sprintf("arxiv:2611.%05d", n)), Title: title, Authors: []string{"Ada Lovelace"}, Abstract: "On " + title + ".",
		Sightings: []paper.Sighting{{Source: "huggingface", Day: day, Votes: votes}},
	}
}

// TestStoryPicksAndReactions is the second and the fourth story: a channel
// subscribes, gets its picks once, and a reaction on a pick is a vote.
func TestStoryPicksAndReactions(t *testing.T) {
	t.Parallel()
	today := date.Of(time.Now().UTC().Truncate(time.Minute))
	s := sit(t, listed(today, 1, 120, "Routing Experts"), listed(today, 2, 30, "Experts Pruned"), listed(today.AddDays(-2), 3, 999, "Old Experts"),
		listed(today, 4, 400, "Diffusion"))

	s.types("/paperboy subscribe experts", "This channel now follows “experts”.", "Nothing listed before today is posted.")
	s.types("/paperboy schedule "+s.slot.Format("15:04")+" every day", "Picks are now posted at "+s.slot.Format("15:04")+", every day, UTC.")
	s.types("/paperboy preview", "This would be posted now", "1 Routing Experts", "2 Experts Pruned", "why: matches *experts*")
	s.types("/paperboy status", "Nothing has been posted here yet.")

	got := s.shows(func() {
		if n := s.plan(); n != 1 {
			t.Errorf("%d channels were given picks, want 1", n)
		}
	}, "the slot", "Today’s picks · "+today.Start(time.UTC).Format("Monday, 2 January"), "1 Routing Experts", "2 Experts Pruned")
	for _, other := range []string{"Old Experts", "Diffusion"} {
		if strings.Contains(got, other) {
			t.Errorf("%s was posted:\n%s", other, got)
		}
	}
	s.settled()
	if n := s.plan(); n != 0 {
		t.Errorf("the next minute gave %d channels picks again", n)
	}
	s.types("/paperboy status", "Last post: ", "2 papers.", "Next post: ")
	s.types("👍 1", "You reacted with 👍 to paper 1.")
	s.types("-👍 1", "You took your 👍 off paper 1.")
	if n := strings.Count(s.screen.String(), "Today’s picks"); n != 1 {
		t.Errorf("the picks were printed %d times:\n%s", n, s.screen.String())
	}

	s.types("👍 2", "You reacted with 👍 to paper 2.")
	s.types("👎 1", "You reacted with 👎 to paper 1.")
	if top := s.types("/papers top day", "Voted for here today", "1 Experts Pruned", "1 vote here"); strings.Contains(top, "Routing") {
		t.Errorf("what was downvoted is among the top:\n%s", top)
	}
	s.types("/papers who voted 2611.00002", "Voted for “Experts Pruned”: you.")
	s.types("/paperboy why 2611.00001", "It was pick number 1 here on "+today.Start(time.UTC).Format("Monday, 2 January 2006")+": matches experts")
	s.types("/paperboy why 2611.00003", "nothing old is posted")
	s.types("-1", "Your reaction on a message still counts for “Experts Pruned”; take it off there.")
}

// TestADigestIsVotedForByNumber is the fourth story where one post has several
// papers.
func TestADigestIsVotedForByNumber(t *testing.T) {
	t.Parallel()
	today := date.Of(time.Now().UTC().Truncate(time.Minute))
	s := sit(t, listed(today, 1, 120, "Routing Experts"), listed(today, 2, 30, "Pruning Whole Networks"))
	s.types("/paperboy subscribe", "This channel now follows everything.")
	s.types("/paperboy layout digest", "From now on, picks come as one message with all papers.")
	s.types("/paperboy schedule "+s.slot.Format("15:04")+" daily", "Picks are now posted")
	s.shows(func() { s.plan() }, "the slot", "1 Routing Experts", "2 Pruning Whole Networks", "React with 1️⃣ or 2️⃣ to vote for a paper.")
	s.settled()
	s.types("2️⃣", "You reacted with 2️⃣ to paper 2.")
	s.types("👍", "The message above has several papers.")
	if top := s.types("/papers top day", "1 Pruning Whole Networks", "1 vote here"); strings.Contains(top, "Routing") {
		t.Errorf("a vote for paper 2 counts for another:\n%s", top)
	}
}
