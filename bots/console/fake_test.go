package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode"

	"paperboy/bots/bottest"
	"paperboy/internal/chat"
)

func TestPipeKeepsTheContract(t *testing.T) {
	bottest.Run(t, func(t *testing.T) bottest.Fake { return newFake(t, Options{Width: 72}) })
}

func TestTerminalKeepsTheContract(t *testing.T) {
	bottest.Run(t, func(t *testing.T) bottest.Fake {
		return newFake(t, Options{Width: 72, Colour: true, Links: true, Prompt: "> "})
	})
}

// fake is a console with hands on its keyboard and eyes on its screen.
type fake struct {
	*Console
	keyboard io.Writer
	screen   *glass
}

func newFake(t *testing.T, o Options) *fake {
	in, keyboard := io.Pipe()
	t.Cleanup(func() { keyboard.Close() })
	o.Log = slog.New(slog.DiscardHandler)
	screen := &glass{shown: make(chan string, 100)}
	return &fake{New(in, screen, o), keyboard, screen}
}

func (f *fake) Platform() chat.Platform { return f.Console }
func (f *fake) People() []chat.Person   { return []chat.Person{f.Person()} }

func (f *fake) Command(_ context.Context, _ chat.Person, name, text string) error {
	return f.typeLine("/" + name + " " + text)
}

func (f *fake) Say(_ context.Context, _ chat.Person, text string) error { return f.typeLine(text) }

func (f *fake) Press(_ context.Context, _ chat.Person, card int, b chat.Button) error {
	switch b.Does {
	case chat.Vote:
		return f.typeLine(fmt.Sprintf("+%d", card))
	case chat.Unvote:
		return f.typeLine(fmt.Sprintf("-%d", card))
	case chat.Save, chat.Similar:
		return f.typeLine(fmt.Sprintf("%s %d", b.Does, card))
	}
	return f.typeLine(string(b.Does))
}

// React can reach only the message that was sent last: others are told by the
// numbers of their papers.
func (f *fake) React(_ context.Context, _ chat.Person, on chat.Post, emoji string, removed bool) error {
	if latest := f.now().latest; on != latest {
		return fmt.Errorf("the latest message is %+v", latest)
	}
	if removed {
		emoji = "-" + emoji
	}
	return f.typeLine(emoji)
}

func (f *fake) Emoji() map[string]string {
	return map[string]string{"👍": "👍", "👍🏽": "👍", "❤️": "❤", "2️⃣": "2⃣", "👩🏿‍🔬": "👩‍🔬"}
}

func (f *fake) BotReacts(context.Context, bool, chat.Post, string) error { return bottest.ErrNoBots }

func (f *fake) Called(chat.Person) string { return "you" }

func (f *fake) Manager() chat.Person { return f.Person() }
func (f *fake) Member() chat.Person {
	return chat.Person{Platform: name, Space: space, ID: "somebody else"}
}

func (f *fake) typeLine(s string) error {
	_, err := io.WriteString(f.keyboard, s+"\n")
	return err
}

func (f *fake) Faults() map[bottest.Fault]func() {
	return map[bottest.Fault]func(){
		bottest.Break: func() { f.screen.breakAfter(0) },
		bottest.Lose:  func() { f.screen.breakAfter(1) },
	}
}

func (f *fake) Shown(ctx context.Context) (bottest.Shown, error) {
	for {
		select {
		case text := <-f.screen.shown:
			if text = strings.TrimSuffix(text, f.o.Prompt); text != "" {
				return f.look(text), nil
			}
		case <-ctx.Done():
			return bottest.Shown{}, errors.New("the screen stays as it is")
		}
	}
}

// The sequences that are ours, and what a terminal makes a link of by itself.
var (
	sgr     = regexp.MustCompile(`\x1b\[[0-9;]+m`)
	osc8    = regexp.MustCompile(`\x1b\]8;;([!-~]*)\x1b\\`)
	address = regexp.MustCompile(`https?://[^\s)]+`)
)

// look is text as a terminal shows it.
func (f *fake) look(text string) bottest.Shown {
	s := bottest.Shown{To: f.Person(), Text: visible(text), Links: address.FindAllString(visible(text), -1)}
	for _, m := range osc8.FindAllStringSubmatch(text, -1) {
		if m[1] != "" {
			s.Links = append(s.Links, m[1])
		}
	}
	if r := hidden(s.Text); r >= 0 {
		s.Harm = fmt.Sprintf("sends %U to the terminal", r)
	}
	return s
}

// visible is text without our own sequences.
func visible(text string) string { return osc8.ReplaceAllString(sgr.ReplaceAllString(text, ""), "") }

// hidden is the first character of visible text that does something, or -1.
func hidden(text string) rune {
	for _, r := range text {
		joiner := r == '\u200c' || r == '\u200d'
		if r != '\n' && !joiner && (unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)) {
			return r
		}
	}
	return -1
}

// glass is a screen on which every write appears by itself.
type glass struct {
	shown chan string

	mu     sync.Mutex // guards what follows
	breaks bool       // at the next write
	after  float64
}

// breakAfter makes the next write fail when a part of it, from 0 to 1, is out.
func (g *glass) breakAfter(part float64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.breaks, g.after = true, part
}

func (g *glass) Write(b []byte) (n int, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	n = len(b)
	if g.breaks {
		n, err = int(float64(n)*g.after), io.ErrClosedPipe
	}
	g.breaks = false
	if n > 0 {
		g.shown <- string(b[:n])
	}
	return n, err
}
