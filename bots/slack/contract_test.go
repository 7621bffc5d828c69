package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"paperboy/bots/bottest"
	"paperboy/internal/chat"
)

func TestSocketModeKeepsTheContract(t *testing.T) {
	bottest.Run(t, func(t *testing.T) bottest.Fake { return newFake(t, Options{AppToken: "xapp-test"}) })
}

func TestHTTPKeepsTheContract(t *testing.T) {
	bottest.Run(t, func(t *testing.T) bottest.Fake { return newFake(t, Options{SigningSecret: testSecret}) })
}

// fake is the app with hands and eyes on the stand-in.
type fake struct{ *service }

func newFake(t testing.TB, o Options) *fake {
	s := newService(t)
	s.connect(o)
	return &fake{s}
}

func person(id string) chat.Person { return chat.Person{Platform: name, Space: testTeam, ID: id} }

func (f *fake) Platform() chat.Platform { return f.app }
func (f *fake) People() []chat.Person   { return []chat.Person{person(ann), person(bob)} }
func (f *fake) Manager() chat.Person    { return person(ann) }
func (f *fake) Member() chat.Person     { return person(bob) }
func (f *fake) Place() chat.Place {
	return chat.Place{Platform: name, Space: testTeam, Channel: testChannel}
}

func (f *fake) Called(p chat.Person) string {
	return map[string]string{ann: "Ann Example", bob: "Bob <!here>"}[p.ID]
}

func (f *fake) Command(ctx context.Context, by chat.Person, name, text string) error {
	return f.commandIn(ctx, by.ID, testChannel, name, text)
}

func (f *fake) commandIn(ctx context.Context, user, channel, name, text string) error {
	f.mu.Lock()
	url := f.responseURL(target{channel: channel, user: user})
	f.mu.Unlock()
	_, err := f.deliver(ctx, "slash_commands", map[string]any{
		"command": "/" + name, "text": escape.Replace(text), "team_id": testTeam, "channel_id": channel, "channel_name": "general",
		"user_id": user, "user_name": "ann", "response_url": url, "trigger_id": "1.2.abc", "token": "t",
	})
	return err
}

func (f *fake) Press(ctx context.Context, by chat.Person, _ int, b chat.Button) error {
	on, action := f.button(b.Label)
	if on == nil {
		return fmt.Errorf("no button %q", b.Label)
	}
	f.mu.Lock()
	url := f.responseURL(target{channel: on.channel, user: by.ID, original: on})
	action["action_ts"] = f.now()
	f.mu.Unlock()
	_, err := f.deliver(ctx, "interactive", map[string]any{
		"type": "block_actions", "user": map[string]any{"id": by.ID}, "team": map[string]any{"id": testTeam}, "trigger_id": "1.2.abc",
		"container": map[string]any{"type": "message", "message_ts": on.ts, "channel_id": on.channel, "is_ephemeral": on.only != ""},
		"channel":   map[string]any{"id": on.channel}, "response_url": url, "actions": []any{action},
	})
	return err
}

func (f *fake) Say(ctx context.Context, by chat.Person, text string) error {
	return f.say(ctx, by.ID, dmOf(by.ID), "im", text)
}

func (f *fake) SayAloud(ctx context.Context, by chat.Person, text string) error {
	return f.say(ctx, by.ID, testChannel, "channel", text)
}

// say writes a message. Slack takes it at once; the event comes after it.
func (f *fake) say(ctx context.Context, user, channel, kind, text string) error {
	f.mu.Lock()
	p := &posted{channel: channel, ts: f.now(), user: user, args: map[string]any{"text": escape.Replace(text)}}
	f.posts = append(f.posts, p)
	f.mu.Unlock()
	go func() {
		_ = f.event(ctx, map[string]any{"type": "message", "channel": channel, "channel_type": kind, "user": user, "ts": p.ts, "event_ts": p.ts, "text": marked(text)})
	}()
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

func (f *fake) ThreadOf(s bottest.Shown) string { return s.Raw.(seen).post.thread }
func (f *fake) Edited(s bottest.Shown) string   { return s.Raw.(seen).edited }

func (f *fake) React(ctx context.Context, by chat.Person, on chat.Post, emoji string, removed bool) error {
	kind := "reaction_added"
	if removed {
		kind = "reaction_removed"
	}
	f.mu.Lock()
	ts := f.now()
	f.mu.Unlock()
	return f.event(ctx, map[string]any{
		"type": kind, "user": by.ID, "reaction": emoji, "item_user": botUser, "event_ts": ts,
		"item": map[string]any{"type": "message", "channel": on.Channel, "ts": on.ID},
	})
}

func (f *fake) Emoji() map[string]string {
	return map[string]string{"+1": "+1", "thumbsup": "+1", "+1::skin-tone-4": "+1", "thumbsup::skin-tone-2": "+1", "rocket": "rocket", "man-shrugging::skin-tone-6": "man-shrugging"}
}

func (f *fake) BotReacts(ctx context.Context, ours bool, on chat.Post, emoji string) error {
	who := otherBot
	if ours {
		who = botUser
	}
	return f.React(ctx, person(who), on, emoji, false)
}

func (f *fake) Joins(ctx context.Context, by chat.Person) error {
	f.mu.Lock()
	ts := f.now()
	f.mu.Unlock()
	return f.event(ctx, map[string]any{"type": "member_joined_channel", "user": botUser, "channel": testChannel, "inviter": by.ID, "event_ts": ts})
}

func (f *fake) Leaves(ctx context.Context) error {
	f.mu.Lock()
	ts := f.now()
	f.mu.Unlock()
	return f.event(ctx, map[string]any{"type": "channel_left", "channel": testChannel, "actor_id": ann, "event_ts": ts})
}

func (f *fake) Link(ctx context.Context, by chat.Person, links ...string) error {
	f.mu.Lock()
	ts := f.now()
	f.mu.Unlock()
	var all []any
	for _, link := range links {
		all = append(all, map[string]any{"domain": "arxiv.org", "url": escape.Replace(link)})
	}
	return f.event(ctx, map[string]any{"type": "link_shared", "channel": testChannel, "user": by.ID, "message_ts": ts, "event_ts": ts, "source": "conversations_history", "unfurl_id": "u", "links": all})
}

func (f *fake) Visit(ctx context.Context, by chat.Person) error {
	return f.event(ctx, map[string]any{"type": "app_home_opened", "user": by.ID, "channel": dmOf(by.ID), "tab": "home", "event_ts": "1515449522000016"})
}

// Fill hands in the window that was opened last.
func (f *fake) Fill(ctx context.Context, by chat.Person, values map[string][]string) (map[string]string, error) {
	f.mu.Lock()
	window := f.window
	f.mu.Unlock()
	if window == nil {
		select {
		case <-f.windows:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		return f.Fill(ctx, by, values)
	}
	f.mu.Lock()
	trigger := f.now()
	f.mu.Unlock()
	ack, err := f.deliver(ctx, "interactive", map[string]any{
		"type": "view_submission", "user": map[string]any{"id": by.ID}, "team": map[string]any{"id": testTeam}, "trigger_id": trigger,
		"view": map[string]any{"id": "V1", "type": "modal", "callback_id": window["callback_id"], "private_metadata": window["private_metadata"], "state": map[string]any{"values": stateOf(window, values)}},
	})
	var verdict struct{ Errors map[string]string }
	if len(ack) > 0 && err == nil {
		err = json.Unmarshal(ack, &verdict)
	}
	return verdict.Errors, err
}

// stateOf is what Slack says of the fields of a window that were filled in.
func stateOf(window map[string]any, values map[string][]string) map[string]any {
	state := map[string]any{}
	for _, b := range window["blocks"].([]any) {
		block := b.(map[string]any)
		element, _ := block["element"].(map[string]any)
		id, _ := block["block_id"].(string)
		var chosen []any
		for _, v := range values[id] {
			chosen = append(chosen, map[string]any{"value": v})
		}
		filled := map[string]any{"type": element["type"]}
		switch element["type"] {
		case "static_select":
			filled["selected_option"] = chosen[0]
		case "multi_static_select":
			filled["selected_options"] = chosen
		case "plain_text_input":
			filled["value"] = values[id][0]
		default:
			continue
		}
		state[id] = map[string]any{element["action_id"].(string): filled}
	}
	return state
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
		bottest.Throttle: next(fault{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"3"}}}),
		bottest.Refuse:   next(fault{body: `{"ok":false,"error":"is_archived"}`}),
		bottest.Break:    next(fault{body: `{"ok":false,"error":"service_unavailable"}`}),
		bottest.Lose:     next(fault{lose: true}),
	}
}

// soon is long enough for what should happen at once.
func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}
