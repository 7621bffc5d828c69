package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	api "github.com/bwmarrin/discordgo"

	"paperboy/internal/chat"
)

// take takes an event in, in the order of the gateway; the work on it is done
// beside. The library's own types are not used: it hands over half of an event
// that it does not understand, and knows some not at all.
func (s *shard) take(session *api.Session, e *api.Event) {
	defer s.rescue()
	s.taking.Lock() // a connection that is given up may have one event left
	defer s.taking.Unlock()
	switch e.Type {
	case "READY":
		decoded(s.listener, e, func(r ready) { s.connected(session, r) })
	case "INTERACTION_CREATE":
		decoded(s.listener, e, func(i interaction) { s.interaction(i) })
	case "MESSAGE_CREATE":
		decoded(s.listener, e, func(m message) { s.work(func(ctx context.Context) { s.said(ctx, m) }) })
	case "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE", "MESSAGE_REACTION_REMOVE_EMOJI", "MESSAGE_REACTION_REMOVE_ALL":
		decoded(s.listener, e, func(r reaction) { s.reacted(e.Type, r) })
	case "GUILD_CREATE":
		decoded(s.listener, e, s.entered)
	case "GUILD_DELETE":
		decoded(s.listener, e, s.left)
	case "CHANNEL_DELETE", "THREAD_DELETE":
		decoded(s.listener, e, s.deleted)
	case "CHANNEL_UPDATE":
		decoded(s.listener, e, s.altered)
	case "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "GUILD_MEMBER_UPDATE":
		decoded(s.listener, e, s.promoted)
	}
}

// decoded hands an event over, as far as it is one.
func decoded[E any](l *listener, e *api.Event, then func(E)) {
	var event E
	if err := json.Unmarshal(e.RawData, &event); err != nil {
		l.log.Debug("an event is not understood", "kind", e.Type, "err", err)
		return
	}
	then(event)
}

type user struct {
	ID  string
	Bot bool
}

// ready is what Discord says when a session begins.
type ready struct {
	User        user
	Application struct{ ID string }
	Guilds      []struct{ ID string }
	ResumeAt    string `json:"resume_gateway_url"`
}

func (s *shard) connected(session *api.Session, r ready) {
	s.wire.resume(r.ResumeAt)
	if r.User.ID != "" && r.Application.ID != "" {
		s.know(identity{app: r.Application.ID, user: r.User.ID})
	}
	s.settled(r)
	s.listener.mu.Lock()
	first := !s.named
	s.named = true
	s.listener.mu.Unlock()
	s.work(func(context.Context) { s.greet(session) })
	if first {
		s.work(s.register)
	}
	if s.number == 0 { // for all shards: posts are read by their channel
		s.work(s.reconcile)
	}
}

// greet shows how the bot is used, beside its name.
func (s *shard) greet(session *api.Session) {
	err := session.UpdateStatusComplex(api.UpdateStatusData{
		Status:     "online",
		Activities: []*api.Activity{{Name: "Custom Status", Type: api.ActivityTypeCustom, State: "/papers"}},
	})
	if err != nil {
		s.log.Debug("the bot's status could not be shown", "err", err)
	}
}

// message is one that exists: the fields that are needed.
type message struct {
	ID      string
	Type    int
	Guild   string `json:"guild_id"`
	Channel string `json:"channel_id"`
	Author  user
	Webhook string `json:"webhook_id"`
	Content string
	Flags   int
	Embeds  []struct {
		URL, Title, Description string
	}
	Snapshots []struct{ Message struct{ Content string } } `json:"message_snapshots"`
}

// The kinds of messages that people write; the others are notices.
const (
	kindWords  = 0
	kindAnswer = 19
)

// said hands over what a person wrote, and answers it where it was written.
func (l *listener) said(ctx context.Context, m message) {
	self, err := l.whoAmI(ctx)
	if err != nil || m.Author.Bot || m.Author.ID == "" || m.Author.ID == self.user || m.Webhook != "" || m.Type != kindWords && m.Type != kindAnswer {
		return
	}
	direct := m.Guild == ""
	if direct {
		l.knowDirect(m.Author.ID, m.Channel)
	}
	post := chat.Post{Place: place(m.Guild, m.Channel), ID: m.ID}
	answer, err := l.h.Said(ctx, chat.Said{Post: post, By: person(m.Author.ID), Text: unmarked(m.Content), Direct: direct, At: moment(m.ID)})
	if err != nil {
		l.log.Warn("what somebody said was not taken in", "place", m.Channel, "err", err)
		if direct {
			answer = chat.Sorry()
		}
	}
	if answer.Taken && l.o.Acknowledge {
		l.acknowledge(ctx, post)
	}
	if answer.Empty() {
		return
	}
	p := render(answer)
	p.Nonce, p.Enforce = nonce(m.Channel, answer), true
	if !direct {
		p.AnswerTo = &answerTo{Message: m.ID}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if _, err := l.post(ctx, m.Guild, m.Channel, p); err != nil {
		l.log.Warn("an answer could not be posted", "place", m.Channel, "err", err)
	}
}

// acknowledge puts a ✅ on a message, which takes the permission Add Reactions.
func (l *listener) acknowledge(ctx context.Context, post chat.Post) {
	path := "/channels/" + post.Channel + "/messages/" + post.ID + "/reactions/" + url.PathEscape("✅") + "/@me"
	if err := l.do(ctx, http.MethodPut, path, nil, nil); err != nil {
		l.log.Info("a message could not be acknowledged", "place", post.Channel, "err", err)
	}
}

// unmarked is a message's text with the brackets taken off its links, which keep
// Discord from showing previews.
func unmarked(text string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "<http")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		link, after, closed := strings.Cut(rest, ">")
		if !closed || strings.ContainsAny(link, " \n<") {
			b.WriteString("<http")
			text = rest
			continue
		}
		b.WriteString("http" + link)
		text = after
	}
}

// reaction is an emoji that was put on a message, or taken off: by its person, or
// all of an emoji, or all.
type reaction struct {
	User    string `json:"user_id"`
	Guild   string `json:"guild_id"`
	Channel string `json:"channel_id"`
	Message string `json:"message_id"`
	Member  struct{ User user }
	Emoji   struct{ ID, Name string }
}

func (s *shard) reacted(kind string, r reaction) {
	at := s.now()
	s.work(func(ctx context.Context) {
		self, err := s.whoAmI(ctx)
		cleared := kind == "MESSAGE_REACTION_REMOVE_EMOJI" || kind == "MESSAGE_REACTION_REMOVE_ALL"
		if err != nil || r.Member.User.Bot || r.User == self.user || r.User == "" && !cleared {
			return
		}
		event := chat.Reaction{
			Post: chat.Post{Place: place(r.Guild, r.Channel), ID: r.Message}, Emoji: foldEmoji(r.Emoji.Name),
			Removed: kind != "MESSAGE_REACTION_ADD", At: at,
		}
		if !cleared {
			event.By = person(r.User)
		}
		s.retry(ctx, func() error { return s.h.Reacted(ctx, event) })
	})
}

// retries are the pauses before something that was not recorded is tried again:
// Discord delivers an event once.
var retries = [...]time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute}

func (l *listener) retry(ctx context.Context, do func() error) {
	for try := 0; ; try++ {
		err := do()
		if err == nil {
			return
		}
		l.log.Warn("an event was not taken in", "err", err)
		if try == len(retries) || ctx.Err() != nil {
			return
		}
		wait := retries[try]
		if throttled, ok := errors.AsType[*chat.Throttled](err); ok {
			wait = max(wait, throttled.After)
		}
		rest(ctx, wait)
	}
}

// foldEmoji is an emoji without skin tones and variation selectors. A custom one
// is its name.
func foldEmoji(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0x1F3FB && r <= 0x1F3FF || r == '\ufe0f' || r == '\ufe0e' {
			return -1
		}
		return r
	}, name)
}
