package slack

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
)

// both runs a test over both ways to be connected.
func both(t *testing.T, test func(t *testing.T, f *fake, e *ear)) {
	for way, o := range map[string]Options{"Socket Mode": bySocket, "HTTP": byHTTP} {
		t.Run(way, func(t *testing.T) {
			e := newEar()
			test(t, listening(t, o, e), e)
		})
	}
}

// interact delivers an interaction and returns the acknowledgement.
func (f *fake) interact(t *testing.T, payload map[string]any) []byte {
	t.Helper()
	f.mu.Lock()
	payload["user"], payload["team"], payload["trigger_id"] = map[string]any{"id": ann}, map[string]any{"id": testTeam}, f.now()
	f.mu.Unlock()
	ack, err := f.deliver(soon(t), "interactive", payload)
	if err != nil {
		t.Fatal(err)
	}
	return ack
}

func settings() *chat.Form {
	return &chat.Form{
		Name: "settings", In: chat.Place{Platform: name, Space: testTeam, Channel: testChannel}, Title: "Daily picks of this channel", Submit: "Save", Intro: chat.Plain("Next post: Monday."),
		Fields: []chat.Field{
			{Name: "topics", Label: "Topics", Kind: chat.Lines, Values: []string{"moe\n<!channel>"}, Hint: "One a line."},
			{Name: "count", Label: "Papers", Kind: chat.OneOf, Options: []chat.Option{{Value: "1", Label: "one"}, {Value: "3", Label: "three"}}, Values: []string{"3"}},
			{Name: "sources", Label: "Sources", Kind: chat.Several, Options: []chat.Option{{Value: "arxiv", Label: "arXiv"}}, Values: []string{"arxiv"}, Optional: true},
		},
	}
}

// submission hands in the window of a form.
func submission(view map[string]any) map[string]any {
	return map[string]any{"type": "view_submission", "view": map[string]any{
		"id": "V1", "type": "modal", "callback_id": view["callback_id"], "private_metadata": view["private_metadata"],
		"state": map[string]any{"values": map[string]any{
			"topics":  map[string]any{"value": map[string]any{"type": "plain_text_input", "value": "moe\nrouting"}},
			"count":   map[string]any{"value": map[string]any{"type": "static_select", "selected_option": map[string]any{"value": "1"}}},
			"sources": map[string]any{"value": map[string]any{"type": "multi_static_select", "selected_options": []any{map[string]any{"value": "arxiv"}, map[string]any{"value": "hf"}}}},
		}},
	}}
}

func TestSettingsAreAWindowWithProblemsInItsFields(t *testing.T) {
	both(t, func(t *testing.T, f *fake, e *ear) {
		e.answer = func(event any) chat.Message {
			if _, ok := event.(chat.Command); ok {
				return chat.Message{Text: chat.Plain("Settings"), Form: settings()}
			}
			return chat.Message{Text: chat.Plain("Saved.")}
		}
		if err := f.Command(soon(t), person(ann), "paperboy", "settings"); err != nil {
			t.Fatal(err)
		}
		next[chat.Command](t, e)
		view := f.wait(t, "views.open")["view"].(map[string]any)

		e.wrong = map[string]string{"topics": "That is too long."}
		ack := f.interact(t, submission(view))
		if got := strings.TrimSpace(string(ack)); !strings.Contains(got, `"response_action":"errors"`) || !strings.Contains(got, `"topics":"That is too long."`) {
			t.Errorf("a form with a problem is acknowledged with %s", got)
		}
		got := next[chat.Filled](t, e)
		if got.Form != "settings" || got.In != f.Place() || got.By != person(ann) || got.Value("topics") != "moe\nrouting" || got.Value("count") != "1" || !slices.Equal(got.Values["sources"], []string{"arxiv", "hf"}) {
			t.Errorf("the handler got %+v", got)
		}
		e.wrong = nil
		if ack := f.interact(t, submission(view)); len(strings.TrimSpace(string(ack))) > 0 && string(ack) != "null" {
			t.Errorf("a form without problems is acknowledged with %s, want it closed", ack)
		}
		next[chat.Filled](t, e)
		if s := f.see(t); !strings.Contains(s.Text, "Saved.") || s.To != person(ann) {
			t.Errorf("shown is %q to %v, want the answer to the person alone", s.Text, s.To)
		}
	})
}

func TestFormThatCannotBeOpenedIsShownAsText(t *testing.T) {
	e := newEar()
	e.answer = func(any) chat.Message {
		return chat.Message{Text: chat.Plain("Settings of this channel"), Form: settings()}
	}
	f := newFake(t, bySocket)
	f.answer["views.open"] = fault{body: `{"ok":false,"error":"expired_trigger_id"}`}
	f.listen(t, e)
	if err := f.Command(soon(t), person(ann), "paperboy", "settings"); err != nil {
		t.Fatal(err)
	}
	if s := f.see(t); !strings.Contains(s.Text, "Settings of this channel") {
		t.Errorf("shown is %q", s.Text)
	}
}

func TestSearchShortcutFindsInAWindow(t *testing.T) {
	both(t, func(t *testing.T, f *fake, e *ear) {
		e.answer = func(event any) chat.Message {
			if p, ok := event.(chat.Press); ok && p.Action == chat.SearchForm {
				return chat.Message{Form: &chat.Form{Name: "search", Title: "Search papers", Fields: []chat.Field{{Name: "query", Label: "What?", Kind: chat.Line}}}}
			}
			return chat.Message{Text: chat.Plain("14 papers"), Cards: []chat.Card{paperCard(1)}}
		}
		f.interact(t, map[string]any{"type": "shortcut", "callback_id": searchShortcut, "action_ts": "1.1"})
		if p := next[chat.Press](t, e); p.In != chat.Direct(person(ann)) {
			t.Errorf("a shortcut without a channel is used in %v", p.In)
		}
		view := f.wait(t, "views.open")["view"].(map[string]any)
		ack := f.interact(t, submission(view))
		var opened struct {
			Action string `json:"response_action"`
			View   struct {
				External string `json:"external_id"`
			}
		}
		if err := json.Unmarshal(ack, &opened); err != nil || opened.Action != "update" || opened.View.External == "" {
			t.Fatalf("the acknowledgement is %s, %v", ack, err)
		}
		f.wait(t, "views.update") // Slack has not opened the window yet
		f.mu.Lock()
		f.views[opened.View.External] = true
		f.mu.Unlock()
		if shown := f.see(t); !strings.Contains(shown.Text, "Outrageously Large") || f.last("views.update")["external_id"] != opened.View.External {
			t.Errorf("the window is filled with %s", shown.Text)
		}
	})
}

func TestAddToPapersTakesInAMessage(t *testing.T) {
	both(t, func(t *testing.T, f *fake, e *ear) {
		e.answer = func(any) chat.Message { return chat.Message{Text: chat.Plain("Added to the feed.")} }
		f.mu.Lock()
		url := f.responseURL(target{channel: testChannel, user: ann})
		f.mu.Unlock()
		f.interact(t, map[string]any{
			"type": "message_action", "callback_id": addShortcut, "channel": map[string]any{"id": testChannel}, "message_ts": "1700000000.000100", "response_url": url,
			"message": map[string]any{"type": "message", "user": bob, "ts": "1700000000.000100", "text": "read <https://arxiv.org/abs/1701.06538|this>", "blocks": []any{map[string]any{"type": "actions", "elements": []any{map[string]any{"type": "hologram"}}}}},
		})
		s := next[chat.Said](t, e)
		if !s.Asked || s.Text != "read https://arxiv.org/abs/1701.06538\n\n" && s.Text != "read https://arxiv.org/abs/1701.06538" || s.By != person(ann) || s.Post.ID != "1700000000.000100" {
			t.Errorf("the handler got %+v", s)
		}
		if shown := f.see(t); shown.To != person(ann) || !strings.Contains(shown.Text, "Added") {
			t.Errorf("shown is %q to %v", shown.Text, shown.To)
		}
	})
}

func TestLinksAreUnfurled(t *testing.T) {
	both(t, func(t *testing.T, f *fake, e *ear) {
		link := "https://arxiv.org/abs/1701.06538?a=1&amp;b=2"
		shared := map[string]any{
			"type": "link_shared", "channel": testChannel, "user": ann, "message_ts": "1700000000.000100", "event_ts": "1700000001.000100", "source": "conversations_history",
			"unfurl_id": "u1", "links": []any{map[string]any{"domain": "arxiv.org", "url": link}},
		}
		if err := f.event(soon(t), shared); err != nil {
			t.Fatal(err)
		}
		l := next[chat.Linked](t, e)
		if !slices.Equal(l.Links, []string{"https://arxiv.org/abs/1701.06538?a=1&b=2"}) || l.By != person(ann) || l.Post.ID != "1700000000.000100" || l.At != moment("1700000001.000100") {
			t.Errorf("the handler got %+v", l)
		}
		args := f.wait(t, "chat.unfurl")
		b, _ := json.Marshal(args["unfurls"])
		if args["ts"] != "1700000000.000100" || !strings.Contains(string(b), "Outrageously Large") || !strings.Contains(string(b), `a=1\u0026amp;b=2`) {
			t.Errorf("chat.unfurl was called with %s", b)
		}
		shared["source"], shared["channel"] = "composer", "COMPOSER"
		if err := f.event(soon(t), shared); err != nil || len(e.events) > 0 {
			t.Errorf("a message that is still being written is handed over: %v", err)
		}
	})
}

func TestHomeIsShownAndAnswersInPlace(t *testing.T) {
	both(t, func(t *testing.T, f *fake, e *ear) {
		e.parts = []chat.Message{
			{Text: chat.Plain("Papers of today"), Cards: []chat.Card{paperCard(1)}, Buttons: []chat.Button{{Label: "Search", Action: chat.SearchForm}}},
			{Text: chat.Plain("Your list"), Buttons: []chat.Button{{Label: "All", Action: "saved"}}},
		}
		e.answer = func(event any) chat.Message {
			if p, ok := event.(chat.Press); ok && p.Action == "saved" {
				return chat.Message{Cards: []chat.Card{paperCard(1)}}
			}
			return chat.Message{Text: chat.Plain("You voted.")}
		}
		if err := f.event(soon(t), map[string]any{"type": "app_home_opened", "user": ann, "channel": dmOf(ann), "tab": "home", "event_ts": "1515449522000016"}); err != nil {
			t.Fatal(err)
		}
		if args := f.wait(t, "views.publish"); args["user_id"] != ann {
			t.Errorf("the page of %v is shown", args["user_id"])
		}
		press := func(does string) {
			f.interact(t, map[string]any{
				"type": "block_actions", "container": map[string]any{"type": "view", "view_id": "V1"}, "view": map[string]any{"id": "V1", "type": "home"},
				"actions": []any{map[string]any{"type": "button", "action_id": "vote 0", "value": does, "action_ts": "1.1"}},
			})
		}
		press("vote x")
		if b, _ := json.Marshal(f.wait(t, "views.publish")["view"]); !strings.Contains(string(b), "You voted.") {
			t.Errorf("after a press the page is %s", b)
		}
		press("saved")
		if b, _ := json.Marshal(f.wait(t, "views.open")["view"]); !strings.Contains(string(b), "Outrageously Large") {
			t.Errorf("a list opens as %s", b)
		}
	})
}

func TestHelloIsSaidOnlyForTheApp(t *testing.T) {
	both(t, func(t *testing.T, f *fake, e *ear) {
		e.answer = func(any) chat.Message { return chat.Message{Text: chat.Plain("Hello!")} }
		for _, user := range []string{ann, botUser} {
			if err := f.event(soon(t), map[string]any{"type": "member_joined_channel", "user": user, "channel": testChannel, "inviter": bob, "event_ts": "1700000001.000100"}); err != nil {
				t.Fatal(err)
			}
		}
		if j := next[chat.Joined](t, e); j.In != f.Place() || j.By != person(bob) {
			t.Errorf("the handler got %+v", j)
		}
		if s := f.see(t); !strings.Contains(s.Text, "Hello!") || s.To != (chat.Person{}) || len(e.events) > 0 {
			t.Errorf("shown is %q to %v; %d more events", s.Text, s.To, len(e.events))
		}
	})
}

func TestConversationWithTheBotIsDirect(t *testing.T) {
	both(t, func(t *testing.T, f *fake, e *ear) {
		for channel, want := range map[string]chat.Place{
			dmOf(ann): chat.Direct(person(ann)),
			dmOf(bob): {Platform: name, Space: testTeam, Channel: dmOf(bob)}, // ann's with bob, not with the bot
		} {
			if err := f.commandIn(soon(t), ann, channel, "paperboy", "subscribe moe"); err != nil {
				t.Fatal(err)
			}
			c := next[chat.Command](t, e)
			if c.In != want {
				t.Errorf("a command in %s is typed in %v, want %v", channel, c.In, want)
			}
			if may, err := f.app.Manages(t.Context(), person(ann), c.In); may != (channel == dmOf(ann)) || err != nil {
				t.Errorf("in %s the person manages: %t, %v", channel, may, err)
			}
		}
	})
}

func TestUsedUpAnswerGoesAnotherWay(t *testing.T) {
	e := newEar()
	e.answer = func(any) chat.Message { return chat.Message{Text: chat.Plain("the answer")} }
	f := listening(t, bySocket, e)
	for channel, method := range map[string]string{testChannel: "chat.postEphemeral", testPrivate: "chat.postMessage"} {
		if _, err := f.deliver(soon(t), "slash_commands", map[string]any{"command": "/papers", "text": "moe", "user_id": ann, "channel_id": channel, "response_url": f.server.URL + "/respond/old", "trigger_id": "1"}); err != nil {
			t.Fatal(err)
		}
		f.wait(t, method)
		if s := f.see(t); s.To != person(ann) || !strings.Contains(s.Text, "the answer") {
			t.Errorf("in %s shown is %q to %v", channel, s.Text, s.To)
		}
	}
}

func TestPanicIsAnsweredWithAReferenceAndTheListenerLivesOn(t *testing.T) {
	both(t, func(t *testing.T, f *fake, e *ear) {
		e.answer = func(event any) chat.Message {
			if c, ok := event.(chat.Command); ok && c.Text == "boom" {
				panic("boom")
			}
			return chat.Message{Text: chat.Plain("fine")}
		}
		for text, want := range map[string]string{"boom": "Something went wrong (reference ", "moe": "fine"} {
			if err := f.Command(soon(t), person(ann), "papers", text); err != nil {
				t.Fatal(err)
			}
			if s := f.see(t); !strings.Contains(s.Text, want) {
				t.Errorf("/papers %s shows %q, want %q", text, s.Text, want)
			}
		}
	})
}

func TestWhoManagesDependsOnTheSetting(t *testing.T) {
	for strict, want := range map[bool]bool{false: true, true: false} {
		o := bySocket
		o.Strict = strict
		f := newFake(t, o)
		f.answer["conversations.info"] = fault{body: `{"ok":true,"channel":{"id":"C0001","creator":"U0SOMEBODY"}}`}
		if may, err := f.app.Manages(t.Context(), person(ann), f.Place()); may != want || err != nil {
			t.Errorf("strict %t: a member manages: %t, %v, want %t", strict, may, err, want)
		}
		elsewhere := chat.Place{Platform: name, Space: testTeam, Channel: "C0OTHER"}
		if may, err := f.app.Manages(t.Context(), person(ann), elsewhere); may || err != nil {
			t.Errorf("strict %t: somebody who is not in the channel manages: %t, %v", strict, may, err)
		}
	}
}

func TestPressesAreAsOldAsSlackSays(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	l := &listener{Slack: New(Options{Now: func() time.Time { return now }})}
	for stamp, want := range map[string]time.Time{
		"1699999998.500000": time.Unix(1_699_999_998, 500_000_000), "1500000000.000000": now, "": now, "x": now,
	} {
		if got := l.pressedAt(stamp); !got.Equal(want) {
			t.Errorf("a press of %q is of %v, want %v", stamp, got, want)
		}
	}
}
