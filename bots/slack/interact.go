package slack

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"paperboy/internal/chat"
)

// interaction is a press, a shortcut or a form that is handed in: the fields of
// all of them that are needed.
type interaction struct {
	Type      string
	User      struct{ ID string }
	Channel   struct{ ID string }
	Container struct {
		Type      string
		ChannelID string `json:"channel_id"`
		ViewID    string `json:"view_id"`
		ThreadTS  string `json:"thread_ts"`
	}
	Actions     []action
	Trigger     string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	CallbackID  string `json:"callback_id"`
	ActionTS    string `json:"action_ts"`
	MessageTS   string `json:"message_ts"`
	Message     json.RawMessage
	View        view
}

// action is one press.
type action struct {
	Type     string
	ID       string `json:"action_id"`
	Value    string
	ActionTS string `json:"action_ts"`
}

// does is what the button's action was when it was made; "" if it only leads
// somewhere.
func (a action) does() string {
	if rest, ok := strings.CutPrefix(a.ID, more); ok && a.Type == "overflow" {
		_, does, _ := strings.Cut(rest, " ")
		return does
	}
	if a.Type == "button" {
		return a.Value
	}
	return ""
}

// The shortcuts of the manifest.
const (
	addShortcut    = "add_papers"
	searchShortcut = "search_papers"
)

// interaction works on a payload and acknowledges it: at once, except for a form,
// whose acknowledgement says what is wrong with it.
func (l *listener) interaction(ctx context.Context, payload []byte, ack func(any)) {
	var i interaction
	if err := json.Unmarshal(payload, &i); err != nil {
		l.log.Debug("an interaction is not understood", "err", err)
		ack(nil)
		return
	}
	if i.Channel.ID == "" {
		i.Channel.ID = i.Container.ChannelID
	}
	if i.Type == "view_submission" {
		l.submitted(ctx, i, ack)
		return
	}
	ack(nil)
	switch {
	case i.Type == "block_actions":
		for _, a := range i.Actions {
			if does := a.does(); does != "" {
				l.work(ctx, func(ctx context.Context) { l.pressed(ctx, i, a, does) })
			}
		}
	case i.Type == "message_action" && i.CallbackID == addShortcut:
		l.work(ctx, func(ctx context.Context) { l.addPapers(ctx, i) })
	case i.Type == "shortcut" && i.CallbackID == searchShortcut:
		l.work(ctx, func(ctx context.Context) { l.press(ctx, i, chat.SearchForm, i.ActionTS) })
	default:
		l.log.Debug("an interaction is of an unknown kind", "kind", i.Type)
	}
}

func (i interaction) asker() asker {
	return asker{user: i.User.ID, channel: i.Channel.ID, thread: i.Container.ThreadTS, url: i.ResponseURL, trigger: i.Trigger}
}

// pressed answers a press: in the window or on the page that it was made in, or
// to the person alone.
func (l *listener) pressed(ctx context.Context, i interaction, a action, does string) {
	if i.Channel.ID != "" {
		l.people.saw(i.User.ID, i.Channel.ID)
	}
	if i.Container.Type == "view" {
		l.pressedInView(ctx, i, a, does)
		return
	}
	l.press(ctx, i, does, a.ActionTS)
}

func (l *listener) press(ctx context.Context, i interaction, does, stamp string) {
	l.answer(ctx, i.asker(), l.h.Pressed(ctx, l.pressOf(ctx, i, does, stamp)))
}

func (l *listener) pressOf(ctx context.Context, i interaction, does, stamp string) chat.Press {
	in := chat.Direct(l.self.person(i.User.ID))
	if i.Channel.ID != "" {
		in = l.in(ctx, i.User.ID, i.Channel.ID)
	} else if place, ok := l.placeOf(i.View.Private); ok {
		in = place
	}
	return chat.Press{Action: does, By: l.self.person(i.User.ID), In: in, At: l.pressedAt(stamp)}
}

// pressedAt is Slack's time of a press, by which presses are told apart that
// overtake each other; ours if that is far off.
func (l *listener) pressedAt(stamp string) time.Time {
	now := l.o.Now()
	if at := moment(stamp); now.Sub(at).Abs() < time.Minute {
		return at
	}
	return now
}

// shownMessage is what a shortcut is used on.
type shownMessage struct {
	Text        string
	User        string
	TS          string
	Attachments []struct {
		FromURL   string `json:"from_url"`
		TitleLink string `json:"title_link"`
	}
}

// addPapers takes in the papers of a message that somebody points at.
func (l *listener) addPapers(ctx context.Context, i interaction) {
	var m shownMessage
	if err := json.Unmarshal(i.Message, &m); err != nil {
		l.log.Debug("a message is not understood", "err", err)
	}
	text := unmarked(m.Text)
	for _, a := range m.Attachments {
		text += "\n" + unescape.Replace(a.FromURL) + "\n" + unescape.Replace(a.TitleLink)
	}
	ts := i.MessageTS
	if ts == "" {
		ts = m.TS
	}
	answer, err := l.h.Said(ctx, chat.Said{
		Post: chat.Post{Place: l.self.place(i.Channel.ID), ID: ts}, By: l.self.person(i.User.ID), Text: text, Asked: true, At: l.o.Now(),
	})
	if err != nil {
		l.log.Warn("the papers of a message could not be taken in", "place", i.Channel.ID, "err", err)
		answer = chat.Sorry()
	}
	l.answer(ctx, i.asker(), answer)
}
