package discord

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"paperboy/internal/chat"
)

const (
	// missedFor is how far back reactions are read again, and missedPosts on how
	// many posts: one request each, and one for each emoji on it.
	missedFor   = 3 * 24 * time.Hour
	missedPosts = 100
)

// reconcile reads the reactions of recent posts again, for when a session began
// anew: what people did meanwhile, nobody told us.
func (l *listener) reconcile(ctx context.Context) {
	var posts []chat.Post
	l.retry(ctx, func() (err error) {
		posts, err = l.h.Posts(ctx, name, stamp(l.o.Now().Add(-missedFor)), missedPosts)
		return err
	})
	for _, post := range posts {
		l.retry(ctx, func() error {
			err := l.reread(ctx, post)
			if errors.As(err, new(*chat.Refused)) { // the channel is gone, say
				l.log.Debug("reactions can't be read again", "place", post.Channel, "err", err)
				return nil
			}
			return err
		})
	}
}

// reread hands over the reactions that a post has, as if they were new, and then
// that all older ones are gone. In this order no vote is missing in between, and
// what people do meanwhile is newer than both.
func (l *listener) reread(ctx context.Context, post chat.Post) error {
	before, at := l.now(), l.now()
	var m struct{ Reactions []reacted }
	err := l.get(ctx, "/channels/"+post.Channel+"/messages/"+post.ID, &m)
	if codeOf(err) == codeNoMessage {
		return nil
	}
	if err != nil {
		return err
	}
	for _, r := range m.Reactions {
		people, err := l.reactedBy(ctx, post, r)
		if err != nil {
			return err
		}
		for _, who := range people {
			event := chat.Reaction{Post: post, By: person(who), Emoji: foldEmoji(r.Emoji.Name), Standing: true, At: at}
			if err := l.h.Reacted(ctx, event); err != nil {
				return err
			}
		}
	}
	return l.h.Reacted(ctx, chat.Reaction{Post: post, Removed: true, At: before})
}

// reacted is an emoji that is on a message.
type reacted struct {
	Emoji   struct{ ID, Name string }
	Details struct{ Burst int } `json:"count_details"`
}

// reactedBy are the people, no bots, who put an emoji on a post, be it as a super
// reaction, which Discord lists apart.
func (l *listener) reactedBy(ctx context.Context, post chat.Post, r reacted) (people []string, err error) {
	people, err = l.reactedAs(ctx, post, r, normal)
	if err != nil || r.Details.Burst == 0 {
		return people, err
	}
	more, err := l.reactedAs(ctx, post, r, super)
	return append(people, more...), err
}

// The kinds of reactions
// (https://docs.discord.com/developers/resources/message#get-reactions-reaction-types).
const (
	normal = 0
	super  = 1
)

func (l *listener) reactedAs(ctx context.Context, post chat.Post, r reacted, kind int) (people []string, err error) {
	emoji := r.Emoji.Name
	if r.Emoji.ID != "" {
		emoji += ":" + r.Emoji.ID
	}
	for after := "0"; ; {
		var page []user
		path := fmt.Sprintf("/channels/%s/messages/%s/reactions/%s?limit=100&type=%d&after=%s", post.Channel, post.ID, url.PathEscape(emoji), kind, after)
		if err := l.get(ctx, path, &page); err != nil {
			return nil, err
		}
		for _, u := range page {
			if !u.Bot {
				people = append(people, u.ID)
			}
			after = u.ID
		}
		if len(page) < 100 {
			return people, nil
		}
	}
}
