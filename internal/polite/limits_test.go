package polite

import (
	"net/http"
	"testing"
	"time"
)

var noon = time.Date(2026, 2, 27, 12, 0, 0, 0, time.UTC)

func TestRestAsked(t *testing.T) {
	tests := []struct {
		name   string
		status int
		header http.Header
		want   time.Duration
	}{
		{"nothing", 429, http.Header{}, 0},
		{"seconds", 429, http.Header{"Retry-After": {"17"}}, 17 * time.Second},
		{"decimals", 503, http.Header{"Retry-After": {" 0.25 "}}, 250 * time.Millisecond},
		{"date", 503, http.Header{"Retry-After": {"Fri, 27 Feb 2026 12:01:30 GMT"}}, 90 * time.Second},
		{"date gone by", 503, http.Header{"Retry-After": {"Fri, 27 Feb 2026 11:00:00 GMT"}}, 0},
		{"no good answer", 200, http.Header{"Retry-After": {"17"}}, 0},
		{"negative", 429, http.Header{"Retry-After": {"-5"}}, 0},
		{"no number", 429, http.Header{"Retry-After": {"NaN"}}, 0},
		{"words", 429, http.Header{"Retry-After": {"soon"}}, 0},
		{"for ever", 429, http.Header{"Retry-After": {"Inf"}}, maxRest},
		{"a huge number", 429, http.Header{"Retry-After": {"99999999999999999999"}}, maxRest},
		{"a far date", 429, http.Header{"Retry-After": {"Fri, 31 Dec 9999 23:59:59 GMT"}}, maxRest},

		{"used up", 200, http.Header{"Ratelimit": {`"api";r=0;t=55`}}, 56 * time.Second},
		{"some left", 200, http.Header{"Ratelimit": {`"api";r=1;t=55`}}, 0},
		{"some left, yet refused", 429, http.Header{"Ratelimit": {`"api";r=1;t=55`}}, 56 * time.Second},
		{"two quotas", 200, http.Header{"Ratelimit": {`"pages";r=3;t=90, "api" ; r=0 ; t=55`}}, 56 * time.Second},
		{"two quotas, both used up", 200, http.Header{"Ratelimit": {`"pages";r=0;t=90`, `"api";r=0;t=55`}}, 91 * time.Second},
		{"odd name", 200, http.Header{"Ratelimit": {`"a,b;r=9;\"t=3";r=0;t=55`}}, 56 * time.Second},
		{"starts afresh now", 200, http.Header{"Ratelimit": {`"api";r=0;t=0`}, "Ratelimit-Policy": {`"api";q=5;w=300`}}, 0},
		{"time unsaid", 200, http.Header{"Ratelimit": {`"api";r=0`}, "Ratelimit-Policy": {`"fixed window";"api";q=500;w=300`}}, 301 * time.Second},
		{"policy alone", 429, http.Header{"Ratelimit-Policy": {`"api";q=500;w=300`}}, 0},
		{"older form", 200, http.Header{"Ratelimit": {`limit=100, remaining=0, reset=55`}}, 56 * time.Second},
		{"older form, some left", 200, http.Header{"Ratelimit": {`limit=100, remaining=7, reset=55`}}, 0},
		{"the longer of both", 429, http.Header{"Ratelimit": {`"api";r=0;t=55`}, "Retry-After": {"80"}}, 80 * time.Second},
	}
	for _, tt := range tests {
		if got := restAsked(tt.status, tt.header, noon); got != tt.want {
			t.Errorf("%s: restAsked(%d, %v) = %v, want %v", tt.name, tt.status, tt.header, got, tt.want)
		}
	}
}

func FuzzRestAsked(f *testing.F) {
	f.Add(`"api";r=0;t=55`, `"fixed window";"api";q=500;w=300`, "17")
	f.Add(`limit=100, remaining=0, reset=55`, `100;w=60`, "Fri, 27 Feb 2026 12:01:30 GMT")
	f.Add(`"\`, `,;=`, "1e400")
	f.Fuzz(func(t *testing.T, limit, policy, after string) {
		h := http.Header{"Ratelimit": {limit}, "Ratelimit-Policy": {policy}, "Retry-After": {after}}
		for _, status := range []int{200, 429} {
			if got := restAsked(status, h, noon); got < 0 || got > maxRest {
				t.Errorf("restAsked(%d, %v) = %v", status, h, got)
			}
		}
	})
}
