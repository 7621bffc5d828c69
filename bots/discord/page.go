package discord

import (
	"cmp"
	"context"
	"errors"
	"net/url"

	"paperboy/internal/chat"
)

// privateThread is a thread that only who was asked in can read
// (https://docs.discord.com/developers/resources/channel#channel-object-channel-types).
const privateThread = 12

// Link is where a post stands.
func (d *Discord) Link(p chat.Post) (string, bool) {
	if p.Platform != name || p.Channel == "" || p.ID == "" {
		return "", false
	}
	guild := cmp.Or(p.Space, "@me")
	return "https://discord.com/channels/" + url.PathEscape(guild) + "/" + url.PathEscape(p.Channel) + "/" + url.PathEscape(p.ID), true
}

// account is how Discord names somebody.
type account struct {
	Username string
	Shown    string `json:"global_name"`
}

// PersonName is the name that somebody shows everywhere.
func (d *Discord) PersonName(ctx context.Context, p chat.Person) string {
	a, err := ask[account](ctx, d.people, "/users/"+url.PathEscape(p.ID))
	if err != nil {
		return ""
	}
	return cmp.Or(a.Shown, a.Username)
}

// PlaceName is a channel's name with its #.
func (d *Discord) PlaceName(ctx context.Context, in chat.Place) string {
	c, err := ask[channel](ctx, d.people, "/channels/"+url.PathEscape(in.Channel))
	if err != nil || c.Name == "" {
		return ""
	}
	return "#" + c.Name
}

// Reads is true for who may view a channel. Private threads are left to who manages
// them: Discord does not tell at once who else is in one.
func (d *Discord) Reads(ctx context.Context, by chat.Person, in chat.Place) (bool, error) {
	if who, direct := in.Person(); direct {
		return who == by, nil
	}
	if by.Platform != name || in.Platform != name || in.Space == "" {
		return d.Manages(ctx, by, in)
	}
	c, err := ask[channel](ctx, d.people, "/channels/"+url.PathEscape(in.Channel))
	if err == nil && c.Type == privateThread {
		return d.Manages(ctx, by, in)
	}
	var may uint64
	if err == nil {
		may, err = d.people.permissions(ctx, by.ID, in)
	}
	if errors.As(err, new(*chat.Refused)) { // who is not there reads nothing
		return false, nil
	}
	return may&viewChannel != 0, err
}
