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
	opens     = 9 // a form
)

// formWithin is likewise where the answer may be a form, which can't be opened
// after that.
const formWithin = 1500 * time.Millisecond

// answer is what an interaction is answered with. A form in it is opened if it
// can be, and else has buttons below the message that open it.
type answer struct {
	chat.Message
	page  int    // of the form, to be opened
	again []int  // pages of it that have a button, in the place of being opened
	label string // of that button; "" if it names what is on the page
}

// answers has an interaction answered to the asker alone: at once if it can be,
// else Discord is told to wait, also where all slots are taken. turns says that
// the answer, if it is a Replace, takes the place of the message whose button was
// pressed.
func (l *listener) answers(i interaction, turns bool, within time.Duration, do func(context.Context) answer) {
	l.beside(func(ctx context.Context) { l.reply(ctx, i, turns, within, func() answer { return do(ctx) }) })
}

func (l *listener) reply(ctx context.Context, i interaction, turns bool, within time.Duration, do func() answer) {
	answers := make(chan answer, 1)
	go func() {
		defer close(answers) // also of a panic that got this far
		defer l.rescue()
		inSlot(ctx, l.slots, func() { answers <- do() })
	}()
	timer := time.NewTimer(within)
	defer timer.Stop()
	// Once begun, an answer is given even if the program is to end.
	out, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	select {
	case a := <-answers:
		l.at(out, i, turns, a)
	case <-timer.C:
		promise := response{showLater, privately{onlyYou}}
		if turns {
			promise = response{Type: turnLater}
		}
		said := l.callback(out, i, promise)
		a := <-answers
		if said == nil {
			out, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
			defer cancel()
			l.later(out, i, turns, a)
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
func (l *listener) at(ctx context.Context, i interaction, turns bool, a answer) {
	var err error
	switch {
	case a.Form != nil && a.again == nil && i.Type != isSubmit:
		l.drafts.show(i.by(), *a.Form, l.o.Now())
		err = l.callback(ctx, i, response{opens, modalOf(*a.Form, a.page)})
	case a.Empty() && i.Type == isPress:
		err = l.callback(ctx, i, response{Type: turnLater})
	case a.Empty():
		// A command has to be answered; this answer is taken away again.
		if err = l.callback(ctx, i, response{showLater, privately{onlyYou}}); err == nil {
			err = l.original(ctx, i, http.MethodDelete, nil)
		}
	case turns && a.Replace:
		err = l.callback(ctx, i, response{turn, a.payload()})
	default:
		err = l.callback(ctx, i, response{show, private(a)})
	}
	if err != nil {
		l.log.Warn("an answer could not be given", "place", i.Channel, "err", err)
	}
}

// later gives the answer that Discord was told to wait for.
func (l *listener) later(ctx context.Context, i interaction, turns bool, a answer) {
	if a.Form != nil && a.again == nil { // its button opens it at once
		l.drafts.keep(i.by(), *a.Form, l.o.Now())
	}
	var err error
	switch {
	case a.Empty() && turns:
	case a.Empty():
		err = l.original(ctx, i, http.MethodDelete, nil)
	case turns && !a.Replace:
		_, err = l.try(ctx, request{method: http.MethodPost, path: "/webhooks/" + i.App + "/" + i.Token, body: private(a)}, false)
	default:
		err = l.original(ctx, i, http.MethodPatch, a.payload())
	}
	if err != nil {
		l.log.Warn("an answer could not be given", "place", i.Channel, "err", err)
	}
}

// payload is the answer as a message. A form that is not opened has buttons.
func (a answer) payload() payload {
	p := render(a.Message)
	if a.Form == nil || len(p.Components) >= maxRows {
		return p
	}
	which := a.again
	for n := range pages(*a.Form) {
		if a.again == nil {
			which = append(which, n)
		}
	}
	p.Components = append(p.Components, formButtons(*a.Form, which, a.label))
	return p
}

func private(a answer) payload {
	p := a.payload()
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
