package discord

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
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
	for _, code := range documented {
		err := sorted(400, fmt.Appendf(nil, `{"code":%d,"message":"x"}`, code))
		if got := kind(err); got == unsure || got == nothing && !passing[code] {
			t.Errorf("code %d is sorted as %s", code, got)
		}
	}
	for code := range throttles {
		mustBeDocumented(t, code)
	}
	for code := range passing {
		mustBeDocumented(t, code)
	}
	for code, reason := range reasons() {
		mustBeDocumented(t, code)
		if reason == "" || kind(sorted(400, fmt.Appendf(nil, `{"code":%d,"message":"x"}`, code))) == nothing {
			t.Errorf("code %d has the reason %q", code, reason)
		}
	}
}

// documented are all codes that Discord documents, as of the commit 1014293 of
// https://github.com/discord/discord-api-docs, developers/topics/opcodes-and-status-codes.mdx.
var documented = []int{
	0, 10001, 10002, 10003, 10004, 10005, 10006, 10007, 10008, 10009, 10010, 10011, 10012, 10013, 10014, 10015, 10016, 10020, 10021, 10026, 10027, 10028, 10029, 10030,
	10031, 10032, 10033, 10036, 10038, 10049, 10050, 10057, 10059, 10060, 10061, 10062, 10063, 10065, 10066, 10067, 10068, 10069, 10070, 10071, 10087, 10097, 10124, 10129,
	20001, 20002, 20009, 20012, 20015, 20016, 20018, 20022, 20024, 20028, 20029, 20031, 20035, 30001, 30002, 30003, 30004, 30005, 30007, 30008, 30010, 30011, 30013, 30015,
	30016, 30018, 30019, 30030, 30031, 30032, 30033, 30034, 30035, 30037, 30038, 30039, 30040, 30042, 30045, 30046, 30047, 30048, 30052, 30056, 30058, 30060, 30061, 40001,
	40002, 40003, 40004, 40005, 40006, 40007, 40009, 40012, 40018, 40019, 40032, 40033, 40041, 40043, 40058, 40060, 40061, 40062, 40066, 40067, 40074, 40094, 40333, 50001,
	50002, 50003, 50004, 50005, 50006, 50007, 50008, 50009, 50010, 50011, 50012, 50013, 50014, 50015, 50016, 50017, 50019, 50020, 50021, 50024, 50025, 50026, 50027, 50028,
	50033, 50034, 50035, 50036, 50039, 50041, 50045, 50046, 50054, 50055, 50057, 50067, 50068, 50070, 50073, 50074, 50080, 50081, 50083, 50084, 50085, 50086, 50091, 50095,
	50097, 50101, 50109, 50110, 50123, 50124, 50131, 50132, 50138, 50144, 50145, 50146, 50151, 50159, 50160, 50161, 50162, 50163, 50167, 50173, 50178, 50192, 50278, 50600,
	60003, 80004, 90001, 90002, 110000, 110001, 130000, 150006, 160002, 160004, 160005, 160006, 160007, 160014, 170001, 170002, 170003, 170004, 170005, 170006, 170007, 180000,
	180002, 200000, 200001, 220001, 220002, 220003, 220004, 240000, 340015, 350000, 350001, 400001, 500000, 520000, 520001, 520002, 520003, 520004, 520006, 530000, 530001,
	530002, 530003, 530004, 530006, 530007,
}

func mustBeDocumented(t *testing.T, code int) {
	t.Helper()
	if !slices.Contains(documented, code) {
		t.Errorf("Discord documents no code %d", code)
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
