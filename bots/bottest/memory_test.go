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

	mu      sync.Mutex // guards what follows
	posts   []stored
	actions map[string]string // by label
	fault   Fault
}

type stored struct {
	post chat.Post
	key  string
	at   time.Time
}

func newMemory(t *testing.T, f flaw) *memory {
	return &memory{
		flaw:    f,
		life:    t.Context(),
		events:  make(chan func(context.Context, chat.Handler)),
		screens: make(chan Shown, 100),
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
		m.posts = append(m.posts, stored{chat.Post{Place: m.Place(), ID: "p"}, text, time.Now()})
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
	r := chat.Reaction{Post: on, By: by, Emoji: emoji, Removed: removed && m.flaw != "only adds", At: time.Now()}
	return m.happen(ctx, func(ctx context.Context, h chat.Handler) { _ = h.Reacted(ctx, r) })
}

func (m *memory) Emoji() map[string]string {
	return map[string]string{"+1": "+1", "+1::skin-tone-3": "+1"}
}

func (m *memory) answer(to chat.Person, answer chat.Message) {
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
	text := func(t chat.Text) {
		for _, span := range t {
			parts = append(parts, m.escape(span.Text))
			link(span.Link)
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
	m.screens <- s
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

func (m *memory) Send(ctx context.Context, to chat.Place, msg chat.Message) (chat.Post, error) {
	m.mu.Lock()
	fault := m.fault
	m.fault = ""
	id := fmt.Sprint(len(m.posts))
	m.mu.Unlock()
	if len(msg.Text.String()) > 1000 && m.flaw == "turns long messages away" {
		return chat.Post{}, &chat.Refused{Reason: "the message is too long"}
	}
	if err := m.fail(fault, msg); err != nil && fault != Lose {
		return chat.Post{}, err
	}
	if m.flaw == "has one post" {
		id = "0"
	}
	post := chat.Post{Place: to, ID: id}
	m.mu.Lock()
	m.posts = append(m.posts, stored{post, msg.Key, time.Now()})
	m.mu.Unlock()
	m.show(Shown{}, msg)
	if fault == Lose && m.flaw == "tries again by itself" {
		m.show(Shown{}, msg)
	}
	if m.flaw == "hears itself" {
		_ = m.say(ctx, chat.Person{Platform: m.Name(), ID: "bot"}, msg.Text.String(), false)
	}
	return post, m.fail(fault, msg)
}

func (m *memory) Manages(context.Context, chat.Person, chat.Place) (bool, error) { return true, nil }

func (m *memory) Pace() chat.Pace { return chat.Pace{AtOnce: 10} }

// fail is what Send says about fault.
func (m *memory) fail(fault Fault, msg chat.Message) error {
	if fault == "" {
		return nil
	}
	switch m.flaw {
	case "hides faults":
		return nil
	case "cannot tell faults apart":
		return errors.New("it did not work")
	case "is never sure":
		return &chat.Unsure{Err: errors.New("it did not work")}
	case "posts what it says it did not":
		m.show(Shown{}, msg)
	}
	switch fault {
	case Throttle:
		return &chat.Throttled{After: time.Second}
	case Refuse:
		return &chat.Refused{Reason: "the channel is archived"}
	case Lose:
		return &chat.Unsure{Err: errors.New("connection reset")}
	}
	return errors.New("connection refused")
}

func (m *memory) Faults() map[Fault]func() {
	all := map[Fault]func(){}
	for _, f := range []Fault{Throttle, Refuse, Break, Lose} {
		all[f] = func() {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.fault = f
		}
	}
	return all
}

func (m *memory) Find(_ context.Context, in chat.Place, msg chat.Message, since time.Time) (chat.Post, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.posts {
		same := p.key == msg.Key || m.flaw == "finds by beginnings" && strings.HasPrefix(p.key, msg.Key)
		recent := !p.at.Before(since) || m.flaw == "finds what is old"
		if same && recent && p.post.Place == in && m.flaw != "finds nothing" {
			return p.post, true, nil
		}
	}
	return chat.Post{}, false, nil
}
