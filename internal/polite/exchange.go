package polite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// follow asks for address and goes where the answer points.
func (c *Client) follow(ctx context.Context, address *url.URL, r Request, backOff time.Duration) (*Response, error) {
	for range maxRedirects + 1 {
		resp, err := c.hop(ctx, address, r, backOff)
		if err != nil {
			return nil, err
		}
		if !redirects(resp) {
			return resp, nil
		}
		if address, err = redirected(address, resp.Header.Get("Location")); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s: redirected more than %d times", shown(address), maxRedirects)
}

func redirects(resp *Response) bool {
	switch resp.Status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return resp.Header.Get("Location") != ""
	}
	return false
}

func redirected(from *url.URL, location string) (*url.URL, error) {
	to, err := from.Parse(location)
	if err == nil {
		to, err = parseAddress(to.String())
	}
	if err != nil {
		return nil, fmt.Errorf("%s: redirects to something that is not a web address", shown(from))
	}
	if from.Scheme == "https" && to.Scheme == "http" {
		return nil, fmt.Errorf("%s: redirects from https to http, which is not safe to follow", shown(from))
	}
	return to, nil
}

// hop sends one request when its lane is free and its moment has come. A lane
// whose server failed or asked for a rest is held: for backOff, or longer.
func (c *Client) hop(ctx context.Context, address *url.URL, r Request, backOff time.Duration) (*Response, error) {
	pace := r.Pace.of(address)
	lane, err := c.lanes.enter(ctx, pace.Key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown(address), err)
	}
	defer c.lanes.leave(lane)
	if err := c.await(ctx, lane, pace); err != nil {
		return nil, fmt.Errorf("%s: %w", shown(address), err)
	}

	var rest time.Duration
	resp, err := c.exchange(ctx, address, r)
	if err == nil {
		rest = restAsked(resp.Status, resp.Header, time.Now())
		err = judge(address, resp, r, rest)
	}
	if Temporary(err) && !unreached(err) {
		rest = max(rest, backOff)
	}
	if rest > 0 {
		if held := c.pacer.Hold(ctx, pace.Key, time.Now().Add(rest)); held != nil {
			return nil, errors.Join(err, fmt.Errorf("hold %s: %w", pace.Key, held))
		}
	}
	return resp, err
}

// await returns when the lane's next moment has come.
func (c *Client) await(ctx context.Context, l *lane, pace Pace) error {
	now := time.Now()
	if rest := l.until.Sub(now); rest > 0 {
		return &heldError{pace.Key, rest}
	}
	wait, err := c.pacer.Reserve(ctx, pace.Key, now, pace.Every)
	if err != nil {
		return fmt.Errorf("reserve a moment for %s: %w", pace.Key, err)
	}
	if wait > patience+pace.Every {
		l.until = now.Add(wait)
		return &heldError{pace.Key, wait}
	}
	return sleep(ctx, wait)
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// exchange sends one request and reads its answer, of whatever status.
func (c *Client) exchange(ctx context.Context, address *url.URL, r Request) (*Response, error) {
	within, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	transport := c.open
	if r.Typed {
		transport = c.typed
	}
	answer, err := transport.RoundTrip(c.request(within, address, r))
	if err != nil {
		return nil, explain(ctx, address, err)
	}
	defer answer.Body.Close()
	body, err := read(answer, r.MaxBytes)
	if err != nil {
		return nil, explain(ctx, address, err)
	}
	return &Response{
		Status:       answer.StatusCode,
		Body:         body,
		ETag:         answer.Header.Get("ETag"),
		LastModified: answer.Header.Get("Last-Modified"),
		ContentType:  answer.Header.Get("Content-Type"),
		URL:          address.String(),
		Header:       answer.Header,
	}, nil
}

func (c *Client) request(ctx context.Context, address *url.URL, r Request) *http.Request {
	req := (&http.Request{Method: http.MethodGet, URL: address, Host: address.Host, Header: http.Header{}}).WithContext(ctx)
	for name, value := range map[string]string{
		"User-Agent":        c.agent,
		"Accept":            r.Accept,
		"If-None-Match":     r.ETag,
		"If-Modified-Since": r.LastModified,
	} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	return req
}

// read returns the body of a good answer and the beginning of any other. The
// transport unpacks gzip, so what is counted is what would fill the memory.
func read(answer *http.Response, limit int64) ([]byte, error) {
	if limit == 0 {
		limit = maxBody
	}
	if answer.StatusCode/100 != 2 {
		// That the rest of an error page is missing is no error of its own.
		body, _ := io.ReadAll(io.LimitReader(answer.Body, min(limit, maxErrorBody)))
		return body, nil
	}
	if coding := answer.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, errCoding
	}
	if answer.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, limit+1))
	if int64(len(body)) > limit {
		return nil, tooLarge(limit)
	}
	return body, err
}

// judge marks an unchanged answer and makes an error of a bad status.
func judge(address *url.URL, resp *Response, r Request, rest time.Duration) error {
	conditional := r.ETag != "" || r.LastModified != ""
	switch {
	case resp.Status/100 == 2, redirects(resp):
		return nil
	case resp.Status == http.StatusNotModified && conditional:
		resp.NotModified = true
		return nil
	}
	return &StatusError{Code: resp.Status, URL: shown(address), Body: resp.Body, RetryAfter: rest}
}
