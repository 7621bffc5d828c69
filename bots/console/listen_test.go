package console

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/chat"
)

// scribe is a chat.Handler that writes down what it is told, a line each.
type scribe struct {
	chat.Handler // for what a terminal does not tell
	heard        []string
	answers      map[string]chat.Message // by what it wrote down
	err          error                   // of Said and Reacted
}

func (s *scribe) note(format string, args ...any) chat.Message {
	line := fmt.Sprintf(format, args...)
	s.heard = append(s.heard, line)
	return s.answers[line]
}

func (s *scribe) Command(_ context.Context, c chat.Command) chat.Message {
	return s.note("%s %q", c.Name, c.Text)
}

func (s *scribe) Pressed(_ context.Context, p chat.Press) chat.Message {
	return s.note("press %s", p.Action)
}

func (s *scribe) Reacted(_ context.Context, r chat.Reaction) error {
	_, n, _ := strings.Cut(r.Post.ID, ".")
	s.note("react %s on post %s, removed %t", r.Emoji, n, r.Removed)
	return s.err
}

func (s *scribe) Said(_ context.Context, d chat.Said) (chat.Message, error) {
	return s.note("said %q", d.Text), s.err
}

func quiet(o Options) Options {
	o.Log = slog.New(slog.DiscardHandler)
	return o
}

// converse types input and returns what was printed.
func converse(t *testing.T, h chat.Handler, o Options, input string) string {
	t.Helper()
	var out bytes.Buffer
	if err := New(strings.NewReader(input), &out, quiet(o)).Listen(t.Context(), h); err != nil {
		t.Fatalf("Listen: %v", err)
	}
	return out.String()
}

func TestLinesMeanWhatTheySay(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{"/papers", `papers ""`},
		{"/papers moe", `papers "moe"`},
		{`/papers   "two  words" -not `, `papers "\"two  words\" -not"`},
		{"/PAPERS Moe", `papers "Moe"`},
		{"/paperboy schedule 09:00 weekdays", `paperboy "schedule 09:00 weekdays"`},
		{"help", `papers "help"`},
		{"?", `papers "help"`},
		{"  mixture of experts  ", `said "mixture of experts"`},
		{"look https://arxiv.org/abs/2401.08383", `said "look https://arxiv.org/abs/2401.08383"`},
		{"-diffusion moe", `said "-diffusion moe"`},
		{"open models", `said "open models"`},
		{"open", `said "open"`},
		{"similar", `said "similar"`},
		{"+", `said "+"`},
		{"2", `said "2"`},
		{"+2 layers", `said "+2 layers"`},
		{"next generation", `said "next generation"`},
		{"moe\r", `said "moe"`},
		{"m\x1b[Ao\x00e\x07 \xff", `said "moe �"`},
		{"\x1bOAup\u009b2Jdown", `said "updown"`},
		{"a\tb", `said "a b"`},
		{"\x1b[A", ""},
		{"", ""},
		{"   ", ""},
		{"quit\nmoe", ""},
		{"EXIT\nmoe", ""},
	} {
		var s scribe
		converse(t, &s, Options{}, test.line+"\n")
		if got := strings.Join(s.heard, "\n"); got != test.want {
			t.Errorf("typing %q tells the handler %s, want %s", test.line, got, test.want)
		}
	}
}

// listing is a scribe that answers "moe" with the list of render_test.go, whose
// papers are 9, 10 and 11, and "first" with three from 1.
func listing() *scribe {
	first := results()
	for i := range first.Cards {
		first.Cards[i].Number = i + 1
	}
	first.Buttons = []chat.Button{{Label: "Next", Does: chat.Next, Action: "page:2"}}
	return &scribe{answers: map[string]chat.Message{
		`said "moe"`:               results(),
		`said "first"`:             first,
		`said "alone"`:             alone(),
		"press page:2":             results(),
		"press page:1":             first,
		"press vote:2401.08383":    {Text: chat.Plain("Voted.")},
		"press similar:1701.06538": {Cards: []chat.Card{{Number: 1, Title: chat.Plain("Akin"), Link: "https://example.org/akin"}}},
	}}
}

func TestNumbersAndWordsPressButtons(t *testing.T) {
	for _, test := range []struct {
		name, input string
		want        []string
	}{
		{"vote", "first\n+2\n", []string{"press vote:2401.08383"}},
		{"unvote", "first\n-2\n", []string{"press unvote:2401.08383"}},
		{"several", "first\n+2 1\n", []string{"press vote:2401.08383", "press vote:1701.06538"}},
		{"commas and signs", "first\n+2, -1,2\n", []string{"press vote:2401.08383", "press unvote:1701.06538", "press unvote:2401.08383"}},
		{"space after the sign", "first\n+ 2\n", []string{"press vote:2401.08383"}},
		{"save", "first\nSave 1 2\n", []string{"press save:1701.06538", "press save:2401.08383"}},
		{"pages", "first\nnext\nprev\nmore\n", []string{"press page:2", "press page:1", "press page:2"}},
		{"numbers of a later page", "moe\n+10\n", []string{"press vote:2401.08383"}},
		{"the numbers are those of the line's list", "first\nsimilar 1 2\n", []string{"press similar:1701.06538", "press similar:2401.08383"}},
		{"a list stays until the next one", "first\n+2\nnothing\n+2\n", []string{"press vote:2401.08383", `said "nothing"`, "press vote:2401.08383"}},
	} {
		s := listing()
		converse(t, s, Options{}, test.input)
		if got := s.heard[1:]; !slices.Equal(got, test.want) {
			t.Errorf("%s: typing %q tells the handler %q, want %q", test.name, test.input, got, test.want)
		}
	}
}

func TestLinesTheConsoleAnswersItself(t *testing.T) {
	for _, test := range []struct{ input, want string }{
		{"+2\n", noList + "\n"},
		{"next\n", noList + "\n"},
		{"open 1\n", noList + "\n"},
		{"first\n+9\n", "There is no paper 9 in the list above; it has 3.\n"},
		{"first\n+0\n", "There is no paper 0 in the list above; it has 3.\n"},
		{"first\n+9 2\n", "There is no paper 9 in the list above; it has 3.\nVoted.\n"},
		{"moe\n+2\n", "There is no paper 2 in the list above; it has 9 to 11.\n"},
		{"moe\nnext\n", "This is the end of the list.\n"},
		{"first\nprev\n", "This is the beginning of the list.\n"},
		{"first\n+3\n", "That cannot be done with paper 3.\n"},
		{"first\nopen 2\n", "https://arxiv.org/abs/2401.08383\n"},
		{"first\nopen 3\n", "Paper 3 has no link.\n"},
		{"first\nsimilar 1\nopen 1\n", "https://example.org/akin\n"},
		{"alone\nopen 1\n", "https://arxiv.org/abs/2401.08383\n"},
		{"/paper moe\n", `There is no command /paper here: type /papers and some words to search, or "help".` + "\n"},
		{"/\x1b[2J" + strings.Repeat("x", 500) + "\n", "There is no command /" + strings.Repeat("x", 40)},
	} {
		got := converse(t, listing(), Options{Width: 200}, test.input)
		if i := strings.LastIndex(got, "\n\n"); i >= 0 {
			got = got[i+2:]
		}
		if !strings.HasPrefix(got, test.want) || strings.HasSuffix(test.want, "\n") && got != test.want {
			t.Errorf("typing %q prints %q, want %q", test.input, got, test.want)
		}
	}
}

func TestAFaultOfTheHandlerIsASentence(t *testing.T) {
	got := converse(t, &scribe{err: errors.New("secret")}, Options{Width: 200}, "moe\n")
	if want := chat.Sorry().Text.String() + "\n"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}

func TestHugeLineIsRefusedAndReadingGoesOn(t *testing.T) {
	const mb = 1 << 20
	huge := strings.Repeat("x", 10*mb)
	for _, input := range []string{"a\n" + huge + "\nb\n", "a\nb\n" + huge} {
		var s scribe
		got := converse(t, &s, Options{}, input)
		if want := "That line was too long and is skipped; 64 KB are the most.\n"; got != want {
			t.Errorf("printed %q, want %q", got, want)
		}
		if want := []string{`said "a"`, `said "b"`}; !slices.Equal(s.heard, want) {
			t.Errorf("the handler heard %.200q, want %q", s.heard, want)
		}
	}
}

// turns gives a line at each Read and notes what had been printed by then.
type turns struct {
	lines []string
	out   *bytes.Buffer
	seen  []string
}

func (r *turns) Read(b []byte) (int, error) {
	r.seen = append(r.seen, r.out.String())
	if len(r.lines) == 0 {
		return 0, io.EOF
	}
	n := copy(b, r.lines[0])
	r.lines = r.lines[1:]
	return n, nil
}

func TestAnswerIsPrintedBeforeTheNextLineIsRead(t *testing.T) {
	var out bytes.Buffer
	in := &turns{lines: []string{"one\n", "two\n"}, out: &out}
	s := &scribe{answers: map[string]chat.Message{`said "one"`: {Text: chat.Plain("1")}, `said "two"`: {Text: chat.Plain("2")}}}
	if err := New(in, &out, Options{}).Listen(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if want := []string{"", "1\n", "1\n2\n"}; !slices.Equal(in.seen, want) {
		t.Errorf("before each read there was %q on the screen, want %q", in.seen, want)
	}
}

// The bubble would deadlock if the goroutine that reads stayed behind.
func TestListenLeavesNobodyBehindWhereReadsCanBeBrokenOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, keyboard := net.Pipe()
		c := New(in, io.Discard, Options{})
		var s scribe
		listen := func() (stop func()) {
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- c.Listen(ctx, &s) }()
			synctest.Wait()
			return func() {
				cancel()
				if err := <-ended; err != nil {
					t.Errorf("Listen: %v, want nil", err)
				}
			}
		}
		listen()()
		stop := listen()
		io.WriteString(keyboard, "moe\n")
		synctest.Wait()
		stop()
		if want := []string{`said "moe"`}; !slices.Equal(s.heard, want) {
			t.Errorf("the second Listen heard %q, want %q", s.heard, want)
		}
	})
}

func TestLineTypedAfterTheEndBelongsToTheNextListen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, keyboard := io.Pipe() // a read of it cannot be broken off
		c := New(in, io.Discard, Options{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.Listen(ctx, &scribe{}) }()
		synctest.Wait()
		cancel()
		if err := <-ended; err != nil {
			t.Fatalf("Listen: %v, want nil", err)
		}
		io.WriteString(keyboard, "moe\n")
		keyboard.Close()
		var s scribe
		if err := c.Listen(t.Context(), &s); err != nil {
			t.Fatalf("Listen: %v, want nil", err)
		}
		if want := []string{`said "moe"`}; !slices.Equal(s.heard, want) {
			t.Errorf("the second Listen heard %q, want %q", s.heard, want)
		}
	})
}

// late is a reader whose line gets in at the moment when its read is broken off.
type late struct {
	broken chan struct{}
	line   string
}

func (r *late) Read(b []byte) (n int, err error) {
	<-r.broken
	n = copy(b, r.line)
	if r.line = ""; n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (r *late) SetReadDeadline(at time.Time) error {
	if !at.IsZero() {
		close(r.broken)
	}
	return nil
}

func TestLineThatGetsInAtTheEndIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := lines{in: &late{make(chan struct{}), "moe\n"}}
		l.buf = bufio.NewReader(l.in)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if got, err := l.next(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("next = %q, %v, want %v", got, err, context.Canceled)
		}
		if got, err := l.next(t.Context()); got != "moe" || err != nil {
			t.Errorf("next after that = %q, %v, want the line that got in", got, err)
		}
	})
}

func TestPromptFollowsEveryMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, keyboard := io.Pipe()
		var out bytes.Buffer
		c := New(in, &out, Options{Prompt: "> "})
		ended := make(chan error, 1)
		go func() {
			ended <- c.Listen(t.Context(), &scribe{answers: map[string]chat.Message{`said "hi"`: {Text: chat.Plain("Hello.")}}})
		}()
		synctest.Wait()
		if _, err := c.Send(t.Context(), c.Place(), chat.Message{Text: chat.Plain("Picks")}); err != nil {
			t.Fatal(err)
		}
		io.WriteString(keyboard, "hi\n")
		synctest.Wait()
		keyboard.Close()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		want := "> \nPicks\n> Hello.\n> \n"
		if got := out.String(); got != want {
			t.Errorf("the screen shows %q, want %q", got, want)
		}
	})
}

func TestPressingStopsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := witness{scribe: *listing(), pressed: cancel}
	if err := New(strings.NewReader("first\n+1 2\n"), io.Discard, Options{}).Listen(ctx, &w); err != nil {
		t.Fatal(err)
	}
	if want := []string{`said "first"`, "press vote:1701.06538"}; !slices.Equal(w.heard, want) {
		t.Errorf("the handler heard %q, want %q", w.heard, want)
	}
}

func TestHintIsGivenOnceAndToPeopleOnly(t *testing.T) {
	const hint = "(+2 or 👍 2 votes for paper 2, open 2 shows its link, next for more)"
	input := "alone\nfirst\nfirst\n"
	got := converse(t, listing(), Options{Prompt: "> "}, "first\nfirst\n")
	if n := strings.Count(got, hint); n != 1 {
		t.Errorf("at a prompt the hint %q is there %d times, want once, in\n%s", hint, n, got)
	}
	if got := converse(t, listing(), Options{}, input); strings.Contains(got, "votes for") {
		t.Errorf("a pipe is given a hint:\n%s", got)
	}
}

// failing is a reader or writer that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error)  { return 0, f.err }
func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestListenReportsBrokenInputAndOutput(t *testing.T) {
	broken := errors.New("broken")
	for name, c := range map[string]*Console{
		"input":  New(failing{broken}, io.Discard, Options{}),
		"prompt": New(strings.NewReader("first\n"), failing{broken}, Options{Prompt: "> "}),
		"answer": New(strings.NewReader("first\n"), failing{broken}, Options{}),
	} {
		if err := c.Listen(t.Context(), listing()); !errors.Is(err, broken) {
			t.Errorf("%s broken: Listen returns %v, want it to be %v", name, err, broken)
		}
	}
}

func TestEventsSayWhoWhereAndWhen(t *testing.T) {
	now := time.Date(2026, 2, 27, 9, 0, 0, 0, time.UTC)
	c := New(strings.NewReader("/papers moe\nmoe\n"), io.Discard, Options{User: "ann\x1b", Now: func() time.Time { return now }})
	var w witness
	if err := c.Listen(t.Context(), &w); err != nil {
		t.Fatal(err)
	}
	ann := chat.Person{Platform: "console", Space: "local", ID: "ann"}
	place := chat.Place{Platform: "console", Space: "local", Channel: "terminal"}
	if diff := cmp.Diff(chat.Command{Name: "papers", Text: "moe", By: ann, In: place, At: now}, w.command); diff != "" {
		t.Errorf("command (-want +got):\n%s", diff)
	}
	want := chat.Said{Post: chat.Post{Place: place, ID: w.said.Post.ID}, By: ann, Text: "moe", Direct: true, At: now}
	if diff := cmp.Diff(want, w.said); diff != "" || w.said.Post.ID == "" {
		t.Errorf("said without an ID, or (-want +got):\n%s", diff)
	}
}

// witness keeps the last command and words, and tells of presses.
type witness struct {
	scribe
	pressed func()
	command chat.Command
	said    chat.Said
}

func (w *witness) Command(ctx context.Context, c chat.Command) chat.Message {
	w.command = c
	return w.scribe.Command(ctx, c)
}

func (w *witness) Pressed(ctx context.Context, p chat.Press) chat.Message {
	w.pressed()
	return w.scribe.Pressed(ctx, p)
}

func (w *witness) Said(ctx context.Context, d chat.Said) (chat.Message, error) {
	w.said = d
	return w.scribe.Said(ctx, d)
}

// FuzzListen types anything to a bot that echoes.
func FuzzListen(f *testing.F) {
	f.Add("first\n+2 5\nopen 2\nnext\n/papers \x1b[2J\n\xff\n")
	f.Add("👍 2\nfirst\n-❤️‍🔥 2, 3\n2️⃣\n🇩🇪\n-🔖 1\n")
	f.Add("+99999999999999999999\n-1\n,\n+,\n/\n//\n")
	f.Fuzz(func(t *testing.T, input string) {
		var out bytes.Buffer
		c := New(strings.NewReader(input), &out, quiet(Options{Colour: true, Links: true}))
		if err := c.Listen(t.Context(), echo{listing()}); err != nil {
			t.Fatalf("Listen: %v", err)
		}
		if r := hidden(visible(out.String())); r >= 0 {
			t.Errorf("typing %q prints %U", input, r)
		}
	})
}

type echo struct{ *scribe }

func (e echo) Said(ctx context.Context, d chat.Said) (chat.Message, error) {
	m, _ := e.scribe.Said(ctx, d)
	m.Text = append(m.Text, chat.Span{Text: d.Text, Link: d.Text})
	return m, nil
}
