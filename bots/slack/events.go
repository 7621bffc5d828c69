package slack

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"paperboy/internal/chat"
)

// inner is an event: the fields of those that are known.
type inner struct {
	Type      string
	Subtype   string
	User      string
	BotID     string          `json:"bot_id"`
	Channel   json.RawMessage // usually an ID
	Kind      string          `json:"channel_type"`
	Text      string
	TS        string
	ThreadTS  string `json:"thread_ts"`
	EventTS   string `json:"event_ts"`
	Inviter   string
	Tab       string
	Reaction  string
	Item      struct{ Type, Channel, TS string }
	MessageTS string `json:"message_ts"`
	Source    string
	Links     []struct{ URL string }
}

// channel is the ID; "" where there is something else.
func (e inner) channel() (id string) {
	_ = json.Unmarshal(e.Channel, &id)
	return id
}

// inner works on what an event is about. An error means that nothing was
// recorded.
func (l *listener) inner(ctx context.Context, o outer) error {
	var e inner
	if err := json.Unmarshal(o.Event, &e); err != nil {
		l.log.Debug("an event is not understood", "key", o.EventID, "err", err)
		return nil
	}
	switch e.Type {
	case "reaction_added", "reaction_removed":
		return l.reacted(ctx, o, e)
	case "message":
		return l.said(ctx, o, e)
	case "link_shared":
		return l.linked(ctx, o, e)
	case "app_home_opened":
		return l.visited(ctx, e)
	case "member_joined_channel":
		return l.joined(ctx, o, e)
	case "channel_unarchive", "group_unarchive":
		_, err := l.h.Joined(ctx, chat.Joined{In: l.self.place(e.channel()), Quietly: true, At: l.at(o, e.EventTS)})
		return err
	case "tokens_revoked": // perhaps those of a person
		l.log.Error("tokens of the app were revoked in Slack")
	case "app_uninstalled":
		l.log.Error("the app was uninstalled in Slack")
		return l.h.Left(ctx, chat.Left{In: l.self.place(""), Everywhere: true, Reason: "Paperboy was uninstalled from this workspace", At: l.at(o, e.EventTS)})
	case "channel_left", "group_left", "channel_archive", "group_archive", "channel_deleted", "group_deleted":
		return l.left(ctx, o, e)
	default:
		l.log.Debug("an event is of an unknown kind", "kind", e.Type)
	}
	return nil
}

// at is when an event happened.
func (l *listener) at(o outer, stamps ...string) time.Time {
	for _, ts := range stamps {
		if t := moment(ts); !t.IsZero() {
			return t
		}
	}
	if o.EventTime > 0 {
		return time.Unix(o.EventTime, 0)
	}
	return l.o.Now()
}

func (l *listener) reacted(ctx context.Context, o outer, e inner) error {
	if e.Item.Type != "message" || e.User == "" || e.User == l.self.user || l.people.isBot(ctx, e.User) {
		return nil
	}
	l.people.saw(e.User, e.Item.Channel)
	return l.h.Reacted(ctx, chat.Reaction{
		Post:    chat.Post{Place: l.self.place(e.Item.Channel), ID: e.Item.TS},
		By:      l.self.person(e.User),
		Emoji:   foldEmoji(e.Reaction),
		Removed: e.Type == "reaction_removed",
		At:      l.at(o, e.EventTS),
	})
}

// aliases are the names of an emoji that has several, with the one that Slack
// uses first.
var aliases = map[string]string{"thumbsup": "+1", "thumbsdown": "-1", "hankey": "poop", "shit": "poop", "satisfied": "laughing", "honeybee": "bee"}

// foldEmoji is the name of a reaction without its skin tone.
func foldEmoji(reaction string) string {
	reaction, _, _ = strings.Cut(strings.Trim(reaction, ":"), "::skin-tone-")
	if first, ok := aliases[reaction]; ok {
		return first
	}
	return reaction
}

// spoken are the subtypes of messages that people write. All others are changes
// and notices.
var spoken = set("", "thread_broadcast", "file_share", "me_message")

// said hands over what a person wrote, and answers it where it was written.
func (l *listener) said(ctx context.Context, o outer, e inner) error {
	if !spoken[e.Subtype] || e.BotID != "" || e.User == "" || e.User == l.self.user || e.User == "USLACKBOT" {
		return nil
	}
	channel, direct := e.channel(), e.Kind == "im"
	if direct {
		l.knowDirect(e.User, channel)
	} else {
		l.people.saw(e.User, channel)
	}
	post := chat.Post{Place: l.self.place(channel), ID: e.TS}
	m, err := l.h.Said(ctx, chat.Said{
		Post: post, By: l.self.person(e.User), Text: unmarked(e.Text), Direct: direct, At: l.at(o, e.EventTS, e.TS),
	})
	if err != nil && direct { // whoever is told asks again, so Slack need not
		l.log.Warn("what somebody said was not taken", "err", err)
		m, err = chat.Sorry(), nil
	}
	if m.Empty() {
		return err
	}
	m.Under = e.ThreadTS
	if !direct && m.Under == "" {
		m.Under = e.TS
	}
	l.sendAnswer(ctx, post.Place, m)
	return err
}

// sendAnswer posts an answer. If that does not work there is nobody to tell.
func (l *listener) sendAnswer(ctx context.Context, to chat.Place, m chat.Message) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if _, err := l.Send(ctx, to, m); err != nil {
		l.log.Warn("an answer could not be posted", "place", to.Channel, "err", err)
	}
}

// unmarked is a message's text without Slack's markup, links written out
// (https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages).
func unmarked(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "<")
		b.WriteString(before)
		token, after, closed := strings.Cut(rest, ">")
		if !ok || !closed {
			b.WriteString(rest)
			return unescape.Replace(b.String())
		}
		b.WriteString(tokenText(token))
		text = after
	}
}

var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// tokenText is what a token in angle brackets says.
func tokenText(token string) string {
	target, label, labelled := strings.Cut(token, "|")
	switch {
	case strings.HasPrefix(target, "@"), strings.HasPrefix(target, "#"), strings.HasPrefix(target, "!"):
		if labelled && label != "" {
			return label
		}
		return target
	case strings.HasPrefix(target, "mailto:"), strings.HasPrefix(target, "tel:"):
		return label
	}
	return target
}

// linked shows cards below a message with links of papers. A message that is
// still being written is left alone.
func (l *listener) linked(ctx context.Context, o outer, e inner) error {
	channel := e.channel()
	if e.Source == "composer" || channel == "COMPOSER" || e.MessageTS == "" || e.User == l.self.user || l.people.isBot(ctx, e.User) {
		return nil
	}
	ask := chat.Linked{Post: chat.Post{Place: l.self.place(channel), ID: e.MessageTS}, By: l.self.person(e.User), At: l.at(o, e.EventTS, e.MessageTS)}
	for _, link := range e.Links {
		ask.Links = append(ask.Links, unescape.Replace(link.URL))
	}
	previews, err := l.h.Linked(ctx, ask)
	if err != nil || len(previews) == 0 {
		return err
	}
	l.unfurl(ctx, channel, e, previews)
	return nil
}

// partings are why nothing can be posted to a channel any more.
var partings = map[string]string{
	"channel_left": "Paperboy was removed from the channel; invite it again", "group_left": "Paperboy was removed from the channel; invite it again",
	"channel_archive": "the channel is archived", "group_archive": "the channel is archived",
	"channel_deleted": "the channel was deleted", "group_deleted": "the channel was deleted",
}

// left tells of a channel that nothing can be posted to any more.
func (l *listener) left(ctx context.Context, o outer, e inner) error {
	channel := e.channel()
	if channel == "" {
		return nil
	}
	return l.h.Left(ctx, chat.Left{In: l.self.place(channel), Reason: partings[e.Type], At: l.at(o, e.EventTS)})
}

// joined introduces the app to a channel that it has come into.
func (l *listener) joined(ctx context.Context, o outer, e inner) error {
	if e.User != l.self.user {
		return nil
	}
	j := chat.Joined{In: l.self.place(e.channel()), At: l.at(o, e.EventTS)}
	if e.Inviter != "" {
		j.By = l.self.person(e.Inviter)
	}
	m, err := l.h.Joined(ctx, j)
	if err == nil && !m.Empty() {
		l.sendAnswer(ctx, j.In, m)
	}
	return err
}
