package discord

import (
	"context"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"paperboy/internal/chat"
)

// Permissions (https://docs.discord.com/developers/topics/permissions).
const (
	administrator  = 1 << 3
	manageChannels = 1 << 4
	manageGuild    = 1 << 5
	addReactions   = 1 << 6
	viewChannel    = 1 << 10
	sendMessages   = 1 << 11
	embedLinks     = 1 << 14
	readHistory    = 1 << 16
	publicThreads  = 1 << 35
	threadMessages = 1 << 38

	everything = 1<<53 - 1
	// deciding are those of who may decide what is posted in a channel.
	deciding = administrator | manageGuild | manageChannels
)

const (
	peopleKept = 5 * time.Minute
	peopleMax  = 10_000
)

// people are what is known of members and their permissions, for some minutes.
type people struct {
	discord *Discord

	mu    sync.Mutex // guards what follows
	known map[question]known
	may   map[[2]string]may // what a person may do in a channel, as Discord said
}

// question is what an answer is to: some paths are read for several things.
type question struct {
	path string
	as   reflect.Type
}

// known is an answer of Discord's.
type known struct {
	answer any
	until  time.Time
}

type may struct {
	permissions uint64
	until       time.Time
}

func newPeople(d *Discord) *people {
	return &people{discord: d, known: map[question]known{}, may: map[[2]string]may{}}
}

// guild, channel and member are what permissions are made of.
type guild struct {
	ID    string
	Name  string
	Owner string `json:"owner_id"`
	Roles []struct {
		ID          string
		Permissions string
	}
}

type channel struct {
	ID         string
	Name       string
	Type       int
	Guild      string `json:"guild_id"`
	Parent     string `json:"parent_id"`
	Overwrites []struct {
		ID          string
		Allow, Deny string
	} `json:"permission_overwrites"`
}

type member struct{ Roles []string }

// ask is Discord's answer to a path, which may be some minutes old.
func ask[A any](ctx context.Context, p *people, path string) (A, error) {
	now, q := p.discord.o.Now(), question{path, reflect.TypeFor[A]()}
	p.mu.Lock()
	k, ok := p.known[q]
	p.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.answer.(A), nil
	}
	var a A
	if err := p.discord.get(ctx, path, &a); err != nil {
		return a, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= peopleMax {
		clear(p.known)
	}
	p.known[q] = known{a, now.Add(peopleKept)}
	return a, nil
}

// saw remembers what Discord says somebody may do in a channel.
func (p *people) saw(user, channel, permissions string) {
	n, err := strconv.ParseUint(permissions, 10, 64)
	if err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.may) >= peopleMax {
		clear(p.may)
	}
	p.may[[2]string{user, channel}] = may{n, p.discord.o.Now().Add(peopleKept)}
}

// permissions are what somebody may do in a channel of a guild.
func (p *people) permissions(ctx context.Context, user string, in chat.Place) (uint64, error) {
	p.mu.Lock()
	m, ok := p.may[[2]string{user, in.Channel}]
	p.mu.Unlock()
	if ok && p.discord.o.Now().Before(m.until) {
		return m.permissions, nil
	}
	c, err := ask[channel](ctx, p, "/channels/"+in.Channel)
	if err != nil {
		return 0, err
	}
	if c.Guild != in.Space {
		return 0, nil
	}
	if isThread(c.Type) && c.Parent != "" {
		if c, err = ask[channel](ctx, p, "/channels/"+c.Parent); err != nil {
			return 0, err
		}
	}
	return p.within(ctx, user, c)
}

// within is what somebody may do in a channel that is known.
func (p *people) within(ctx context.Context, user string, c channel) (uint64, error) {
	g, err := ask[guild](ctx, p, "/guilds/"+c.Guild)
	if err != nil {
		return 0, err
	}
	who, err := ask[member](ctx, p, "/guilds/"+c.Guild+"/members/"+user)
	if err != nil {
		return 0, err
	}
	return allowed(g, c, who, user), nil
}

// forget drops what is known of a channel, or of all of a guild.
func (p *people) forget(guild, channel string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.may)
	for q := range p.known {
		about := strings.HasPrefix(q.path, "/guilds/"+guild)
		if channel != "" {
			about = q.path == "/guilds/"+guild+"/channels" || q.path == "/channels/"+channel
		}
		if about {
			delete(p.known, q)
		}
	}
}

func isThread(kind int) bool { return kind >= 10 && kind <= 12 }

// allowed is what a member may do in a channel
// (https://docs.discord.com/developers/topics/permissions#permission-overwrites).
func allowed(g guild, c channel, m member, user string) uint64 {
	if g.Owner == user {
		return everything
	}
	has := map[string]bool{g.ID: true} // the role of everyone has the guild's number
	for _, r := range m.Roles {
		has[r] = true
	}
	var may uint64
	for _, r := range g.Roles {
		if has[r.ID] {
			may |= bits(r.Permissions)
		}
	}
	if may&administrator != 0 {
		return everything
	}
	return c.overwrite(may, g.ID, user, has)
}

// overwrite applies what a channel has of its own: for everyone, for roles, for
// the person.
func (c channel) overwrite(may uint64, everyone, user string, has map[string]bool) uint64 {
	var allow, deny, own, denied uint64
	for _, o := range c.Overwrites {
		switch {
		case o.ID == everyone:
			may = may&^bits(o.Deny) | bits(o.Allow)
		case o.ID == user:
			own, denied = bits(o.Allow), bits(o.Deny)
		case has[o.ID]:
			allow, deny = allow|bits(o.Allow), deny|bits(o.Deny)
		}
	}
	may = may&^deny | allow
	return may&^denied | own
}

func bits(s string) uint64 {
	n, _ := strconv.ParseUint(s, 10, 64)
	return n
}

// Manages is true for who may manage a channel or its guild. Alone with the bot,
// everybody may.
func (d *Discord) Manages(ctx context.Context, by chat.Person, in chat.Place) (bool, error) {
	if who, direct := in.Person(); direct {
		return who == by, nil
	}
	if by.Platform != name || in.Platform != name {
		return false, nil
	}
	if in.Space == "" {
		dm, err := d.direct(ctx, by.ID)
		if errors.As(err, new(*chat.Refused)) { // a conversation of others
			return false, nil
		}
		return dm == in.Channel, err
	}
	may, err := d.people.permissions(ctx, by.ID, in)
	if errors.As(err, new(*chat.Refused)) { // who is not there decides nothing
		return false, nil
	}
	return may&deciding != 0, err
}
