package slack

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
)

// scopes are what the app may do, each with what it is for.
var scopes = []struct{ name, use string }{
	{"channels:history", "to notice links in messages, and to look up whether a message arrived"},
	{"channels:join", "to post in public channels that it is not in yet, and to count reactions there"},
	{"channels:read", "to know who is in a channel and who made it"},
	{"chat:write", "to post"},
	{"commands", "for /papers, /paperboy and the shortcuts"},
	{"groups:history", "the same in private channels that it was invited to"},
	{"groups:read", "the same in private channels that it was invited to"},
	{"im:history", "to answer messages to the app itself"},
	{"im:write", "to write to a person who wants picks of their own"},
	{"links:read", "to notice links to papers"},
	{"links:write", "to show links to papers as cards"},
	{"reactions:read", "to count reactions as votes"},
	{"users:read", "to know names, guests and bots"},
}

// events are what Slack tells the app, each with the scopes that allow it.
var events = []struct {
	name   string
	scopes []string
}{
	{"app_home_opened", nil},
	{"app_uninstalled", nil},
	{"channel_archive", []string{"channels:read"}},
	{"channel_deleted", []string{"channels:read"}},
	{"channel_left", []string{"channels:read"}},
	{"channel_unarchive", []string{"channels:read"}},
	{"group_archive", []string{"groups:read"}},
	{"group_deleted", []string{"groups:read"}},
	{"group_left", []string{"groups:read"}},
	{"group_unarchive", []string{"groups:read"}},
	{"link_shared", []string{"links:read"}},
	{"member_joined_channel", []string{"channels:read", "groups:read"}},
	{"message.channels", []string{"channels:history"}},
	{"message.groups", []string{"groups:history"}},
	{"message.im", []string{"im:history"}},
	{"reaction_added", []string{"reactions:read"}},
	{"reaction_removed", []string{"reactions:read"}},
	{"tokens_revoked", nil},
}

// domains are those whose links Slack tells us of; it takes five. Papers of other
// places are taken in as well, but Slack shows no card for them.
var domains = []string{"arxiv.org", "huggingface.co", "openreview.net", "doi.org", "aclanthology.org"}

func scopeNames() (names []string) {
	for _, s := range scopes {
		names = append(names, s.name)
	}
	return names
}

func eventNames() (names []string) {
	for _, e := range events {
		names = append(names, e.name)
	}
	return names
}

// Manifest is the app's manifest: for Socket Mode, or, with the address at which
// Slack reaches this program, for HTTP (https://docs.slack.dev/reference/app-manifest).
func Manifest(address string) (string, error) {
	if u, err := url.Parse(address); address != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return "", errors.New("the address is to look like https://paperboy.example.org: it is where Slack reaches this program")
	}
	base := strings.TrimRight(address, "/")
	request := func(path string, m map[string]any, key string) map[string]any {
		if base != "" {
			m[key] = base + path
		}
		return m
	}
	command := func(name, description, hint string) any {
		return request("/slack/commands", map[string]any{
			"command": name, "description": description, "usage_hint": hint, "should_escape": false,
		}, "url")
	}
	manifest := map[string]any{
		"display_information": map[string]any{
			"name": "Paperboy", "description": "Research papers, where your team already talks", "background_color": "#1d3557",
		},
		"features": map[string]any{
			"app_home": map[string]any{"home_tab_enabled": true, "messages_tab_enabled": true, "messages_tab_read_only_enabled": false},
			"bot_user": map[string]any{"display_name": "Paperboy", "always_online": true},
			"shortcuts": []any{
				map[string]any{"name": "Search papers", "type": "global", "callback_id": searchShortcut, "description": "Search the feed of papers"},
				map[string]any{"name": "Add to papers", "type": "message", "callback_id": addShortcut, "description": "Put the papers of this message into the feed"},
			},
			"slash_commands": []any{
				command("/papers", "Search papers, or today's best", "mixture of experts | today | top week | saved | help"),
				command("/paperboy", "Daily picks in this channel", "subscribe <topic> | schedule | settings | status | help"),
			},
			"unfurl_domains": domains,
		},
		"oauth_config": map[string]any{"scopes": map[string]any{"bot": scopeNames()}},
		"settings": map[string]any{
			"event_subscriptions":    request("/slack/events", map[string]any{"bot_events": eventNames()}, "request_url"),
			"interactivity":          request("/slack/interactions", map[string]any{"is_enabled": true}, "request_url"),
			"org_deploy_enabled":     false,
			"socket_mode_enabled":    base == "",
			"token_rotation_enabled": false,
		},
	}
	b, err := json.MarshalIndent(manifest, "", "  ")
	return string(b), err
}

// lacking are those of want that have does not name.
func lacking(want, have []string) (names []string) {
	for _, w := range want {
		if !slices.Contains(have, w) {
			names = append(names, w)
		}
	}
	return names
}
