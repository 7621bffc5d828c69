package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"paperboy/internal/chat"
)

const (
	// agent has the form that Discord asks for; Paperboy has no address of its own.
	agent = "DiscordBot (https://github.com/bwmarrin/discordgo, v0.29.0)"
	// maxAnswer is as much of an answer as is read, in bytes.
	maxAnswer = 16 << 20
	// restUnsaid is how long to wait where a 429 does not say.
	restUnsaid = 30 * time.Second
)

// newClient is an HTTP client that tells what became of a request. Requests go
// through it and not through the library, which posts a message four times when
// an answer is 502, forgets the caller's deadline while it waits for a limit, and
// keeps the answers to all interactions in one queue.
func newClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 64
	return &http.Client{Transport: traced{t}, Timeout: patience}
}

// unwritten marks the error of a request that did not get out.
type unwritten struct{ error }

func (u unwritten) Unwrap() error { return u.error }

// traced is a transport whose errors tell whether a request may have arrived.
type traced struct{ http.RoundTripper }

func (t traced) RoundTrip(r *http.Request) (*http.Response, error) {
	var written atomic.Bool
	// Headers go out with the connection's next flush, so that from here on the
	// service may have read the request.
	trace := &httptrace.ClientTrace{WroteHeaders: func() { written.Store(true) }}
	answer, err := t.RoundTripper.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	if err != nil && !written.Load() {
		return nil, unwritten{err}
	}
	return answer, err
}

// request is a call of the REST API.
type request struct {
	method, path string
	body         any
	limited      bool // it counts against the bot's limits and needs its token; an interaction's does not
}

// get asks for something.
func (d *Discord) get(ctx context.Context, path string, answer any) error {
	return d.do(ctx, http.MethodGet, path, nil, answer)
}

// do makes a request as the bot.
func (d *Discord) do(ctx context.Context, method, path string, body, answer any) error {
	return d.call(ctx, request{method, path, body, true}, answer)
}

// call makes a request when the limits allow it, once. Its error is one of the
// contract's.
func (d *Discord) call(ctx context.Context, r request, answer any) error {
	if !r.limited {
		status, header, body, err := d.exchange(ctx, r)
		return d.outcome(status, header, body, err, answer)
	}
	route := routeOf(r.method, r.path)
	b, err := d.limits.take(ctx, route)
	if err != nil {
		return unwritten{err}
	}
	status, header, body, err := d.exchange(ctx, r)
	err = d.outcome(status, header, body, err, answer)
	d.limits.give(route, b, header)
	return err
}

// exchange sends a request and reads what comes back.
func (d *Discord) exchange(ctx context.Context, r request) (status int, header http.Header, answer []byte, err error) {
	var body io.Reader
	if r.body != nil {
		b, err := json.Marshal(r.body)
		if err != nil {
			return 0, nil, nil, unwritten{err}
		}
		body = bytes.NewReader(b)
	}
	ask, err := http.NewRequestWithContext(ctx, r.method, d.o.URL+r.path, body)
	if err != nil {
		return 0, nil, nil, unwritten{err}
	}
	ask.Header.Set("User-Agent", agent)
	if r.limited {
		ask.Header.Set("Authorization", "Bot "+d.o.Token)
	}
	if body != nil {
		ask.Header.Set("Content-Type", "application/json")
	}
	got, err := d.http.Do(ask)
	if err != nil {
		return 0, nil, nil, withoutURL(err)
	}
	defer got.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(got.Body, maxAnswer))
	return got.StatusCode, got.Header, answer, err
}

// withoutURL keeps the address of an answer out of logs: whoever has it can write
// in the bot's name.
func withoutURL(err error) error {
	if whole, ok := errors.AsType[*url.Error](err); ok {
		return whole.Err
	}
	return err
}

// outcome sorts what came back.
func (d *Discord) outcome(status int, header http.Header, body []byte, err error, answer any) error {
	switch {
	case errors.As(err, new(unwritten)):
		return err
	case err != nil:
		return &chat.Unsure{Err: err}
	case status == http.StatusTooManyRequests:
		return d.throttled(header, body)
	case status >= 300:
		return sorted(status, body)
	case answer == nil || status == http.StatusNoContent:
		return nil
	}
	if err := json.Unmarshal(body, answer); err != nil {
		return &chat.Unsure{Err: fmt.Errorf("an answer is not understood: %w", err)}
	}
	return nil
}

// throttled is a 429: of Discord, or of Cloudflare in front of it, whose answer
// is no JSON and holds for the address that we come from.
func (d *Discord) throttled(header http.Header, body []byte) error {
	var said struct {
		After  float64 `json:"retry_after"`
		Global bool
		Code   int
	}
	understood := json.Unmarshal(body, &said) == nil
	after := seconds(said.After)
	for _, field := range []string{"Retry-After", "X-RateLimit-Reset-After"} {
		if f, err := strconv.ParseFloat(header.Get(field), 64); err == nil && after == 0 {
			after = seconds(f)
		}
	}
	if after <= 0 {
		after = restUnsaid
	}
	everywhere := said.Global || header.Get("X-RateLimit-Global") != "" || header.Get("X-RateLimit-Scope") == "global" || !understood
	if everywhere {
		d.limits.hold(after)
	}
	return &chat.Throttled{After: after, Everywhere: everywhere}
}

// seconds is a time that Discord gives; at most a day.
func seconds(s float64) time.Duration {
	return time.Duration(min(max(s, 0), 24*60*60) * float64(time.Second))
}
