package console

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
)

// limited takes n bytes and then fails.
type limited struct{ n int }

func (l *limited) Write(b []byte) (int, error) {
	n := min(l.n, len(b))
	l.n -= n
	if n < len(b) {
		return n, io.ErrClosedPipe
	}
	return n, nil
}

func TestSendTellsWhatBecameOfTheMessage(t *testing.T) {
	picks := chat.Message{Key: "k", Text: chat.Plain("Picks")}
	for _, test := range []struct {
		room   int // bytes that the output takes
		unsure bool
	}{
		{0, false},
		{3, true},
	} {
		c := New(strings.NewReader(""), &limited{test.room}, Options{})
		_, err := c.Send(t.Context(), c.Place(), picks)
		if unsure := errors.As(err, new(*chat.Unsure)); !errors.Is(err, io.ErrClosedPipe) || unsure != test.unsure {
			t.Errorf("after %d bytes Send returns %T (%v), want unsure %t", test.room, err, err, test.unsure)
		}
		if _, ok, err := c.Find(t.Context(), c.Place(), picks, time.Time{}); ok || err != nil {
			t.Errorf("after %d bytes Find = %t, %v, want nothing", test.room, ok, err)
		}
	}
}

func TestSendRefusesWhatItCannotReach(t *testing.T) {
	var out bytes.Buffer
	c := New(strings.NewReader(""), &out, Options{})
	var refused *chat.Refused
	if _, err := c.Send(t.Context(), chat.Place{Platform: "console", Space: "local", Channel: "elsewhere"}, alone()); !errors.As(err, &refused) || !refused.Gone {
		t.Errorf("Send to another place returns %v, want it refused and gone", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Send(ctx, c.Place(), alone()); !errors.Is(err, context.Canceled) {
		t.Errorf("Send without time returns %v, want %v", err, context.Canceled)
	}
	if out.Len() > 0 {
		t.Errorf("printed %q all the same", out.String())
	}
}

func TestPostsOfTwoRunsDiffer(t *testing.T) {
	start := time.Date(2026, 2, 27, 9, 0, 0, 0, time.UTC)
	seen := map[chat.Post]bool{}
	for run := range 2 {
		c := New(strings.NewReader(""), io.Discard, Options{Now: func() time.Time { return start.Add(time.Duration(run) * time.Second) }})
		for range 2 {
			post, err := c.Send(t.Context(), c.Place(), alone())
			if err != nil || seen[post] {
				t.Errorf("run %d: Send = %+v, %v, want a new post", run, post, err)
			}
			seen[post] = true
		}
	}
}

func TestFindLooksFromItsTimeOn(t *testing.T) {
	now := time.Date(2026, 2, 27, 9, 0, 0, 0, time.UTC)
	c := New(strings.NewReader(""), io.Discard, Options{Now: func() time.Time { return now }})
	picks := chat.Message{Key: "k", Text: chat.Plain("Picks")}
	post, err := c.Send(t.Context(), c.Place(), picks)
	if err != nil {
		t.Fatal(err)
	}
	for since, want := range map[time.Time]bool{now.Add(-1): true, now: true, now.Add(1): false} {
		got, ok, err := c.Find(t.Context(), c.Place(), picks, since)
		if ok != want || err != nil || ok && got != post {
			t.Errorf("Find since %s = %+v, %t, %v, want %t", since, got, ok, err, want)
		}
	}
	if _, ok, _ := c.Find(t.Context(), chat.Place{}, picks, now); ok {
		t.Error("Find sees the message in another place")
	}
}

func TestSentListIsWhatNumbersMean(t *testing.T) {
	var s scribe
	c := New(strings.NewReader("+10\n"), io.Discard, Options{})
	if _, err := c.Send(t.Context(), c.Place(), results()); err != nil {
		t.Fatal(err)
	}
	if err := c.Listen(t.Context(), &s); err != nil {
		t.Fatal(err)
	}
	if want := "press vote:2401.08383"; strings.Join(s.heard, "\n") != want {
		t.Errorf("the handler heard %q, want %q", s.heard, want)
	}
}

func TestListThatNobodySawChangesNoNumbers(t *testing.T) {
	screen := &glass{shown: make(chan string, 2)}
	c := New(strings.NewReader(""), screen, Options{})
	if _, err := c.Send(t.Context(), c.Place(), alone()); err != nil {
		t.Fatal(err)
	}
	screen.breakAfter(0.5)
	if _, err := c.Send(t.Context(), c.Place(), results()); err == nil {
		t.Fatal("Send to a broken screen gives no error")
	}
	if got := c.now().list.numbers(); got != "1" {
		t.Errorf("the list has %s, want still 1", got)
	}
}

func TestPersonAtTheTerminalManagesIt(t *testing.T) {
	c := New(strings.NewReader(""), io.Discard, Options{User: "ann"})
	bob := chat.Person{Platform: "console", Space: "local", ID: "bob"}
	for _, test := range []struct {
		by   chat.Person
		in   chat.Place
		want bool
	}{
		{c.Person(), c.Place(), true},
		{c.Person(), chat.Direct(c.Person()), true},
		{c.Person(), chat.Direct(bob), false},
		{bob, c.Place(), false},
	} {
		if got, err := c.Manages(t.Context(), test.by, test.in); got != test.want || err != nil {
			t.Errorf("Manages(%v, %v) = %t, %v, want %t", test.by, test.in, got, err, test.want)
		}
	}
}

func TestWhatIsSentToThePersonAloneIsOnTheTerminal(t *testing.T) {
	var out bytes.Buffer
	c := New(strings.NewReader(""), &out, Options{User: "ann"})
	saved := chat.Message{Key: "k", Text: chat.Plain("What you saved")}
	direct := chat.Direct(c.Person())
	post, err := c.Send(t.Context(), direct, saved)
	if err != nil || post.Place != c.Place() || out.String() != "What you saved\n" {
		t.Errorf("Send = %+v, %v and prints %q, want a post of the terminal there", post, err, out.String())
	}
	if got, ok, err := c.Find(t.Context(), direct, saved, time.Time{}); got != post || !ok || err != nil {
		t.Errorf("Find = %+v, %t, %v, want %+v", got, ok, err, post)
	}
}
