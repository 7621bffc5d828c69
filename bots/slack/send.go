package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"

	api "github.com/slack-go/slack"

	"paperboy/internal/chat"
)

const errElsewhere = "this is another workspace than the Slack app's"

// Send posts m. Into a public channel that it is not in Paperboy goes by itself;
// only there do the reactions reach it.
func (s *Slack) Send(ctx context.Context, to chat.Place, m chat.Message) (chat.Post, error) {
	self, channel, err := s.find(ctx, to)
	if err != nil {
		return chat.Post{}, notSent(err)
	}
	options := append(s.options(ctx, m), api.MsgOptionDisableLinkUnfurl(), api.MsgOptionDisableMediaUnfurl())
	if m.Under != "" {
		options = append(options, api.MsgOptionTS(m.Under))
	}
	in, ts, err := s.web.PostMessageContext(ctx, channel, options...)
	if code := errorCode(err); code == "not_in_channel" && s.join(ctx, channel) {
		in, ts, err = s.web.PostMessageContext(ctx, channel, options...)
	}
	if err != nil {
		return chat.Post{}, sorted(ctx, err)
	}
	if ts == "" {
		return chat.Post{}, &chat.Unsure{Err: errors.New("the answer does not name the message")}
	}
	if in == "" {
		in = channel
	}
	return chat.Post{Place: self.place(in), ID: ts}, nil
}

// Edit puts m in the place of a post. The metadata goes along, since an edit
// without would leave it to Slack whether the message keeps its own.
func (s *Slack) Edit(ctx context.Context, post chat.Post, m chat.Message) error {
	_, channel, err := s.find(ctx, post.Place)
	if err != nil {
		return notSent(err)
	}
	_, _, _, err = s.web.UpdateMessageContext(ctx, channel, post.ID, s.options(ctx, m)...)
	return sorted(ctx, err)
}

// find is the channel that a place is.
func (s *Slack) find(ctx context.Context, p chat.Place) (identity, string, error) {
	self, err := s.whoAmI(ctx)
	if err != nil {
		return self, "", err
	}
	if p.Space != self.team || p.Platform != name {
		return self, "", &chat.Refused{Reason: errElsewhere, Gone: true}
	}
	who, direct := p.Person()
	if !direct {
		return self, p.Channel, nil
	}
	channel, err := s.direct(ctx, who.ID)
	return self, channel, err
}

// direct is the conversation with a person alone.
func (s *Slack) direct(ctx context.Context, user string) (string, error) {
	s.mu.Lock()
	channel, ok := s.dms[user]
	s.mu.Unlock()
	if ok {
		return channel, nil
	}
	c, _, _, err := s.web.OpenConversationContext(ctx, &api.OpenConversationParameters{Users: []string{user}})
	if err != nil {
		return "", sorted(ctx, err)
	}
	s.knowDirect(user, c.ID)
	return c.ID, nil
}

func (s *Slack) knowDirect(user, channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dms[user] = channel
}

// join goes into a public channel.
func (s *Slack) join(ctx context.Context, channel string) bool {
	if !strings.HasPrefix(channel, "C") {
		return false
	}
	_, _, _, err := s.web.JoinConversationContext(ctx, channel)
	if err != nil {
		s.log.Debug("a channel could not be joined", "place", channel, "err", err)
	}
	return err == nil
}

// delivery is the type of the metadata that carries a message's key.
const delivery = "paperboy_delivery"

// options are m as arguments of the methods that show messages.
func (s *Slack) options(ctx context.Context, m chat.Message) []api.MsgOption {
	look := s.look(ctx, m)
	options := []api.MsgOption{
		api.MsgOptionText(look.notice(m), false),
		api.MsgOptionBlocks(keyed(look.blocks(m), m.Key)...),
	}
	if m.Key != "" {
		options = append(options, api.MsgOptionMetadata(api.SlackMetadata{
			EventType: delivery, EventPayload: map[string]any{"key": m.Key},
		}))
	}
	return options
}

// keyed writes the key also into the first block, for where metadata is not
// given back.
func keyed(blocks []api.Block, key string) []api.Block {
	if b, ok := blocks[0].(*api.RichTextBlock); ok && key != "" {
		b.BlockID = blockOf(key)
	}
	return blocks
}

func blockOf(key string) string { return "paperboy " + key }

// notSent is an error of what comes before posting: not even a lost answer
// there leaves a doubt.
func notSent(err error) error {
	if unsure, ok := errors.AsType[*chat.Unsure](err); ok {
		return fmt.Errorf("prepare: %w", unsure.Err)
	}
	return err
}

// errorCode is Slack's word for what was wrong.
func errorCode(err error) string {
	if answer, ok := errors.AsType[api.SlackErrorResponse](err); ok {
		return answer.Err
	}
	return ""
}
