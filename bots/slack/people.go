package slack

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	api "github.com/slack-go/slack"

	"paperboy/internal/chat"
)

const (
	peopleKept = 5 * time.Minute
	peopleMax  = 10_000
	lookUpTime = 3 * time.Second
)

// people are what is known of the members of a workspace, for a few minutes.
type people struct {
	slack *Slack

	mu    sync.Mutex // guards what follows
	known map[string]member
	in    map[[2]string]time.Time // until when a person is known to be in a channel
	all   map[string]time.Time    // until when all channels of a person are in in

	channels map[string]channelInfo
}

type member struct {
	api.User
	until time.Time
}

func newPeople(s *Slack) *people {
	return &people{slack: s, known: map[string]member{}, in: map[[2]string]time.Time{}, all: map[string]time.Time{}, channels: map[string]channelInfo{}}
}

// get asks for a member.
func (p *people) get(ctx context.Context, user string) (api.User, error) {
	now := p.slack.o.Now()
	p.mu.Lock()
	m, ok := p.known[user]
	p.mu.Unlock()
	if ok && now.Before(m.until) {
		return m.User, nil
	}
	u, err := p.slack.web.GetUserInfoContext(ctx, user)
	if err != nil {
		return api.User{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= peopleMax {
		clear(p.known)
	}
	p.known[user] = member{*u, now.Add(peopleKept)}
	return *u, nil
}

// name is what people call somebody; their ID if that can't be found out.
func (p *people) name(ctx context.Context, user string) string {
	u, err := p.get(ctx, user)
	if err != nil {
		p.slack.log.Debug("a name could not be looked up", "err", err)
		return user
	}
	return cmp.Or(strings.TrimSpace(u.Profile.DisplayName), strings.TrimSpace(u.RealName), u.Name, user)
}

// isBot reports whether an account is a program's. Where that can't be found
// out it passes for a person's: a vote too many is better than one too few.
func (p *people) isBot(ctx context.Context, user string) bool {
	if user == "USLACKBOT" {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	u, err := p.get(ctx, user)
	if err != nil {
		p.slack.log.Debug("it could not be looked up whether an account is a bot's", "err", err)
	}
	return err == nil && u.IsBot
}

// look is a message's with the names of those in it.
func (s *Slack) look(ctx context.Context, all ...chat.Message) look {
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	names := map[chat.Person]string{}
	for _, m := range all {
		texts := []chat.Text{m.Text, m.Foot}
		for _, c := range m.Cards {
			texts = append(texts, c.Summary, c.Why)
		}
		for _, span := range slices.Concat(texts...) {
			if who := span.Person; who.Platform == name && names[who] == "" {
				names[who] = s.people.name(ctx, who.ID)
			}
		}
	}
	return look{names: func(p chat.Person) string { return names[p] }}
}

// saw remembers that a person did something in a channel, and so is in it.
func (p *people) saw(user, channel string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.in) >= peopleMax {
		clear(p.in)
	}
	p.in[[2]string{user, channel}] = p.slack.o.Now().Add(peopleKept)
}

// Manages is true for members of a channel who are no guests, or, if the app is
// strict, for admins, owners and whoever made the channel. Alone with the bot,
// everybody may.
func (s *Slack) Manages(ctx context.Context, by chat.Person, in chat.Place) (bool, error) {
	if who, direct := in.Person(); direct {
		return who == by, nil
	}
	if by.Platform != name || in.Platform != name || by.Space != in.Space {
		return false, nil
	}
	if strings.HasPrefix(in.Channel, "D") {
		dm, err := s.direct(ctx, by.ID)
		return dm == in.Channel, err
	}
	if there, err := s.people.isIn(ctx, by.ID, in.Channel); !there || err != nil {
		return false, err
	}
	u, err := s.people.get(ctx, by.ID)
	switch {
	case err != nil:
		return false, sorted(ctx, err)
	case u.IsAdmin, u.IsOwner, u.IsPrimaryOwner:
		return true, nil
	case u.IsRestricted, u.IsUltraRestricted, u.Deleted, u.IsBot:
		return false, nil
	case !s.o.Strict:
		return true, nil
	}
	made, err := s.people.made(ctx, in.Channel)
	return made == by.ID, err
}

// isIn reports whether a person is in a channel. Whoever has just done something
// there is.
func (p *people) isIn(ctx context.Context, user, channel string) (bool, error) {
	p.mu.Lock()
	there, all := p.in[[2]string{user, channel}], p.all[user]
	p.mu.Unlock()
	now := p.slack.o.Now()
	if now.Before(there) || now.Before(all) {
		return now.Before(there), nil
	}
	ask := &api.GetConversationsForUserParameters{UserID: user, Types: []string{"public_channel", "private_channel", "mpim"}, Limit: 200, ExcludeArchived: true}
	for {
		channels, next, err := p.slack.web.GetConversationsForUserContext(ctx, ask)
		if err != nil {
			return false, sorted(ctx, err)
		}
		found := false
		for _, c := range channels {
			p.saw(user, c.ID)
			found = found || c.ID == channel
		}
		if found || next == "" {
			p.sawAll(user, next == "")
			return found, nil
		}
		ask.Cursor = next
	}
}

// sawAll remembers that there are no other channels of a person than those seen.
func (p *people) sawAll(user string, all bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.all) >= peopleMax {
		clear(p.all)
	}
	if all {
		p.all[user] = p.slack.o.Now().Add(peopleKept / 5) // whoever joins one now need not wait long
	}
}

// made is who made a channel.
func (p *people) made(ctx context.Context, channel string) (string, error) {
	c, err := p.channel(ctx, channel)
	if err != nil {
		return "", sorted(ctx, err)
	}
	return c.Creator, nil
}
