package discord

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
)

func TestErrorsAreSorted(t *testing.T) {
	const throttled, refused, gone, unsure, nothing = "throttled", "refused", "gone", "unsure", "nothing was done"
	kind := func(err error) string {
		var r *chat.Refused
		switch {
		case errors.As(err, new(*chat.Throttled)):
			return throttled
		case errors.As(err, &r) && r.Gone:
			return gone
		case errors.As(err, &r):
			return refused
		case errors.As(err, new(*chat.Unsure)):
			return unsure
		}
		return nothing
	}
	for _, test := range []struct {
		status int
		body   string
		want   string
	}{
		{403, `{"code":50013,"message":"Missing Permissions"}`, gone},
		{403, `{"code":50001,"message":"Missing Access"}`, gone},
		{404, `{"code":10003,"message":"Unknown Channel"}`, gone},
		{404, `{"code":10004,"message":"Unknown Guild"}`, gone},
		{403, `{"code":50007,"message":"Cannot send messages to this user"}`, gone},
		{401, `{"code":0,"message":"401: Unauthorized"}`, gone},
		{404, `{"code":10008,"message":"Unknown Message"}`, refused},
		{400, `{"code":50035,"message":"Invalid Form Body","errors":{"embeds":{}}}`, refused},
		{400, `{"code":200000,"message":"blocked by automatic moderation"}`, refused},
		{400, `{"code":999999,"message":"something new"}`, refused},
		{400, `{"code":20016,"message":"slowmode"}`, throttled},
		{400, `{"code":30046,"message":"Maximum number of edits to messages older than 1 hour reached"}`, throttled},
		{400, `{"code":160006,"message":"threads"}`, throttled},
		{503, `{"code":130000,"message":"API resource is currently overloaded"}`, nothing},
		{500, `{"code":0,"message":"500: Internal Server Error"}`, unsure},
		{502, `<html>Bad Gateway</html>`, unsure},
		{504, ``, unsure},
		{403, `<html>a proxy's</html>`, nothing},
		{404, ``, nothing},
	} {
		err := sorted(test.status, []byte(test.body))
		if got := kind(err); got != test.want {
			t.Errorf("%d %s is sorted as %s (%v), want %s", test.status, test.body, got, err, test.want)
		}
	}
	for code, reason := range reasons() {
		if reason == "" || kind(sorted(400, fmt.Appendf(nil, `{"code":%d,"message":"x"}`, code))) == nothing {
			t.Errorf("code %d has the reason %q", code, reason)
		}
	}
}

// reasons are all codes with a reason.
func reasons() map[int]string {
	all := map[int]string{}
	for _, m := range []map[int]string{gone, unwanted} {
		for code, reason := range m {
			all[code] = reason
		}
	}
	return all
}

// TestPublishedRateLimitsAreUnderstood reads Discord's own examples.
func TestPublishedRateLimitsAreUnderstood(t *testing.T) {
	dir := filepath.Join(needPublished(t), "ratelimit")
	for file, everywhere := range map[string]bool{"429-global.http.txt": true, "429-user.http.txt": false, "429-shared.http.txt": false} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		head, body, _ := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n{")
		header := http.Header{}
		for _, line := range strings.Split(head, "\n") {
			if key, value, ok := strings.Cut(line, ": "); ok {
				header.Set(strings.TrimLeft(key, "< "), value)
			}
		}
		f := newFake(t)
		got, ok := errors.AsType[*chat.Throttled](f.app.throttled(header, []byte("{"+body)))
		if !ok || got.After <= 0 || got.Everywhere != everywhere {
			t.Errorf("%s is %+v, want everywhere %t", file, got, everywhere)
		}
	}
}

func TestThrottleOfEachShapeIsUnderstood(t *testing.T) {
	f := newFake(t)
	for _, test := range []struct {
		name   string
		header http.Header
		body   string
		want   chat.Throttled
	}{
		{"of a bucket", nil, `{"retry_after":0.35,"global":false}`, chat.Throttled{After: 350 * time.Millisecond}},
		{"global by its body", http.Header{"Retry-After": {"2"}}, `{"retry_after":1.5,"global":true}`, chat.Throttled{After: 1500 * time.Millisecond, Everywhere: true}},
		{"global by its header", http.Header{"Retry-After": {"2"}, "X-Ratelimit-Global": {"true"}}, `{"message":"x"}`, chat.Throttled{After: 2 * time.Second, Everywhere: true}},
		{"of Cloudflare", http.Header{"Retry-After": {"7"}}, `<html>error 1015</html>`, chat.Throttled{After: 7 * time.Second, Everywhere: true}},
		{"without a time", nil, `{}`, chat.Throttled{After: restUnsaid}},
	} {
		err := f.app.throttled(test.header, []byte(test.body))
		if got, ok := errors.AsType[*chat.Throttled](err); !ok || *got != test.want {
			t.Errorf("a throttle %s is %+v, want %+v", test.name, got, test.want)
		}
	}
}

// TestNoErrorTellsASecret makes every request fail in every way.
func TestNoErrorTellsASecret(t *testing.T) {
	f := newFake(t)
	ctx := t.Context()
	m := chat.Message{Key: "k", Text: chat.Plain("x")}
	i := interaction{ID: "1", App: testApp, Token: "secret-interaction-token"}
	l := &listener{Discord: f.app, ctx: ctx}
	calls := func() (all []error) {
		_, err := f.app.Send(ctx, f.Place(), m)
		all = append(all, err)
		_, _, err = f.app.Find(ctx, f.Place(), m, time.Now())
		all = append(all, err, f.app.Edit(ctx, chat.Post{Place: f.Place(), ID: "1"}, m))
		_, err = f.app.Manages(ctx, person(ann), f.Place())
		all = append(all, err, l.callback(ctx, i, response{Type: show}), l.original(ctx, i, http.MethodPatch, render(m)))
		return all
	}
	f.server.Close()
	for n, err := range calls() {
		if err == nil || strings.Contains(err.Error(), testToken) || strings.Contains(err.Error(), i.Token) {
			t.Errorf("call %d gives %v", n, err)
		}
	}
	for _, finding := range f.app.Check(ctx) {
		if text := fmt.Sprint(finding); strings.Contains(text, testToken) {
			t.Errorf("the check says %s", text)
		}
	}
}
