package discord

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"paperboy/internal/chat"
)

const (
	kindForum = 15
	kindMedia = 16 // a forum of pictures

	maxTags     = 5
	maxPostName = 100

	// wantsTag is the flag of a forum whose posts must have one.
	wantsTag = 1 << 4
)

// forum is a channel in which every post is a thread.
type forum struct {
	Type  int
	Flags int
	Tags  []struct{ ID, Name string } `json:"available_tags"`
}

// forumPost is a thread with what stands at its beginning. It takes no nonce.
type forumPost struct {
	Name    string   `json:"name"`
	Archive int      `json:"auto_archive_duration"`
	Tags    []string `json:"applied_tags"`
	Message payload  `json:"message"`
}

func isForum(kind int) bool { return kind == kindForum || kind == kindMedia }

func (d *Discord) isForum(channel string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.forums[channel]
}

func (d *Discord) knowForum(channel string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forums[channel] = true
}

// inForum makes what Discord did not take as a message a post of a forum, or a
// reply in one.
func (d *Discord) inForum(ctx context.Context, guild, channel string, m chat.Message, p payload) (chat.Post, error) {
	if m.Under != "" {
		p.AnswerTo = nil
		return d.post(ctx, guild, m.Under, p)
	}
	f, err := ask[forum](ctx, d.people, "/channels/"+channel)
	if err != nil {
		return chat.Post{}, notSent(err)
	}
	if !isForum(f.Type) {
		return chat.Post{}, &chat.Refused{Reason: gone[codeNoText], Gone: true}
	}
	d.knowForum(channel)
	p.Nonce, p.Enforce, p.AnswerTo = "", false, nil
	var made struct{ ID string }
	path := "/channels/" + channel + "/threads"
	err = d.do(ctx, http.MethodPost, path, forumPost{postName(m), archiveAfter, f.tags(m), p}, &made)
	if err != nil {
		return chat.Post{}, err
	}
	if made.ID == "" {
		return chat.Post{}, &chat.Unsure{Err: errors.New("the answer does not name the post")}
	}
	return chat.Post{Place: place(guild, made.ID), ID: made.ID}, nil
}

// postName is the title of a paper, or how a message begins.
func postName(m chat.Message) string {
	t := m.Text
	if len(m.Cards) == 1 {
		t = m.Cards[0].Title
	}
	first, _, _ := strings.Cut(strings.TrimSpace(chat.Harmless(t.String())), "\n")
	return cmp.Or(cut(plain(first), maxPostName), "Papers")
}

// tags are those of the forum's that are topics of the papers, or the first one
// where a post must have one.
func (f forum) tags(m chat.Message) []string {
	ids := []string{}
	for _, tag := range f.Tags {
		for _, c := range m.Cards {
			about := slices.ContainsFunc(c.Topics, func(t string) bool { return strings.EqualFold(t, tag.Name) })
			if about && len(ids) < maxTags {
				ids = append(ids, tag.ID)
				break
			}
		}
	}
	if len(ids) == 0 && f.Flags&wantsTag != 0 && len(f.Tags) > 0 {
		ids = append(ids, f.Tags[0].ID)
	}
	return ids
}

// thread is one of a forum's posts.
type thread struct {
	ID     string
	Parent string `json:"parent_id"`
}

// searchForum looks at the beginnings of a forum's latest posts, those that
// somebody has closed among them: they take no nonce, so that this alone tells
// whether one was made.
func (d *Discord) searchForum(ctx context.Context, in chat.Place, s search) (id string, ok bool, err error) {
	for _, path := range []string{"/guilds/" + in.Space + "/threads/active", "/channels/" + in.Channel + "/threads/archived/public?limit=100"} {
		var page struct{ Threads []thread }
		if err := d.get(ctx, path, &page); err != nil {
			return "", false, err
		}
		for _, t := range page.Threads {
			if t.Parent != in.Channel || moment(t.ID).Before(s.since.Truncate(time.Millisecond)) {
				continue
			}
			if ok, err := d.begins(ctx, t.ID, s); ok || err != nil {
				return t.ID, ok, err
			}
		}
	}
	return "", false, nil
}

// begins reports whether a post begins with what is looked for.
func (d *Discord) begins(ctx context.Context, post string, s search) (bool, error) {
	var m sentMessage
	err := d.get(ctx, "/channels/"+post+"/messages/"+post, &m)
	if code := codeOf(err); code == codeNoMessage || code == codeNoChannel {
		return false, nil
	}
	return err == nil && m.Author.ID == s.by && m.has(s.key), err
}
