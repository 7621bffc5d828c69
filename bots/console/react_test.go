package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
)

func deeds(n int) []chat.Button {
	return []chat.Button{
		{Label: "Vote", Does: chat.Vote, Action: fmt.Sprintf("vote:%d", n)},
		{Label: "Unvote", Does: chat.Unvote, Action: fmt.Sprintf("unvote:%d", n)},
		{Label: "Save", Does: chat.Save, Action: fmt.Sprintf("save:%d", n)},
	}
}

func pick(n int) chat.Card {
	return chat.Card{Number: n, Title: chat.Plain(fmt.Sprintf("Paper %d", n)), Link: fmt.Sprintf("https://example.org/%d", n), Buttons: deeds(n)}
}

// picks are those of a day, a message each.
func picks(day string, numbers ...int) (ms []chat.Message) {
	for _, n := range numbers {
		ms = append(ms, chat.Message{Key: fmt.Sprintf("daily/team/%s/%d", day, n), Cards: []chat.Card{pick(n)}})
	}
	return ms
}

func digest() []chat.Message {
	return []chat.Message{{Key: "daily/team/2026-02-27/1", Cards: []chat.Card{pick(1), pick(2), pick(3)}}}
}

func notice() chat.Message { return chat.Message{Text: chat.Plain("A quiet day.")} }

// after sends messages, has input typed, and returns what that printed.
func after(t *testing.T, sent []chat.Message, h chat.Handler, input string) string {
	t.Helper()
	var out bytes.Buffer
	c := New(strings.NewReader(input), &out, quiet(Options{Width: 200}))
	for _, m := range sent {
		if _, err := c.Send(t.Context(), c.Place(), m); err != nil {
			t.Fatal(err)
		}
	}
	out.Reset()
	if err := c.Listen(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestNumbersMeanThePapersOfAWholeBatch(t *testing.T) {
	friday, monday := picks("2026-02-27", 1, 2, 3), picks("2026-03-02", 1, 2)
	for _, test := range []struct {
		name  string
		sent  []chat.Message
		input string
		heard []string
		says  string
	}{
		{"the second post", friday, "+2\n", []string{"press vote:2"}, ""},
		{"the last post", friday, "save 3\n", []string{"press save:3"}, ""},
		{"open", friday, "open 2\n", nil, "https://example.org/2"},
		{"too many", friday, "+4\n", nil, "There is no paper 4 in the list above; it has 3."},
		{"another day", slices.Concat(friday, monday), "+3\n", nil, "There is no paper 3 in the list above; it has 2."},
		{"a notice in between", []chat.Message{friday[0], notice(), friday[1]}, "+1\n", []string{"press vote:1"}, ""},
		{"no batch", []chat.Message{{Key: "a", Cards: []chat.Card{pick(1)}}, {Key: "b", Cards: []chat.Card{pick(2)}}}, "+1\n", nil, "There is no paper 1 in the list above; it has only 2."},
		{"sent again", slices.Concat(friday, friday[:1]), "+1 3\n", []string{"press vote:1", "press vote:3"}, ""},
	} {
		var s scribe
		got := after(t, test.sent, &s, test.input)
		if !slices.Equal(s.heard, test.heard) || strings.TrimSpace(got) != test.says {
			t.Errorf("%s: typing %q tells the handler %q and prints %q, want %q and %q", test.name, test.input, s.heard, got, test.heard, test.says)
		}
	}
}

// interrupted has somebody search between two posts of a batch.
type interrupted struct {
	*scribe
	c *Console
	t *testing.T
}

func (i interrupted) Said(ctx context.Context, d chat.Said) (chat.Message, error) {
	if d.Text == "later" {
		if _, err := i.c.Send(ctx, i.c.Place(), picks("2026-02-27", 2)[0]); err != nil {
			i.t.Error(err)
		}
	}
	return i.scribe.Said(ctx, d)
}

func TestBatchThatASearchInterruptsIsOneList(t *testing.T) {
	var out bytes.Buffer
	c := New(strings.NewReader("moe\nlater\n+1\n"), &out, quiet(Options{}))
	if _, err := c.Send(t.Context(), c.Place(), picks("2026-02-27", 1)[0]); err != nil {
		t.Fatal(err)
	}
	h := interrupted{listing(), c, t}
	if err := c.Listen(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	if want := "press vote:1"; h.heard[len(h.heard)-1] != want {
		t.Errorf("the handler heard %q, want %q at last", h.heard, want)
	}
}

func TestEmojiAreReactions(t *testing.T) {
	posts := picks("2026-02-27", 1, 2, 3)
	for _, test := range []struct {
		name  string
		sent  []chat.Message
		input string
		heard []string
		says  string // the last line; not looked at if ""
	}{
		{"on a paper", posts, "👍 2\n", []string{"react 👍 on post 2, removed false"}, "You reacted with 👍 to paper 2."},
		{"taken back", posts, "-👍 2\n", []string{"react 👍 on post 2, removed true"}, "You took your 👍 off paper 2."},
		{"folded", posts, "❤️ 3\n", []string{"react ❤ on post 3, removed false"}, "You reacted with ❤️ to paper 3."},
		{"skin", posts, "👍🏽 1\n", []string{"react 👍 on post 1, removed false"}, "You reacted with 👍🏽 to paper 1."},
		{"any emoji", posts, "👎 1\n", []string{"react 👎 on post 1, removed false"}, "You reacted with 👎 to paper 1."},
		{"several papers", posts, "🔖 1, 3\n", []string{"react 🔖 on post 1, removed false", "react 🔖 on post 3, removed false"}, "You reacted with 🔖 to paper 3."},
		{"close to its number", posts, "👍2\n", []string{"react 👍 on post 2, removed false"}, "You reacted with 👍 to paper 2."},
		{"no such paper", posts, "👍 7\n", nil, "There is no paper 7 in the list above; it has 3."},
		{"on the latest", posts, "👍\n", []string{"react 👍 on post 3, removed false"}, "You reacted with 👍 to the message above."},
		{"on a notice", append(posts, notice()), "👍\n", []string{"react 👍 on post 4, removed false"}, "You reacted with 👍 to the message above."},
		{"keycap", posts, "2️⃣\n", []string{"react 2⃣ on post 2, removed false"}, "You reacted with 2️⃣ to paper 2."},
		{"keycap of a digest", append(digest(), notice()), "2️⃣\n", []string{"react 2⃣ on post 1, removed false"}, "You reacted with 2️⃣ to paper 2."},
		{"keycap taken back", digest(), "-3️⃣\n", []string{"react 3⃣ on post 1, removed true"}, "You took your 3️⃣ off paper 3."},
		{"keycap of nothing", digest(), "9️⃣\n", nil, "There is no paper 9 in the latest post."},
		{"keycap on a notice", []chat.Message{notice()}, "1️⃣\n", []string{"react 1⃣ on post 1, removed false"}, "You reacted with 1️⃣ to the message above."},
		{"a paper of a digest", digest(), "👍 2\n", []string{"react 2⃣ on post 1, removed false"}, "You reacted with 👍 to paper 2."},
		{"a paper of a digest, kept", digest(), "🔖 2\n", []string{"press save:2"}, ""},
		{"a digest", digest(), "👍\n", nil, "The message above has several papers. Say for which it is: 👍 1 is for paper 1."},
		{"any emoji on a paper of a digest", digest(), "👎 2\n", nil, "On a message with several papers 👎 means none of them; 👍 2 votes and 🔖 2 saves."},
		{"unsaving on a digest", digest(), "-🔖 2\n", nil, "To take it off your list: /papers unsave https://example.org/2"},
		{"nothing there", nil, "👍\n", nil, noPost},
		{"no list there", nil, "👍 2\n", nil, noList},
		{"an answer", nil, "first\n👍 2\n", []string{`said "first"`, "press vote:2401.08383"}, "Voted."},
		{"an answer, taken back", nil, "first\n-❤️ 2\n", []string{`said "first"`, "press unvote:2401.08383"}, ""},
		{"an answer, kept", nil, "first\n🔖 1\n", []string{`said "first"`, "press save:1701.06538"}, ""},
		{"an answer, not kept", nil, "first\n-🔖 1\n", []string{`said "first"`}, "To take it off your list: /papers unsave https://arxiv.org/abs/1701.06538"},
		{"an answer, another emoji", nil, "first\n👎 1\n", []string{`said "first"`}, "This list is an answer to you and no post, so 👎 means nothing on it; 👍 1 votes and 🔖 1 saves."},
		{"an answer with several", posts, "first\n👍\n", []string{`said "first"`}, "Which paper of the list is it for? 👍 2 is for paper 2."},
		{"an answer with one", posts, "alone\n👍\n", []string{`said "alone"`}, "That cannot be done with paper 1."},
		{"words after it", posts, "👍 nice\n", []string{`said "👍 nice"`}, ""},
		{"words before it", posts, "moe 👍 2\n", []string{`said "moe 👍 2"`}, ""},
		{"two emoji", posts, "👍👍\n", []string{`said "👍👍"`}, ""},
		{"a bare number", posts, "2\n", []string{`said "2"`}, ""},
		{"a word", posts, "-moe 2\n", []string{`said "-moe 2"`}, ""},
	} {
		s := listing()
		got := strings.Split(strings.TrimSpace(after(t, test.sent, s, test.input)), "\n")
		last := got[len(got)-1]
		if !slices.Equal(s.heard, test.heard) {
			t.Errorf("%s: typing %q tells the handler %q, want %q", test.name, test.input, s.heard, test.heard)
		}
		if test.says != "" && last != test.says {
			t.Errorf("%s: typing %q prints %q at last, want %q", test.name, test.input, last, test.says)
		}
	}
}

func TestReactionThatIsNotTakenIsSaid(t *testing.T) {
	got := after(t, digest(), &scribe{err: errors.New("secret")}, "👍 2\n")
	if want := "Your 👍 on paper 2 was not taken, and the reason has been logged. Please try again.\n"; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}

func TestReactingStopsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := New(strings.NewReader("👍 1 2\n"), &bytes.Buffer{}, quiet(Options{}))
	for _, m := range picks("2026-02-27", 1, 2) {
		if _, err := c.Send(t.Context(), c.Place(), m); err != nil {
			t.Fatal(err)
		}
	}
	w := stopping{stop: cancel}
	if err := c.Listen(ctx, &w); err != nil {
		t.Fatal(err)
	}
	if want := []string{"react 👍 on post 1, removed false"}; !slices.Equal(w.heard, want) {
		t.Errorf("the handler heard %q, want %q", w.heard, want)
	}
}

type stopping struct {
	scribe
	stop func()
}

func (s *stopping) Reacted(ctx context.Context, r chat.Reaction) error {
	s.stop()
	return s.scribe.Reacted(ctx, r)
}

func TestReactionSaysWhoAndWhen(t *testing.T) {
	now := time.Date(2026, 2, 27, 9, 0, 0, 0, time.UTC)
	c := New(strings.NewReader("👍\n"), &bytes.Buffer{}, Options{User: "ann", Now: func() time.Time { return now }})
	post, err := c.Send(t.Context(), c.Place(), notice())
	if err != nil {
		t.Fatal(err)
	}
	var w reactions
	if err := c.Listen(t.Context(), &w); err != nil {
		t.Fatal(err)
	}
	if want := (chat.Reaction{Post: post, By: c.Person(), Emoji: "👍", At: now}); !slices.Equal(w.got, []chat.Reaction{want}) {
		t.Errorf("the handler got %+v, want %+v", w.got, want)
	}
}

type reactions struct {
	scribe
	got []chat.Reaction
}

func (w *reactions) Reacted(_ context.Context, r chat.Reaction) error {
	w.got = append(w.got, r)
	return nil
}

func TestOneEmojiIsCutOff(t *testing.T) {
	for _, test := range []struct{ in, emoji, folded string }{
		{"👍", "👍", "👍"},
		{"👍🏽 2", "👍🏽", "👍"},
		{"❤️", "❤️", "❤"},
		{"❤", "❤", "❤"},
		{"❤️‍🔥 x", "❤️‍🔥", "❤‍🔥"},
		{"👩🏽‍💻👍", "👩🏽‍💻", "👩‍💻"},
		{"👍‍ 2", "👍", "👍"},
		{"🇩🇪🇫🇷", "🇩🇪", "🇩🇪"},
		{"2️⃣", "2️⃣", "2⃣"},
		{"2⃣", "2⃣", "2⃣"},
		{"#️⃣", "#️⃣", "#⃣"},
		{"🔟", "🔟", "🔟"},
		{"⬆️", "⬆️", "⬆"},
		{"↗️", "↗️", "↗"},
		{"⏰", "⏰", "⏰"},
		{"2", "", ""},
		{"2️", "", ""},
		{"20", "", ""},
		{"🇩", "", ""},
		{"moe", "", ""},
		{"∀", "", ""},
		{"専", "", ""},
		{"→ 2", "", ""},
		{"", "", ""},
	} {
		emoji, rest, ok := cutEmoji(test.in)
		if emoji != test.emoji || ok != (test.emoji != "") || emoji+rest != test.in || folded(emoji) != test.folded {
			t.Errorf("cutEmoji(%q) = %q, %q, %t, folded %q; want %q, folded %q", test.in, emoji, rest, ok, folded(emoji), test.emoji, test.folded)
		}
	}
}

func TestKeycapsStandForOneToTen(t *testing.T) {
	for n := range 13 {
		emoji, ok := keycap(n)
		if want := n >= 1 && n <= 10; ok != want {
			t.Errorf("keycap(%d) = %q, %t, want %t", n, emoji, ok, want)
		}
		if got, is := keycapNumber(emoji); ok && (got != n || !is) {
			t.Errorf("keycapNumber(%q) = %d, %t, want %d", emoji, got, is, n)
		}
	}
	for _, emoji := range []string{"👍", "2", "0⃣", "#⃣", ""} {
		if n, ok := keycapNumber(emoji); ok {
			t.Errorf("keycapNumber(%q) = %d, want none", emoji, n)
		}
	}
}

func TestPeopleAreCalledByTheirNames(t *testing.T) {
	ann := chat.Person{Platform: name, Space: space, ID: "ann"}
	p := page{width: 80, reader: ann}
	for _, test := range []struct {
		span chat.Span
		want string
	}{
		{chat.Name(ann), "by you\n"},
		{chat.Name(chat.Person{Platform: name, Space: space, ID: "bob\x1b[2J"}), "by bob\n"},
		{chat.Span{Text: "Bob", Person: chat.Person{Platform: "elsewhere", ID: "U1"}}, "by Bob\n"},
		{chat.Span{Person: chat.Person{Platform: "elsewhere", ID: "ann"}}, "by ann\n"},
		{chat.Span{Text: "@ann"}, "by @ann\n"},
	} {
		if got := p.render(chat.Message{Text: chat.Text{{Text: "by "}, test.span}}); got != test.want {
			t.Errorf("%+v is shown as %q, want %q", test.span, got, test.want)
		}
	}
}
