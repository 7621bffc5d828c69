package bottest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"paperboy/internal/chat"
)

var shortName = regexp.MustCompile(`^[a-z][a-z0-9]{1,19}$`)

func nameIsShort(_ context.Context, f Fake) error {
	n := f.Platform().Name()
	if !shortName.MatchString(n) {
		return fmt.Errorf("the name %q does not match %s", n, shortName)
	}
	if p := f.Place().Platform; p != n {
		return fmt.Errorf("the place says platform %q, the platform says %q", p, n)
	}
	for _, who := range f.People() {
		if who.Platform != n || who.ID == "" {
			return fmt.Errorf("the person %+v has no ID or is not of platform %q", who, n)
		}
	}
	return nil
}

// typed are texts of commands that must arrive as they are.
func typed() []string {
	return []string{
		"",
		"moe",
		"mixture  of   experts",
		`"a phrase" -not author:Shazeer <angle> & *stars* \ https://arxiv.org/abs/2401.08383v2`,
		"Größe 専門家の混合 خبراء 👩‍👩‍👧",
		strings.Repeat("experts 専門家é", 3000/12),
	}
}

func commandArrives(ctx context.Context, s *session) error {
	for i, text := range typed() {
		name := []string{"papers", "paperboy"}[i%2]
		reply := fmt.Sprintf("This is answer %d.", i)
		s.bot.on(text, saying(chat.Message{Text: chat.Plain(reply)}))

		c, shown, err := s.commanded(ctx, s.me, name, text)
		if err != nil {
			return err
		}
		if c.Name != name || c.Text != text {
			return fmt.Errorf("typed /%s %s, the handler got name %q and text %q", name, short(text), c.Name, short(c.Text))
		}
		if err := s.circumstances(c.By, s.me, c.In, c.At); err != nil {
			return fmt.Errorf("command %q: %w", short(text), err)
		}
		if shown.To != s.me {
			return fmt.Errorf("the answer to %q was shown to %+v, want only %+v", short(text), shown.To, s.me)
		}
		if err := shown.has(reply); err != nil {
			return err
		}
	}
	return nil
}

// circumstances checks who did something, where and when.
func (s *session) circumstances(by, want chat.Person, in chat.Place, at time.Time) error {
	switch {
	case by != want:
		return fmt.Errorf("it came from %+v, want %+v", by, want)
	case in != s.Place():
		return fmt.Errorf("it came from place %+v, want %+v", in, s.Place())
	case at.IsZero():
		return errors.New("it has no time")
	}
	return nil
}

func peopleAreToldApart(ctx context.Context, s *session) error {
	people := s.People()
	if len(people) < 2 {
		return skip("the platform knows one person only")
	}
	for i, who := range people {
		text := fmt.Sprintf("person %d", i)
		c, shown, err := s.commanded(ctx, who, "papers", text)
		if err != nil {
			return err
		}
		if c.By != who || c.Text != text {
			return fmt.Errorf("%+v typed %q; the handler got %q from %+v", who, text, c.Text, c.By)
		}
		if shown.To != who {
			return fmt.Errorf("the answer to %+v was shown to %+v", who, shown.To)
		}
	}
	return nil
}

// action is an unpleasant one, as long as is allowed.
func action(does string) string {
	a := does + `:doi:10.1000/a_b|c%20<d>&"e"{f}é;`
	return a + strings.Repeat("x", chat.MaxAction-len(a))
}

func button(deed chat.Deed, label string) chat.Button {
	return chat.Button{Label: label, Does: deed, Action: action(label)}
}

// pressable is a page of two papers with every deed.
func pressable() chat.Message {
	m := chat.Message{
		Text:    chat.Plain("Two papers"),
		Buttons: []chat.Button{button(chat.Prev, "Back"), button(chat.Next, "More")},
	}
	for n := 1; n <= 2; n++ {
		m.Cards = append(m.Cards, chat.Card{
			Number: n,
			Title:  chat.Plain(fmt.Sprintf("Title %d", n)),
			Link:   "https://arxiv.org/abs/2401.08383",
			Buttons: []chat.Button{
				button(chat.Vote, fmt.Sprintf("Vote %d", n)),
				button(chat.Unvote, fmt.Sprintf("Unvote %d", n)),
				button(chat.Save, fmt.Sprintf("Save %d", n)),
				button(chat.Similar, fmt.Sprintf("Similar %d", n)),
			},
		})
	}
	return m
}

func buttonComesBack(ctx context.Context, s *session) error {
	page := pressable()
	s.bot.on("list", saying(page))
	if _, _, err := s.commanded(ctx, s.me, "papers", "list"); err != nil {
		return err
	}
	for _, c := range page.Cards {
		for _, b := range c.Buttons {
			if _, err := s.pressed(ctx, c.Number, b); err != nil {
				return err
			}
		}
	}
	return s.turnsThePage(ctx, page)
}

// turnsThePage presses the page's own buttons, of which one replaces the page,
// and then a button of the new page.
func (s *session) turnsThePage(ctx context.Context, page chat.Message) error {
	back, more, fresh := page.Buttons[0], page.Buttons[1], button(chat.Vote, "Vote 3")
	if _, err := s.pressed(ctx, 0, back); err != nil {
		return err
	}
	s.bot.on(more.Action, saying(chat.Message{
		Replace: true,
		Text:    chat.Plain("The other page"),
		Cards:   []chat.Card{{Number: 3, Title: chat.Plain("Title 3"), Buttons: []chat.Button{fresh}}},
	}))
	shown, err := s.pressed(ctx, 0, more)
	if err != nil {
		return err
	}
	if err := shown.has("The other page", "Title 3"); err != nil {
		return err
	}
	_, err = s.pressed(ctx, 3, fresh)
	return err
}

// pressed presses b and checks what reaches the handler.
func (s *session) pressed(ctx context.Context, card int, b chat.Button) (Shown, error) {
	if err := s.Press(ctx, s.me, card, b); err != nil {
		return Shown{}, fmt.Errorf("press %q: %w", b.Label, err)
	}
	p, err := heard[chat.Press](ctx, s)
	if err != nil {
		return Shown{}, fmt.Errorf("press %q: %w", b.Label, err)
	}
	if p.Action != b.Action {
		return Shown{}, fmt.Errorf("pressed %q with action %q, the handler got %q", b.Label, b.Action, p.Action)
	}
	if err := s.circumstances(p.By, s.me, p.In, p.At); err != nil {
		return Shown{}, fmt.Errorf("press %q: %w", b.Label, err)
	}
	return saw(ctx, s, "the answer to a press")
}

const words = "what about https://arxiv.org/abs/2401.08383v1 & 専門家?"

func directWordsArrive(ctx context.Context, s *session) error {
	d, err := s.says(ctx, s.Say)
	if err != nil {
		return err
	}
	if !d.Direct {
		return errors.New("words to the bot alone arrived with Direct false")
	}
	return nil
}

func channelWordsArrive(ctx context.Context, s *session) error {
	c, ok := s.Fake.(Channels)
	if !ok {
		return skip("the platform has no channels")
	}
	d, err := s.says(ctx, c.SayAloud)
	if err != nil {
		return err
	}
	if d.Direct {
		return errors.New("words to a channel arrived with Direct true")
	}
	if d.Post.Place != s.Place() {
		return fmt.Errorf("words said in %+v arrived from %+v", s.Place(), d.Post.Place)
	}
	return nil
}

// says is what arrives of words said by say, whose answer is shown.
func (s *session) says(ctx context.Context, say func(context.Context, chat.Person, string) error) (chat.Said, error) {
	if err := say(ctx, s.me, words); err != nil {
		return chat.Said{}, fmt.Errorf("say: %w", err)
	}
	d, err := heard[chat.Said](ctx, s)
	if err != nil {
		return d, err
	}
	if d.Text != words || d.By != s.me || d.Post.ID == "" || d.At.IsZero() {
		return d, fmt.Errorf("%+v said %q; the handler got %+v", s.me, words, d)
	}
	shown, err := saw(ctx, s, "the answer to what was said")
	if err != nil {
		return d, err
	}
	return d, shown.has(standard)
}

// ownMessagesAreNotHeard looks at what reached the handler when listening has
// ended: calls overlap, and only then none is still under way.
func ownMessagesAreNotHeard(ctx context.Context, f Fake) error {
	s, during, stop := listen(ctx, f)
	err := sendAndSay(during, s)
	if stopped := stop(); err == nil {
		err = stopped
	}
	if err != nil {
		return err
	}
	for {
		select {
		case event := <-s.bot.events:
			if d, ok := event.(chat.Said); !ok || d.Text != after {
				return fmt.Errorf("the bot's own message reached the handler: %+v", event)
			}
		default:
			return nil
		}
	}
}

// after is what a person says after the bot.
const after = "after it"

// sendAndSay has the bot send a message and a person say one after it, and waits
// until both are shown or heard.
func sendAndSay(ctx context.Context, s *session) error {
	if _, err := s.Platform().Send(ctx, s.Place(), chat.Message{Text: chat.Plain(words)}); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	if _, err := saw(ctx, s, "a sent message"); err != nil {
		return err
	}
	if err := s.Say(ctx, s.me, after); err != nil {
		return fmt.Errorf("say: %w", err)
	}
	_, err := saw(ctx, s, "the answer to words")
	return err
}

func emptyShowsNothing(ctx context.Context, s *session) error {
	s.bot.on("nothing", saying(chat.Message{}))
	if err := s.Command(ctx, s.me, "papers", "nothing"); err != nil {
		return fmt.Errorf("type a command: %w", err)
	}
	if _, err := heard[chat.Command](ctx, s); err != nil {
		return err
	}
	if err := s.Say(ctx, s.me, "nothing"); err != nil {
		return fmt.Errorf("say: %w", err)
	}
	if _, err := heard[chat.Said](ctx, s); err != nil {
		return err
	}
	_, shown, err := s.commanded(ctx, s.me, "papers", "something")
	if err != nil {
		return err
	}
	if err := shown.has(standard); err != nil {
		return fmt.Errorf("an empty answer showed something: %w", err)
	}
	return nil
}

func panicEndsNothing(ctx context.Context, s *session) error {
	s.bot.on("boom", func(context.Context) chat.Message { panic("boom") })
	_, shown, err := s.commanded(ctx, s.me, "papers", "boom")
	if err != nil {
		return err
	}
	if squeezed(shown.Text) == "" {
		return errors.New("a command whose handler panics was answered with nothing")
	}
	if err := s.Say(ctx, s.me, "boom"); err != nil {
		return fmt.Errorf("say: %w", err)
	}
	if _, err := heard[chat.Said](ctx, s); err != nil {
		return err
	}
	_, shown, err = s.commanded(ctx, s.me, "papers", "after")
	for err == nil && shown.has(standard) != nil { // an apology for what was said may come first
		shown, err = saw(ctx, s, "the answer to a command after a panic")
	}
	return err
}

// listenEnds ends Listen while a call of the handler is waiting for that.
func listenEnds(ctx context.Context, f Fake) error {
	s, during, stop := listen(ctx, f)
	s.bot.on("wait", func(ctx context.Context) chat.Message {
		<-ctx.Done()
		return chat.Message{}
	})
	err := s.Command(during, s.me, "papers", "wait")
	if err == nil {
		_, err = heard[chat.Command](during, s)
	}
	if stopped := stop(); err == nil {
		err = stopped
	}
	return err
}
