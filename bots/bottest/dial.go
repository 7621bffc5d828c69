package bottest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"paperboy/internal/chat"
)

// Dial is the handle of a process of its own on the Service whose Handler is
// served at base. When the process is to die, it does: as by kill -9.
func Dial(base, name string) chat.Editor {
	// A connection serves one request, so that none goes out on one that the
	// service is closing, and net/http never tries again by itself.
	return &remote{base: base, name: name, die: killSelf, http: &http.Client{
		Transport: &http.Transport{DisableKeepAlives: true},
	}}
}

// killSelf ends the process without any farewell.
func killSelf() {
	p, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = p.Kill()
	}
	if err != nil {
		panic(fmt.Sprintf("die: %v", err))
	}
}

type remote struct {
	base, name string
	die        func()
	http       *http.Client
}

func (c *remote) Name() string { return c.name }

// Pace is as the service says; without a service there is none.
func (c *remote) Pace() (p chat.Pace) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := c.do(ctx, http.MethodGet, "/pace", nil, &p); err != nil {
		return chat.Pace{}
	}
	return p
}

func (c *remote) Listen(ctx context.Context, _ chat.Handler) error {
	<-ctx.Done()
	return nil
}

func (c *remote) Manages(context.Context, chat.Person, chat.Place) (bool, error) { return true, nil }

func (c *remote) Send(ctx context.Context, to chat.Place, m chat.Message) (chat.Post, error) {
	a, err := c.call(ctx, "/send", ask{In: to, Message: m})
	return a.Post, err
}

func (c *remote) Edit(ctx context.Context, post chat.Post, m chat.Message) error {
	_, err := c.call(ctx, "/edit", ask{Post: post, Message: m})
	return err
}

func (c *remote) Find(ctx context.Context, in chat.Place, m chat.Message, since time.Time) (chat.Post, bool, error) {
	a, err := c.call(ctx, "/find", ask{In: in, Message: m, Since: since})
	return a.Post, a.Found, err
}

// call sorts what comes back into the contract's errors.
func (c *remote) call(ctx context.Context, path string, a ask) (reply, error) {
	var got reply
	if err := c.do(ctx, http.MethodPost, path, a, &got); err != nil {
		return reply{}, err
	}
	switch {
	case got.Die:
		c.die()
		return reply{}, never(ctx)
	case got.Throttled != nil:
		return reply{}, got.Throttled
	case got.Refused != nil:
		return reply{}, got.Refused
	case got.Failed != "":
		return reply{}, errors.New(got.Failed)
	}
	return got, nil
}

// do asks for an answer. An error before the request went out is a plain one, any
// other *chat.Unsure.
func (c *remote) do(ctx context.Context, method, path string, body, answer any) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("not begun: %w", err)
	}
	b, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("not begun: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(b))
	if err != nil {
		return fmt.Errorf("not begun: %w", err)
	}
	resp, err := c.http.Do(r)
	var failed *net.OpError
	if errors.As(err, &failed) && failed.Op == "dial" {
		return err
	}
	if err != nil {
		return &chat.Unsure{Err: err}
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
		return &chat.Unsure{Err: fmt.Errorf("%s: %w", resp.Status, err)}
	}
	return nil
}
