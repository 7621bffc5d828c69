package bottest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"paperboy/internal/chat"
)

// flaw is one way in which a memory breaks the contract; "" is none.
type flaw string

// memory is a platform without a service, and its own Fake.
type memory struct {
	flaw    flaw
	life    context.Context // ends with the test
	events  chan func(context.Context, chat.Handler)
	screens chan Shown
	forms   chan *chat.Form // the latest

	mu      sync.Mutex // guards what follows
	posts   []*stored
	actions map[string]string // by label
	fault   Fault
}

type stored struct {
	post       chat.Post
	key, under string
	at         time.Time
	edited     string // to this
}

// stored is a post that was made.
func (m *memory) stored(post chat.Post) *stored {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.posts[slices.IndexFunc(m.posts, func(p *stored) bool { return p.post == post })]
}

// where is the Raw of what a memory shows.
type where struct{ thread, edited string }

func (m *memory) ThreadOf(s Shown) string { return s.Raw.(where).thread }
func (m *memory) Edited(s Shown) string   { return s.Raw.(where).edited }
func (m *memory) Manager() chat.Person    { return m.People()[0] }
func (m *memory) Member() chat.Person     { return m.People()[1] }

// Called is usually not the ID.
func (m *memory) Called(p chat.Person) string {
	if m.flaw == "calls people by their IDs" {
		return p.ID
	}
	return strings.ToUpper(p.ID)
}

func newMemory(t *testing.T, f flaw) *memory {
	return &memory{
		flaw:    f,
		life:    t.Context(),
		events:  make(chan func(context.Context, chat.Handler)),
		screens: make(chan Shown, 100),
		forms:   make(chan *chat.Form, 1),
		actions: map[string]string{},
	}
}

func (m *memory) Name() string {
	if m.flaw == "shouts its name" {
		return "MEMORY"
	}
	return "memory"
}

func (m *memory) Platform() chat.Platform { return m }

func (m *memory) Place() chat.Place {
	return chat.Place{Platform: m.Name(), Space: "s", Channel: "c"}
}

func (m *memory) People() []chat.Person {
	return []chat.Person{{Platform: m.Name(), Space: "s", ID: "ann"}, {Platform: m.Name(), Space: "s", ID: "bob"}}
}

func (m *memory) Listen(ctx context.Context, h chat.Handler) error {
	var calls sync.WaitGroup
	fatal := make(chan error, 1)
	callCtx := ctx
	if m.flaw == "abandons calls" {
		callCtx = m.life
	}
	call := func(event func(context.Context, chat.Handler)) {
		defer func() {
			if v := recover(); v != nil && m.flaw == "ends on a panic" {
				fatal <- fmt.Errorf("panic: %v", v)
			} else if v != nil && m.flaw != "is silent on a panic" {
				m.show(Shown{To: m.People()[0]}, chat.Sorry())
			} else if v != nil {
				m.show(Shown{To: m.People()[0]}, chat.Message{Text: chat.Plain(" ")})
			}
		}()
		event(callCtx, h)
	}
	for {
		select {
		case event := <-m.events:
			calls.Go(func() { call(event) })
		case err := <-fatal:
			return err
		case <-ctx.Done():
			return m.leave(ctx, &calls)
		}
	}
}

func (m *memory) leave(ctx context.Context, calls *sync.WaitGroup) error {
	switch m.flaw {
	case "abandons calls":
		return nil
	case "is deaf to its context":
		<-m.life.Done()
	case "calls the end an error":
		return ctx.Err()
	}
	calls.Wait()
	return nil
}

// happen hands an event to Listen.
func (m *memory) happen(ctx context.Context, event func(context.Context, chat.Handler)) error {
	select {
	case m.events <- event:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (m *memory) Command(ctx context.Context, by chat.Person, name, text string) error {
	if m.flaw == "folds white space" {
		text = strings.Join(strings.Fields(text), " ")
	}
	c := chat.Command{Name: name, Text: text, By: by, In: m.Place(), At: time.Now()}
	switch m.flaw {
	case "mixes people up":
		c.By = m.People()[0]
	case "forgets the place":
		c.In = chat.Place{}
	}
	return m.happen(ctx, func(ctx context.Context, h chat.Handler) {
		m.answer(by, h.Command(ctx, c))
	})
}

func (m *memory) Press(ctx context.Context, by chat.Person, _ int, b chat.Button) error {
	m.mu.Lock()
	action, ok := m.actions[b.Label]
	m.mu.Unlock()
	if !ok {
		return fmt.Errorf("no button %q", b.Label)
	}
	return m.happen(ctx, func(ctx context.Context, h chat.Handler) {
		m.answer(by, h.Pressed(ctx, chat.Press{Action: action, By: by, In: m.Place(), At: time.Now()}))
	})
}

func (m *memory) Say(ctx context.Context, by chat.Person, text string) error {
	return m.say(ctx, by, text, m.flaw != "never says direct")
}

func (m *memory) SayAloud(ctx context.Context, by chat.Person, text string) error {
	if m.flaw == "finds the words of people" {
		m.mu.Lock()
		m.posts = append(m.posts, &stored{chat.Post{Place: m.Place(), ID: "p"}, text, "", time.Now(), ""})
		m.mu.Unlock()
	}
	return m.say(ctx, by, text, m.flaw == "always says direct")
}

func (m *memory) say(ctx context.Context, by chat.Person, text string, direct bool) error {
	post := chat.Post{Place: m.Place(), ID: "said"}
	return m.happen(ctx, func(ctx context.Context, h chat.Handler) {
		if answer, err := h.Said(ctx, chat.Said{Post: post, By: by, Text: text, Direct: direct, At: time.Now()}); err == nil {
			m.answer(by, answer)
		}
	})
}

func (m *memory) React(ctx context.Context, by chat.Person, on chat.Post, emoji string, removed bool) error {
	if m.flaw != "passes emoji on as written" {
		emoji, _, _ = strings.Cut(emoji, "::")
	}
	if p := m.stored(on); m.flaw == "takes a reply for its thread" && p.under != "" {
		on.ID = p.under
	}
	r := chat.Reaction{Post: on, By: by, Emoji: emoji, Removed: removed && m.flaw != "only adds", At: time.Now()}
	return m.happen(ctx, func(ctx context.Context, h chat.Handler) { _ = h.Reacted(ctx, r) })
}

func (m *memory) BotReacts(ctx context.Context, ours bool, on chat.Post, emoji string) error {
	who, flaw := chat.Person{Platform: m.Name(), Space: "s", ID: "another bot"}, flaw("hears other bots react")
	if ours {
		who, flaw = chat.Person{Platform: m.Name(), Space: "s", ID: "paperboy"}, "hears itself react"
	}
	if m.flaw != flaw {
		return nil
	}
	return m.React(ctx, who, on, emoji, false)
}

func (m *memory) Emoji() map[string]string {
	return map[string]string{"+1": "+1", "+1::skin-tone-3": "+1"}
}

func (m *memory) answer(to chat.Person, answer chat.Message) {
	if answer.Form != nil {
		m.forms <- answer.Form
		return
	}
	s := Shown{To: to}
	if m.flaw == "answers in public" {
		s.To = chat.Person{}
	}
	if answer.Empty() && m.flaw != "shows what is empty" {
		return
	}
	m.show(s, answer)
}

// show renders a message onto the screens.
func (m *memory) show(s Shown, msg chat.Message) {
	link := func(l string) {
		u, err := url.Parse(l)
		good := err == nil && u.Host != "" && strings.HasPrefix(u.Scheme, "http")
		if (good || m.flaw == "links to anything") && l != "" && m.flaw != "drops links" {
			s.Links = append(s.Links, l)
		}
	}
	var parts []string
	pinged := false
	text := func(t chat.Text) {
		for _, span := range t {
			parts = append(parts, m.escape(m.named(span)))
			link(span.Link)
			pinged = pinged || span.Person.Platform == m.Name()
		}
	}
	buttons := func(bs []chat.Button) {
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, b := range bs {
			parts = append(parts, m.escape(b.Label))
			link(b.Link)
			m.actions[b.Label] = b.Action
			if m.flaw == "cuts actions" {
				m.actions[b.Label] = b.Action[:min(len(b.Action), 40)]
			}
		}
	}
	text(msg.Text)
	for _, c := range msg.Cards {
		text(c.Title)
		link(c.Link)
		parts = append(parts, m.escape(c.Byline))
		text(c.Summary)
		text(c.Why)
		parts = append(parts, m.escape(c.Counts))
		buttons(c.Buttons)
	}
	text(msg.Foot)
	buttons(msg.Buttons)

	if m.flaw == "tears messages apart" {
		for half := range slices.Chunk(parts, (len(parts)+1)/2) {
			m.screens <- Shown{To: s.To, Text: strings.Join(half, "\n"), Links: s.Links}
		}
		return
	}
	s.Text = strings.Join(parts, "\n")
	if strings.ContainsFunc(s.Text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
		s.Harm = "drives the terminal"
	}
	if pinged && m.flaw == "pings those whom it names" {
		s.Harm = "pings somebody"
	}
	if s.Raw == nil {
		s.Raw = where{}
	}
	m.screens <- s
}

// named is what a span says, with the names that people have here.
func (m *memory) named(s chat.Span) string {
	switch {
	case m.flaw == "leaves names out" && s.Person.ID != "":
		return ""
	case s.Person.Platform == m.Name():
		return m.Called(s.Person)
	}
	return s.Text
}

func (m *memory) escape(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case m.flaw == "shows text as it is":
			return r
		case m.flaw == "shows ASCII only" && r > unicode.MaxASCII, unicode.IsControl(r) && !unicode.IsSpace(r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

func (m *memory) Shown(ctx context.Context) (Shown, error) {
	select {
	case s := <-m.screens:
		return s, nil
	case <-ctx.Done():
		return Shown{}, errors.New("nothing was shown")
	}
}
