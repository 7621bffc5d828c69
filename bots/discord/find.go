package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"paperboy/internal/chat"
)

const (
	pageOfHistory  = 100 // messages, which is the most that Discord gives
	pagesOfHistory = 20
)

// Find looks through the messages of a channel, or of a thread, from the latest
// back. It needs the permission Read Message History; without, Discord shows an
// empty channel, so that nobody knows, and it says so.
func (d *Discord) Find(ctx context.Context, in chat.Place, m chat.Message, since time.Time) (chat.Post, bool, error) {
	self, err := d.whoAmI(ctx)
	if err != nil || m.Key == "" {
		return chat.Post{}, false, notSent(err)
	}
	channel, err := d.channel(ctx, in)
	if err != nil {
		return chat.Post{}, false, notSent(err)
	}
	search := search{key: m.Key, by: self.user, since: since}
	if m.Under != "" {
		id, ok, err := d.search(ctx, place(in.Space, m.Under), search)
		if code := codeOf(err); ok || err != nil && code != codeNoChannel && code != codeNoAccess {
			return chat.Post{Place: place(in.Space, m.Under), ID: id}, ok, notSent(err)
		}
		// There is no such thread, and replies may stand in the channel.
	}
	id, ok, err := d.search(ctx, place(in.Space, channel), search)
	if err == nil || codeOf(err) != codeNoText && codeOf(err) != codeWrongChannel && !errors.Is(err, errForum) {
		return chat.Post{Place: place(in.Space, channel), ID: id}, ok, notSent(err)
	}
	id, ok, err = d.searchForum(ctx, place(in.Space, channel), search)
	return chat.Post{Place: place(in.Space, id), ID: id}, ok, notSent(err)
}

// errForum is of a channel that has no messages, but posts.
var errForum = errors.New("the channel is a forum")

// search is what to look for.
type search struct {
	key, by string
	since   time.Time
}

// sentMessage is what tells our message.
type sentMessage struct {
	ID         string
	Author     struct{ ID string }
	Components []struct {
		Components []struct {
			CustomID string `json:"custom_id"`
		}
	}
}

func (m sentMessage) has(key string) bool {
	for _, row := range m.Components {
		for _, c := range row.Components {
			if p, ok := read(c.CustomID); ok && !p.form && p.key == key {
				return true
			}
		}
	}
	return false
}

func (d *Discord) search(ctx context.Context, in chat.Place, s search) (id string, ok bool, err error) {
	before := ""
	for range pagesOfHistory {
		path := fmt.Sprintf("/channels/%s/messages?limit=%d", in.Channel, pageOfHistory)
		if before != "" {
			path += "&before=" + before
		}
		var page []sentMessage
		if err := d.get(ctx, path, &page); err != nil {
			return "", false, err
		}
		if len(page) == 0 && before == "" {
			return "", false, d.mayRead(ctx, in)
		}
		for _, m := range page {
			if moment(m.ID).Before(s.since.Truncate(time.Millisecond)) {
				return "", false, nil
			}
			if m.Author.ID == s.by && m.has(s.key) {
				return m.ID, true, nil
			}
			before = m.ID
		}
		if len(page) < pageOfHistory {
			return "", false, nil
		}
	}
	return "", false, errors.New("the history is too long to look through")
}

// mayRead is an error if a channel only looks empty.
func (d *Discord) mayRead(ctx context.Context, in chat.Place) error {
	if in.Space == "" {
		return nil
	}
	if f, err := ask[forum](ctx, d.people, "/channels/"+in.Channel); err != nil || isForum(f.Type) {
		return cmp.Or(err, errForum)
	}
	self, err := d.whoAmI(ctx)
	if err != nil {
		return err
	}
	may, err := d.people.permissions(ctx, self.user, in)
	if err == nil && may&(administrator|readHistory) == 0 {
		err = &chat.Refused{Reason: "Paperboy can't look back in this channel; give it the permission Read Message History"}
	}
	return err
}
