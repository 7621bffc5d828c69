package bottest

import (
	"cmp"
	"context"
	"time"

	"paperboy/internal/chat"
)

// outcome is what becomes of a request.
type outcome struct {
	fate Fault
	post chat.Post // what the sender is told, unless its fate prevents that
	err  error
}

func (s *Service) send(to chat.Place, m chat.Message, asked time.Time) outcome {
	return s.meet(s.sends, to, func() (chat.Post, error) { return s.post(to, m, asked) })
}

func (s *Service) edit(post chat.Post, m chat.Message) outcome {
	return s.meet(s.edits, post.Place, func() (chat.Post, error) { return s.change(post, m) })
}

// meet decides the fate of a request to a place, counts it, and does it if it is
// to be done.
func (s *Service) meet(count map[Fault]int, in chat.Place, do func() (chat.Post, error)) outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.tell()
	fate := s.fate(in)
	if fate != "" {
		count[fate]++
	}
	if err := s.turnAway(fate, in); err != nil {
		return outcome{fate: fate, err: err}
	}
	if fate == CrashBefore || fate == Hang && s.chance(0.5) {
		return outcome{fate: fate}
	}
	post, err := do()
	if fate == Lose {
		return outcome{fate: fate, err: &chat.Unsure{Err: errLost}}
	}
	return outcome{fate, post, err}
}

// fate is what happens to a request to a place. The caller holds mu.
func (s *Service) fate(in chat.Place) Fault {
	if _, gone := s.mischief.Gone[in]; gone {
		return Gone
	}
	if wait, _ := s.wait(in); wait > 0 {
		return Hurry
	}
	if len(s.next) > 0 {
		f := s.next[0]
		s.next = s.next[1:]
		return f
	}
	return s.draw()
}

// draw leaves the fate to chance. The caller holds mu.
func (s *Service) draw() Fault {
	o := s.mischief
	x := s.random.Float64()
	for _, c := range []struct {
		fault Fault
		share float64
	}{
		{Lose, o.Lose},
		{ThrottleAll, o.Throttle * o.Everywhere},
		{Throttle, o.Throttle * (1 - o.Everywhere)},
		{Refuse, o.Refuse},
		{Hang, o.Hang},
		{Break, o.Break},
		{CrashBefore, o.CrashBefore},
		{CrashAfter, o.CrashAfter},
	} {
		if x < c.share {
			return c.fault
		}
		x -= c.share
	}
	return ""
}

// chance is true for a share of the calls. The caller holds mu.
func (s *Service) chance(share float64) bool { return share > 0 && s.random.Float64() < share }

// turnAway is why a request with such a fate is not done; nil if it may be. The
// caller holds mu.
func (s *Service) turnAway(f Fault, in chat.Place) error {
	switch f {
	case Gone:
		return &chat.Refused{Reason: s.mischief.Gone[in], Gone: true}
	case Refuse:
		return &chat.Refused{Reason: "the message is not acceptable"}
	case Break:
		return errRefused
	case ThrottleAll:
		return &chat.Throttled{After: s.hold(chat.Place{}), Everywhere: true}
	case Throttle:
		return &chat.Throttled{After: s.hold(in)}
	case Hurry:
		after, everywhere := s.wait(in)
		return &chat.Throttled{After: max(after, 1), Everywhere: everywhere}
	}
	return nil
}

// hold throttles a place, or all, for as long as it returns. The caller holds mu.
func (s *Service) hold(in chat.Place) time.Duration {
	after := cmp.Or(s.mischief.After, time.Second)
	s.held[in] = time.Now().Add(after)
	return after
}

// wait is how long a place wants to be left alone, and whether all do. The
// caller holds mu.
func (s *Service) wait(in chat.Place) (wait time.Duration, everywhere bool) {
	here, all := time.Until(s.held[in]), time.Until(s.held[chat.Place{}])
	return max(here, all, 0), all >= here && all > 0
}

// dawdle is how long a request is on its way.
func (s *Service) dawdle(ctx context.Context) error {
	d := s.slowness()
	if d == 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Service) slowness() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mischief.Slow <= 0 {
		return 0
	}
	return time.Duration(s.random.Int64N(int64(s.mischief.Slow)))
}
