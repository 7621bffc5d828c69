package discord

import (
	"context"
	"errors"
	"net/http"
	"time"

	"paperboy/internal/chat"
)

// quick is how long Discord waits for us before it is told that the answer takes
// longer. It allows three seconds; the person sees sooner that something happens.
const quick = 10 * time.Millisecond

// response is the first answer to an interaction.
type response struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

// The kinds of first answers.
const (
	show      = 4 // a message
	showLater = 5
	turnLater = 6 // the message whose button was pressed changes later, or stays
	turn      = 7
	offer     = 8
)

// reply answers an interaction to the asker alone: at once if it can be, else
// Discord is told to wait, also where all slots are taken. turns says that the
// answer, if it is a Replace, takes the place of the message whose button was
// pressed.
func (l *listener) reply(ctx context.Context, i interaction, turns bool, do func() chat.Message) {
	answer := make(chan chat.Message, 1)
	go func() {
		defer close(answer) // also of a panic that got this far
		defer l.rescue()
		inSlot(ctx, l.slots, func() { answer <- do() })
	}()
	timer := time.NewTimer(quick)
	defer timer.Stop()
	// Once begun, an answer is given even if the program is to end.
	out, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	select {
	case m := <-answer:
		l.at(out, i, turns, m)
	case <-timer.C:
		promise := response{showLater, privately{onlyYou}}
		if turns {
			promise = response{Type: turnLater}
		}
		said := l.callback(out, i, promise)
		m := <-answer
		if said == nil {
			out, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
			defer cancel()
			l.later(out, i, turns, m)
		} else {
			l.log.Warn("an answer could not be given", "place", i.Channel, "err", said)
		}
	}
}

// privately is what says that an answer to come is for the asker alone.
type privately struct {
	Flags int `json:"flags"`
}

// at answers at once.
func (l *listener) at(ctx context.Context, i interaction, turns bool, m chat.Message) {
	var err error
	switch {
	case m.Empty() && i.Type == isPress:
		err = l.callback(ctx, i, response{Type: turnLater})
	case m.Empty():
		// A command has to be answered; this answer is taken away again.
		if err = l.callback(ctx, i, response{showLater, privately{onlyYou}}); err == nil {
			err = l.original(ctx, i, http.MethodDelete, nil)
		}
	case turns && m.Replace:
		err = l.callback(ctx, i, response{turn, render(m)})
	default:
		err = l.callback(ctx, i, response{show, private(m)})
	}
	if err != nil {
		l.log.Warn("an answer could not be given", "place", i.Channel, "err", err)
	}
}

// later gives the answer that Discord was told to wait for.
func (l *listener) later(ctx context.Context, i interaction, turns bool, m chat.Message) {
	var err error
	switch {
	case m.Empty() && turns:
	case m.Empty():
		err = l.original(ctx, i, http.MethodDelete, nil)
	case turns && !m.Replace:
		err = l.try(ctx, http.MethodPost, "/webhooks/"+i.App+"/"+i.Token, private(m))
	default:
		err = l.original(ctx, i, http.MethodPatch, render(m))
	}
	if err != nil {
		l.log.Warn("an answer could not be given", "place", i.Channel, "err", err)
	}
}

func private(m chat.Message) payload {
	p := render(m)
	p.Flags |= onlyYou
	return p
}

// callback gives the first answer. Where it is unsure whether it arrived it is
// given again: Discord takes it once.
func (l *listener) callback(ctx context.Context, i interaction, r response) error {
	path := "/interactions/" + i.ID + "/" + i.Token + "/callback"
	err := l.try(ctx, http.MethodPost, path, r)
	for range 2 {
		if !errors.As(err, new(*chat.Unsure)) {
			break
		}
		if err = l.try(ctx, http.MethodPost, path, r); codeOf(err) == codeAnsweredTwice {
			return nil
		}
	}
	return err
}

// original changes the first answer. Doing it twice does no harm.
func (l *listener) original(ctx context.Context, i interaction, method string, body any) error {
	path := "/webhooks/" + i.App + "/" + i.Token + "/messages/@original"
	err := l.try(ctx, method, path, body)
	for range 2 {
		if !errors.As(err, new(*chat.Unsure)) {
			return err
		}
		if err = l.try(ctx, method, path, body); codeOf(err) == codeNoMessage && method == http.MethodDelete {
			return nil
		}
	}
	return err
}

// tries is how often an answer is given that Discord was too busy for.
const tries = 4

// try makes a request that the token in its path allows, when Discord lets us.
func (l *listener) try(ctx context.Context, method, path string, body any) (err error) {
	for range tries {
		err = l.call(ctx, request{method: method, path: path, body: body}, nil)
		throttled, ok := errors.AsType[*chat.Throttled](err)
		if !ok {
			return err
		}
		if rest(ctx, throttled.After); ctx.Err() != nil {
			return err
		}
	}
	return err
}
