package discord

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"net/http"
	"strconv"
	"time"

	"paperboy/internal/chat"
)

// Send posts m. A reply goes into the thread of the message that it is under,
// which is opened if there is none.
func (d *Discord) Send(ctx context.Context, to chat.Place, m chat.Message) (chat.Post, error) {
	channel, err := d.channel(ctx, to)
	if err != nil {
		return chat.Post{}, notSent(err)
	}
	p := render(m)
	p.Nonce, p.Enforce = nonce(channel, m), true
	if d.isForum(channel) {
		return d.inForum(ctx, to.Space, channel, m, p)
	}
	if m.Under != "" {
		thread, err := d.thread(ctx, to, channel, m.Under)
		if err != nil {
			return chat.Post{}, notSent(err)
		}
		if thread != "" {
			return d.post(ctx, to.Space, thread, p)
		}
		p.AnswerTo = &answerTo{Message: m.Under}
	}
	post, err := d.post(ctx, to.Space, channel, p)
	if code := codeOf(err); to.Space != "" && (code == codeNoText || code == codeForum) {
		return d.inForum(ctx, to.Space, channel, m, p)
	}
	return post, err
}

func (d *Discord) post(ctx context.Context, guild, channel string, p payload) (chat.Post, error) {
	var made struct {
		ID      string
		Channel string `json:"channel_id"`
	}
	path := "/channels/" + channel + "/messages"
	if err := d.do(ctx, http.MethodPost, path, p, &made); err != nil {
		return chat.Post{}, err
	}
	if made.ID == "" {
		return chat.Post{}, &chat.Unsure{Err: errors.New("the answer does not name the message")}
	}
	return chat.Post{Place: place(guild, cmp.Or(made.Channel, channel)), ID: made.ID}, nil
}

// Edit puts m in the place of a post.
func (d *Discord) Edit(ctx context.Context, post chat.Post, m chat.Message) error {
	channel, err := d.channel(ctx, post.Place)
	if err != nil {
		return notSent(err)
	}
	path := "/channels/" + channel + "/messages/" + post.ID
	return d.do(ctx, http.MethodPatch, path, render(m), nil)
}

// nonce has Discord answer a repetition, for some minutes, with the message that
// is there already.
func nonce(channel string, m chat.Message) string {
	if m.Key == "" {
		return rand.Text()[:25]
	}
	sum := sha256.Sum256([]byte(channel + "\x00" + m.Under + "\x00" + m.Key))
	return base32.StdEncoding.EncodeToString(sum[:])[:25]
}

// channel is the channel that a place is.
func (d *Discord) channel(ctx context.Context, p chat.Place) (string, error) {
	if p.Platform != name {
		return "", &chat.Refused{Reason: "this is no place on Discord", Gone: true}
	}
	if who, ok := p.Person(); ok {
		return d.direct(ctx, who.ID)
	}
	if !isID(p.Channel) {
		return "", &chat.Refused{Reason: "this is no channel on Discord", Gone: true}
	}
	return p.Channel, nil
}

// direct is the conversation with a person alone.
func (d *Discord) direct(ctx context.Context, user string) (string, error) {
	d.mu.Lock()
	channel, ok := d.dms[user]
	d.mu.Unlock()
	if ok {
		return channel, nil
	}
	var made struct{ ID string }
	const path = "/users/@me/channels"
	err := d.do(ctx, http.MethodPost, path, map[string]string{"recipient_id": user}, &made)
	if err != nil {
		return "", err
	}
	d.knowDirect(user, made.ID)
	return made.ID, nil
}

func (d *Discord) knowDirect(user, channel string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dms[user] = channel
}

// archiveAfter is when Discord folds a thread away in which nobody writes, in
// minutes: a day.
const archiveAfter = 1440

// Codes of Discord's for what stands in the way of a thread.
const (
	codeNoChannel     = 10003
	codeNoMessage     = 10008
	codeNoAccess      = 50001
	codeNoPermission  = 50013
	codeNoText        = 50008
	codeWrongChannel  = 50024
	codeForum         = 40058
	codeThreadThere   = 160004
	codeAnsweredTwice = 40060
)

// thread is the thread of a message, which has the message's number; "" where
// there can be none, such as in a conversation or within a thread. Asking for it
// twice does no harm.
func (d *Discord) thread(ctx context.Context, in chat.Place, channel, under string) (string, error) {
	if in.Space == "" {
		return "", nil
	}
	path := "/channels/" + channel + "/messages/" + under + "/threads"
	err := d.do(ctx, http.MethodPost, path, map[string]any{"name": threadName(under), "auto_archive_duration": archiveAfter}, nil)
	switch codeOf(err) {
	case codeThreadThere:
		return under, nil
	case codeNoMessage, codeWrongChannel, codeNoAccess, codeNoPermission:
		d.log.Debug("a thread could not be opened, so that replies stand in the channel", "place", channel, "err", err)
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return under, nil
}

// threadName is the name of the thread below a message: of the day it is from.
func threadName(message string) string {
	return "Papers of " + moment(message).UTC().Format("2 January 2006")
}

// epoch is when Discord's numbers begin, in milliseconds.
const epoch = 1420070400000

// moment is when something with such a number was made.
func moment(id string) time.Time {
	n, _ := strconv.ParseUint(id, 10, 64)
	return time.UnixMilli(int64(n>>22) + epoch)
}

// stamp is the smallest number of that moment.
func stamp(t time.Time) string {
	return strconv.FormatInt(max(t.UnixMilli()-epoch, 0)<<22, 10)
}
