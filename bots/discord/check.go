package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"paperboy/internal/chat"
)

// Finding is what a check of the bot came to: what is fine, or what is wrong and
// what to do.
type Finding struct {
	Fine   string
	Wrong  string
	Advice string
}

// permission is one that the bot needs.
type permission struct {
	bit  uint64
	name string
}

// always are the permissions that are used in any case.
var always = []permission{
	{viewChannel, "View Channels"}, {sendMessages, "Send Messages"}, {embedLinks, "Embed Links"}, {readHistory, "Read Message History"},
	{publicThreads, "Create Public Threads"}, {threadMessages, "Send Messages in Threads"},
}

// needed are the permissions that are used, and no others.
func (d *Discord) needed() []permission {
	if d.o.Acknowledge {
		return append(slices.Clone(always), permission{addReactions, "Add Reactions"})
	}
	return always
}

// Invite is the link by which somebody who manages a server adds the bot to it.
func (d *Discord) Invite(ctx context.Context) (string, error) {
	self, err := d.whoAmI(ctx)
	if err != nil {
		return "", errors.New(sentence(err))
	}
	var all uint64
	for _, n := range d.needed() {
		all |= n.bit
	}
	return fmt.Sprintf("https://discord.com/oauth2/authorize?client_id=%s&scope=bot+applications.commands&permissions=%d", self.app, all), nil
}

// Flags of an application that has the message content intent; the second one is
// of bots in fewer than 100 servers.
const (
	contentIntent        = 1 << 18
	contentIntentLimited = 1 << 19
)

// guildsChecked is in how many servers doctor looks.
const guildsChecked = 20

// Check looks at the token, the intents, and what the bot may do in each channel.
func (d *Discord) Check(ctx context.Context) []Finding {
	var app struct {
		Name  string
		Flags int
	}
	if err := d.get(ctx, "/applications/@me", &app); err != nil {
		return []Finding{{Wrong: "the bot token does not work: " + sentence(err), Advice: "Copy it anew from Bot → Reset Token into DISCORD_BOT_TOKEN."}}
	}
	all := []Finding{{Fine: "connected as " + plain(app.Name)}, d.checkIntents(app.Flags), d.checkStarts(ctx)}
	var guilds []guild
	if err := d.get(ctx, fmt.Sprintf("/users/@me/guilds?limit=%d", guildsChecked), &guilds); err != nil {
		return append(all, Finding{Wrong: "the servers can't be listed: " + sentence(err), Advice: "Try again in a minute."})
	}
	if len(guilds) == 0 {
		return append(all, Finding{Wrong: "the bot is in no server yet", Advice: "Open the link that paperboy invite discord prints."})
	}
	for _, g := range guilds {
		all = append(all, d.checkGuild(ctx, g))
	}
	return all
}

func (d *Discord) checkIntents(flags int) Finding {
	const advice = "Switch on Bot → Message Content Intent at https://discord.com/developers/applications, or switch off DISCORD_READ_MESSAGES."
	switch {
	case !d.o.Words:
		return Finding{Fine: "no privileged intent is needed; links that people paste are not read, since DISCORD_READ_MESSAGES is off"}
	case flags&(contentIntent|contentIntentLimited) == 0:
		return Finding{Wrong: "the message content intent is missing, which DISCORD_READ_MESSAGES needs", Advice: advice}
	}
	return Finding{Fine: "the message content intent is granted"}
}

func (d *Discord) checkStarts(ctx context.Context) Finding {
	var way entrance
	switch err := d.get(ctx, "/gateway/bot", &way); {
	case err != nil:
		return Finding{Wrong: "the gateway can't be found: " + sentence(err), Advice: "Check the network and the proxy of this machine."}
	case way.Limit.Remaining == 0 && way.Limit.ResetAfter > 0:
		return Finding{Wrong: "the bot has begun as many sessions today as Discord allows", Advice: "Is it being restarted all the time? Connecting goes on by itself when the limit is reset."}
	}
	return Finding{Fine: fmt.Sprintf("the gateway is there: %d connections are recommended, %d more may begin today", way.Shards, way.Limit.Remaining)}
}

// checkGuild names the channels in which something is missing.
func (d *Discord) checkGuild(ctx context.Context, g guild) Finding {
	server := "the server " + plain(g.Name)
	lacking, total, err := d.lacking(ctx, g.ID)
	switch {
	case err != nil:
		return Finding{Wrong: server + " can't be looked at: " + sentence(err), Advice: "Add the bot again by the link that paperboy invite discord prints."}
	case len(lacking) == 0:
		return Finding{Fine: fmt.Sprintf("in %s Paperboy may post in all %d channels", server, total)}
	case len(lacking) == total:
		return Finding{Wrong: fmt.Sprintf("in no channel of %s Paperboy may do all it needs: %s", server, strings.Join(lacking, "; ")), Advice: "Give its role the permissions, or add it again by the link that paperboy invite discord prints."}
	}
	return Finding{Fine: fmt.Sprintf("in %s Paperboy may post in %d of %d channels; elsewhere it lacks permissions: %s", server, total-len(lacking), total, strings.Join(lacking, "; "))}
}

// lacking tells of the channels of a guild in which permissions are missing.
func (d *Discord) lacking(ctx context.Context, id string) (lacking []string, total int, err error) {
	self, err := d.whoAmI(ctx)
	if err != nil {
		return nil, 0, err
	}
	g, err := ask[guild](ctx, d.people, "/guilds/"+id)
	if err != nil {
		return nil, 0, err
	}
	me, err := ask[member](ctx, d.people, "/guilds/"+id+"/members/"+self.user)
	if err != nil {
		return nil, 0, err
	}
	all, err := ask[[]channel](ctx, d.people, "/guilds/"+id+"/channels")
	for _, c := range all {
		if !postableKind(c.Type) {
			continue
		}
		total++
		if missing := d.missing(allowed(g, c, me, self.user)); missing != "" {
			lacking = append(lacking, "#"+plain(c.Name)+" ("+missing+")")
		}
	}
	return lacking, total, err
}

// missing names the needed permissions that may lacks.
func (d *Discord) missing(may uint64) string {
	var missing []string
	for _, n := range d.needed() {
		if may&n.bit == 0 {
			missing = append(missing, n.name)
		}
	}
	return strings.Join(missing, ", ")
}

// sentence is an error of Discord's for people.
func sentence(err error) string {
	if refused, ok := errors.AsType[*chat.Refused](err); ok {
		return refused.Reason
	}
	if errors.As(err, new(*chat.Throttled)) {
		return "Discord asks to go slower; try again in a minute"
	}
	return err.Error()
}
