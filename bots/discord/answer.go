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
		_, err = l.try(ctx, request{method: http.MethodPost, path: "/webhooks/" + i.App + "/" + i.Token, body: private(m)}, false)
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

// callback gives the first answer. Discord takes it once, so that it can be given
// again where it is unsure whether it arrived.
func (l *listener) callback(ctx context.Context, i interaction, r response) error {
	again, err := l.try(ctx, request{method: http.MethodPost, path: "/interactions/" + i.ID + "/" + i.Token + "/callback", body: r}, true)
	if again && codeOf(err) == codeAnsweredTwice {
		return nil
	}
	return err
}

// original changes the first answer. Doing it twice does no harm.
func (l *listener) original(ctx context.Context, i interaction, method string, body any) error {
	again, err := l.try(ctx, request{method: method, path: "/webhooks/" + i.App + "/" + i.Token + "/messages/@original", body: body}, true)
	if again && codeOf(err) == codeNoMessage && method == http.MethodDelete {
		return nil
	}
	return err
}

// pauses are before an answer that Discord did not take is given again. The first
// answer has three seconds in all.
var pauses = [...]time.Duration{0, 100 * time.Millisecond, 400 * time.Millisecond, time.Second}

// try makes a request that the token in its path allows until Discord takes it or
// says why not. One that may have arrived is made again only if it is harmless;
// again reports that.
func (l *listener) try(ctx context.Context, r request, harmless bool) (again bool, err error) {
	for _, pause := range pauses {
		if rest(ctx, pause); ctx.Err() != nil && err != nil {
			return again, err
		}
		err = l.call(ctx, r, nil)
		if err == nil || errors.As(err, new(*chat.Refused)) {
			return again, err
		}
		if throttled, ok := errors.AsType[*chat.Throttled](err); ok {
			rest(ctx, throttled.After)
		}
		if errors.As(err, new(*chat.Unsure)) {
			if !harmless {
				return again, err
			}
			again = true
		}
	}
	return again, err
}
