package slack

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperboy/internal/chat"
)

// TestPublishedPayloadsAreTaken delivers every payload that Slack publishes, by
// both ways. Each is acknowledged, those that mean something are heard, and the
// app goes on.
func TestPublishedPayloadsAreTaken(t *testing.T) {
	dir := needPublished(t)
	heard := map[string]string{
		"event.app_uninstalled.json":            "chat.Left",
		"event.reaction_added.json":             "chat.Reaction",
		"event.message.file_share.json":         "chat.Said",
		"event.message.thread_broadcast.json":   "chat.Said",
		"events_api.message.json":               "chat.Said",
		"event.link_shared.json":                "chat.Linked",
		"inner.app_home_opened.json":            "chat.Visit",
		"interactive.block_actions.json":        "chat.Press",
		"command.slash.json":                    "chat.Command",
		"slash_commands.hello-socket-mode.json": "chat.Command",
	}
	both(t, func(t *testing.T, f *fake, e *ear) {
		for n, file := range payloadFiles(t, dir) {
			kind, payload := readPayload(t, file, n)
			if kind == "" {
				continue
			}
			if _, err := f.deliver(soon(t), kind, payload); err != nil {
				t.Errorf("%s is not acknowledged: %v", filepath.Base(file), err)
			}
			if want := heard[filepath.Base(file)]; want != "" {
				if got := typeName(next[any](t, e)); got != want {
					t.Errorf("%s: the handler hears a %s, want a %s", filepath.Base(file), got, want)
				}
			}
		}
		if len(e.events) > 0 {
			t.Errorf("the handler also hears %+v", <-e.events)
		}
		e.answer = func(any) chat.Message { return chat.Message{Text: chat.Plain("still here")} }
		if err := f.Command(soon(t), person(ann), "papers", "moe"); err != nil {
			t.Fatal(err)
		}
		for !strings.Contains(f.see(t).Text, "still here") {
		}
	})
}

func typeName(v any) string { return fmt.Sprintf("%T", v) }

func payloadFiles(t *testing.T, dir string) (files []string) {
	t.Helper()
	for _, pattern := range []string{"http/*.json", "socket/*.json", "docs/*.json", "shapes/*.json"} {
		some, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, some...)
	}
	if len(files) < 40 {
		t.Fatalf("there are %d payloads", len(files))
	}
	return files
}

// readPayload is what a file holds, with ids of its own, and how it is
// delivered: payloads of both ways are the same inside.
func readPayload(t *testing.T, file string, n int) (kind string, payload map[string]any) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &payload); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	base := filepath.Base(file)
	if envelope, ok := payload["payload"].(map[string]any); ok {
		payload = envelope
	}
	id := "Ev-" + base
	switch {
	case strings.HasPrefix(base, "inner."):
		return "events_api", callback(id, payload)
	case payload["type"] == "hello", payload["type"] == "disconnect":
		return "", nil
	case payload["event"] != nil, payload["type"] == "url_verification", payload["type"] == "app_rate_limited", strings.HasPrefix(base, "event."):
		payload["event_id"] = id
		return "events_api", payload
	case payload["command"] != nil:
		delete(payload, "response_url") // which leads to Slack
		for name, v := range payload {
			if _, text := v.(string); !text {
				delete(payload, name)
			}
		}
		return "slash_commands", payload
	}
	delete(payload, "response_url")
	return "interactive", payload
}

func TestManifestIsValidAndAsksForWhatIsUsed(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(needPublished(t), "manifest.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(b, &schema); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"", "https://paperboy.example.org/"} {
		text, err := Manifest(address)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatal(err)
		}
		if err := checkIn(schema["definitions"].(map[string]any), schema, m, "manifest"); err != nil {
			t.Errorf("the manifest for %q: %v", address, err)
		}
		if urls := strings.Count(text, `"https://paperboy.example.org/slack/`); urls != map[bool]int{true: 0, false: 4}[address == ""] {
			t.Errorf("the manifest for %q has %d addresses:\n%s", address, urls, text)
		}
	}
	for _, e := range events {
		if missing := lacking(e.scopes, scopeNames()); len(missing) > 0 {
			t.Errorf("the event %s needs %q, which is not asked for", e.name, missing)
		}
	}
	for _, address := range []string{"http://paperboy.example.org", "paperboy.example.org", "https://"} {
		if _, err := Manifest(address); err == nil {
			t.Errorf("the address %q is taken", address)
		}
	}
}

func TestCheckNamesWhatIsMissing(t *testing.T) {
	f := newFake(t, bySocket)
	f.answer["auth.test"] = fault{header: map[string][]string{"X-Oauth-Scopes": {"chat:write,commands,links:read,links:write,im:write,im:history,users:read,channels:read,groups:read,channels:history,groups:history"}}, body: `{"ok":true,"team":"Test","team_id":"T0001","user":"paperboy","user_id":"U0BOT","bot_id":"B0BOT"}`}
	f.answer["bots.info"] = fault{body: `{"ok":true,"bot":{"id":"B0BOT","app_id":"A1"}}`}
	f.answer["apps.manifest.export"] = fault{body: `{"ok":true,"manifest":{"settings":{"event_subscriptions":{"bot_events":["app_home_opened","link_shared","member_joined_channel","message.channels","message.groups","reaction_added","app_uninstalled","tokens_revoked"]}}}}`}
	for token, want := range map[string][]string{
		"":         {"channels:join (", "reactions:read (", "these events do not come: reaction_added, reaction_removed"},
		"xoxe-abc": {"channels:join (", ", message.im, reaction_removed"},
	} {
		var all strings.Builder
		for _, x := range f.app.Check(t.Context(), token) {
			all.WriteString(x.Fine + x.Wrong + "\n")
		}
		for _, w := range want {
			if !strings.Contains(all.String(), w) {
				t.Errorf("the check with the token %q lacks %q:\n%s", token, w, all.String())
			}
		}
	}
	f.answer["auth.test"] = fault{body: `{"ok":false,"error":"invalid_auth"}`}
	if all := f.app.Check(t.Context(), ""); len(all) != 1 || !strings.Contains(all[0].Wrong, "bot token") {
		t.Errorf("with a wrong token the check says %+v", all)
	}
}
