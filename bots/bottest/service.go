package bottest

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"paperboy/internal/chat"
)

// Service is a chat service in memory, and what people see of it. Each process
// that uses it has its own handle: Client gives one, and so does Dial where the
// process is a real one.
//
// It starts no goroutines and has its time from package time, so it works in a
// synctest bubble. Used by one goroutine, it does the same for the same seed.
type Service struct {
	name string

	mu       sync.Mutex // guards what follows; nobody waits while holding it
	random   *rand.Rand
	mischief Mischief
	next     []Fault
	pace     chat.Pace
	posts    []*Posted
	sends    map[Fault]int
	edits    map[Fault]int
	floods   []string
	last     map[chat.Place]time.Time // when the last message was sent to a place, and to any (the zero Place)
	held     map[chat.Place]time.Time // until when a place is throttled, and all (the zero Place)
	changed  chan struct{}            // closed by the next request
}

// Posted is a message as people see it.
type Posted struct {
	chat.Post
	Key, Under string       // as it was sent
	Message    chat.Message // as it is shown now
	At         time.Time
	Edits      []time.Time // when it was changed
}

// NewService is a service with nothing in it. Its handles have the name.
func NewService(name string, o Mischief, random *rand.Rand) *Service {
	return &Service{
		name:     name,
		random:   random,
		mischief: o,
		sends:    map[Fault]int{},
		edits:    map[Fault]int{},
		last:     map[chat.Place]time.Time{},
		held:     map[chat.Place]time.Time{},
		changed:  make(chan struct{}),
	}
}

// SetPace is what the handles tell of the pace, and what Floods goes by.
func (s *Service) SetPace(p chat.Pace) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pace = p
}

func (s *Service) currentPace() chat.Pace {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pace
}

// Stir changes the mischief.
func (s *Service) Stir(o Mischief) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mischief = o
}

// Next is what the next sends and edits meet, one after the other, before chance
// decides again; "" is nothing.
func (s *Service) Next(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = append(s.next, faults...)
}

// Calm ends all mischief that happens by chance or was to come next. Places that
// are gone or blind stay so, and throttles run out.
func (s *Service) Calm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = nil
	s.mischief = Mischief{Gone: s.mischief.Gone, Blind: s.mischief.Blind, After: s.mischief.After}
}

// Posts are the messages in some places, or everywhere if none is named, in the
// order in which they appeared.
func (s *Service) Posts(in ...chat.Place) []Posted {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Posted
	for _, p := range s.posts {
		if len(in) == 0 || slices.Contains(in, p.Place) {
			seen := *p
			seen.Edits = slices.Clone(p.Edits)
			out = append(out, seen)
		}
	}
	return out
}

// Duplicates are the keys that more than one post has.
func (s *Service) Duplicates() []string {
	times := map[string]int{}
	for _, p := range s.Posts() {
		times[p.Key]++
	}
	delete(times, "")
	maps.DeleteFunc(times, func(_ string, n int) bool { return n < 2 })
	return slices.Sorted(maps.Keys(times))
}

// Floods tells of each message that was sent too fast: sooner after another
// than the pace allows, or while too many of its process (of those with a
// Client) were on their way.
func (s *Service) Floods() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.floods)
}

// Happened is how many sends or look-ups met a fault.
func (s *Service) Happened(f Fault) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sends[f]
}

// HappenedToEdits is how many edits met a fault.
func (s *Service) HappenedToEdits(f Fault) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.edits[f]
}

// Wait looks again after every request whether it is so, until it is or ctx
// ends.
func (s *Service) Wait(ctx context.Context, isSo func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if isSo() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("it did not become so: %w", context.Cause(ctx))
		}
	}
}

// post makes a post of m. The caller holds mu.
func (s *Service) post(to chat.Place, m chat.Message, asked time.Time) (chat.Post, error) {
	if m.Under != "" && s.at(chat.Post{Place: to, ID: m.Under}) == nil {
		return chat.Post{}, &chat.Refused{Reason: "there is no such thread"}
	}
	s.watch(chat.Place{}, asked, s.pace.Every)
	s.watch(to, asked, s.pace.InPlace)
	post := chat.Post{Place: to, ID: fmt.Sprintf("m%d", len(s.posts)+1)}
	s.posts = append(s.posts, &Posted{Post: post, Key: m.Key, Under: m.Under, Message: m, At: time.Now()})
	return post, nil
}

// change puts m in the place of what post shows. The caller holds mu.
func (s *Service) change(post chat.Post, m chat.Message) (chat.Post, error) {
	p := s.at(post)
	if p == nil {
		return chat.Post{}, &chat.Refused{Reason: "there is no such message"}
	}
	p.Message = m
	p.Edits = append(p.Edits, time.Now())
	return post, nil
}

// at is the message that post is; nil if there is none. The caller holds mu.
func (s *Service) at(post chat.Post) *Posted {
	for _, p := range s.posts {
		if p.Post == post {
			return p
		}
	}
	return nil
}

// find is Platform.Find.
func (s *Service) find(in chat.Place, m chat.Message, since time.Time) (chat.Post, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.tell()
	if reason, ok := s.mischief.Blind[in]; ok {
		s.sends[Blind]++
		return chat.Post{}, false, &chat.Refused{Reason: reason}
	}
	if s.chance(s.mischief.FindFails) {
		s.sends[FindFails]++
		return chat.Post{}, false, errLost
	}
	for _, p := range s.posts {
		if m.Key != "" && p.Place == in && p.Key == m.Key && p.Under == m.Under && !p.At.Before(since) {
			return p.Post, true, nil
		}
	}
	return chat.Post{}, false, nil
}

// watch notes a flood if a message comes sooner after the one before than
// apart. Messages that were slow may arrive in another order than they were
// asked for. The caller holds mu.
func (s *Service) watch(in chat.Place, asked time.Time, apart time.Duration) {
	where := "in " + in.Channel
	if in == (chat.Place{}) {
		where = "overall"
	}
	if last, ok := s.last[in]; ok && asked.Sub(last).Abs() < apart {
		s.floods = append(s.floods, fmt.Sprintf("two messages %s within %s, want %s between them", where, asked.Sub(last).Abs(), apart))
	}
	s.last[in] = asked
}

// countOnWay notes a flood if more messages than allowed are on their way.
func (s *Service) countOnWay(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if most := max(1, s.pace.AtOnce); n > most {
		s.floods = append(s.floods, fmt.Sprintf("%d messages on their way at a time, want at most %d", n, most))
	}
}

// tell wakes those who Wait. The caller holds mu.
func (s *Service) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}
