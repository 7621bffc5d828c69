package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"paperboy/internal/chat"
)

// interaction is a command, a press or a line that is being typed: the fields of
// all of them that are needed.
type interaction struct {
	ID      string
	App     string `json:"application_id"`
	Type    int
	Token   string
	Guild   string `json:"guild_id"`
	Channel string `json:"channel_id"`
	Context *int
	Member  *struct {
		User        user
		Permissions string
	}
	User    *user
	Message struct{ Flags int }
	Data    struct {
		Name     string
		Type     int
		Options  []given
		CustomID string `json:"custom_id"`
		Kind     int    `json:"component_type"`
		// Components are those of a modal that was filled in.
		Components []struct {
			Component struct {
				Type     int
				CustomID string `json:"custom_id"`
				Value    string
				Values   []string
			}
		}
		Values   []string
		Target   string `json:"target_id"`
		Resolved struct {
			Messages map[string]message
			Channels map[string]struct{ Permissions string }
		}
	}
}

// given is an option as it was given.
type given struct {
	Name    string
	Type    int
	Value   json.RawMessage
	Options []given
	Focused bool
}

// The kinds of interactions, commands and options.
const (
	isPing     = 1
	isCommand  = 2
	isPress    = 3
	isTyping   = 4
	isSubmit   = 5
	onMessage  = 3
	optionPart = 1 // a subcommand
)

// where interactions happen.
const (
	inBotDM = 1
)

func (i interaction) by() chat.Person {
	switch {
	case i.Member != nil:
		return person(i.Member.User.ID)
	case i.User != nil:
		return person(i.User.ID)
	}
	return chat.Person{}
}

// in is the place of an interaction: a channel, or the conversation with the bot
// alone.
func (i interaction) in() chat.Place {
	if i.Guild == "" && (i.Context == nil || *i.Context == inBotDM) {
		return chat.Direct(i.by())
	}
	return place(i.Guild, i.Channel)
}

// interaction works on one. It comes in a goroutine of the library, so that all
// else is done beside.
func (l *listener) interaction(i interaction) {
	by := i.by()
	if by.ID == "" || i.Type == isPing {
		return
	}
	if i.Member != nil {
		l.people.saw(by.ID, i.Channel, i.Member.Permissions)
	}
	for id, c := range i.Data.Resolved.Channels {
		l.people.saw(by.ID, id, c.Permissions)
	}
	switch {
	case i.Type == isTyping:
		l.beside(func(ctx context.Context) { inSlot(ctx, l.keys, func() { l.typing(ctx, i) }) })
	case i.Type == isCommand && i.Data.Type == onMessage:
		l.answers(i, false, quick, func(ctx context.Context) answer { return answer{Message: l.add(ctx, i)} })
	case i.Type == isCommand:
		c, within := l.command(i), quick
		if c.Name == paperboy && strings.HasPrefix(c.Text, opening) {
			within = formWithin
		}
		l.answers(i, false, within, func(ctx context.Context) answer { return answer{Message: l.h.Command(ctx, c)} })
	case i.Type == isPress:
		l.press(i)
	case i.Type == isSubmit:
		l.answers(i, false, quick, func(ctx context.Context) answer { return l.submitted(ctx, i) })
	default:
		l.log.Debug("an interaction is of an unknown kind", "kind", i.Type)
	}
}

// command is what was typed, as it is typed elsewhere. An option that says where
// moves the command there.
func (l *listener) command(i interaction) chat.Command {
	c := chat.Command{Name: i.Data.Name, By: i.by(), In: i.in(), At: moment(i.ID)}
	options := i.Data.Options
	var words []string
	if len(options) == 1 && options[0].Type == optionPart {
		if options[0].Name != verbatim {
			words = append(words, options[0].Name)
		}
		options = options[0].Options
	}
	for _, o := range options {
		if o.Name == elsewhere {
			c.In = place(i.Guild, o.text())
			continue
		}
		words = append(words, o.text())
	}
	c.Text = strings.Join(words, " ")
	return c
}

// text is the value of an option as it would be typed.
func (g given) text() string {
	var s string
	if json.Unmarshal(g.Value, &s) == nil {
		return s
	}
	return string(g.Value) // a number, or true and false
}

// press works on a press of a button, or a choice from a menu.
func (l *listener) press(i interaction) {
	p, ok := read(i.Data.CustomID)
	if i.Data.Kind == kindMenu && len(i.Data.Values) > 0 {
		p.action = i.Data.Values[0]
	}
	if !ok {
		l.log.Debug("a button is not one of ours")
		p.action = i.Data.CustomID // the core says what to do about it
	}
	if ok && p.form {
		l.answers(i, false, formWithin, func(ctx context.Context) answer { return l.openForm(ctx, i) })
		return
	}
	// What everybody sees is nobody's to turn.
	p.turns = p.turns && (i.Message.Flags&onlyYou != 0 || i.Guild == "")
	l.answers(i, p.turns, quick, func(ctx context.Context) answer {
		return answer{Message: l.h.Pressed(ctx, chat.Press{Action: p.action, By: i.by(), In: i.in(), At: moment(i.ID)})}
	})
}

// add takes in the papers of a message that somebody points at.
func (l *listener) add(ctx context.Context, i interaction) chat.Message {
	m := i.Data.Resolved.Messages[i.Data.Target]
	text := unmarked(m.Content)
	for _, e := range m.Embeds {
		text += "\n" + e.URL + "\n" + e.Title + "\n" + e.Description
	}
	for _, s := range m.Snapshots {
		text += "\n" + unmarked(s.Message.Content)
	}
	answer, err := l.h.Said(ctx, chat.Said{
		Post: chat.Post{Place: place(i.Guild, i.Channel), ID: i.Data.Target}, By: i.by(), Text: text, Asked: true, At: moment(i.ID),
	})
	if err != nil {
		l.log.Warn("the papers of a message could not be taken in", "place", i.Channel, "err", fmt.Sprint(err))
		return chat.Sorry()
	}
	return answer
}

// Limits of what completes a line.
const (
	maxChoices    = 25
	maxChoiceName = 100
)

// choice is one way to go on.
type choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// typing offers how the line that is being typed may go on.
func (l *listener) typing(ctx context.Context, i interaction) {
	choices := []choice{}
	c := l.command(i)
	before := ""
	if len(i.Data.Options) == 1 && i.Data.Options[0].Type == optionPart {
		before = i.Data.Options[0].Name + " " // an option's value is what follows it
	}
	for _, s := range l.h.Complete(ctx, c) {
		label, text := cut(plain(s.Label), maxChoiceName), strings.TrimPrefix(s.Text, before)
		if label != "" && size(text) <= maxChoiceName && len(choices) < maxChoices {
			choices = append(choices, choice{label, text})
		}
	}
	err := l.callback(ctx, i, response{Type: offer, Data: map[string]any{"choices": choices}})
	if err != nil {
		l.log.Debug("suggestions came too late", "err", err)
	}
}
