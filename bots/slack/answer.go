package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	api "github.com/slack-go/slack"

	"paperboy/internal/chat"
)

// asker is how a person who did something gets an answer that nobody else sees.
type asker struct {
	user, channel, thread string
	url                   string // response_url: five uses in thirty minutes
	trigger               string // trigger_id: opens one window within three seconds
}

// slashCommand is the payload of a slash command.
type slashCommand struct {
	Command     string
	Text        string
	User        string `json:"user_id"`
	Channel     string `json:"channel_id"`
	ResponseURL string `json:"response_url"`
	Trigger     string `json:"trigger_id"`
}

// slash works on a command that has been acknowledged.
func (l *listener) slash(ctx context.Context, payload []byte) {
	var c slashCommand
	if err := json.Unmarshal(payload, &c); err != nil {
		l.log.Debug("a command is not understood", "err", err)
		return
	}
	l.work(ctx, func(ctx context.Context) { l.command(ctx, c) })
}

func (l *listener) command(ctx context.Context, c slashCommand) {
	if c.User == "" || c.Channel == "" {
		l.log.Debug("a command says neither who nor where")
		return
	}
	l.people.saw(c.User, c.Channel)
	to := asker{user: c.User, channel: c.Channel, url: c.ResponseURL, trigger: c.Trigger}
	m := l.h.Command(ctx, chat.Command{
		Name: strings.TrimPrefix(c.Command, "/"),
		Text: unescape.Replace(c.Text),
		By:   l.self.person(c.User),
		In:   l.in(ctx, c.User, c.Channel),
		At:   l.o.Now(),
	})
	l.answer(ctx, to, m)
}

// in is the place that a person did something in: a channel, or the
// conversation with the bot alone.
func (l *listener) in(ctx context.Context, user, channel string) chat.Place {
	if strings.HasPrefix(channel, "D") {
		if dm, err := l.direct(ctx, user); err == nil && dm == channel {
			return chat.Direct(l.self.person(user))
		}
	}
	return l.self.place(channel)
}

// answer shows m to the asker alone.
func (l *listener) answer(ctx context.Context, to asker, m chat.Message) {
	if m.Form != nil && l.openForm(ctx, to, *m.Form) {
		return
	}
	if m.Empty() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	err := l.respond(ctx, to.url, m)
	if err != nil && !errors.As(err, new(*chat.Unsure)) {
		l.log.Debug("an answer goes another way", "err", err)
		err = l.whisper(ctx, to, m)
	}
	if err != nil {
		l.log.Warn("an answer could not be given", "place", to.channel, "err", err)
	}
}

// respond answers by the response_url, which works also where the app is not.
func (l *listener) respond(ctx context.Context, url string, m chat.Message) error {
	if url == "" {
		return errors.New("there is no response_url")
	}
	off, look := false, l.look(ctx, m)
	err := api.PostWebhookCustomHTTPContext(ctx, url, l.http, &api.WebhookMessage{
		Text:            look.notice(m),
		Blocks:          &api.Blocks{BlockSet: look.blocks(m)},
		ResponseType:    api.ResponseTypeEphemeral,
		ReplaceOriginal: m.Replace,
		UnfurlLinks:     &off,
		UnfurlMedia:     &off,
	})
	return sorted(ctx, withoutURL(err))
}

// withoutURL keeps the address of a response out of logs: whoever has it can
// write in the app's name.
func withoutURL(err error) error {
	var status api.StatusCodeError
	var limited *api.RateLimitedError
	switch {
	case err == nil, errors.As(err, &status), errors.As(err, &limited):
		return err
	case errors.As(err, new(unwritten)):
		return unwritten{errors.New("Slack can't be reached for an answer")}
	}
	return errors.New("the answer broke off")
}

// whisper is the other way to show something to one person, for when the
// response_url is used up.
func (l *listener) whisper(ctx context.Context, to asker, m chat.Message) error {
	if to.channel == "" {
		_, err := l.Send(ctx, chat.Direct(l.self.person(to.user)), m)
		return err
	}
	options := l.options(ctx, m)
	if to.thread != "" {
		options = append(options, api.MsgOptionTS(to.thread))
	}
	_, err := l.web.PostEphemeralContext(ctx, to.channel, to.user, options...)
	if code := errorCode(err); code == "not_in_channel" || code == "channel_not_found" || code == "user_not_in_channel" {
		_, err = l.Send(ctx, chat.Direct(l.self.person(to.user)), m)
	}
	return sorted(ctx, err)
}

// unfurl shows cards below a message.
func (l *listener) unfurl(ctx context.Context, channel string, e inner, previews []chat.Preview) {
	unfurls := map[string]api.Attachment{}
	for _, p := range previews {
		for _, link := range e.Links {
			if unescape.Replace(link.URL) == p.Link {
				unfurls[link.URL] = api.Attachment{Blocks: api.Blocks{BlockSet: l.preview(ctx, p.Card)}}
			}
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	_, _, _, err := l.web.UnfurlMessageContext(ctx, channel, e.MessageTS, unfurls)
	if err != nil {
		l.log.Info("links could not be shown as cards", "place", channel, "err", fmt.Sprint(sorted(ctx, err)))
	}
}

// preview is a card that stands below somebody's message.
func (l *listener) preview(ctx context.Context, c chat.Card) []api.Block {
	c.Number = 0
	m := chat.Message{Cards: []chat.Card{c}}
	return l.look(ctx, m).blocks(m)
}

// acknowledge is an HTTP answer without a body.
func acknowledge(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) }
