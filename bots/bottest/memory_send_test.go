package bottest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"paperboy/internal/chat"
)

func (m *memory) Send(ctx context.Context, to chat.Place, msg chat.Message) (chat.Post, error) {
	m.mu.Lock()
	fault := m.fault
	m.fault = ""
	id := fmt.Sprint(len(m.posts))
	m.mu.Unlock()
	if len(msg.Text.String()) > 1000 && m.flaw == "turns long messages away" {
		return chat.Post{}, &chat.Refused{Reason: "the message is too long"}
	}
	if err := m.fail(fault, msg); err != nil && fault != Lose {
		return chat.Post{}, err
	}
	if m.flaw == "has one post" {
		id = "0"
	}
	post := chat.Post{Place: to, ID: id}
	m.mu.Lock()
	m.posts = append(m.posts, &stored{post, msg.Key, msg.Under, time.Now(), ""})
	m.mu.Unlock()
	shown := m.seen(to, msg)
	m.show(shown, msg)
	if fault == Lose && m.flaw == "tries again by itself" {
		m.show(shown, msg)
	}
	if m.flaw == "hears itself" {
		_ = m.say(ctx, chat.Person{Platform: m.Name(), ID: "bot"}, msg.Text.String(), false)
	}
	return post, m.fail(fault, msg)
}

// seen is to whom and where a message appears that is sent to a place.
func (m *memory) seen(to chat.Place, msg chat.Message) Shown {
	s := Shown{Raw: where{thread: msg.Under}}
	if m.flaw == "has no threads" {
		s.Raw = where{}
	}
	if who, ok := to.Person(); ok && m.flaw != "tells everybody" {
		s.To = who
	}
	return s
}

// Edit puts msg in the place of a post.
func (m *memory) Edit(_ context.Context, post chat.Post, msg chat.Message) error {
	p := m.stored(post)
	again := p.edited == msg.Text.String()
	p.edited = msg.Text.String()
	if m.flaw == "loses the key of what it edits" {
		p.key = ""
	}
	switch {
	case again && m.flaw == "edits once":
		return errors.New("it says that already")
	case again && m.flaw == "does not show the same again": // which is no flaw
		return nil
	case m.flaw == "edits by posting anew":
		m.show(Shown{}, msg)
	case m.flaw == "edits nothing":
	default:
		m.show(Shown{Raw: where{edited: post.ID}}, msg)
	}
	return nil
}

func (m *memory) Manages(_ context.Context, by chat.Person, in chat.Place) (bool, error) {
	_, direct := in.Person()
	switch m.flaw {
	case "lets everybody decide":
		return true, nil
	case "lets nobody decide":
		return direct, nil
	case "forgets whose conversation it is":
		return by == m.Manager() && !direct, nil
	}
	return direct || by == m.Manager(), nil
}

func (m *memory) Pace() chat.Pace {
	switch m.flaw {
	case "hurries back in time":
		return chat.Pace{Every: -1}
	case "takes seconds for hours":
		return chat.Pace{InPlace: time.Hour}
	case "sends less than nothing":
		return chat.Pace{AtOnce: -1}
	}
	return chat.Pace{AtOnce: 10}
}

// fail is what Send says about fault.
func (m *memory) fail(fault Fault, msg chat.Message) error {
	if fault == "" {
		return nil
	}
	switch m.flaw {
	case "hides faults":
		return nil
	case "cannot tell faults apart":
		return errors.New("it did not work")
	case "is never sure":
		return &chat.Unsure{Err: errors.New("it did not work")}
	case "posts what it says it did not":
		m.show(Shown{}, msg)
	}
	switch fault {
	case Throttle:
		return &chat.Throttled{After: time.Second}
	case Refuse:
		return &chat.Refused{Reason: "the channel is archived"}
	case Lose:
		return &chat.Unsure{Err: errors.New("connection reset")}
	}
	return errors.New("connection refused")
}

func (m *memory) Faults() map[Fault]func() {
	all := map[Fault]func(){}
	for _, f := range []Fault{Throttle, Refuse, Break, Lose} {
		all[f] = func() {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.fault = f
		}
	}
	return all
}

func (m *memory) Find(_ context.Context, in chat.Place, msg chat.Message, since time.Time) (chat.Post, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.posts {
		same := p.key == msg.Key || m.flaw == "finds by beginnings" && strings.HasPrefix(p.key, msg.Key)
		same = same && p.under == msg.Under
		if msg.Under != "" && m.flaw == "looks into no thread" {
			same = false
		}
		recent := !p.at.Before(since) || m.flaw == "finds what is old"
		if same && recent && p.post.Place == in && m.flaw != "finds nothing" {
			return p.post, true, nil
		}
	}
	return chat.Post{}, false, nil
}
