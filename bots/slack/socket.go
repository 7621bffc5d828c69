package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	api "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// socket keeps a connection until ctx ends or Slack does not want the app any
// more. The library opens a new one when Slack asks for it; what came meanwhile,
// Slack sends again.
func (l *listener) socket(ctx context.Context) error {
	client := socketmode.New(l.web)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	l.calls.Go(func() { l.drain(ctx, client) })
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		began := time.Now()
		err := client.RunContext(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if final(err) {
			return fmt.Errorf("slack: %s", codeSentence(err))
		}
		l.log.Warn("the connection to Slack is lost and made again", "err", err)
		if time.Since(began) > 5*time.Minute {
			wait = time.Second
		}
		rest(ctx, wait)
	}
}

// final tells the errors of connecting that asking again does not help.
func final(err error) bool {
	c := errorCode(err)
	return dead[c] != "" || c == "missing_scope"
}

func codeSentence(err error) string {
	if c := errorCode(err); c == "invalid_auth" || c == "not_authed" {
		return "Slack does not accept the app token (" + c + "); make one with the scope connections:write under Basic Information → App-Level Tokens"
	}
	return reason(err)
}

// drain takes everything off the library's short queue at once: while that is
// full, nothing is read or acknowledged.
func (l *listener) drain(ctx context.Context, client *socketmode.Client) {
	for {
		select {
		case e := <-client.Events:
			l.socketEvent(ctx, client, e)
		case <-ctx.Done():
			return
		}
	}
}

func (l *listener) socketEvent(ctx context.Context, client *socketmode.Client, e socketmode.Event) {
	switch e.Type {
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive:
		l.calls.Go(func() { l.envelope(ctx, client, *e.Request) })
	case socketmode.EventTypeErrorBadMessage:
		l.badMessage(ctx, client, e)
	case socketmode.EventTypeConnected:
		l.log.Debug("connected")
	case socketmode.EventTypeConnectionError:
		if err, ok := e.Data.(*api.ConnectionErrorEvent); ok {
			l.log.Warn("Slack can't be reached", "err", err.ErrorObj)
		}
	default:
		l.log.Debug("the connection says", "kind", e.Type)
	}
}

// badMessage is one that the library does not understand, such as an event or a
// block that Slack has added since. It has to be acknowledged all the same, and
// we may well understand the part that we need.
func (l *listener) badMessage(ctx context.Context, client *socketmode.Client, e socketmode.Event) {
	bad, ok := e.Data.(*socketmode.ErrorBadMessage)
	var r socketmode.Request
	if !ok || json.Unmarshal(bad.Message, &r) != nil || r.EnvelopeID == "" {
		l.log.Debug("a message from Slack is not understood")
		return
	}
	l.calls.Go(func() { l.envelope(ctx, client, r) })
}

// envelope works on one envelope and acknowledges it.
func (l *listener) envelope(ctx context.Context, client *socketmode.Client, r socketmode.Request) {
	defer l.rescue()
	ack := func(payload any) {
		if err := client.AckCtx(ctx, r.EnvelopeID, payload); err != nil && ctx.Err() == nil {
			l.log.Warn("an envelope could not be acknowledged", "key", r.EnvelopeID, "err", err)
		}
	}
	switch r.Type {
	case socketmode.RequestTypeEventsAPI:
		if l.event(ctx, r.Payload) == nil {
			ack(nil)
		}
	case socketmode.RequestTypeSlashCommands:
		ack(nil)
		if l.isNew("envelope " + r.EnvelopeID) {
			l.slash(ctx, r.Payload)
		}
	case socketmode.RequestTypeInteractive:
		if l.isNew("envelope " + r.EnvelopeID) {
			l.interaction(ctx, r.Payload, ack)
		} else {
			ack(nil)
		}
	default:
		l.log.Debug("an envelope is of an unknown kind", "kind", r.Type)
		ack(nil)
	}
}

// isNew reports whether a command or a press has not come before.
func (l *listener) isNew(id string) bool {
	e, first := l.intake.begin(id)
	if first {
		e.settle(nil, true)
	}
	return first
}
