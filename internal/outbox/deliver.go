package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/english"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// deliver sends one message at start and settles what became of it. ctx ends the
// waiting; a message that is on its way is waited for, and what is known of it
// is written down in any case.
func (l *lane) deliver(ctx context.Context, d store.Delivery, start time.Time) {
	taken := time.Now()
	if !l.waitUntil(ctx, start, taken) {
		l.putOff(d, time.Now(), false, "")
		return
	}
	if held := time.UnixMicro(l.held.Load()); time.Now().Before(held) {
		l.putOff(d, held, false, slower)
		return
	}
	sending, cancel := context.WithDeadline(l.working, taken.Add(l.options.Lease/2))
	defer cancel()
	if reason := hopeless(d, time.Now()); reason != "" && !d.Unsure {
		l.park(d, reason)
		return
	}
	if d.Unsure {
		if l.lookUp(sending, &d) {
			return
		}
		if !l.turn(ctx, taken) { // looking has taken its time
			l.putOff(d, time.Now(), false, "")
			return
		}
	}
	post, err := l.send(sending, d)
	l.settle(d, post, err)
}

// waitUntil reports whether there is time to send after start.
func (l *lane) waitUntil(ctx context.Context, start, taken time.Time) bool {
	if start.Sub(taken) > l.options.Lease/4 {
		return false
	}
	timer := time.NewTimer(time.Until(start))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}

// turn waits for the next moment at which the pace lets a message out, and
// reports whether there is time for that.
func (l *lane) turn(ctx context.Context, taken time.Time) bool {
	if l.pace.Every == 0 {
		return true
	}
	now := time.Now()
	wait, err := l.store.Reserve(ctx, l.paceKey(), now, l.pace.Every)
	return err == nil && l.waitUntil(ctx, now.Add(wait), taken)
}

// hopeless is why a message is not sent at all.
func hopeless(d store.Delivery, now time.Time) string {
	switch {
	case d.Headless:
		return "the heading of its thread could not be posted"
	case !now.Before(d.Expires):
		return "it could not be posted in time"
	}
	return ""
}

// lookUp asks whether a message was posted that may have been, and settles it
// unless it is known not to be and can still be sent.
func (l *lane) lookUp(ctx context.Context, d *store.Delivery) (settled bool) {
	const clocks = 5 * time.Minute // how much the platform's may differ from ours
	post, found, err := l.find(ctx, *d, d.FirstAt.Add(-clocks))
	var refused *chat.Refused
	switch {
	case found:
		l.sent(*d, post)
	case errors.As(err, &refused):
		l.park(*d, "it is not known whether it was posted, and that can't be looked up: "+refused.Reason)
	case err != nil:
		l.log.Warn("a message could not be looked up", "platform", l.platform.Name(), "place", d.Place.Channel, "key", d.Message.Key, "err", err)
		l.putOff(*d, time.Now().Add(l.backoff(d.Failures)), true, "it is not known whether it was posted")
	default:
		d.Unsure = false
		reason := hopeless(*d, time.Now())
		if reason == "" {
			return false
		}
		l.park(*d, reason)
	}
	return true
}

// errPanic is for an adapter that broke down half-way.
var errPanic = errors.New("the platform's adapter panicked")

func (l *lane) find(ctx context.Context, d store.Delivery, since time.Time) (post chat.Post, found bool, err error) {
	defer l.rescue(d, &err)
	return l.platform.Find(ctx, d.Place, d.Message, since)
}

// send posts a message. If it is not known what became of it, the error says so.
func (l *lane) send(ctx context.Context, d store.Delivery) (post chat.Post, err error) {
	defer func() {
		if errors.Is(err, errPanic) || err != nil && ctx.Err() != nil && !told(err) {
			err = &chat.Unsure{Err: err}
		}
	}()
	defer l.rescue(d, &err)
	began := time.Now()
	defer func() { l.metrics.Sent(l.platform.Name(), time.Since(began)) }()
	return l.platform.Send(ctx, d.Place, d.Message)
}

// told reports whether an error says what became of the message.
func told(err error) bool {
	return errors.As(err, new(*chat.Throttled)) || errors.As(err, new(*chat.Refused)) || errors.As(err, new(*chat.Unsure))
}

func (l *lane) rescue(d store.Delivery, err *error) {
	if v := recover(); v != nil {
		l.log.Error("an adapter panicked", "platform", l.platform.Name(), "key", d.Message.Key, "err", fmt.Sprint(v), "stack", string(debug.Stack()))
		*err = errPanic
	}
}

// settle writes down what became of a message.
func (l *lane) settle(d store.Delivery, post chat.Post, err error) {
	now := time.Now()
	var throttled *chat.Throttled
	var refused *chat.Refused
	var unsure *chat.Unsure
	switch {
	case err == nil:
		l.sent(d, post)
	case errors.As(err, &throttled):
		l.throttled(d, throttled, now)
	case errors.As(err, &refused) && refused.Gone:
		l.bury(d, refused.Reason, now)
	case errors.As(err, &refused):
		l.park(d, refused.Reason)
	case errors.As(err, &unsure):
		d.Unsure = true
		l.log.Info("it is not known whether a message was posted; it will be looked up", "platform", l.platform.Name(), "place", d.Place.Channel, "key", d.Message.Key, "err", err)
		l.metrics.Delivered(l.platform.Name(), "unsure")
		l.putOff(d, now.Add(max(l.options.Lease/2, l.backoff(d.Failures))), true, "it is not known whether it was posted")
	default:
		l.log.Warn("a message could not be posted and is tried again", "platform", l.platform.Name(), "place", d.Place.Channel, "key", d.Message.Key, "err", err)
		l.metrics.Delivered(l.platform.Name(), "failed")
		l.putOff(d, now.Add(l.backoff(d.Failures)), true, "the chat service can't be reached")
	}
}

// throttled waits as long as the platform asks, and with it the whole platform
// if that is what it asks.
func (l *lane) throttled(d store.Delivery, t *chat.Throttled, now time.Time) {
	rest := max(t.After, time.Second)
	until := now.Add(rest + l.jitter(rest/10))
	if t.Everywhere {
		l.held.Store(until.UnixMicro())
		err := l.store.Hold(l.settling(), l.paceKey(), until)
		l.complain("a platform could not be held", d, err)
	}
	l.metrics.Delivered(l.platform.Name(), "throttled")
	l.putOff(d, until, false, slower)
}

// slower is the reason of messages that wait because of a throttle.
const slower = "the chat service asks to go slower"

// settling is the context of writing down what is known, which nothing breaks off.
func (l *lane) settling() context.Context { return context.WithoutCancel(l.working) }

func (l *lane) sent(d store.Delivery, post chat.Post) {
	now := time.Now()
	l.metrics.Delivered(l.platform.Name(), "sent")
	l.complain("a sent message could not be settled and will be looked up", d, l.store.Sent(l.settling(), d, post, now, now.Add(l.pace.InPlace)))
}

func (l *lane) putOff(d store.Delivery, until time.Time, failed bool, reason string) {
	l.complain("a message could not be put off", d, l.store.PutOff(l.settling(), d, until, failed, reason))
}

func (l *lane) park(d store.Delivery, reason string) {
	l.log.Warn("a message is not posted", "platform", l.platform.Name(), "place", d.Place.Channel, "key", d.Message.Key, "reason", reason)
	l.metrics.Delivered(l.platform.Name(), "parked")
	l.complain("a message could not be parked", d, l.store.Park(l.settling(), d, reason, time.Now()))
}

// bury ends the picks of a place that can't be posted to, and tells whoever
// subscribed it.
func (l *lane) bury(d store.Delivery, reason string, now time.Time) {
	l.log.Warn("a channel can't be posted to any more; its picks are paused", "platform", l.platform.Name(), "place", d.Place.Channel, "key", d.Message.Key, "reason", reason)
	l.metrics.Delivered(l.platform.Name(), "refused")
	l.complain("a channel could not be paused", d, l.store.Bury(l.settling(), d, reason, now, func(c team.Channel) (chat.Message, time.Time) {
		return notice(c, now), now.Add(team.Limit)
	}))
}

// topicsNamed is how many topics the notice names.
const topicsNamed = 5

// notice tells a person that a channel they subscribed can't be posted to.
func notice(c team.Channel, now time.Time) chat.Message {
	var topics []string
	for _, t := range c.Prefs.Topics {
		if t.Query != team.Everything {
			topics = append(topics, "“"+t.Query+"”")
		}
	}
	about := english.Some(topics, topicsNamed, "more topic", "and")
	if about == "" {
		about = "everything new"
	}
	key := fmt.Sprintf("gone/%s/%d", c.ID, now.Unix())
	if c.Prefs.Layout == team.Letter {
		return chat.Message{Key: key, Text: chat.Text{
			{Text: "The mail with papers on " + about + " can’t be delivered to you any more: " + c.Gone + ". It is paused. Type "},
			{Text: "/papers email", Style: chat.Code}, {Text: " and your address to try again, or another one."},
		}}
	}
	return chat.Message{
		Key: key,
		Text: chat.Text{
			{Text: "The daily picks on " + about + " that you subscribed a channel to can’t be posted there any more: " + c.Gone + ". They are paused. When that is mended, type "},
			{Text: "/paperboy resume", Style: chat.Code}, {Text: " in the channel."},
		},
	}
}

// complain logs what could not be written down. Nothing is lost by it: the lease
// runs out, and the message is looked up.
func (l *lane) complain(what string, d store.Delivery, err error) {
	switch {
	case err == nil:
	case errors.Is(err, store.ErrTaken):
		l.log.Info("another worker has taken a message over", "platform", l.platform.Name(), "key", d.Message.Key)
	default:
		l.log.Error(what, "platform", l.platform.Name(), "key", d.Message.Key, "err", err)
	}
}
