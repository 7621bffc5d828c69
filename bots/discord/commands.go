package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
)

const (
	// verbatim is the subcommand whose text is a line as people type it elsewhere.
	verbatim = "line"
	// elsewhere is the option that says which channel a command is about.
	elsewhere = "channel"
	// paperboy is the command with subcommands, and opening the one that opens a form.
	paperboy = "paperboy"
	opening  = "settings"
	// addCommand is what the menu of a message offers.
	addCommand = "Add to papers"
)

// command is a command as Discord registers it
// (https://docs.discord.com/developers/interactions/application-commands).
type command struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description,omitempty"`
	Options      []slot            `json:"options,omitempty"`
	Permissions  int               `json:"default_member_permissions,omitempty"`
	Integrations []int             `json:"integration_types"`
	Contexts     []int             `json:"contexts"`
}

// slot is an option, or a subcommand with its own.
type slot struct {
	Type         int      `json:"type"`
	Name         string   `json:"name"`
	Description  string   `json:"description"`
	Required     bool     `json:"required,omitempty"`
	Autocomplete bool     `json:"autocomplete,omitempty"`
	Choices      []choice `json:"choices,omitempty"`
	Options      []slot   `json:"options,omitempty"`
	ChannelTypes []int    `json:"channel_types,omitempty"`
	Min          *int     `json:"min_value,omitempty"`
	Max          *int     `json:"max_value,omitempty"`
}

// The kinds of commands and options.
const (
	slashCommand   = 1
	messageCommand = 3
	subcommand     = 1
	ofText         = 3
	ofNumber       = 4
	ofChannel      = 7
)

// Where commands can be used, and who installs the bot.
var (
	anywhere    = []int{0, 1, 2} // in servers, with the bot alone, in other conversations
	whereItIs   = []int{0, 1}
	byAnybody   = []int{0, 1} // for a server or for oneself
	byServers   = []int{0}
	postable    = []int{0, 5, 10, 11, 12, 15} // kinds of channels that take posts
	addCommands = map[string]string{"de": "Zu den Papers hinzufügen", "fr": "Ajouter aux articles", "es-ES": "Añadir a los artículos", "pt-BR": "Adicionar aos artigos", "ja": "論文に追加", "zh-CN": "添加到论文"}
)

// commands are all of them. One that has subcommands can't be used bare, so that
// /papers has one option instead, which is completed while it is typed.
func commands() []command {
	return []command{
		{
			Type: slashCommand, Name: "papers", Description: "Find papers, vote, save: type what you look for, or a command",
			Options:      []slot{{Type: ofText, Name: "ask", Description: "Words to search for, or today, week, top, saved, help …", Autocomplete: true}},
			Integrations: byAnybody, Contexts: anywhere,
		},
		{
			Type: slashCommand, Name: paperboy, Description: "What is posted in this channel, and when",
			Options: subcommands(), Permissions: manageChannels, Integrations: byServers, Contexts: whereItIs,
		},
		{Type: messageCommand, Name: addCommand, Names: addCommands, Integrations: byAnybody, Contexts: anywhere},
	}
}

// subcommands are those of /paperboy. Their options, one after the other, are what
// is typed after the name elsewhere. There is no option for a role: nothing is
// ever mentioned, and who may use a command Discord lets a server decide by role
// itself (Server Settings → Integrations).
func subcommands() []slot {
	return []slot{
		sub("subscribe", "Daily picks on a topic; without one, the best of everything", text("topic", "A topic, which is a search, such as mixture of experts", false, true)),
		sub("unsubscribe", "The same no more", text("topic", "The topic, its number in the list, or all", true, true)),
		sub("list", "The topics followed here"),
		sub("schedule", "When picks are posted", text("when", "Time, days and time zone, such as 09:00 weekdays Europe/Berlin", true, false)),
		sub("count", "How many papers a day", number("papers", "1 to 10", 1, 10)),
		sub("layout", "How picks are laid out", chosen("as", "One paper a message, a thread, or all in one message", true, "posts", "thread", "digest")),
		sub("sources", "Whose lists picks come from", text("from", "Such as arxiv huggingface, or all", true, false)),
		sub("picks", "From today’s lists, or yesterday’s once their votes have settled", chosen("from", "Which lists", true, "fresh", "settled")),
		sub("min-votes", "Only papers with so many votes", number("votes", "At the source and here together", 0, 100_000)),
		sub("cross-lists", "Whether being cross-listed on arXiv is enough", chosen("are", "On or off", true, "on", "off")),
		sub("replacements", "Whether new versions of papers count as news", chosen("are", "On or off", true, "on", "off")),
		sub("pause", "Post nothing for a while", text("until", "Such as until 2026-12-01; without, until resume", false, false)),
		sub("resume", "Post again"),
		sub("preview", "What would be posted now, shown to you alone"),
		sub("why", "Why a paper was picked, or not", text("paper", "A link or an id", true, true)),
		sub("feed", "The picks of this channel as a feed, for who knows its address", text("do", "new makes another address; revoke and a name ends one", false, false)),
		sub("status", "The next and the last post, and what holds them up"),
		sub(opening, "All settings of this channel", chosen("of", "history shows who changed them", false, "history")),
		sub("help", "All commands, and how to search"),
		sub(verbatim, "Any command as it is typed elsewhere", text("text", "Such as count 5", true, false)),
	}
}

func sub(name, description string, options ...slot) slot {
	where := slot{Type: ofChannel, Name: elsewhere, Description: "Another channel than this one", ChannelTypes: postable}
	if name != verbatim {
		options = append(options, where)
	}
	return slot{Type: subcommand, Name: name, Description: description, Options: options}
}

func text(name, description string, required, completed bool) slot {
	return slot{Type: ofText, Name: name, Description: description, Required: required, Autocomplete: completed}
}

func number(name, description string, least, most int) slot {
	return slot{Type: ofNumber, Name: name, Description: description, Required: true, Min: &least, Max: &most}
}

func chosen(name, description string, required bool, from ...string) slot {
	s := slot{Type: ofText, Name: name, Description: description, Required: required}
	for _, f := range from {
		s.Choices = append(s.Choices, choice{f, f})
	}
	return s
}

// register tells Discord the commands, where it does not have them so already: it
// takes few changes a day.
func (l *listener) register(ctx context.Context) {
	l.retry(ctx, func() error {
		self, err := l.whoAmI(ctx)
		if err != nil {
			return err
		}
		path := "/applications/" + self.app + "/commands"
		var there []map[string]any
		if err := l.get(ctx, path+"?with_localizations=true", &there); err != nil {
			return err
		}
		if same(commands(), there) {
			return nil
		}
		l.log.Info("the commands are registered with Discord")
		return l.do(ctx, http.MethodPut, path, commands(), nil)
	})
}

// same reports whether Discord has these commands and no others.
func same(ours []command, there []map[string]any) bool {
	b, err := json.Marshal(ours)
	if err != nil {
		return false
	}
	var want []map[string]any
	if json.Unmarshal(b, &want) != nil || len(want) != len(there) {
		return false
	}
	for _, w := range want {
		found := false
		for _, h := range there {
			found = found || h["name"] == w["name"] && h["type"] == w["type"] && covers(h, w)
		}
		if !found {
			return false
		}
	}
	return true
}

// covers reports whether what Discord has says what we say. It adds numbers and
// defaults of its own, and leaves out what is false.
func covers(has, want any) bool {
	switch w := want.(type) {
	case map[string]any:
		h, ok := has.(map[string]any)
		for key := range w {
			ok = ok && covers(h[key], w[key])
		}
		return ok && (len(w) > 0 || len(h) == 0) && sameChoices(h, w)
	case []any:
		h, _ := has.([]any)
		ok := len(h) == len(w)
		for i := range w {
			ok = ok && covers(h[i], w[i])
		}
		return ok
	}
	// Permissions are a number in what is sent and a text in what comes back.
	return fmt.Sprint(has) == fmt.Sprint(want) || has == nil && reflect.ValueOf(want).IsZero()
}

// sameChoices reports whether an option that we leave bare is bare there.
func sameChoices(has, want map[string]any) bool {
	for _, key := range []string{"options", "choices", "required", "autocomplete", "min_value", "max_value"} {
		h := has[key]
		list, isList := h.([]any)
		if _, ours := want[key]; !ours && h != nil && h != false && (!isList || len(list) > 0) {
			return false
		}
	}
	return true
}
