package slack

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
)

func kindOf(err error) string {
	var throttled *chat.Throttled
	var refused *chat.Refused
	switch {
	case err == nil:
		return "sent"
	case errors.As(err, &throttled):
		return "throttled for " + throttled.After.String()
	case errors.As(err, &refused) && refused.Gone:
		return "gone"
	case errors.As(err, &refused):
		return "refused"
	case errors.As(err, new(*chat.Unsure)):
		return "unsure"
	}
	return "not sent"
}

func TestAnswersAreSorted(t *testing.T) {
	retry := func(after string) http.Header { return http.Header{"Retry-After": {after}} }
	said := func(code string) fault { return fault{body: fmt.Sprintf(`{"ok":false,"error":%q}`, code)} }
	for name, test := range map[string]struct {
		f    fault
		want string
	}{
		"429":                         {fault{status: 429, header: retry("7")}, "throttled for 7s"},
		"429 of no time":              {fault{status: 429, header: retry("0")}, "throttled for 1s"},
		"429 without Retry-After":     {fault{status: 429}, "throttled for 30s"},
		"429 with a fraction":         {fault{status: 429, header: retry("1.5")}, "throttled for 2s"},
		"429 with a date":             {fault{status: 429, header: retry("Fri, 27 Feb 2026 09:00:00 GMT")}, "throttled for 30s"},
		"429 with a page":             {fault{status: 429, body: "<html>"}, "throttled for 30s"},
		"ratelimited":                 {said("ratelimited"), "throttled for 30s"},
		"rate_limited":                {said("rate_limited"), "throttled for 30s"},
		"message_limit_exceeded":      {said("message_limit_exceeded"), "throttled for 1m0s"},
		"500":                         {fault{status: 500, body: "oops"}, "unsure"},
		"502":                         {fault{status: 502}, "unsure"},
		"503":                         {fault{status: 503}, "unsure"},
		"an answer that is no JSON":   {fault{body: "<html>"}, "unsure"},
		"half an answer":              {fault{body: `{"ok":tr`}, "unsure"},
		"an answer without a message": {fault{body: `{"ok":true}`}, "unsure"},
		"fatal_error":                 {said("fatal_error"), "unsure"},
		"internal_error":              {said("internal_error"), "unsure"},
		"service_unavailable":         {said("service_unavailable"), "not sent"},
		"request_timeout":             {said("request_timeout"), "not sent"},
		"a proxy":                     {fault{status: 403, body: "no"}, "not sent"},
		"413":                         {fault{status: 413}, "refused"},
		"msg_too_long":                {said("msg_too_long"), "refused"},
		"msg_blocks_too_long":         {said("msg_blocks_too_long"), "refused"},
		"invalid_blocks":              {said("invalid_blocks"), "refused"},
		"no_text":                     {said("no_text"), "refused"},
		"thread_not_found":            {said("thread_not_found"), "refused"},
		"a code of tomorrow":          {said("hologram_expected"), "refused"},
		"is_archived":                 {said("is_archived"), "gone"},
		"channel_not_found":           {said("channel_not_found"), "gone"},
		"restricted_action":           {said("restricted_action"), "gone"},
		"invalid_auth":                {said("invalid_auth"), "not sent"},
		"token_revoked":               {said("token_revoked"), "not sent"},
		"account_inactive":            {said("account_inactive"), "not sent"},
		"missing_scope":               {said("missing_scope"), "refused"},
		"ekm_access_denied":           {said("ekm_access_denied"), "gone"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, bySocket)
			f.faults = []fault{test.f}
			_, err := f.app.Send(t.Context(), f.Place(), chat.Message{Text: chat.Plain("hi")})
			if got := kindOf(err); got != test.want {
				t.Errorf("Send: %s (%v), want %s", got, err, test.want)
			}
			f.answer["chat.update"] = test.f
			err = f.app.Edit(t.Context(), chat.Post{Place: f.Place(), ID: "1.000001"}, chat.Message{Text: chat.Plain("hi")})
			if got := kindOf(err); got != test.want && test.f.body != `{"ok":true}` {
				t.Errorf("Edit: %s (%v), want %s", got, err, test.want)
			}
		})
	}
}

func TestMissingPermissionIsNamed(t *testing.T) {
	f := newFake(t, bySocket)
	f.faults = []fault{{body: `{"ok":false,"error":"missing_scope","needed":"chat:write","provided":"commands"}`}}
	_, err := f.app.Send(t.Context(), f.Place(), chat.Message{Text: chat.Plain("hi")})
	if err == nil || !strings.Contains(err.Error(), "chat:write") {
		t.Errorf("Send: %v, want the permission named", err)
	}
}

func TestWhatDoesNotReachSlackIsNotSent(t *testing.T) {
	f := newFake(t, bySocket)
	f.app.self = identity{team: testTeam, user: botUser, bot: botID} // so that there is no connection yet
	f.server.Close()
	_, err := f.app.Send(t.Context(), f.Place(), chat.Message{Text: chat.Plain("hi")})
	if got := kindOf(err); got != "not sent" {
		t.Errorf("Send without a network: %s (%v), want not sent", got, err)
	}
}

func TestNoErrorTellsASecret(t *testing.T) {
	f := newFake(t, Options{AppToken: "xapp-test", SigningSecret: testSecret})
	f.server.Close()
	_, sent := f.app.Send(t.Context(), f.Place(), chat.Message{Text: chat.Plain("hi")})
	_, _, found := f.app.Find(t.Context(), f.Place(), chat.Message{Key: "k"}, time.Now())
	answered := (&listener{Slack: f.app}).respond(t.Context(), f.server.URL+"/respond/hush", chat.Message{Text: chat.Plain("hi")})
	for _, err := range []error{sent, found, answered} {
		for _, secret := range []string{"xoxb-test-bot-token", "xapp-test", testSecret, "/respond/hush"} {
			if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret) {
				t.Errorf("the error %v has a secret in it, or there is none", err)
			}
		}
	}
}

func TestPlaceThatMayNotBeReadSaysSo(t *testing.T) {
	for code, want := range map[string]string{
		"missing_scope": "refused", "not_in_channel": "gone", "channel_not_found": "gone", "ratelimited": "throttled for 30s", "internal_error": "not sent",
	} {
		f := newFake(t, bySocket)
		f.answer["conversations.history"] = fault{body: fmt.Sprintf(`{"ok":false,"error":%q,"needed":"channels:history"}`, code)}
		_, ok, err := f.app.Find(t.Context(), f.Place(), chat.Message{Key: "k"}, time.Now())
		if got := kindOf(err); got != want || ok {
			t.Errorf("%s: Find says %t, %s (%v), want %s", code, ok, got, err, want)
		}
	}
}

func TestPublicChannelIsJoinedToPostThere(t *testing.T) {
	f := newFake(t, bySocket)
	f.faults = []fault{{body: `{"ok":false,"error":"not_in_channel"}`}}
	if _, err := f.app.Send(t.Context(), f.Place(), chat.Message{Text: chat.Plain("hi")}); err != nil {
		t.Errorf("Send: %v, want it to join and post", err)
	}
	if f.last("conversations.join") == nil {
		t.Error("the channel was not joined")
	}
	_, err := f.app.Send(t.Context(), chat.Place{Platform: name, Space: testTeam, Channel: testPrivate}, chat.Message{Text: chat.Plain("hi")})
	if err == nil || !strings.Contains(err.Error(), "/invite") {
		t.Errorf("Send to a private channel: %v, want it to ask to be invited", err)
	}
}

func TestOtherWorkspaceIsGone(t *testing.T) {
	f := newFake(t, bySocket)
	_, err := f.app.Send(t.Context(), chat.Place{Platform: name, Space: "T9999", Channel: testChannel}, chat.Message{Text: chat.Plain("hi")})
	if got := kindOf(err); got != "gone" {
		t.Errorf("Send: %s (%v), want gone", got, err)
	}
}

func TestThreadThatIsGoneHasNoMessage(t *testing.T) {
	f := newFake(t, bySocket)
	f.answer["conversations.replies"] = fault{body: `{"ok":false,"error":"thread_not_found"}`}
	if _, ok, err := f.app.Find(t.Context(), f.Place(), chat.Message{Key: "k", Under: "1.000001"}, time.Now()); ok || err != nil {
		t.Errorf("Find = %t, %v, want nothing", ok, err)
	}
}

func TestMessageIsFoundByItsBlockWhereMetadataIsKeptBack(t *testing.T) {
	f := newFake(t, bySocket)
	if _, err := f.app.whoAmI(t.Context()); err != nil {
		t.Fatal(err)
	}
	message := `{"ts":"%s","user":"%s","blocks":[{"type":"rich_text","block_id":"paperboy k/1"}]}`
	for user, want := range map[string]bool{botUser: true, ann: false} {
		ts := stamp(time.Now())
		f.answer["conversations.history"] = fault{body: `{"ok":true,"messages":[` + fmt.Sprintf(message, ts, user) + `]}`}
		post, ok, err := f.app.Find(t.Context(), f.Place(), chat.Message{Key: "k/1"}, time.Now().Add(-time.Minute))
		if ok != want || err != nil || ok && post.ID != ts {
			t.Errorf("a message of %s: Find = %+v, %t, %v, want %t", user, post, ok, err, want)
		}
	}
}

func TestHistoryIsLookedThroughPageByPage(t *testing.T) {
	f := newFake(t, bySocket)
	f.answer["conversations.history"] = fault{body: `{"ok":true,"messages":[],"has_more":true,"response_metadata":{"next_cursor":"abc"}}`}
	_, ok, err := f.app.Find(t.Context(), f.Place(), chat.Message{Key: "k"}, time.Now())
	if ok || err == nil {
		t.Errorf("an endless history: Find = %t, %v, want an error: nobody knows", ok, err)
	}
	if f.last("conversations.history")["cursor"] != "abc" {
		t.Error("the next page was not asked for")
	}
}
