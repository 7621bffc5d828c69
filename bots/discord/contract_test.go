package discord

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"paperboy/bots/bottest"
	"paperboy/internal/chat"
)

func TestDiscordKeepsTheContract(t *testing.T) {
	bottest.Run(t, func(t *testing.T) bottest.Fake { return newFake(t) })
}

// fake is the bot with hands and eyes on the stand-in.
type fake struct{ *service }

func newFake(t testing.TB) *fake {
	s := newService(t)
	s.connect(Options{Words: true})
	return &fake{s}
}

func (f *fake) Platform() chat.Platform { return f.app }
func (f *fake) People() []chat.Person   { return []chat.Person{person(ann), person(bob)} }
func (f *fake) Manager() chat.Person    { return person(ann) }
func (f *fake) Member() chat.Person     { return person(bob) }
func (f *fake) Place() chat.Place       { return place(testGuild, testChannel) }
func (f *fake) Called(p chat.Person) string {
	return map[string]string{ann: "Ann Example", bob: "Bob <!here>"}[p.ID]
}
func (f *fake) Edited(s bottest.Shown) string { return s.Raw.(seen).edited }

// ThreadOf is the message that the channel of a message has its number from.
func (f *fake) ThreadOf(s bottest.Shown) string {
	channel := s.Raw.(seen).post.channel
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.threads[channel]; ok {
		return channel
	}
	return ""
}

func (f *fake) Command(ctx context.Context, by chat.Person, name, text string) error {
	options := []any{}
	if text != "" {
		options = append(options, map[string]any{"name": "ask", "type": ofText, "value": text})
	}
	if name == "paperboy" {
		options = []any{map[string]any{"name": verbatim, "type": subcommand, "options": []any{map[string]any{"name": "text", "type": ofText, "value": text}}}}
	}
	return f.interact(ctx, by.ID, isCommand, map[string]any{"id": "1", "name": name, "type": 1, "options": options}, nil)
}

// interact does something in the channel.
func (f *fake) interact(ctx context.Context, user string, kind int, data map[string]any, on *posted) error {
	if err := f.connected(ctx); err != nil {
		return err
	}
	f.mu.Lock()
	id := f.number()
	f.tokens["tok"+id] = &token{user: user, channel: testChannel, source: on}
	f.mu.Unlock()
	permissions := map[string]string{ann: fmt.Sprint(manageChannels), bob: "0"}[user]
	i := map[string]any{
		"id": id, "application_id": testApp, "type": kind, "token": "tok" + id, "guild_id": testGuild, "channel_id": testChannel, "context": 0, "version": 1, "locale": "en-GB",
		"member": map[string]any{"user": map[string]any{"id": user, "username": "somebody"}, "permissions": permissions}, "data": data,
	}
	if on != nil {
		flags := 0
		if on.only != "" {
			flags = onlyYou
		}
		i["message"] = map[string]any{"id": on.id, "channel_id": on.channel, "flags": flags, "author": map[string]any{"id": botUser}}
	}
	f.dispatch("INTERACTION_CREATE", i)
	return nil
}

func (f *fake) Leaves(ctx context.Context) error {
	if err := f.connected(ctx); err != nil {
		return err
	}
	f.dispatch("GUILD_DELETE", map[string]any{"id": testGuild})
	return nil
}

func (f *fake) Joins(ctx context.Context, _ chat.Person) error {
	if err := f.connected(ctx); err != nil {
		return err
	}
	f.dispatch("GUILD_DELETE", map[string]any{"id": testGuild, "unavailable": true}) // it was never put out
	f.dispatch("GUILD_CREATE", map[string]any{"id": testGuild, "joined_at": time.Now().Format(time.RFC3339Nano), "system_channel_id": testChannel})
	return nil
}

func (f *fake) Press(ctx context.Context, by chat.Person, card int, b chat.Button) error {
	on, customID := f.button(card, b.Label)
	if on == nil {
		return fmt.Errorf("no button %q", b.Label)
	}
	return f.interact(ctx, by.ID, isPress, map[string]any{"custom_id": customID, "component_type": kindButton}, on)
}

// button is the latest with a label.
func (f *fake) button(card int, label string) (*posted, string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range slices.Backward(f.posts) {
		rows, _ := p.body["components"].([]any)
		for _, r := range rows {
			for _, c := range r.(map[string]any)["components"].([]any) {
				c := c.(map[string]any)
				if l := str(c, "label"); l == label || l == fmt.Sprintf("%d · %s", card, label) {
					return p, str(c, "custom_id")
				}
			}
		}
	}
	return nil, ""
}

// Fill hands in the form that was opened last. If it could not be taken before, or
// its answer came too late to open it, a button has to be pressed.
func (f *fake) Fill(ctx context.Context, by chat.Person, values map[string][]string) (map[string]string, error) {
	var form opened
	for form.modal == nil {
		select {
		case form = <-f.forms:
		case s := <-f.screen:
			button := s.post.body["components"].([]any)[0].(map[string]any)["components"].([]any)[0].(map[string]any)
			if err := f.interact(ctx, by.ID, isPress, map[string]any{"custom_id": button["custom_id"], "component_type": kindButton}, s.post); err != nil {
				return nil, err
			}
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	if err := f.handIn(ctx, form, values); err != nil {
		return nil, err
	}
	select {
	case s := <-f.screen:
		problems := map[string]string{}
		for _, c := range form.modal["components"].([]any) {
			c := c.(map[string]any)
			if _, sentence, ok := strings.Cut(s.Text, "\n"+str(c, "label")+": "); ok {
				problems[str(c["component"].(map[string]any), "custom_id")], _, _ = strings.Cut(sentence, "\n")
			}
		}
		f.screen <- s
		return problems, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// handIn fills in the fields of a form, with what stands there if there is nothing
// else to put.
func (f *fake) handIn(ctx context.Context, form opened, values map[string][]string) error {
	var filled []any
	for n, c := range form.modal["components"].([]any) {
		field := c.(map[string]any)["component"].(map[string]any)
		v := values[str(field, "custom_id")]
		part := map[string]any{"type": field["type"], "id": 2*n + 2, "custom_id": field["custom_id"], "values": v}
		if field["type"] == float64(kindText) {
			delete(part, "values")
			part["value"] = strings.Join(v, "")
		}
		filled = append(filled, map[string]any{"type": kindLabel, "id": 2*n + 1, "component": part})
	}
	return f.interact(ctx, form.user, isSubmit, map[string]any{"custom_id": form.modal["custom_id"], "components": filled}, nil)
}

func (f *fake) Say(ctx context.Context, by chat.Person, text string) error {
	return f.say(ctx, by.ID, dmOf(by.ID), text)
}

func (f *fake) SayAloud(ctx context.Context, by chat.Person, text string) error {
	return f.say(ctx, by.ID, testChannel, text)
}

func (f *fake) say(ctx context.Context, user, channel, text string) error {
	if err := f.connected(ctx); err != nil {
		return err
	}
	f.mu.Lock()
	p := &posted{id: f.number(), channel: channel, user: user, body: map[string]any{"content": text}}
	f.posts = append(f.posts, p)
	f.mu.Unlock()
	f.dispatch("MESSAGE_CREATE", f.written(p))
	return nil
}

func (f *fake) Shown(ctx context.Context) (bottest.Shown, error) {
	select {
	case s := <-f.screen:
		return s.Shown, nil
	case <-ctx.Done():
		return bottest.Shown{}, context.Cause(ctx)
	}
}

func (f *fake) React(ctx context.Context, by chat.Person, on chat.Post, emoji string, removed bool) error {
	return f.react(ctx, by.ID, on, emoji, removed, false)
}

func (f *fake) react(ctx context.Context, user string, on chat.Post, emoji string, removed, bot bool) error {
	if err := f.connected(ctx); err != nil {
		return err
	}
	kind := "MESSAGE_REACTION_ADD"
	e := map[string]any{
		"user_id": user, "guild_id": on.Space, "channel_id": on.Channel, "message_id": on.ID, "emoji": map[string]any{"id": nil, "name": emoji}, "type": 0, "burst": false,
	}
	if removed {
		kind = "MESSAGE_REACTION_REMOVE"
	} else {
		e["member"] = map[string]any{"user": map[string]any{"id": user, "bot": bot}}
	}
	f.dispatch(kind, e)
	return nil
}

func (f *fake) Emoji() map[string]string {
	return map[string]string{"👍": "👍", "👍🏽": "👍", "❤️": "❤", "🚀": "🚀", "🧑🏿‍🚀": "🧑‍🚀", "blobcat": "blobcat", "1️⃣": "1⃣"}
}

func (f *fake) BotReacts(ctx context.Context, ours bool, on chat.Post, emoji string) error {
	if ours {
		return f.react(ctx, botUser, on, emoji, false, true)
	}
	return f.react(ctx, otherBot, on, emoji, false, true)
}

func (f *fake) Faults() map[bottest.Fault]func() {
	next := func(x fault) func() {
		return func() {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.faults = append(f.faults, x)
		}
	}
	return map[bottest.Fault]func(){
		bottest.Throttle: next(fault{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"1"}}, body: `{"message":"You are being rate limited.","retry_after":0.35,"global":false}`}),
		bottest.Refuse:   next(fault{status: http.StatusForbidden, body: `{"message":"Missing Permissions","code":50013}`}),
		bottest.Break:    next(fault{status: http.StatusServiceUnavailable, body: `{"message":"overloaded","code":130000}`}),
		bottest.Lose:     next(fault{lose: true}),
	}
}

// soon is long enough for what should happen at once.
func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}
