package slack

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"paperboy/internal/chat"
)

// Link is where a post stands, as chat.getPermalink gives it for messages that are
// no replies (https://docs.slack.dev/reference/methods/chat.getPermalink).
func (s *Slack) Link(p chat.Post) (string, bool) {
	s.mu.Lock()
	self := s.self
	s.mu.Unlock()
	if p.Platform != name || p.ID == "" || self.team != "" && p.Space != self.team {
		return "", false
	}
	base := strings.TrimRight(cmp.Or(self.url, "https://slack.com/"), "/")
	return base + "/archives/" + url.PathEscape(p.Channel) + "/p" + url.PathEscape(strings.Replace(p.ID, ".", "", 1)), true
}

// PersonName is the name that a member has chosen.
func (s *Slack) PersonName(ctx context.Context, p chat.Person) string {
	return s.people.name(ctx, p.ID)
}

// PlaceName is a channel's name with its #.
func (s *Slack) PlaceName(ctx context.Context, in chat.Place) string {
	c, err := s.people.channel(ctx, in.Channel)
	if err != nil || c.Name == "" || c.IsIM || c.IsMpIM {
		return ""
	}
	return "#" + c.Name
}

// Reads is true for members of a channel, and for members of the workspace who are
// no guests if the channel is public.
func (s *Slack) Reads(ctx context.Context, by chat.Person, in chat.Place) (bool, error) {
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
	u, err := s.people.get(ctx, by.ID)
	if err != nil || u.Deleted {
		return false, sorted(ctx, err)
	}
	if !u.IsRestricted && !u.IsUltraRestricted {
		c, err := s.people.channel(ctx, in.Channel)
		if err != nil {
			return false, sorted(ctx, err)
		}
		if c.IsChannel && !c.IsPrivate {
			return true, nil
		}
	}
	return s.people.isIn(ctx, by.ID, in.Channel)
}

// channelInfo is what Slack said of a channel.
type channelInfo struct {
	api.Channel
	until time.Time
}

// channel asks for a channel.
func (p *people) channel(ctx context.Context, id string) (api.Channel, error) {
	p.mu.Lock()
	c, ok := p.channels[id]
	p.mu.Unlock()
	if ok && p.slack.o.Now().Before(c.until) {
		return c.Channel, nil
	}
	info, err := p.slack.web.GetConversationInfoContext(ctx, &api.GetConversationInfoInput{ChannelID: id})
	if err != nil {
		return api.Channel{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.channels) >= peopleMax {
		clear(p.channels)
	}
	p.channels[id] = channelInfo{*info, p.slack.o.Now().Add(peopleKept)}
	return *info, nil
}
