package discord

import (
	"context"
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
	posts, err := l.h.Posts(ctx, name, stamp(l.o.Now().Add(-missedFor)), missedPosts)
	if err != nil {
		l.log.Warn("reactions that were missed can't be read", "err", err)
		return
	}
	for _, post := range posts {
		if err := l.reread(ctx, post); err != nil && ctx.Err() == nil {
			l.log.Debug("reactions could not be read again", "place", post.Channel, "err", err)
		}
	}
}

// reread hands over the reactions that a post has, as if they were new, and then
// that all older ones are gone. In this order no vote is missing in between, and
// what people do meanwhile is newer than both.
func (l *listener) reread(ctx context.Context, post chat.Post) error {
	before, at := l.now(), l.now()
	var m struct {
		Reactions []struct{ Emoji struct{ ID, Name string } }
	}
	err := l.get(ctx, "/channels/"+post.Channel+"/messages/"+post.ID, &m)
	if codeOf(err) == codeNoMessage {
		return nil
	}
	if err != nil {
		return err
	}
	for _, r := range m.Reactions {
		emoji := r.Emoji.Name
		if r.Emoji.ID != "" {
			emoji += ":" + r.Emoji.ID
		}
		people, err := l.reactedBy(ctx, post, emoji)
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

// reactedBy are the people, no bots, who put an emoji on a post.
func (l *listener) reactedBy(ctx context.Context, post chat.Post, emoji string) (people []string, err error) {
	after := "0"
	for {
		var page []user
		path := fmt.Sprintf("/channels/%s/messages/%s/reactions/%s?limit=100&after=%s", post.Channel, post.ID, url.PathEscape(emoji), after)
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
